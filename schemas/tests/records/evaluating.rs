//! Visibility, calculated values and findings of records.

use schemas::catalog::Catalog;
use schemas::eval::{choices_for, evaluate};
use schemas::finding::Severity;
use schemas::form::Form;
use schemas::value::Scalar;
use serde_json::json;

use crate::support::{A, B, C, answers, codes, context, form, form_with, run};

#[test]
fn relevance_cascades() {
    let form = form(json!([
        {"type": "boolean", "name": "met"},
        {"type": "begin_group", "name": "interview", "relevant": "${met} = true()"},
        {"type": "text", "name": "wish", "required": "true()"},
        {"type": "begin_repeat", "name": "members"},
        {"type": "text", "name": "full_name", "required": "true()"},
        {"type": "calculate", "name": "upper", "calculation": "concat(${full_name}, '!')"},
        {"type": "end_repeat"},
        {"type": "end_group"},
        {"type": "text", "name": "why", "relevant": "count(${members}) = 0"},
    ]));
    let path = |field: &str| format!("members/{A}/{field}");
    let record = json!({"met": true, "wish": "vay vốn", path("full_name"): "Vàng"});
    let shown = run(&form, record);
    assert_eq!(codes(&shown.findings), [""; 0]);
    for visible in [
        "met",
        "interview",
        "wish",
        "members",
        &path("full_name"),
        &path("upper"),
    ] {
        assert!(shown.visible.contains(visible), "{visible}");
    }
    assert!(!shown.visible.contains("why"));
    assert_eq!(shown.computed[&path("upper")], Scalar::from("Vàng!"));

    let hidden = run(
        &form,
        json!({"met": false, "wish": "vay vốn", path("full_name"): "Vàng"}),
    );
    assert_eq!(hidden.visible.into_iter().collect::<Vec<_>>(), ["met", "why"]);
    assert!(hidden.computed.is_empty());
    assert_eq!(
        codes(&hidden.findings),
        [
            format!("{} answer_hidden", path("full_name")),
            "wish answer_hidden".into()
        ]
    );
    assert!(
        hidden
            .findings
            .iter()
            .all(|finding| finding.severity == Severity::Info)
    );
}

#[test]
fn required_and_constraints() {
    let form = form(json!([
        {"type": "integer", "name": "age", "required": "true()", "constraint": ". >= 0 and . <= 120",
         "constraint_message": {"vi": "Tuổi sai", "en": "Wrong age"}},
        {"type": "text", "name": "school", "required": "${age} < 16"},
        {"type": "integer", "name": "year", "constraint": ". <= 2024", "severity": "warning"},
        {"type": "begin_repeat", "name": "causes", "required": "${age} > 60", "constraint": "count(.) <= 1"},
        {"type": "text", "name": "value"},
        {"type": "end_repeat"},
    ]));
    assert_eq!(codes(&run(&form, json!({})).findings), ["age required"]);
    assert_eq!(
        codes(&run(&form, json!({"age": null})).findings),
        ["age required"]
    );
    assert_eq!(
        codes(&run(&form, json!({"age": 5})).findings),
        ["school required"]
    );
    assert_eq!(
        codes(&run(&form, json!({"age": 61})).findings),
        ["causes required"]
    );
    let found = run(
        &form,
        json!({"age": 130, "year": 2030, format!("causes/{A}/value"): "a", format!("causes/{B}/value"): "b"}),
    );
    assert_eq!(
        codes(&found.findings),
        ["age constraint", "year constraint", "causes constraint"]
    );
    let severities: Vec<Severity> = found.findings.iter().map(|finding| finding.severity).collect();
    assert_eq!(severities, [Severity::Error, Severity::Warning, Severity::Error]);
    assert_eq!(found.findings[0].text("vi"), "Tuổi sai");
    assert_eq!(found.findings[1].text("en"), "The answer breaks a rule: label.");
}

