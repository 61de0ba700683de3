//! Whatever is written, reading and evaluating ends, without panic, with the same answer.

use proptest::prelude::*;
use schemas::eval::evaluate;
use schemas::expr::Expr;
use serde_json::json;

use crate::support::{A, B, answers, context, form_with};

/// Pieces from which an arbitrary text becomes, often enough, an expression.
const PIECES: [&str; 52] = [
    "${n}",
    "${t}",
    "${members}",
    "${x}",
    "${out}",
    "${nope}",
    ".",
    "..",
    "(",
    ")",
    "[",
    "]",
    ",",
    "+",
    "-",
    "*",
    " div ",
    " mod ",
    " and ",
    " or ",
    "=",
    "!=",
    "<",
    ">=",
    "'a'",
    "''",
    "'2024-02-30'",
    "1",
    "0",
    "1.5",
    "99999999999999999999",
    "count(",
    "sum(",
    "if(",
    "not(",
    "selected(",
    "substr(",
    "round(",
    "format-date(",
    "add-days(",
    "add-months(",
    "age-in-years(",
    "today()",
    "now()",
    "date(",
    "concat(",
    "regex(.,'a+')",
    "position(..)",
    "once(",
    "lookup(${n},'x')",
    "coalesce(",
    "join(",
];

fn pieces() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..14).prop_map(|pieces| pieces.concat())
}

/// Evaluates the text wherever a form can hold an expression, twice.
fn evaluates(source: &str) {
    let rows = json!([
        {"type": "integer", "name": "n", "relevant": source},
        {"type": "select_one list", "name": "t", "choice_filter": source, "constraint": source},
        {"type": "begin_repeat", "name": "members", "constraint": source},
        {"type": "integer", "name": "x", "required": source, "calculation": source},
        {"type": "end_repeat"},
        {"type": "calculate", "name": "out", "calculation": source},
    ]);
    let (form, _) = form_with(json!({}), rows, json!({"list": ["a", "b"]}));
    let _ = schemas::lint::lint(&form);
    let answers = answers(json!({
        "n": 3, "t": "a", format!("members/{A}/x"): 1, format!("members/{B}/x"): "?",
    }));
    let first = evaluate(&form, &answers, &context());
    assert_eq!(first, evaluate(&form, &answers, &context()));
}

proptest! {
    #[test]
    fn arbitrary_text(source in any::<String>()) {
        let _ = Expr::parse(&source);
        evaluates(&source);
    }

    #[test]
    fn nearly_expressions(source in pieces()) {
        if let Ok(expr) = Expr::parse(&source) {
            prop_assert_eq!(expr.source(), source.as_str());
            prop_assert_eq!(Expr::parse(expr.source()).unwrap(), expr);
        }
        evaluates(&source);
    }
}

#[test]
fn text_that_doubles_stays_small() {
    let mut rows = vec![json!({"type": "text", "name": "c0"})];
    for step in 1..40 {
        let doubled = format!("concat(${{c{0}}}, ${{c{0}}})", step - 1);
        rows.push(json!({"type": "calculate", "name": format!("c{step}"), "calculation": doubled}));
    }
    let (form, _) = form_with(json!({}), json!(rows), json!({}));
    let found = evaluate(&form, &answers(json!({"c0": "x"})), &context());
    let longest = found
        .computed
        .values()
        .filter_map(|value| value.as_text())
        .map(str::len)
        .max();
    assert_eq!(longest, Some(16_384));
}

#[test]
fn work_is_bounded() {
    let nested = "count(${m}[count(${m}[count(${m}[${v} > 0]) > 0]) > 0])";
    let rows = json!([
        {"type": "begin_repeat", "name": "m"},
        {"type": "integer", "name": "v"},
        {"type": "end_repeat"},
        {"type": "calculate", "name": "out", "calculation": nested},
    ]);
    let (form, _) = form_with(json!({}), rows, json!({}));
    let row = |at: usize| format!("m/0190b5d2-0000-7000-8000-{at:012x}/v");
    let many = (0..400)
        .map(|at| (row(at), schemas::value::Scalar::Int(1)))
        .collect();
    let found = evaluate(&form, &many, &context());
    assert!(found.findings.iter().any(|finding| finding.code == "too_complex"));
}
