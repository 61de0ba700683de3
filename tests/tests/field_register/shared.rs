//! One register and the server; two registers and the server.

use futures_lite::future::block_on;
use schemas::value::Scalar;
use server::audit::{Action, Actor, AuditEntry};
use server::store::DeviceStore as _;
use tests::register::{Fate, answers_of};

use super::{HOUSEHOLDS, scene};

#[test]
fn the_first_sync_brings_the_commune() {
    let scene = scene();
    let tab = &scene.tab;
    assert_eq!(tab.all_answers(), answers_of(&scene.other));
    let counts = tab.register.index().counts(None);
    assert_eq!((counts.records, counts.pending_changes), (HOUSEHOLDS, 0));
    let summary = tab.summary(scene.households[3]);
    assert_eq!(
        (summary.title.as_str(), summary.kind.as_str()),
        ("Giàng A 3", "household")
    );
    assert_eq!(summary.people[0].name, "Giàng A 3");
    assert!(tab.register.index().synced_at_ms().is_some());
    assert!(!tab.register.known().expect("enrolled").villages().is_empty());
    tab.check();
    // Nothing new costs one short conversation.
    let idle = tab.sync();
    assert_eq!(
        (idle.round_trips, idle.received.len(), idle.sent.len()),
        (1, 0, 0)
    );
}

#[test]
fn a_visit_written_offline_is_confirmed() {
    let scene = scene();
    let tab = &scene.tab;
    tab.wire.set(Fate::Unreachable);
    let visit = scene.visit(tab, scene.households[0], "muốn vay vốn");
    assert_eq!(tab.try_sync().expect_err("no signal").code(), "unreachable");
    assert_eq!(
        (tab.summary(visit).state.as_str(), tab.summary(visit).unsent),
        ("pending", 1)
    );
    assert_eq!(tab.register.unsent(), 1);
    tab.check();
    tab.wire.set(Fate::Arrives);
    let report = tab.sync();
    assert_eq!(report.sent.into_iter().collect::<Vec<_>>(), [visit]);
    assert_eq!(
        (tab.summary(visit).state.as_str(), tab.register.unsent()),
        ("confirmed", 0)
    );
    assert_eq!(tab.answers(visit), scene.town.answers(visit));
    tab.check();
}

#[test]
fn the_draft_goes_when_it_is_submitted() {
    let scene = scene();
    let tab = &scene.tab;
    let answers = tests::register::household(scene.town.village(0), "Lý Đào");
    let draft = tab.draft("household", &answers);
    block_on(tab.register.keep_draft(&draft)).expect("room");
    assert_eq!(
        block_on(tab.reopened().register.drafts()).expect("a sound disk"),
        std::slice::from_ref(&draft)
    );
    let first = tab.submit(&draft).expect("a household");
    assert!(!first.existed && first.id == draft.id);
    assert_eq!(block_on(tab.register.drafts()), Ok(Vec::new()));
    // The battery died before the screen said so, and it is submitted again: nothing is written twice.
    let again = tab.submit(&draft).expect("the same household");
    assert!(again.existed && again.id == first.id);
    assert_eq!(tab.register.unsent(), 1);
    let mut edit = block_on(tab.register.begin_edit(first.id)).expect("a form");
    edit.answers.insert("roof".to_owned(), "tile".into());
    block_on(tab.register.keep_draft(&edit)).expect("room");
    tab.submit(&edit).expect("an edit");
    assert_eq!(tab.answer(first.id, "roof"), Some("tile".into()));
    assert_eq!(block_on(tab.register.drafts()), Ok(Vec::new()));
    tab.check();
}

