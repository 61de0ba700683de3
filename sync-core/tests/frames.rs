//! Frames: however the link cuts the bytes, the same frames come out, or one clear error.

use proptest::prelude::*;
use sync_core::cert::SignedCert;
use sync_core::envelope::{Envelope, EnvelopeHead};
use sync_core::frame::*;
use sync_core::id::{ChangeHash, DeviceId, ProjectId, RecordId};
use sync_core::limits::FRAME_BYTES_MAX;
use sync_core::pack::Item;
use sync_core::policy::{ParkReason, Role};
use sync_core::record::Record;
use uuid::Uuid;

use crate::fixture::*;

fn record() -> impl Strategy<Value = RecordId> {
    any::<u128>().prop_map(|number| RecordId(Uuid::from_u128(number)))
}

fn hash() -> impl Strategy<Value = ChangeHash> {
    any::<[u8; 32]>().prop_map(ChangeHash)
}

fn position() -> impl Strategy<Value = FeedPosition> {
    (proptest::collection::vec(any::<u8>(), 0..9), any::<u64>()).prop_map(|(feed, seq)| FeedPosition {
        feed: feed.into(),
        seq,
    })
}

fn name() -> impl Strategy<Value = EnvelopeName> {
    (any::<u128>(), any::<u64>()).prop_map(|(device, counter)| EnvelopeName {
        device: DeviceId(Uuid::from_u128(device)),
        counter,
    })
}

fn ruling() -> impl Strategy<Value = Ruling> {
    let reason = proptest::option::of(proptest::sample::select(ParkReason::ALL.to_vec()));
    (record(), hash(), reason).prop_map(|(record, change, parked)| Ruling {
        record,
        change,
        parked,
        replaced: parked.is_none().then_some(true),
    })
}

fn hello() -> impl Strategy<Value = Hello> {
    use proptest::collection::vec;
    let holdings = vec((record(), vec(hash(), 0..3)), 0..3);
    (
        any::<(u32, u64, u64, i64, u64, u64)>(),
        vec(any::<u8>(), 0..16),
        vec(position(), 0..4),
        vec((name(), any::<[u8; 8]>()), 0..4),
        vec(record(), 0..4),
        holdings,
        "\\PC{0,12}",
    )
        .prop_map(
            |(numbers, epoch, cursor, unconfirmed, want, holdings, program)| Hello {
                protocol: numbers.0,
                epoch,
                cursor,
                certs_serial: numbers.1,
                data_serial: numbers.2,
                claimed_at_ms: numbers.3,
                own_known: numbers.4,
                unconfirmed: unconfirmed
                    .into_iter()
                    .map(|(name, mark)| Unconfirmed { name, mark })
                    .collect(),
                want,
                holdings: holdings
                    .into_iter()
                    .map(|(record, heads)| Holding { record, heads })
                    .collect(),
                program,
                pending: numbers.5,
            },
        )
}

fn envelope(number: u128) -> Envelope {
    let made = write(&mut Record::empty(record_id(number)), 1, 1, 5, &creation(11));
    let item = Item::new(record_id(number), made.bytes).expect("opens");
    let head = EnvelopeHead {
        project: PROJECT,
        device: device(1),
        counter: 1,
        claimed_at_ms: 2,
    };
    Envelope::seal(head, &[item], &signing_key(1))
}

fn updates(number: u128) -> Updates {
    let mut record = Record::empty(record_id(number));
    let made = write(&mut record, 1, 1, 5, &creation(11));
    let batch = UpdateBatch {
        changes: vec![Item::new(record_id(number), made.bytes).expect("opens")],
        received_at_s: vec![1_700_000_000],
        documents: vec![Whole {
            record: record_id(9),
            document: record.save(),
            received_at_s: vec![4],
        }],
        gone: vec![record_id(3)],
    };
    Updates::seal(PROJECT, &batch, Vec::new(), &signing_key(100))
}

fn frame() -> impl Strategy<Value = Frame> {
    use proptest::collection::vec;
    let receipt = (
        name(),
        proptest::option::of("[a-z_]{1,12}"),
        vec(hash(), 0..3),
        vec(ruling(), 0..3),
    )
        .prop_map(|(name, refused, waiting, parked)| Receipt {
            name,
            refused,
            waiting,
            parked,
        });
    prop_oneof![
        hello().prop_map(Frame::Hello),
        (0u128..9).prop_map(|number| Frame::Envelope(envelope(number))),
        vec(receipt, 0..4).prop_map(Frame::Receipts),
        (1u128..9).prop_map(|number| {
            Frame::Certs(vec![SignedCert::sign(
                &cert(number, Role::VillageHead, &[11]),
                &signing_key(100),
            )])
        }),
        (0u128..9).prop_map(|number| Frame::Updates(updates(number))),
        (vec(ruling(), 0..3), position()).prop_map(|(rulings, position)| Frame::Rulings(rulings, position)),
        (vec(position(), 0..3), any::<bool>()).prop_map(|(cursor, more)| Frame::Done(Done {
            cursor,
            more,
            ..Done::default()
        })),
        "[a-z_]{1,20}".prop_map(Frame::Refusal),
        any::<i64>().prop_map(|claimed_at_ms| Frame::BundleHead(BundleHead {
            project: PROJECT,
            device: device(1),
            claimed_at_ms
        })),
        any::<u64>().prop_map(Frame::BundleEnd),
    ]
}

fn stream(frames: &[Frame]) -> Vec<u8> {
    let mut out = Vec::new();
    frames.iter().for_each(|frame| write_frame(&mut out, frame));
    out
}

