//! What goes down to a phone, frame by frame, however many frames it takes.

use std::collections::{BTreeMap, BTreeSet};

use schemas::value::Scalar;
use server::access::console_device;
use server::demo;
use server::ingest::{self, Uploaded};
use server::merge::{Batch, Opened};
use server::publish::{Answer, Holder};
use server::store::UserStore as _;
use server::store::record::LogStore as _;
use sync_core::envelope::{Envelope, EnvelopeHead, batches};
use sync_core::frame::{Frame, Hello, PROTOCOL};
use sync_core::id::{Actor, ChangeHash, DeviceId, RecordId};
use sync_core::pack::Item;
use sync_core::record::{Edit, FORM, KIND, Record};
use uuid::Uuid;

use crate::app::TestApp;

/// Writes as the officer's console does: signed, logged, merged.
fn hand_in(test: &TestApp, login: &str, items: Vec<Item>) {
    let app = &test.app;
    let officer = app
        .store
        .user_by_login(login)
        .expect("reads")
        .expect("an officer");
    let (device, key) = console_device(&app.store, &app.keys, app.clock.now(), &officer).expect("a console");
    let first = app.store.counter_high(device).expect("reads") + 1;
    let mut batch = Batch::default();
    for (counter, items) in (first..).zip(batches(items)) {
        let head = EnvelopeHead {
            project: app.keys.project,
            device,
            counter,
            claimed_at_ms: 0,
        };
        batch.envelopes.push(Opened {
            envelope: Envelope::seal(head, &items, &key),
            items,
        });
    }
    for receipt in ingest::take(app, device, &batch, &[]).expect("is taken") {
        assert!(
            receipt.refused.is_none() && receipt.parked.is_empty(),
            "{receipt:?}"
        );
    }
}

fn creation(actor: Actor, id: RecordId, village: &str, words: &str) -> Item {
    let put = |path: &str, value: Scalar| (path.to_owned(), Edit::Put(value));
    let edits = [
        put(KIND, "household".into()),
        put(FORM, Scalar::Int(1)),
        put("village_id", village.into()),
        put("address_detail", words.into()),
    ];
    let (hash, bytes) = Record::empty(id)
        .edit(actor, 0, &edits)
        .expect("edits")
        .expect("a change");
    Item {
        record: id,
        hash,
        bytes,
    }
}

/// Every change an answer brings, by record, and the largest number of frames it took for them.
fn brought(test: &TestApp, holder: &Holder) -> (BTreeMap<RecordId, BTreeSet<ChangeHash>>, usize) {
    let hello = Hello {
        protocol: PROTOCOL,
        ..Hello::default()
    };
    let uploaded = Uploaded {
        hello: Some(hello.clone()),
        receipts: Vec::new(),
        brought_back: BTreeSet::new(),
        failed: None,
    };
    let mut answer = Answer::new(test.app.clone(), holder.clone(), hello, uploaded).expect("an answer");
    let (mut changes, mut frames) = (BTreeMap::<_, BTreeSet<_>>::new(), 0);
    while let Some(step) = answer.frames().expect("frames") {
        for frame in step {
            let Frame::Updates(updates) = frame else { continue };
            frames += 1;
            let batch = updates
                .open(test.app.keys.project, &test.app.keys.public())
                .expect("is signed");
            for item in batch.changes {
                changes.entry(item.record).or_default().insert(item.hash);
            }
            for whole in batch.documents {
                let record = Record::load(whole.record, &whole.document).expect("a document");
                changes
                    .entry(whole.record)
                    .or_default()
                    .extend(record.changes().into_iter().map(|(hash, _)| hash));
            }
        }
    }
    (changes, frames)
}

#[test]
fn a_record_that_changed_early_and_late_loses_neither() {
    let test = TestApp::full();
    demo::prepare(&test.app).expect("a demo");
    let officer = test
        .app
        .store
        .user_by_login("huyen.bacha")
        .expect("reads")
        .expect("an officer");
    let (device, _) =
        console_device(&test.app.store, &test.app.keys, test.app.clock.now(), &officer).expect("a console");
    let head = test
        .app
        .store
        .user_by_login("tt.hoangthupho.1")
        .expect("reads")
        .expect("a head");
    let village = head.units[0].to_string();
    // Two hands create the same record without having seen each other, and a lot happens in between.
    let id = RecordId(Uuid::from_u128(0x8000_0000_0000_8000_8000_0000_0000_0001));
    let early = creation(Actor::of(device, [1; 8]), id, &village, "viết trước");
    let late = creation(Actor::of(device, [2; 8]), id, &village, "viết sau");
    let (early_hash, late_hash) = (early.hash, late.hash);
    hand_in(&test, "huyen.bacha", vec![early]);
    let between = (0..400u128).map(|number| {
        let id = RecordId(Uuid::from_u128(
            0x9000_0000_0000_8000_8000_0000_0000_0000 + number,
        ));
        creation(Actor::of(device, [3; 8]), id, &village, &"ghi chú ".repeat(20))
    });
    hand_in(&test, "huyen.bacha", between.collect());
    hand_in(&test, "huyen.bacha", vec![late]);

    let phone = DeviceId(Uuid::from_u128(7));
    let holder = Holder {
        device: phone,
        role: head.role,
        units: head.units.clone(),
        is_off: false,
    };
    let (changes, frames) = brought(&test, &holder);
    assert!(frames > 1, "the story needs more than one frame, not {frames}");
    assert_eq!(changes[&id], BTreeSet::from([early_hash, late_hash]));
}
