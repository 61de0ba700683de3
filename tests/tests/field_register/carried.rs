//! Bundles: from register to register, and to and from the other driver's phone.

use futures_lite::future::block_on;
use schemas::value::Scalar;
use tests::register::{Town, answers_of};

use super::scene;

#[test]
fn a_colleague_hands_in() {
    let scene = scene();
    let (sua, may) = (&scene.tab, scene.town.tab(&scene.town.cadre("may")));
    let visit = scene.visit(sua, scene.households[0], "muốn vay vốn");
    sua.set(scene.households[1], "livestock", 3);
    let brought = block_on(may.register.import(&sua.export(false))).expect("a bundle");
    assert_eq!(
        (
            brought.records.len(),
            brought.refused.len(),
            brought.waiting.len()
        ),
        (2, 0, 0)
    );
    assert_eq!(may.answers(visit), sua.answers(visit), "no server was needed");
    assert_eq!(
        (may.register.unsent(), may.register.index().counts(None).carried),
        (1, 1)
    );
    may.check();
    may.sync();
    may.check();
    assert_eq!(may.register.unsent(), 0);
    assert_eq!(scene.town.answers(visit), sua.answers(visit));
    // Its author learns at their own next sync that everything is in.
    assert_eq!(sua.register.unsent(), 2);
    sua.sync();
    sua.check();
    assert_eq!(
        (sua.register.unsent(), sua.summary(visit).state.as_str()),
        (0, "confirmed")
    );
}

#[test]
fn both_drivers_read_each_others_files() {
    let mut scene = scene();
    let tab = &scene.tab;
    let visit = scene.visit(tab, scene.households[0], "muốn vay vốn");
    let file = scene.town.file("from-the-web.soban");
    for all in [false, true] {
        std::fs::write(&file, tab.export(all)).expect("room");
        let told = scene.other.phone_mut().import(&file, "en").expect("a bundle");
        assert_eq!(told["refused"], serde_json::json!([]), "{told}");
    }
    assert_eq!(answers_of(&scene.other).get(&visit), tab.answers(visit).as_ref());
    let livestock = ("livestock".to_owned(), "9".to_owned());
    scene
        .other
        .phone_mut()
        .set(scene.households[2], &[livestock])
        .expect("an edit");
    for (name, all) in [("open.soban", false), ("all.soban", true)] {
        let file = scene.town.file(name);
        scene.other.phone_mut().export(&file, all).expect("a bundle");
        let brought =
            block_on(tab.register.import(&std::fs::read(&file).expect("a file"))).expect("a bundle");
        assert_eq!(brought.refused, Vec::<String>::new());
        tab.check();
    }
    assert_eq!(tab.answer(scene.households[2], "livestock"), Some(Scalar::Int(9)));
    assert_eq!(tab.all_answers(), answers_of(&scene.other));
    tab.sync();
    scene.town.sync_phone(&mut scene.other);
    assert_eq!(
        (
            tab.register.unsent(),
            scene.other.phone().status("en").expect("a status")["pending"].clone()
        ),
        (0, 0.into())
    );
    tab.check();
}

#[test]
fn a_whole_register_fits_into_a_file() {
    let town = Town::default();
    // She was in town once, before anything was written, and has had no signal since.
    let may = town.tab(&town.cadre("may"));
    let sua = town.tab(&town.cadre("sua"));
    for number in 0..6 {
        sua.household(town.village(number % 3), &format!("Giàng A {number}"));
    }
    sua.sync();
    block_on(may.register.import(&sua.export(true))).expect("a bundle");
    assert_eq!(may.all_answers(), sua.all_answers());
    may.check();
    may.sync();
    may.check();
    assert_eq!(may.all_answers(), sua.all_answers());
    // One who has never been in town does not know the villages: nothing is hers before she was.
    let new = town.new_tab();
    let code = town.code(&town.cadre("pao"));
    block_on(new.register.enroll(&new.wire, &code, "")).expect("a register enrols");
    block_on(new.register.import(&sua.export(true))).expect("a bundle");
    new.check();
    new.sync();
    new.check();
    assert_eq!(new.all_answers(), sua.all_answers());
}

#[test]
fn damaged_and_foreign_files_harm_nothing() {
    let scene = scene();
    let (sua, may) = (&scene.tab, scene.town.tab(&scene.town.cadre("may")));
    sua.set(scene.households[1], "livestock", 3);
    let bundle = sua.export(true);
    let code = |bytes: &[u8]| block_on(may.register.import(bytes)).map_err(|error| error.code());
    for len in (0..bundle.len()).step_by(bundle.len() / 40) {
        let error = code(&bundle[..len]).expect_err("it was cut");
        assert!(len == 0 || error.starts_with("bundle_"), "{error}");
        may.check();
    }
    for at in (0..bundle.len()).step_by(bundle.len() / 60) {
        let mut damaged = bundle.clone();
        damaged[at] ^= 4;
        let _ = code(&damaged);
        may.check();
    }
    let other = tests::register::Town::new(2);
    let stranger = other.tab(&other.cadre("la"));
    stranger.household(other.village(0), "Lý Đào");
    assert_eq!(
        code(&stranger.export(false)).expect_err("another register's"),
        "other_project"
    );
    code(&bundle).expect("the whole file");
    assert_eq!(may.answer(scene.households[1], "livestock"), Some(Scalar::Int(3)));
    may.sync();
    may.check();
}
