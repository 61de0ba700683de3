//! Who may write what: each reason to park a change, and what an officer's leave does not excuse.

use schemas::value::Scalar;
use sync_core::admit::{Trust, Verdict};
use sync_core::cert::Directory;
use sync_core::policy::ParkReason::{self, *};
use sync_core::policy::Role;
use sync_core::record::{Edit, FORM, KIND, Record};
use sync_core::replica::{Because, Kept};

use crate::fixture::*;
use crate::hostile::Hostile;

/// A household of village 11 by device 1, as the server has it.
fn household() -> Kept {
    let mut record = Record::empty(record_id(1));
    write(&mut record, 1, 1, 1, &creation(11));
    Kept {
        record,
        aside: Default::default(),
    }
}

fn after(kept: &Kept, by: u128, edits: &[(String, Edit)]) -> Made {
    write(&mut kept.record.clone(), by, 1 + (by == 1) as u8, 9, edits)
}

fn verdict(kept: &mut Kept, made: &Made, directory: &Directory) -> Verdict {
    let told = kept.receive(vec![made.signed()], &rules(directory));
    let verdict = told
        .iter()
        .rev()
        .find(|(hash, _)| *hash == made.hash)
        .expect("a verdict")
        .1;
    if let Verdict::Parked(reason) = verdict {
        assert_eq!(
            kept.aside[&made.hash].because,
            Because::Parked(reason),
            "kept whole"
        );
        assert_eq!(kept.aside[&made.hash].bytes, made.bytes);
        let again = kept.receive(vec![made.signed()], &rules(directory));
        assert_eq!(again, [(made.hash, Verdict::Parked(reason))], "and stays so");
    }
    verdict
}

