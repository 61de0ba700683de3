//! Table `meta`: identity and keys of the register.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sync_core::id::ProjectId;

use super::{SqliteStore, StoreError, append_audit, odd};
use crate::access::Keys;
use crate::audit::{Action, Actor, AuditEntry};
use crate::store::MetaStore;

impl SqliteStore {
    /// Makes identity and keys if this is the first start.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn found(&self, fresh: &Keys, audit: AuditEntry) -> Result<(), StoreError> {
        // Looked at first without the right to write: commands need not wait for a busy server.
        if self.read(|conn| get(conn, "project"))?.is_some() {
            return Ok(());
        }
        self.write(|tx| {
            if get(tx, "project")?.is_some() {
                return Ok(());
            }
            put(tx, "project", fresh.project.bytes())?;
            put(tx, "record_key", &fresh.record_key)?;
            put(tx, "signing_seed", fresh.signing.as_bytes())?;
            put(tx, "epoch", &fresh.epoch)?;
            append_audit(tx, &audit)
        })
    }
}

impl MetaStore for SqliteStore {
    fn keys(&self) -> Result<Keys, StoreError> {
        self.read(keys)
    }

    fn public_url(&self) -> Result<Option<String>, StoreError> {
        let stored = self.read(|conn| get(conn, "public_url"))?;
        stored
            .map(|url| String::from_utf8(url).map_err(|_| odd("url")))
            .transpose()
    }

    fn set_public_url(&self, url: &str) -> Result<(), StoreError> {
        self.write(|tx| put(tx, "public_url", url.as_bytes()))
    }

    fn has_admin(&self) -> Result<bool, StoreError> {
        self.read(|conn| {
            Ok(conn.query_row(
                "SELECT EXISTS (SELECT 1 FROM user WHERE role = 'admin' AND disabled_at IS NULL)",
                [],
                |row| row.get(0),
            )?)
        })
    }
}

/// Identity and keys as stored.
pub(super) fn keys(conn: &Connection) -> Result<Keys, StoreError> {
    let needed = |key: &str| get(conn, key)?.ok_or_else(|| odd(key));
    let bytes = |key: &str| needed(key)?.try_into().map_err(|_| odd(key));
    let seed: [u8; 32] = bytes("signing_seed")?;
    Ok(Keys {
        project: ProjectId::from_slice(&needed("project")?).ok_or_else(|| odd("project"))?,
        record_key: bytes("record_key")?,
        signing: ed25519_dalek::SigningKey::from_bytes(&seed),
        epoch: needed("epoch")?.try_into().map_err(|_| odd("epoch"))?,
    })
}

/// The register's id.
pub(super) fn project(conn: &Connection) -> Result<ProjectId, StoreError> {
    get(conn, "project")?
        .as_deref()
        .and_then(ProjectId::from_slice)
        .ok_or_else(|| odd("project"))
}

/// Gives the register a new epoch: what devices were told before may be unknown to this database.
pub(super) fn renew_epoch(
    tx: &Transaction<'_>,
    epoch: [u8; 16],
    audit: &AuditEntry,
) -> Result<(), StoreError> {
    put(tx, "epoch", &epoch)?;
    append_audit(tx, audit)
}

/// The entry that opens the audit log.
#[must_use]
pub fn founding(at: jiff::Timestamp, keys: &Keys) -> AuditEntry {
    AuditEntry::new(
        at,
        Actor::Server,
        Action::ProjectCreate,
        format!("project:{}", keys.project),
    )
}

fn get(conn: &Connection, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT value FROM meta WHERE key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()?)
}

fn put(tx: &Transaction<'_>, key: &str, value: &[u8]) -> Result<(), StoreError> {
    tx.execute(
        "INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)",
        params![key, value],
    )?;
    Ok(())
}
