//! Rules about a household and its members (domain §8.1, §8.2).

use schemas::value::{Answers, Scalar};
use serde_json::{Value, json};

use super::{World, found};
use crate::support::{A, B, answers};

/// A household of a man of 40 and a child of 8, complete.
fn household() -> Value {
    let common =
        |field: &str, value: Value| [A, B].map(|id| (format!("members/{id}/{field}"), value.clone()));
    let units = schemas::unit::UnitTree::from_json(schemas::unit::DEMO_VILLAGES_JSON);
    assert!(units.is_err(), "villages alone are no tree");
    let mut record = json!({
        "village_id": village(), "head_name": "Giàng A Mẫu", "head_member_id": A, "area_type": "rural",
        "ethnicity_code": "08", "move_status": "resident", "declared_count": 2,
    });
    let fields = record.as_object_mut().unwrap();
    for (path, value) in [
        common("ethnicity_code", json!("08")),
        common("sex", json!("male")),
        common("birth_precision", json!("day")),
        common("has_health_insurance", json!(true)),
        common("presence", json!("present")),
    ]
    .into_iter()
    .flatten()
    {
        fields.insert(path, value);
    }
    for (id, own) in [
        (
            A,
            json!({"full_name": "Giàng A Mẫu", "relation": "head", "birth_date": "1986-03-01", "able_to_work": true,
                   "education_level": "primary", "skill_level": "none", "employment_status": "employed",
                   "job_kind": "farm_family", "stable_income": false}),
        ),
        (
            B,
            json!({"full_name": "Giàng Thị Mẫu", "relation": "child", "birth_date": "2018-05-20",
                   "schooling_now": "tieu_hoc", "malnourished": false}),
        ),
    ] {
        for (field, value) in own.as_object().unwrap() {
            fields.insert(format!("members/{id}/{field}"), value.clone());
        }
    }
    record
}

fn village() -> String {
    let world = World::new(json!({}));
    let village = world.units.iter().find(|unit| unit.invented).unwrap();
    village.id.clone()
}

/// The findings after some changes; `null` takes an answer away.
fn after(changes: Value) -> Vec<String> {
    let mut record = household();
    let fields = record.as_object_mut().unwrap();
    for (path, value) in changes.as_object().unwrap() {
        fields.insert(path.clone(), value.clone());
    }
    found(&World::new(json!({})).run("household", &answers(record)))
}

fn of(id: &str, field: &str) -> String {
    format!("members/{id}/{field}")
}

#[test]
fn a_complete_household_has_no_findings() {
    let evaluation = World::new(json!({})).run("household", &answers(household()));
    assert_eq!(found(&evaluation), Vec::<String>::new());
    assert_eq!(evaluation.computed["member_count"], Scalar::Int(2));
    assert_eq!(evaluation.computed["no_labour_capacity"], Scalar::Bool(false));
    assert_eq!(evaluation.computed[&of(A, "birth_year")], Scalar::Int(1986));
}

#[test]
fn rules_of_the_household() {
    for (case, changes, expected) in [
        ("a village", json!({"village_id": null}), "village_id required"),
        (
            "exactly one head",
            json!({of(B, "relation"): "head"}),
            "members constraint",
        ),
        (
            "declared and listed agree",
            json!({"declared_count": 3}),
            "declared_count constraint",
        ),
        ("a phone number", json!({"phone": "12345"}), "phone constraint"),
        (
            "accuracy within 100 m",
            json!({"gps": "22.5 104.1 900 250"}),
            "gps constraint",
        ),
        (
            "a date of moving",
            json!({"move_status": "moved_out"}),
            "move_date required",
        ),
    ] {
        assert_eq!(after(changes), [expected], "{case}");
    }
    for (case, changes) in [
        ("a landline", json!({"phone": "02143820123"})),
        ("a good position", json!({"gps": "22.5 104.1 900 12"})),
        ("a position without accuracy", json!({"gps": "22.5 104.1"})),
    ] {
        assert_eq!(after(changes), Vec::<String>::new(), "{case}");
    }
    let commune = World::new(json!({}))
        .units
        .iter()
        .find(|unit| unit.name == "Pa Cheo")
        .unwrap()
        .id
        .clone();
    assert_eq!(
        after(json!({"village_id": commune})),
        ["village_id constraint"],
        "level village"
    );
}

