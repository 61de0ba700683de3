//! Expressions as forms use them: each is the calculation of a small form.

mod comparisons;
mod functions;
mod repeats;
mod totality;

use schemas::form::Form;
use schemas::value::Scalar;
use serde_json::{Value, json};

use crate::support::{form_with, run};

/// A form with one field of each kind, and the expression as its calculation `out`.
fn form_for(expression: &str) -> Form {
    let rows = json!([
        {"type": "text", "name": "t"},
        {"type": "integer", "name": "n"},
        {"type": "decimal", "name": "d"},
        {"type": "boolean", "name": "b"},
        {"type": "date", "name": "day"},
        {"type": "dateTime", "name": "at"},
        {"type": "select_multiple needs", "name": "needs"},
        {"type": "text", "name": "blank"},
        {"type": "calculate", "name": "out", "calculation": expression},
    ]);
    let (form, findings) = form_with(json!({}), rows, json!({"needs": ["credit", "land", "job"]}));
    assert!(findings.is_empty(), "{expression}: {findings:?}");
    form
}

/// The worth of an expression over the sample answers; `None` is blank.
fn worth(expression: &str) -> Option<Scalar> {
    let answers = json!({
        "t": "Giàng A Sình", "n": 7, "d": 2.5, "b": true, "day": "2000-03-06",
        "at": "2024-03-01T23:30:00+07:00", "needs/job": true, "needs/credit": true,
    });
    worth_of(expression, answers)
}

fn worth_of(expression: &str, answers: Value) -> Option<Scalar> {
    run(&form_for(expression), answers).computed.get("out").cloned()
}

/// Checks a table of expressions and what they are worth; `null` is blank.
fn table(rows: &[(&str, Value)]) {
    for (expression, expected) in rows {
        let found = worth(expression).map_or(Value::Null, |scalar| schemas::project::json(&scalar));
        assert_eq!(&found, expected, "{expression}");
    }
}
