//! Envelopes: who signed counts, whoever carries; nothing in them can be changed or moved.

use proptest::prelude::*;
use sync_core::compress::{compress, decompress};
use sync_core::envelope::{Envelope, EnvelopeError, EnvelopeHead, batches, digest};
use sync_core::id::{ProjectId, Signature};
use sync_core::limits;
use sync_core::pack::{Item, pack};
use sync_core::policy::Role;
use sync_core::record::Record;
use uuid::Uuid;

use crate::fixture::*;

fn items(count: u128) -> Vec<Item> {
    (0..count)
        .map(|number| {
            let made = write(&mut Record::empty(record_id(number)), 1, 1, 5, &creation(11));
            Item::new(record_id(number), made.bytes).expect("opens")
        })
        .collect()
}

fn head() -> EnvelopeHead {
    EnvelopeHead {
        project: PROJECT,
        device: device(1),
        counter: 7,
        claimed_at_ms: 1_700_000_000_123,
    }
}

fn sealed(items: &[Item]) -> Envelope {
    Envelope::seal(head(), items, &signing_key(1))
}

fn open(envelope: &Envelope) -> Result<Vec<Item>, EnvelopeError> {
    envelope.open(PROJECT, Some(&cert(1, Role::CommuneCadre, &[1])))
}

#[test]
fn what_was_sealed_opens() {
    let items = items(60);
    let envelope = sealed(&items);
    assert_eq!(open(&envelope).as_ref(), Ok(&items));
    assert!(
        envelope.body.len() < 60 * 120,
        "{} bytes for sixty creations",
        envelope.body.len()
    );
    let bytes = minicbor::to_vec(&envelope).expect("encodes");
    assert_eq!(minicbor::decode::<Envelope>(&bytes).expect("decodes"), envelope);
}

#[test]
fn another_project_device_or_key_is_refused() {
    let envelope = sealed(&items(2));
    let ours = cert(1, Role::CommuneCadre, &[1]);
    let other_project = ProjectId(Uuid::from_u128(1));
    assert_eq!(
        envelope.open(other_project, Some(&ours)),
        Err(EnvelopeError::OtherProject)
    );
    assert_eq!(envelope.open(PROJECT, None), Err(EnvelopeError::UnknownDevice));
    let other_device = cert(2, Role::CommuneCadre, &[1]);
    assert_eq!(
        envelope.open(PROJECT, Some(&other_device)),
        Err(EnvelopeError::UnknownDevice)
    );
    let mut other_key = ours.clone();
    other_key.public_key = other_device.public_key;
    assert_eq!(
        envelope.open(PROJECT, Some(&other_key)),
        Err(EnvelopeError::BadSignature)
    );
    // A small-order key verifies everything by the lax rules.
    let mut weak = ours;
    weak.public_key.0 = [0; 32];
    weak.public_key.0[0] = 1;
    assert_eq!(
        envelope.open(PROJECT, Some(&weak)),
        Err(EnvelopeError::BadSignature)
    );
}

#[test]
fn changes_cannot_be_moved_added_dropped_or_reordered() {
    let good = items(3);
    let envelope = sealed(&good);
    let with = |items: &[Item]| {
        let body = compress(&pack(
            items.iter().map(|item| (item.record, item.bytes.as_slice())),
        ));
        open(&Envelope {
            body,
            ..envelope.clone()
        })
    };
    assert_eq!(with(&good).as_ref(), Ok(&good));
    let mut moved = good.clone();
    moved[1].record = record_id(99);
    assert_eq!(with(&moved), Err(EnvelopeError::BadSignature));
    let mut swapped = good.clone();
    swapped.swap(0, 2);
    assert_eq!(with(&swapped), Err(EnvelopeError::BadSignature));
    assert_eq!(with(&good[..2]), Err(EnvelopeError::BadSignature));
    assert_eq!(
        with(&[good.clone(), items(1)].concat()),
        Err(EnvelopeError::BadSignature)
    );
    assert_eq!(with(&[]), Err(EnvelopeError::Empty));
    assert_ne!(
        digest(good.iter().map(|item| (&item.record, &item.hash))),
        digest(swapped.iter().map(|item| (&item.record, &item.hash)))
    );
}

#[test]
fn an_envelope_past_its_limits_is_refused() {
    let item = items(1).remove(0);
    let many = vec![item; limits::ENVELOPE_CHANGES_MAX + 1];
    assert_eq!(open(&sealed(&many)), Err(EnvelopeError::TooLarge));
    assert!(open(&sealed(&many[1..])).is_ok());
    for body in [vec![], vec![0], vec![1], vec![2, 0, 0], compress(&[0xff; 50])] {
        assert_eq!(
            open(&Envelope {
                body,
                ..sealed(&many[..1])
            }),
            Err(EnvelopeError::Malformed)
        );
    }
}