#[test]
fn a_disagreement_is_seen_and_settled() {
    let scene = scene();
    let (sua, may) = (&scene.tab, scene.town.tab(&scene.town.cadre("may")));
    let household = scene.households[1];
    sua.set(household, "current_class", "poor");
    may.set(household, "current_class", "near_poor");
    may.set(household, "livestock", 4);
    for tab in [sua, &may, sua, &may] {
        tab.sync();
        tab.check();
    }
    for tab in [sua, &may] {
        let view = block_on(tab.register.record(household)).expect("a record");
        assert_eq!(view.disagreements.len(), 1);
        let disagreement = &view.disagreements[0];
        assert_eq!(
            (disagreement.path.as_str(), disagreement.rivals.len()),
            ("current_class", 2)
        );
        assert!(disagreement.may_settle);
        let mut authors: Vec<_> = disagreement
            .rivals
            .iter()
            .map(|rival| rival.author.clone())
            .collect();
        authors.sort();
        assert_eq!(authors, [Some("may".to_owned()), Some("sua".to_owned())]);
        assert_eq!(tab.summary(household).conflicts, 1);
        assert_eq!(tab.answer(household, "livestock"), Some(Scalar::Int(4)));
    }
    assert_eq!(
        sua.answers(household),
        may.answers(household),
        "everybody sees the same"
    );
    may.set(household, "current_class", "poor");
    for tab in [&may, sua] {
        tab.sync();
        assert_eq!(tab.summary(household).conflicts, 0);
        assert_eq!(tab.answer(household, "current_class"), Some("poor".into()));
        tab.check();
    }
}

#[test]
fn two_registers_check_the_same_person_in() {
    let scene = scene();
    let (sua, may) = (&scene.tab, scene.town.tab(&scene.town.cadre("may")));
    let commune = scene.town.places[0].commune;
    let fair = serde_json::json!({
        "code": "PGD-2026-02863-01", "fair_type": "transaction", "name": "Phiên mẫu", "venue": "Nhà văn hóa",
        "host_commune_id": commune, "start_at": "2026-11-23T07:30:00+07:00",
        "end_at": "2026-11-23T16:00:00+07:00", "organiser": "UBND xã", "lifecycle": "planned",
    });
    let fair = sua.submit(&sua.draft("job_fair", &fair)).expect("a fair").id;
    sua.sync();
    may.sync();
    let person = sua.summary(scene.households[2]).people[0].clone();
    let check_in = |tab: &tests::register::Tab, need: &str| {
        let answers = serde_json::json!({
            "fair_id": fair, "host_commune_id": commune, "person_ref": person.id, "full_name": person.name,
            "sex": "male", "birth_year": 1970, "residence_village_id": scene.town.village(2),
            "ethnicity_code": "08", "needs": [need], "consent_share_employer": true,
        });
        tab.submit(&tab.draft("job_fair_attendance", &answers))
            .expect("an attendance")
    };
    let (one, two) = (check_in(sua, "job_away"), check_in(&may, "training"));
    assert!(one.id == two.id && !one.existed && !two.existed);
    for tab in [sua, &may, sua] {
        tab.sync();
    }
    for tab in [sua, &may] {
        assert_eq!(tab.register.index().of_kind("job_fair_attendance").count(), 1);
        assert_eq!(tab.answer(one.id, "needs/job_away"), Some(Scalar::Bool(true)));
        assert_eq!(tab.answer(one.id, "needs/training"), Some(Scalar::Bool(true)));
        let view = block_on(tab.register.record(one.id)).expect("a record");
        let paths: Vec<_> = view.disagreements.iter().map(|one| one.path.as_str()).collect();
        assert_eq!(paths, ["registered_by"], "each of them did");
        tab.check();
    }
    assert!(check_in(sua, "advice").existed);
    // What came of it is a row of its own each time; lists show all of them.
    let row = |tab: &tests::register::Tab| tab.register.new_id();
    sua.set(one.id, &format!("outcomes/{}/code", row(sua)), "interviewed");
    may.set(one.id, &format!("outcomes/{}/code", row(&may)), "hired");
    for tab in [sua, &may, sua] {
        tab.sync();
    }
    assert_eq!(sua.summary(one.id).fact("outcomes"), "hired interviewed");
}

#[test]
fn clocks_do_not_decide() {
    let scene = scene();
    let (sua, may) = (&scene.tab, scene.town.tab(&scene.town.cadre("may")));
    let household = scene.households[0];
    sua.clock.set_wrong(1, 0);
    sua.set(household, "livestock", 5);
    sua.sync();
    may.clock.set_wrong(0, 0);
    may.sync();
    may.set(household, "livestock", 6);
    may.sync();
    sua.sync();
    for tab in [sua, &may] {
        assert_eq!(tab.answer(household, "livestock"), Some(Scalar::Int(6)));
        assert_eq!(tab.summary(household).conflicts, 0);
        let skew = tab.register.index().clock_skew_ms().expect("a sync was complete");
        assert!(skew.abs() > 1_000_000_000_000 / 10, "{skew}");
        tab.check();
    }
}

