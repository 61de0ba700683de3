//! JSON → form: hard errors, recoverable rows, bounds, arbitrary input.

use proptest::prelude::*;
use schemas::eval::evaluate;
use schemas::form::{FieldKey, FieldKind, Pii, Shared, Target, Writer};
use schemas::lint::lint;
use schemas::parse::parse;
use serde_json::{Value, json};

use crate::support::{A, B, answers, codes, context, form, form_with};

#[test]
fn what_is_no_form_at_all() {
    let settings = json!({"form_id": "a", "version": 1});
    for (text, code) in [
        ("{".to_owned(), "form_not_json"),
        ("[]".to_owned(), "form_incomplete"),
        ("{}".to_owned(), "form_incomplete"),
        (json!({"settings": settings}).to_string(), "form_incomplete"),
        (
            json!({"settings": {"form_id": "a b", "version": 1}, "survey": []}).to_string(),
            "form_bad_id",
        ),
        (
            json!({"settings": {"form_id": "a", "version": 0}, "survey": []}).to_string(),
            "form_bad_version",
        ),
        (
            json!({"settings": {"form_id": "a", "version": "1"}, "survey": []}).to_string(),
            "form_bad_version",
        ),
        (" ".repeat((1 << 20) + 1), "form_too_large"),
        ("[".repeat(100_000), "form_not_json"),
    ] {
        assert_eq!(
            parse(&text).unwrap_err().code(),
            code,
            "{}",
            &text[..text.len().min(80)]
        );
    }
}

#[test]
fn every_column_is_read() {
    let settings = json!({
        "unit": "village_id", "shared": "commune", "title_field": "kind",
        "strong_key": [["kind", "day(at)"]], "weak_keys": [["~kind", "year(at)~1"]],
    });
    let rows = json!([{
        "type": "select_one kinds", "name": "kind", "hint": {"vi": "gợi ý", "en": "hint"},
        "required": true, "relevant": "1", "constraint": ". != 'b'",
        "constraint_message": {"vi": "không", "en": "no"}, "severity": "warning",
        "choice_filter": "group = 1", "pii": "sensitive", "conflict": "review", "key": "strong",
        "writer": "reviewer", "appearance": "minimal", "prefill": "'a'",
    }, {"type": "reference admin_unit", "name": "village_id"}, {"type": "dateTime", "name": "at"}]);
    let label = json!({"vi": "x", "en": "x"});
    let choices = json!({"kinds": [{"name": "a", "label": label, "group": 1}, {"name": 2, "label": label}]});
    let (form, findings) = form_with(settings, rows, choices);
    assert!(findings.is_empty(), "{findings:?}");
    let field = form.field("kind").unwrap();
    assert_eq!(field.kind, FieldKind::SelectOne("kinds".into()));
    assert_eq!(field.hint.get("en"), "hint");
    assert_eq!(
        (field.pii, field.writer, field.key),
        (Pii::Sensitive, Writer::Reviewer, Some(FieldKey::Strong))
    );
    assert!(field.has_choice("2") && !field.has_choice("b"));
    assert_eq!(field.choices.as_ref().unwrap().label("a", "vi"), "x");
    assert_eq!(form.settings.shared, Shared::Commune);
    assert_eq!(
        (
            form.settings.strong_key[0].len(),
            form.settings.weak_keys[0].len()
        ),
        (2, 2)
    );
    assert_eq!(form.title.get("vi"), "nhãn");
}

#[test]
fn a_wrong_row_is_a_finding_and_the_rest_stays() {
    let (form, findings) = form_with(
        json!({"colour": "red", "shared": "all", "strong_key": [["a b"]]}),
        json!([
            {"type": "texxt", "name": "one"},
            {"type": "text", "name": "tên"},
            {"type": "text", "name": "id"},
            {"type": "text", "name": "two", "requird": "true()"},
            {"type": "text", "name": "two"},
            {"type": "integer", "name": "three", "constraint": ". > ", "pii": "much"},
            {"type": "select_one nowhere", "name": "four"},
            {"type": "text", "name": "five", "prefill": "what?"},
            {"type": "select_one", "name": "six"},
            7,
        ]),
        json!({"list": ["a", "a", {"name": "b c"}]}),
    );
    assert_eq!(
        codes(&findings),
        [
            "settings/colour unknown_column",
            "settings/shared invalid_setting",
            "settings/strong_key invalid_setting",
            "choices/list duplicate_choice",
            "choices/list invalid_name",
            "one unknown_type",
            "survey/2 invalid_name",
            "survey/3 invalid_name",
            "two unknown_column",
            "two duplicate_name",
            "three expression_syntax",
            "three invalid_setting",
            "four unknown_choice_list",
            "five invalid_prefill",
            "six unknown_type",
            "survey/10 unknown_type",
        ]
    );
    let names: Vec<&str> = form.fields().map(|(path, _)| path).collect();
    assert_eq!(names, ["two", "three", "four", "five"]);
    assert!(
        findings
            .iter()
            .any(|finding| finding.text("en").contains("character 4")),
        "{findings:?}"
    );
}

