//! Any delivery: several people, several records, batches cut and shuffled and repeated, rights and
//! all. Every replica ends with the same record, the same conflicts and the same changes aside.

use std::collections::BTreeMap;

use proptest::prelude::*;
use schemas::value::Scalar;
use sync_core::admit::{Candidate, Verdict};
use sync_core::id::{ChangeHash, RecordId};
use sync_core::record::{Edit, FORM, KIND, Record};
use sync_core::replica::{Because, Kept};

use crate::fixture::*;

/// What one device does next.
#[derive(Debug, Clone)]
enum Step {
    Write {
        by: u128,
        record: u128,
        edits: Vec<(String, Edit)>,
    },
    Show {
        from: u128,
        to: u128,
        record: u128,
    },
}

/// Edits of every kind: what may be written, and what may not by some or by all.
fn edits() -> impl Strategy<Value = Vec<(String, Edit)>> {
    let odd = prop_oneof![
        Just(put("review/state", "approved")),
        Just(put(KIND, "job_fair_attendance")),
        Just((FORM.to_owned(), Edit::Put(Scalar::Int(2)))),
        Just((FORM.to_owned(), Edit::Put(Scalar::Int(77)))),
        Just(put("village_id", unit(12).to_string().as_str())),
    ];
    proptest::collection::vec(prop_oneof![9 => edit(), 1 => odd], 1..4)
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (1u128..7, 0u128..2, edits()).prop_map(|(by, record, edits)| Step::Write { by, record, edits }),
        2 => (1u128..7, 1u128..7, 0u128..2).prop_map(|(from, to, record)| Step::Show { from, to, record }),
    ];
    proptest::collection::vec(step, 1..24)
}

/// Lets the steps happen; gives every change there is, by record.
fn play(steps: &[Step]) -> Vec<(RecordId, Made)> {
    let directory = directory();
    let mut all = Vec::new();
    let mut held: BTreeMap<(u128, u128), Kept> = BTreeMap::new();
    for record in 0..2 {
        let id = record_id(record);
        let mut base = Record::empty(id);
        let made = write(&mut base, 1, record as u8, 1, &creation(11));
        all.push((id, made));
        for device in 1..7 {
            held.insert(
                (device, record),
                Kept {
                    record: base.clone(),
                    aside: BTreeMap::new(),
                },
            );
        }
    }
    for (time_s, step) in (10..).zip(steps) {
        match step {
            Step::Write { by, record, edits } => {
                let kept = held.get_mut(&(*by, *record)).expect("held");
                let done = kept
                    .record
                    .edit(actor(*by, *record as u8), time_s, edits)
                    .expect("edits");
                let made = done.map(|(hash, bytes)| Made { hash, bytes, by: *by });
                all.extend(made.map(|made| (record_id(*record), made)));
            }
            Step::Show { from, to, record } => {
                let theirs = held[&(*from, *record)].record.clone();
                let signed = |made: &Made| theirs.has(&made.hash).then(|| made.signed());
                let arrivals = all
                    .iter()
                    .filter(|(id, _)| *id == record_id(*record))
                    .filter_map(|(_, made)| signed(made));
                let kept = held.get_mut(&(*to, *record)).expect("held");
                kept.receive(arrivals.collect(), &rules(&directory));
            }
        }
    }
    all
}

type Whole = BTreeMap<RecordId, (Vec<ChangeHash>, String, BTreeMap<ChangeHash, Because>)>;

/// Delivers by index, so many at a time, twice where the number is odd, then whatever is missing.
fn deliver(all: &[(RecordId, Made)], order: &[usize], batches: &[usize]) -> Whole {
    let directory = directory();
    let mut kept: BTreeMap<RecordId, Kept> = BTreeMap::new();
    let mut at = 0;
    let mut sizes = batches.iter().copied().cycle();
    while at < order.len() {
        let size = sizes.next().unwrap_or(1).max(1);
        let batch = &order[at..(at + size).min(order.len())];
        at += size;
        let mut by_record: BTreeMap<RecordId, Vec<Candidate>> = BTreeMap::new();
        for index in batch {
            let (record, made) = &all[*index];
            let arrivals = by_record.entry(*record).or_default();
            arrivals.extend((0..1 + index % 2).map(|_| made.signed()));
        }
        for (record, arrivals) in by_record {
            let kept = kept.entry(record).or_insert_with(|| Kept::empty(record));
            let hashes: Vec<_> = arrivals.iter().map(|arrival| arrival.hash).collect();
            let told = kept.receive(arrivals, &rules(&directory));
            check(kept, &hashes, &told);
        }
    }
    kept.into_iter().map(|(id, kept)| (id, view(&kept))).collect()
}

