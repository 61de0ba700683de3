//! The day of the issue, through the two programs as people run them: enrol, write offline, sync,
//! hand on, disagree, look from the office.

use serde_json::json;
use tests::programs::{CADRE, Demo, HEAD, OFFICER, ids};

#[test]
fn two_phones_write_apart_and_agree() {
    let demo = Demo::start();
    let (cadre, head) = (demo.phone(CADRE), demo.phone(HEAD));
    let household = head.first("household");
    let before = cadre.run(&["history", &household])["entries"]
        .as_array()
        .expect("entries")
        .len();

    cadre.run_at("2026-11-20T08:00:00+07:00", &["set", &household, "livestock=3"]);
    cadre.run_at("2026-11-20T09:00:00+07:00", &["set", &household, "roof=tile"]);
    cadre.run_at("2026-11-20T10:00:00+07:00", &["set", &household, "livestock=4"]);
    head.run(&["set", &household, "phone=0912345678"]);
    for phone in [&head, &cadre, &head, &cadre] {
        assert_eq!(phone.sync()["round_trips"], 1);
    }

    for phone in [&cadre, &head] {
        let shown = phone.show(&household);
        let data = &shown["data"];
        assert_eq!(
            (&data["livestock"], &data["roof"], &data["phone"]),
            (&json!(4), &json!("tile"), &json!("0912345678"))
        );
        assert_eq!(shown["conflicts"], json!([]));
        let history = phone.run(&["history", &household]);
        let entries = history["entries"].as_array().expect("entries");
        assert_eq!(entries.len(), before + 4);
        let cadres: Vec<_> = entries[before..]
            .iter()
            .filter(|entry| entry["changes"]["phone"].is_null())
            .collect();
        let claimed: Vec<_> = cadres
            .iter()
            .map(|entry| entry["claimed_at"].as_str().expect("a time"))
            .collect();
        assert_eq!(
            claimed,
            [
                "2026-11-20T01:00:00Z",
                "2026-11-20T02:00:00Z",
                "2026-11-20T03:00:00Z"
            ]
        );
        assert!(
            cadres.iter().all(|entry| entry["author"] == cadres[0]["author"]),
            "all three are the cadre's"
        );
    }
    let idle = cadre.sync();
    assert_eq!(
        (&idle["sent"], &idle["received"], &idle["round_trips"]),
        (&json!(0), &json!(0), &json!(1))
    );

    // They disagree; whoever writes the field again settles it, on both phones.
    head.run(&["set", &household, "livestock=9"]);
    cadre.run(&["set", &household, "livestock=10"]);
    for phone in [&cadre, &head, &cadre] {
        phone.sync();
    }
    let conflicts = cadre.show(&household)["conflicts"].clone();
    assert_eq!(
        conflicts,
        head.show(&household)["conflicts"],
        "everybody sees the same"
    );
    assert_eq!(conflicts[0]["path"], "livestock");
    let mut values: Vec<_> = conflicts[0]["values"]
        .as_array()
        .expect("values")
        .iter()
        .map(|one| one["value"].as_i64())
        .collect();
    values.sort_unstable();
    assert_eq!(values, [Some(9), Some(10)]);
    let officer = demo.officer(OFFICER);
    let queued = || {
        let queue = officer.get("queue?kind=conflict");
        let items = queue["items"].as_array().expect("items").iter();
        items.map(|item| item["record"]["id"].clone()).collect::<Vec<_>>()
    };
    let paths = || {
        let conflicts = officer.get(&format!("records/{household}/conflicts"));
        let items = conflicts["items"].as_array().expect("items").iter();
        items.map(|item| item["path"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(paths(), ["livestock"]);
    // Nobody has to decide about the animals; the year of birth is another matter.
    assert!(queued().is_empty());
    head.run(&["set", &household, "head_birth_year=1961"]);
    cadre.run(&["set", &household, "head_birth_year=1962"]);
    for phone in [&cadre, &head, &cadre] {
        phone.sync();
    }
    assert_eq!(paths(), ["head_birth_year", "livestock"]);
    assert_eq!(queued(), [json!(household)]);
    head.run(&["set", &household, "livestock=9", "head_birth_year=1961"]);
    for phone in [&head, &cadre] {
        phone.sync();
        assert_eq!(phone.show(&household)["conflicts"], json!([]));
        assert_eq!(phone.show(&household)["data"]["livestock"], 9);
    }

    // The office reads the very document the phones hold, and the register proves itself.
    let document = officer.bytes(&format!("records/{household}/document"));
    let id = household.parse().expect("an id");
    let record = sync_core::record::Record::load(id, &document).expect("an Automerge document");
    let heads: Vec<_> = record.heads().iter().map(|head| json!(head.to_hex())).collect();
    assert_eq!(
        officer.get(&format!("records/{household}"))["heads"],
        json!(heads)
    );
    assert_eq!(record.history().len(), before + 9);
    assert_eq!(demo.command(&["check"])["sound"], true);
}

#[test]
fn the_office_finds_names_without_their_marks() {
    let demo = Demo::start();
    let cadre = demo.phone(CADRE);
    let village = cadre.show(&cadre.first("household"))["data"]["village_id"]
        .as_str()
        .expect("a unit")
        .to_owned();
    let household = |name: &str| {
        let answers = json!({"village_id": village, "head_name": name, "area_type": "rural", "ethnicity_code": "08",
                             "move_status": "resident"});
        let file = cadre.file("household.json");
        std::fs::write(&file, answers.to_string()).expect("writes");
        cadre.run(&["new", "household", "--json", &file])["id"]
            .as_str()
            .expect("an id")
            .to_owned()
    };
    let (dao, nguyen) = (household("Đào Văn Mẫu"), household("Nguyễn Thị Mẫu"));
    cadre.sync();
    let officer = demo.officer(OFFICER);
    for (words, id) in [
        ("dao", &dao),
        ("%C4%91%C3%A0o", &dao),
        ("nguyen", &nguyen),
        ("nguy%20mau", &nguyen),
    ] {
        let found = officer.get(&format!("records?kind=household&q={words}"));
        assert!(ids(&found).contains(&id.as_str()), "{words}: {found}");
    }
    assert!(!ids(&officer.get("records?kind=household&q=dao")).contains(&nguyen.as_str()));
}

#[test]
fn four_phones_at_one_fair_count_a_person_once() {
    let demo = Demo::start();
    let cadre = demo.phone(CADRE);
    let commune = cadre.run(&["status"])["units"][0]["id"]
        .as_str()
        .expect("a unit")
        .to_owned();
    let village = cadre.show(&cadre.first("household"))["data"]["village_id"]
        .as_str()
        .expect("a unit")
        .to_owned();
    let host = format!("host_commune_id={commune}");
    let fair = cadre.run(&[
        "new",
        "job_fair",
        "code=PGD-2026-02863-01",
        "fair_type=transaction",
        "name=Phiên mẫu",
        "venue=Nhà văn hóa",
        &host,
        "start_at=2026-11-23T07:30:00+07:00",
        "end_at=2026-11-23T16:00:00+07:00",
        "organiser=UBND xã",
        "lifecycle=held",
    ])["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    cadre.sync();
    let phones = [
        cadre,
        demo.phone(HEAD),
        demo.phone("tt.hoangthupho.2"),
        demo.phone("tt.hoangthupho.3"),
    ];
    let register = |phone: &tests::programs::Phone, name: &str, id_number: Option<&str>| {
        let mut answers = json!({"fair_id": fair, "full_name": name, "sex": "male", "birth_year": 1990,
            "residence_village_id": village, "ethnicity_code": "08", "needs": ["job_away"],
            "consent_share_employer": true});
        if let Some(id_number) = id_number {
            answers["id_number"] = json!(id_number);
        }
        let file = phone.file("attendance.json");
        std::fs::write(&file, answers.to_string()).expect("writes");
        phone.run(&["new", "job_fair_attendance", "--json", &file])
    };
    // Everybody at the fair has the fair itself, whatever their village.
    let same: Vec<_> = phones
        .iter()
        .map(|phone| register(phone, "Giàng A Mẫu", Some("010090000123"))["id"].clone())
        .collect();
    assert!(
        same.iter().all(|id| *id == same[0]),
        "one person, one attendance: {same:?}"
    );
    // Two phones write down somebody without a number: two attendances, one likely duplicate.
    let (one, two) = (
        register(&phones[0], "Sùng Seo Mẫu", None),
        register(&phones[1], "Sùng  Seo Mẫu", None),
    );
    assert_ne!(one["id"], two["id"]);
    assert_eq!(
        two["possible_duplicates"],
        json!([]),
        "nobody told this phone yet"
    );
    for phone in phones.iter().chain(&phones) {
        phone.sync();
    }
    for phone in &phones {
        assert_eq!(ids(&phone.run(&["list", "job_fair_attendance"])).len(), 3);
    }
    let proposed = demo.officer(OFFICER).get("queue?kind=duplicate");
    assert_eq!(proposed["items"].as_array().map(Vec::len), Some(1), "{proposed}");
    let pair = [
        &proposed["items"][0]["first"]["id"],
        &proposed["items"][0]["second"]["id"],
    ];
    assert!(pair.contains(&&one["id"]) && pair.contains(&&two["id"]));
    // At entry the phone asks now: the same person?
    let third = register(&phones[2], "sung seo mau", None);
    assert_eq!(
        third["possible_duplicates"].as_array().map(Vec::len),
        Some(2),
        "{third}"
    );
}

#[test]
fn a_file_carries_work_in_any_order() {
    let demo = Demo::start();
    let (cadre, head) = (demo.phone(CADRE), demo.phone(HEAD));
    let household = head.first("household");
    let mut files = Vec::new();
    for (number, value) in ["1", "2", "3"].iter().enumerate() {
        cadre.run(&["set", &household, &format!("livestock={value}")]);
        let file = cadre.file(&format!("{number}.soban"));
        cadre.run(&["export", &file]);
        files.push(file);
    }
    // The last file holds all three; one that was cut says so and harms nothing.
    let cut = head.file("cut.soban");
    let whole = std::fs::read(&files[2]).expect("reads");
    std::fs::write(&cut, &whole[..whole.len() - 5]).expect("writes");
    let (code, said) = head.try_run(&["import", &cut]);
    assert_eq!(
        (code, &said["error"]["code"]),
        (1, &json!("bundle_truncated")),
        "{said}"
    );
    for file in [&files[2], &files[0], &files[1], &files[2]] {
        head.run(&["import", file]);
        assert_eq!(head.show(&household)["conflicts"], json!([]));
    }
    assert_eq!(
        head.show(&household)["data"]["livestock"],
        3,
        "no server was needed"
    );
    let handed_in = head.sync();
    assert_eq!(handed_in["parked"], json!([]));
    assert_eq!(
        demo.officer(OFFICER).get(&format!("records/{household}"))["data"]["livestock"],
        3
    );
    // The author learns at its own next sync that everything is in already.
    cadre.sync();
    assert_eq!(cadre.run(&["status"])["pending"], 0);

    // Another register's file, and a damaged one, are refused with a name; nothing is harmed.
    let other = Demo::start();
    let stranger = other.phone(CADRE);
    stranger.run(&["set", &stranger.first("household"), "livestock=8"]);
    let foreign = stranger.file("foreign.soban");
    stranger.run(&["export", &foreign]);
    let (code, said) = head.try_run(&["import", &foreign]);
    assert_eq!(
        (code, &said["error"]["code"]),
        (1, &json!("other_project")),
        "{said}"
    );
    // Near the end, inside the last envelope: a flipped length would only look like a cut.
    head.flip(&files[2], whole.len() - 40);
    let (code, said) = head.try_run(&["import", &files[2]]);
    assert_eq!(
        (code, &said["error"]["code"]),
        (1, &json!("bundle_damaged")),
        "{said}"
    );
    assert_eq!(head.show(&household)["data"]["livestock"], 3);
    assert_eq!(demo.command(&["check"])["sound"], true);
}

#[test]
fn the_later_edit_stands_whatever_the_clocks_say() {
    let demo = Demo::start();
    let (cadre, head) = (demo.phone(CADRE), demo.phone(HEAD));
    let household = head.first("household");
    cadre.run_at("2035-01-01T00:00:00Z", &["set", &household, "livestock=5"]);
    cadre.run_at("2035-01-01T00:01:00Z", &["sync"]);
    head.run_at("1980-01-01T00:00:00Z", &["sync"]);
    head.run_at("1980-01-01T00:02:00Z", &["set", &household, "livestock=6"]);
    head.run_at("1980-01-01T00:03:00Z", &["sync"]);
    cadre.sync();
    for phone in [&cadre, &head] {
        let shown = phone.show(&household);
        assert_eq!(
            (&shown["data"]["livestock"], &shown["conflicts"]),
            (&json!(6), &json!([]))
        );
    }
    assert!(
        head.run_at("1980-01-01T00:04:00Z", &["status"])["clock_skew_s"]
            .as_i64()
            .expect("a number")
            .abs()
            > 1_000_000_000
    );
}
