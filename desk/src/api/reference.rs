//! Units and forms: what names and labels come from.

use schemas::form::Form;
use schemas::parse::parse;
use serde::Deserialize;
use serde_json::Value;

use super::{Answer, Failure, Page, get};
use crate::address::asked;

/// A unit with its times.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Unit {
    /// UUID.
    pub id: String,
    /// The official code.
    #[serde(default)]
    pub code: Option<String>,
    /// `province`, `district`, `commune`, `village`, `review_area`.
    pub level: String,
    /// `xã Lùng Cải`.
    pub name: String,
    /// What it lay in.
    #[serde(default)]
    pub parents: Vec<Parent>,
    /// Last day in force; none is "still".
    #[serde(default)]
    pub valid_to: Option<String>,
}

/// What a unit lay in, and when.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Parent {
    /// UUID.
    pub id: String,
    /// Last day.
    #[serde(default)]
    pub to: Option<String>,
}

/// A form, in a line.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct FormSummary {
    /// Its name: the kind of its records.
    pub form_id: String,
    /// Its newest version.
    pub version: u32,
    /// Its title per language.
    pub title: Value,
}

/// Every unit.
///
/// # Errors
/// As [`get`].
pub async fn units() -> Answer<Vec<Unit>> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page: Page<Unit> = get(asked("units", &[("limit", "500"), ("cursor", &cursor)])).await?;
        all.extend(page.items);
        match page.next {
            Some(next) => cursor = next,
            None => return Ok(all),
        }
    }
}

/// All forms in a line each.
///
/// # Errors
/// As [`get`].
pub async fn forms() -> Answer<Vec<FormSummary>> {
    get::<Page<FormSummary>>("forms".to_owned())
        .await
        .map(|page| page.items)
}

/// One form, with the forms whose records live in its rows.
///
/// # Errors
/// As [`get`]; `answer_unreadable` for a form this desk cannot read.
pub async fn form(id: &str, version: u32) -> Answer<Form> {
    let unreadable = |_| Failure::unreadable(id);
    let file = form_file(id, &version.to_string()).await?;
    let (form, _) = parse(&file).map_err(unreadable)?;
    let mut within = Vec::new();
    for rows in form.items().iter().filter_map(|item| item.section()?.row_form()) {
        let (rows, _) = parse(&form_file(rows, "").await?).map_err(unreadable)?;
        within.push(rows);
    }
    Ok(form.expanded(&|name| within.iter().find(|rows| rows.form_id() == name)))
}

/// The file of a form; the newest version if none is named.
async fn form_file(id: &str, version: &str) -> Answer<String> {
    let file: Value = get(asked(&format!("forms/{id}"), &[("version", version)])).await?;
    Ok(file.to_string())
}