/// Nothing is applied half, and every arrival has a verdict that is true.
fn check(kept: &Kept, arrived: &[ChangeHash], told: &[(ChangeHash, Verdict)]) {
    for (_, bytes) in kept.record.changes() {
        let (_, parts) = sync_core::chunk::open(&bytes).expect("opens");
        assert!(parts.deps.iter().all(|dep| kept.record.has(dep)));
    }
    for (hash, aside) in &kept.aside {
        assert!(!kept.record.has(hash));
        let (_, parts) = sync_core::chunk::open(&aside.bytes).expect("opens");
        let ready = parts.deps.iter().all(|dep| kept.record.has(dep));
        assert_eq!(
            ready,
            aside.because != Because::Waiting,
            "what waits, waits for something"
        );
    }
    for hash in arrived {
        let (_, verdict) = told
            .iter()
            .rev()
            .find(|(about, _)| about == hash)
            .expect("a verdict");
        match verdict {
            Verdict::Applied | Verdict::Known => assert!(kept.record.has(hash)),
            Verdict::Waiting => assert_eq!(kept.aside[hash].because, Because::Waiting),
            Verdict::Parked(reason) => assert_eq!(kept.aside[hash].because, Because::Parked(*reason)),
            Verdict::Superseded => assert!(!kept.record.has(hash) && !kept.aside.contains_key(hash)),
        }
    }
}

fn view(kept: &Kept) -> (Vec<ChangeHash>, String, BTreeMap<ChangeHash, Because>) {
    let record = &kept.record;
    let shown = format!(
        "{:?} {:?} {:?}",
        record.answers(),
        record.conflicts(),
        record.history()
    );
    (
        record.heads(),
        shown,
        kept.aside
            .iter()
            .map(|(hash, aside)| (*hash, aside.because))
            .collect(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn every_delivery_ends_alike(
        steps in steps(),
        keys in proptest::collection::vec(any::<(u32, u32, u32)>(), 40),
        batches in proptest::collection::vec(1usize..9, 1..5),
    ) {
        let all = play(&steps);
        let sorted = |key: fn(&(u32, u32, u32)) -> u32| {
            let mut order: Vec<usize> = (0..all.len()).collect();
            order.sort_by_key(|index| key(&keys[*index % keys.len()]));
            order
        };
        let as_made = deliver(&all, &(0..all.len()).collect::<Vec<_>>(), &[1]);
        prop_assert_eq!(&deliver(&all, &sorted(|key| key.0), &batches), &as_made);
        prop_assert_eq!(&deliver(&all, &sorted(|key| key.1), &[1]), &as_made);
        let backwards: Vec<usize> = (0..all.len()).rev().collect();
        prop_assert_eq!(&deliver(&all, &backwards, &[2, 3]), &as_made);
        let repeated: Vec<usize> = sorted(|key| key.2).into_iter().chain(sorted(|key| key.0)).collect();
        prop_assert_eq!(&deliver(&all, &repeated, &batches), &as_made);
        prop_assert_eq!(&deliver(&all, &sorted(|key| key.2), &[all.len()]), &as_made);
    }
}

/// DESIGN's second example: only the last of three updates arrives at first.
#[test]
fn a_change_waits_for_its_ancestors_and_applies_by_itself() {
    let mut record = Record::empty(record_id(1));
    let made = [
        write(&mut record, 1, 1, 1, &creation(11)),
        write(&mut record, 1, 1, 2, &[put("phone", "1")]),
        write(&mut record, 1, 1, 3, &[put("phone", "2")]),
        write(&mut record, 1, 1, 4, &[put("phone", "3")]),
    ];
    let directory = directory();
    let mut kept = Kept::empty(record_id(1));
    for (at, expected) in [
        (3, Verdict::Waiting),
        (1, Verdict::Waiting),
        (3, Verdict::Waiting),
        (2, Verdict::Waiting),
    ] {
        let told = kept.receive(vec![made[at].signed()], &rules(&directory));
        assert_eq!(told, [(made[at].hash, expected)]);
        assert!(kept.record.is_empty() && kept.record.conflicts().is_empty());
    }
    let mut told = kept.receive(vec![made[0].signed()], &rules(&directory));
    told.sort_unstable_by_key(|(hash, _)| made.iter().position(|made| made.hash == *hash));
    assert_eq!(told, made.clone().map(|made| (made.hash, Verdict::Applied)));
    assert_eq!(kept.record.get("phone"), Some("3".into()));
    assert!(kept.aside.is_empty() && kept.record.conflicts().is_empty());
}
