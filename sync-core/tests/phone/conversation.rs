//! What a sync says and does not say: trips, cuts, receipts, order.

use super::pocket::{Link, Pocket};
use super::server::Server;
use crate::fixture::{self, creation, put, record_id, unit};
use std::sync::Arc;
use sync_core::phone::{ChangeState, EnvelopeState};

pub fn server() -> Server {
    let mut server = Server::new(
        fixture::PROJECT,
        Arc::new(fixture::Units),
        Arc::new(fixture::TwoForms),
        |_| "village_id",
    );
    let officer = fixture::directory()
        .device(fixture::device(5))
        .expect("the officer")
        .clone();
    server.certify(officer);
    server
}

/// A server, two phones of one commune, and a record both hold.
pub fn shared() -> (Server, Pocket, Pocket) {
    let mut server = server();
    let mut a = Pocket::enrolled(&mut server, 1);
    let mut b = Pocket::enrolled(&mut server, 2);
    a.write(record_id(1), Some(11), &creation(11)[3..])
        .expect("a new household");
    assert!(
        a.sync(&mut server, Link::Good) && b.sync(&mut server, Link::Good) && a.sync(&mut server, Link::Good)
    );
    (server, a, b)
}

#[test]
fn two_phones_offline_end_with_all_values_and_four_more_entries() {
    let (mut server, mut a, mut b) = shared();
    let id = record_id(1);
    for (value, path) in [(3, "livestock"), (1, "roof"), (4, "livestock")] {
        a.set(id, path, value);
    }
    b.set(id, "phone", 912);
    assert!(b.sync(&mut server, Link::Good) && a.sync(&mut server, Link::Good));
    assert!(b.sync(&mut server, Link::Good) && a.sync(&mut server, Link::Good));
    for phone in [&a, &b] {
        assert_eq!(
            (
                phone.int(id, "livestock"),
                phone.int(id, "roof"),
                phone.int(id, "phone")
            ),
            (Some(4), Some(1), Some(912))
        );
        let record = phone.record(id).expect("held");
        assert!(record.conflicts().is_empty());
        let history = record.history();
        assert_eq!(history.len(), 5);
        let by_a = history[1..]
            .iter()
            .filter(|entry| entry.actor.tag() == fixture::actor(1, 0).tag());
        assert_eq!(
            by_a.map(|entry| entry.time_s).collect::<Vec<_>>(),
            [1_750_000_001, 1_750_000_002, 1_750_000_003]
        );
        assert!(
            phone
                .rows(id)
                .iter()
                .all(|row| row.state == ChangeState::Confirmed && row.received_at_s.is_some())
        );
    }
    assert_eq!(
        a.record(id).map(|record| record.history()),
        b.record(id).map(|record| record.history())
    );
}

#[test]
fn an_idle_sync_is_one_trip_and_says_nothing_twice() {
    let (mut server, mut a, _) = shared();
    assert!(a.sync(&mut server, Link::Good));
    assert_eq!(a.rounds, 1);
    let (hello, envelopes) = server.last.clone().expect("a request");
    assert_eq!(
        (
            envelopes,
            hello.unconfirmed.len(),
            hello.holdings.len(),
            hello.want.len()
        ),
        (0, 0, 0, 0)
    );
}

#[test]
fn a_lost_answer_is_asked_for_and_nothing_goes_up_twice() {
    let (mut server, mut a, _) = shared();
    a.set(record_id(1), "livestock", 7);
    assert!(!a.sync(&mut server, Link::CutDown(0)));
    assert_eq!(
        a.states(record_id(1)).last(),
        Some(&ChangeState::Sealed),
        "no receipt, no confirmation"
    );
    assert!(a.sync(&mut server, Link::Good));
    let (hello, envelopes) = server.last.clone().expect("a request");
    assert_eq!(
        (hello.unconfirmed.len(), envelopes, a.rounds),
        (1, 0, 1),
        "one question, no upload"
    );
    assert_eq!(a.states(record_id(1)).last(), Some(&ChangeState::Confirmed));
}

#[test]
fn a_request_that_never_arrived_is_asked_about_then_sent() {
    let (mut server, mut a, mut b) = shared();
    a.set(record_id(1), "livestock", 7);
    assert!(!a.sync(&mut server, Link::Dead));
    a.set(record_id(1), "livestock", 8);
    assert!(a.sync(&mut server, Link::Good));
    assert_eq!(a.rounds, 2);
    assert!(b.sync(&mut server, Link::Good));
    assert_eq!(b.int(record_id(1), "livestock"), Some(8));
    assert!(
        a.envelopes
            .values()
            .all(|row| row.state == EnvelopeState::Receipted)
    );
}

