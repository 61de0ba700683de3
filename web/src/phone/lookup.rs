//! What a form may look up in other records: loaded before it opens, since forms do not wait.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use schemas::eval::Lookup;
use schemas::reference::reference_value;
use schemas::value::{Answers, Scalar};
use sync_core::id::RecordId;
use sync_core::phone::shown;

use super::Known;
use super::{Register, RegisterError};

/// Some records, open to be looked into.
#[derive(Clone)]
pub struct Shelf {
    known: Rc<Known>,
    records: BTreeMap<String, (String, Answers)>,
}

impl Register {
    /// Opens these records to be looked into; those that are not here are left out.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn shelf(&self, records: impl IntoIterator<Item = RecordId>) -> Result<Shelf, RegisterError> {
        let known = self.known()?;
        let ids: BTreeSet<RecordId> = records.into_iter().collect();
        let mut records = BTreeMap::new();
        for (id, cell) in self.cells(&ids).await? {
            let Some(cell) = cell else { continue };
            let row = cell.row();
            let answers = shown(&row.open(id)?).answers();
            records.insert(id.to_string(), (row.kind.unwrap_or_default(), answers));
        }
        Ok(Shelf { known, records })
    }
}

impl Shelf {
    /// The answers of a record on the shelf.
    #[must_use]
    pub fn answers(&self, id: RecordId) -> Option<&Answers> {
        self.records.get(&id.to_string()).map(|(_, answers)| answers)
    }
}

impl Lookup for Shelf {
    fn value(&self, kind: &str, id: &str, path: &str) -> Option<Scalar> {
        if let Some(value) = reference_value(&self.known.units, kind, id, path) {
            return Some(value);
        }
        if let Some((parent, repeat)) = self.known.catalog.form(kind)?.settings.embedded_in.clone() {
            // A row that lives inside a record of another kind: a member of a household.
            let wanted = format!("{repeat}/{id}/{path}");
            let holders = self.records.values().filter(|(kind, _)| *kind == parent);
            return holders
                .filter_map(|(_, answers)| answers.get(&wanted).cloned())
                .next();
        }
        let (_, answers) = self.records.get(id).filter(|(known, _)| known == kind)?;
        answers.get(path).cloned()
    }

    fn commune_of(&self, unit_id: &str) -> Option<String> {
        Some(self.known.units.commune_of(unit_id, None)?.id.clone())
    }
}
