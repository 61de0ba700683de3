//! (1) New records and edits, as people type them.

use std::collections::BTreeSet;

use schemas::answer::{Edit as Answer, edits_from_json, edits_from_text};
use schemas::eval::{Context, prefill};
use schemas::form::Form;
use schemas::key::{fields_of_weak_key, strong_key, weak_keys};
use schemas::value::{Answers, Scalar};
use serde_json::{Value, json};
use sync_core::id::RecordId;
use sync_core::phone::{Known, NewRecord, shown, write};
use sync_core::record::Edit;
use sync_core::strong::record_id;

use crate::error::DeviceError;
use crate::lookup::{Shelf, merged};
use crate::phone::Phone;

/// Most likely duplicates named at once.
const DUPLICATES_MAX: usize = 20;

impl Phone {
    /// Writes a new record of `kind` with the answers of a JSON object, or adds them to the record
    /// that has the same strong key. Names records that may be the same.
    ///
    /// # Errors
    /// When the form or a field does not exist, or the record may not be written by this person.
    pub fn new_record(
        &mut self,
        kind: &str,
        id: Option<RecordId>,
        answers: &Value,
    ) -> Result<Value, DeviceError> {
        let mut row_ids = Vec::new();
        for _ in 0..rows_without_id(answers) {
            row_ids.push(self.new_id().to_string());
        }
        let fallback = self.new_id();
        let known = self.known()?;
        let form = form_named(known, kind)?;
        let mut row_ids = row_ids.into_iter();
        let mut edits = edits_from_json(form, answers, &mut || row_ids.next().unwrap_or_default())?;
        let typed: Answers = edits
            .iter()
            .filter_map(|(path, edit)| match edit {
                Answer::Put(value) => Some((path.clone(), value.clone())),
                Answer::Delete => None,
            })
            .collect();
        let (prefilled, complete) = self.complete(known, form, typed);
        let strong =
            strong_key(form, &complete).map(|key| record_id(&known.identity.project_key, kind, &key));
        let id = id.or(strong).unwrap_or(fallback);
        let there = match self.store.record(id)? {
            Some(row) => shown(&row.open(id).map_err(crate::store::StoreError::from)?).answers(),
            None => Answers::new(),
        };
        // What a form fills in by itself says nothing against what somebody wrote before.
        let unanswered = |(path, _): &(String, Scalar)| there.get(path).is_none_or(Scalar::is_blank);
        edits.extend(
            prefilled
                .into_iter()
                .filter(unanswered)
                .map(|(path, value)| (path, Answer::Put(value))),
        );
        let duplicates = self.duplicates(known, form, &complete, id)?;
        let new = NewRecord {
            kind: kind.to_owned(),
            form: form.version(),
        };
        let existed = !there.is_empty();
        self.write(id, Some(&new), edits)?;
        Ok(json!({ "id": id, "existed": existed, "possible_duplicates": duplicates }))
    }

    /// Writes answers to a record: pairs of path and text.
    ///
    /// # Errors
    /// When there is no such record or field, or the person may not write it.
    pub fn set(&mut self, id: RecordId, answers: &[(String, String)]) -> Result<Value, DeviceError> {
        let known = self.known()?;
        let row = self.store.record(id)?.ok_or(DeviceError::UnknownRecord(id))?;
        let record = shown(&row.open(id).map_err(crate::store::StoreError::from)?);
        let form = known.form_of(&record).ok_or(DeviceError::UnknownRecord(id))?;
        let mut edits = Vec::new();
        for (path, text) in answers {
            edits.extend(edits_from_text(form, path, text)?);
        }
        let changed = self.write(id, None, edits)?;
        Ok(json!({ "id": id, "changed": changed }))
    }

    fn write(
        &mut self,
        id: RecordId,
        new: Option<&NewRecord>,
        edits: Vec<(String, Answer)>,
    ) -> Result<bool, DeviceError> {
        let edits = edits.into_iter().map(|(path, answer)| match answer {
            Answer::Put(value) => (path, Edit::Put(value)),
            Answer::Delete => (path, Edit::Delete),
        });
        let known = self.known()?;
        let ground = known.ground();
        let loaded = self.store.load(&BTreeSet::from([id]), Vec::new())?;
        let (commit, change) = write(
            &known.me(&ground),
            loaded,
            id,
            new,
            edits.collect(),
            self.now_ms(),
        )?;
        if change.is_some() {
            self.commit(&commit)?;
        }
        Ok(change.is_some())
    }

    /// What the form fills in by itself, and the answers with it.
    fn complete(&self, known: &Known, form: &Form, typed: Answers) -> (Vec<(String, Scalar)>, Answers) {
        let shelf = Shelf {
            store: &self.store,
            known,
        };
        let user = known.identity.user.to_string();
        let context = Context::at(self.now()).with_user(&user).with_lookup(&shelf);
        let mut filled = Vec::new();
        let mut answers = typed;
        if let Some((field, unit)) = known.own_village(form)
            && answers.get(&field).is_none_or(Scalar::is_blank)
            && !prefill(form, &answers, &context)
                .iter()
                .any(|(path, _)| *path == field)
        {
            answers.insert(field.clone(), unit.clone());
            filled.push((field, unit));
        }
        for (path, value) in prefill(form, &answers, &context) {
            answers.insert(path.clone(), value.clone());
            filled.push((path, value));
        }
        (filled, answers)
    }

    fn duplicates(
        &self,
        known: &Known,
        form: &Form,
        answers: &Answers,
        id: RecordId,
    ) -> Result<Vec<Value>, DeviceError> {
        let keys = weak_keys(form, &merged(form, answers, self.now()));
        let lookups: Vec<String> = keys.into_iter().flat_map(|key| key.lookups).collect();
        let alike = self.store.alike(form.form_id(), &lookups)?;
        let mut found = Vec::new();
        for (other, key) in alike
            .into_iter()
            .filter(|(other, _)| *other != id)
            .take(DUPLICATES_MAX)
        {
            let why = fields_of_weak_key(form, &key);
            found.push(json!({
                "id": other,
                "kind": form.form_id(),
                "title": self.title(known, other)?,
                "why": why,
            }));
        }
        Ok(found)
    }
}

pub(crate) fn form_named<'a>(known: &'a Known, kind: &str) -> Result<&'a Form, DeviceError> {
    let form = known
        .catalog
        .form(kind)
        .filter(|form| form.settings.embedded_in.is_none());
    form.ok_or_else(|| {
        let names = known
            .catalog
            .record_forms()
            .map(|form| form.form_id().to_owned())
            .collect();
        DeviceError::UnknownKind {
            kind: kind.to_owned(),
            known: names,
        }
    })
}

/// How many rows of repeats a JSON object may bring without an id.
fn rows_without_id(answers: &Value) -> usize {
    match answers {
        Value::Array(items) => items.iter().map(|item| 1 + rows_without_id(item)).sum(),
        Value::Object(fields) => fields.values().map(rows_without_id).sum(),
        _ => 0,
    }
}
