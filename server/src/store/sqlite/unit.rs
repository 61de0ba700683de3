//! Table `unit`.

use rusqlite::params;
use sync_core::id::UnitId;

use super::{SqliteStore, StoreError, append_audit, current, odd, stamp};
use crate::audit::AuditEntry;
use crate::store::{UnitRow, UnitStore};

impl UnitStore for SqliteStore {
    fn units(&self) -> Result<(u64, Vec<UnitRow>), StoreError> {
        self.read(|conn| {
            let version = current(conn, "units_version")?;
            let mut statement = conn.prepare("SELECT id, body FROM unit ORDER BY id")?;
            let raw = statement.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?)))?;
            let rows = raw.map(|raw| {
                let (id, body) = raw?;
                Ok(UnitRow {
                    id: UnitId::from_slice(&id).ok_or_else(|| odd("unit id"))?,
                    body,
                })
            });
            Ok((version, rows.collect::<Result<_, StoreError>>()?))
        })
    }

    fn units_version(&self) -> Result<u64, StoreError> {
        self.read(|conn| current(conn, "units_version"))
    }

    fn put_units(&self, rows: &[UnitRow], audit: AuditEntry) -> Result<(), StoreError> {
        self.write(|tx| {
            let mut insert = tx.prepare("INSERT OR REPLACE INTO unit (id, body) VALUES (?1, ?2)")?;
            for row in rows {
                insert.execute(params![row.id.bytes(), row.body])?;
            }
            stamp(tx, "units_version")?;
            append_audit(tx, &audit)
        })
    }
}
