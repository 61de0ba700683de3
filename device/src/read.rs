//! Looking at records: their values, disagreements, findings and history.

use jiff::Timestamp;
use schemas::eval::{Context, evaluate};
use schemas::project::{display, json as scalar_json, project};
use schemas::value::{Answers, Scalar};
use serde_json::{Map, Value, json};
use sync_core::id::{Actor, RecordId};
use sync_core::phone::{Known, RecordRow, history, shown, standing};
use sync_core::record::{KIND, Record};

use crate::error::DeviceError;
use crate::lookup::Shelf;
use crate::messages;
use crate::phone::Phone;
use crate::store::StoreError;
use crate::write::form_named;

impl Phone {
    /// One record: values, disagreements, findings, review and how far its work has come.
    ///
    /// # Errors
    /// When there is no such record here.
    pub fn show(&self, id: RecordId, language: &str) -> Result<Value, DeviceError> {
        let known = self.known()?;
        let record = self.opened(id)?;
        let answers = record.answers();
        let form = known.form_of(&record);
        let findings = match form {
            Some(form) => {
                let shelf = Shelf {
                    store: &self.store,
                    known,
                };
                let user = known.identity.user.to_string();
                let context = Context::at(self.now()).with_user(&user).with_lookup(&shelf);
                let evaluation = evaluate(form, &answers, &context);
                let findings = evaluation.findings.iter();
                findings
                    .map(|finding| {
                        json!({
                            "path": finding.path, "code": finding.code, "severity": finding.severity,
                            "message": finding.text(language),
                        })
                    })
                    .collect()
            }
            None => Vec::new(),
        };
        let rows = self.store.changes_of(id)?;
        let standing = standing(&rows);
        let parked: Vec<_> = standing
            .parked
            .iter()
            .map(|(change, reason)| {
                json!({
                    "change": change.to_hex(), "reason": reason.code(),
                    "message": messages::text(language, &format!("park.{}", reason.code()), &[]),
                    "hint": messages::text(language, &format!("park_hint.{}", reason.code()), &[]),
                })
            })
            .collect();
        Ok(json!({
            "id": id,
            "kind": record.get(KIND).as_ref().map(scalar_json),
            "form": record.form().map(|(_, version)| version),
            "data": data(known, &record, &answers),
            "conflicts": self.conflicts(known, &record),
            "findings": findings,
            "assessment": self.assessment(&answers, language)?,
            "review": review(&answers),
            "sync": { "state": standing.state, "parked": parked },
        }))
    }

    fn conflicts(&self, known: &Known, record: &Record) -> Vec<Value> {
        let rival = |rival: &sync_core::record::Rival| {
            let (author, device) = author(known, rival.actor);
            json!({
                "value": scalar_json(&rival.value), "author": author, "device": device,
                "claimed_at": moment(rival.time_s), "change": rival.change.to_hex(),
            })
        };
        let conflicts = record.conflicts();
        conflicts
            .iter()
            .map(|conflict| json!({ "path": conflict.path, "values": conflict.rivals.iter().map(rival).collect::<Vec<_>>() }))
            .collect()
    }

    /// Every change of a record, in the order every replica shows alike.
    ///
    /// # Errors
    /// When there is no such record here.
    pub fn history(&self, id: RecordId) -> Result<Value, DeviceError> {
        let known = self.known()?;
        let ground = known.ground();
        let record = self.opened(id)?;
        let rows = self.store.changes_of(id)?;
        let entries: Vec<_> = history(&known.me(&ground), &record, &rows)
            .into_iter()
            .map(|entry| {
                let changes: Map<_, _> = entry
                    .writes
                    .iter()
                    .filter(|(path, _)| !path.starts_with('$'))
                    .map(|(path, value)| (path.clone(), value.as_ref().map_or(Value::Null, scalar_json)))
                    .collect();
                json!({
                    "author": entry.author.as_ref().map(|author| author.name.clone()),
                    "user": entry.author.as_ref().map(|author| author.user),
                    "device": entry.author.as_ref().map(|author| author.device),
                    "claimed_at": moment(entry.claimed_at_s),
                    "received_at": entry.received_at_s.and_then(moment),
                    "change": entry.change.to_hex(),
                    "changes": changes,
                })
            })
            .collect();
        Ok(json!({ "id": id, "entries": entries }))
    }

