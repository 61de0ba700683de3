//! An officer lets a parked change in later: nothing twice, no old value back, replicas equal.

use std::collections::BTreeSet;

use sync_core::admit::Verdict;

use crate::fixture::*;
use crate::parked::{server, story};

/// The officer admits it after all: the newer values stand on every replica, nothing twice.
#[test]
fn a_change_let_in_later_brings_no_old_value_back() {
    let story = story();
    let directory = directory();
    let all = [
        &story.parked,
        &story.above[0],
        &story.again[0],
        &story.above[1],
        &story.again[1],
    ];
    let mut server = server(&story, &all, &directory);
    let told = server.clear(story.parked.hash, &rules(&directory));
    assert_eq!(told, [(story.parked.hash, Verdict::Applied)]);
    let let_in: BTreeSet<_> = told.iter().map(|(hash, _)| *hash).collect();
    let settled = server
        .record
        .settle(actor(5, 1), 99, &let_in)
        .expect("sound")
        .expect("an older value shows");
    assert_eq!(
        server.record.settle(actor(5, 1), 99, &let_in),
        Ok(None),
        "once is enough"
    );
    assert_eq!(server.record.get("review/state"), Some("approved".into()));
    assert_eq!(server.record.get("head_name"), Some("Giàng A Páo".into()));
    assert_eq!(server.record.get("phone"), Some("2".into()));
    assert!(server.record.conflicts().is_empty() && server.aside.is_empty());
    let changes: Vec<_> = server
        .record
        .history()
        .into_iter()
        .map(|entry| entry.change)
        .collect();
    assert_eq!(
        changes.len(),
        5,
        "base, the admitted one, two written again, and the settling one"
    );

    // The author hears of it from the feed, in either order.
    let settled = Made {
        hash: settled.0,
        bytes: settled.1,
        by: 5,
    };
    for order in [[&story.parked, &settled], [&settled, &story.parked]] {
        let mut author = story.author.clone();
        for made in order {
            author.receive(vec![made.vouched()], &rules(&directory));
        }
        assert_eq!(author.record.heads(), server.record.heads());
        assert_eq!(author.record.answers(), server.record.answers());
        assert!(author.aside.is_empty() && author.record.conflicts().is_empty());
    }
}

/// The officer is quicker than the author: what waited is merged before it is written again.
#[test]
fn an_officer_quicker_than_the_author_leaves_all_replicas_equal() {
    let story = story();
    let directory = directory();
    let mut server = server(
        &story,
        &[&story.parked, &story.above[0], &story.above[1]],
        &directory,
    );
    server.clear(story.parked.hash, &rules(&directory));
    for made in &story.again {
        server.receive(vec![made.signed()], &rules(&directory));
    }
    assert!(server.aside.is_empty());
    let mut author = story.author.clone();
    let news = [&story.parked, &story.above[0], &story.above[1]];
    author.receive(
        news.iter().map(|made| made.vouched()).collect(),
        &rules(&directory),
    );
    assert_eq!(author.record.heads(), server.record.heads());
    assert_eq!(author.record.answers(), server.record.answers());
    assert_eq!(author.record.conflicts(), server.record.conflicts());
    let let_in = BTreeSet::from(news.map(|made| made.hash));
    author.record.settle(actor(5, 1), 99, &let_in).expect("sound");
    assert_eq!(author.record.get("head_name"), Some("Giàng A Páo".into()));
    assert_eq!(author.record.get("phone"), Some("2".into()));
    assert!(author.record.conflicts().is_empty());
}