#[test]
fn begins_and_ends() {
    let (form, findings) = form_with(
        json!({}),
        json!([
            {"type": "end_group"},
            {"type": "begin_group", "name": "g"},
            {"type": "begin_repeat", "name": "r"},
            {"type": "text", "name": "x"},
            {"type": "end_group"},
            {"type": "text", "name": "y"},
        ]),
        json!({}),
    );
    assert_eq!(
        codes(&findings),
        [
            "survey/1 unbalanced_section",
            "r unbalanced_section",
            "g unbalanced_section"
        ]
    );
    let paths: Vec<&str> = form
        .items()
        .iter()
        .map(|item| item.schema_path.as_str())
        .collect();
    assert_eq!(paths, ["g", "r", "r/x", "y"]);
}

#[test]
fn nesting_is_bounded() {
    let mut rows: Vec<Value> = Vec::new();
    for at in 0..30 {
        rows.push(json!({"type": "begin_repeat", "name": format!("r{at}")}));
    }
    rows.push(json!({"type": "text", "name": "x"}));
    rows.extend((0..30).map(|_| json!({"type": "end_repeat"})));
    let (form, findings) = form_with(json!({}), json!(rows), json!({}));
    assert!(findings.iter().any(|finding| finding.code == "form_too_large"));
    let deepest = form
        .items()
        .iter()
        .map(|item| item.schema_path.matches('/').count())
        .max();
    assert_eq!(deepest, Some(3));

    let many: Vec<Value> = (0..2_100)
        .map(|at| json!({"type": "text", "name": format!("f{at}")}))
        .collect();
    let (form, findings) = form_with(json!({}), json!(many), json!({}));
    assert_eq!(
        (form.items().len(), codes(&findings)),
        (2_000, vec!["survey form_too_large".to_owned()])
    );
}

#[test]
fn paths_resolve() {
    let (form, _) = form_with(
        json!({}),
        json!([
            {"type": "begin_group", "name": "g"},
            {"type": "text", "name": "head_name"},
            {"type": "end_group"},
            {"type": "select_multiple needs", "name": "needs"},
            {"type": "begin_repeat", "name": "members"},
            {"type": "text", "name": "full_name"},
            {"type": "begin_repeat", "name": "other_names"},
            {"type": "text", "name": "value"},
            {"type": "end_repeat"},
            {"type": "end_repeat"},
        ]),
        json!({"needs": ["credit"]}),
    );
    let name = |path: &str| {
        form.resolve(path)
            .and_then(|found| Some(found.field()?.name.clone()))
    };
    assert_eq!(name("head_name").as_deref(), Some("head_name"));
    assert_eq!(
        name(&format!("members/{A}/full_name")).as_deref(),
        Some("full_name")
    );
    assert_eq!(
        name(&format!("members/{A}/other_names/{B}/value")).as_deref(),
        Some("value")
    );
    assert!(matches!(
        form.resolve("needs/credit").unwrap().target,
        Target::Option(_, "credit")
    ));
    assert!(matches!(
        form.resolve("needs/newer").unwrap().target,
        Target::Option(_, "newer")
    ));
    let removed = format!("members/{A}/$removed");
    let found = form.resolve(&removed).unwrap();
    assert!(matches!(found.target, Target::Removed(section) if section.name == "members"));
    assert_eq!(
        (found.rows[0].row, found.prefix.len()),
        (A, "members//".len() + 36)
    );
    for path in [
        "g",
        "members",
        "head_name/x",
        "$kind",
        "review/state",
        "nope",
        &format!("nope/{A}/x"),
    ] {
        assert!(form.resolve(path).is_none(), "{path}");
    }
}

/// JSON of the right shape with arbitrary contents.
fn loose_form() -> impl Strategy<Value = Value> {
    let types = prop::sample::select(vec![
        "text",
        "integer",
        "select_one l",
        "select_multiple l",
        "calculate",
        "begin_group",
        "begin_repeat",
        "end_group",
        "end_repeat",
        "reference household",
        "nonsense",
        "note",
    ]);
    let names = prop::sample::select(vec!["a", "b", "c", "members", "$x", ""]);
    let texts = prop::sample::select(vec![
        "${a} > 1",
        "${b}",
        "count(${members})",
        "((",
        ". = ''",
        "name = 'x'",
    ]);
    let row = (types, names, texts.clone(), texts).prop_map(|(kind, name, one, other)| {
        json!({"type": kind, "name": name, "relevant": one, "calculation": other, "constraint": one,
               "choice_filter": other, "form": "a", "required": other, "prefill": name})
    });
    (prop::collection::vec(row, 0..25), any::<u16>(), any::<String>()).prop_map(|(rows, version, text)| {
        json!({"settings": {"form_id": "f", "version": version, "unit": text, "strong_key": [[text]], "title": text},
               "survey": rows, "choices": {"l": [{"name": "x", "label": text}], text: []}})
    })
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in any::<String>()) {
        let _ = parse(&text);
    }

    #[test]
    fn loose_forms_always_evaluate(json in loose_form()) {
        if let Ok((form, _)) = parse(&json.to_string()) {
            let _ = lint(&form);
            let record = answers(json!({"a": 1, "b/x": true, format!("members/{A}/a"): "x", "c": false}));
            let first = evaluate(&form, &record, &context());
            prop_assert_eq!(first, evaluate(&form, &record, &context()));
            let _ = schemas::project::project(&form, &record);
            let _ = schemas::key::weak_keys(&form, &record);
        }
    }
}

#[test]
fn a_bare_label_is_vietnamese() {
    let form = form(json!([{"type": "text", "name": "x", "label": "Họ  tên "}]));
    assert_eq!(form.field("x").unwrap().label.get("en"), "Họ tên");
}
