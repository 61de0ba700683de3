//! Records by their weak keys.

use std::collections::BTreeSet;

use rusqlite::params;
use sync_core::id::RecordId;

use super::log::record_id;
use super::{SqliteStore, StoreError};
use crate::store::LikenessStore;

impl LikenessStore for SqliteStore {
    fn records_under(&self, kind: &str, keys: &[String]) -> Result<BTreeSet<RecordId>, StoreError> {
        self.read(|conn| {
            let mut found = BTreeSet::new();
            let mut statement =
                conn.prepare_cached("SELECT record FROM weak_key WHERE kind = ?1 AND key = ?2")?;
            for key in keys {
                for id in statement.query_map(params![kind, key], |row| row.get::<_, Vec<u8>>(0))? {
                    found.insert(record_id(&id?)?);
                }
            }
            Ok(found)
        })
    }
}