#[test]
fn stored_values_of_the_wrong_kind() {
    let id = "0190b5d2-7c1a-7def-8a11-0123456789ab";
    let (form, _) = form_with(
        json!({}),
        json!([
            {"type": "integer", "name": "n", "constraint": ". > 0"}, {"type": "decimal", "name": "d"},
            {"type": "boolean", "name": "b"}, {"type": "date", "name": "day"}, {"type": "dateTime", "name": "at"},
            {"type": "select_one l", "name": "one"}, {"type": "select_multiple l", "name": "many"},
            {"type": "geopoint", "name": "gps"}, {"type": "money", "name": "vnd"},
            {"type": "reference household", "name": "home"}, {"type": "text", "name": "t"},
        ]),
        json!({"l": ["a", "b"]}),
    );
    let good = json!({
        "n": 1, "d": 2, "b": false, "day": "2024-01-01", "at": "2024-01-01T00:00:00+07:00", "one": "a",
        "many/a": true, "gps": "22.4 103.9 0 0", "vnd": 5, "home": id, "t": "x", "$kind": "test", "review/state": "x",
    });
    assert_eq!(codes(&run(&form, good).findings), [""; 0]);
    let bad = json!({
        "n": "1", "d": "x", "b": 1, "day": "01/01/2024", "at": "2024-01-01", "one": "c",
        "many/c": true, "many/b": false, "gps": "here", "vnd": 1.5, "home": "x", "t": 5, "old_field": "x",
    });
    let found = run(&form, bad).findings;
    assert_eq!(
        codes(&found),
        [
            "n wrong_type",
            "d wrong_type",
            "b wrong_type",
            "day wrong_type",
            "at wrong_type",
            "one unknown_choice",
            "many unknown_choice",
            "gps wrong_type",
            "vnd wrong_type",
            "home wrong_type",
            "t wrong_type",
            "old_field unknown_field",
        ]
    );
    assert_eq!(
        found[3].text("vi"),
        "nhãn: giá trị chưa đúng, cần ngày dd/mm/yyyy."
    );
    assert_eq!(
        codes(&run(&form, json!({"many": "a b"})).findings),
        ["many wrong_type"]
    );
    let long = "x".repeat(10_001);
    assert_eq!(codes(&run(&form, json!({"t": long})).findings), ["t too_long"]);
}

fn villages() -> Form {
    let label = json!({"vi": "x", "en": "x"});
    let village = |name: &str, commune: &str| json!({"name": name, "label": label, "commune": commune});
    form_with(
        json!({}),
        json!([
            {"type": "text", "name": "commune"},
            {"type": "select_one villages", "name": "village", "choice_filter": "commune = ${commune}"},
            {"type": "begin_repeat", "name": "visits"},
            {"type": "text", "name": "skip"},
            {"type": "select_multiple villages", "name": "seen", "choice_filter": "commune = ${commune} and name != ${skip}"},
            {"type": "end_repeat"},
        ]),
        json!({"villages": [village("v1", "a"), village("v2", "a"), village("v3", "b")]}),
    )
    .0
}

