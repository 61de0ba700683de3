//! JSON text → form. What is not a form at all is an error; everything else becomes a form and
//! findings, so that one wrong row never takes a whole questionnaire away from the field.

mod row;
mod settings;
mod tree;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::finding::{Finding, Severity, code};
use crate::form::limits::{CHOICES_MAX, FORM_BYTES_MAX, LABEL_BYTES_MAX, LANGUAGES_MAX, SURVEY_ROWS_MAX};
use crate::form::{Choice, ChoiceList, Form, Label};
use crate::id::is_code;
use crate::value::Scalar;

/// Why a text is no form at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// More than [`FORM_BYTES_MAX`] bytes.
    #[error("the form has {0} bytes, more than {FORM_BYTES_MAX}")]
    TooLarge(usize),
    /// Not JSON.
    #[error("the form is not JSON: line {line}, column {column}")]
    NotJson {
        /// The line where reading stopped, from 1.
        line: usize,
        /// The column where reading stopped, from 1.
        column: usize,
    },
    /// JSON, but not an object with a `settings` object and a `survey` array.
    #[error("the form has no {0}")]
    Missing(&'static str),
    /// `form_id` is not a usable name.
    #[error("the form's id is not a usable name")]
    BadId,
    /// `version` is not a whole number from 1.
    #[error("the form's version is not a whole number from 1")]
    BadVersion,
}

impl FormError {
    /// A stable word for the error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge(_) => "form_too_large",
            Self::NotJson { .. } => "form_not_json",
            Self::Missing(_) => "form_incomplete",
            Self::BadId => "form_bad_id",
            Self::BadVersion => "form_bad_version",
        }
    }
}

/// Reads one form as its file says it: repeats that take another form's rows are still empty (the
/// [catalogue](crate::catalog) fills them). The findings are about single rows; [`crate::lint`]
/// looks at the whole.
///
/// # Errors
/// When the text is not a form at all.
pub fn parse(text: &str) -> Result<(Form, Vec<Finding>), FormError> {
    if text.len() > FORM_BYTES_MAX {
        return Err(FormError::TooLarge(text.len()));
    }
    let json: Value = serde_json::from_str(text).map_err(|error| FormError::NotJson {
        line: error.line(),
        column: error.column(),
    })?;
    let object = json.as_object().ok_or(FormError::Missing("object"))?;
    let member = |name: &'static str| object.get(name).ok_or(FormError::Missing(name));
    let settings = member("settings")?
        .as_object()
        .ok_or(FormError::Missing("settings"))?;
    let survey = member("survey")?.as_array().ok_or(FormError::Missing("survey"))?;

    let mut findings = Vec::new();
    let title = label(settings.get("title"), "settings/title", &mut findings);
    let settings = settings::settings(settings, &mut findings)?;
    let lists = choice_lists(object.get("choices"), &mut findings);
    if survey.len() > SURVEY_ROWS_MAX {
        let detail = format!("{} > {SURVEY_ROWS_MAX}", survey.len());
        findings.push(error("survey", code::FORM_TOO_LARGE, &[("detail", &detail)]));
    }
    let rows: Vec<&Value> = survey.iter().take(SURVEY_ROWS_MAX).collect();
    let drafts = tree::tree(&rows, &lists, &mut findings);
    Ok((Form::build(title, settings, lists, drafts), findings))
}

/// A finding that breaks a rule.
fn error(path: &str, code: &'static str, params: &[(&str, &str)]) -> Finding {
    Finding::new(path, code, Severity::Error, params)
}

/// Words per language: an object, or a bare text, which is Vietnamese.
fn label(value: Option<&Value>, path: &str, findings: &mut Vec<Finding>) -> Label {
    let mut label = Label::default();
    let mut take = |language: &str, text: &str| {
        if text.len() > LABEL_BYTES_MAX {
            let params = [("column", path), ("detail", "too long")];
            findings.push(error(path, code::INVALID_SETTING, &params));
        } else {
            label.insert(language, &crate::text::clean_lines(text));
        }
    };
    match value {
        None | Some(Value::Null) => {}
        Some(Value::String(text)) => take("vi", text),
        Some(Value::Object(languages)) => {
            for (language, text) in languages.iter().take(LANGUAGES_MAX) {
                take(language, text.as_str().unwrap_or_default());
            }
        }
        Some(_) => {
            let params = [("column", path), ("detail", "label")];
            findings.push(error(path, code::INVALID_SETTING, &params));
        }
    }
    label
}

fn choice_lists(value: Option<&Value>, findings: &mut Vec<Finding>) -> BTreeMap<String, Arc<ChoiceList>> {
    let mut lists = BTreeMap::new();
    let mut room = CHOICES_MAX;
    for (name, rows) in value.and_then(Value::as_object).into_iter().flatten() {
        let path = format!("choices/{name}");
        if !crate::id::is_name(name) {
            findings.push(error(&path, code::INVALID_NAME, &[("name", name)]));
            continue;
        }
        let rows = rows.as_array().map_or(&[][..], Vec::as_slice);
        if rows.len() > room {
            let detail = format!("> {CHOICES_MAX}");
            findings.push(error(&path, code::FORM_TOO_LARGE, &[("detail", &detail)]));
        }
        let mut list = ChoiceList {
            name: name.clone(),
            choices: Vec::new(),
        };
        for row in rows.iter().take(room).filter_map(Value::as_object) {
            choice(row, &path, &mut list, findings);
        }
        room -= list.choices.len();
        lists.insert(name.clone(), Arc::new(list));
    }
    lists
}

fn choice(row: &Map<String, Value>, path: &str, list: &mut ChoiceList, findings: &mut Vec<Finding>) {
    // Codes such as 01 are often typed as numbers in a sheet.
    let name = match row.get("name") {
        Some(Value::String(name)) => name.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    if !is_code(&name) {
        findings.push(error(path, code::INVALID_NAME, &[("name", &name)]));
        return;
    }
    if list.get(&name).is_some() {
        findings.push(error(path, code::DUPLICATE_CHOICE, &[("name", &name)]));
        return;
    }
    let label = label(row.get("label"), &format!("{path}/{name}"), findings);
    let extra = row
        .iter()
        .filter(|(column, _)| !matches!(column.as_str(), "name" | "label"));
    let extra = extra
        .filter_map(|(column, value)| Some((column.clone(), scalar(value)?)))
        .collect();
    list.choices.push(Choice { name, label, extra });
}

/// A JSON scalar as a stored one.
pub(crate) fn scalar(value: &Value) -> Option<Scalar> {
    Some(match value {
        Value::Null => Scalar::Null,
        Value::Bool(value) => Scalar::Bool(*value),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Scalar::Int(whole),
            None => Scalar::Decimal(number.as_f64().filter(|number| number.is_finite())?),
        },
        Value::String(text) => Scalar::Text(crate::text::nfc(text)),
        Value::Array(_) | Value::Object(_) => return None,
    })
}
