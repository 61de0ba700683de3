//! Another phone's work, out of a bundle: kept to be carried on, merged if it concerns this phone.

use std::collections::{BTreeMap, BTreeSet};

use super::super::desk::Desk;
use super::super::state::{ChangeRow, ChangeState, EnvelopeRow, EnvelopeState, Me};
use super::updates::concerns;
use super::{RefusedEnvelope, Told};
use crate::admit::{Candidate, Trust, Verdict};
use crate::chunk;
use crate::envelope::{Envelope, EnvelopeError};
use crate::id::RecordId;
use crate::pack::Item;
use crate::replica::Because;

pub(super) fn envelope(
    me: &Me<'_>,
    desk: &mut Desk,
    told: &mut Told,
    envelope: Envelope,
    items: Vec<Item>,
    random: [u8; 8],
) {
    let name = envelope.name();
    let own = name.device == me.identity.device;
    if let Some(known) = desk.envelope(name) {
        told.ignored = true;
        if known.envelope.signature != envelope.signature {
            let code = EnvelopeError::CounterReused.code().to_owned();
            told.refused.push(RefusedEnvelope { name, code });
            if own {
                desk.progress.actor_random = random;
                adopt(me, desk, told, items);
            }
        }
        return;
    }
    if own && name.counter >= desk.progress.next_counter {
        // Our own work from a time this home does not remember: it was restored from a copy.
        desk.progress.next_counter = name.counter + 1;
        desk.progress.actor_random = random;
    }
    let records: BTreeSet<RecordId> = items.iter().map(|item| item.record).collect();
    let order = desk.progress.take_order();
    // What the server vouched for already need not be carried to it; it is kept, for servers are restored too.
    let vouched = |item: &Item| {
        desk.row(item.record, item.hash)
            .is_some_and(|row| row.received_at_s.is_some())
    };
    let known = items.iter().all(vouched);
    let state = if known {
        EnvelopeState::Receipted
    } else {
        EnvelopeState::Open
    };
    desk.put_envelope(EnvelopeRow {
        name,
        order,
        envelope,
        records,
        attempted: false,
        state,
    });
    let mut by_record: BTreeMap<RecordId, Vec<Item>> = BTreeMap::new();
    for item in items {
        by_record.entry(item.record).or_default().push(item);
    }
    for (record, items) in by_record {
        merge(me, desk, told, record, items, name, own);
    }
    told.ignored = known || told.records.is_empty();
}

/// Our own work under a number we used for other work: written on another copy of this phone. What
/// still fits here is taken in as if it had just been written, and goes up under a new number.
fn adopt(me: &Me<'_>, desk: &mut Desk, told: &mut Told, items: Vec<Item>) {
    let device = me.identity.device;
    for Item { record, hash, bytes } in items {
        if desk.row(record, hash).is_some() {
            continue;
        }
        let claimed_at_s = chunk::open(&bytes).map_or(0, |(_, parts)| parts.time_s);
        let candidate = Candidate {
            hash,
            bytes,
            trust: Trust::Signed(device),
        };
        if !concerns(me, desk, record, std::iter::once(&candidate)) {
            continue;
        }
        let verdicts = desk.sheet(record).kept.receive(vec![candidate], &me.rules);
        if verdicts.contains(&(hash, Verdict::Applied)) {
            desk.insert_row(ChangeRow::pending(record, hash, claimed_at_s));
            told.records.insert(record);
        } else {
            desk.sheet(record).kept.aside.remove(&hash);
        }
        desk.note(record, &verdicts);
    }
}

fn merge(
    me: &Me<'_>,
    desk: &mut Desk,
    told: &mut Told,
    record: RecordId,
    items: Vec<Item>,
    name: crate::frame::EnvelopeName,
    own: bool,
) {
    let candidates: Vec<Candidate> = items
        .iter()
        .map(|item| Candidate {
            hash: item.hash,
            bytes: item.bytes.clone(),
            trust: Trust::Signed(name.device),
        })
        .collect();
    if !concerns(me, desk, record, candidates.iter()) {
        return;
    }
    let verdicts = desk.sheet(record).kept.receive(candidates, &me.rules);
    for item in &items {
        let known = desk
            .row_mut(record, item.hash)
            .map(|row| row.counter = Some(name.counter))
            .is_some();
        if !known {
            let claimed_at_s = chunk::open(&item.bytes).map_or(0, |(_, parts)| parts.time_s);
            let fresh = ChangeRow::pending(record, item.hash, claimed_at_s);
            desk.insert_row(ChangeRow {
                own,
                counter: Some(name.counter),
                state: ChangeState::Sealed,
                ..fresh
            });
        }
    }
    desk.note(record, &verdicts);
    let sheet = desk.sheet(record);
    if sheet
        .kept
        .aside
        .values()
        .any(|aside| aside.because == Because::Waiting)
    {
        told.waiting.insert(record);
    }
    told.records.insert(record);
}