#[test]
fn an_answer_cut_anywhere_loses_one_frame_at_most() {
    let mut server = server();
    let mut a = Pocket::enrolled(&mut server, 1);
    for number in 1..=30 {
        a.write(
            record_id(number),
            Some(11),
            &[put("livestock", schemas::value::Scalar::Int(number as i64))],
        )
        .expect("new");
    }
    assert!(a.sync(&mut server, Link::Good));
    let mut b = Pocket::enrolled(&mut server, 2);
    let mut held = 0;
    for at in [150, 400, 650, 900, 990] {
        b.sync(&mut server, Link::CutDown(at));
        assert!(b.records.len() >= held, "what arrived stays");
        held = b.records.len();
    }
    assert!(held > 0);
    assert!(b.sync(&mut server, Link::Good));
    assert_eq!(b.records.len(), 30);
    assert!((1..=30).all(|number| b.int(record_id(number), "livestock") == Some(number as i64)));
}

#[test]
fn the_last_envelope_first_by_bundle_and_the_rest_in_any_order_with_repeats() {
    let (mut server, mut a, mut b) = shared();
    let id = record_id(1);
    let mut bundles = Vec::new();
    for value in [3, 4, 5] {
        a.set(id, "livestock", value);
        a.seal();
        let mut alone = a.clone();
        let newest = alone.envelopes.keys().next_back().copied().expect("sealed");
        alone.envelopes.retain(|name, _| *name == newest);
        bundles.push(alone.export(false));
    }
    for order in [[2, 0, 1], [2, 1, 0], [1, 2, 0], [0, 2, 1]] {
        let mut carrier = b.clone();
        let mut seen = vec![carrier.int(id, "livestock")];
        for at in order.into_iter().flat_map(|at| [at, at]) {
            assert_eq!(carrier.import(&bundles[at]), Ok(Vec::new()));
            assert!(
                carrier.record(id).expect("held").conflicts().is_empty(),
                "at no moment a conflict"
            );
            seen.push(carrier.int(id, "livestock"));
        }
        assert_eq!(seen.last(), Some(&Some(5)));
        assert!(
            seen.windows(2).all(|pair| pair[0] <= pair[1]),
            "nothing applied half: {seen:?}"
        );
    }
    // The carrier brings the last one to the server first; it waits there, and is told of later.
    assert_eq!(b.import(&bundles[2]), Ok(Vec::new()));
    assert!(b.sync(&mut server, Link::Good));
    assert_eq!(server.record(id).expect("there").get("livestock"), None);
    assert!(a.sync(&mut server, Link::Good) && b.sync(&mut server, Link::Good));
    assert_eq!(
        (a.int(id, "livestock"), b.int(id, "livestock")),
        (Some(5), Some(5))
    );
    for phone in [&a, &b] {
        assert!(
            phone
                .rows(id)
                .iter()
                .all(|row| row.state == ChangeState::Confirmed),
            "{:?}",
            phone.rows(id)
        );
    }
}

#[test]
fn a_clock_in_1980_writes_over_one_in_2035_it_has_seen() {
    let (mut server, mut a, mut b) = shared();
    b.now_ms = 2_051_222_400_000;
    b.set(record_id(1), "livestock", 35);
    assert!(b.sync(&mut server, Link::Good) && a.sync(&mut server, Link::Good));
    a.now_ms = 315_532_800_000;
    a.set(record_id(1), "livestock", 80);
    assert!(a.sync(&mut server, Link::Good) && b.sync(&mut server, Link::Good));
    assert_eq!(
        (a.int(record_id(1), "livestock"), b.int(record_id(1), "livestock")),
        (Some(80), Some(80))
    );
    assert!(b.record(record_id(1)).expect("held").conflicts().is_empty());
    assert!(a.progress.clock_skew_ms.expect("measured") < -40 * 365 * 86_400_000);
}

#[test]
fn parallel_answers_are_a_conflict_everywhere_until_somebody_writes_again() {
    let (mut server, mut a, mut b) = shared();
    a.set(record_id(1), "livestock", 1);
    b.set(record_id(1), "livestock", 2);
    for _ in 0..2 {
        assert!(a.sync(&mut server, Link::Good) && b.sync(&mut server, Link::Good));
    }
    let conflicts = |phone: &Pocket| phone.record(record_id(1)).expect("held").conflicts();
    assert_eq!(conflicts(&a).len(), 1);
    assert_eq!(conflicts(&a), conflicts(&b));
    a.set(record_id(1), "livestock", 2);
    assert!(a.sync(&mut server, Link::Good) && b.sync(&mut server, Link::Good));
    assert!(conflicts(&a).is_empty() && conflicts(&b).is_empty());
    assert_eq!(b.int(record_id(1), "livestock"), Some(2));
}

#[test]
fn one_change_in_two_records_is_two_changes() {
    let mut server = server();
    let mut a = Pocket::enrolled(&mut server, 1);
    let village = unit(11).to_string();
    // The same person, second and answers: the very same bytes in two records.
    for number in [1, 2] {
        a.write(record_id(number), Some(11), &[put("note", village.as_str())])
            .expect("new");
    }
    assert_eq!(a.changes.len(), 2);
    assert!(a.sync(&mut server, Link::Good));
    assert_eq!(a.states(record_id(1)), [ChangeState::Confirmed]);
    assert_eq!(a.states(record_id(2)), [ChangeState::Confirmed]);
}
