//! Refused, parked, let in after all: one bad change holds up nothing.

use schemas::value::Scalar;
use sync_core::phone::{ChangeState, WriteError, shown};
use sync_core::policy::ParkReason;

use super::conversation::{server, shared};
use super::pocket::{Link, Pocket};
use crate::fixture::{creation, device, put, record_id, unit};

#[test]
fn what_the_server_would_park_is_refused_at_once() {
    let mut server = server();
    let mut a = Pocket::enrolled(&mut server, 1);
    let refused = |result| match result {
        Err(WriteError::NotAllowed(reason)) => reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        refused(a.write(record_id(1), Some(21), &[])),
        ParkReason::OutOfScope
    );
    assert_eq!(
        refused(a.write(record_id(1), Some(77), &[])),
        ParkReason::UnitUnknown
    );
    assert_eq!(
        refused(a.write(record_id(1), Some(11), &[put("review/state", "approved")])),
        ParkReason::ReviewerOnly
    );
    assert!(a.records.is_empty() && a.changes.is_empty());
    assert_eq!(
        a.write(record_id(1), None, &[put("phone", "1")]),
        Err(WriteError::Unknown(record_id(1)))
    );
    let mut officer = Pocket::enrolled(&mut server, 5);
    officer
        .write(record_id(1), Some(21), &[put("review/state", "approved")])
        .expect("an officer may");
}

/// Twenty records, one of another village; its holder is given the first village only, before the
/// phone hears of it.
fn twenty() -> (super::server::Server, Pocket) {
    let mut server = server();
    let mut a = Pocket::enrolled(&mut server, 1);
    for number in 1..=20 {
        let village = if number == 20 { 12 } else { 11 };
        a.write(record_id(number), Some(village), &creation(11)[3..])
            .expect("new");
    }
    assert!(a.sync(&mut server, Link::Good));
    let mut cert = server.certs[&device(1)].clone();
    cert.units = vec![unit(11)];
    server.certify(cert);
    (server, a)
}

#[test]
fn one_of_twenty_is_parked_and_nineteen_are_in() {
    let (mut server, mut a) = twenty();
    for number in 1..=20 {
        a.set(record_id(number), "livestock", number as i64);
    }
    assert!(a.sync(&mut server, Link::Good));
    for number in 1..=19 {
        assert_eq!(a.states(record_id(number)), [ChangeState::Confirmed; 2]);
        assert_eq!(
            server
                .record(record_id(number))
                .and_then(|record| record.get("livestock")),
            Some(Scalar::Int(number as i64))
        );
    }
    assert_eq!(
        a.states(record_id(20)),
        [
            ChangeState::Confirmed,
            ChangeState::Parked(ParkReason::OutOfScope)
        ]
    );
    assert!(a.sync(&mut server, Link::Good));
    assert_eq!(a.rounds, 1, "nothing blocks and nothing is said again");
    // The server announces that the record is gone; its author can still see what became of the work.
    server.officer_edits(device(5), record_id(20), &[put("phone", "1")]);
    assert!(a.sync(&mut server, Link::Good));
    assert!(a.record(record_id(20)).is_none());
    assert_eq!(
        a.states(record_id(20)),
        [
            ChangeState::Confirmed,
            ChangeState::Parked(ParkReason::OutOfScope)
        ]
    );
    assert_eq!(
        a.write(record_id(20), None, &[put("phone", "2")]),
        Err(WriteError::Unknown(record_id(20)))
    );
}

#[test]
fn what_was_written_on_top_of_a_parked_change_goes_up_again_in_the_same_sync() {
    let (mut server, mut a, _) = shared();
    let id = record_id(1);
    // The phone holds an older idea of its own rights: a field is the reviewer's since.
    a.set(id, "livestock", 3);
    a.set(id, "roof", 2);
    let first = a
        .rows(id)
        .into_iter()
        .filter(|row| row.state == ChangeState::Pending)
        .min_by_key(|row| row.order);
    let first = first.expect("pending").hash;
    a.seal();
    // The server sets the first one aside on arrival.
    assert!(!a.sync(&mut server, Link::CutDown(0)));
    server.decide_on_arrival(id, first, ParkReason::Dismissed);
    a.set(id, "phone", 5);
    assert!(a.sync(&mut server, Link::Good));
    assert!(a.rounds <= 3, "{}", a.rounds);
    let values =
        |record: &sync_core::record::Record| ["livestock", "roof", "phone"].map(|path| record.get(path));
    let expected = [None, Some(Scalar::Int(2)), Some(Scalar::Int(5))];
    assert_eq!(values(&a.record(id).expect("held")), expected);
    assert_eq!(values(server.record(id).expect("there")), expected);
    let states = a.states(id);
    assert_eq!(
        states
            .iter()
            .filter(|state| matches!(state, ChangeState::Parked(_)))
            .count(),
        1
    );
    assert!(states.iter().all(|state| !state.is_unsent()));
    assert!(
        a.progress.actor_random != [1; 8],
        "the old actor's numbers are not used again"
    );
    // Later the officer lets it in.
    server.decide(id, first, true);
    assert!(a.sync(&mut server, Link::Good));
    assert_eq!(
        a.record(id).map(|record| record.heads()),
        server.record(id).map(|record| record.heads())
    );
    assert_eq!(a.int(id, "livestock"), Some(3));
    assert!(
        a.states(id)
            .iter()
            .all(|state| matches!(state, ChangeState::Confirmed | ChangeState::Superseded))
    );
}

