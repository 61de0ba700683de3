//! What people type, as edits.

use schemas::answer::{AnswerError, Edit, edits_from_json, edits_from_text};
use schemas::form::Form;
use schemas::project::json;
use serde_json::{Value, json};

use crate::support::{A, B, form_with};

fn sample() -> Form {
    form_with(
        json!({}),
        json!([
            {"type": "text", "name": "head_name", "label": {"vi": "Chủ hộ", "en": "Head"}},
            {"type": "integer", "name": "count"}, {"type": "decimal", "name": "area"},
            {"type": "money", "name": "income"}, {"type": "boolean", "name": "poor"},
            {"type": "date", "name": "day"}, {"type": "dateTime", "name": "at"},
            {"type": "select_one kinds", "name": "kind"}, {"type": "select_multiple needs", "name": "needs"},
            {"type": "geopoint", "name": "gps"}, {"type": "reference household", "name": "home"},
            {"type": "reference admin_unit", "name": "unit"}, {"type": "calculate", "name": "calc", "calculation": "1"},
            {"type": "note", "name": "note"}, {"type": "hidden", "name": "secret"},
            {"type": "begin_repeat", "name": "members"},
            {"type": "text", "name": "full_name"}, {"type": "select_multiple needs", "name": "wants"},
            {"type": "begin_repeat", "name": "names"}, {"type": "text", "name": "value"}, {"type": "end_repeat"},
            {"type": "end_repeat"},
        ]),
        json!({"kinds": ["support", "review"], "needs": ["credit", "land", "job"]}),
    )
    .0
}

/// One edit as JSON; a deletion is the text `(delete)`.
fn shown(edit: &Edit) -> Value {
    match edit {
        Edit::Put(value) => json(value),
        Edit::Delete => json!("(delete)"),
    }
}

fn typed(path: &str, text: &str) -> Result<Value, &'static str> {
    let edits = edits_from_text(&sample(), path, text).map_err(|error| error.code)?;
    Ok(edits
        .iter()
        .map(|(path, edit)| json!([path, shown(edit)]))
        .collect())
}

#[test]
fn single_answers() {
    let upper = "0190B5D2-7C1A-7DEF-8A11-0123456789AB";
    for (path, text, value) in [
        (
            "head_name",
            "  Gia\u{300}ng\u{200b}  A Si\u{300}nh ",
            json!("Giàng A Sình"),
        ),
        ("head_name", "một\r\nhai ", json!("một\nhai")),
        ("head_name", "  ", Value::Null),
        ("count", " 3 ", json!(3)),
        ("count", "-2", json!(-2)),
        ("area", "10,77", json!(10.77)),
        ("area", "10.77", json!(10.77)),
        ("area", "1.234,5", json!(1234.5)),
        ("area", "3", json!(3.0)),
        ("income", "1.500.000", json!(1_500_000)),
        ("income", "1,500,000 đ", json!(1_500_000)),
        ("income", "1 500 000 đồng", json!(1_500_000)),
        ("income", "1500000VND", json!(1_500_000)),
        ("income", "-1.000", json!(-1000)),
        ("poor", "Có", json!(true)),
        ("poor", "co", json!(true)),
        ("poor", "KHÔNG", json!(false)),
        ("poor", "true", json!(true)),
        ("poor", "0", json!(false)),
        ("day", "2024-03-05", json!("2024-03-05")),
        ("day", "5/3/2024", json!("2024-03-05")),
        ("day", "05-03-2024", json!("2024-03-05")),
        ("at", "2024-03-05T01:30:00Z", json!("2024-03-05T08:30:00+07:00")),
        (
            "at",
            "2024-03-05T08:30:00.5+07:00",
            json!("2024-03-05T08:30:00+07:00"),
        ),
        ("at", "2024-03-05T08:30", json!("2024-03-05T08:30:00+07:00")),
        ("at", "05/03/2024 8:30", json!("2024-03-05T08:30:00+07:00")),
        ("at", "05/03/2024", json!("2024-03-05T00:00:00+07:00")),
        ("kind", "support", json!("support")),
        ("gps", "22.4 103.9", json!("22.4 103.9")),
        ("gps", "22.4, 103.9, 1500, 5", json!("22.4 103.9 1500 5")),
        ("home", upper, json!(upper.to_lowercase())),
        ("unit", "02995", json!("02995")),
        ("secret", "x", json!("x")),
    ] {
        assert_eq!(typed(path, text), Ok(json!([[path, value]])), "{path} {text}");
    }
}

