//! A record is an ordinary Automerge document: the stock JavaScript library reads and edits it.

use std::collections::BTreeSet;

use schemas::value::Scalar;
use serde_json::{Value, json};
use sync_core::chunk;
use sync_core::id::{Actor, DeviceId};
use sync_core::record::{Edit, Record};
use tests::corpus::{all, record_id};
use tests::interop;
use uuid::Uuid;

fn actor(device: u128, session: u8) -> Actor {
    Actor::of(DeviceId(Uuid::from_u128(device)), [session; 8])
}

/// The record of the golden files: created, edited apart, merged with a conflict, written again.
fn merged() -> Record {
    let golden = all()
        .into_iter()
        .find(|golden| golden.name == "record")
        .expect("is made");
    Record::load(record_id(1), &golden.bytes).expect("loads")
}

/// Asserts that the library shows `document` as `record` shows itself.
fn shows_the_same(record: &Record, document: &[u8]) -> Value {
    let theirs = interop::read(document).unwrap_or_else(|error| panic!("{error:#}"));
    assert_eq!(
        theirs["values"],
        serde_json::to_value(record.answers()).expect("JSON")
    );
    let heads: Vec<_> = record.heads().iter().map(|head| head.to_hex()).collect();
    assert_eq!(theirs["heads"], json!(heads));
    let conflicts = theirs["conflicts"].as_object().expect("an object");
    let ours = record.conflicts();
    assert_eq!(
        conflicts.keys().collect::<Vec<_>>(),
        ours.iter().map(|one| &one.path).collect::<Vec<_>>()
    );
    for conflict in &ours {
        let values = |values: Vec<Value>| values.iter().map(Value::to_string).collect::<BTreeSet<_>>();
        let theirs = values(
            conflicts[&conflict.path]
                .as_object()
                .expect("rivals")
                .values()
                .cloned()
                .collect(),
        );
        let rivals = conflict
            .rivals
            .iter()
            .map(|rival| serde_json::to_value(&rival.value).expect("JSON"));
        assert_eq!(theirs, values(rivals.collect()));
    }
    let about = |hash: &str, actor: &str, time: i64| format!("{hash} {actor} {time}");
    let changes: BTreeSet<_> = theirs["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .map(|one| {
            let text = |key: &str| one[key].as_str().expect("text").to_owned();
            about(
                &text("hash"),
                &text("actor"),
                one["time"].as_i64().expect("seconds"),
            )
        })
        .collect();
    let history = record.history();
    let ours = history
        .iter()
        .map(|entry| about(&entry.change.to_hex(), &entry.actor.to_hex(), entry.time_s));
    assert_eq!(changes, ours.collect());
    theirs
}

#[test]
fn the_stock_library_shows_what_we_show() {
    let record = merged();
    let theirs = shows_the_same(&record, &record.save());
    assert_eq!(theirs["conflicts"].as_object().map(serde_json::Map::len), Some(1));
    let messages = theirs["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .map(|change| &change["message"]);
    assert_eq!(
        messages.filter(|message| message.is_string()).count(),
        1,
        "the change written again says so"
    );

    // After a fold: loaded and saved again, and as raw changes one after another.
    let folded = Record::load(record.id(), &record.save()).expect("loads").save();
    shows_the_same(&record, &folded);
    let changes: Vec<u8> = record
        .changes()
        .into_iter()
        .flat_map(|(_, bytes)| bytes)
        .collect();
    shows_the_same(&record, &changes);

    let mut first = Record::empty(record.id());
    first.apply(&record.changes()[0].1).expect("applies");
    shows_the_same(&first, &first.save());
}

#[test]
fn an_edit_by_the_stock_library_is_a_change_of_ours() {
    let mut record = merged();
    let wanted = json!({
        "actor": actor(3, 1).to_hex(),
        "time": 1_730_600_000,
        "set": {"livestock": 6, "head_name": "Vàng A Tủa (anh)", "area_ha": 1.5, "poor": false, "note": null},
        "delete": ["roof"],
    });
    let (bytes, said) = interop::edit(&record.save(), &wanted).unwrap_or_else(|error| panic!("{error:#}"));
    let (hash, parts) = chunk::open(&bytes).expect("opens");
    assert_eq!(said["hash"], json!(hash.to_hex()));
    assert_eq!(Actor::from_slice(parts.actor), Some(actor(3, 1)));
    record.apply(&bytes).expect("sound");
    assert_eq!(record.heads(), [hash]);
    assert!(
        record.conflicts().is_empty(),
        "writing the field again settles it"
    );
    assert_eq!(record.get("livestock"), Some(Scalar::Int(6)));
    assert_eq!(record.get("head_name"), Some("Vàng A Tủa (anh)".into()));
    assert_eq!(record.get("area_ha"), Some(Scalar::Decimal(1.5)));
    assert_eq!(record.get("poor"), Some(Scalar::Bool(false)));
    assert_eq!(record.get("note"), Some(Scalar::Null));
    assert_eq!(record.get("roof"), None);

    // And ours on top of theirs, back in theirs.
    let edits = [("phone".to_owned(), Edit::Put("0988".into()))];
    record.edit(actor(4, 1), 1_730_600_100, &edits).expect("edits");
    shows_the_same(&record, &record.save());
}
