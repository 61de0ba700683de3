//! An XLSForm workbook → our form file: the sheets `survey`, `choices` and `settings`, with words per language
//! (`label::Vietnamese (vi)`; a bare `label` is Vietnamese). Columns are carried over by name, ours too (`pii`,
//! `conflict`, `key`, `writer` …), and checked where every form is checked.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::table::Table;
use super::{ImportError, RowError, xlsx};

/// Columns that hold words, so may stand once per language.
const WORDS: [&str; 6] = [
    "label",
    "hint",
    "constraint_message",
    "required_message",
    "guidance_hint",
    "title",
];
/// Settings that are JSON: lists of keys.
const LISTS: [&str; 2] = ["weak_keys", "strong_key"];
/// Columns of XLSForm that say nothing here.
const LEFT_OUT: [&str; 4] = [
    "parameters",
    "body::accuracyThreshold",
    "default_language",
    "instance_name",
];

/// What a workbook says.
#[derive(Debug, Clone, PartialEq)]
pub struct Converted {
    /// The form file.
    pub json: String,
    /// Rows that cannot be carried over.
    pub errors: Vec<RowError>,
    /// The row of each question, by its name.
    pub rows: BTreeMap<String, usize>,
}

/// The form that a workbook says.
///
/// # Errors
/// When it is no workbook, or has no sheet `survey` or `settings`.
pub fn convert(bytes: &[u8]) -> Result<Converted, ImportError> {
    if !bytes.starts_with(b"PK") {
        return Err(ImportError::Workbook("xlsx".to_owned()));
    }
    let sheets: BTreeMap<String, Table> = xlsx::sheets(bytes)?
        .into_iter()
        .map(|(name, table)| (name.trim().to_lowercase(), table))
        .collect();
    let sheet = |name: &str| sheets.get(name).filter(|table| table.rows.len() > 1);
    let needed = |name: &str| sheet(name).ok_or_else(|| ImportError::Workbook(format!("sheet {name}")));
    let mut errors = Vec::new();
    let settings = settings(needed("settings")?, &mut errors);
    let (mut survey, mut rows) = (Vec::new(), BTreeMap::new());
    for (number, row) in objects(needed("survey")?) {
        let kind = row.get("type").and_then(Value::as_str).unwrap_or_default();
        let has_name = row.contains_key("name");
        if kind.is_empty() {
            errors.push(RowError::new(number, "survey: type", "xlsform_type_missing", ""));
        } else if !has_name && !kind.starts_with("end") {
            errors.push(RowError::new(
                number,
                "survey: name",
                "xlsform_name_missing",
                kind,
            ));
        } else {
            if let Some(name) = row.get("name").and_then(Value::as_str) {
                rows.entry(name.to_owned()).or_insert(number);
            }
            survey.push(Value::Object(row));
        }
    }
    let mut choices = Map::new();
    for (number, mut row) in sheet("choices").map(objects).unwrap_or_default() {
        let list = row.remove("list_name").or_else(|| row.remove("list name"));
        match (list.as_ref().and_then(Value::as_str), row.contains_key("name")) {
            (Some(list), true) => {
                let list = choices.entry(list.to_owned()).or_insert_with(|| json!([]));
                if let Some(list) = list.as_array_mut() {
                    list.push(Value::Object(row));
                }
            }
            _ => errors.push(RowError::new(
                number,
                "choices: list_name, name",
                "xlsform_choice_unfit",
                "",
            )),
        }
    }
    let form = json!({"settings": settings, "survey": survey, "choices": choices});
    Ok(Converted {
        json: form.to_string(),
        errors,
        rows,
    })
}

fn settings(table: &Table, errors: &mut Vec<RowError>) -> Map<String, Value> {
    let Some((number, mut row)) = objects(table).into_iter().next() else {
        return Map::new();
    };
    if let Some(title) = row.remove("form_title") {
        // XLSForm has one title for all languages.
        row.entry("title")
            .or_insert_with(|| json!({"vi": title, "en": title}));
    }
    // Other programs date their versions: only a number can follow a number.
    let version = row
        .get("version")
        .and_then(Value::as_str)
        .and_then(|text| text.parse::<u32>().ok());
    match version {
        Some(version) => drop(row.insert("version".to_owned(), Value::from(version))),
        None => errors.push(RowError::new(
            number,
            "settings: version",
            "xlsform_version_unfit",
            "",
        )),
    }
    for name in LISTS {
        let Some(Value::String(text)) = row.get(name) else {
            continue;
        };
        match serde_json::from_str::<Value>(text) {
            Ok(list) => drop(row.insert(name.to_owned(), list)),
            Err(_) => errors.push(RowError::new(
                number,
                &format!("settings: {name}"),
                "xlsform_keys_unfit",
                text,
            )),
        }
    }
    row
}

/// Each row under the heads as an object, with its number.
fn objects(table: &Table) -> Vec<(usize, Map<String, Value>)> {
    let mut rows = table.rows.iter();
    let Some(heads) = rows.next() else {
        return Vec::new();
    };
    let object = |row: &super::table::Row| {
        let mut object = Map::new();
        for (head, cell) in heads.cells.iter().zip(&row.cells) {
            if head.is_empty() || cell.is_empty() || LEFT_OUT.contains(&head.as_str()) {
                continue;
            }
            let (name, language) = split(head);
            if WORDS.contains(&name.as_str()) {
                let words = object.entry(name).or_insert_with(|| json!({}));
                if let Some(words) = words.as_object_mut() {
                    words.insert(language, Value::from(cell.as_str()));
                }
            } else {
                object.insert(name, Value::from(cell.as_str()));
            }
        }
        object
    };
    rows.map(|row| (row.number, object(row))).collect()
}

/// `label::Vietnamese (vi)` → `label` and `vi`; without a language the words are Vietnamese.
fn split(head: &str) -> (String, String) {
    let (name, language) = head.split_once("::").unwrap_or((head, "vi"));
    let code = language
        .rsplit_once('(')
        .map_or(language, |(_, code)| code.trim_end_matches(')'));
    (name.trim().to_lowercase(), code.trim().to_lowercase())
}
