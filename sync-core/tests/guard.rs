//! Well-formed chunks that Automerge would choke on: each is refused before it gets there, and the
//! record goes on working.

use schemas::value::Scalar;
use sync_core::chunk;
use sync_core::id::ChangeHash;
use sync_core::record::{Record, RecordError, ShapeError, written};

use crate::fixture::*;
use crate::hostile::*;

const OTHER: [u8; 16] = [9; 16];

fn author() -> [u8; 16] {
    actor(1, 1).0
}

/// A record with one change of two fields by actor (1, 1).
fn started() -> (Record, ChangeHash) {
    let mut record = Record::empty(record_id(1));
    let made = write(&mut record, 1, 1, 5, &[put("a", "x"), put("b", "y")]);
    (record, made.hash)
}

fn alters_nothing(record: &Record, hostile: &Hostile) {
    let mut copy = record.clone();
    assert!(
        matches!(copy.apply(&hostile.bytes()), Err(RecordError::Refused(_))),
        "{hostile:?}"
    );
    assert_eq!((copy.heads(), copy.answers()), (record.heads(), record.answers()));
    // It still takes an edit, saves and loads: nothing was left behind inside.
    write(&mut copy, 2, 1, 6, &[put("after", Scalar::Int(1))]);
    assert!(Record::load(copy.id(), &copy.save()).is_ok());
}

fn next(head: ChangeHash) -> Hostile {
    Hostile {
        deps: vec![head],
        start_op: 3,
        ..Hostile::sound(&actor(2, 1).0, "a")
    }
}

#[test]
fn the_pattern_itself_is_sound() {
    let (mut record, head) = started();
    let overwrites = Hostile {
        others: vec![author().to_vec()],
        ..next(head).over(1, 1)
    };
    record.apply(&overwrites.bytes()).expect("sound");
    assert_eq!(record.get("a"), Some(Scalar::Null));
    assert!(record.conflicts().is_empty());
}

#[test]
fn what_was_overwritten_must_have_been_seen() {
    let (record, head) = started();
    let others = vec![author().to_vec()];
    let over = |counter, actor| Hostile {
        others: others.clone(),
        ..next(head).over(counter, actor)
    };
    for (counter, actor) in [
        (9, 1),
        (2, 1),
        (1, 0),
        (3, 0),
        (0, 1),
        (-1, 1),
        (1, 2),
        (1, u64::MAX),
        (i64::MAX, 1),
    ] {
        alters_nothing(&record, &over(counter, actor));
    }
    // An operation that is here, but not among the ancestors.
    let mut later = record.clone();
    write(&mut later, 3, 1, 6, &[put("c", "z")]);
    let unseen = Hostile {
        others: vec![actor(3, 1).0.to_vec()],
        ..Hostile {
            deps: vec![head],
            start_op: 3,
            ..Hostile::sound(&actor(2, 1).0, "c")
        }
    };
    alters_nothing(&later, &unseen.over(3, 1));
    // The same operation twice.
    let twice = over(1, 1)
        .with(PRED_COUNT, run(-1, &[2]))
        .with(PRED_ACTOR, run(2, &[1]))
        .with(PRED_COUNTER, run(-2, &[1, 0]));
    alters_nothing(&record, &twice);
}

#[test]
fn actors_must_be_used_known_and_in_order() {
    let (record, head) = started();
    for others in [
        vec![OTHER.to_vec()],
        vec![actor(2, 1).0.to_vec()],
        vec![author().to_vec(); 2],
        vec![vec![1; 8]],
    ] {
        alters_nothing(
            &record,
            &Hostile {
                others: others.clone(),
                ..next(head)
            },
        );
        alters_nothing(
            &record,
            &Hostile {
                others,
                ..next(head).over(1, 1)
            },
        );
    }
    for actor in [vec![], vec![1; 15], vec![1; 17]] {
        alters_nothing(&record, &Hostile { actor, ..next(head) });
    }
}

