//! A parked change and what was written on top of it: on the server, on its author's phone, and on
//! the phone of one who carried it; whatever arrives first, and when an officer lets it in later.

use std::collections::BTreeMap;

use sync_core::admit::Verdict;
use sync_core::cert::Directory;
use sync_core::id::ChangeHash;
use sync_core::policy::{ParkReason, Role};
use sync_core::record::{Record, replaced_by, written_over};
use sync_core::replica::{Because, Kept};

use crate::fixture::*;

/// P writes a field that only officers write, and a name; D and E are the author's later work.
pub struct Story {
    pub base: Made,
    pub parked: Made,
    pub above: [Made; 2],
    /// The author's phone after it heard of the refusal.
    pub author: Kept,
    pub again: [Made; 2],
}

fn refused(story: &Made) -> BTreeMap<ChangeHash, ParkReason> {
    BTreeMap::from([(story.hash, ParkReason::ReviewerOnly)])
}

fn rewritten(kept: &mut Kept, parked: &Made, by: u128) -> Vec<Made> {
    let fresh = actor(by, 9);
    let rewrites = kept
        .set_aside(&refused(parked), fresh.tag(), fresh, signed_by_author)
        .expect("sound");
    rewrites
        .into_iter()
        .map(|rewrite| {
            let (hash, bytes) = rewrite.written.expect("written again");
            let (_, parts) = sync_core::chunk::open(&bytes).expect("opens");
            assert_eq!(replaced_by(parts.message), [rewrite.replaced]);
            Made { hash, bytes, by }
        })
        .collect()
}

pub fn story() -> Story {
    let mut record = Record::empty(record_id(1));
    let base = write(&mut record, 1, 1, 1, &creation(11));
    let parked = write(
        &mut record,
        2,
        1,
        2,
        &[put("review/state", "approved"), put("head_name", "Sai")],
    );
    let above = [
        write(
            &mut record,
            2,
            1,
            3,
            &[put("head_name", "Giàng A Páo"), put("phone", "1")],
        ),
        write(&mut record, 2, 1, 4, &[put("phone", "2")]),
    ];
    let mut author = Kept {
        record,
        aside: BTreeMap::new(),
    };
    let again = rewritten(&mut author, &parked, 2)
        .try_into()
        .expect("two written again");
    Story {
        base,
        parked,
        above,
        author,
        again,
    }
}

pub fn server(story: &Story, order: &[&Made], directory: &Directory) -> Kept {
    let mut kept = Kept::empty(record_id(1));
    kept.receive(vec![story.base.signed()], &rules(directory));
    for made in order {
        kept.receive(vec![made.signed()], &rules(directory));
    }
    kept
}

fn permutations(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let insert = |order: Vec<usize>| {
        (0..=order.len()).map(move |at| {
            let mut order = order.clone();
            order.insert(at, count - 1);
            order
        })
    };
    permutations(count - 1).into_iter().flat_map(insert).collect()
}

#[test]
fn the_author_writes_again_what_stood_on_a_refused_change() {
    let Story {
        parked,
        above,
        author,
        again,
        ..
    } = story();
    assert_eq!(author.record.get("review/state"), None);
    assert_eq!(author.record.get("head_name"), Some("Giàng A Páo".into()));
    assert_eq!(author.record.get("phone"), Some("2".into()));
    assert_eq!(author.aside.keys().collect::<Vec<_>>(), [&parked.hash]);
    assert_eq!(
        author.aside[&parked.hash].because,
        Because::Parked(ParkReason::ReviewerOnly)
    );
    let times: Vec<_> = author.record.history().iter().map(|entry| entry.time_s).collect();
    assert_eq!(times, [1, 3, 4], "each with its own claimed time");
    for made in &again {
        let (_, parts) = sync_core::chunk::open(&made.bytes).expect("opens");
        assert_eq!(written_over(parts.message), [parked.hash]);
    }
    assert!(above.iter().all(|made| !author.record.has(&made.hash)));
    // The same word a second time changes nothing.
    let mut twice = author.clone();
    assert!(rewritten(&mut twice, &parked, 2).is_empty());
    assert_eq!(
        (twice.record.heads(), twice.aside),
        (author.record.heads(), author.aside)
    );
}

#[test]
fn the_server_ends_alike_whatever_arrives_first() {
    let story = story();
    let directory = directory();
    let all = [
        &story.parked,
        &story.above[0],
        &story.above[1],
        &story.again[0],
        &story.again[1],
    ];
    for order in permutations(all.len()) {
        let order: Vec<_> = order.into_iter().map(|at| all[at]).collect();
        let mut kept = server(&story, &order, &directory);
        for round in 0..2 {
            assert_eq!(kept.record.heads(), story.author.record.heads(), "{round}");
            assert_eq!(kept.record.answers(), story.author.record.answers());
            assert!(kept.record.conflicts().is_empty());
            let aside: Vec<_> = kept
                .aside
                .iter()
                .map(|(hash, aside)| (*hash, aside.because))
                .collect();
            assert_eq!(
                aside,
                [(story.parked.hash, Because::Parked(ParkReason::ReviewerOnly))]
            );
            // Everything again: superseded stays superseded.
            let told = kept.receive(all.iter().map(|made| made.signed()).collect(), &rules(&directory));
            for made in &story.above {
                assert!(told.contains(&(made.hash, Verdict::Superseded)));
            }
        }
    }
}

