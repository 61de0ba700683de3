//! The field stories of the first issue.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};
use sync_core::id::RecordId;
use sync_core::policy::{ParkReason, Role};

use crate::world::{World, village};

#[test]
fn two_phones_livestock_roof_phone() {
    let world = World::new();
    let (mut a, mut b) = (world.cadre("Sùng"), world.head("Páo"));
    // Both register the same household under one id, offline.
    let id = "0190b5d2-7c1a-7def-8a11-0123456789ab";
    let wanted: RecordId = id.parse().expect("an id");
    let first = json!({ "village_id": village().0.to_string(), "livestock": 3 });
    a.phone
        .new_record("household", Some(wanted), &first)
        .expect("allowed");
    a.set(id, "roof", "tile");
    a.set(id, "livestock", "4");
    b.phone
        .new_record("household", Some(wanted), &json!({ "phone": "0912345678" }))
        .expect("own village is filled in");
    b.sync();
    a.sync();
    b.sync();
    a.sync();
    for phone in [&a, &b] {
        assert_eq!(phone.data(id, "livestock"), 4);
        assert_eq!(phone.data(id, "roof"), "tile");
        assert_eq!(phone.data(id, "phone"), "0912345678");
        assert_eq!(phone.show(id)["conflicts"], json!([]));
        assert_eq!(phone.show(id)["sync"]["state"], "confirmed");
        let history = phone.history(id);
        assert_eq!(history.len(), 4);
        let by_a: Vec<_> = history.iter().filter(|entry| entry["author"] == "Sùng").collect();
        assert_eq!(by_a.len(), 3);
        let times: std::collections::BTreeSet<_> =
            by_a.iter().map(|entry| entry["claimed_at"].as_str()).collect();
        assert_eq!(times.len(), 3, "each with its own claimed time");
        assert!(history.iter().all(|entry| entry["received_at"].is_string()));
    }
    assert_eq!(a.history(id), b.history(id));
}

#[test]
fn four_phones_register_one_id_number_and_one_person_without() {
    let world = World::new();
    let mut officer = world.phone("Cán bộ huyện", Role::DistrictOfficer, village().1);
    let fair = officer.new_record(
        "job_fair",
        json!({ "host_commune_id": village().1.to_string(), "name": "Phiên Si Ma Cai" }),
    );
    let fair = fair["id"].as_str().expect("an id").to_owned();
    officer.sync();
    let mut phones: Vec<_> = ["một", "hai", "ba", "bốn"]
        .iter()
        .map(|name| world.head(name))
        .collect();
    let mut ids = std::collections::BTreeSet::new();
    for phone in &mut phones {
        phone.sync();
        let told = phone.new_record("job_fair_attendance", json!({ "fair_id": fair, "id_number": "010203004567", "full_name": "Giàng A Páo", "birth_year": 1990 }));
        ids.insert(told["id"].as_str().expect("an id").to_owned());
    }
    assert_eq!(ids.len(), 1, "one attendance");
    for phone in &mut phones {
        phone.sync();
    }
    let list = |phone: &crate::world::Held| {
        phone
            .phone
            .list("job_fair_attendance", Some(("fair_id", &fair)))
            .expect("a list")["items"]
            .clone()
    };
    for phone in &mut phones {
        phone.sync();
        assert_eq!(list(phone).as_array().map(Vec::len), Some(1));
    }
    // The same name and birth year without a number: two attendances and one proposed duplicate.
    let person = json!({ "fair_id": fair, "full_name": "Sùng Thị Mai", "birth_year": 2001 });
    let first = phones[0].new_record("job_fair_attendance", person.clone());
    assert_eq!(first["possible_duplicates"], json!([]));
    phones[0].sync();
    phones[1].sync();
    let second = phones[1].new_record("job_fair_attendance", person);
    let proposed = second["possible_duplicates"].as_array().expect("a list");
    assert_ne!(first["id"], second["id"]);
    assert_eq!(proposed.len(), 1);
    assert_eq!(
        (&proposed[0]["id"], &proposed[0]["title"]),
        (&first["id"], &json!("Sùng Thị Mai"))
    );
    assert_eq!(proposed[0]["why"], json!(["fair_id", "full_name", "birth_year"]));
}

#[test]
fn one_of_twenty_is_parked_and_status_tells_it() {
    let world = World::new();
    let mut a = world.cadre("Sùng");
    let ids: Vec<_> = (0..20)
        .map(|number| a.household(json!({ "head_name": format!("Hộ {number}") })))
        .collect();
    // Nineteen villages remain his; the record of the twentieth is the officer's business now.
    let twentieth: RecordId = ids[19].parse().expect("an id");
    a.sync();
    for id in &ids {
        a.set(id, "livestock", "2");
    }
    a.line.link = crate::world::Link::Cut(0);
    assert!(a.try_sync().is_err());
    a.line.link = crate::world::Link::Good;
    let change = a.history(&ids[19]).last().expect("an entry")["change"]
        .as_str()
        .and_then(sync_core::id::ChangeHash::from_hex);
    world
        .server
        .borrow_mut()
        .decide_on_arrival(twentieth, change.expect("a hash"), ParkReason::OutOfScope);
    let told = a.sync();
    assert_eq!(told["parked"][0]["id"], ids[19]);
    assert_eq!(told["sent"], 20);
    let status = a.status();
    assert_eq!(
        (&status["pending"], &status["confirmed"]),
        (&json!(0), &json!(19))
    );
    let parked = &status["parked"][0];
    assert_eq!(
        (&parked["kind"], &parked["reason"]),
        (&json!("household"), &json!("out_of_scope"))
    );
    assert!(parked["message"].as_str().is_some_and(|words| !words.is_empty()));
    assert!(parked["hint"].as_str().is_some_and(|words| !words.is_empty()));
    assert_eq!(a.show(&ids[19])["sync"]["state"], "parked");
    let again = a.sync();
    assert_eq!(
        (&again["sent"], &again["parked"]),
        (&json!(0), &json!([])),
        "nothing blocks, nothing is told twice"
    );
}