    /// The records of a kind, those with this value in a field if one is named.
    ///
    /// # Errors
    /// When there is no such kind or field.
    pub fn list(&self, kind: &str, filter: Option<(&str, &str)>) -> Result<Value, DeviceError> {
        let known = self.known()?;
        let form = form_named(known, kind)?;
        if let Some((path, text)) = filter {
            schemas::answer::edits_from_text(form, path, text)?;
        }
        let mut items = Vec::new();
        for (id, row) in self.store.records_of(kind)? {
            let record = shown(&open(id, &row)?);
            let answers = record.answers();
            // A record for which another stands is shown by that one.
            let hidden = answers.is_empty() || record.same_as().is_some();
            if hidden || !filter.is_none_or(|(path, text)| says(&answers, path, text)) {
                continue;
            }
            items.push(json!({
                "id": id,
                "kind": kind,
                "title": title_of(known, &record),
                "data": data(known, &record, &answers),
                "conflicts": record.conflicts().len(),
                "sync": standing(&self.store.changes_of(id)?).state,
            }));
        }
        Ok(json!({ "items": items }))
    }

    /// The name people know a record by; none for one that is not here.
    pub(crate) fn title(&self, known: &Known, id: RecordId) -> Result<Option<String>, DeviceError> {
        let Some(row) = self.store.record(id)? else {
            return Ok(None);
        };
        Ok(title_of(known, &shown(&open(id, &row)?)))
    }

    pub(crate) fn opened(&self, id: RecordId) -> Result<Record, DeviceError> {
        let row = self.store.record(id)?.ok_or(DeviceError::UnknownRecord(id))?;
        let record = shown(&open(id, &row)?);
        if record.is_empty() {
            Err(DeviceError::UnknownRecord(id))
        } else {
            Ok(record)
        }
    }
}

fn open(id: RecordId, row: &RecordRow) -> Result<sync_core::replica::Kept, StoreError> {
    Ok(row.open(id)?)
}

fn title_of(known: &Known, record: &Record) -> Option<String> {
    let form = known.form_of(record)?;
    let name = form.settings.title_field.as_deref()?;
    let value = record.get(name)?;
    form.field(name)
        .map(|field| display(field, &value, messages::LANGUAGES[0]))
}

/// The nested view of a record; the flat answers if its form is not here.
fn data(known: &Known, record: &Record, answers: &Answers) -> Value {
    let fields: Answers = answers
        .iter()
        .filter(|(path, _)| !path.starts_with('$') && !path.starts_with("review/"))
        .map(|(path, value)| (path.clone(), value.clone()))
        .collect();
    match known.form_of(record) {
        Some(form) => project(form, &fields),
        None => fields
            .iter()
            .map(|(path, value)| (path.clone(), scalar_json(value)))
            .collect(),
    }
}

/// What reviewers said of the record; none if nobody did.
fn review(answers: &Answers) -> Value {
    let words: Map<String, Value> = answers
        .iter()
        .filter_map(|(path, value)| Some((path.strip_prefix("review/")?.to_owned(), scalar_json(value))))
        .collect();
    if words.is_empty() {
        Value::Null
    } else {
        Value::Object(words)
    }
}

fn says(answers: &Answers, path: &str, text: &str) -> bool {
    let value = |value: &Scalar| match value {
        Scalar::Null => String::new(),
        Scalar::Text(text) => text.clone(),
        other => scalar_json(other).to_string(),
    };
    let ticked = || answers.get(&format!("{path}/{text}")) == Some(&Scalar::Bool(true));
    answers.get(path).map(value).unwrap_or_default() == schemas::text::nfc(text) || ticked()
}

fn author(known: &Known, actor: Actor) -> (Option<String>, Option<sync_core::id::DeviceId>) {
    let cert = known.directory.by_tag(actor.tag());
    (
        cert.map(|cert| cert.user_name.clone()),
        cert.map(|cert| cert.device),
    )
}

pub(crate) fn moment(seconds: i64) -> Option<String> {
    Timestamp::from_second(seconds)
        .ok()
        .map(|moment| moment.to_string())
}
