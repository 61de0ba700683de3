//! One record: what it shows does not depend on the order its changes came in.

use std::collections::BTreeMap;

use proptest::prelude::*;
use schemas::value::{Answers, Scalar};
use sync_core::id::ChangeHash;
use sync_core::record::{Conflict, Edit, HistoryEntry, Record};
use sync_core::replica::Kept;

use crate::fixture::*;

/// A record of device 1, and up to two changes each of devices 1, 2, 3 that have not met since.
fn concurrent(edits: &[Vec<Vec<(String, Edit)>>]) -> (Record, Vec<Made>) {
    let mut base = Record::empty(record_id(1));
    write(&mut base, 1, 1, 100, &creation(11));
    let mut made = Vec::new();
    for (n, of_one) in edits.iter().enumerate() {
        let by = n as u128 + 1;
        let mut own = base.clone();
        for (step, edits) in of_one.iter().enumerate() {
            let done = own
                .edit(actor(by, 1), 200 + step as i64 * 7 - n as i64, edits)
                .expect("edits");
            made.extend(done.map(|(hash, bytes)| Made { hash, bytes, by }));
        }
    }
    (base, made)
}

fn permutations<T: Clone>(items: &[T]) -> Vec<Vec<T>> {
    if items.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for at in 0..items.len() {
        let mut rest = items.to_vec();
        let first = rest.remove(at);
        all.extend(permutations(&rest).into_iter().map(|mut order| {
            order.insert(0, first.clone());
            order
        }));
    }
    all
}

type View = (Vec<ChangeHash>, Answers, Vec<Conflict>, Vec<HistoryEntry>);

fn view(record: &Record) -> View {
    (
        record.heads(),
        record.answers(),
        record.conflicts(),
        record.history(),
    )
}