/// All at once, in every order within the batch.
#[test]
fn one_batch_ends_alike_in_every_order() {
    let story = story();
    let directory = directory();
    let all = [
        &story.base,
        &story.parked,
        &story.above[0],
        &story.above[1],
        &story.again[0],
        &story.again[1],
    ];
    for order in permutations(all.len()) {
        let mut kept = Kept::empty(record_id(1));
        kept.receive(
            order.iter().map(|at| all[*at].signed()).collect(),
            &rules(&directory),
        );
        assert_eq!(kept.record.heads(), story.author.record.heads());
        assert_eq!(kept.aside.keys().collect::<Vec<_>>(), [&story.parked.hash]);
    }
}

/// A phone that believed the author to be an officer merged it all and wrote on top.
#[test]
fn one_who_carried_it_ends_like_the_server() {
    let story = story();
    let directory = directory();
    let mut believed = directory.clone();
    let mut officer = cert(2, Role::DistrictOfficer, &[9]);
    officer.serial = 2;
    believed.learn(officer);
    let mut carrier = Kept::empty(record_id(1));
    let carried = [&story.base, &story.parked, &story.above[0], &story.above[1]];
    carrier.receive(
        carried.iter().map(|made| made.signed()).collect(),
        &rules(&believed),
    );
    assert!(carrier.aside.is_empty());
    let own = write(&mut carrier.record, 3, 1, 8, &[put("roof", "tile")]);

    // The word of the refusal, and the author's new changes, in either order.
    for refusal_first in [true, false] {
        let mut carrier = carrier.clone();
        let mut again = Vec::new();
        if refusal_first {
            again = rewritten(&mut carrier, &story.parked, 3);
            assert!(
                story
                    .above
                    .iter()
                    .all(|made| carrier.aside[&made.hash].because == Because::Waiting)
            );
        }
        carrier.receive(
            story.again.iter().map(Made::vouched).collect(),
            &rules(&directory),
        );
        if !refusal_first {
            again = rewritten(&mut carrier, &story.parked, 3);
        }
        let [own_again] = &again[..] else {
            panic!("one change of its own")
        };
        let all: Vec<_> = carried[1..]
            .iter()
            .copied()
            .chain([&own, own_again])
            .chain(&story.again)
            .collect();
        let server = server(&story, &all, &directory);
        assert_eq!(carrier.record.heads(), server.record.heads());
        assert_eq!(carrier.record.answers(), server.record.answers());
        assert_eq!(carrier.record.get("roof"), Some("tile".into()));
        assert_eq!(
            carrier.aside.keys().collect::<Vec<_>>(),
            server.aside.keys().collect::<Vec<_>>()
        );
        assert_eq!(carrier.aside.len(), 1);
    }
}

/// A refused creation: what stands on it waits, since there is nothing to write it on.
#[test]
fn work_on_a_refused_creation_waits_for_it() {
    let directory = directory();
    let mut record = Record::empty(record_id(1));
    let creation = write(&mut record, 2, 1, 1, &creation(21));
    let above = write(&mut record, 2, 1, 2, &[put("phone", "1")]);
    let mut author = Kept {
        record,
        aside: BTreeMap::new(),
    };
    let parked = BTreeMap::from([(creation.hash, ParkReason::OutOfScope)]);
    let rewrites = author
        .set_aside(&parked, actor(2, 9).tag(), actor(2, 9), signed_by_author)
        .expect("sound");
    assert!(rewrites.is_empty() && author.record.is_empty());
    assert_eq!(author.aside[&above.hash].because, Because::Waiting);

    let mut server = Kept::empty(record_id(1));
    server.receive(vec![above.signed(), creation.signed()], &rules(&directory));
    server.clear(creation.hash, &rules(&directory));
    author.clear(creation.hash, &rules(&directory));
    // The work above is judged by itself, here and there, and is out of scope too.
    for kept in [&mut server, &mut author] {
        assert_eq!(
            kept.aside[&above.hash].because,
            Because::Parked(ParkReason::OutOfScope)
        );
        kept.clear(above.hash, &rules(&directory));
    }
    assert_eq!(server.record.heads(), author.record.heads());
    assert!(server.aside.is_empty() && author.aside.is_empty());
}

/// Nobody makes another's work disappear by saying that it is replaced.
#[test]
fn only_the_author_replaces_a_change() {
    let directory = directory();
    let mut record = Record::empty(record_id(1));
    let base = write(&mut record, 1, 1, 1, &creation(11));
    let victim = write(&mut record.clone(), 2, 1, 2, &[put("phone", "1")]);
    let mut thief = record.clone();
    let done = thief
        .edit_replacing(actor(3, 1), 3, &[put("phone", "0")], &[victim.hash])
        .expect("edits");
    let (hash, bytes) = done.expect("written");
    let thief = Made { hash, bytes, by: 3 };
    for order in [[&thief, &victim], [&victim, &thief]] {
        let mut kept = Kept::empty(record_id(1));
        kept.receive(vec![base.signed()], &rules(&directory));
        for made in order {
            assert_eq!(
                kept.receive(vec![made.signed()], &rules(&directory)),
                [(made.hash, Verdict::Applied)]
            );
        }
        assert_eq!(kept.record.conflicts().len(), 1);
    }
}
