//! Table `form`.

use rusqlite::{OptionalExtension as _, params};

use super::{SqliteStore, StoreError, append_audit, current, stamp};
use crate::audit::AuditEntry;
use crate::store::{FormRow, FormStore};

impl FormStore for SqliteStore {
    fn forms_after(&self, serial: u64) -> Result<(u64, Vec<FormRow>), StoreError> {
        self.read(|conn| {
            let version = current(conn, "forms_version")?;
            let mut statement = conn.prepare_cached(
                "SELECT form_id, version, body, serial FROM form WHERE serial > ?1 ORDER BY serial",
            )?;
            let rows = statement.query_map([serial], |row| {
                Ok(FormRow {
                    form_id: row.get(0)?,
                    version: row.get(1)?,
                    body: row.get(2)?,
                    serial: row.get(3)?,
                })
            })?;
            Ok((version, rows.collect::<Result<_, _>>()?))
        })
    }

    fn forms_version(&self) -> Result<u64, StoreError> {
        self.read(|conn| current(conn, "forms_version"))
    }

    fn form_body(&self, form_id: &str, version: u32) -> Result<Option<String>, StoreError> {
        self.read(|conn| {
            let mut statement =
                conn.prepare_cached("SELECT body FROM form WHERE form_id = ?1 AND version = ?2")?;
            let body = statement.query_row(params![form_id, version], |row| row.get(0));
            Ok(body.optional()?)
        })
    }

    fn put_form(&self, row: &FormRow, audit: AuditEntry) -> Result<(), StoreError> {
        self.write(|tx| {
            let serial = stamp(tx, "forms_version")?;
            tx.execute(
                "INSERT INTO form (form_id, version, body, serial) VALUES (?1, ?2, ?3, ?4)",
                params![row.form_id, row.version, row.body, serial],
            )?;
            append_audit(tx, &audit)
        })
    }
}
