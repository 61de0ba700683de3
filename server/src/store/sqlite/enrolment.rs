//! Tables `enrolment` and `token`: how a device comes in and how it is known again.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sync_core::id::{DeviceId, Digest32, UserId};

use super::{StoreError, device, millis, odd, user};
use crate::clock::moment;
use crate::store::{Enrolment, NewEnrolment, OpenEnrolment, TokenHolder};

/// Keeps a code unless its selector is taken by one that is still good.
pub(super) fn insert(tx: &Transaction<'_>, new: &NewEnrolment, at_ms: i64) -> Result<bool, StoreError> {
    let added = tx.execute(
        "INSERT INTO enrolment (selector, code, user, created_at, expires_at)
         SELECT ?1, ?2, ?3, ?4, ?5
         WHERE NOT EXISTS (SELECT 1 FROM enrolment WHERE selector = ?1 AND expires_at > ?4)",
        params![
            new.selector,
            new.code.0,
            new.user.bytes(),
            at_ms,
            millis(new.expires_at)
        ],
    )?;
    Ok(added == 1)
}

/// The newest code with that selector.
pub(super) fn newest(conn: &Connection, selector: &str) -> Result<Option<Enrolment>, StoreError> {
    type Raw = (Vec<u8>, Vec<u8>, i64, Option<Vec<u8>>, u32, Option<i64>);
    let raw: Option<Raw> = conn
        .prepare_cached(
            "SELECT code, user, expires_at, device, failures, wait_until
             FROM enrolment WHERE selector = ?1 ORDER BY id DESC LIMIT 1",
        )?
        .query_row([selector], |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
                row.get(5)?,
            ))
        })
        .optional()?;
    let Some((code, holder, expires_at, used_by, failures, wait_until)) = raw else {
        return Ok(None);
    };
    let holder = UserId::from_slice(&holder).ok_or_else(|| odd("user id"))?;
    let device = used_by
        .map(|id| DeviceId::from_slice(&id).ok_or_else(|| odd("device id")))
        .transpose()?
        .map(|id| device::device(conn, id)?.ok_or_else(|| odd("device")))
        .transpose()?;
    let answered = device
        .as_ref()
        .map_or(Ok(false), |device| has_shown_token(conn, device.id))?;
    Ok(Some(Enrolment {
        selector: selector.to_owned(),
        code: Digest32::from_slice(&code).ok_or_else(|| odd("code"))?,
        user: user::user(conn, holder)?.ok_or_else(|| odd("user"))?,
        expires_at: moment(expires_at),
        device,
        answered,
        failures,
        wait_until: wait_until.map(moment),
    }))
}

/// Codes of a person that are good and not used.
pub(super) fn open(conn: &Connection, user: UserId, now_ms: i64) -> Result<Vec<OpenEnrolment>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT id, created_at, expires_at, failures FROM enrolment
         WHERE user = ?1 AND device IS NULL AND expires_at > ?2 ORDER BY id",
    )?;
    let rows = statement.query_map(params![user.bytes(), now_ms], |row| {
        Ok(OpenEnrolment {
            id: row.get(0)?,
            created_at: moment(row.get(1)?),
            expires_at: moment(row.get(2)?),
            failures: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Ends an open code now; false if there is none of that number.
pub(super) fn cancel(tx: &Transaction<'_>, user: UserId, id: i64, now_ms: i64) -> Result<bool, StoreError> {
    let ended = tx.execute(
        "UPDATE enrolment SET expires_at = ?3 WHERE id = ?1 AND user = ?2 AND device IS NULL AND expires_at > ?3",
        params![id, user.bytes(), now_ms],
    )?;
    Ok(ended == 1)
}

/// Notes which device used the code.
pub(super) fn use_up(tx: &Transaction<'_>, selector: &str, device: DeviceId) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE enrolment SET device = ?2 WHERE id = (SELECT max(id) FROM enrolment WHERE selector = ?1)",
        params![selector, device.bytes()],
    )?;
    Ok(())
}

/// Counts a wrong code.
pub(super) fn count_failure(
    tx: &Transaction<'_>,
    selector: &str,
    wait_until: Option<Timestamp>,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE enrolment SET failures = failures + 1, wait_until = coalesce(?2, wait_until)
         WHERE id = (SELECT max(id) FROM enrolment WHERE selector = ?1)",
        params![selector, wait_until.map(millis)],
    )?;
    Ok(())
}

/// Gives a device one more token.
pub(super) fn insert_token(
    tx: &Transaction<'_>,
    device: DeviceId,
    hash: Digest32,
    at_ms: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO token (hash, device, created_at) VALUES (?1, ?2, ?3)",
        params![hash.0, device.bytes(), at_ms],
    )?;
    Ok(())
}

/// Whose that token is.
pub(super) fn holder(conn: &Connection, hash: Digest32) -> Result<Option<TokenHolder>, StoreError> {
    let found: Option<(Vec<u8>, bool)> = conn
        .prepare_cached("SELECT device, used_at IS NULL FROM token WHERE hash = ?1")?
        .query_row([hash.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((id, first_time)) = found else {
        return Ok(None);
    };
    let id = DeviceId::from_slice(&id).ok_or_else(|| odd("device id"))?;
    let device = device::device(conn, id)?.ok_or_else(|| odd("device"))?;
    let user = user::user(conn, device.user)?.ok_or_else(|| odd("holder"))?;
    Ok(Some(TokenHolder {
        device,
        user,
        first_time,
    }))
}

/// Notes the first use of a token; false if it was used before.
pub(super) fn mark_used(tx: &Transaction<'_>, hash: Digest32, at_ms: i64) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE token SET used_at = ?2 WHERE hash = ?1 AND used_at IS NULL",
        params![hash.0, at_ms],
    )?;
    Ok(changed == 1)
}

fn has_shown_token(conn: &Connection, device: DeviceId) -> Result<bool, StoreError> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM token WHERE device = ?1 AND used_at IS NOT NULL)")?
        .query_row([device.bytes()], |row| row.get(0))?)
}
