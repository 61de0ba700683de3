//! Broken links, damaged bytes, restored servers.

use serde_json::json;
use sync_core::id::RecordId;

use crate::world::{Link, World, open};

#[test]
fn an_answer_cut_at_every_place_loses_nothing() {
    let world = World::new();
    let (mut a, mut b) = (world.cadre("Sùng"), world.head("Páo"));
    let ids: Vec<_> = (0..6)
        .map(|number| a.household(json!({ "livestock": number })))
        .collect();
    a.sync();
    let mut at = 0;
    loop {
        b.line.link = Link::Cut(at);
        match b.try_sync() {
            Ok(_) => break,
            Err(error) => assert_eq!(error.code(), "connection_cut"),
        }
        at += 307;
        b = b.restart();
    }
    for (number, id) in ids.iter().enumerate() {
        assert_eq!(b.data(id, "livestock"), json!(number));
    }
}

#[test]
fn a_flipped_bit_stops_the_stream_and_keeps_what_came_before() {
    let world = World::new();
    let (mut a, mut b) = (world.cadre("Sùng"), world.head("Páo"));
    let ids: Vec<_> = (0..6)
        .map(|number| a.household(json!({ "livestock": number })))
        .collect();
    a.sync();
    for at in (8..2_000).step_by(97) {
        b.line.link = Link::Flip(at);
        if let Err(error) = b.try_sync() {
            assert!(
                ["frame_damaged", "frame_too_large", "stream_truncated"].contains(&error.code().as_str()),
                "{}",
                error.code()
            );
        }
    }
    b.line.link = Link::Good;
    b.sync();
    assert!(
        ids.iter()
            .enumerate()
            .all(|(number, id)| b.data(id, "livestock") == number)
    );
}

#[test]
fn a_lost_reply_costs_a_question_not_an_upload() {
    let world = World::new();
    let mut a = world.cadre("Sùng");
    a.sync();
    let id = a.household(json!({ "livestock": 1 }));
    a.line.link = Link::Cut(0);
    assert!(a.try_sync().is_err());
    assert_eq!(a.status()["pending"], 1, "no receipt, no confirmation");
    let mut a = a.restart();
    a.line.link = Link::Good;
    a.sync();
    let (hello, envelopes) = world.server.borrow().last.clone().expect("a request");
    assert_eq!((hello.unconfirmed.len(), envelopes), (1, 0));
    assert_eq!(a.show(&id)["sync"]["state"], "confirmed");
    let idle = a.sync();
    assert_eq!((&idle["round_trips"], &idle["sent"]), (&json!(1), &json!(0)));
    assert!(
        idle["bytes_up"].as_u64().is_some_and(|bytes| bytes < 250),
        "{idle}"
    );
}

#[test]
fn no_network_is_no_loss() {
    let world = World::new();
    let mut a = world.cadre("Sùng");
    let id = a.household(json!({ "livestock": 1 }));
    a.line.link = Link::Dead;
    assert_eq!(a.try_sync().expect_err("no way").code(), "server_unreachable");
    a.set(&id, "livestock", "2");
    a.line.link = Link::Good;
    a.sync();
    assert_eq!(a.status()["confirmed"], 1);
}

#[test]
fn a_restored_server_is_filled_again() {
    let world = World::new();
    let (mut a, mut b) = (world.cadre("Sùng"), world.head("Páo"));
    let first = a.household(json!({ "livestock": 1 }));
    a.sync();
    let backup = world.server.borrow().clone();
    let second = a.household(json!({ "livestock": 2 }));
    a.set(&first, "livestock", "3");
    a.sync();
    b.sync();
    world.server.borrow_mut().restore(backup);
    // A's phone is lost; B brings back what the server had signed.
    b.sync();
    for (id, value) in [(&first, 3), (&second, 2)] {
        let id: RecordId = id.parse().expect("an id");
        let server = world.server.borrow();
        assert_eq!(
            server.record(id).and_then(|record| record.get("livestock")),
            Some(schemas::value::Scalar::Int(value))
        );
    }
    assert_eq!(b.sync()["round_trips"], 1);
}

#[test]
fn a_copied_home_goes_on_under_a_new_actor() {
    let world = World::new();
    let mut a = world.cadre("Sùng");
    let id = a.household(json!({ "livestock": 1 }));
    a.sync();
    let copy = tempfile::tempdir().expect("a directory");
    let a = {
        let kept = a.restart();
        for file in std::fs::read_dir(kept.home.path()).expect("a home") {
            let file = file.expect("a file");
            std::fs::copy(file.path(), copy.path().join(file.file_name())).expect("a copy");
        }
        kept
    };
    let mut a = a;
    a.set(&id, "livestock", "2");
    a.sync();
    let mut twin = open(copy.path(), &a.clock, 77).expect("the copy opens");
    twin.set(
        id.parse().expect("an id"),
        &[("roof".to_owned(), "tile".to_owned())],
    )
    .expect("allowed");
    twin.sync(&mut a.line, "vi").expect("a sync");
    twin.sync(&mut a.line, "vi").expect("a sync");
    a.sync();
    let shown = twin.show(id.parse().expect("an id"), "vi").expect("held");
    assert_eq!(
        (&shown["data"]["livestock"], &shown["data"]["roof"]),
        (&json!(2), &json!("tile"))
    );
    assert_eq!(
        (a.data(&id, "livestock"), a.data(&id, "roof")),
        (json!(2), json!("tile"))
    );
}
