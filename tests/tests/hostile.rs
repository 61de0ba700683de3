//! Bytes on `/sync` that are not what they should be: each has its code, and what was saved stays.

use sync_core::envelope::{Envelope, EnvelopeHead};
use sync_core::frame::{Frame, FrameReader, Hello, PROTOCOL, Receipt, write_frame};
use sync_core::id::{ProjectId, RecordId};
use tests::world::{Device, World};

/// A world with one household on the server, its author, and an envelope that was not sent yet.
struct Scene {
    world: World,
    sua: Device,
    saved: RecordId,
    unsent: Envelope,
}

fn scene() -> Scene {
    let world = World::new();
    let mut sua = world.device("sua");
    let village = world.villages()[0];
    let saved = sua.household(village, "Giàng A Pao");
    sua.sync();
    sua.household(village, "Vàng Thị Mẩy");
    sua.export("unsent", false);
    let unsent = sua.envelopes().pop().expect("an envelope");
    Scene {
        world,
        sua,
        saved,
        unsent,
    }
}

impl Scene {
    /// What the server keeps, so that a test can say that it stayed as it was.
    fn log(&self) -> server::view::rebuild::CheckReport {
        let report = server::view::rebuild::check(&self.world.app).expect("a sound register");
        assert!(report.is_sound(), "{report:?}");
        report
    }

    /// Sends `frames` after a greeting and hands back what the server says of it.
    fn send(&self, frames: &[u8]) -> Said {
        let mut body = Vec::new();
        write_frame(
            &mut body,
            &Frame::Hello(Hello {
                protocol: PROTOCOL,
                ..Hello::default()
            }),
        );
        body.extend_from_slice(frames);
        let (status, answer) = self.world.post_sync(&self.sua, &body);
        assert_eq!(status, 200);
        let mut reader = FrameReader::default();
        reader.push(&answer);
        let mut said = Said::default();
        while let Some(frame) = reader.next().expect("the answer is whole") {
            match frame {
                Frame::Receipts(receipts) => said.receipts.extend(receipts),
                Frame::Refusal(code) => said.refusal = Some(code),
                Frame::Done(_) => said.done = true,
                _ => {}
            }
        }
        assert!(said.done, "an answer is always finished");
        said
    }

    /// Afterwards everything goes on as if nothing had been.
    fn goes_on(mut self) {
        let before = self.log();
        let told = self.sua.sync();
        assert_eq!(told["refused"], serde_json::json!([]), "{told}");
        assert_eq!(self.sua.status()["pending"], 0);
        assert_eq!(self.sua.show(self.saved)["sync"]["state"], "confirmed");
        assert!(self.log().changes >= before.changes);
    }
}

#[derive(Default)]
struct Said {
    receipts: Vec<Receipt>,
    refusal: Option<String>,
    done: bool,
}

impl Said {
    fn refused(&self) -> Option<&str> {
        self.receipts.first()?.refused.as_deref()
    }
}

fn framed(envelope: &Envelope) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_frame(&mut bytes, &Frame::Envelope(envelope.clone()));
    bytes
}

#[test]
fn a_body_that_is_no_frame_at_all() {
    let scene = scene();
    let before = scene.log();
    for (body, code) in [
        (b"GIF89a".to_vec(), "stream_truncated"),
        (vec![0; 8], "frame_malformed"),
        (
            b"<html><body>a proxy's own page</body></html>".to_vec(),
            "frame_too_large",
        ),
        (Vec::new(), "frame_malformed"),
    ] {
        let (status, answer) = scene.world.post_sync(&scene.sua, &body);
        let problem: serde_json::Value = serde_json::from_slice(&answer).expect("a problem in JSON");
        assert!((400..500).contains(&status), "{status} {problem}");
        assert_eq!(problem["code"], code);
        assert!(
            problem["hint"].as_str().is_some_and(|hint| !hint.is_empty()),
            "{problem}"
        );
    }
    assert_eq!(scene.log(), before);
    scene.goes_on();
}

