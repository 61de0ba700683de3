//! Damaged columns under a checksum that is right again.

use proptest::prelude::*;
use sync_core::admit::{Candidate, Trust, Verdict};
use sync_core::chunk;
use sync_core::policy::ParkReason;
use sync_core::record::Record;
use sync_core::replica::Kept;

use crate::fixture::*;
use crate::hostile::*;

/// Damage to a sound change that keeps its checksum right: whatever the columns then say, the
/// replica parks it, or takes it and still saves, loads and shows the same.
#[derive(Debug, Clone)]
struct Damage {
    column: prop::sample::Index,
    at: prop::sample::Index,
    byte: u8,
    how: u8,
}

fn damage() -> impl Strategy<Value = Damage> {
    (
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        any::<u8>(),
        0u8..6,
    )
        .prop_map(|(column, at, byte, how)| Damage {
            column,
            at,
            byte,
            how,
        })
}

fn damaged(bytes: &[u8], damages: &[Damage]) -> Vec<u8> {
    let (_, parts) = chunk::open(bytes).expect("sound");
    let mut hostile = Hostile {
        deps: parts.deps.clone(),
        actor: parts.actor.to_vec(),
        seq: parts.seq,
        start_op: parts.start_op,
        time_s: parts.time_s,
        message: parts.message.to_vec(),
        others: parts.others.iter().map(|other| other.to_vec()).collect(),
        columns: parts
            .columns
            .iter()
            .map(|(spec, data)| (*spec, data.to_vec()))
            .collect(),
        extra: Vec::new(),
    };
    for Damage {
        column,
        at,
        byte,
        how,
    } in damages
    {
        if hostile.columns.is_empty() {
            break;
        }
        let column = column.index(hostile.columns.len());
        let data = &mut hostile.columns[column].1;
        match how {
            0..=2 if !data.is_empty() => {
                let at = at.index(data.len());
                data[at] = *byte;
            }
            3 => {
                let at = at.index(data.len() + 1);
                data.insert(at, *byte);
            }
            4 if !data.is_empty() => {
                let at = at.index(data.len());
                data.remove(at);
            }
            5 => hostile.start_op = hostile.start_op.wrapping_add(u64::from(*byte % 3)),
            _ => {}
        }
    }
    hostile.bytes()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn damaged_columns_under_a_right_checksum_do_no_harm(
        first in proptest::collection::vec(edit(), 1..6),
        second in proptest::collection::vec(edit(), 1..6),
        damages in proptest::collection::vec(damage(), 1..4),
    ) {
        let mut record = Record::empty(record_id(1));
        record.edit(actor(1, 1), 5, &first).expect("edits");
        let mut theirs = record.clone();
        let Some((_, bytes)) = theirs.edit(actor(2, 1), 6, &second).expect("edits") else { return Ok(()) };
        let bytes = damaged(&bytes, &damages);
        let Ok((hash, _)) = chunk::open(&bytes) else { return Ok(()) };
        let directory = directory();
        let mut kept = Kept { record, aside: std::collections::BTreeMap::new() };
        let verdicts = kept.receive(vec![Candidate { hash, bytes, trust: Trust::Vouched }], &rules(&directory));
        let allowed = matches!(
            verdicts[..],
            [(_, Verdict::Applied | Verdict::Known | Verdict::Parked(ParkReason::NotARecord | ParkReason::TooLarge))]
        );
        prop_assert!(allowed, "{:?}", verdicts);
        let loaded = Record::load(kept.record.id(), &kept.record.save()).expect("loads");
        prop_assert_eq!(loaded.answers(), kept.record.answers());
        prop_assert_eq!(loaded.conflicts(), kept.record.conflicts());
        prop_assert_eq!(loaded.history(), kept.record.history());
    }
}