#[test]
fn what_is_refused() {
    let long = "x".repeat(10_001);
    for (path, text, code) in [
        ("nope", "x", "unknown_field"),
        ("head_name/x", "x", "unknown_field"),
        ("members/x/full_name", "x", "unknown_field"),
        ("$kind", "x", "read_only_field"),
        ("review/state", "approved", "read_only_field"),
        ("calc", "1", "read_only_field"),
        ("note", "1", "read_only_field"),
        ("members", "[]", "wrong_type"),
        ("count", "3.0", "wrong_type"),
        ("count", "ba", "wrong_type"),
        ("count", "99999999999999999999", "wrong_type"),
        ("area", "1,2,3", "wrong_type"),
        ("area", "1e5", "wrong_type"),
        ("area", "nan", "wrong_type"),
        ("income", "1.5", "wrong_type"),
        ("income", "1.5000", "wrong_type"),
        ("income", "đ", "wrong_type"),
        ("poor", "maybe", "wrong_type"),
        ("day", "30/02/2024", "wrong_type"),
        ("day", "3/2024", "wrong_type"),
        ("day", "5/3/24", "wrong_type"),
        ("at", "05/03/2024 25:00", "wrong_type"),
        ("at", "08:30", "wrong_type"),
        ("kind", "visit", "unknown_choice"),
        ("needs", "credit house", "unknown_choice"),
        ("needs", "[\"credit\"", "wrong_type"),
        ("needs/house", "true", "unknown_choice"),
        ("needs/credit", "maybe", "wrong_type"),
        ("gps", "122 103", "wrong_type"),
        ("home", "02995", "wrong_type"),
        ("head_name", &long, "too_long"),
    ] {
        assert_eq!(typed(path, text), Err(code), "{path} {text}");
    }
}

#[test]
fn ticked_choices() {
    let whole = json!([
        ["needs/credit", true],
        ["needs/land", "(delete)"],
        ["needs/job", true]
    ]);
    for text in [
        "job credit",
        "credit, job",
        "[\"job\", \"credit\"]",
        "credit,job,credit",
    ] {
        assert_eq!(typed("needs", text), Ok(whole.clone()), "{text}");
    }
    let none = json!([
        ["needs/credit", "(delete)"],
        ["needs/land", "(delete)"],
        ["needs/job", "(delete)"]
    ]);
    assert_eq!(typed("needs", ""), Ok(none));
    assert_eq!(typed("needs/credit", "true"), Ok(json!([["needs/credit", true]])));
    assert_eq!(
        typed("needs/credit", "không"),
        Ok(json!([["needs/credit", "(delete)"]]))
    );
    assert_eq!(
        typed("needs/house", "false"),
        Ok(json!([["needs/house", "(delete)"]]))
    );
}

#[test]
fn rows_by_path() {
    let path = format!("members/{A}/full_name");
    assert_eq!(typed(&path, "Sùng"), Ok(json!([[path, "Sùng"]])));
    let path = format!("members/{A}/names/{B}/value");
    assert_eq!(typed(&path, "Seo"), Ok(json!([[path, "Seo"]])));
    let path = format!("members/{A}/$removed");
    assert_eq!(typed(&path, "true"), Ok(json!([[path, true]])));
    assert_eq!(typed(&path, "x"), Err("wrong_type"));
}

