//! Table `session`.

use rusqlite::{OptionalExtension, params};
use sync_core::id::{Digest32, UserId};

use super::{SqliteStore, StoreError, append_audit, millis, odd, user};
use crate::audit::AuditEntry;
use crate::clock::moment;
use crate::store::{NewSession, Session, SessionStore};

impl SessionStore for SqliteStore {
    fn open_session(&self, new: &NewSession, audit: AuditEntry) -> Result<(), StoreError> {
        self.write(|tx| {
            let now = millis(audit.at);
            tx.execute("DELETE FROM session WHERE expires_at <= ?1", [now])?;
            tx.execute(
                "INSERT INTO session (hash, user, created_at, expires_at) VALUES (?1, ?2, ?3, ?4)",
                params![new.hash.0, new.user.bytes(), now, millis(new.expires_at)],
            )?;
            tx.execute(
                "UPDATE user SET failures = 0, wait_until = NULL WHERE id = ?1",
                [new.user.bytes()],
            )?;
            append_audit(tx, &audit)
        })
    }

    fn session(&self, hash: Digest32) -> Result<Option<Session>, StoreError> {
        self.read(|conn| {
            let found: Option<(Vec<u8>, i64)> = conn
                .prepare_cached("SELECT user, expires_at FROM session WHERE hash = ?1")?
                .query_row([hash.0], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let Some((id, expires_at)) = found else {
                return Ok(None);
            };
            let id = UserId::from_slice(&id).ok_or_else(|| odd("user id"))?;
            let user = user::user(conn, id)?.ok_or_else(|| odd("user"))?;
            Ok(Some(Session {
                hash,
                user,
                expires_at: moment(expires_at),
            }))
        })
    }

    fn close_session(&self, hash: Digest32, audit: AuditEntry) -> Result<(), StoreError> {
        self.write(|tx| {
            if tx.execute("DELETE FROM session WHERE hash = ?1", [hash.0])? == 1 {
                append_audit(tx, &audit)?;
            }
            Ok(())
        })
    }
}
