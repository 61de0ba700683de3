//! What undoing a merge writes into the record that stood for both.

use std::collections::{BTreeMap, BTreeSet};

use schemas::path::{PathClass, path_class};
use schemas::value::Scalar;
use sync_core::id::ChangeHash;
use sync_core::record::{Edit, MERGE_WROTE, Record};

use super::carry;
use crate::store::StoreError;

/// The edits that give `survivor` back what stood in it before the merge, where nobody has written since.
pub(super) fn reverted(survivor: &Record, loser: &Record) -> Result<Vec<(String, Edit)>, StoreError> {
    let merged = written_by_merge(survivor, loser);
    let mut last: BTreeMap<String, bool> = BTreeMap::new();
    let mut before: BTreeMap<String, Option<Scalar>> = BTreeMap::new();
    for entry in survivor.history() {
        let ours = merged.contains(&entry.change);
        for (path, _) in &entry.writes {
            if path_class(path) != PathClass::Field {
                continue;
            }
            last.insert(path.clone(), ours);
            if ours {
                let found = || entry.found.get(path).cloned();
                before.entry(path.clone()).or_insert_with(found);
            } else {
                before.remove(path);
            }
        }
    }
    let back = before
        .into_iter()
        .filter(|(path, _)| last.get(path) == Some(&true));
    Ok(back
        .map(|(path, value)| (path, value.map_or(Edit::Delete, Edit::Put)))
        .collect())
}

/// The changes of `survivor` that the merge of `loser` wrote, and those that were carried over since.
fn written_by_merge(survivor: &Record, loser: &Record) -> BTreeSet<ChangeHash> {
    let wrote = loser.get(MERGE_WROTE);
    let wrote = wrote
        .as_ref()
        .and_then(Scalar::as_text)
        .and_then(ChangeHash::from_hex);
    carry::carried(survivor, loser).into_iter().chain(wrote).collect()
}
