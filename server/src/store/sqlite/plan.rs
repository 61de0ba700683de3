//! Table `plan`.

use rusqlite::params;

use super::{SqliteStore, StoreError, append_audit, next};
use crate::audit::AuditEntry;
use crate::store::{PlanRow, PlanStore};

impl PlanStore for SqliteStore {
    fn plans(&self) -> Result<Vec<PlanRow>, StoreError> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached("SELECT id, body FROM plan ORDER BY id")?;
            let rows = statement.query_map([], |row| {
                Ok(PlanRow {
                    id: row.get(0)?,
                    body: row.get(1)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    fn put_plan(&self, row: &PlanRow, audit: AuditEntry) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.execute(
                "INSERT OR REPLACE INTO plan (id, body) VALUES (?1, ?2)",
                params![row.id, row.body],
            )?;
            next(tx, "plans_version")?;
            append_audit(tx, &audit)
        })
    }
}