#[test]
fn columns_must_agree() {
    let (record, head) = started();
    let text = |text: &[u8]| run(-1, &[unsigned(text.len() as u64), text.to_vec()].concat());
    let columns: Vec<(u64, Vec<u8>)> = vec![
        (KEY_TEXT, vec![]),
        (KEY_TEXT, text(b"")),
        (KEY_TEXT, text(&[0xff, 0xfe])),
        (KEY_TEXT, text(&[b'a'; 300])),
        (KEY_TEXT, [text(b"a"), text(b"b")].concat()),
        (KEY_TEXT, [signed(0), unsigned(1)].concat()),
        (KEY_TEXT, run(-1, &unsigned(1 << 30))),
        (INSERT, vec![]),
        (INSERT, vec![0, 1]),
        (INSERT, vec![2]),
        (INSERT, unsigned(u64::MAX)),
        (ACTION, vec![]),
        (ACTION, run(-1, &[0])),
        (ACTION, run(-1, &[2])),
        (ACTION, run(-1, &[4])),
        (ACTION, run(-1, &[5])),
        (ACTION, run(-1, &[7])),
        (ACTION, run(-1, &[8])),
        (ACTION, run(-1, &unsigned(u64::MAX))),
        (ACTION, run(2, &[1])),
        (VALUE_META, vec![]),
        (VALUE_META, run(-1, &unsigned((5 << 4) | 6))),
        (VALUE_META, run(-1, &unsigned(u64::MAX))),
        (VALUE_META, run(-1, &unsigned((1 << 4) | 7))),
        (VALUE_META, run(-1, &unsigned((1 << 4) | 8))),
        (VALUE_META, run(-1, &unsigned(15))),
        (VALUE, vec![1, 2, 3]),
        (PRED_COUNT, vec![]),
        (PRED_COUNT, run(-1, &[1])),
        (PRED_COUNT, run(-1, &unsigned(u64::MAX))),
        (PRED_ACTOR, run(-1, &[0])),
        (PRED_COUNTER, run(-1, &[1])),
        (0x01, run(-1, &[0])),
        (0x02, run(-1, &[1])),
        (0x11, run(-1, &[0])),
        (0x13, run(-1, &[1])),
        (0x94, vec![0, 1]),
        (0xa5, text(b"bold")),
        (0x1004, vec![1]),
    ];
    for (spec, data) in columns {
        let hostile = next(head).with(spec, data);
        assert!(written(&hostile.bytes()).is_err(), "{hostile:?}");
        alters_nothing(&record, &hostile);
    }
}

#[test]
fn values_are_what_their_kind_says() {
    let (record, head) = started();
    let value = |kind: u64, bytes: &[u8]| {
        next(head)
            .with(VALUE_META, run(-1, &unsigned(((bytes.len() as u64) << 4) | kind)))
            .with(VALUE, bytes.to_vec())
    };
    for (kind, bytes) in [
        (0, vec![0]),
        (1, vec![1]),
        (3, vec![0x80]),
        (3, vec![1, 1]),
        (3, vec![0xff; 10]),
        (3, unsigned(u64::MAX)),
        (4, vec![]),
        (4, vec![0x80, 0x80]),
        (5, vec![0; 4]),
        (5, f64::NAN.to_le_bytes().to_vec()),
        (5, f64::INFINITY.to_le_bytes().to_vec()),
        (6, vec![0xc3]),
        (7, vec![1]),
        (8, vec![1]),
        (10, vec![1]),
    ] {
        let hostile = value(kind, &bytes);
        assert_eq!(
            written(&hostile.bytes()),
            Err(ShapeError::NotARecord),
            "{kind} {bytes:?}"
        );
        alters_nothing(&record, &hostile);
    }
    assert_eq!(
        written(&value(6, &[b'a'; 33_000]).bytes()),
        Err(ShapeError::TooLarge)
    );
    let delete_with_value = value(4, &[1]).with(ACTION, run(-1, &[3]));
    alters_nothing(&record, &delete_with_value);
    assert_eq!(
        written(&value(9, &[5]).bytes()),
        Ok(vec![("a".into(), Some(Scalar::Int(5)))])
    );
}

#[test]
fn heads_of_changes_must_be_plain() {
    let (record, head) = started();
    let sound = next(head);
    for hostile in [
        Hostile {
            deps: vec![head, head],
            ..sound.clone()
        },
        Hostile {
            deps: vec![ChangeHash([3; 32])],
            ..sound.clone()
        },
        Hostile {
            deps: vec![],
            start_op: 3,
            ..sound.clone()
        },
        Hostile {
            start_op: 0,
            ..sound.clone()
        },
        Hostile {
            start_op: 2,
            ..sound.clone()
        },
        Hostile {
            start_op: 4,
            ..sound.clone()
        },
        Hostile {
            start_op: u64::MAX,
            ..sound.clone()
        },
        Hostile {
            start_op: u64::from(u32::MAX),
            ..sound.clone()
        },
        Hostile {
            seq: 0,
            ..sound.clone()
        },
        Hostile {
            seq: 2,
            ..sound.clone()
        },
        Hostile {
            seq: u64::MAX,
            ..sound.clone()
        },
        Hostile {
            actor: author().to_vec(),
            ..sound.clone()
        },
        Hostile {
            actor: author().to_vec(),
            seq: 3,
            ..sound.clone()
        },
        Hostile {
            time_s: i64::MAX,
            ..sound.clone()
        },
        Hostile {
            time_s: i64::MIN,
            ..sound.clone()
        },
        Hostile {
            message: vec![0xff],
            ..sound.clone()
        },
        Hostile {
            extra: vec![1, 2, 3],
            ..sound.clone()
        },
    ] {
        alters_nothing(&record, &hostile);
    }
}