fn ancestors_first(record: &Record) -> bool {
    let history: Vec<_> = record.history().into_iter().map(|entry| entry.change).collect();
    history.iter().enumerate().all(|(at, hash)| {
        let bytes = record.change(hash).expect("is here");
        let (_, parts) = sync_core::chunk::open(&bytes).expect("opens");
        parts.deps.iter().all(|dep| history[..at].contains(dep))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn every_order_of_arrival_shows_the_same(
        edits in proptest::collection::vec(
            proptest::collection::vec(proptest::collection::vec(edit(), 1..4), 0..3), 3),
    ) {
        let (base, made) = concurrent(&edits);
        let directory = directory();
        let mut first: Option<View> = None;
        for order in permutations(&made) {
            let mut kept = Kept { record: base.clone(), aside: Default::default() };
            for change in order {
                kept.receive(vec![change.vouched()], &rules(&directory));
            }
            prop_assert!(kept.aside.is_empty());
            prop_assert_eq!(kept.record.changes().len(), made.len() + 1);
            let now = view(&kept.record);
            prop_assert_eq!(first.get_or_insert_with(|| now.clone()), &now);
            prop_assert!(ancestors_first(&kept.record));
            for conflict in &now.2 {
                prop_assert_eq!(now.1.get(&conflict.path), Some(&conflict.rivals[0].value));
                prop_assert!(conflict.rivals.len() > 1);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_record_survives_saving(edits in proptest::collection::vec((1u128..4, proptest::collection::vec(edit(), 0..5)), 0..12)) {
        let mut record = Record::empty(record_id(1));
        for (n, (by, edits)) in edits.iter().enumerate() {
            record.edit(actor(*by, 1), n as i64, edits).expect("edits");
            let loaded = Record::load(record.id(), &record.save()).expect("loads");
            prop_assert_eq!(view(&loaded), view(&record));
        }
        let mut replayed = Record::empty(record_id(1));
        for (hash, bytes) in record.changes() {
            replayed.apply(&bytes).expect("applies");
            replayed.apply(&bytes).expect("again is nothing");
            prop_assert!(replayed.has(&hash));
            prop_assert_eq!(replayed.change(&hash), Some(bytes));
        }
        prop_assert_eq!(view(&replayed), view(&record));
    }

    #[test]
    fn the_same_words_are_the_same_bytes(edits in proptest::collection::vec(edit(), 1..8), time_s: i64) {
        let make = || {
            let mut record = Record::empty(record_id(1));
            let made = record.edit(actor(1, 1), time_s, &edits).expect("edits");
            (made, record.save())
        };
        prop_assert_eq!(make(), make());
    }

    #[test]
    fn a_record_without_some_changes_is_as_if_they_never_were(
        edits in proptest::collection::vec((1u128..4, proptest::collection::vec(edit(), 1..4)), 1..10),
        unwanted: prop::sample::Index,
    ) {
        let mut record = Record::empty(record_id(1));
        for (n, (by, edits)) in edits.iter().enumerate() {
            record.edit(actor(*by, 1), n as i64, edits).expect("edits");
        }
        let all = record.changes();
        if all.is_empty() {
            return Ok(());
        }
        // Each change here saw all before it, so what goes is a tail.
        let at = unwanted.index(all.len());
        let (rest, removed) = record.without(&[all[at].0].into()).expect("sound");
        prop_assert_eq!(&removed[..], &all[at..]);
        prop_assert_eq!(rest.changes(), &all[..at]);
        prop_assert_eq!(Record::load(rest.id(), &rest.save()).expect("loads").heads(), rest.heads());
    }
}

#[test]
fn equal_values_at_the_same_time_are_agreement() {
    let (base, made) = concurrent(&[
        vec![vec![put("livestock", Scalar::Int(3))]],
        vec![vec![put("livestock", Scalar::Int(3))]],
    ]);
    let mut record = base;
    for change in &made {
        record.apply(&change.bytes).expect("applies");
    }
    assert!(record.conflicts().is_empty());
    assert_eq!(record.heads().len(), 2);
}

#[test]
fn a_conflict_names_value_author_and_time_and_writing_again_clears_it() {
    let (base, made) = concurrent(&[
        vec![vec![put("roof", "tile")]],
        vec![vec![put("roof", "thatch")]],
        vec![vec![put("roof", "tile")]],
    ]);
    let mut one = base.clone();
    let mut other = base;
    made.iter()
        .for_each(|change| one.apply(&change.bytes).expect("applies"));
    made.iter()
        .rev()
        .for_each(|change| other.apply(&change.bytes).expect("applies"));
    let conflicts = one.conflicts();
    assert_eq!(conflicts, other.conflicts());
    let [conflict] = &conflicts[..] else {
        panic!("one conflict, not {conflicts:?}")
    };
    let mut values: Vec<_> = conflict
        .rivals
        .iter()
        .map(|rival| rival.value.as_text().expect("text"))
        .collect();
    assert_eq!(
        Some(conflict.rivals[0].value.clone()),
        one.get("roof"),
        "the shown one stands first"
    );
    values.sort_unstable();
    assert_eq!(values, ["thatch", "tile"]);
    let times: Vec<_> = conflict.rivals.iter().map(|rival| rival.time_s).collect();
    assert!(times.iter().all(|time| (198..=200).contains(time)));

    // The shown value again is a resolution, not nothing.
    let shown = one.get("roof").expect("shown");
    let settled = write(&mut one, 2, 1, 300, &[("roof".to_owned(), Edit::Put(shown))]);
    other.apply(&settled.bytes).expect("applies");
    assert!(one.conflicts().is_empty() && other.conflicts().is_empty());
    assert_eq!(view(&one), view(&other));
}

#[test]
fn ticks_of_two_people_both_survive_and_a_tick_outlives_an_untick() {
    let (base, made) = concurrent(&[
        vec![vec![put("needs/credit", Scalar::Bool(true))]],
        vec![vec![put("needs/housing", Scalar::Bool(true))]],
    ]);
    let mut record = base;
    made.iter()
        .for_each(|change| record.apply(&change.bytes).expect("applies"));
    assert_eq!(record.get("needs/credit"), Some(Scalar::Bool(true)));
    assert_eq!(record.get("needs/housing"), Some(Scalar::Bool(true)));
    assert!(record.conflicts().is_empty());

    let mut unticks = record.clone();
    let mut ticks = record.clone();
    let untick = write(&mut unticks, 1, 1, 9, &[delete("needs/credit")]);
    // A tick again, of what is ticked, is nothing new; through a cleared state it is.
    assert_eq!(
        ticks.edit(actor(2, 1), 9, &[put("needs/credit", Scalar::Bool(true))]),
        Ok(None)
    );
    write(&mut ticks, 2, 1, 9, &[put("needs/credit", Scalar::Null)]);
    let tick = write(&mut ticks, 2, 1, 10, &[put("needs/credit", Scalar::Bool(true))]);
    let between = ticks
        .changes()
        .into_iter()
        .find(|(hash, _)| !record.has(hash) && *hash != tick.hash);
    unticks
        .apply(&between.expect("the cleared state").1)
        .expect("applies");
    unticks.apply(&tick.bytes).expect("applies");
    ticks.apply(&untick.bytes).expect("applies");
    assert_eq!(view(&unticks), view(&ticks));
    assert_eq!(unticks.get("needs/credit"), Some(Scalar::Bool(true)));
    assert!(unticks.conflicts().is_empty());
}

/// The phone in 1980 edits after seeing what the phone in 2035 wrote: the later edit stands.
#[test]
fn order_comes_from_what_was_seen_not_from_clocks() {
    let mut record = Record::empty(record_id(1));
    write(&mut record, 1, 1, 2_060_000_000, &[put("phone", "0912")]);
    write(&mut record, 2, 1, 330_000_000, &[put("phone", "0988")]);
    assert_eq!(record.get("phone"), Some("0988".into()));
    assert!(record.conflicts().is_empty());
    assert_eq!(
        record
            .history()
            .iter()
            .map(|entry| entry.time_s)
            .collect::<Vec<_>>(),
        [2_060_000_000, 330_000_000]
    );
}

/// DESIGN's first example: A sets livestock, roof, livestock; B sets phone.
#[test]
fn two_phones_offline_meet_without_a_conflict() {
    let mut base = Record::empty(record_id(1));
    write(&mut base, 3, 1, 1, &creation(11));
    let (mut a, mut b) = (base.clone(), base);
    let by_a = [
        write(&mut a, 1, 1, 10, &[put("livestock", Scalar::Int(3))]),
        write(&mut a, 1, 1, 20, &[put("roof", "tile")]),
        write(&mut a, 1, 1, 30, &[put("livestock", Scalar::Int(4))]),
    ];
    let by_b = write(&mut b, 2, 1, 15, &[put("phone", "0912")]);
    a.apply(&by_b.bytes).expect("applies");
    by_a.iter()
        .for_each(|change| b.apply(&change.bytes).expect("applies"));
    assert_eq!(view(&a), view(&b));
    assert_eq!(
        (a.get("livestock"), a.get("roof"), a.get("phone")),
        (Some(Scalar::Int(4)), Some("tile".into()), Some("0912".into()))
    );
    assert!(a.conflicts().is_empty());
    let own: Vec<_> = a
        .history()
        .into_iter()
        .filter(|entry| entry.actor == actor(1, 1))
        .map(|entry| entry.time_s)
        .collect();
    assert_eq!(own, [10, 20, 30]);
}

/// Two people write one field apart, a third writes over both: each line says what its author saw, not what
/// stands above it.
#[test]
fn history_says_what_each_author_found() {
    let mut base = Record::empty(record_id(1));
    write(&mut base, 3, 1, 1, &[put("phone", "0911")]);
    let (mut a, mut b) = (base.clone(), base);
    let by_a = write(&mut a, 1, 1, 10, &[put("phone", "0912"), put("roof", "tile")]);
    write(&mut b, 2, 1, 11, &[put("phone", "0988")]);
    b.apply(&by_a.bytes).expect("applies");
    let shown = b.get("phone").expect("a value");
    write(&mut b, 3, 2, 12, &[put("phone", "0999")]);
    let found: Vec<_> = b.history().into_iter().map(|entry| entry.found).collect();
    let of = |value: Scalar| BTreeMap::from([("phone".to_owned(), value)]);
    assert_eq!(
        found,
        [BTreeMap::new(), of("0911".into()), of("0911".into()), of(shown)]
    );
}