/// The frames of `bytes` given in pieces of these sizes, and how it ended.
fn read(bytes: &[u8], sizes: &[usize]) -> (Vec<Frame>, Result<(), FrameError>) {
    let mut reader = FrameReader::default();
    let mut frames = Vec::new();
    let mut rest = bytes;
    let mut sizes = sizes.iter().copied().cycle();
    loop {
        match reader.next() {
            Ok(Some(frame)) => frames.push(frame),
            Ok(None) if rest.is_empty() => return (frames, reader.finish()),
            Ok(None) => {
                let (piece, later) = rest.split_at(sizes.next().unwrap_or(1).clamp(1, rest.len()));
                reader.push(piece);
                rest = later;
            }
            Err(error) => return (frames, Err(error)),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_cut_gives_the_same_frames(
        frames in proptest::collection::vec(frame(), 0..8),
        sizes in proptest::collection::vec(1usize..400, 1..6),
        end: prop::sample::Index,
    ) {
        let bytes = stream(&frames);
        prop_assert_eq!(read(&bytes, &sizes), (frames.clone(), Ok(())));
        prop_assert_eq!(read(&bytes, &[1]), (frames.clone(), Ok(())));
        // Cut short: every whole frame before the cut, and a clear end.
        if !bytes.is_empty() {
            let cut = &bytes[..end.index(bytes.len())];
            let (whole, ended) = read(cut, &sizes);
            prop_assert_eq!(&frames[..whole.len()], &whole[..]);
            let on_the_seam = stream(&whole).len() == cut.len();
            prop_assert_eq!(ended, if on_the_seam { Ok(()) } else { Err(FrameError::Truncated) });
        }
    }

    #[test]
    fn a_flipped_bit_stops_the_stream_there(
        frames in proptest::collection::vec(frame(), 1..5), at: prop::sample::Index, bit in 0u8..8,
    ) {
        let mut bytes = stream(&frames);
        bytes[at.index(stream(&frames).len())] ^= 1 << bit;
        let (whole, ended) = read(&bytes, &[64]);
        prop_assert!(ended.is_err());
        prop_assert!(whole.len() < frames.len());
        prop_assert_eq!(&frames[..whole.len()], &whole[..]);
    }

    #[test]
    fn arbitrary_bodies_never_panic(body: Vec<u8>) {
        let head = [(body.len() as u32).to_be_bytes(), crc32fast::hash(&body).to_be_bytes()].concat();
        let (frames, ended) = read(&[head, body].concat(), &[7]);
        prop_assert!(frames.len() <= 1 && ended.is_ok() != ended.is_err());
    }
}

#[test]
fn a_frame_too_large_is_refused_by_its_length_alone() {
    let head = [((FRAME_BYTES_MAX + 1) as u32).to_be_bytes(), [0; 4]].concat();
    assert_eq!(read(&head, &[8]).1, Err(FrameError::TooLarge));
    let allowed = [(FRAME_BYTES_MAX as u32).to_be_bytes(), [0; 4]].concat();
    assert_eq!(read(&allowed, &[8]).1, Err(FrameError::Truncated));
}

#[test]
fn bytes_after_the_frame_inside_it_are_refused() {
    let mut body = minicbor::to_vec(Frame::BundleEnd(3)).expect("encodes");
    body.push(0);
    let head = [
        (body.len() as u32).to_be_bytes(),
        crc32fast::hash(&body).to_be_bytes(),
    ]
    .concat();
    assert_eq!(read(&[head, body].concat(), &[64]).1, Err(FrameError::Malformed));
}

/// A count of four thousand million in a frame of ten bytes.
#[test]
fn declared_counts_are_not_believed() {
    for body in [
        vec![0x82, 0x03, 0x81, 0x9a, 0xff, 0xff, 0xff, 0xff],
        vec![
            0x82, 0x03, 0x81, 0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        ],
        vec![
            0x82, 0x01, 0x81, 0x83, 0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        ],
        [vec![0x82, 0x18, 0x63], vec![0x81; 100_000]].concat(),
    ] {
        let head = [
            (body.len() as u32).to_be_bytes(),
            crc32fast::hash(&body).to_be_bytes(),
        ]
        .concat();
        assert_eq!(read(&[head, body].concat(), &[64]).1, Err(FrameError::Malformed));
    }
}

#[test]
fn updates_are_the_server_s_word_for_this_project_only() {
    let key = public_key(&signing_key(100));
    let sealed = updates(1);
    let batch = sealed.open(PROJECT, &key).expect("opens");
    assert_eq!(batch.records(), [record_id(1), record_id(3), record_id(9)].into());
    assert_eq!(batch.received_at_s, [1_700_000_000]);
    assert_eq!(
        sealed.open(PROJECT, &public_key(&signing_key(1))),
        Err(UpdateError::BadSignature)
    );
    let other = ProjectId(Uuid::from_u128(1));
    assert_eq!(sealed.open(other, &key), Err(UpdateError::OtherProject));
    for at in 0..sealed.body.len() {
        let mut flipped = sealed.clone();
        flipped.body[at] ^= 0x10;
        assert_eq!(flipped.open(PROJECT, &key), Err(UpdateError::BadSignature));
    }
    let times = UpdateBatch {
        received_at_s: vec![1, 2],
        ..batch
    };
    let uneven = Updates::seal(PROJECT, &times, Vec::new(), &signing_key(100));
    assert_eq!(uneven.open(PROJECT, &key), Err(UpdateError::Malformed));
}
