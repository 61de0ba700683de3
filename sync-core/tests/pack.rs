//! Packed changes: the same bytes back, whatever they are; nothing from outside does harm.

use proptest::prelude::*;
use sync_core::chunk;
use sync_core::id::RecordId;
use sync_core::limits;
use sync_core::pack::{Item, PackError, pack, unpack};

use crate::chunk::automerge_changes;
use crate::fixture::record_id;
use crate::hostile::*;

fn items() -> impl Strategy<Value = Vec<Item>> {
    (automerge_changes(), automerge_changes()).prop_map(|(one, other)| {
        let item = |n: usize, bytes: Vec<u8>| Item::new(record_id(n as u128 % 3), bytes).expect("opens");
        one.into_iter()
            .chain(other)
            .enumerate()
            .map(|(n, bytes)| item(n, bytes))
            .collect()
    })
}

fn packed(items: &[Item]) -> Vec<u8> {
    pack(items.iter().map(|item| (item.record, item.bytes.as_slice())))
}

fn consistent(items: &[Item]) -> bool {
    items
        .iter()
        .all(|item| chunk::open(&item.bytes).is_ok_and(|(hash, _)| hash == item.hash))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn packed_changes_come_back_byte_for_byte(items in items()) {
        let bytes = packed(&items);
        prop_assert!(items.is_empty() || unpack(&bytes, items.len() - 1) == Err(PackError::TooMany));
        prop_assert_eq!(unpack(&bytes, items.len()), Ok(items));
    }

    #[test]
    fn a_damaged_stream_never_gives_a_change_another_hash(
        items in items(), at: prop::sample::Index, bit in 0u8..8,
    ) {
        let bytes = packed(&items);
        if bytes.is_empty() {
            return Ok(());
        }
        let at = at.index(bytes.len());
        prop_assert!(unpack(&bytes[..at], 10_000).is_err());
        let mut flipped = bytes;
        flipped[at] ^= 1 << bit;
        prop_assert!(unpack(&flipped, 10_000).is_ok_and(|items| consistent(&items)) || unpack(&flipped, 10_000).is_err());
    }

    #[test]
    fn arbitrary_streams_never_panic(bytes: Vec<u8>) {
        prop_assert!(unpack(&bytes, 1000).is_ok_and(|items| consistent(&items)) || unpack(&bytes, 1000).is_err());
    }
}

/// A change that would not come back identical from its parts travels whole.
#[test]
fn odd_columns_and_odd_numbers_travel_whole() {
    let odd: Vec<Vec<u8>> = (0..400)
        .map(|n| {
            Hostile::sound(&[7; 16], "a")
                .with(0x1004 + n * 16, unsigned(1))
                .bytes()
        })
        .collect();
    let items: Vec<_> = odd
        .into_iter()
        .map(|bytes| Item::new(record_id(1), bytes).expect("opens"))
        .collect();
    assert_eq!(unpack(&packed(&items), 1000), Ok(items));
}

/// A stream by hand: numbers of streams with their bytes.
fn streams(count: u64, streams: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let heads = streams
        .iter()
        .map(|(number, data)| [unsigned(*number), unsigned(data.len() as u64)].concat());
    let mut out = [unsigned(count), unsigned(streams.len() as u64)].concat();
    out.extend(heads.flatten());
    out.extend(streams.iter().flat_map(|(_, data)| data.clone()));
    out
}

/// One long actor name, named again and again at a byte each, would be gigabytes.
#[test]
fn references_do_not_multiply() {
    let actor = vec![9u8; 1_000_000];
    let one = [
        vec![0, 1, 0],
        vec![0],
        vec![1, 1, 0],
        unsigned(1000),
        vec![0; 1000],
    ]
    .concat();
    let heads = one.repeat(100);
    let ids = record_id(1).bytes().to_vec();
    let texts = [0, 0].repeat(100);
    let bytes = streams(
        100,
        &[
            (0, heads),
            (1, ids),
            (2, [unsigned(actor.len() as u64), actor].concat()),
            (4, texts),
            (5, vec![0; 100]),
        ],
    );
    assert!(unpack(&bytes, 1000).is_err());
}

#[test]
fn a_batch_unfolds_to_a_bounded_size() {
    let long = Hostile {
        message: vec![b'a'; 16_000],
        ..Hostile::sound(&[7; 16], "a")
    }
    .bytes();
    let many = limits::UNPACKED_BYTES_MAX / long.len() + 2;
    let record = RecordId::from_slice(&[1; 16]).expect("sixteen");
    let stream = pack((0..many).map(|_| (record, long.as_slice())));
    assert_eq!(
        unpack(&stream, limits::UPDATE_CHANGES_MAX),
        Err(PackError::TooMany)
    );
}

#[test]
fn references_to_nowhere_are_refused() {
    for heads in [
        vec![5, 1],                         // a record that was not named
        vec![0, 7],                         // no such kind
        vec![0, 1, 1, 9],                   // a dependency before the first change
        vec![0, 1, 0, 3],                   // an actor that was not named
        vec![0, 1, 0xff, 0xff, 0xff, 0x7f], // too many dependencies
        vec![],
    ] {
        let bytes = streams(1, &[(0, heads), (1, record_id(1).bytes().to_vec())]);
        assert_eq!(unpack(&bytes, 10), Err(PackError::Malformed));
    }
    assert_eq!(unpack(&streams(u64::MAX, &[]), 10), Err(PackError::TooMany));
    assert_eq!(
        unpack(&streams(0, &[(0, vec![1])]), 10),
        Err(PackError::Malformed),
        "bytes left over"
    );
}
