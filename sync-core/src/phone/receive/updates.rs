//! Records as the server merged them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::desk::{Desk, KeptFrame};
use super::super::rows::RowError;
use super::super::state::{ChangeRow, ChangeState, Me};
use super::{Origin, RoundState, Told};
use crate::admit::{Candidate, Trust, Verdict};
use crate::chunk;
use crate::frame::{UpdateBatch, Updates, Whole};
use crate::id::{Actor, ChangeHash, RecordId, UnitId, actor_tag};
use crate::policy::{ParkReason, in_scope};
use crate::record::{FORM, KIND, Record, replaced_by, written};
use crate::replica::{Because, Kept};
use schemas::value::{Answers, Scalar};

/// A vouched change and when the server received it.
type Vouched = (Candidate, i64);

pub(super) fn updates(
    me: &Me<'_>,
    desk: &mut Desk,
    told: &mut Told,
    (frame, batch): (Updates, UpdateBatch),
    origin: Origin,
    round: &RoundState<'_>,
    random: [u8; 8],
) -> Result<(), RowError> {
    let gone: BTreeSet<RecordId> = match origin {
        // What the server lacks is handed in first; it is told again that the record is gone.
        Origin::Server => {
            let asked = |record: &RecordId| round.forgotten.is_some_and(|asked| asked.contains(record));
            batch
                .gone
                .iter()
                .copied()
                .filter(|record| !asked(record))
                .collect()
        }
        // What left another phone's units says nothing of ours.
        Origin::Bundle => BTreeSet::new(),
    };
    let whole: BTreeSet<RecordId> = batch.documents.iter().map(|whole| whole.record).collect();
    let mut kept = BTreeSet::new();
    let mut news = gone.clone();
    let mut replaces = gone.clone();
    let mut foreign = false;
    for (record, vouched) in by_record(batch)? {
        if origin == Origin::Bundle && !concerns(me, desk, record, vouched.iter().map(|(change, _)| change)) {
            foreign = true;
            continue;
        }
        let hashes: BTreeSet<ChangeHash> = vouched.iter().map(|(change, _)| change.hash).collect();
        if take_in(me, desk, record, vouched, origin, random)? {
            news.insert(record);
            if origin == Origin::Bundle {
                desk.progress.compare.insert(record);
            }
        }
        desk.sheet(record).gone = false;
        kept.insert(record);
        if whole.contains(&record) && proves_all(desk, record, &hashes) {
            replaces.insert(record);
        }
        if incomplete(&desk.sheet(record).kept) {
            desk.progress.wanted.insert(record);
            told.waiting.insert(record);
        }
    }
    for record in &gone {
        desk.sheet(*record).gone = true;
        desk.progress.wanted.remove(record);
        kept.remove(record);
    }
    // A frame cannot be cut: one that also brings what is none of our business is not handed on.
    let keep = !kept.is_empty() && !foreign && (origin == Origin::Server || !news.is_empty());
    if !keep {
        replaces.clone_from(&gone);
    }
    told.ignored = news.is_empty();
    told.records.extend(news);
    desk.commit.frame = Some(KeptFrame {
        updates: keep.then_some(frame),
        records: kept,
        replaces,
    });
    Ok(())
}

/// True if every change of the record is among `hashes`, or lies here in an envelope: then nothing
/// else is needed to prove it. A restored server sends whole documents that lack what it forgot.
fn proves_all(desk: &mut Desk, record: RecordId, hashes: &BTreeSet<ChangeHash>) -> bool {
    let changes = desk.sheet(record).kept.record.changes();
    let in_envelope = |hash: &ChangeHash| {
        desk.row(record, *hash)
            .is_some_and(|row| row.own || row.counter.is_some())
    };
    changes
        .iter()
        .all(|(hash, _)| hashes.contains(hash) || in_envelope(hash))
}

