//! Records by what they are recognised by.

use std::collections::BTreeSet;

use sync_core::id::RecordId;

use super::StoreError;

/// Records by their weak keys.
pub trait LikenessStore {
    /// Records of a kind that are stored under one of these weak keys, whoever may read them.
    fn records_under(&self, kind: &str, keys: &[String]) -> Result<BTreeSet<RecordId>, StoreError>;
}
