//! Two records that look alike.

use serde::Deserialize;
use serde_json::{Value, json};

use super::records::RecordRow;
use super::{Answer, get, send, tell};

/// A pair, side by side.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Pair {
    /// One record.
    pub first: Seen,
    /// The other.
    pub second: Seen,
    /// From 0 to 100.
    #[serde(default)]
    pub score: f64,
    /// Why they may be one.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// What each says.
    #[serde(default)]
    pub fields: Vec<Compared>,
    /// People in their rows.
    #[serde(default)]
    pub members: Vec<PersonPair>,
    /// `proposed`, `merged` or `dismissed`.
    #[serde(default)]
    pub state: String,
}

/// A record as it is looked at.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Seen {
    /// The record.
    pub record: RecordRow,
    /// Its heads, to be given back with the decision.
    pub heads: Vec<String>,
    /// Who wrote it first.
    #[serde(default)]
    pub author: String,
    /// When, by that device's clock.
    #[serde(default)]
    pub created_at: String,
}

/// A person of one or both.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct PersonPair {
    /// UUID of the row in the first.
    #[serde(default)]
    pub first: Option<String>,
    /// UUID of the row in the second.
    #[serde(default)]
    pub second: Option<String>,
    /// The name.
    #[serde(default)]
    pub name: String,
}

/// Why two records may be one.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Evidence {
    /// Which rule.
    #[serde(default)]
    pub code: String,
    /// In words.
    #[serde(default)]
    pub message: Value,
    /// `strong` or `weak`.
    #[serde(default)]
    pub strength: String,
}

/// One answer of both.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Compared {
    /// The field.
    pub path: String,
    /// Its question.
    #[serde(default)]
    pub label: Value,
    /// What the first says.
    #[serde(default)]
    pub first: Value,
    /// What the second says.
    #[serde(default)]
    pub second: Value,
    /// Whether they say the same.
    #[serde(default)]
    pub same: bool,
}

/// What a merge came to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Merged {
    /// UUID of the record that stays.
    pub survivor: String,
    /// UUID of the record that is now that one.
    #[serde(default)]
    pub loser: String,
}

/// One pair.
///
/// # Errors
/// `record_unknown`.
pub async fn one(id: &str) -> Answer<Pair> {
    get(format!("duplicates/{id}")).await
}

/// Makes two records one; `take` are the answers to take from the one that goes.
///
/// # Errors
/// `record_changed`.
pub async fn merge(
    id: String,
    survivor: String,
    heads: (Vec<String>, Vec<String>),
    take: Vec<String>,
) -> Answer<Merged> {
    let body = json!({
        "survivor": survivor, "first_heads": heads.0, "second_heads": heads.1, "take": take,
    });
    send("POST", &format!("duplicates/{id}/merge"), &body).await
}

/// Remembers that they are two.
///
/// # Errors
/// As [`get`].
pub async fn dismiss(id: String) -> Answer<()> {
    tell("POST", &format!("duplicates/{id}/dismiss"), &json!({})).await
}

/// Takes a merge or a dismissal back.
///
/// # Errors
/// As [`get`].
pub async fn undo(id: String) -> Answer<()> {
    tell("POST", &format!("duplicates/{id}/undo"), &json!({})).await
}