#[test]
fn a_server_whose_clock_is_wrong_harms_nothing() {
    let scene = scene();
    let tab = &scene.tab;
    let household = scene.households[0];
    // Time goes by for the server, and the phone's clock stands where it stood.
    scene.town.time.pass(40 * 365 * 86_400);
    tab.clock.set_wrong(9, -40 * 365 * 86_400);
    tab.set(household, "livestock", 2);
    tab.sync();
    assert_eq!(tab.summary(household).state, "confirmed");
    assert_eq!(scene.town.answers(household), tab.answers(household));
    tab.check();
}

#[test]
fn a_phone_that_was_turned_off_hands_in_and_goes() {
    let scene = scene();
    let tab = &scene.tab;
    let visit = scene.visit(tab, scene.households[0], "muốn vay vốn");
    {
        let device = tab.register.known().expect("enrolled").identity.device;
        let office = scene.town.office.borrow();
        let app = office.app();
        let audit = AuditEntry::new(app.clock.now(), Actor::Server, Action::DeviceRevoke, "device");
        assert_eq!(app.store.revoke_device(device, &app.keys, audit), Ok(true));
    }
    assert!(!tab.register.is_to_be_wiped(), "it does not know yet");
    tab.sync();
    assert_eq!(tab.register.unsent(), 0);
    assert!(tab.register.known().expect("enrolled").is_revoked() && tab.register.is_to_be_wiped());
    // Its work is kept at the server, set aside for an officer.
    assert_eq!(tab.summary(visit).state, "parked");
    tab.check();
}

#[test]
fn who_moves_away_takes_no_records_along() {
    let scene = scene();
    let user = scene.town.head("head", 0);
    let (tab, mut phone) = (scene.town.tab(&user), scene.town.phone("head", &user));
    assert_eq!(tab.all_answers(), answers_of(&phone));
    let first = tab.all_answers().len();
    tab.household(scene.town.village(0), "Lý Đào");
    scene.town.move_person(user.id, 1);
    for _ in 0..3 {
        tab.sync();
        scene.town.sync_phone(&mut phone);
        tab.check();
    }
    assert_eq!(tab.register.unsent(), 0);
    let (shown, expected) = (tab.all_answers(), answers_of(&phone));
    let village = |answers: &schemas::value::Answers| answers.get("village_id").cloned();
    let there: Vec<_> = expected.values().map(village).collect();
    assert!(
        there
            .iter()
            .all(|unit| *unit == Some(Scalar::Text(scene.town.village(1).to_string())))
    );
    assert!(!expected.is_empty() && first > 0);
    for (id, answers) in &expected {
        assert_eq!(shown.get(id), Some(answers));
    }
}

#[test]
fn a_restored_server_gets_back_what_it_forgot() {
    let mut scene = scene();
    let file = scene.town.file("backup");
    scene.town.office.borrow().backup(&file).expect("a backup");
    let visit = scene.visit(&scene.tab, scene.households[0], "muốn vay vốn");
    scene.tab.set(scene.households[1], "livestock", 7);
    scene.tab.sync();
    let other = scene.other.phone_mut();
    let livestock = ("livestock".to_owned(), "3".to_owned());
    other.set(scene.households[2], &[livestock]).expect("an edit");
    scene.town.sync_phone(&mut scene.other);
    scene.tab.sync();
    scene
        .town
        .office
        .borrow_mut()
        .restore(&file, [9; 16])
        .expect("a restored register");
    assert_eq!(scene.town.answers(visit), None);
    // The register knows all of it: its own work goes up again, and what another wrote is offered.
    let tab = &scene.tab;
    tab.sync();
    tab.check();
    assert_eq!(tab.register.unsent(), 0);
    assert_eq!(tab.summary(visit).state, "confirmed");
    for (id, answers) in tab.all_answers() {
        assert_eq!(scene.town.answers(id), Some(answers));
    }
    assert_eq!(tab.answer(scene.households[2], "livestock"), Some(Scalar::Int(3)));
}
