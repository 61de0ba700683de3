//! The server's word on envelopes, at once, and on changes, later.

use std::collections::{BTreeMap, BTreeSet};

use super::super::desk::{Desk, Sheet};
use super::super::rows::RowError;
use super::super::state::{ChangeRow, ChangeState, EnvelopeRow, EnvelopeState, Me};
use super::{RefusedEnvelope, RoundState, Told};
use crate::admit::{Candidate, Trust};
use crate::chunk;
use crate::frame::{Receipt, Ruling};
use crate::id::{ChangeHash, RecordId};
use crate::pack::Item;
use crate::policy::ParkReason;

/// The refusal of an envelope whose number was used before.
const COUNTER_REUSED: &str = "counter_reused";

pub(super) fn receipt(
    me: &Me<'_>,
    desk: &mut Desk,
    told: &mut Told,
    receipt: Receipt,
    round: &RoundState<'_>,
    random: [u8; 8],
) -> Result<(), RowError> {
    // A receipt for what we never held, or took apart to send again, says nothing.
    let Some(mut row) = desk.envelope(receipt.name).cloned() else {
        return Ok(());
    };
    let own = row.name.device == me.identity.device;
    let items = row.envelope.items().unwrap_or_default();
    if let Some(code) = receipt.refused {
        told.refused.push(RefusedEnvelope {
            name: row.name,
            code: code.clone(),
        });
        if own && code == COUNTER_REUSED {
            take_apart(me, desk, told, &row, items, random);
        } else {
            if code == COUNTER_REUSED {
                withdraw(me, desk, told, &row, &items, random)?;
            }
            row.state = EnvelopeState::Refused(code);
            desk.put_envelope(row);
        }
        return Ok(());
    }
    row.state = EnvelopeState::Receipted;
    desk.put_envelope(row);

    let mut parked: BTreeMap<RecordId, BTreeMap<ChangeHash, ParkReason>> = BTreeMap::new();
    for ruling in &receipt.parked {
        if let Some(reason) = ruling.parked {
            parked
                .entry(ruling.record)
                .or_default()
                .insert(ruling.change, reason);
        }
    }
    let replaced: BTreeSet<(RecordId, ChangeHash)> = receipt
        .parked
        .iter()
        .filter(|ruling| ruling.replaced == Some(true))
        .map(|ruling| (ruling.record, ruling.change))
        .collect();
    let waiting: BTreeSet<ChangeHash> = receipt.waiting.iter().copied().collect();
    for Item { record, hash, bytes } in items {
        told.delivered.insert(record);
        let reason = parked.get(&record).and_then(|parked| parked.get(&hash)).copied();
        if replaced.contains(&(record, hash)) {
            superseded(me, desk, record, hash, random)?;
            continue;
        }
        let aside = match (reason, waiting.contains(&hash)) {
            (Some(reason), _) => Some(ChangeState::Parked(reason)),
            (None, true) => Some(ChangeState::Waiting),
            (None, false) => None,
        };
        if let Some(state) = aside {
            if own && desk.row(record, hash).is_none() {
                // Our copy of the record went, but its author still learns what became of the work.
                let claimed_at_s = chunk::open(&bytes).map_or(0, |(_, parts)| parts.time_s);
                let counter = Some(receipt.name.counter);
                let row = ChangeRow::pending(record, hash, claimed_at_s);
                desk.sheet(record).gone = true;
                desk.insert_row(ChangeRow {
                    counter,
                    state,
                    ..row
                });
            }
            if state == ChangeState::Waiting {
                desk.mark(record, hash, state);
            }
        } else {
            merged(
                me,
                desk,
                record,
                hash,
                Some(round.server_time_ms.div_euclid(1000)),
            );
            // Our copy of the record went, or lacks this: the server forgot why, or merged what we replaced.
            let sheet = desk.peek(record);
            let concerns = own || sheet.is_some();
            let lacks = sheet.is_none_or(|sheet| !sheet.kept.record.has(&hash));
            if concerns && lacks {
                desk.progress.wanted.insert(record);
            }
        }
    }
    for (record, parked) in parked {
        told.parked.extend(news(desk, record, &parked));
        desk.park(me, record, &parked, random)?;
    }
    Ok(())
}

/// We carried work of a copied phone under a number that its other copy used first: the server will
/// never have it from us. What it did not get otherwise is set aside here too, until it does; and the
/// records are compared, since nothing else tells whether they are still ours to hold.
fn withdraw(
    me: &Me<'_>,
    desk: &mut Desk,
    told: &mut Told,
    row: &EnvelopeRow,
    items: &[Item],
    random: [u8; 8],
) -> Result<(), RowError> {
    let mut unheard: BTreeMap<RecordId, BTreeMap<ChangeHash, ParkReason>> = BTreeMap::new();
    for item in items {
        let sealed = |row: &ChangeRow| row.state == ChangeState::Sealed;
        if desk.row(item.record, item.hash).is_some_and(sealed) {
            let parked = unheard.entry(item.record).or_default();
            parked.insert(item.hash, ParkReason::ActorReused);
        }
    }
    desk.progress.compare.extend(&row.records);
    for (record, parked) in unheard {
        told.parked.extend(news(desk, record, &parked));
        desk.park(me, record, &parked, random)?;
    }
    Ok(())
}

