//! Records: lists, one record, its history, and what an officer says of it.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Page, get, send, tell};
use crate::address::asked;

/// A record in a list.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct RecordRow {
    /// UUID.
    pub id: String,
    /// The id of its form.
    pub kind: String,
    /// The name people know it by.
    #[serde(default)]
    pub title: String,
    /// UUID of its unit.
    #[serde(default)]
    pub unit: Option<String>,
    /// Review state.
    #[serde(default)]
    pub state: String,
    /// `soft`, `hard` or none.
    #[serde(default)]
    pub conflict: Option<String>,
    /// How many rules its answers break.
    #[serde(default)]
    pub findings: u64,
    /// When it last changed (RFC 3339).
    #[serde(default)]
    pub updated_at: String,
    /// Its newest changes, where the list tells them.
    #[serde(default)]
    pub heads: Vec<String>,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct RecordBody {
    /// UUID.
    pub id: String,
    /// The id of its form.
    pub kind: String,
    /// The version of its form.
    pub form: u32,
    /// UUID of its unit.
    #[serde(default)]
    pub unit: Option<String>,
    /// The name people know it by.
    #[serde(default)]
    pub title: String,
    /// Its answers, nested.
    #[serde(default)]
    pub data: Value,
    /// Open disagreements.
    #[serde(default)]
    pub conflicts: Vec<Conflict>,
    /// Rules its answers break.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// Review state.
    pub state: String,
    /// Its newest changes.
    #[serde(default)]
    pub heads: Vec<String>,
    /// Changes that lie beside it.
    #[serde(default)]
    pub aside: Vec<Aside>,
    /// True if personal answers are hidden.
    #[serde(default)]
    pub masked: bool,
    /// UUID of the record that stands for this one.
    #[serde(default)]
    pub same_as: Option<String>,
    /// UUIDs of the records for which this one stands.
    #[serde(default)]
    pub stands_for: Vec<String>,
}

/// A field on which people disagree.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Conflict {
    /// The field.
    pub path: String,
    /// Somebody has to decide.
    pub review: bool,
    /// The shown value first.
    pub values: Vec<Rival>,
}

/// One of the values.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Rival {
    /// What was written.
    #[serde(default)]
    pub value: Value,
    /// Who wrote it.
    #[serde(default)]
    pub author: String,
    /// With which device.
    #[serde(default)]
    pub device: Option<String>,
    /// When, by that device's clock.
    #[serde(default)]
    pub claimed_at: String,
    /// When the server received it.
    #[serde(default)]
    pub received_at: Option<String>,
    /// The change that wrote it.
    pub change: String,
}

/// A rule that an answer breaks.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Finding {
    /// The field.
    #[serde(default)]
    pub path: String,
    /// The rule.
    pub code: String,
    /// How much it weighs.
    #[serde(default)]
    pub severity: Value,
    /// The words per language.
    #[serde(default)]
    pub message: Value,
}

/// A change that lies beside its record.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Aside {
    /// In hex.
    pub change: String,
    /// Its record.
    pub record: String,
    /// Who wrote it.
    #[serde(default)]
    pub author: String,
    /// With which device.
    #[serde(default)]
    pub device: Option<String>,
    /// Why; none while it waits.
    #[serde(default)]
    pub reason: Option<String>,
    /// The reason in words.
    #[serde(default)]
    pub message: Option<String>,
    /// When the server received it.
    #[serde(default)]
    pub received_at: String,
    /// What it wrote, by path.
    #[serde(default)]
    pub changes: Value,
}

/// One change of a record's history.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Entry {
    /// In hex.
    pub change: String,
    /// Who wrote it.
    #[serde(default)]
    pub author: String,
    /// With which device.
    #[serde(default)]
    pub device: Option<String>,
    /// When, by that device's clock.
    #[serde(default)]
    pub claimed_at: String,
    /// When the server received it.
    #[serde(default)]
    pub received_at: Option<String>,
    /// What it wrote, by path.
    #[serde(default)]
    pub changes: Value,
}

/// A list of everything.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct History {
    entries: Vec<Entry>,
}

/// Records within reach; `filter` as `GET /records` takes it.
///
/// # Errors
/// As [`get`].
pub async fn list(filter: Vec<(&'static str, String)>) -> Answer<Page<RecordRow>> {
    let pairs: Vec<(&str, &str)> = filter
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    get(asked("records", &pairs)).await
}

/// One record; `reason` opens what is personal to a province officer, and is logged.
///
/// # Errors
/// `record_unknown`.
pub async fn one(id: &str, reason: &str) -> Answer<RecordBody> {
    get(asked(&format!("records/{id}"), &[("reason", reason)])).await
}

/// Who wrote what into a record, oldest first.
///
/// # Errors
/// `record_unknown`.
pub async fn history(id: &str, reason: &str) -> Answer<Vec<Entry>> {
    let history: History = get(asked(&format!("records/{id}/history"), &[("reason", reason)])).await?;
    Ok(history.entries)
}

/// Says what becomes of a record.
///
/// # Errors
/// `record_changed`, `comment_missing`.
pub async fn review(id: String, state: &str, comment: String, heads: Vec<String>) -> Answer<()> {
    let body = json!({ "state": state, "comment": comment, "heads": heads });
    tell("POST", &format!("records/{id}/review"), &body).await
}

/// Which value of a field stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settle {
    /// The one that this change wrote.
    Keep(String),
    /// A third one, as typed.
    Value(String),
}

/// Settles a disagreement.
///
/// # Errors
/// `record_changed`, `conflict_unknown`, `value_unfit`.
pub async fn resolve(
    id: String,
    path: String,
    settle: Settle,
    comment: String,
    heads: Vec<String>,
) -> Answer<()> {
    let mut body = json!({ "path": path, "heads": heads });
    match settle {
        Settle::Keep(change) => body["keep"] = change.into(),
        Settle::Value(value) => body["value"] = value.into(),
    }
    if !comment.trim().is_empty() {
        body["comment"] = comment.into();
    }
    tell("POST", &format!("records/{id}/resolve"), &body).await
}

/// What a decision about several records would do, or did.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Bulk {
    /// Each record.
    pub items: Vec<BulkItem>,
    /// How many were taken.
    #[serde(default)]
    pub taken: usize,
}

/// One record of a decision about several.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct BulkItem {
    /// UUID.
    pub id: String,
    /// Its name.
    #[serde(default)]
    pub title: String,
    /// Its state before.
    #[serde(default)]
    pub state_before: String,
    /// Why it is not taken; none if it is.
    #[serde(default)]
    pub code: Option<String>,
    /// The same in words.
    #[serde(default)]
    pub message: Option<String>,
}

/// Decides about several records at once; a preview writes nothing.
///
/// # Errors
/// As [`get`].
pub async fn review_all(items: Vec<(String, Vec<String>)>, state: &str, preview: bool) -> Answer<Bulk> {
    let items: Vec<Value> = items
        .into_iter()
        .map(|(id, heads)| json!({ "id": id, "heads": heads }))
        .collect();
    let body = json!({ "items": items, "state": state, "comment": "", "preview": preview });
    send("POST", "review/bulk", &body).await
}
