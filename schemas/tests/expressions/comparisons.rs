//! `= != < <= > >=`, `and`, `or`: kinds, blanks, dates.

use serde_json::json;

use super::{table, worth_of};

#[test]
fn of_one_kind() {
    table(&[
        ("${n} = 7", json!(true)),
        ("${n} = 7.0", json!(true)),
        ("${n} != 7", json!(false)),
        ("${n} >= 7 and ${n} <= 7", json!(true)),
        ("${d} > 2", json!(true)),
        ("${d} < 2.5", json!(false)),
        ("${t} = 'Giàng A Sình'", json!(true)),
        ("'01' = '1'", json!(false)),
        ("'01' = 1", json!(true)),
        ("'a' < 'b'", json!(false)),
        ("'9' < '10'", json!(true)),
    ]);
}

#[test]
fn truth_is_the_stored_truth() {
    table(&[
        ("${b} = true()", json!(true)),
        ("${b} = 'true'", json!(true)),
        ("${b} = 'false'", json!(false)),
        ("${b} != false()", json!(true)),
        ("${b} = 1", json!(true)),
        ("'yes' = true()", json!(false)),
        ("${b} and not(${blank})", json!(true)),
        ("${blank} or ${b}", json!(true)),
        ("'false' or 0", json!(false)),
    ]);
}

#[test]
fn blank_is_equal_to_nothing_but_blank() {
    table(&[
        ("${blank} = ''", json!(true)),
        ("${blank} != ''", json!(false)),
        ("${n} != ''", json!(true)),
        ("'' = ${n}", json!(false)),
        ("${blank} = 'x'", json!(false)),
        ("${blank} != 'x'", json!(false)),
        ("${blank} < 1", json!(false)),
        ("${blank} >= 0", json!(false)),
        ("${n} > ${blank}", json!(false)),
        ("${blank} = ${blank}", json!(true)),
        ("${blank} = false()", json!(false)),
    ]);
}

#[test]
fn dates_compare_as_days() {
    table(&[
        ("${day} < today()", json!(true)),
        ("${at} > '2024-03-01'", json!(true)),
        ("date(${at}) = '2024-03-01'", json!(true)),
        (
            "'2024-03-01T00:00:00Z' = '2024-03-01T07:00:00+07:00'",
            json!(true),
        ),
        ("'2024-03-05' >= today()", json!(true)),
        ("'2024-3-5' >= today()", json!(false)),
        ("${day} + 1 > '2000-03-06'", json!(true)),
    ]);
}

#[test]
fn an_unasked_question_is_blank() {
    let form = crate::support::form(json!([
        {"type": "boolean", "name": "poor"},
        {"type": "integer", "name": "debt", "relevant": "${poor} = true()"},
        {"type": "calculate", "name": "out", "calculation": "${debt} = ''"},
    ]));
    let asked = crate::support::run(&form, json!({"poor": true, "debt": 5}));
    assert_eq!(asked.computed["out"], schemas::value::Scalar::Bool(false));
    let unasked = crate::support::run(&form, json!({"poor": false, "debt": 5}));
    assert_eq!(unasked.computed["out"], schemas::value::Scalar::Bool(true));
    assert_eq!(worth_of("${n} + 1", json!({"n": null})), None);
}
