//! The `settings` of a form file.

use serde_json::{Map, Value};

use super::{FormError, error};
use crate::finding::{Finding, code};
use crate::form::{KeyPart, Settings, Shared};
use crate::id::{FormId, is_name};

const KNOWN: [&str; 10] = [
    "form_id",
    "version",
    "title",
    "unit",
    "shared",
    "strong_key",
    "weak_keys",
    "embedded_in",
    "title_field",
    "comment",
];

pub(super) fn settings(
    object: &Map<String, Value>,
    findings: &mut Vec<Finding>,
) -> Result<Settings, FormError> {
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    let form_id = text("form_id").and_then(FormId::new).ok_or(FormError::BadId)?;
    let version = object.get("version").and_then(Value::as_u64);
    let version = version
        .and_then(|version| u32::try_from(version).ok())
        .filter(|v| *v > 0);
    for column in object.keys().filter(|column| !KNOWN.contains(&column.as_str())) {
        let path = format!("settings/{column}");
        findings.push(error(&path, code::UNKNOWN_COLUMN, &[("column", column)]));
    }
    Ok(Settings {
        form_id,
        version: version.ok_or(FormError::BadVersion)?,
        unit: text("unit").map(str::to_owned),
        shared: shared(object.get("shared"), findings),
        strong_key: keys("strong_key", object, findings),
        weak_keys: keys("weak_keys", object, findings),
        embedded_in: embedded_in(text("embedded_in"), findings),
        title_field: text("title_field").map(str::to_owned),
    })
}

fn invalid(column: &str, detail: &str) -> Finding {
    let params = [("column", column), ("detail", detail)];
    error(&format!("settings/{column}"), code::INVALID_SETTING, &params)
}

fn shared(value: Option<&Value>, findings: &mut Vec<Finding>) -> Shared {
    match value {
        None | Some(Value::Null) => Shared::No,
        Some(Value::String(text)) if text == "commune" => Shared::Commune,
        Some(Value::String(text)) if text == "no" => Shared::No,
        Some(other) => {
            findings.push(invalid("shared", &other.to_string()));
            Shared::No
        }
    }
}

/// Alternatives of parts. An alternative with one part that cannot be read is left out whole: a
/// key with fewer parts would call different people the same.
fn keys(name: &str, object: &Map<String, Value>, findings: &mut Vec<Finding>) -> Vec<Vec<KeyPart>> {
    let alternatives = match object.get(name) {
        None | Some(Value::Null) => return Vec::new(),
        Some(Value::Array(alternatives)) => alternatives,
        Some(other) => {
            findings.push(invalid(name, &other.to_string()));
            return Vec::new();
        }
    };
    let mut keys = Vec::new();
    for alternative in alternatives {
        let parts = alternative.as_array().map_or(&[][..], Vec::as_slice).iter();
        let parts: Option<Vec<KeyPart>> = parts.map(|part| part.as_str().and_then(KeyPart::parse)).collect();
        match parts {
            Some(parts) if !parts.is_empty() => keys.push(parts),
            _ => findings.push(invalid(name, &alternative.to_string())),
        }
    }
    keys
}

fn embedded_in(text: Option<&str>, findings: &mut Vec<Finding>) -> Option<(String, String)> {
    let text = text?;
    match text.split_once('.') {
        Some((form, repeat)) if is_name(form) && is_name(repeat) => {
            Some((form.to_owned(), repeat.to_owned()))
        }
        _ => {
            findings.push(invalid("embedded_in", text));
            None
        }
    }
}
