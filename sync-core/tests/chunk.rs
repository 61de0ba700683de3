//! Change chunks: everything Automerge writes opens and comes back; nothing else does harm.

use std::time::{Duration, Instant};

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, ObjType, ROOT, ReadDoc, ScalarValue};
use proptest::prelude::*;
use sync_core::chunk::{self, ChunkError};

use crate::hostile::*;

/// What one actor does in a document of any shape, not only of ours.
#[derive(Debug, Clone)]
enum Act {
    Put(u8, ScalarValue),
    Delete(u8),
    List(u8, Vec<String>),
    Text(String),
    Count(i64),
    Commit(Option<String>, i64),
    Empty(i64),
    Merge(usize),
}

fn any_scalar() -> impl Strategy<Value = ScalarValue> {
    prop_oneof![
        any::<i64>().prop_map(ScalarValue::Int),
        any::<u64>().prop_map(ScalarValue::Uint),
        any::<f64>().prop_map(ScalarValue::F64),
        any::<i64>().prop_map(ScalarValue::Timestamp),
        any::<bool>().prop_map(ScalarValue::Boolean),
        Just(ScalarValue::Null),
        proptest::collection::vec(any::<u8>(), 0..40).prop_map(ScalarValue::Bytes),
        "\\PC{0,30}".prop_map(|text| ScalarValue::Str(text.into())),
        (1usize..2000).prop_map(|len| ScalarValue::Str("thôn bản ".repeat(len).into())),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (0u8..6, any_scalar()).prop_map(|(key, value)| Act::Put(key, value)),
        2 => (0u8..6).prop_map(Act::Delete),
        1 => (0u8..6, proptest::collection::vec("\\PC{0,5}", 0..4)).prop_map(|(key, items)| Act::List(key, items)),
        1 => "\\PC{0,20}".prop_map(Act::Text),
        1 => (-9i64..9).prop_map(Act::Count),
        4 => (proptest::option::of("\\PC{0,30}"), -4_000_000_000i64..4_000_000_000).prop_map(|(m, t)| Act::Commit(m, t)),
        1 => (0i64..9).prop_map(Act::Empty),
        3 => (0usize..3).prop_map(Act::Merge),
    ]
}

/// Every change that three actors make.
fn changes_of(acts: &[(usize, Act)]) -> Vec<Vec<u8>> {
    let start = |n: u8| AutoCommit::new().with_actor(ActorId::from([n + 1; 16]));
    let mut docs = [start(0), start(1), start(2)];
    for (who, act) in acts {
        if let Act::Merge(from) = act {
            if from != who {
                docs[*from].commit();
                let mut other = docs[*from].clone();
                let _ = docs[*who].merge(&mut other);
            }
            continue;
        }
        perform(&mut docs[*who], act);
    }
    let [mut all, mut b, mut c] = docs;
    all.merge(&mut b).expect("merges");
    all.merge(&mut c).expect("merges");
    all.get_changes(&[])
        .iter()
        .map(|change| change.raw_bytes().to_vec())
        .collect()
}

fn perform(doc: &mut AutoCommit, act: &Act) {
    let key = |key: &u8| format!("field/{key}");
    let list = |doc: &AutoCommit, at: &str| doc.get(ROOT, at).ok().flatten().map(|(_, id)| id);
    let done = match act {
        Act::Put(at, value) => doc.put(ROOT, key(at), value.clone()),
        Act::Delete(at) => doc.delete(ROOT, key(at)),
        Act::List(at, items) => doc.put_object(ROOT, key(at), ObjType::List).map(|list| {
            for (at, item) in items.iter().enumerate() {
                let _ = doc.insert(&list, at, item.as_str());
            }
        }),
        Act::Text(text) => doc
            .put_object(ROOT, "text", ObjType::Text)
            .and_then(|id| doc.splice_text(&id, 0, 0, text)),
        Act::Count(by) => match list(doc, "count") {
            Some(_) => doc.increment(ROOT, "count", *by),
            None => doc.put(ROOT, "count", ScalarValue::counter(*by)),
        },
        Act::Commit(message, time) => {
            let mut options = CommitOptions::default().with_time(*time);
            if let Some(message) = message {
                options = options.with_message(message.clone());
            }
            doc.commit_with(options);
            Ok(())
        }
        Act::Empty(time) => {
            doc.commit();
            doc.empty_change(CommitOptions::default().with_time(*time));
            Ok(())
        }
        Act::Merge(_) => Ok(()),
    };
    // An increment of what is no counter here is refused, and is no matter.
    drop(done);
}

