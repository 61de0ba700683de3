//! What sync sends down, by rising `seq`: records of some units, records that left them, verdicts.

use std::collections::BTreeSet;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};
use sync_core::id::{DeviceId, RecordId};

use super::StoreError;
use super::log::{change_hash, park_reason, record_id};
use crate::store::record::{FeedEntry, FeedScope, LoggedRuling, State};

/// Entries after `after` in the scope, in order, at most `limit`. Work is by what is new: one
/// index probe for each unit, then the entries themselves.
pub(super) fn entries(
    conn: &Connection,
    scope: &FeedScope,
    after: u64,
    limit: usize,
) -> Result<Vec<FeedEntry>, StoreError> {
    let mut entries = Vec::new();
    let kinds = scope
        .kinds
        .as_ref()
        .map(|kinds| format!("AND kind IN ({})", marks(kinds.len())));
    let kinds_sql = kinds.as_deref().unwrap_or_default();
    let changed = format!(
        "SELECT id, seq, entered FROM record WHERE unit = ? AND seq > ? {kinds_sql} ORDER BY seq LIMIT {limit}"
    );
    let gone = format!(
        "SELECT record, seq FROM gone WHERE unit = ? AND seq > ? {kinds_sql} ORDER BY seq LIMIT {limit}"
    );
    let mut changed = conn.prepare_cached(&changed)?;
    let mut gone = conn.prepare_cached(&gone)?;
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    for unit in &scope.units {
        let mut values = vec![Value::Blob(unit.bytes().to_vec()), Value::Integer(after)];
        values.extend(scope.kinds.iter().flatten().map(|kind| Value::Text(kind.clone())));
        let mut rows = changed.query(params_from_iter(values.iter()))?;
        while let Some(row) = rows.next()? {
            let record = record_id(&row.get::<_, Vec<u8>>(0)?)?;
            entries.push(FeedEntry::Changed {
                record,
                seq: row.get(1)?,
                entered: row.get(2)?,
            });
        }
        let mut rows = gone.query(params_from_iter(values.iter()))?;
        while let Some(row) = rows.next()? {
            entries.push(FeedEntry::Gone {
                record: record_id(&row.get::<_, Vec<u8>>(0)?)?,
                seq: row.get(1)?,
            });
        }
    }
    entries.sort_by_key(FeedEntry::seq);
    entries.truncate(limit);
    Ok(entries)
}

fn marks(count: usize) -> String {
    vec!["?"; count].join(", ")
}

/// True if the record belongs to the scope now.
pub(super) fn holds(conn: &Connection, scope: &FeedScope, record: RecordId) -> Result<bool, StoreError> {
    Ok(lies(conn, record)?.is_some_and(|place| is_in(scope, &place)))
}

/// Those of `records` that belong to some unit, and to none of `scopes`.
pub(super) fn outside(
    conn: &Connection,
    scopes: &[FeedScope],
    records: &BTreeSet<RecordId>,
) -> Result<Vec<RecordId>, StoreError> {
    let mut found = Vec::new();
    for record in records {
        if lies(conn, *record)?.is_some_and(|place| !scopes.iter().any(|scope| is_in(scope, &place))) {
            found.push(*record);
        }
    }
    Ok(found)
}

/// The unit and kind of a record that says where it belongs.
fn lies(conn: &Connection, record: RecordId) -> Result<Option<(Vec<u8>, String)>, StoreError> {
    let sql = "SELECT unit, kind FROM record WHERE id = ?1 AND unit IS NOT NULL";
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_row([record.bytes()], |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(found.optional()?)
}

fn is_in(scope: &FeedScope, (unit, kind): &(Vec<u8>, String)) -> bool {
    scope.units.iter().any(|known| known.bytes().as_slice() == unit)
        && scope.kinds.as_ref().is_none_or(|kinds| kinds.contains(kind))
}

/// Verdicts for a device after `after`.
pub(super) fn rulings(
    conn: &Connection,
    device: DeviceId,
    after: u64,
    limit: usize,
) -> Result<Vec<LoggedRuling>, StoreError> {
    let sql =
        "SELECT seq, record, hash, reason FROM ruling WHERE device = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
    let mut statement = conn.prepare_cached(sql)?;
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let mut rows = statement.query(params![device.bytes(), after, limit])?;
    let mut rulings = Vec::new();
    while let Some(row) = rows.next()? {
        let reason: Option<String> = row.get(3)?;
        rulings.push(LoggedRuling {
            seq: row.get(0)?,
            record: record_id(&row.get::<_, Vec<u8>>(1)?)?,
            change: change_hash(&row.get::<_, Vec<u8>>(2)?)?,
            became: match reason.as_deref() {
                None => State::Applied,
                Some(replaced) if replaced == State::Superseded.name() => State::Superseded,
                Some(reason) => State::Parked(park_reason(reason)?),
            },
        });
    }
    Ok(rulings)
}
