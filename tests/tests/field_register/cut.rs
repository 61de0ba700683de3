//! Links that break.

use std::rc::Rc;

use futures_lite::future::block_on;
use tests::register::{Fate, Tab, Town, answers_of};

use super::scene;

/// Places at which an answer or a request is cut.
const CUTS: usize = 60;

fn places(len: usize) -> impl Iterator<Item = usize> {
    (0..CUTS)
        .map(move |cut| cut * len / CUTS)
        .chain([1, 7, len.saturating_sub(1)])
}

/// The same register, as it was before what it does next, each time on a disk of its own.
fn again(tab: &Tab) -> Tab {
    Tab::open(Rc::new(tab.disk.copy()), tab.clock.clone(), tab.wire.another())
}

#[test]
fn a_lost_reply_costs_nothing() {
    let scene = scene();
    let tab = &scene.tab;
    let visit = scene.visit(tab, scene.households[0], "muốn vay vốn");
    tab.wire.set(Fate::AnswerLost);
    assert_eq!(tab.try_sync().expect_err("a lost reply").code(), "connection_cut");
    assert_eq!(
        scene.town.answers(visit),
        tab.answers(visit),
        "the server took it"
    );
    assert_eq!(tab.register.unsent(), 1, "and the phone does not know");
    tab.check();
    // People go on writing meanwhile.
    tab.set(visit, "aspirations", "muốn học nghề");
    tab.wire.set(Fate::Arrives);
    let tab = tab.reopened();
    tab.sync();
    assert_eq!(tab.register.unsent(), 0);
    assert_eq!(scene.town.answers(visit), tab.answers(visit));
    let history = block_on(tab.register.record(visit)).expect("a record").history;
    assert_eq!(history.len(), 2, "nothing is there twice");
    tab.check();
}

#[test]
fn the_first_sync_may_break_anywhere() {
    let scene = scene();
    let tab = scene.town.new_tab();
    let code = scene.town.code(&scene.town.cadre("may"));
    block_on(tab.register.enroll(&tab.wire, &code, "")).expect("a register enrols");
    let whole = again(&tab);
    whole.sync();
    let expected = answers_of(&scene.other);
    assert_eq!(whole.all_answers(), expected);
    let len = whole.wire.answered();
    for at in places(len) {
        for fate in [Fate::AnswerCut(at), Fate::AnswerEnds(at)] {
            let tab = again(&tab);
            tab.wire.set(fate);
            let broken = tab.try_sync();
            assert!(
                broken.is_err_and(|error| error.code() == "connection_cut"),
                "{fate:?}"
            );
            tab.check();
            let tab = tab.reopened();
            tab.wire.set(Fate::Arrives);
            tab.sync();
            assert_eq!(tab.all_answers(), expected, "{fate:?}");
            tab.check();
        }
    }
}

#[test]
fn handing_in_may_break_anywhere() {
    let mut scene = scene();
    let visits: Vec<_> = scene
        .households
        .iter()
        .map(|household| scene.visit(&scene.tab, *household, "muốn vay vốn"))
        .collect();
    scene.tab.set(scene.households[0], "livestock", 3);
    let unsent = scene.tab.register.unsent();
    // Closed once, so that every try sends the same bytes: what is copied is one phone, not many.
    let bundle = scene.tab.export(false);
    for at in places(bundle.len()) {
        let tab = again(&scene.tab);
        tab.wire.set(Fate::RequestCut(at));
        assert!(tab.try_sync().is_err());
        assert_eq!(tab.register.unsent(), unsent);
        tab.check();
    }
    for at in places(2_000) {
        let tab = again(&scene.tab);
        tab.wire.set(Fate::AnswerCut(at));
        // An answer that was shorter arrived whole.
        let _ = tab.try_sync();
        tab.check();
    }
    scene.tab.sync();
    scene.tab.check();
    assert_eq!(scene.tab.register.unsent(), 0);
    for visit in visits {
        assert_eq!(scene.town.answers(visit), scene.tab.answers(visit));
    }
    scene.town.sync_phone(&mut scene.other);
    assert_eq!(scene.tab.all_answers(), answers_of(&scene.other));
}

#[test]
fn a_lost_enrolment_is_given_again() {
    let town = Town::default();
    let tab = town.new_tab();
    let code = town.code(&town.cadre("sua"));
    tab.wire.set(Fate::AnswerLost);
    assert!(block_on(tab.register.enroll(&tab.wire, &code, "")).is_err());
    assert!(!tab.register.is_enrolled());
    let tab = tab.reopened();
    tab.wire.set(Fate::Arrives);
    block_on(tab.register.enroll(&tab.wire, &code, "")).expect("the same code, the same key");
    tab.sync();
    let twice = block_on(tab.register.enroll(&tab.wire, &code, ""));
    assert_eq!(twice.expect_err("enrolled").code(), "already_enrolled");
    let late = town.new_tab();
    let other = block_on(late.register.enroll(&late.wire, &code, ""));
    assert_eq!(other.expect_err("another key").code(), "enrolment_code_used");
    tab.check();
}
