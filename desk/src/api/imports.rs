//! Reading in units, plans, forms and household lists.

use serde::Deserialize;
use serde_json::Value;

use super::{Answer, send_file};
use crate::address::asked;

/// What can be read in.
pub const KINDS: [&str; 4] = ["households", "units", "plan", "form"];

/// What a file would change, or changed.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Imported {
    /// In numbers.
    #[serde(default)]
    pub summary: Summary,
    /// Each change.
    #[serde(default)]
    pub changes: Vec<Change>,
    /// Each row that cannot be read.
    #[serde(default)]
    pub errors: Vec<BadRow>,
    /// Whether it is done.
    #[serde(default)]
    pub applied: bool,
}

/// An import in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// New.
    pub created: usize,
    /// Changed.
    pub changed: usize,
    /// As they were.
    pub unchanged: usize,
    /// Not readable.
    pub failed: usize,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Change {
    /// Its row in the file.
    #[serde(default)]
    pub row: Value,
    /// What happens.
    #[serde(default)]
    pub what: Value,
    /// To what.
    #[serde(default)]
    pub id: Value,
    /// As it was.
    #[serde(default)]
    pub before: Value,
    /// As it will be.
    #[serde(default)]
    pub after: Value,
}

/// A row that cannot be read.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct BadRow {
    /// Its number in the file.
    #[serde(default)]
    pub row: Value,
    /// The column.
    #[serde(default)]
    pub column: Value,
    /// The rule.
    #[serde(default)]
    pub code: String,
    /// In words.
    #[serde(default)]
    pub message: Value,
}

/// Reads a file in, or says what it would change.
///
/// # Errors
/// As [`send_file`].
pub async fn import(kind: String, name: String, bytes: Vec<u8>, apply: bool) -> Answer<Imported> {
    let apply = if apply { "true" } else { "false" };
    send_file(
        &asked(&format!("imports/{kind}"), &[("apply", apply), ("name", &name)]),
        bytes,
    )
    .await
}