#[test]
fn choice_filters() {
    let form = villages();
    let seen = format!("visits/{A}/seen");
    let offered = |object, path: &str| {
        let record = answers(object);
        let found = choices_for(&form, &record, path, &context());
        found
            .into_iter()
            .map(|choice| choice.name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(offered(json!({"commune": "a"}), "village"), ["v1", "v2"]);
    assert_eq!(offered(json!({}), "village"), [""; 0]);
    let record = json!({"commune": "a", format!("visits/{A}/skip"): "v1"});
    assert_eq!(offered(record.clone(), &seen), ["v2"]);
    assert_eq!(offered(record.clone(), "commune"), [""; 0]);
    assert_eq!(offered(record, "nope"), [""; 0]);

    let found = run(
        &form,
        json!({"commune": "b", "village": "v1", format!("{seen}/v3"): true, format!("visits/{A}/skip"): "v1"}),
    );
    assert_eq!(codes(&found.findings), ["village choice_not_offered"]);
}

#[test]
fn a_calculation_is_a_proposal_where_people_may_answer() {
    let form = form(json!([
        {"type": "integer", "name": "area"},
        {"type": "boolean", "name": "lacks_area", "calculation": "${area} < 8"},
        {"type": "integer", "name": "half", "calculation": "${area} div 2"},
        {"type": "date", "name": "next", "calculation": "add-days(today(), 30)"},
        {"type": "calculate", "name": "score", "calculation": "if(${lacks_area} = true(), 10, 0)"},
    ]));
    let proposed = run(&form, json!({"area": 7}));
    assert_eq!(proposed.computed["lacks_area"], Scalar::Bool(true));
    assert_eq!(proposed.computed["score"], Scalar::Int(10));
    assert_eq!(proposed.computed["next"], Scalar::from("2024-04-04"));
    assert_eq!(proposed.computed.get("half"), None, "3.5 is no integer");
    let overridden = run(&form, json!({"area": 7, "lacks_area": false, "score": 99}));
    assert_eq!(overridden.computed.get("lacks_area"), None);
    assert_eq!(overridden.computed["score"], Scalar::Int(0));
    let merged = overridden.merged(&answers(json!({"area": 7, "score": 99})));
    assert_eq!(merged["score"], Scalar::Int(0));
}

#[test]
fn rows_that_were_taken_out_say_nothing() {
    let form = form(json!([
        {"type": "begin_repeat", "name": "members", "required": "true()"},
        {"type": "integer", "name": "age", "required": "true()"},
        {"type": "text", "name": "school", "required": "true()"},
        {"type": "end_repeat"},
    ]));
    let path = |row: &str, field: &str| format!("members/{row}/{field}");
    let record = json!({
        path(A, "age"): "x", path(A, "$removed"): true, path(B, "age"): 5, path(B, "school"): "x", path(B, "$removed"): false,
        path(C, "$removed"): true,
    });
    let found = run(&form, record);
    assert_eq!(codes(&found.findings), [""; 0]);
    assert_eq!(found.visible.len(), 3);
    assert_eq!(
        codes(&run(&form, json!({path(A, "$removed"): true})).findings),
        ["members required"]
    );
    let empty = run(&form, json!({path(A, "$removed"): false}));
    assert_eq!(
        codes(&empty.findings),
        [
            format!("members/{A}/age required"),
            format!("members/{A}/school required")
        ]
    );
}

#[test]
fn a_household_of_the_builtin_form() {
    let form = Catalog::builtin().form("household").unwrap();
    let member = |row: &str, field: &str| format!("members/{row}/{field}");
    let mut record = json!({
        "village_id": "02995", "head_name": "Giàng A Sình", "declared_count": 3,
        member(A, "full_name"): "Giàng A Sình", member(A, "birth_date"): "1980-01-01", member(A, "able_to_work"): true,
        member(A, "presence"): "present", member(B, "birth_date"): "2015-01-01", member(B, "presence"): "present",
        member(C, "presence"): "deceased", member(C, "full_name"): "Giàng Seo",
    });
    record[member(A, "other_names") + &format!("/{B}/value")] = json!("Sùng");
    let found = evaluate(form, &answers(record), &context());
    assert_eq!(found.computed["member_count"], Scalar::Int(2));
    assert_eq!(found.computed["no_labour_capacity"], Scalar::Bool(false));
    assert_eq!(found.computed[&member(A, "birth_year")], Scalar::Int(1980));
    assert!(!found.visible.contains(&member(B, "able_to_work")));
    let codes = codes(&found.findings);
    assert!(
        codes.contains(&format!("members/{B}/full_name required")),
        "{codes:?}"
    );
    assert!(
        !codes.iter().any(|code| code.contains("unknown_field")),
        "{codes:?}"
    );
}
