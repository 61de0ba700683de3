//! What this build makes of a form and answers, as JSON. The app does not ask it; a test asks the server's build
//! and this one the same, so that what a phone says of a record is what the server says.

use jiff::Timestamp;
use schemas::eval::{Context, Lookup, evaluate};
use schemas::form::Form;
use schemas::key::{strong_key, weak_keys};
use schemas::parse::parse;
use schemas::project::json;
use schemas::reference::reference_value;
use schemas::unit::UnitTree;
use schemas::value::{Answers, Scalar};
use serde_json::{Value, json};

/// Knows the reference data that comes with the program, and no record.
struct Reference(UnitTree);

impl Lookup for Reference {
    fn value(&self, kind: &str, id: &str, path: &str) -> Option<Scalar> {
        reference_value(&self.0, kind, id, path)
    }

    fn commune_of(&self, _unit_id: &str) -> Option<String> {
        None
    }
}

/// What the form says of each record: `form` is its JSON, `records` a list of objects from path to answer, the moment
/// is in milliseconds since 1970. Empty when one of them cannot be read.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
#[must_use]
pub fn what_is_said(form: &str, records: &str, now_ms: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds since 1970 fit for 300,000 years"
    )]
    let now = Timestamp::from_millisecond(now_ms as i64);
    let (Ok((form, _)), Ok(records), Ok(now)) =
        (parse(form), serde_json::from_str::<Vec<Value>>(records), now)
    else {
        return String::new();
    };
    let reference = Reference(UnitTree::default());
    let context = Context::at(now).with_lookup(&reference);
    let said = records
        .iter()
        .map(|record| said(&form, &answers(record), &context));
    Value::Array(said.collect()).to_string()
}

fn said(form: &Form, answers: &Answers, context: &Context) -> Value {
    let said = evaluate(form, answers, context);
    let merged = said.merged(answers);
    let findings = said.findings.iter().map(|finding| {
        json!([
            finding.path,
            finding.code,
            finding.severity as u8,
            finding.text("vi"),
            finding.text("en")
        ])
    });
    let weak = weak_keys(form, &merged);
    json!({
        "visible": said.visible,
        "computed": said.computed.iter().map(|(path, value)| json!([path, json(value)])).collect::<Value>(),
        "findings": findings.collect::<Value>(),
        "strong_key": strong_key(form, answers),
        "weak_keys": weak.iter().map(|key| json!([key.store, key.lookups])).collect::<Value>(),
    })
}

fn answers(record: &Value) -> Answers {
    let scalar = |value: &Value| match value {
        Value::Bool(value) => Scalar::Bool(*value),
        Value::String(text) => Scalar::Text(text.clone()),
        Value::Number(number) => number.as_i64().map_or_else(
            || Scalar::Decimal(number.as_f64().unwrap_or_default()),
            Scalar::Int,
        ),
        _ => Scalar::Null,
    };
    let record = record.as_object().into_iter().flatten();
    record
        .map(|(path, value)| (path.clone(), scalar(value)))
        .collect()
}
