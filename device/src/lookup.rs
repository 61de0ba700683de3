//! What a form may look up in other records, and the keys by which likely duplicates are found.

use jiff::Timestamp;
use schemas::eval::{Context, Lookup, evaluate};
use schemas::form::Form;
use schemas::key::weak_keys as keys_of_form;
use schemas::reference::reference_value;
use schemas::value::{Answers, Scalar};
use sync_core::id::RecordId;
use sync_core::phone::{Known, RecordRow, shown};

use crate::store::Store;

/// Other records of this phone, for prefilled and looked-up answers.
pub(crate) struct Shelf<'a> {
    pub(crate) store: &'a Store,
    pub(crate) known: &'a Known,
}

impl Lookup for Shelf<'_> {
    fn value(&self, kind: &str, id: &str, path: &str) -> Option<Scalar> {
        if let Some(value) = reference_value(&self.known.units, kind, id, path) {
            return Some(value);
        }
        if let Some((parent, repeat)) = self.known.catalog.form(kind)?.settings.embedded_in.clone() {
            return self.row(&parent, &repeat, id, path);
        }
        let id: RecordId = id.parse().ok()?;
        let row = self.store.record(id).ok()??;
        if row.kind.as_deref() != Some(kind) {
            return None;
        }
        shown(&row.open(id).ok()?).get(path)
    }

    fn commune_of(&self, unit_id: &str) -> Option<String> {
        Some(self.known.units.commune_of(unit_id, None)?.id.clone())
    }
}

impl Shelf<'_> {
    /// A value of a row that lives inside a record of another kind: a member of a household.
    fn row(&self, parent: &str, repeat: &str, id: &str, path: &str) -> Option<Scalar> {
        let wanted = format!("{repeat}/{id}/{path}");
        let holders = self.store.records_of(parent).ok()?;
        holders
            .into_iter()
            .find_map(|(record, row)| shown(&row.open(record).ok()?).get(&wanted))
    }
}

/// The answers of a record together with what its form works out.
pub(crate) fn merged(form: &Form, answers: &Answers, now: Timestamp) -> Answers {
    evaluate(form, answers, &Context::at(now)).merged(answers)
}

/// The kind and weak keys under which a record is found.
pub(crate) fn weak_keys(known: &Known, id: RecordId, row: &RecordRow) -> Vec<(String, String)> {
    let Ok(kept) = row.open(id) else { return Vec::new() };
    let record = shown(&kept);
    let Some(form) = known.form_of(&record) else {
        return Vec::new();
    };
    // Keys do not depend on the moment; any fixed one keeps them the same.
    let answers = merged(form, &record.answers(), Timestamp::UNIX_EPOCH);
    let keys = keys_of_form(form, &answers).into_iter();
    keys.map(|key| (form.form_id().to_owned(), key.store)).collect()
}