#[test]
fn rules_of_a_member() {
    for (case, changes, expected) in [
        (
            "12 digits",
            json!({of(A, "id_number"): "01008600012"}),
            of(A, "id_number") + " constraint",
        ),
        (
            "9 digits",
            json!({of(A, "legacy_id"): "06312345"}),
            of(A, "legacy_id") + " constraint",
        ),
        (
            "at most 120 years old",
            json!({of(A, "birth_date"): "1905-11-22"}),
            of(A, "birth_date") + " constraint",
        ),
        (
            "schooling from 3",
            json!({of(B, "schooling_now"): null}),
            of(B, "schooling_now") + " required",
        ),
        (
            "malnourished under 16",
            json!({of(B, "malnourished"): null}),
            of(B, "malnourished") + " required",
        ),
        (
            "able from 15",
            json!({of(A, "able_to_work"): null}),
            of(A, "able_to_work") + " required",
        ),
        (
            "work when able",
            json!({of(A, "employment_status"): null, of(A, "job_kind"): null, of(A, "stable_income"): null}),
            of(A, "employment_status") + " required",
        ),
        (
            "contract of wage work",
            json!({of(A, "job_kind"): "wage"}),
            of(A, "has_contract") + " required",
        ),
        (
            "stable income when employed",
            json!({of(A, "stable_income"): null}),
            of(A, "stable_income") + " required",
        ),
        (
            "since when away",
            json!({of(A, "presence"): "away_work"}),
            of(A, "presence_since") + " required",
        ),
    ] {
        assert_eq!(after(changes), [expected], "{case}");
    }
}

#[test]
fn nobody_is_born_tomorrow() {
    let findings = after(json!({of(B, "birth_date"): "2026-11-24"}));
    assert!(findings.contains(&(of(B, "birth_date") + " constraint")));
}

#[test]
fn members_who_left_do_not_count() {
    let gone =
        json!({of(B, "presence"): "moved", of(B, "presence_since"): "2026-01-01", "declared_count": 1});
    let mut record = household();
    record
        .as_object_mut()
        .unwrap()
        .extend(gone.as_object().unwrap().clone());
    let evaluation = World::new(json!({})).run("household", &answers(record));
    assert_eq!(evaluation.computed["member_count"], Scalar::Int(1));
    assert_eq!(found(&evaluation), Vec::<String>::new());
}

#[test]
fn an_id_number_is_held_against_sex_and_birth() {
    // Circular 07/2016/TT-BCA: digit 4 says century and sex, digits 5 and 6 the year; 010 is Lào Cai.
    let world = World::new(json!({}));
    let row = "members/0190b5d2-0000-7000-8000-0000000000a1";
    let warnings = |number: &str, sex: &str, birth: &str| -> Vec<String> {
        let mut household = Answers::new();
        for (field, value) in [("id_number", number), ("sex", sex), ("birth_date", birth)] {
            household.insert(format!("{row}/{field}"), value.into());
        }
        let findings = world.run("household", &household).findings;
        let about_it = findings
            .into_iter()
            .filter(|finding| finding.path == format!("{row}/id_number"));
        about_it
            .map(|finding| format!("{} {:?}", finding.code, finding.severity))
            .collect()
    };
    assert_eq!(warnings("010185000123", "female", "1985-01-01"), [""; 0]);
    assert_eq!(
        warnings("010085000123", "female", "1985-01-01"),
        ["id_number_sex_mismatch Warning"]
    );
    assert_eq!(
        warnings("010185000123", "female", "1986-01-01"),
        ["id_number_year_mismatch Warning"]
    );
    assert_eq!(
        warnings("003185000123", "female", "1985-01-01"),
        ["id_number_prefix_unknown Warning"]
    );
    assert_eq!(
        warnings("01018500012", "female", "1985-01-01"),
        ["constraint Error"],
        "the form's own rule"
    );
}
