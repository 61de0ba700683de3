//! Two phones that are one: a restored or copied install uses its numbers a second time.

use std::collections::BTreeMap;

use schemas::value::Scalar;
use sync_core::admit::Verdict;
use sync_core::policy::ParkReason;
use sync_core::record::Record;
use sync_core::replica::{Because, Kept};

use crate::fixture::*;

#[test]
fn the_second_use_of_a_number_is_parked_alone_and_written_again_under_a_fresh_actor() {
    let directory = directory();
    let mut shared = Record::empty(record_id(1));
    let base = write(&mut shared, 2, 1, 1, &creation(11));
    let (mut one, mut copy) = (shared.clone(), shared);
    let first = write(&mut one, 2, 1, 2, &[put("phone", "1")]);
    let second = write(&mut copy, 2, 1, 3, &[put("roof", "tile")]);
    let above = write(&mut copy, 2, 1, 4, &[put("livestock", Scalar::Int(5))]);

    let mut server = Kept::empty(record_id(1));
    server.receive(vec![base.signed(), first.signed()], &rules(&directory));
    let mut told = server.receive(vec![above.signed(), second.signed()], &rules(&directory));
    told.sort_by_key(|(hash, _)| *hash == above.hash);
    assert_eq!(
        told,
        [
            (second.hash, Verdict::Parked(ParkReason::ActorReused)),
            (above.hash, Verdict::Waiting)
        ]
    );
    assert_eq!(server.record.heads(), [first.hash]);
    // Not even an officer can let it in: the number is taken.
    assert_eq!(
        server.clear(second.hash, &rules(&directory)),
        [(second.hash, Verdict::Parked(ParkReason::ActorReused))]
    );

    let mut phone = Kept {
        record: copy,
        aside: BTreeMap::new(),
    };
    let parked = BTreeMap::from([(second.hash, ParkReason::ActorReused)]);
    let fresh = actor(2, 7);
    let rewrites = phone
        .set_aside(&parked, fresh.tag(), fresh, signed_by_author)
        .expect("sound");
    let replaced: Vec<_> = rewrites.iter().map(|rewrite| rewrite.replaced).collect();
    assert_eq!(replaced, [second.hash, above.hash]);
    assert!(phone.aside.is_empty());
    phone.receive(vec![first.vouched()], &rules(&directory));

    for rewrite in rewrites {
        let (hash, bytes) = rewrite.written.expect("written");
        server.receive(vec![Made { hash, bytes, by: 2 }.signed()], &rules(&directory));
    }
    assert!(server.aside.is_empty(), "both are superseded: {:?}", server.aside);
    assert_eq!(server.record.heads(), phone.record.heads());
    assert_eq!(server.record.answers(), phone.record.answers());
    assert_eq!(server.record.get("phone"), Some("1".into()));
    assert_eq!(server.record.get("roof"), Some("tile".into()));
    assert_eq!(server.record.get("livestock"), Some(Scalar::Int(5)));
    assert!(server.record.conflicts().is_empty());
    // Late copies of what was replaced stay out.
    let told = server.receive(vec![second.signed(), above.signed()], &rules(&directory));
    assert_eq!(
        told,
        [
            (second.hash, Verdict::Superseded),
            (above.hash, Verdict::Superseded)
        ]
    );
}

/// A phone that had merged the copy's change hears the server's: refused for its number, then
/// merged once the other is set aside.
#[test]
fn what_the_server_vouches_for_takes_the_number() {
    let directory = directory();
    let mut shared = Record::empty(record_id(1));
    write(&mut shared, 2, 1, 1, &creation(11));
    let first = write(&mut shared.clone(), 2, 1, 2, &[put("phone", "1")]);
    let second = write(&mut shared, 2, 1, 3, &[put("roof", "tile")]);
    let mut kept = Kept {
        record: shared,
        aside: BTreeMap::new(),
    };
    let told = kept.receive(vec![first.vouched()], &rules(&directory));
    assert_eq!(told, [(first.hash, Verdict::Parked(ParkReason::ActorReused))]);
    let parked = BTreeMap::from([(second.hash, ParkReason::ActorReused)]);
    kept.set_aside(&parked, actor(3, 1).tag(), actor(3, 1), signed_by_author)
        .expect("sound");
    assert_eq!(
        kept.aside[&second.hash].because,
        Because::Parked(ParkReason::ActorReused)
    );
    assert_eq!(
        kept.receive(vec![first.vouched()], &rules(&directory)),
        [(first.hash, Verdict::Applied)]
    );
    assert_eq!(kept.aside.len(), 1);
}
