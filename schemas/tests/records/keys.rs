//! Keys that make ids, and keys that propose duplicates.

use schemas::catalog::Catalog;
use schemas::key::{strong_key, weak_keys};
use serde_json::json;

use crate::support::{A, B, answers, form_with};

#[test]
fn strong_keys_of_an_attendance() {
    let form = Catalog::builtin().form("job_fair_attendance").unwrap();
    let key = |object| strong_key(form, &answers(object));
    assert_eq!(
        key(json!({"fair_id": A, "id_number": "010190000001"})),
        Some(format!("0|{A}|010190000001"))
    );
    assert_eq!(
        key(json!({"fair_id": A, "person_ref": B})),
        Some(format!("1|{A}|{B}"))
    );
    assert_eq!(
        key(json!({"fair_id": A, "id_number": "", "person_ref": B})),
        Some(format!("1|{A}|{B}"))
    );
    assert_eq!(key(json!({"fair_id": A, "id_number": null})), None);
    assert_eq!(key(json!({})), None);
}

#[test]
fn weak_keys_of_an_attendance() {
    let form = Catalog::builtin().form("job_fair_attendance").unwrap();
    let record =
        answers(json!({"fair_id": A, "full_name": "Giàng  A Sình", "birth_year": 1990, "sex": "male"}));
    let keys = weak_keys(form, &record);
    assert_eq!(keys.len(), 2, "the others lack a part");
    assert!(!keys[0].near && keys[1].near);
    assert_eq!(keys[1].store, format!("3|{A}|1990|giang a sinh"));
    assert_eq!(keys[0].store, format!("0|{A}|giang a sinh|1990"));
    let years: Vec<&str> = keys[0]
        .lookups
        .iter()
        .filter_map(|key| key.rsplit('|').next())
        .collect();
    assert_eq!(years, ["1989", "1990", "1991"]);
}

#[test]
fn every_part() {
    let settings = json!({
        "strong_key": [["a", "day(at)", "month(at)", "year(at)"], ["a"]],
        "weak_keys": [["year(born)~1", "n~1"], ["b"], ["a~1"], ["c"]],
    });
    let rows = json!([
        {"type": "text", "name": "a"}, {"type": "dateTime", "name": "at"}, {"type": "date", "name": "born"},
        {"type": "integer", "name": "n"}, {"type": "boolean", "name": "b"}, {"type": "decimal", "name": "c"},
    ]);
    let (form, _) = form_with(settings, rows, json!({}));
    // Eleven at night in Greenwich is the next day in Lào Cai.
    let record = json!({"a": "x|y\\z", "at": "2023-12-31T23:00:00Z", "born": "1990-05-05", "n": 3, "b": true, "c": 1.5});
    let record = answers(record);
    assert_eq!(
        strong_key(&form, &record).unwrap(),
        "0|x\\|y\\\\z|2024-01-01|2024-01|2024"
    );
    assert_eq!(strong_key(&form, &answers(json!({"a": "x"}))).unwrap(), "1|x");
    assert_eq!(
        strong_key(&form, &answers(json!({"a": "x", "at": "soon"}))).unwrap(),
        "1|x"
    );
    let keys = weak_keys(&form, &record);
    let stores: Vec<&str> = keys.iter().map(|key| key.store.as_str()).collect();
    assert_eq!(stores, ["0|1990|3", "1|true", "2|x\\|y\\\\z", "3|1.5"]);
    let counts: Vec<usize> = keys.iter().map(|key| key.lookups.len()).collect();
    assert_eq!(counts, [9, 1, 1, 1]);
    assert!(keys.iter().all(|key| key.lookups.contains(&key.store)));
}

#[test]
fn the_same_name_typed_twice_is_one_key() {
    let (form, _) = form_with(
        json!({"strong_key": [["code"]], "weak_keys": [["~code"]]}),
        json!([{"type": "text", "name": "code"}]),
        json!({}),
    );
    let composed = answers(json!({"code": "Nguyễn Thị Hoà"}));
    let decomposed = answers(json!({"code": "Nguye\u{302}\u{303}n Thi\u{323} Hoa\u{300}"}));
    assert_eq!(strong_key(&form, &composed), strong_key(&form, &decomposed));
    assert_eq!(weak_keys(&form, &composed)[0].store, "0|nguyen thi hoa");
    let escaped = |code: &str| strong_key(&form, &answers(json!({"code": code})));
    assert_ne!(escaped("a|b"), escaped("a\\|b"));
}