fn parked(by: u128, edits: &[(String, Edit)]) -> Option<ParkReason> {
    let mut kept = household();
    let made = after(&kept, by, edits);
    match verdict(&mut kept, &made, &directory()) {
        Verdict::Parked(reason) => Some(reason),
        Verdict::Applied => None,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_reason_has_its_case() {
    let village = |number| put("village_id", unit(number).to_string().as_str());
    assert_eq!(parked(2, &[put("phone", "1")]), None);
    assert_eq!(parked(6, &[put("phone", "1")]), None);
    assert_eq!(parked(4, &[put("phone", "1")]), Some(OutOfScope));
    assert_eq!(parked(2, &[village(12)]), None);
    assert_eq!(parked(2, &[village(21)]), Some(OutOfScope));
    assert_eq!(
        parked(4, &[village(21)]),
        Some(OutOfScope),
        "nobody takes a record away"
    );
    assert_eq!(parked(6, &[village(12)]), Some(OutOfScope));
    assert_eq!(parked(5, &[village(21)]), None);
    assert_eq!(parked(2, &[village(99)]), Some(UnitUnknown));
    assert_eq!(parked(2, &[put("village_id", "nowhere")]), Some(UnitUnknown));
    assert_eq!(parked(2, &[delete("village_id")]), Some(UnitUnknown));
    assert_eq!(parked(2, &[put("review/state", "approved")]), Some(ReviewerOnly));
    assert_eq!(parked(5, &[put("review/state", "approved")]), None);
    assert_eq!(parked(2, &[put(KIND, "job_fair_attendance")]), Some(KindChanged));
    assert_eq!(parked(2, &[delete(KIND)]), Some(KindChanged));
    assert_eq!(
        parked(2, &[(FORM.to_owned(), Edit::Put(Scalar::Int(77)))]),
        Some(FormUnknown)
    );
    assert_eq!(
        parked(2, &[(FORM.to_owned(), Edit::Put(Scalar::Int(-1)))]),
        Some(FormUnknown)
    );
    assert_eq!(parked(2, &[(FORM.to_owned(), Edit::Put(Scalar::Int(2)))]), None);
}

#[test]
fn roles_and_revocation() {
    for (role, reason) in [
        (Role::Observer, Some(RoleMayNotWrite)),
        (Role::ProvinceOfficer, Some(RoleMayNotWrite)),
        (Role::Admin, Some(RoleMayNotWrite)),
        (Role::CommuneCadre, None),
    ] {
        let mut kept = household();
        let made = after(&kept, 7, &[put("phone", "1")]);
        let directory = directory().iter().cloned().chain([cert(7, role, &[9])]).collect();
        let expected = reason.map_or(Verdict::Applied, Verdict::Parked);
        assert_eq!(verdict(&mut kept, &made, &directory), expected);
    }
    let mut kept = household();
    let made = after(&kept, 2, &[put("phone", "1")]);
    let mut revoked = cert(2, Role::CommuneCadre, &[1]);
    (revoked.revoked, revoked.serial) = (true, 2);
    let mut directory = directory();
    assert!(directory.learn(revoked));
    assert_eq!(
        verdict(&mut kept, &made, &directory),
        Verdict::Parked(DeviceRevoked)
    );
    // An officer lets it through.
    assert_eq!(
        kept.clear(made.hash, &rules(&directory)),
        [(made.hash, Verdict::Applied)]
    );
    assert!(kept.aside.is_empty());
}

/// A shared form: everybody in the commune of its unit writes it.
#[test]
fn a_shared_record_is_the_whole_commune_s() {
    let attendance = |village| {
        vec![
            put(KIND, "job_fair_attendance"),
            (FORM.to_owned(), Edit::Put(Scalar::Int(1))),
            put("village_id", unit(village).to_string().as_str()),
        ]
    };
    for (by, village, expected) in [
        (6, 1, Verdict::Applied),
        (6, 11, Verdict::Applied),
        (6, 12, Verdict::Parked(OutOfScope)),
        (6, 2, Verdict::Parked(OutOfScope)),
        (4, 1, Verdict::Parked(OutOfScope)),
    ] {
        let mut kept = Kept::empty(record_id(2));
        let made = after(&kept, by, &attendance(village));
        assert_eq!(
            verdict(&mut kept, &made, &directory()),
            expected,
            "{by} {village}"
        );
    }
}

/// What an author saw decides, not what happens to be here: an edit made beside a move stands,
/// whichever came first.
#[test]
fn an_edit_beside_a_move_stands_in_either_order() {
    let base = household();
    let moved = after(&base, 5, &[put("village_id", unit(21).to_string().as_str())]);
    let edited = after(&base, 2, &[put("phone", "1")]);
    for order in [[&moved, &edited], [&edited, &moved]] {
        let mut kept = base.clone();
        for made in order {
            assert_eq!(verdict(&mut kept, made, &directory()), Verdict::Applied);
        }
    }
    // Having seen the move, the same person may not.
    let mut kept = base;
    assert_eq!(verdict(&mut kept, &moved, &directory()), Verdict::Applied);
    let later = after(&kept, 2, &[put("phone", "2")]);
    assert_eq!(
        verdict(&mut kept, &later, &directory()),
        Verdict::Parked(OutOfScope)
    );
}

/// A change that saw nothing does not draw a record of others to its author's unit or kind.
#[test]
fn nobody_draws_a_record_to_themselves() {
    let mut kept = household();
    let from_nothing = write(&mut Record::empty(record_id(1)), 4, 1, 9, &creation(21));
    assert_eq!(
        verdict(&mut kept, &from_nothing, &directory()),
        Verdict::Parked(OutOfScope)
    );
    let mut other_kind = creation(11);
    other_kind[0] = put(KIND, "job_fair_attendance");
    let made = write(&mut Record::empty(record_id(1)), 2, 1, 9, &other_kind);
    assert_eq!(
        verdict(&mut kept, &made, &directory()),
        Verdict::Parked(KindChanged)
    );
    // Two who may, creating the same record apart, join key by key.
    let mut same = creation(11);
    same.push(put("phone", "1"));
    let made = write(&mut Record::empty(record_id(1)), 2, 2, 9, &same);
    assert_eq!(verdict(&mut kept, &made, &directory()), Verdict::Applied);
    assert_eq!(kept.record.get("phone"), Some("1".into()));
    assert!(kept.record.conflicts().is_empty());
}

#[test]
fn a_foreign_actor_is_never_admitted_signed_or_cleared() {
    let base = household();
    let by_two = after(&base, 2, &[put("phone", "1")]);
    let stolen = Made {
        by: 3,
        ..by_two.clone()
    };
    let directory = directory();
    for candidate in [stolen.signed(), stolen.cleared()] {
        let mut kept = base.clone();
        let told = kept.receive(vec![candidate], &rules(&directory));
        assert_eq!(told, [(stolen.hash, Verdict::Parked(ForeignActor))]);
        let told = kept.clear(stolen.hash, &rules(&directory));
        assert_eq!(
            told,
            [(stolen.hash, Verdict::Parked(ForeignActor))],
            "not with an officer's leave"
        );
        assert_eq!(kept.record.get("phone"), None);
        // The true author's own envelope is another matter, once the officer let the false one go.
        kept.aside.clear();
        assert_eq!(verdict(&mut kept, &by_two, &directory), Verdict::Applied);
    }
    // A device nobody knows.
    let unknown = after(&base, 8, &[put("phone", "1")]);
    assert_eq!(
        verdict(&mut base.clone(), &unknown, &directory),
        Verdict::Parked(ForeignActor)
    );
}

#[test]
fn an_officer_s_leave_does_not_make_bad_bytes_good() {
    let base = household();
    let directory = directory();
    let bad = Hostile {
        deps: base.record.heads(),
        start_op: 99,
        ..Hostile::sound(&actor(2, 1).0, "a")
    }
    .bytes();
    let hash = sync_core::chunk::open(&bad).expect("opens").0;
    for trust in [
        Trust::Signed(device(2)),
        Trust::Cleared(device(2)),
        Trust::Vouched,
    ] {
        let mut kept = base.clone();
        let candidate = sync_core::admit::Candidate {
            hash,
            bytes: bad.clone(),
            trust,
        };
        assert_eq!(
            kept.receive(vec![candidate], &rules(&directory)),
            [(hash, Verdict::Parked(NotARecord))]
        );
        assert_eq!(
            kept.clear(hash, &rules(&directory)),
            [(hash, Verdict::Parked(NotARecord))]
        );
    }
    // Bytes under another hash are nobody's.
    let made = after(&base, 2, &[put("phone", "1")]);
    let false_name = sync_core::admit::Candidate {
        hash,
        ..made.signed()
    };
    assert_eq!(
        base.clone().receive(vec![false_name], &rules(&directory)),
        [(hash, Verdict::Parked(NotARecord))]
    );
}

#[test]
fn work_on_top_of_what_is_parked_waits() {
    let directory = directory();
    let mut kept = household();
    let mut theirs = kept.record.clone();
    let review = write(&mut theirs, 2, 1, 5, &[put("review/state", "approved")]);
    let above = write(&mut theirs, 2, 1, 6, &[put("phone", "1")]);
    assert_eq!(verdict(&mut kept, &above, &directory), Verdict::Waiting);
    assert_eq!(
        verdict(&mut kept, &review, &directory),
        Verdict::Parked(ReviewerOnly)
    );
    assert_eq!(verdict(&mut kept, &above, &directory), Verdict::Waiting);
    let mut told = kept.clear(review.hash, &rules(&directory));
    told.sort_unstable_by_key(|(hash, _)| *hash == above.hash);
    assert_eq!(
        told,
        [(review.hash, Verdict::Applied), (above.hash, Verdict::Applied)]
    );
    assert_eq!(kept.record.heads(), theirs.heads());
}