#[test]
fn a_parked_creation_is_shown_and_a_corrected_one_takes_its_place() {
    let mut server = server();
    let mut a = Pocket::enrolled(&mut server, 1);
    let id = record_id(1);
    a.write(id, Some(11), &[put("livestock", Scalar::Int(3))])
        .expect("new");
    // Meanwhile its holder was given the other commune, which the phone does not know yet.
    let mut cert = server.certs[&device(1)].clone();
    cert.units = vec![unit(2)];
    server.certify(cert);
    a.set(id, "roof", 2);
    assert!(a.sync(&mut server, Link::Good));
    assert!(server.record(id).is_none());
    assert_eq!(a.states(id)[0], ChangeState::Parked(ParkReason::OutOfScope));
    let draft = shown(&a.records[&id].open(id).expect("sound"));
    assert_eq!(
        (draft.get("livestock"), draft.get("roof")),
        (Some(Scalar::Int(3)), Some(Scalar::Int(2)))
    );
    assert_eq!(a.records[&id].kind.as_deref(), Some("household"));
    // Correcting the village is enough.
    a.write(id, None, &[put("village_id", unit(21).to_string().as_str())])
        .expect("own unit now");
    assert!(a.sync(&mut server, Link::Good));
    let merged = server.record(id).expect("merged");
    assert_eq!(
        (merged.get("livestock"), merged.get("roof")),
        (Some(Scalar::Int(3)), Some(Scalar::Int(2)))
    );
    assert_eq!(a.record(id).expect("held").heads(), merged.heads());
    assert!(
        a.states(id)
            .iter()
            .all(|state| matches!(state, ChangeState::Confirmed | ChangeState::Superseded))
    );
}

#[test]
fn a_revoked_phone_keeps_everything_and_the_server_keeps_it_too() {
    let (mut server, mut a, mut b) = shared();
    server.revoke(device(1));
    a.set(record_id(1), "livestock", 9);
    assert!(a.sync(&mut server, Link::Good));
    assert_eq!(
        a.states(record_id(1))[1],
        ChangeState::Parked(ParkReason::DeviceRevoked)
    );
    assert!(matches!(
        a.write(record_id(1), None, &[put("phone", "1")]),
        Err(WriteError::NotAllowed(ParkReason::DeviceRevoked))
    ));
    let parked = a
        .rows(record_id(1))
        .into_iter()
        .find(|row| matches!(row.state, ChangeState::Parked(_)))
        .expect("parked");
    server.decide(record_id(1), parked.hash, true);
    assert!(b.sync(&mut server, Link::Good) && a.sync(&mut server, Link::Good));
    assert_eq!(
        (a.int(record_id(1), "livestock"), b.int(record_id(1), "livestock")),
        (Some(9), Some(9))
    );
}

#[test]
fn a_carrier_learns_that_what_it_carried_is_parked_and_writes_on() {
    let (mut server, mut a, mut b) = shared();
    let id = record_id(1);
    a.set(id, "livestock", 9);
    let bundle = a.export(false);
    assert_eq!(b.import(&bundle), Ok(Vec::new()));
    assert_eq!(b.int(id, "livestock"), Some(9));
    b.set(id, "roof", 4);
    server.revoke(device(1));
    assert!(b.sync(&mut server, Link::Good));
    assert_eq!((b.int(id, "livestock"), b.int(id, "roof")), (None, Some(4)));
    assert_eq!(
        server.record(id).expect("there").get("roof"),
        Some(Scalar::Int(4))
    );
    assert_eq!(
        b.record(id).map(|record| record.heads()),
        server.record(id).map(|record| record.heads())
    );
}
