//! (1) New records and edits, as people submit them.

use std::collections::BTreeSet;
use std::rc::Rc;

use schemas::answer::Edit as Answer;
use schemas::eval::{Context, Lookup, evaluate, prefill};
use schemas::form::Form;
use schemas::key::{fields_of_weak_key, strong_key, weak_keys};
use schemas::value::{Answers, Scalar};
use sync_core::id::RecordId;
use sync_core::phone::{Loaded, NewRecord, shown, write};
use sync_core::record::Edit;
use sync_core::strong::record_id;

use super::draft::Draft;
use super::summary::Summary;
use super::{Register, RegisterError};
use crate::fill::diff;
use crate::rows::{Put, Rows as _, Shelf};

/// Most likely duplicates named at once.
const DUPLICATES_MAX: usize = 20;

/// A record that may be the same thing.
#[derive(Debug, Clone)]
pub struct Duplicate {
    /// Which.
    pub id: RecordId,
    /// As lists show it.
    pub summary: Rc<Summary>,
    /// The fields that agree.
    pub fields: Vec<String>,
}

/// What became of a form that was submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Submitted {
    /// The record.
    pub id: RecordId,
    /// It existed: somebody had registered the same thing, and the answers were added to theirs.
    pub existed: bool,
}

impl Register {
    /// A new form of `kind`, with what is `known` of it already and what the form fills in by itself.
    ///
    /// # Errors
    /// When there is no such form here.
    pub fn begin(
        &self,
        kind: &str,
        known_answers: Answers,
        lookup: &dyn Lookup,
    ) -> Result<Draft, RegisterError> {
        let known = self.known()?;
        let form = known
            .catalog
            .form(kind)
            .ok_or_else(|| RegisterError::UnknownForm(kind.to_owned()))?;
        let mut answers = known_answers;
        let mut prefilled = Vec::new();
        if let Some((field, unit)) = known.own_village(form)
            && answers.get(&field).is_none_or(Scalar::is_blank)
            && !self
                .prefilled(form, &answers, lookup)
                .iter()
                .any(|(path, _)| *path == field)
        {
            answers.insert(field.clone(), unit);
            prefilled.push(field);
        }
        for (path, value) in self.prefilled(form, &answers, lookup) {
            answers.insert(path.clone(), value);
            prefilled.push(path);
        }
        Ok(Draft {
            id: self.new_id(),
            is_edit: false,
            kind: kind.to_owned(),
            version: form.version(),
            page: 0,
            answers,
            before: Answers::new(),
            prefilled,
            title: String::new(),
            typed_at_ms: self.now_ms(),
        })
    }

    /// A form open on a record that exists.
    ///
    /// # Errors
    /// When there is no such record, or its form is not here.
    pub async fn begin_edit(&self, id: RecordId) -> Result<Draft, RegisterError> {
        let view = self.record(id).await?;
        let known = self.known()?;
        let form = known
            .catalog
            .version_or_newest(&view.kind, view.version)
            .ok_or_else(|| RegisterError::UnknownForm(view.kind.clone()))?;
        Ok(Draft {
            id,
            is_edit: true,
            kind: view.kind.clone(),
            version: form.version(),
            page: 0,
            answers: view.answers.clone(),
            before: view.answers,
            prefilled: Vec::new(),
            title: view.title,
            typed_at_ms: self.now_ms(),
        })
    }

    fn prefilled(&self, form: &Form, answers: &Answers, lookup: &dyn Lookup) -> Vec<(String, Scalar)> {
        let Ok(known) = self.known() else {
            return Vec::new();
        };
        let user = known.identity.user.to_string();
        let context = Context::at(self.now()).with_user(&user).with_lookup(lookup);
        prefill(form, answers, &context)
    }

