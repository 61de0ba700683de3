//! A phone holds its own territory: what leaves goes, what is foreign is carried and not read.

use schemas::value::Scalar;
use sync_core::phone::{BundleError, ChangeState, EnvelopeState};

use super::conversation::shared;
use super::pocket::{Link, Pocket};
use crate::fixture::{device, put, record_id, unit};

#[test]
fn a_record_that_moved_away_hands_in_its_work_and_goes() {
    let (mut server, mut a, mut b) = shared();
    let mut other = Pocket::enrolled(&mut server, 4);
    server.officer_edits(
        device(5),
        record_id(1),
        &[put("village_id", unit(21).to_string().as_str())],
    );
    assert!(b.sync(&mut server, Link::Good));
    assert!(b.record(record_id(1)).is_none() && b.changes.is_empty() && b.frames.is_empty());
    // A colleague who has not heard of it yet does not bring it back.
    assert_eq!(b.import(&a.export(true)), Ok(Vec::new()));
    assert!(b.record(record_id(1)).is_none() && b.changes.is_empty());
    assert!(other.sync(&mut server, Link::Good));
    assert!(other.record(record_id(1)).is_some());
    // It comes back, with everything its author wrote before.
    server.officer_edits(
        device(5),
        record_id(1),
        &[put("village_id", unit(12).to_string().as_str())],
    );
    for phone in [&mut a, &mut b, &mut other] {
        assert!(phone.sync(&mut server, Link::Good));
    }
    assert!(other.record(record_id(1)).is_none());
    for phone in [&a, &b] {
        assert_eq!(
            phone.record(record_id(1)).map(|record| record.heads()),
            server.record(record_id(1)).map(|record| record.heads())
        );
    }
    a.set(record_id(1), "livestock", 6);
    assert!(a.sync(&mut server, Link::Good) && b.sync(&mut server, Link::Good));
    assert_eq!(b.int(record_id(1), "livestock"), Some(6));
}

#[test]
fn foreign_work_is_carried_to_the_server_and_not_kept_to_read() {
    let (mut server, _, mut b) = shared();
    let mut other = Pocket::enrolled(&mut server, 4);
    other
        .write(record_id(9), Some(21), &[put("livestock", Scalar::Int(9))])
        .expect("own commune");
    let bundle = other.export(true);
    assert_eq!(b.import(&bundle), Ok(Vec::new()));
    assert!(!b.records.contains_key(&record_id(9)) && b.rows(record_id(9)).is_empty());
    assert!(b.sync(&mut server, Link::Good));
    assert!(server.record(record_id(9)).is_some());
    assert!(
        b.envelopes
            .values()
            .all(|row| row.state == EnvelopeState::Receipted)
    );
    assert!(other.sync(&mut server, Link::Good));
    assert_eq!(other.states(record_id(9)), [ChangeState::Confirmed]);
}

#[test]
fn phone_to_phone_works_without_a_server_and_judges_as_it_would() {
    let (mut server, mut a, b) = shared();
    let mut head = Pocket::enrolled(&mut server, 6);
    assert!(head.sync(&mut server, Link::Good) && a.sync(&mut server, Link::Good));
    head.set(record_id(1), "livestock", 4);
    a.now_ms += 1;
    assert_eq!(a.import(&head.export(false)), Ok(Vec::new()));
    a.set(record_id(1), "livestock", 5);
    // From the second phone to a third, which never met the first.
    let mut third = b;
    assert_eq!(third.import(&a.export(true)), Ok(Vec::new()));
    assert_eq!(third.int(record_id(1), "livestock"), Some(5));
    assert!(third.record(record_id(1)).expect("held").conflicts().is_empty());
    // Any of them delivers for all.
    assert!(third.sync(&mut server, Link::Good) && head.sync(&mut server, Link::Good));
    assert_eq!(head.int(record_id(1), "livestock"), Some(5));
    assert_eq!(head.states(record_id(1)), [ChangeState::Confirmed]);
}

#[test]
fn what_the_server_signed_is_handed_on_and_believed() {
    let (mut server, _, mut b) = shared();
    b.set(record_id(1), "livestock", 8);
    assert!(b.sync(&mut server, Link::Good));
    let mut third = Pocket::enrolled(&mut server, 3);
    let bundle = b.export(true);
    assert_eq!(third.import(&bundle), Ok(Vec::new()));
    assert_eq!(third.int(record_id(1), "livestock"), Some(8));
    let cursor = third.progress.cursor.clone();
    assert!(cursor.is_empty(), "another phone's cursor is not ours");
    assert!(third.sync(&mut server, Link::Good));
    assert!(
        third
            .rows(record_id(1))
            .iter()
            .all(|row| row.state == ChangeState::Confirmed)
    );
}

#[test]
fn an_unknown_device_and_a_forged_envelope_are_refused_and_the_rest_goes_on() {
    let (mut server, mut a, mut b) = shared();
    let mut stranger = Pocket::enrolled(&mut server, 3);
    stranger
        .write(record_id(5), Some(11), &[put("livestock", Scalar::Int(5))])
        .expect("new");
    stranger.certs.clear();
    assert_eq!(b.import(&stranger.export(false)), Ok(vec!["device_unknown"]));
    a.set(record_id(1), "livestock", 1);
    a.seal();
    a.write(record_id(6), Some(11), &[put("livestock", Scalar::Int(6))])
        .expect("new");
    a.seal();
    let mut forged = a.clone();
    if let Some(row) = forged
        .envelopes
        .values_mut()
        .find(|row| row.state == EnvelopeState::Open)
    {
        row.envelope.head.claimed_at_ms += 1;
    }
    assert_eq!(b.import(&forged.export(false)), Ok(vec!["signature_wrong"]));
    assert_eq!(
        (b.int(record_id(1), "livestock"), b.int(record_id(6), "livestock")),
        (None, Some(6))
    );
}

#[test]
fn a_bundle_cut_flipped_or_foreign_has_a_name_and_keeps_what_came_before() {
    let (_, mut a, b) = shared();
    for number in 10..20 {
        a.write(record_id(number), Some(11), &[put("livestock", Scalar::Int(1))])
            .expect("new");
        a.seal();
    }
    let bundle = a.export(false);
    let end = bundle.len();
    let mut cut = b.clone();
    assert_eq!(cut.import(&bundle[..end * 3 / 4]), Err(BundleError::Truncated));
    assert!(!cut.records.is_empty() && cut.records.len() < 11);
    assert_eq!(cut.import(&bundle), Ok(Vec::new()));
    assert_eq!(cut.records.len(), 11);
    let mut flipped = bundle.clone();
    flipped[end * 3 / 4] ^= 4;
    let mut damaged = b.clone();
    assert_eq!(
        damaged.import(&flipped).expect_err("damaged").code(),
        "bundle_damaged"
    );
    assert!(!damaged.records.is_empty());
    assert_eq!(
        b.clone().import(b"PK\x03\x04 something else"),
        Err(BundleError::NotABundle)
    );
    assert_eq!(b.clone().import(b""), Err(BundleError::NotABundle));
    let mut later = bundle.clone();
    later[8] = 2;
    assert_eq!(b.clone().import(&later), Err(BundleError::LaterVersion));
    let mut elsewhere = b.clone();
    elsewhere.identity.project = sync_core::id::ProjectId(uuid::Uuid::from_u128(1));
    assert_eq!(elsewhere.import(&bundle), Err(BundleError::OtherProject));
    assert_eq!(b.clone().import(&bundle[..end - 1]), Err(BundleError::Truncated));
}
