//! Flat answers, nested and in words.

use schemas::form::{Field, FieldKind, Form};
use schemas::project::{display, label, labelled, project, row_answers, thousands};
use schemas::value::Scalar;
use serde_json::json;

use crate::support::{A, B, answers, form_with};

fn household() -> Form {
    form_with(
        json!({}),
        json!([
            {"type": "text", "name": "head_name", "label": {"vi": "Chủ hộ", "en": "Head"}},
            {"type": "begin_group", "name": "g"},
            {"type": "select_multiple needs", "name": "needs", "label": {"vi": "Nhu cầu", "en": "Needs"}},
            {"type": "end_group"},
            {"type": "begin_repeat", "name": "members"},
            {"type": "text", "name": "full_name"},
            {"type": "date", "name": "birth_date", "label": {"vi": "Ngày sinh", "en": "Born"}},
            {"type": "begin_repeat", "name": "other_names"},
            {"type": "text", "name": "value"},
            {"type": "end_repeat"},
            {"type": "end_repeat"},
        ]),
        json!({"needs": ["credit", "land", "job"]}),
    )
    .0
}

fn record() -> schemas::value::Answers {
    answers(json!({
        "$kind": "household", "review/state": "approved", "old_field": 5, "head_name": null,
        "needs/job": true, "needs/credit": true, "needs/land": false, "needs/newer": true,
        format!("members/{A}/full_name"): "Sùng", format!("members/{A}/birth_date"): "1990-12-31",
        format!("members/{A}/other_names/{B}/value"): "Seo", format!("members/{A}/gone"): "x",
        format!("members/{B}/full_name"): "Thào", format!("members/{B}/$removed"): true,
    }))
}

#[test]
fn nested_in_form_order() {
    let nested = project(&household(), &record());
    let expected = json!({
        "head_name": null,
        "needs": ["credit", "job", "newer"],
        "members": [{
            "id": A, "full_name": "Sùng", "birth_date": "1990-12-31",
            "other_names": [{"id": B, "value": "Seo"}],
        }],
        "$kind": "household", format!("members/{A}/gone"): "x", "old_field": 5, "review/state": "approved",
    });
    assert_eq!(nested.to_string(), expected.to_string(), "order counts too");
    assert_eq!(project(&household(), &answers(json!({}))), json!({}));
    let unticked = answers(json!({"needs/land": false}));
    assert_eq!(project(&household(), &unticked), json!({"needs": []}));
}

#[test]
fn in_words() {
    let found = labelled(&household(), &record(), "vi");
    let lines: Vec<String> = found
        .iter()
        .map(|line| format!("{}: {}", line.label, line.text))
        .collect();
    assert_eq!(
        lines,
        [
            "Nhu cầu: nhãn credit, nhãn job, newer",
            "nhãn: Sùng",
            "Ngày sinh: 31/12/1990",
            "nhãn: Seo"
        ]
    );
    let form = household();
    assert_eq!(label(&form, "needs/land", "en"), "Needs: label land");
    assert_eq!(label(&form, &format!("members/{A}/birth_date"), "en"), "Born");
    assert_eq!(label(&form, "old_field", "vi"), "old_field");
}

#[test]
fn values_as_people_read_them() {
    for (kind, value, vietnamese, english) in [
        (
            FieldKind::Money,
            Scalar::Int(1_500_000),
            "1.500.000 đ",
            "1.500.000 đ",
        ),
        (FieldKind::Decimal, Scalar::Decimal(10.77), "10,77", "10.77"),
        (FieldKind::Boolean, Scalar::Bool(true), "Có", "Yes"),
        (FieldKind::Boolean, Scalar::Bool(false), "Không", "No"),
        (
            FieldKind::Date,
            Scalar::from("2024-03-05"),
            "05/03/2024",
            "05/03/2024",
        ),
        (
            FieldKind::DateTime,
            Scalar::from("2024-03-05T01:30:00Z"),
            "05/03/2024 08:30",
            "05/03/2024 08:30",
        ),
        (FieldKind::Date, Scalar::from("soon"), "soon", "soon"),
        (FieldKind::Text, Scalar::from("ộ"), "ộ", "ộ"),
        (FieldKind::Integer, Scalar::Int(-3), "-3", "-3"),
        (FieldKind::Text, Scalar::Null, "", ""),
    ] {
        let field = Field::new("x", kind);
        assert_eq!(display(&field, &value, "vi"), vietnamese);
        assert_eq!(display(&field, &value, "en"), english);
    }
    for (number, text) in [
        (0, "0"),
        (999, "999"),
        (-1000, "-1.000"),
        (i64::MIN, "-9.223.372.036.854.775.808"),
    ] {
        assert_eq!(thousands(number), text);
    }
}

#[test]
fn a_row_as_a_record_of_its_own() {
    let row = row_answers(&record(), &format!("members/{A}/"));
    assert_eq!(row["full_name"], Scalar::from("Sùng"));
    assert_eq!(row.len(), 4);
}