#[test]
fn clocks_in_1980_and_2035() {
    let world = World::new();
    let (mut a, mut b) = (world.cadre("Sùng"), world.head("Páo"));
    let id = a.household(json!({ "livestock": 1 }));
    a.sync();
    b.clock.store(2_051_222_400, Ordering::SeqCst);
    b.sync();
    b.set(&id, "livestock", "35");
    b.sync();
    a.clock.store(315_532_800, Ordering::SeqCst);
    a.sync();
    a.set(&id, "livestock", "80");
    a.sync();
    b.sync();
    assert_eq!(
        (a.data(&id, "livestock"), b.data(&id, "livestock")),
        (json!(80), json!(80))
    );
    assert!(
        a.status()["clock_skew_s"]
            .as_i64()
            .is_some_and(|skew| skew < -1_000_000_000)
    );
    assert!(
        b.status()["clock_skew_s"]
            .as_i64()
            .is_some_and(|skew| skew > 200_000_000)
    );
    assert!(
        a.history(&id).last().expect("an entry")["claimed_at"]
            .as_str()
            .is_some_and(|at| at.starts_with("1980-"))
    );
}

#[test]
fn bundles_in_any_order_with_repeats() {
    let world = World::new();
    let (mut a, mut b) = (world.cadre("Sùng"), world.head("Páo"));
    let id = a.household(json!({ "livestock": 1 }));
    a.sync();
    b.sync();
    let folder = tempfile::tempdir().expect("a directory");
    let mut files = Vec::new();
    for value in 2..=4 {
        a.set(&id, "livestock", &value.to_string());
        // Each export holds all that is unconfirmed; the last one alone brings everything.
        let file = folder.path().join(format!("{value}.sbb"));
        let told = a.phone.export(&file, false).expect("a file");
        assert_eq!(told["records"], 1);
        files.push(file);
    }
    for at in [2, 0, 2, 1, 0] {
        b.phone.import(&files[at], "vi").expect("a whole bundle");
        assert_eq!(b.show(&id)["conflicts"], json!([]));
        assert_eq!(b.data(&id, "livestock"), 4);
    }
    let again = b.phone.import(&files[2], "vi").expect("a whole bundle");
    assert_eq!((&again["records"], &again["waiting"]), (&json!(0), &json!(0)));
    // B delivers for A.
    assert_eq!(b.status()["carried"], 3);
    b.sync();
    let told = a.sync();
    assert_eq!(a.status()["pending"], 0);
    assert_eq!(told["round_trips"], 1);
}

#[test]
fn forms_fill_in_what_they_know_and_say_what_is_wrong() {
    let world = World::new();
    let mut a = world.head("Páo");
    let household = a.household(json!({ "head_name": "Lý A Sì", "area_type": "rural" }));
    let visit = a.new_record(
        "household_visit",
        json!({ "household_id": household, "visit_type": "support", "outcome": "met" }),
    );
    let visit = visit["id"].as_str().expect("an id").to_owned();
    let shown = a.show(&visit);
    assert_eq!(shown["data"]["village_id"], village().0.to_string());
    assert_eq!(shown["data"]["visitor_id"].as_str().map(str::len), Some(36));
    assert!(shown["data"]["visited_at"].is_string());
    assert_eq!(shown["kind"], "household_visit");
    assert_eq!(shown["review"], Value::Null);
    // The same visit again is the same record; what was written stays.
    let again = a.new_record(
        "household_visit",
        json!({ "household_id": household, "visit_type": "support", "self_income_vnd": 900_000 }),
    );
    assert_eq!((&again["id"], &again["existed"]), (&json!(visit), &json!(true)));
    assert_eq!(a.show(&visit)["data"]["outcome"], "met");
    let error = a
        .try_set(&visit, "outcom", "met")
        .expect_err("no such field")
        .to_json("vi");
    assert_eq!(error["error"]["code"], "unknown_field");
    assert!(
        error["error"]["hint"]
            .as_str()
            .is_some_and(|hint| hint.contains("outcome"))
    );
    let error = a
        .phone
        .new_record(
            "household",
            None,
            &json!({ "village_id": village().1.to_string() }),
        )
        .expect_err("the commune is not his");
    assert_eq!(error.to_json("en")["error"]["code"], "out_of_scope");
}

#[test]
fn rows_and_ticks_are_written_by_path() {
    let world = World::new();
    let mut a = world.cadre("Sùng");
    let id = a.household(json!({ "members": [{ "full_name": "Lý A Sì" }, { "full_name": "Lý Thị Mẩy" }] }));
    let members = a.show(&id)["data"]["members"].as_array().expect("rows").clone();
    assert_eq!(members.len(), 2);
    let row = members[0]["id"].as_str().expect("a row id").to_owned();
    a.set(&id, &format!("members/{row}/full_name"), "Lý A Sình");
    assert!(
        a.show(&id)["data"]["members"]
            .as_array()
            .is_some_and(|rows| rows.iter().any(|row| row["full_name"] == "Lý A Sình"))
    );
    let visit = a.new_record(
        "household_visit",
        json!({ "household_id": id, "visit_type": "support" }),
    );
    let visit = visit["id"].as_str().expect("an id").to_owned();
    a.set(&visit, "devices/tv", "true");
    assert!(
        a.show(&visit)["data"]["devices"]
            .as_array()
            .is_some_and(|ticks| ticks.contains(&json!("tv")))
    );
}
