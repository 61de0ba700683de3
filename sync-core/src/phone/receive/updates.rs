//! Records as the server merged them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::desk::{Desk, KeptFrame};
use super::super::rows::RowError;
use super::super::state::{ChangeRow, ChangeState, Me};
use super::{Origin, Told};
use crate::admit::{Candidate, Trust, Verdict};
use crate::chunk;
use crate::frame::{UpdateBatch, Updates, Whole};
use crate::id::{Actor, ChangeHash, RecordId, UnitId, actor_tag};
use crate::policy::{ParkReason, in_scope};
use crate::record::{FORM, KIND, Record, written};
use crate::replica::{Because, Kept};
use schemas::value::{Answers, Scalar};

/// A vouched change and when the server received it.
type Vouched = (Candidate, i64);

pub(super) fn updates(
    me: &Me<'_>,
    desk: &mut Desk,
    told: &mut Told,
    batch: UpdateBatch,
    frame: Updates,
    origin: Origin,
    random: [u8; 8],
) -> Result<(), RowError> {
    let gone: BTreeSet<RecordId> = match origin {
        Origin::Server => batch.gone.iter().copied().collect(),
        // What left another phone's units says nothing of ours.
        Origin::Bundle => BTreeSet::new(),
    };
    let whole: BTreeSet<RecordId> = batch.documents.iter().map(|whole| whole.record).collect();
    let mut kept = BTreeSet::new();
    let mut foreign = false;
    for (record, vouched) in by_record(batch)? {
        if origin == Origin::Bundle && !concerns(me, desk, record, vouched.iter().map(|(change, _)| change)) {
            foreign = true;
            continue;
        }
        take_in(me, desk, record, vouched, random)?;
        desk.sheet(record).gone = false;
        kept.insert(record);
        if incomplete(&desk.sheet(record).kept) {
            desk.progress.wanted.insert(record);
            told.waiting.insert(record);
        }
    }
    for record in &gone {
        if desk.peek(*record).is_some() {
            desk.sheet(*record).gone = true;
        }
        desk.progress.wanted.remove(record);
        kept.remove(record);
    }
    told.records.extend(kept.iter().chain(&gone).copied());
    told.ignored = kept.is_empty() && gone.is_empty();
    // A frame cannot be cut: one that also brings what is none of our business is not handed on.
    let keep = !kept.is_empty() && !foreign;
    let replaces = gone
        .union(&whole)
        .copied()
        .filter(|record| gone.contains(record) || keep)
        .collect();
    desk.commit.frame = Some(KeptFrame {
        updates: keep.then_some(frame),
        records: kept,
        replaces,
    });
    Ok(())
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

fn take_in(
    me: &Me<'_>,
    desk: &mut Desk,
    record: RecordId,
    vouched: Vec<Vouched>,
    random: [u8; 8],
) -> Result<(), RowError> {
    let mut candidates = Vec::new();
    for (candidate, received_at_s) in vouched {
        note_received(me, desk, record, &candidate, received_at_s);
        candidates.push(candidate);
    }
    let verdicts = desk.take_in(me, record, candidates.clone());
    let twice: BTreeSet<ChangeHash> = verdicts
        .iter()
        .filter(|(_, verdict)| *verdict == Verdict::Parked(ParkReason::ActorReused))
        .map(|(hash, _)| *hash)
        .collect();
    if twice.is_empty() {
        return Ok(());
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

/// The server's word is a confirmation, whoever wrote the change.
fn note_received(me: &Me<'_>, desk: &mut Desk, record: RecordId, candidate: &Candidate, received_at_s: i64) {
    if let Some(row) = desk.row_mut(record, candidate.hash) {
        row.received_at_s = Some(received_at_s);
        row.state = ChangeState::Confirmed;
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