pub fn automerge_changes() -> impl Strategy<Value = Vec<Vec<u8>>> {
    proptest::collection::vec((0usize..3, act()), 1..40).prop_map(|acts| changes_of(&acts))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn every_change_of_automerge_opens_and_comes_back(changes in automerge_changes()) {
        for bytes in changes {
            let (hash, parts) = chunk::open(&bytes).expect("opens");
            let theirs = automerge::Change::from_bytes(bytes.clone()).expect("is a change");
            prop_assert_eq!(hash.0, theirs.hash().0);
            prop_assert_eq!(parts.rebuild(), bytes);
        }
    }

    #[test]
    fn a_cut_or_changed_change_is_refused(changes in automerge_changes(), at: prop::sample::Index, bit in 0u8..8) {
        let Some(bytes) = changes.last() else { return Ok(()) };
        prop_assert!(chunk::open(&bytes[..at.index(bytes.len())]).is_err());
        let mut flipped = bytes.clone();
        flipped[at.index(bytes.len())] ^= 1 << bit;
        prop_assert!(chunk::open(&flipped).is_err());
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
        prop_assert!(chunk::open(&bytes).is_err());
        let framed = [&[0x85, 0x6f, 0x4a, 0x83], bytes.as_slice()].concat();
        prop_assert!(chunk::open(&framed).is_err());
    }
}

const ACTOR: [u8; 16] = [7; 16];

#[test]
fn what_is_sound_opens() {
    assert!(chunk::open(&Hostile::sound(&ACTOR, "a").bytes()).is_ok());
}

#[test]
fn fifty_million_declared_operations_are_refused_at_once() {
    let million = 50_000_000;
    let bytes = Hostile::sound(&ACTOR, "a")
        .with(KEY_TEXT, run(million, &[1, b'a']))
        .with(INSERT, unsigned(million.unsigned_abs()))
        .with(ACTION, run(million, &[1]))
        .with(VALUE_META, run(million, &[0]))
        .with(PRED_COUNT, run(million, &[0]))
        .bytes();
    assert!(bytes.len() < 100, "{}", bytes.len());
    let start = Instant::now();
    for _ in 0..1000 {
        assert_eq!(chunk::open(&bytes).err(), Some(ChunkError::TooLarge));
    }
    // A thousand in a second is one in a millisecond, on a machine a hundred times slower than ours.
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}

#[test]
fn many_small_runs_and_literals_are_counted_too() {
    let run_of_thousand = run(1000, &[1]).repeat(11);
    assert_eq!(
        chunk::open(&Hostile::sound(&ACTOR, "a").with(ACTION, run_of_thousand).bytes()).err(),
        Some(ChunkError::TooLarge)
    );
    for literal in [-50_000_000, i64::MIN, i64::MIN + 1] {
        let bytes = Hostile::sound(&ACTOR, "a").with(ACTION, signed(literal)).bytes();
        assert_eq!(chunk::open(&bytes).err(), Some(ChunkError::TooLarge));
    }
    let nulls = [signed(0), unsigned(u64::MAX)].concat();
    assert!(chunk::open(&Hostile::sound(&ACTOR, "a").with(ACTION, nulls).bytes()).is_err());
}