/// The changes of a batch, by record, ancestors first.
fn by_record(batch: UpdateBatch) -> Result<BTreeMap<RecordId, Vec<Vouched>>, RowError> {
    let mut by_record: BTreeMap<RecordId, Vec<Vouched>> = BTreeMap::new();
    for Whole {
        record,
        document,
        received_at_s,
    } in batch.documents
    {
        let whole = Record::load(record, &document)?;
        let history = whole.history();
        let times: BTreeMap<_, _> = history
            .iter()
            .map(|entry| entry.change)
            .zip(received_at_s)
            .collect();
        let changes = whole.changes().into_iter().map(|(hash, bytes)| {
            let received_at_s = times.get(&hash).copied().unwrap_or_default();
            (
                Candidate {
                    hash,
                    bytes,
                    trust: Trust::Vouched,
                },
                received_at_s,
            )
        });
        by_record.entry(record).or_default().extend(changes);
    }
    for (item, received_at_s) in batch.changes.into_iter().zip(batch.received_at_s) {
        let candidate = Candidate {
            hash: item.hash,
            bytes: item.bytes,
            trust: Trust::Vouched,
        };
        by_record
            .entry(item.record)
            .or_default()
            .push((candidate, received_at_s));
    }
    Ok(by_record)
}

/// True if anything of it was news.
fn take_in(
    me: &Me<'_>,
    desk: &mut Desk,
    record: RecordId,
    vouched: Vec<Vouched>,
    origin: Origin,
    random: [u8; 8],
) -> Result<bool, RowError> {
    let mut candidates = Vec::new();
    for (candidate, received_at_s) in vouched {
        note_received(me, desk, record, (&candidate, received_at_s), origin);
        candidates.push(candidate);
    }
    let verdicts = desk.take_in(me, record, candidates.clone());
    take_out_replaced(me, desk, record, &candidates, random)?;
    let twice: BTreeSet<ChangeHash> = verdicts
        .iter()
        .filter(|(_, verdict)| *verdict == Verdict::Parked(ParkReason::ActorReused))
        .map(|(hash, _)| *hash)
        .collect();
    if twice.is_empty() {
        return Ok(verdicts.iter().any(|(_, verdict)| *verdict != Verdict::Known));
    }
    // The server merged a change under a number that something here used too: this phone, or one
    // whose work it carried, was restored from a copy. The server's stands; ours is written again.
    let clashing: Vec<Candidate> = candidates
        .into_iter()
        .filter(|candidate| twice.contains(&candidate.hash))
        .collect();
    let reused = numbered_alike(&desk.sheet(record).kept, &clashing);
    for candidate in &clashing {
        desk.sheet(record).kept.aside.remove(&candidate.hash);
    }
    desk.park(me, record, &reused, random)?;
    desk.take_in(me, record, clashing);
    Ok(true)
}

/// Takes out what a change the server merged stands for, unless the server merged that too. It may
/// have come in here first, by another way.
fn take_out_replaced(
    me: &Me<'_>,
    desk: &mut Desk,
    record: RecordId,
    vouched: &[Candidate],
    random: [u8; 8],
) -> Result<(), RowError> {
    let named: BTreeSet<ChangeHash> = vouched
        .iter()
        .filter_map(|candidate| chunk::open(&candidate.bytes).ok())
        .flat_map(|(_, parts)| replaced_by(parts.message))
        .collect();
    let provisional = |hash: &ChangeHash| {
        desk.row(record, *hash)
            .is_some_and(|row| row.received_at_s.is_none())
    };
    let replaced: BTreeSet<ChangeHash> = named
        .into_iter()
        .filter(|hash| {
            provisional(hash) && desk.peek(record).is_some_and(|sheet| sheet.kept.record.has(hash))
        })
        .collect();
    let set_aside = replaced
        .iter()
        .map(|hash| (*hash, ParkReason::Dismissed))
        .collect();
    desk.park(me, record, &set_aside, random)?;
    for hash in replaced {
        desk.sheet(record).kept.aside.remove(&hash);
        desk.mark(record, hash, ChangeState::Superseded);
    }
    Ok(())
}

