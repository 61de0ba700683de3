//! Copies that came back: a server from its backup, a phone from a copy of its home.

use schemas::value::Scalar;
use sync_core::phone::{ChangeState, EnvelopeState};

use super::conversation::{server, shared};
use super::pocket::{Link, Pocket};
use crate::fixture::{put, record_id};

#[test]
fn a_server_restored_from_backup_gets_back_what_it_forgot() {
    let (mut server, mut a, mut b) = shared();
    let backup = server.clone();
    let id = record_id(1);
    a.set(id, "livestock", 3);
    a.write(record_id(2), Some(11), &[put("livestock", Scalar::Int(2))])
        .expect("new");
    assert!(a.sync(&mut server, Link::Good) && b.sync(&mut server, Link::Good));
    b.set(id, "roof", 1);
    assert!(b.sync(&mut server, Link::Good) && a.sync(&mut server, Link::Good));
    server.restore(backup);
    // Only B comes: it holds A's work as the server had signed it.
    assert!(b.sync(&mut server, Link::Good));
    assert_eq!(
        server.record(id).and_then(|record| record.get("livestock")),
        Some(Scalar::Int(3))
    );
    assert_eq!(
        server
            .record(record_id(2))
            .and_then(|record| record.get("livestock")),
        Some(Scalar::Int(2))
    );
    assert_eq!(
        b.record(id).map(|record| record.heads()),
        server.record(id).map(|record| record.heads())
    );
    assert_eq!(b.progress.comparing_after, None);
    assert!(b.sync(&mut server, Link::Good));
    assert_eq!(b.rounds, 1, "compared once");
    assert!(a.sync(&mut server, Link::Good));
    assert!(
        a.envelopes
            .values()
            .all(|row| row.state == EnvelopeState::Receipted)
    );
    assert!(a.rows(id).iter().all(|row| row.state == ChangeState::Confirmed));
}

#[test]
fn a_server_that_lost_everything_is_filled_by_the_phones() {
    let (mut server, mut a, mut b) = shared();
    let empty = super::conversation::server();
    a.set(record_id(1), "livestock", 3);
    b.set(record_id(1), "roof", 1);
    for _ in 0..2 {
        assert!(a.sync(&mut server, Link::Good) && b.sync(&mut server, Link::Good));
    }
    let before = server.record(record_id(1)).map(|record| record.heads());
    server.restore(empty);
    assert!(!b.sync(&mut server, Link::CutDown(500)));
    assert!(
        b.sync(&mut server, Link::Good) && a.sync(&mut server, Link::Good) && b.sync(&mut server, Link::Good)
    );
    assert_eq!(server.record(record_id(1)).map(|record| record.heads()), before);
    assert_eq!(b.record(record_id(1)).map(|record| record.heads()), before);
}

#[test]
fn a_phone_restored_from_a_copy_takes_a_new_actor_and_loses_nothing() {
    let (mut server, mut a, mut b) = shared();
    let id = record_id(1);
    let mut copy = a.clone();
    copy.reroll(1);
    a.set(id, "livestock", 3);
    a.set(id, "roof", 1);
    assert!(a.sync(&mut server, Link::Good));
    // The home is lost; the copy goes on, with the numbers and the actor of the first.
    copy.set(id, "phone", 5);
    assert!(copy.sync(&mut server, Link::Good));
    assert!(copy.sync(&mut server, Link::Good) && b.sync(&mut server, Link::Good));
    for path in [("livestock", 3), ("roof", 1), ("phone", 5)] {
        assert_eq!(copy.int(id, path.0), Some(path.1), "{path:?}");
        assert_eq!(b.int(id, path.0), Some(path.1), "{path:?}");
    }
    assert_eq!(
        copy.record(id).map(|record| record.heads()),
        server.record(id).map(|record| record.heads())
    );
    assert!(
        copy.states(id)
            .iter()
            .all(|state| matches!(state, ChangeState::Confirmed | ChangeState::Superseded))
    );
}

