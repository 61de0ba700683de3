//! Order decides nothing: whoever arrives first, and however often, everybody ends at the same.

use serde_json::{Value, json};
use sync_core::frame::{Frame, Hello, PROTOCOL, write_frame};
use tests::world::{Device, World};

const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

/// What people see of a record, without what differs from phone to phone.
fn seen(device: &Device, id: sync_core::id::RecordId) -> Value {
    let shown = device.show(id);
    json!({ "data": shown["data"], "conflicts": shown["conflicts"], "review": shown["review"] })
}

#[test]
fn three_people_disagree_and_see_the_same_in_every_order() {
    for order in ORDERS {
        let world = World::new();
        let village = world.villages()[0];
        let mut phones = [
            world.device("sua"),
            world.device("pao"),
            world.head("may", village),
        ];
        let id = phones[0].household(village, "Giàng A Pao");
        for at in [0, 1, 2] {
            phones[at].sync();
        }
        phones[0].set(id, "livestock", "3");
        phones[1].set(id, "livestock", "5");
        phones[2].set(id, "livestock", "3");
        phones[1].set(id, "phone", "0912345678");
        for at in order {
            phones[at].sync();
        }
        for at in order {
            phones[at].sync();
        }
        let first = seen(&phones[0], id);
        assert_eq!(first["conflicts"].as_array().map(Vec::len), Some(1), "{first}");
        assert_eq!(
            first["conflicts"][0]["values"].as_array().map(Vec::len),
            Some(2),
            "equal values agree: {first}"
        );
        assert_eq!(first["data"]["phone"], "0912345678");
        assert_eq!(seen(&phones[1], id), first, "{order:?}");
        assert_eq!(seen(&phones[2], id), first, "{order:?}");

        // Who writes the field again has seen both: that settles it, everywhere.
        phones[2].set(id, "livestock", "4");
        for at in [2, 0, 1] {
            phones[at].sync();
        }
        for phone in &phones {
            assert_eq!(seen(phone, id)["conflicts"], json!([]));
            assert_eq!(seen(phone, id)["data"]["livestock"], 4);
        }
    }
}

#[test]
fn the_last_of_three_envelopes_may_come_first() {
    for order in ORDERS {
        let world = World::new();
        let mut sua = world.device("sua");
        let mut pao = world.device("pao");
        let id = sua.household(world.villages()[0], "Giàng A Pao");
        let mut bundles = Vec::new();
        for (number, livestock) in ["1", "2", "3"].into_iter().enumerate() {
            sua.set(id, "livestock", livestock);
            // Each export closes what is pending into an envelope of its own.
            sua.export(&format!("bundle-{number}"), false);
        }
        for envelope in sua.envelopes() {
            let mut bytes = Vec::new();
            write_frame(&mut bytes, &Frame::Envelope(envelope));
            bundles.push(bytes);
        }
        assert_eq!(bundles.len(), 3);
        // Somebody else's request carries them, one at a time, and every one twice.
        for at in order.into_iter().chain(order) {
            let mut body = Vec::new();
            write_frame(
                &mut body,
                &Frame::Hello(Hello {
                    protocol: PROTOCOL,
                    ..Hello::default()
                }),
            );
            body.extend_from_slice(&bundles[at]);
            assert_eq!(world.post_sync(&pao, &body).0, 200);
            let (status, shown) = world.get(&pao, &format!("/api/v1/records/{id}/conflicts"));
            let shown: Value = serde_json::from_slice(&shown).unwrap_or_default();
            assert!(status == 404 || shown["items"] == json!([]), "{order:?}: {shown}");
        }
        pao.sync();
        assert_eq!(pao.show(id)["data"]["livestock"], 3, "{order:?}");
        assert_eq!(pao.show(id)["conflicts"], json!([]));
        let report = server::view::rebuild::check(&world.app).expect("a register");
        assert!(report.is_sound(), "{report:?}");
        assert_eq!((report.envelopes, report.changes), (3, 4));
    }
}
