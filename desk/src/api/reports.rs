//! Reports.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::records::RecordRow;
use super::{Answer, Page, get};
use crate::address::asked;

/// A report, in a line.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Summary {
    /// Its stable name.
    pub name: String,
    /// Its title per language.
    #[serde(default)]
    pub title: Value,
    /// What it can be asked.
    #[serde(default)]
    pub params: Vec<Value>,
}

impl Summary {
    /// Whether it takes a parameter; one that says nothing takes all.
    #[must_use]
    pub fn takes(&self, name: &str) -> bool {
        let named = |param: &Value| param.as_str().or_else(|| param["name"].as_str()) == Some(name);
        self.params.is_empty() || self.params.iter().any(named)
    }
}

/// A report.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Report {
    /// Its stable name.
    pub name: String,
    /// Its title.
    #[serde(default)]
    pub title: Value,
    /// What it is about: words, or from and to.
    #[serde(default)]
    pub period: Value,
    /// Where.
    #[serde(default)]
    pub scope: Value,
    /// When it was made (RFC 3339).
    #[serde(default)]
    pub generated_at: String,
    /// Heads.
    #[serde(default)]
    pub columns: Vec<Column>,
    /// Figures.
    #[serde(default)]
    pub rows: Vec<Row>,
    /// What was checked.
    #[serde(default)]
    pub checks: Vec<Check>,
    /// What to know about the figures.
    #[serde(default)]
    pub notes: Vec<Value>,
    /// Pictures of the figures.
    #[serde(default)]
    pub charts: Vec<Chart>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Column {
    /// Names its cells.
    pub key: String,
    /// Its head.
    #[serde(default)]
    pub label: Value,
    /// `text`, `int`, `decimal`, `percent`, `money`, `date`, `bool`.
    #[serde(default)]
    pub kind: String,
    /// Heads that stand above several columns, if there are any.
    #[serde(default)]
    pub group: Value,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Row {
    /// Names it.
    pub key: String,
    /// Its head.
    #[serde(default)]
    pub label: Value,
    /// How far it stands in; or `total`.
    #[serde(default)]
    pub level: Value,
    /// UUID of its unit.
    #[serde(default)]
    pub unit: Option<String>,
    /// By column.
    #[serde(default)]
    pub cells: BTreeMap<String, Value>,
    /// Columns whose figure is the number of the records behind it.
    #[serde(default)]
    pub counted: Vec<String>,
    /// Columns whose figure is made of the records behind it.
    #[serde(default)]
    pub made: Vec<String>,
}

impl Row {
    /// Whether records stand behind the figure of a column.
    #[must_use]
    pub fn has_records(&self, column: &str) -> bool {
        self.counted.iter().chain(&self.made).any(|known| known == column)
    }
}

/// Something that must hold.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Check {
    /// Which.
    #[serde(default)]
    pub code: String,
    /// Whether it holds.
    pub ok: bool,
    /// In words.
    #[serde(default)]
    pub message: Value,
}

/// A picture of figures.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Chart {
    /// `bar`, `line`, `progress`.
    #[serde(default)]
    pub kind: String,
    /// What it shows.
    #[serde(default)]
    pub title: Value,
    /// The figures.
    #[serde(default)]
    pub series: Vec<Value>,
}

/// All reports.
///
/// # Errors
/// As [`get`].
pub async fn list() -> Answer<Vec<Summary>> {
    let all: Value = get("reports".to_owned()).await?;
    let items = if all.is_array() { all } else { all["items"].clone() };
    serde_json::from_value(items).map_err(|error| super::Failure::unreadable(&error.to_string()))
}

/// What is asked of a report, after its name.
#[must_use]
pub fn path(name: &str, ending: &str, asked_for: &BTreeMap<String, String>) -> String {
    let pairs: Vec<(&str, &str)> = asked_for
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    asked(&format!("reports/{name}{ending}"), &pairs)
}

/// One report.
///
/// # Errors
/// As [`get`].
pub async fn one(name: &str, asked_for: &BTreeMap<String, String>) -> Answer<Report> {
    get(path(name, "", asked_for)).await
}

/// The records behind one figure.
///
/// # Errors
/// As [`get`].
pub async fn behind(name: &str, asked_for: &BTreeMap<String, String>) -> Answer<Page<RecordRow>> {
    get(path(name, "/records", asked_for)).await
}
