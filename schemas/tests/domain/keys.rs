//! Which records are the same, and which only may be (domain §8.11).

use schemas::key::{strong_key, weak_keys};
use serde_json::{Value, json};

use super::form;
use crate::support::answers;

fn strong(kind: &str, record: Value) -> Option<String> {
    strong_key(form(kind), &answers(record))
}

/// True when one record looks up what the other stores.
fn may_be_same(kind: &str, a: &Value, b: &Value) -> bool {
    let keys = |record: &Value| weak_keys(form(kind), &answers(record.clone()));
    let stored: Vec<String> = keys(b).into_iter().map(|key| key.store).collect();
    keys(a)
        .iter()
        .flat_map(|key| &key.lookups)
        .any(|lookup| stored.contains(lookup))
}

#[test]
fn an_attendance_is_fair_and_person() {
    let at = |more: Value| {
        let mut record =
            json!({"fair_id": "f", "full_name": "Giàng A Sình", "birth_year": 1990, "sex": "male"});
        record
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        record
    };
    let id = at(json!({"id_number": "010090000123"}));
    let member = at(json!({"person_ref": "m"}));
    let both = at(json!({"id_number": "010090000123", "person_ref": "m"}));
    let key = |record: &Value| strong("job_fair_attendance", record.clone());
    assert!(
        key(&id).is_some() && key(&id) == key(&both),
        "the 12 digits come first"
    );
    assert_ne!(key(&id), key(&member));
    assert_eq!(key(&at(json!({}))), None, "a name makes no id");
    // Cross-check of both strong forms, and the spelling without marks a year off.
    assert!(may_be_same("job_fair_attendance", &id, &member));
    let spelt = json!({"fair_id": "f", "full_name": "GIANG A SINH", "birth_year": 1991});
    assert!(may_be_same("job_fair_attendance", &id, &spelt));
    let older = json!({"fair_id": "f", "full_name": "Giàng A Sình", "birth_year": 1992});
    assert!(!may_be_same("job_fair_attendance", &id, &older));
    let phone = |fair: &str| json!({"fair_id": fair, "phone": "0912345678", "full_name": fair});
    assert!(may_be_same("job_fair_attendance", &phone("f"), &phone("f")));
    assert!(!may_be_same("job_fair_attendance", &phone("f"), &phone("g")));
}

#[test]
fn a_review_is_household_round_and_standard() {
    let review = |visitor: &str, standard: &str| {
        strong(
            "household_visit",
            json!({"household_id": "h", "review_round_id": "periodic-2026", "standard_id": standard,
                   "visited_at": "2026-11-23T08:00:00+07:00", "visit_type": "periodic_review", "visitor_id": visitor}),
        )
    };
    assert_eq!(review("a", "VN-2022-2025"), review("b", "VN-2022-2025"));
    assert_ne!(
        review("a", "VN-2022-2025"),
        review("a", "VN-2027-2030"),
        "one assessment per standard"
    );
    let support = |visitor: &str, at: &str| {
        strong(
            "household_visit",
            json!({"household_id": "h", "visited_at": at, "visit_type": "support", "visitor_id": visitor}),
        )
    };
    assert_eq!(
        support("a", "2026-11-23T08:00:00+07:00"),
        support("a", "2026-11-23T09:30:00+07:00")
    );
    assert_ne!(
        support("a", "2026-11-23T08:00:00+07:00"),
        support("b", "2026-11-23T08:00:00+07:00")
    );
}

#[test]
fn the_other_kinds() {
    assert_eq!(
        strong(
            "household",
            json!({"village_id": "v", "head_name": "A", "head_birth_year": 1980})
        ),
        None
    );
    assert!(strong("job_fair", json!({"code": "PGD-2024-02842-01"})).is_some());
    assert_eq!(strong("job_fair", json!({"name": "A"})), None);
    assert!(
        strong(
            "labour_survey",
            json!({"round": "2024-1", "id_number": "010090000123"})
        )
        .is_some()
    );
    let class = |start: &str| {
        strong(
            "vocational_class",
            json!({"provider": "P", "code": "1", "start_on": start}),
        )
    };
    assert_eq!(class("2024-03-01"), class("2024-09-01"), "provider, year, code");
    assert_ne!(class("2024-03-01"), class("2025-03-01"));
    assert!(
        strong(
            "vocational_enrolment",
            json!({"class_id": "c", "person_ref": "m"})
        )
        .is_some()
    );
    assert!(
        strong(
            "commune_indicator",
            json!({"unit_id": "u", "code": "major_outbreaks", "period": "2024"})
        )
        .is_some()
    );
    let tuition = |person: &str| {
        let record = json!({"household_id": "h", "person_ref": person, "programme": "P", "decision_no": "1", "kind": "tuition"});
        strong("support_measure", record)
    };
    assert_ne!(tuition("a"), tuition("b"), "two children of one household");
    let household = |name: &str| json!({"village_id": "v", "head_name": name, "head_birth_year": 1980});
    assert!(may_be_same(
        "household",
        &household("Ma A Đề"),
        &household("MA A DE")
    ));
}