#[test]
fn errors_help() {
    let error = |path: &str, text: &str| edits_from_text(&sample(), path, text).unwrap_err();
    let misspelt = error("head_nam", "x");
    assert_eq!(
        misspelt.message.get("vi"),
        "Biểu mẫu không có trường \"head_nam\"."
    );
    assert_eq!(misspelt.hint.get("en"), "Did you mean: head_name?");
    assert_eq!(
        error("qqqqqqqqqq", "x").hint.get("en"),
        "See the form's list of fields."
    );
    assert_eq!(
        error(&format!("members/{A}/ful_name"), "x").hint.get("en"),
        "Did you mean: members/full_name?"
    );
    let choice = error("kind", "visit");
    assert_eq!(choice.hint.get("vi"), "Các lựa chọn: support, review.");
    assert_eq!(choice.message.get("en"), "label: there is no choice \"visit\".");
    assert_eq!(
        error("count", "ba").message.get("vi"),
        "nhãn: giá trị chưa đúng, cần số nguyên."
    );
    assert_eq!(error("count", "ba").to_string(), "wrong_type at count");
}

/// The edits of a JSON object; new rows get ids that count up.
fn from_json(object: Value) -> Result<Value, AnswerError> {
    let mut next = 0;
    let mut new_row_id = || {
        next += 1;
        format!("0190b5d2-0000-7000-8000-{next:012x}")
    };
    let edits = edits_from_json(&sample(), &object, &mut new_row_id)?;
    Ok(edits
        .iter()
        .map(|(path, edit)| json!([path, shown(edit)]))
        .collect())
}

#[test]
fn objects() {
    let new = |at: u8| format!("0190b5d2-0000-7000-8000-{at:012x}");
    let found = from_json(json!({
        "head_name": " Sùng ", "count": 3, "area": 2, "income": 5.0, "poor": null, "secret": 7,
        "needs/job": true, "needs": {"credit": true, "land": null},
        "members": [
            {"full_name": "Thào", "names": ["Seo"], "wants": ["job"]},
            {"id": A, "$removed": true},
            {},
        ],
        format!("members/{B}/full_name"): "Vàng",
    }));
    let first = new(1);
    assert_eq!(
        found.unwrap(),
        json!([
            ["head_name", "Sùng"],
            ["count", 3],
            ["area", 2.0],
            ["income", 5],
            ["poor", null],
            ["secret", 7],
            ["needs/job", true],
            ["needs/credit", true],
            ["needs/land", "(delete)"],
            [format!("members/{first}/full_name"), "Thào"],
            [format!("members/{first}/names/{}/value", new(2)), "Seo"],
            [format!("members/{first}/wants/credit"), "(delete)"],
            [format!("members/{first}/wants/land"), "(delete)"],
            [format!("members/{first}/wants/job"), true],
            [format!("members/{A}/$removed"), true],
            [format!("members/{}/$removed", new(3)), false],
            [format!("members/{B}/full_name"), "Vàng"],
        ])
    );
}

#[test]
fn objects_that_are_refused() {
    for (object, code) in [
        (json!([]), "not_a_record"),
        (json!({"nope": 1}), "unknown_field"),
        (json!({"$kind": "x"}), "read_only_field"),
        (json!({"review/state": "x"}), "read_only_field"),
        (json!({"calc": 1}), "read_only_field"),
        (json!({"count": 1.5}), "wrong_type"),
        (json!({"count": true}), "wrong_type"),
        (json!({"count": [1]}), "wrong_type"),
        (json!({"head_name": 5}), "wrong_type"),
        (json!({"needs": ["house"]}), "unknown_choice"),
        (json!({"needs": [1]}), "wrong_type"),
        (json!({"needs": true}), "wrong_type"),
        (json!({"needs": {"house": true}}), "unknown_choice"),
        (json!({"members": {}}), "wrong_type"),
        (json!({"members": [1]}), "wrong_type"),
        (json!({"members": [{"id": "x"}]}), "wrong_type"),
        (json!({"members": [{"id": A}, {"id": A}]}), "wrong_type"),
        (json!({"members": [{"nope": 1}]}), "unknown_field"),
        (json!({"members": vec![json!({}); 501]}), "too_many_rows"),
    ] {
        assert_eq!(from_json(object.clone()).unwrap_err().code, code, "{object}");
    }
}