#[test]
fn deflated_columns_and_chunks_are_refused() {
    let deflated = Hostile::sound(&ACTOR, "a")
        .with(ACTION | 0b1000, run(1, &[1]))
        .bytes();
    assert_eq!(chunk::open(&deflated).err(), Some(ChunkError::Malformed));
    let mut doc = AutoCommit::new().with_actor(ActorId::from(ACTOR));
    doc.put(ROOT, "text", "dài ".repeat(500)).expect("puts");
    let mut change = doc.get_changes(&[]).pop().expect("one change");
    let compressed = change.bytes().to_vec();
    assert_eq!(compressed[8], 2, "the deflated kind of chunk");
    assert_eq!(chunk::open(&compressed).err(), Some(ChunkError::Malformed));
    assert_eq!(
        chunk::open(&doc.save()).err(),
        Some(ChunkError::Malformed),
        "a document is no change"
    );
}

#[test]
fn huge_lengths_are_refused() {
    for length in [u64::MAX, 1 << 40, 1 << 31] {
        let chunk = [
            &[0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 1],
            unsigned(length).as_slice(),
            &[0; 40],
        ]
        .concat();
        assert_eq!(chunk::open(&chunk).err(), Some(ChunkError::Malformed));
    }
    let many_actors = Hostile {
        others: vec![vec![9; 16]; 2000],
        ..Hostile::sound(&ACTOR, "a")
    };
    assert_eq!(
        chunk::open(&many_actors.bytes()).err(),
        Some(ChunkError::TooLarge)
    );
    let long_actor = Hostile {
        actor: vec![9; 1000],
        ..Hostile::sound(&ACTOR, "a")
    };
    assert_eq!(chunk::open(&long_actor.bytes()).err(), Some(ChunkError::TooLarge));
    let long_message = Hostile {
        message: vec![b'a'; 20_000],
        ..Hostile::sound(&ACTOR, "a")
    };
    assert_eq!(
        chunk::open(&long_message.bytes()).err(),
        Some(ChunkError::TooLarge)
    );
    let many_columns = (0..200).fold(Hostile::sound(&ACTOR, "a"), |made, n| {
        made.with(0x1000 + n * 16 + 4, unsigned(1))
    });
    assert_eq!(
        chunk::open(&many_columns.bytes()).err(),
        Some(ChunkError::Malformed)
    );
    let odd_column = Hostile::sound(&ACTOR, "a").with(u64::MAX - 15, unsigned(1));
    assert_eq!(
        chunk::open(&odd_column.bytes()).err(),
        Some(ChunkError::Malformed)
    );
}

/// A million other actors: declared without being there, which is 16 bytes each otherwise.
#[test]
fn a_million_other_actors_are_refused_before_anything_is_read() {
    let body = [vec![0, 16], ACTOR.to_vec(), vec![1, 1, 0, 0], unsigned(1_000_000)].concat();
    let hashed = [vec![1], unsigned(body.len() as u64), body].concat();
    let digest = <sha2::Sha256 as sha2::Digest>::digest(&hashed);
    let chunk = [&[0x85, 0x6f, 0x4a, 0x83], &digest[..4], &hashed].concat();
    assert_eq!(chunk::open(&chunk).err(), Some(ChunkError::TooLarge));
}

/// Two spellings of one length would give one change two hashes.
#[test]
fn a_length_in_a_longer_form_is_refused() {
    let bytes = Hostile::sound(&ACTOR, "a").bytes();
    let body = &bytes[10..];
    assert!(body.len() < 128);
    let hashed = [&[1, body.len() as u8 | 0x80, 0], body].concat();
    let digest = <sha2::Sha256 as sha2::Digest>::digest(&hashed);
    let longer = [&[0x85, 0x6f, 0x4a, 0x83], &digest[..4], &hashed].concat();
    assert_eq!(chunk::open(&longer).err(), Some(ChunkError::Malformed));
}
