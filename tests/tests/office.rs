//! What the office sees is what the phone wrote.

use std::collections::BTreeSet;

use serde_json::Value;
use sync_core::record::Record;
use tests::world::World;

#[test]
fn the_document_of_the_office_is_the_phones() {
    let world = World::new();
    let village = world.villages()[0];
    let mut sua = world.device("sua");
    let id = sua.household(village, "Lý Đào");
    sua.set(id, "livestock", "3");
    sua.sync();

    let (status, document) = world.get(&sua, &format!("/api/v1/records/{id}/document"));
    assert_eq!(status, 200);
    let theirs = Record::load(id, &document).expect("an Automerge document");
    let row = sua
        .phone
        .store()
        .record(id)
        .expect("a sound home")
        .expect("a record");
    let mine = row.open(id).expect("a sound home").record;
    assert_eq!(theirs.heads(), mine.heads());
    assert_eq!(theirs.answers(), mine.answers());
    assert_eq!(theirs.history(), mine.history());
}

#[test]
fn nobody_reads_beyond_their_units() {
    let world = World::new();
    let villages = world.villages();
    let mut sua = world.device("sua");
    let (near, far) = (
        sua.household(villages[0], "Lý Đào"),
        sua.household(villages[1], "Nguyễn Văn Hòa"),
    );
    sua.sync();
    let mut may = world.head("may", villages[0]);
    may.sync();

    let held: BTreeSet<_> = may
        .phone
        .store()
        .ids(None, None, 10)
        .expect("a sound home")
        .into_iter()
        .collect();
    assert_eq!(held, BTreeSet::from([near]));
    assert_eq!(world.get(&may, &format!("/api/v1/records/{near}")).0, 200);
    for path in ["", "/document", "/history", "/conflicts"] {
        let (status, body) = world.get(&may, &format!("/api/v1/records/{far}{path}"));
        let problem: Value = serde_json::from_slice(&body).expect("a problem");
        assert_eq!(
            (status, &problem["code"]),
            (404, &Value::from("record_unknown")),
            "{path}"
        );
    }
}