/// Changes of the record that stand where one of `clashing` belongs.
fn numbered_alike(kept: &Kept, clashing: &[Candidate]) -> BTreeMap<ChangeHash, ParkReason> {
    let number = |bytes: &[u8]| {
        chunk::open(bytes)
            .ok()
            .map(|(_, parts)| (parts.actor.to_vec(), parts.seq))
    };
    let taken: BTreeSet<_> = clashing
        .iter()
        .filter_map(|candidate| number(&candidate.bytes))
        .collect();
    let clashes = |bytes: &[u8]| number(bytes).is_some_and(|number| taken.contains(&number));
    kept.record
        .changes()
        .into_iter()
        .filter(|(_, bytes)| clashes(bytes))
        .map(|(hash, _)| (hash, ParkReason::ActorReused))
        .collect()
}

/// The server's word is a confirmation, whoever wrote the change. One that came in a bundle may be old,
/// from before the server was restored: this phone's unsent work is confirmed by its receipt only.
fn note_received(
    me: &Me<'_>,
    desk: &mut Desk,
    record: RecordId,
    (candidate, received_at_s): (&Candidate, i64),
    origin: Origin,
) {
    if let Some(row) = desk.row_mut(record, candidate.hash) {
        row.received_at_s = Some(received_at_s);
        if origin == Origin::Server || !row.own || !row.state.is_unsent() {
            row.state = ChangeState::Confirmed;
        }
        return;
    }
    let Ok((_, parts)) = chunk::open(&candidate.bytes) else {
        return;
    };
    let own =
        Actor::from_slice(parts.actor).is_some_and(|actor| actor.tag() == actor_tag(me.identity.device));
    let row = ChangeRow {
        own,
        state: ChangeState::Confirmed,
        received_at_s: Some(received_at_s),
        ..ChangeRow::pending(record, candidate.hash, parts.time_s)
    };
    desk.insert_row(row);
}

/// True if something here waits for a change that is nowhere here.
fn incomplete(kept: &Kept) -> bool {
    kept.aside
        .values()
        .filter(|aside| aside.because == Because::Waiting && aside.trust == Trust::Vouched)
        .filter_map(|aside| chunk::open(&aside.bytes).ok())
        .any(|(_, parts)| {
            parts
                .deps
                .iter()
                .any(|dep| !kept.record.has(dep) && !kept.aside.contains_key(dep))
        })
}

/// True if a record with `arriving` belongs on this phone, or does not say yet where it belongs.
pub(super) fn concerns<'a>(
    me: &Me<'_>,
    desk: &Desk,
    record: RecordId,
    arriving: impl Iterator<Item = &'a Candidate>,
) -> bool {
    let Some(cert) = me.cert() else { return false };
    // What left this phone comes back from the server only: others may not know yet that it went.
    if desk.peek(record).is_some_and(|sheet| sheet.gone) {
        return false;
    }
    let mut trial = desk
        .peek(record)
        .map_or_else(|| Kept::empty(record), |sheet| sheet.kept.clone());
    trial.receive(arriving.cloned().collect(), &me.rules);
    let units = units_of(me, &trial);
    let own = |(unit, shared): &(UnitId, bool)| in_scope(&cert.units, *unit, *shared, me.rules.territory);
    units.is_empty() || units.iter().any(own)
}

/// The unit a record belongs to; of a record that is not merged here, the units its changes name.
fn units_of(me: &Me<'_>, kept: &Kept) -> Vec<(UnitId, bool)> {
    if !kept.record.is_empty() {
        return unit_of(me, &kept.record.answers()).into_iter().collect();
    }
    let aside = kept.aside.values().filter_map(|aside| written(&aside.bytes).ok());
    let answers = aside.map(|writes| {
        writes
            .into_iter()
            .filter_map(|(path, value)| Some((path, value?)))
            .collect()
    });
    answers.filter_map(|answers| unit_of(me, &answers)).collect()
}

fn unit_of(me: &Me<'_>, answers: &Answers) -> Option<(UnitId, bool)> {
    let kind = answers.get(KIND)?.as_text()?;
    let Some(Scalar::Int(version)) = answers.get(FORM) else {
        return None;
    };
    let form = me.rules.forms.rules(kind, u32::try_from(*version).ok()?)?;
    let unit = answers.get(form.unit_field())?.as_text()?.parse().ok()?;
    Some((unit, form.shared_in_commune()))
}