#[test]
fn two_copies_of_one_phone_both_go_on() {
    let (mut server, mut a, mut b) = shared();
    let id = record_id(1);
    let mut twin = a.clone();
    twin.reroll(2);
    for round in 0..4 {
        a.set(id, "livestock", 10 + round);
        a.write(
            record_id(100 + round as u128),
            Some(11),
            &[put("livestock", Scalar::Int(round))],
        )
        .expect("new");
        twin.set(id, "roof", 20 + round);
        twin.write(
            record_id(200 + round as u128),
            Some(12),
            &[put("livestock", Scalar::Int(round))],
        )
        .expect("new");
        assert!(a.sync(&mut server, Link::Good));
        assert!(
            twin.sync(
                &mut server,
                if round == 1 { Link::CutDown(0) } else { Link::Good }
            ) || round == 1
        );
    }
    for _ in 0..2 {
        for phone in [&mut a, &mut twin, &mut b] {
            assert!(phone.sync(&mut server, Link::Good));
        }
    }
    for phone in [&a, &twin, &b] {
        assert_eq!(
            (phone.int(id, "livestock"), phone.int(id, "roof")),
            (Some(13), Some(23))
        );
        assert_eq!(
            phone.record(id).map(|record| record.heads()),
            server.record(id).map(|record| record.heads())
        );
        for round in 0..4u128 {
            assert_eq!(phone.int(record_id(100 + round), "livestock"), Some(round as i64));
            assert_eq!(phone.int(record_id(200 + round), "livestock"), Some(round as i64));
        }
    }
}

#[test]
fn a_receipt_for_another_envelope_of_the_same_number_confirms_nothing() {
    let (mut server, mut a, _) = shared();
    let id = record_id(1);
    let mut copy = a.clone();
    copy.reroll(3);
    a.set(id, "livestock", 3);
    assert!(a.sync(&mut server, Link::Good));
    copy.set(id, "phone", 5);
    // The copy's request is lost on the way: it cannot know, and asks.
    assert!(!copy.sync(&mut server, Link::Dead));
    assert!(copy.sync(&mut server, Link::Good));
    assert_eq!(
        server.record(id).and_then(|record| record.get("phone")),
        Some(Scalar::Int(5)),
        "nothing was taken for granted"
    );
    assert_eq!(copy.int(id, "livestock"), Some(3));
}

#[test]
fn a_phone_that_finds_its_own_later_work_in_a_bundle_takes_it_back() {
    let mut server = server();
    let mut a = Pocket::enrolled(&mut server, 1);
    a.write(record_id(1), Some(11), &[put("livestock", Scalar::Int(1))])
        .expect("new");
    let mut copy = a.clone();
    copy.reroll(4);
    a.set(record_id(1), "livestock", 2);
    let bundle = a.export(true);
    assert_eq!(copy.import(&bundle), Ok(Vec::new()));
    assert_eq!(copy.int(record_id(1), "livestock"), Some(2));
    copy.set(record_id(1), "livestock", 3);
    assert!(copy.sync(&mut server, Link::Good));
    assert_eq!(
        server
            .record(record_id(1))
            .and_then(|record| record.get("livestock")),
        Some(Scalar::Int(3))
    );
    assert!(server.record(record_id(1)).expect("there").conflicts().is_empty());
}

#[test]
fn work_of_a_lost_home_comes_back_through_whoever_carries_it() {
    let mut server = server();
    let mut a = Pocket::enrolled(&mut server, 1);
    let mut b = Pocket::enrolled(&mut server, 2);
    let mut copy = a.clone();
    copy.reroll(5);
    a.write(record_id(1), Some(11), &[put("livestock", Scalar::Int(1))])
        .expect("new");
    assert_eq!(b.import(&a.export(false)), Ok(Vec::new()));
    // The home is lost; its copy closes other work under the same number, and delivers it first.
    copy.write(record_id(2), Some(11), &[put("livestock", Scalar::Int(2))])
        .expect("new");
    assert!(copy.sync(&mut server, Link::Good) && b.sync(&mut server, Link::Good));
    assert!(
        server.record(record_id(1)).is_none(),
        "refused: the number stands for something else"
    );
    assert_eq!(copy.import(&b.export(true)), Ok(Vec::new()));
    assert!(copy.sync(&mut server, Link::Good));
    assert!(b.sync(&mut server, Link::Good));
    for id in [record_id(1), record_id(2)] {
        assert_eq!(
            b.record(id).map(|record| record.heads()),
            server.record(id).map(|record| record.heads())
        );
        assert!(server.record(id).is_some());
    }
}
