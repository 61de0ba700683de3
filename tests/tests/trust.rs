//! Who may do what, and what becomes of work when people, phones and servers come and go: through
//! the two programs.

use serde_json::json;
use tests::programs::{CADRE, Demo, HEAD, OFFICER, Phone, ids, soban};

#[test]
fn a_village_head_gets_the_own_village_and_nothing_else() {
    let demo = Demo::start();
    let (cadre, head) = (demo.phone(CADRE), demo.phone(HEAD));
    let village = head.run(&["status"])["units"][0]["id"].clone();
    let listed = head.run(&["list", "household"]);
    let own = listed["items"].as_array().expect("items");
    assert!(!own.is_empty() && own.iter().all(|item| item["data"]["village_id"] == village));
    let elsewhere = cadre.run(&["list", "household"])["items"]
        .as_array()
        .expect("items")
        .iter()
        .find(|item| item["data"]["village_id"] != village)
        .expect("another village")["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    assert_eq!(head.try_run(&["show", &elsewhere]).0, 1);
    // Nor may the head write there, whatever the phone is told.
    let elsewhere = cadre.show(&elsewhere)["data"]["village_id"]
        .as_str()
        .expect("a unit")
        .to_owned();
    let household = json!({"village_id": elsewhere, "head_name": "Ly A Mẫu", "area_type": "rural",
                           "ethnicity_code": "08", "move_status": "resident"});
    let file = head.file("household.json");
    std::fs::write(&file, household.to_string()).expect("writes");
    let (code, said) = head.try_run(&["new", "household", "--json", &file]);
    assert_eq!(
        (code, &said["error"]["code"]),
        (1, &json!("unit_unknown")),
        "other villages are not even known here: {said}"
    );
}

#[test]
fn one_of_twenty_is_refused_and_nothing_blocks() {
    let demo = Demo::start();
    let (first, second) = (demo.phone(HEAD), demo.phone("tt.hoangthupho.2"));
    let village = |phone: &Phone| {
        phone.run(&["status"])["units"][0]["id"]
            .as_str()
            .expect("a unit")
            .to_owned()
    };
    let (stays, goes) = (village(&first), village(&second));
    let added = demo.command(&[
        "user",
        "add",
        "tt.hai.thon",
        "--name",
        "Ma A Mẫu",
        "--role",
        "village_head",
        "--unit",
        &stays,
        "--unit",
        &goes,
    ]);
    let person = added["id"].as_str().expect("an id").to_owned();
    let phone = demo.another_phone("tt.hai.thon");
    let write = |village: &str, number: usize| {
        let answers = json!({"village_id": village, "head_name": format!("Ma A Mẫu {number}"), "area_type": "rural",
                             "ethnicity_code": "08", "move_status": "resident"});
        let file = phone.file("household.json");
        std::fs::write(&file, answers.to_string()).expect("writes");
        phone.run(&["new", "household", "--json", &file])["id"]
            .as_str()
            .expect("an id")
            .to_owned()
    };
    let written: Vec<_> = (0..20)
        .map(|number| write(if number == 7 { &goes } else { &stays }, number))
        .collect();
    assert_eq!(phone.run(&["status"])["pending"], 20);
    // While the phone is out of reach, one of the two villages is given to somebody else.
    let office = demo.officer("quantri");
    assert!(office.patch(&format!("users/{person}"), &json!({"units": [stays]}))["id"].is_string());
    let said = phone.sync();
    assert_eq!(said["parked"][0]["reason"], "out_of_scope", "{said}");
    assert_eq!(said["parked"][0]["id"], json!(written[7]));
    assert!(
        said["parked"][0]["message"]
            .as_str()
            .is_some_and(|words| !words.is_empty())
    );
    let status = phone.run(&["status"]);
    assert_eq!(
        (&status["pending"], status["parked"].as_array().map(Vec::len)),
        (&json!(0), Some(1)),
        "{status}"
    );
    let found = demo
        .officer(OFFICER)
        .get("records?kind=household&q=ma%20a%20mau&limit=100");
    let mut found = ids(&found);
    found.sort_unstable();
    let mut expected: Vec<_> = written
        .iter()
        .map(String::as_str)
        .filter(|id| *id != written[7])
        .collect();
    expected.sort_unstable();
    assert_eq!(found, expected, "nineteen are in");
    // What comes after it is not held up.
    phone.run(&["set", &written[0], "livestock=1"]);
    assert_eq!(phone.sync()["sent"], 1);
    assert_eq!(phone.run(&["status"])["pending"], 0);
}

#[test]
fn a_revoked_phone_hands_in_its_work_and_is_told() {
    let demo = Demo::start();
    let cadre = demo.phone(CADRE);
    let household = cadre.first("household");
    cadre.run(&["set", &household, "livestock=47"]);
    let device = cadre.run(&["status"])["device"]
        .as_str()
        .expect("an id")
        .to_owned();
    let revoked = demo.command(&["device", "revoke", &device]);
    assert!(revoked["error"].is_null(), "{revoked}");
    let _ = cadre.try_run(&["sync"]);
    let status = cadre.run(&["status"]);
    assert_eq!(status["parked"][0]["reason"], "device_revoked", "{status}");
    // The officer sees it and lets it through.
    let officer = demo.officer(OFFICER);
    let parked = officer.get("queue?kind=parked");
    let change = parked["items"][0]["change"]["change"]
        .as_str()
        .expect("a change")
        .to_owned();
    assert_eq!(
        officer.post(&format!("parked/{change}/admit"))["state"],
        "applied"
    );
    assert_eq!(
        officer.get(&format!("records/{household}"))["data"]["livestock"],
        47
    );
    assert_eq!(officer.get("queue?kind=parked")["items"], json!([]));
    assert_eq!(demo.command(&["check"])["sound"], true);
}

#[test]
fn a_restored_server_is_offered_what_it_forgot() {
    let demo = Demo::start();
    let (cadre, head) = (demo.phone(CADRE), demo.phone(HEAD));
    let household = head.first("household");
    let shelf = tempfile::tempdir().expect("a temporary directory");
    let backup = shelf.path().join("backup.db").display().to_string();
    assert!(demo.command(&["backup", &backup])["error"].is_null());
    cadre.run(&["set", &household, "livestock=5"]);
    cadre.sync();
    head.sync();
    head.run(&["set", &household, "roof=wood"]);
    head.sync();
    let address = demo.url.trim_start_matches("http://").to_owned();
    let data = demo.stop();
    let restored = soban(data.path(), &["restore", &backup]);
    assert!(restored["error"].is_null(), "{restored}");
    let demo = Demo::start_in(data, &address);
    let officer = demo.officer(OFFICER);
    assert_ne!(
        officer.get(&format!("records/{household}"))["data"]["livestock"],
        5,
        "the backup is older"
    );
    // One phone is enough: it holds its own work as signed, and the other's as the server signed it.
    head.sync();
    head.sync();
    let data = officer.get(&format!("records/{household}"))["data"].clone();
    assert_eq!((&data["livestock"], &data["roof"]), (&json!(5), &json!("wood")));
    assert_eq!(demo.command(&["check"])["sound"], true);
}