/// The envelope's number was used before, by the phone this one was copied from: its changes go
/// into envelopes of other numbers, and everything is read again, because what the other one sent
/// under our name was held back from us.
fn take_apart(
    me: &Me<'_>,
    desk: &mut Desk,
    told: &mut Told,
    row: &EnvelopeRow,
    items: Vec<Item>,
    random: [u8; 8],
) {
    for Item { record, hash, bytes } in items {
        // What the server set aside or merged it may have forgotten since: it is offered again all the
        // same, for an acknowledged change must lie in some envelope that the server has.
        let known = desk.row(record, hash).map(|row| (row.counter, row.state));
        let elsewhere = |(counter, state): (Option<u64>, ChangeState)| {
            counter != Some(row.name.counter) || state == ChangeState::Superseded
        };
        if known.is_some_and(elsewhere) {
            continue;
        }
        let claimed_at_s = chunk::open(&bytes).map_or(0, |(_, parts)| parts.time_s);
        let here = |sheet: &Sheet| sheet.kept.record.has(&hash) || sheet.kept.aside.contains_key(&hash);
        if !desk.peek(record).is_some_and(here) {
            // Our copy of the record went; the work comes back out of the envelope.
            let trust = Trust::Signed(me.identity.device);
            let sheet = desk.sheet(record);
            sheet.gone |= sheet.kept.record.is_empty();
            sheet
                .kept
                .receive(vec![Candidate { hash, bytes, trust }], &me.rules);
        }
        if !here(desk.sheet(record)) {
            desk.mark(record, hash, ChangeState::Superseded);
            continue;
        }
        match desk.row_mut(record, hash) {
            Some(change) => {
                change.state = ChangeState::Pending;
                change.counter = None;
            }
            None => desk.insert_row(ChangeRow::pending(record, hash, claimed_at_s)),
        }
    }
    desk.remove_envelope(row.name);
    desk.progress.own_known = desk.progress.own_known.min(row.name.counter - 1);
    desk.progress.cursor.clear();
    desk.progress.actor_random = random;
    told.hold_cursor = true;
}

/// Its author wrote a change again, and the server goes by that. Where it was merged here meanwhile, on
/// ground that the server did not have, it goes; the one that stands for it comes by itself.
fn superseded(
    me: &Me<'_>,
    desk: &mut Desk,
    record: RecordId,
    hash: ChangeHash,
    random: [u8; 8],
) -> Result<(), RowError> {
    if desk
        .peek(record)
        .is_some_and(|sheet| sheet.kept.record.has(&hash))
    {
        // Nothing is written again for a reason like this one.
        let parked = BTreeMap::from([(hash, ParkReason::Dismissed)]);
        desk.park(me, record, &parked, random)?;
        desk.progress.wanted.insert(record);
    }
    if desk.peek(record).is_some() {
        desk.sheet(record).kept.aside.remove(&hash);
    }
    desk.mark(record, hash, ChangeState::Superseded);
    Ok(())
}

/// The server has merged a change.
fn merged(me: &Me<'_>, desk: &mut Desk, record: RecordId, hash: ChangeHash, received_at_s: Option<i64>) {
    let aside = desk
        .peek(record)
        .is_some_and(|sheet| sheet.kept.aside.contains_key(&hash));
    if aside {
        let verdicts = desk.sheet(record).kept.clear(hash, &me.rules);
        desk.note(record, &verdicts);
    }
    desk.mark(record, hash, ChangeState::Confirmed);
    if let Some(row) = desk.row_mut(record, hash) {
        row.received_at_s = row.received_at_s.or(received_at_s);
    }
}

/// Those of `parked` that are news here.
fn news(
    desk: &Desk,
    record: RecordId,
    parked: &BTreeMap<ChangeHash, ParkReason>,
) -> Vec<(RecordId, ParkReason)> {
    let known = |hash: &ChangeHash, reason| {
        desk.row(record, *hash).is_none_or(|row| {
            row.state == ChangeState::Parked(reason) || row.state == ChangeState::Superseded
        })
    };
    let fresh: BTreeSet<_> = parked
        .iter()
        .filter(|(hash, reason)| !known(hash, **reason))
        .map(|(_, reason)| (record, *reason))
        .collect();
    fresh.into_iter().collect()
}

pub(super) fn rulings(
    me: &Me<'_>,
    desk: &mut Desk,
    told: &mut Told,
    rulings: Vec<Ruling>,
    random: [u8; 8],
) -> Result<(), RowError> {
    for ruling in rulings {
        let Ruling {
            record,
            change,
            parked,
            replaced,
        } = ruling;
        match parked {
            None if replaced == Some(true) => superseded(me, desk, record, change, random)?,
            Some(reason) => {
                let parked = BTreeMap::from([(change, reason)]);
                told.parked.extend(news(desk, record, &parked));
                desk.park(me, record, &parked, random)?;
            }
            None => {
                merged(me, desk, record, change, None);
                // Merged at the server and not here: we wrote it again meanwhile, or dropped it.
                let lacks = |desk: &Desk| {
                    desk.peek(record)
                        .is_some_and(|sheet| !sheet.kept.record.has(&change))
                };
                if lacks(desk) {
                    desk.progress.wanted.insert(record);
                }
            }
        }
        told.records.insert(record);
    }
    Ok(())
}
