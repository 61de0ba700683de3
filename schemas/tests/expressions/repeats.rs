//! Rows: the same row, outer fields, sets of rows, predicates, positions.

use schemas::value::Scalar;
use serde_json::{Value, json};

use crate::support::{A, B, C, form, run};

/// A household with three members; the third was taken out.
fn household(expression: &str) -> Value {
    let form = form(json!([
        {"type": "integer", "name": "base"},
        {"type": "begin_repeat", "name": "members"},
        {"type": "text", "name": "full_name"},
        {"type": "boolean", "name": "able"},
        {"type": "integer", "name": "income", "relevant": "${able} = 'true'"},
        {"type": "calculate", "name": "share", "calculation": "${income} + ${base}"},
        {"type": "calculate", "name": "row", "calculation": "position(..)"},
        {"type": "begin_repeat", "name": "loans"},
        {"type": "integer", "name": "amount"},
        {"type": "calculate", "name": "owner", "calculation": "${full_name}"},
        {"type": "end_repeat"},
        {"type": "calculate", "name": "debt", "calculation": "sum(${amount})"},
        {"type": "end_repeat"},
        {"type": "calculate", "name": "out", "calculation": expression},
    ]));
    let path = |row: &str, field: &str| format!("members/{row}/{field}");
    let answers = json!({
        "base": 1,
        path(A, "full_name"): "Sùng", path(A, "able"): true, path(A, "income"): 10,
        path(B, "full_name"): "Thào", path(B, "able"): false, path(B, "income"): 20,
        path(C, "full_name"): "Vàng", path(C, "able"): true, path(C, "income"): 40, path(C, "$removed"): true,
        path(A, &format!("loans/{A}/amount")): 5, path(A, &format!("loans/{B}/amount")): 6,
        path(B, &format!("loans/{C}/amount")): 7, path(C, &format!("loans/{C}/amount")): 9,
    });
    let computed = run(&form, answers).computed;
    let out: serde_json::Map<String, Value> = computed
        .iter()
        .map(|(path, value)| (path.clone(), schemas::project::json(value)))
        .collect();
    Value::Object(out)
}

#[test]
fn sets_of_rows_from_outside() {
    for (expression, expected) in [
        ("count(${members})", json!(2)),
        ("count(${members}[${able} = 'true'])", json!(1)),
        (
            "count(${members}[${income} > 5 or ${full_name} = 'Thào'])",
            json!(2),
        ),
        ("sum(${income})", json!(10)),
        ("sum(${share})", json!(11)),
        ("max(${debt})", json!(11)),
        ("sum(${amount})", json!(18)),
        ("sum(${amount}[. > 5])", json!(13)),
        ("sum(${amount}[${full_name} = 'Sùng'])", json!(11)),
        ("count(${members}[count(${loans}) > 1])", json!(1)),
        ("string(${full_name})", json!("Sùng")),
        ("string(${full_name}[2])", json!("Thào")),
        ("join(', ', ${full_name})", json!("Sùng, Thào")),
        ("${full_name} = 'Thào'", json!(true)),
        ("${full_name} = 'Vàng'", json!(false)),
        ("count(${full_name})", json!(2)),
        ("count(${income})", json!(1)),
        ("count-non-empty(${members})", json!(0)),
        ("position(..)", Value::Null),
        ("boolean(${members}[${able} = 'maybe'])", json!(false)),
    ] {
        let found = household(expression);
        assert_eq!(
            found.get("out").unwrap_or(&Value::Null),
            &expected,
            "{expression}"
        );
    }
}

#[test]
fn inside_a_row() {
    let found = household("1");
    assert_eq!(found[format!("members/{A}/share")], 11);
    assert_eq!(found.get(format!("members/{B}/share")), None);
    assert_eq!(found[format!("members/{B}/row")], 2);
    assert_eq!(found[format!("members/{A}/debt")], 11);
    assert_eq!(found[format!("members/{A}/loans/{B}/owner")], "Sùng");
    assert!(
        found
            .as_object()
            .unwrap()
            .keys()
            .all(|path| !path.contains(C) || path.contains("loans"))
    );
}

#[test]
fn no_rows() {
    let form = form(json!([
        {"type": "begin_repeat", "name": "members"},
        {"type": "integer", "name": "income"},
        {"type": "end_repeat"},
        {"type": "calculate", "name": "count", "calculation": "count(${members})"},
        {"type": "calculate", "name": "sum", "calculation": "sum(${income})"},
        {"type": "calculate", "name": "max", "calculation": "max(${income})"},
    ]));
    let computed = run(&form, json!({})).computed;
    assert_eq!(computed["count"], Scalar::Int(0));
    assert_eq!(computed["sum"], Scalar::Int(0));
    assert_eq!(computed.get("max"), None);
}