#[test]
fn a_few_bytes_do_not_unfold_into_many() {
    let fits = compress(&vec![0; limits::FRAME_INFLATED_BYTES_MAX]);
    assert_eq!(
        decompress(&fits).map(|bytes| bytes.len()),
        Some(limits::FRAME_INFLATED_BYTES_MAX)
    );
    let bomb = compress(&vec![0; limits::FRAME_INFLATED_BYTES_MAX * 8]);
    assert!(bomb.len() < 100_000);
    assert_eq!(decompress(&bomb), None);
    assert_eq!(
        open(&Envelope {
            body: bomb,
            ..sealed(&items(1))
        }),
        Err(EnvelopeError::Malformed)
    );
    let plain = [vec![0], vec![7; limits::FRAME_INFLATED_BYTES_MAX + 1]].concat();
    assert_eq!(decompress(&plain), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn compressed_bytes_come_back(bytes: Vec<u8>, times in 1usize..40) {
        let bytes = bytes.repeat(times);
        prop_assert_eq!(decompress(&compress(&bytes)), Some(bytes));
    }

    #[test]
    fn arbitrary_bytes_are_inflated_without_panic(bytes: Vec<u8>, how in 0u8..3) {
        let bytes = [vec![how], bytes].concat();
        prop_assert!(decompress(&bytes).is_none_or(|bytes| bytes.len() <= limits::FRAME_INFLATED_BYTES_MAX));
    }

    /// A bit of the padding inside the compressed stream may mean nothing: then the very same
    /// changes come out, which is what was signed. Anything else is refused.
    #[test]
    fn a_flipped_bit_is_refused_or_means_nothing(at: prop::sample::Index, bit in 0u8..8) {
        let items = items(3);
        let mut bytes = minicbor::to_vec(sealed(&items)).expect("encodes");
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(envelope) = minicbor::decode::<Envelope>(&bytes)
            && let Ok(opened) = open(&envelope)
        {
            prop_assert_eq!((opened, envelope.head, envelope.signature), (items.clone(), head(), sealed(&items).signature));
        }
    }

    #[test]
    fn every_bit_of_head_and_signature_counts(at in 0usize..96, bit in 0u8..8) {
        let items = items(1);
        let mut envelope = sealed(&items);
        let EnvelopeHead { project, device, counter, claimed_at_ms } = &mut envelope.head;
        let flip = 1u8 << bit;
        let flipped_id = |uuid: Uuid, at: usize| {
            let mut bytes = *uuid.as_bytes();
            bytes[at] ^= flip;
            Uuid::from_bytes(bytes)
        };
        match at {
            0..16 => project.0 = flipped_id(project.0, at),
            16..24 => *counter ^= u64::from(flip) << ((at - 16) * 8),
            24..32 => *claimed_at_ms ^= i64::from(flip) << ((at - 24) * 8),
            _ => {
                let mut signature = envelope.signature.0;
                signature[at - 32] ^= flip;
                envelope.signature = Signature(signature);
            }
        }
        let device = *device;
        prop_assert!(open(&envelope).is_err());
        let mut envelope = sealed(&items);
        envelope.head.device.0 = flipped_id(device.0, at % 16);
        // Even where the stranger's certificate is at hand.
        let mut stranger = cert(1, Role::CommuneCadre, &[1]);
        stranger.device = envelope.head.device;
        prop_assert_eq!(envelope.open(PROJECT, Some(&stranger)), Err(EnvelopeError::BadSignature));
    }

    #[test]
    fn batches_keep_order_and_bounds(sizes in proptest::collection::vec(1usize..60_000, 0..40)) {
        let pending: Vec<Item> = sizes
            .iter()
            .map(|size| Item { record: record_id(1), hash: sync_core::id::ChangeHash([0; 32]), bytes: vec![0; *size] })
            .collect();
        let batches = batches(pending.clone());
        prop_assert!(batches.iter().all(|batch| !batch.is_empty() && batch.len() <= limits::ENVELOPE_CHANGES_MAX));
        for batch in &batches {
            let raw: usize = batch.iter().map(|item| item.bytes.len()).sum();
            prop_assert!(raw <= limits::ENVELOPE_RAW_BYTES_TARGET || batch.len() == 1);
        }
        prop_assert_eq!(batches.concat(), pending);
    }
}

#[test]
fn many_small_changes_are_cut_by_number() {
    let item = items(1).remove(0);
    let small = Item {
        bytes: vec![1],
        ..item
    };
    let cut = batches(vec![small; limits::ENVELOPE_CHANGES_MAX * 2 + 1]);
    assert_eq!(cut.iter().map(Vec::len).collect::<Vec<_>>(), [1000, 1000, 1]);
}
