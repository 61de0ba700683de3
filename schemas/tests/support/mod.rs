//! Small forms and records for tests, and a fixed moment.

use std::collections::BTreeMap;

use schemas::eval::{Context, Evaluation, evaluate};
use schemas::finding::Finding;
use schemas::form::Form;
use schemas::parse::parse;
use schemas::value::{Answers, Scalar};
use serde_json::{Value, json};

/// Tuesday 5 March 2024, 08:30 in Lào Cai.
pub const NOW: &str = "2024-03-05T01:30:00Z";
/// Ids of rows, in path order.
pub const A: &str = "0190b5d2-0000-7000-8000-00000000000a";
/// The second row.
pub const B: &str = "0190b5d2-0000-7000-8000-00000000000b";
/// The third row.
pub const C: &str = "0190b5d2-0000-7000-8000-00000000000c";

pub fn context() -> Context<'static> {
    Context::at(NOW.parse().unwrap())
}

/// A form of these rows; labels are added where a row has none.
pub fn form(rows: Value) -> Form {
    form_with(json!({}), rows, json!({})).0
}

/// A form with settings and choices, and what reading it found.
pub fn form_with(settings: Value, mut rows: Value, choices: Value) -> (Form, Vec<Finding>) {
    let label = json!({"vi": "nhãn", "en": "label"});
    for row in rows
        .as_array_mut()
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
    {
        let is_end = row["type"].as_str().is_some_and(|kind| kind.starts_with("end"));
        if !is_end && !row.contains_key("label") {
            row.insert("label".to_owned(), label.clone());
        }
    }
    let mut all = json!({"form_id": "test", "version": 1, "title": label});
    let given = settings.as_object().cloned().unwrap_or_default();
    all.as_object_mut().unwrap().extend(given);
    let choices: BTreeMap<String, Value> = choices
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, list)| (name.clone(), choice_list(list)))
        .collect();
    parse(&json!({"settings": all, "survey": rows, "choices": choices}).to_string()).unwrap()
}

/// `["a", "b"]` as choices with labels; objects stay as they are.
fn choice_list(list: &Value) -> Value {
    let choice = |value: &Value| match value.as_str() {
        Some(name) => {
            json!({"name": name, "label": {"vi": format!("nhãn {name}"), "en": format!("label {name}")}})
        }
        None => value.clone(),
    };
    list.as_array().into_iter().flatten().map(choice).collect()
}

/// Answers from a flat JSON object.
pub fn answers(object: Value) -> Answers {
    let scalar = |value: &Value| match value {
        Value::Null => Scalar::Null,
        Value::Bool(value) => Scalar::Bool(*value),
        Value::Number(number) if number.is_i64() => Scalar::Int(number.as_i64().unwrap()),
        Value::Number(number) => Scalar::Decimal(number.as_f64().unwrap()),
        Value::String(text) => Scalar::Text(text.clone()),
        other => panic!("no scalar: {other}"),
    };
    object
        .as_object()
        .unwrap()
        .iter()
        .map(|(path, value)| (path.clone(), scalar(value)))
        .collect()
}

pub fn run(form: &Form, object: Value) -> Evaluation {
    evaluate(form, &answers(object), &context())
}

/// Findings as `path code`.
pub fn codes(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .map(|finding| format!("{} {}", finding.path, finding.code))
        .collect()
}