#[test]
fn a_body_cut_at_every_place_keeps_whole_envelopes_only() {
    let scene = scene();
    let before = scene.log();
    let bytes = framed(&scene.unsent);
    for at in (1..bytes.len()).step_by(23) {
        let said = scene.send(&bytes[..at]);
        assert_eq!(said.refusal.as_deref(), Some("stream_truncated"));
        assert!(said.receipts.is_empty());
    }
    assert_eq!(scene.log().changes, before.changes);
    scene.goes_on();
}

#[test]
fn a_flipped_bit_anywhere_is_found() {
    let scene = scene();
    let before = scene.log();
    let bytes = framed(&scene.unsent);
    for at in (0..bytes.len()).step_by(17) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0b100;
        let said = scene.send(&damaged);
        let code = said.refusal.as_deref().expect("damage is told");
        assert!(
            ["frame_damaged", "frame_too_large", "stream_truncated"].contains(&code),
            "{code} at {at}"
        );
    }
    assert_eq!(scene.log().changes, before.changes);
    scene.goes_on();
}

#[test]
fn a_frame_that_says_it_is_huge() {
    let scene = scene();
    let before = scene.log();
    let mut bytes = framed(&scene.unsent);
    bytes.extend_from_slice(&u32::MAX.to_be_bytes());
    bytes.extend_from_slice(&[0; 4]);
    let said = scene.send(&bytes);
    assert_eq!(said.refusal.as_deref(), Some("frame_too_large"));
    assert_eq!(said.refused(), None, "what came before it is kept");
    assert_eq!(scene.log().envelopes, before.envelopes + 1);
    scene.goes_on();
}

#[test]
fn the_same_envelope_again_and_again() {
    let scene = scene();
    let bytes = framed(&scene.unsent);
    let first = scene.send(&bytes);
    let before = scene.log();
    let again = scene.send(&bytes.repeat(3));
    assert_eq!(again.receipts.len(), 3);
    assert!(again.receipts.iter().all(|receipt| *receipt == first.receipts[0]));
    let after = scene.log();
    assert_eq!(
        (after.envelopes, after.changes),
        (before.envelopes, before.changes)
    );
    scene.goes_on();
}

#[test]
fn another_hand_under_our_name() {
    let scene = scene();
    let before = scene.log();
    let items = scene.unsent.items().expect("changes");
    let head = EnvelopeHead {
        counter: 77,
        ..scene.unsent.head.clone()
    };
    let thief = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let said = scene.send(&framed(&Envelope::seal(head, &items, &thief)));
    assert_eq!(said.refused(), Some("signature_wrong"));

    let mut renamed = scene.unsent.clone();
    renamed.head.counter += 1;
    assert_eq!(scene.send(&framed(&renamed)).refused(), Some("signature_wrong"));

    let mut stranger = scene.unsent.clone();
    stranger.head.device = sync_core::id::DeviceId(uuid::Uuid::from_u128(7));
    assert_eq!(scene.send(&framed(&stranger)).refused(), Some("device_unknown"));
    assert_eq!(scene.log(), before);
    scene.goes_on();
}

#[test]
fn an_envelope_and_a_bundle_of_another_project() {
    let mut scene = scene();
    let before = scene.log();
    let mut foreign = scene.unsent.clone();
    foreign.head.project = ProjectId(uuid::Uuid::from_u128(1));
    assert_eq!(scene.send(&framed(&foreign)).refused(), Some("other_project"));

    let elsewhere = World::new();
    let mut lan = elsewhere.device("lan");
    lan.household(elsewhere.villages()[0], "Lý Đào");
    let bundle = lan.export("bundle", true);
    let error = scene
        .sua
        .import(&bundle)
        .expect_err("a bundle of another project");
    assert_eq!(error.code(), "other_project");
    assert_eq!(scene.log(), before);
    scene.goes_on();
}
