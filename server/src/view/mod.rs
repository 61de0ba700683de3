//! (7) A record × its form → one row to read. Derived: `rebuild` makes it again, identical.
//!
//! In: a merged record, the forms, the moment its newest change was settled. Out: values, title,
//! words to search, open disagreements, findings, keys that propose duplicates. Nothing here
//! decides anything: a rule an answer breaks is a finding.

mod conflict;
pub mod rebuild;
mod words;

pub use conflict::{ConflictView, RivalView};

use jiff::Timestamp;
use schemas::catalog::Catalog;
use schemas::eval::{Context, Lookup, evaluate};
use schemas::form::Form;
use schemas::key::{WeakKey, weak_keys};
use schemas::reference::reference_value;
use schemas::report::{Key, Source, fact};
use schemas::text::{clean, person_sort_key};
use schemas::value::{Answers, Scalar};
use sync_core::id::UnitId;
use sync_core::record::Record;
use sync_core::strong::record_id;

use crate::store::record::{RecordView, WeakLookup};
use crate::territory::Units;

/// What is stored of `record` for reading; none while it does not say what kind it is.
///
/// `record_key` is the register's: under it reports know a person again without the number of a card.
/// `settled_at` is when its newest change found its place: the only time findings may look at, so
/// that the same log always gives the same view.
#[must_use]
pub fn of(
    catalog: &Catalog,
    units: &Units,
    record_key: &[u8; 32],
    record: &Record,
    settled_at: Timestamp,
) -> Option<RecordView> {
    let (kind, version) = record.form()?;
    let form = catalog.version_or_newest(&kind, Some(version))?;
    let answers = record.answers();
    let evaluation = evaluate(
        form,
        &answers,
        &Context::at(settled_at).with_lookup(&ReferenceData(units)),
    );
    let merged = evaluation.merged(&answers);
    let title = title(form, &merged);
    let conflicts = conflict::of(record, form);
    let keys = weak_keys(form, &merged);
    let mut stored: Vec<String> = keys.iter().map(|key| key.store.clone()).collect();
    stored.sort_unstable();
    let unit: Option<UnitId> = form
        .settings
        .unit
        .as_ref()
        .and_then(|field| answers.get(field)?.as_text()?.parse().ok());
    let (state, conflict) = (record.review_state(), conflict::level(&conflicts));
    let fact = fact(&Source {
        record: Key(*record.id().bytes()),
        kind: &kind,
        answers: &merged,
        state: &state,
        unit: unit.map(|unit| Key(*unit.bytes())),
        conflict,
        findings: evaluation.findings.len(),
        seal: &|card| Key(*record_id(record_key, "card", card).bytes()),
    });
    Some(RecordView {
        id: record.id(),
        form: version,
        unit,
        document: record.save(),
        heads: record.heads(),
        answers: json(&answers),
        sort_key: person_sort_key(&title).into_bytes(),
        search: words::of(form, &merged, &title),
        state,
        conflict,
        conflicts: json(&conflicts),
        findings: json(&evaluation.findings),
        weak_keys: stored,
        weak_lookups: keys.into_iter().flat_map(lookups).collect(),
        same_as: record.same_as(),
        not_same: record.not_same(),
        fact: Some(fact),
        title,
        kind,
    })
}

fn lookups(key: WeakKey) -> impl Iterator<Item = WeakLookup> {
    let near = key.near;
    key.lookups.into_iter().map(move |key| WeakLookup { key, near })
}

/// Units and standards, for expressions that ask about them. Other records are not asked: a view
/// depends on its own record alone, or it could not be rebuilt by itself.
#[derive(Debug, Clone, Copy)]
pub struct ReferenceData<'a>(pub &'a Units);

impl Lookup for ReferenceData<'_> {
    fn value(&self, kind: &str, id: &str, path: &str) -> Option<Scalar> {
        reference_value(self.0.tree(), kind, id, path)
    }

    fn commune_of(&self, unit: &str) -> Option<String> {
        self.0
            .tree()
            .commune_of(unit, None)
            .map(|commune| commune.id.clone())
    }
}

/// The name people know a record by.
fn title(form: &Form, answers: &Answers) -> String {
    let named = form
        .settings
        .title_field
        .as_ref()
        .and_then(|field| answers.get(field)?.as_text());
    clean(named.unwrap_or_default())
}

/// Maps with text keys and plain values always have a JSON form.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}