/// A saved document keeps operations, not bytes: it would come out under another hash.
#[test]
fn other_spellings_of_the_same_operations_are_refused() {
    let (record, head) = started();
    let sound = next(head);
    for hostile in [
        sound.clone().with(ACTION, run(1, &[1])),
        sound.clone().with(KEY_TEXT, run(1, &[1, b'a'])),
        sound.clone().with(PRED_COUNT, run(-1, &[0x80, 0])),
        sound.clone().with(PRED_ACTOR, vec![]),
        sound
            .clone()
            .with(VALUE_META, run(-1, &unsigned((2 << 4) | 4)))
            .with(VALUE, vec![0x81, 0]),
        sound.clone().with(ACTION, run(-1, &[3])),
    ] {
        alters_nothing(&record, &hostile);
    }
    let twice = |keys: Vec<u8>| {
        sound
            .clone()
            .with(KEY_TEXT, keys)
            .with(INSERT, unsigned(2))
            .with(ACTION, run(2, &[1]))
            .with(VALUE_META, run(2, &[0]))
            .with(PRED_COUNT, run(2, &[0]))
    };
    alters_nothing(
        &record,
        &twice([run(-1, &[1, b'a']), run(-1, &[1, b'c'])].concat()),
    );
    record
        .clone()
        .apply(&twice(run(-2, &[1, b'a', 1, b'c'])).bytes())
        .expect("one literal run is the spelling");
}

/// A second change by an author that has not seen its own first one.
#[test]
fn an_author_has_seen_its_own_work() {
    let (record, head) = started();
    let blind = Hostile {
        actor: author().to_vec(),
        seq: 2,
        start_op: 1,
        ..Hostile::sound(&author(), "c")
    };
    alters_nothing(&record, &blind);
    let seeing = Hostile {
        deps: vec![head],
        start_op: 3,
        ..blind
    };
    record.clone().apply(&seeing.bytes()).expect("sound");
}

#[test]
fn a_change_without_operations_is_harmless() {
    let (mut record, head) = started();
    let empty = Hostile {
        columns: vec![],
        ..next(head)
    };
    record.apply(&empty.bytes()).expect("sound");
    let made = write(&mut record, 3, 1, 9, &[put("a", "new")]);
    let history: Vec<_> = record.history().into_iter().map(|entry| entry.change).collect();
    assert_eq!(
        history,
        [head, chunk::open(&empty.bytes()).expect("opens").0, made.hash]
    );
    assert!(Record::load(record.id(), &record.save()).is_ok());
}

/// The extremes that are allowed survive saving.
#[test]
fn clocks_at_both_ends_are_held_to_what_can_be_added() {
    let mut record = Record::empty(record_id(1));
    for (n, time_s) in [i64::MIN, i64::MAX, 0, i64::MIN, i64::MAX]
        .into_iter()
        .enumerate()
    {
        write(
            &mut record,
            1 + n as u128,
            1,
            time_s,
            &[put("a", Scalar::Int(n as i64))],
        );
    }
    let loaded = Record::load(record.id(), &record.save()).expect("loads");
    assert_eq!(loaded.history(), record.history());
    let mut again = Record::empty(record_id(1));
    for (_, bytes) in record.changes() {
        again.apply(&bytes).expect("our own changes are sound");
    }
}

#[test]
fn edits_past_the_limits_are_refused_before_they_are_changes() {
    let (mut record, _) = started();
    let before = record.heads();
    let long = "a".repeat(40_000);
    let many: Vec<_> = (0..10_001)
        .map(|n| put(&format!("f{n}"), Scalar::Int(1)))
        .collect();
    let heavy: Vec<_> = (0..9)
        .map(|n| put(&format!("f{n}"), "a".repeat(32_000).as_str()))
        .collect();
    for edits in [
        vec![put("", Scalar::Null)],
        vec![put(&"a".repeat(257), Scalar::Null)],
        vec![put("a", long.as_str())],
        vec![put("a", Scalar::Decimal(f64::NAN))],
        vec![put("a", Scalar::Decimal(f64::NEG_INFINITY))],
        many,
        heavy,
    ] {
        assert!(record.edit(actor(1, 1), 0, &edits).is_err());
    }
    assert_eq!(record.heads(), before);
    assert!(Record::load(record.id(), &record.save()).is_ok());
}