    /// Writes what a draft says: a new record, or the edits of one that exists, as one change. The
    /// draft is thrown away in the same step it is written in, or stays whole.
    ///
    /// # Errors
    /// When it may not be written, or the disk refuses.
    pub async fn submit(&self, draft: &Draft) -> Result<Submitted, RegisterError> {
        let _step = self.step.lock().await;
        let done = Put::gone(Shelf::Draft, draft.id.bytes());
        if draft.is_edit {
            let loaded = self.load(&BTreeSet::from([draft.id]), Vec::new()).await?;
            let edits = diff(&draft.before, &draft.answers);
            self.write(loaded, draft.id, None, edits, vec![done]).await?;
            return Ok(Submitted {
                id: draft.id,
                existed: true,
            });
        }
        let known = self.known()?;
        let form = known
            .catalog
            .version_or_newest(&draft.kind, Some(draft.version))
            .ok_or_else(|| RegisterError::UnknownForm(draft.kind.clone()))?;
        let strong = strong_key(form, &draft.answers);
        let strong = strong.map(|key| record_id(&known.identity.project_key, &draft.kind, &key));
        let id = strong.unwrap_or(draft.id);
        let loaded = self.load(&BTreeSet::from([id]), Vec::new()).await?;
        let there = match loaded.records.get(&id) {
            Some(row) => shown(&row.open(id)?).answers(),
            None => Answers::new(),
        };
        let new = NewRecord {
            kind: draft.kind.clone(),
            form: form.version(),
        };
        let edits = says(draft, &there);
        self.write(loaded, id, Some(&new), edits, vec![done]).await?;
        Ok(Submitted {
            id,
            existed: !there.is_empty(),
        })
    }

    /// Writes some answers to a record that exists.
    ///
    /// # Errors
    /// When it may not be written, or the disk refuses.
    pub async fn set(&self, id: RecordId, answers: Vec<(String, Scalar)>) -> Result<(), RegisterError> {
        let _step = self.step.lock().await;
        let edits = answers
            .into_iter()
            .map(|(path, value)| (path, Answer::Put(value)));
        let loaded = self.load(&BTreeSet::from([id]), Vec::new()).await?;
        self.write(loaded, id, None, edits.collect(), Vec::new()).await
    }

    /// Writes edits, and `puts` in the same transaction. The caller holds the step since it loaded.
    async fn write(
        &self,
        loaded: Loaded,
        id: RecordId,
        new: Option<&NewRecord>,
        edits: Vec<(String, Answer)>,
        puts: Vec<Put>,
    ) -> Result<(), RegisterError> {
        let edits = edits.into_iter().map(|(path, answer)| match answer {
            Answer::Put(value) => (path, Edit::Put(value)),
            Answer::Delete => (path, Edit::Delete),
        });
        let known = self.known()?;
        let ground = known.ground();
        let (commit, change) = write(
            &known.me(&ground),
            loaded,
            id,
            new,
            edits.collect(),
            self.now_ms(),
        )?;
        match change {
            Some(_) => self.commit_with(&commit, puts).await,
            // Nothing new is said; a draft that said it is done with all the same.
            None => Ok(self.rows.write(puts).await?),
        }
    }

    /// Records that may be the same as what a draft is about to register.
    ///
    /// # Errors
    /// When the phone is not enrolled.
    pub fn duplicates(&self, draft: &Draft) -> Result<Vec<Duplicate>, RegisterError> {
        let known = self.known()?;
        let Some(form) = known.catalog.version_or_newest(&draft.kind, Some(draft.version)) else {
            return Ok(Vec::new());
        };
        let merged = evaluate(form, &draft.answers, &Context::at(self.now())).merged(&draft.answers);
        let lookups: Vec<String> = weak_keys(form, &merged)
            .into_iter()
            .flat_map(|key| key.lookups)
            .collect();
        let index = self.index();
        let alike = index.alike(&draft.kind, &lookups).into_iter();
        let duplicate = |(id, key): (RecordId, String)| {
            Some(Duplicate {
                id,
                summary: index.get(id)?,
                fields: fields_of_weak_key(form, &key),
            })
        };
        Ok(alike
            .filter(|(id, _)| *id != draft.id)
            .filter_map(duplicate)
            .take(DUPLICATES_MAX)
            .collect())
    }
}

/// What a draft of a new record says that the record, if somebody made it already, does not.
fn says(draft: &Draft, there: &Answers) -> Vec<(String, Answer)> {
    let edits = diff(&Answers::new(), &draft.answers).into_iter();
    edits
        .filter(|(path, edit)| {
            let known = there.get(path);
            // What a form fills in by itself says nothing against what somebody wrote before.
            let may = !draft.prefilled.contains(path) || known.is_none_or(Scalar::is_blank);
            let differs = match edit {
                Answer::Put(value) => known != Some(value),
                Answer::Delete => true,
            };
            may && differs
        })
        .collect()
}
