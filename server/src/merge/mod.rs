//! (6) Log + arrivals → what is to be written. Pure: shown the same, it answers the same.
//!
//! In: envelopes whose signatures were checked, and what the store holds of the records they touch.
//! Out: a [`Commit`]: new log rows, what became of every change, records as they stand now. It
//! knows nothing of SQL, sockets or clocks; rights and soundness are `sync_core`'s.

mod clear;

pub use clear::{Console, clear};

use std::collections::{BTreeMap, BTreeSet};

use sync_core::admit::{Candidate, Rules, Trust};
use sync_core::envelope::Envelope;
use sync_core::frame::{EnvelopeName, UpdateBatch};
use sync_core::id::{ChangeHash, DeviceId, RecordId};
use sync_core::pack::Item;
use sync_core::record::Record;
use sync_core::replica::Kept;

use crate::store::record::{
    Commit, Found, LoggedEnvelope, MergeRequest, NewChange, RecordView, Source, State, VouchedFrame,
};

/// An envelope whose signature was checked, with its changes.
#[derive(Debug, Clone)]
pub struct Opened {
    /// As it travelled.
    pub envelope: Envelope,
    /// Its changes.
    pub items: Vec<Item>,
}

impl Opened {
    /// Its name.
    #[must_use]
    pub const fn name(&self) -> EnvelopeName {
        EnvelopeName {
            device: self.envelope.head.device,
            counter: self.envelope.head.counter,
        }
    }

    fn logged(&self) -> LoggedEnvelope {
        LoggedEnvelope {
            head: self.envelope.head.clone(),
            signature: self.envelope.signature,
            items: self.items.iter().map(|item| (item.record, item.hash)).collect(),
        }
    }
}

/// Updates this server signed once, whose signature was checked.
#[derive(Debug, Clone)]
pub struct BroughtBack {
    /// As it was signed.
    pub frame: VouchedFrame,
    /// What it says.
    pub batch: UpdateBatch,
}

/// Everything one upload brings.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Envelopes, in the order they came.
    pub envelopes: Vec<Opened>,
    /// Updates brought back after a restore.
    pub brought_back: Vec<BroughtBack>,
}

/// One change that arrived.
#[derive(Debug, Clone)]
struct Arrival {
    item: Item,
    source: Source,
    trust: Trust,
    received_at_ms: i64,
}

impl Batch {
    /// What has to be looked up before this batch can be merged.
    #[must_use]
    pub fn request(&self, carrier: DeviceId, received_at_ms: i64) -> MergeRequest {
        let arrivals = self.arrivals(received_at_ms);
        MergeRequest {
            envelopes: self.envelopes.iter().map(Opened::name).collect(),
            changes: arrivals
                .iter()
                .map(|arrival| (arrival.item.record, arrival.item.hash))
                .collect(),
            records: arrivals.iter().map(|arrival| arrival.item.record).collect(),
            carrier,
            received_at_ms,
        }
    }

    fn arrivals(&self, received_at_ms: i64) -> Vec<Arrival> {
        let mut arrivals = Vec::new();
        for opened in &self.envelopes {
            let name = opened.name();
            arrivals.extend(opened.items.iter().map(|item| Arrival {
                item: item.clone(),
                source: Source::Envelope(name),
                trust: Trust::Signed(name.device),
                received_at_ms,
            }));
        }
        for BroughtBack { frame, batch } in &self.brought_back {
            arrivals.extend(vouched(frame, batch));
        }
        arrivals
    }
}

fn vouched(frame: &VouchedFrame, batch: &UpdateBatch) -> Vec<Arrival> {
    let arrival = |item: Item, received_at_s: i64| Arrival {
        item,
        source: Source::Vouched(frame.signature),
        trust: Trust::Vouched,
        received_at_ms: received_at_s.saturating_mul(1000),
    };
    let single = batch.changes.iter().cloned().zip(&batch.received_at_s);
    let mut arrivals: Vec<_> = single.map(|(item, at)| arrival(item, *at)).collect();
    for whole in &batch.documents {
        let Ok(record) = Record::load(whole.record, &whole.document) else {
            continue;
        };
        let times: BTreeMap<ChangeHash, i64> = record
            .history()
            .iter()
            .map(|entry| entry.change)
            .zip(whole.received_at_s.iter().copied())
            .collect();
        for (hash, bytes) in record.changes() {
            let at = times.get(&hash).copied().unwrap_or_default();
            arrivals.push(arrival(
                Item {
                    record: whole.record,
                    hash,
                    bytes,
                },
                at,
            ));
        }
    }
    arrivals
}

/// What merging gave.
#[derive(Debug, Default)]
pub struct Merged {
    /// What is to be written.
    pub commit: Commit,
    /// Envelopes whose number stands for other content in the log.
    pub reused: BTreeSet<EnvelopeName>,
}

/// Merges a batch into what was found. `view` derives what is stored for reading.
pub fn merge(
    batch: &Batch,
    mut found: Found,
    rules: &Rules<'_>,
    received_at_ms: i64,
    view: &dyn Fn(&Record) -> Option<RecordView>,
) -> Merged {
    let mut merged = Merged::default();
    admit_envelopes(batch, &found, &mut merged);
    let refused = |source: &Source| matches!(source, Source::Envelope(name) if merged.reused.contains(name));
    let mut by_record: BTreeMap<RecordId, Vec<Candidate>> = BTreeMap::new();
    let mut vouched_used = BTreeSet::new();
    for arrival in batch.arrivals(received_at_ms) {
        let Arrival {
            item,
            source,
            trust,
            received_at_ms,
        } = arrival;
        if refused(&source) {
            continue;
        }
        let logged = !found.logged.insert((item.record, item.hash));
        let unmerged = |kept: &Kept| !kept.record.has(&item.hash);
        let vouched = trust == Trust::Vouched && found.records.get(&item.record).is_some_and(unmerged);
        if logged && !vouched {
            continue;
        }
        if let Source::Vouched(signature) = source {
            vouched_used.insert(signature);
        }
        let Item { record, hash, bytes } = item;
        by_record.entry(record).or_default().push(Candidate {
            hash,
            bytes: bytes.clone(),
            trust,
        });
        if logged {
            // This server merged it before it was restored, and others built on it: so it stays merged,
            // whatever its author may write today.
            merged.commit.cleared.push((record, hash));
            continue;
        }
        merged.commit.changes.push(NewChange {
            record,
            hash,
            bytes,
            source,
            received_at_ms,
        });
    }
    let used = batch
        .brought_back
        .iter()
        .filter(|brought| vouched_used.contains(&brought.frame.signature));
    merged.commit.vouched = used.map(|brought| brought.frame.clone()).collect();
    for (record, candidates) in by_record {
        let mut kept = found
            .records
            .remove(&record)
            .unwrap_or_else(|| Kept::empty(record));
        receive(&mut kept, candidates, rules, view, &mut merged.commit);
    }
    merged
}

fn admit_envelopes(batch: &Batch, found: &Found, merged: &mut Merged) {
    let mut new: BTreeMap<EnvelopeName, LoggedEnvelope> = BTreeMap::new();
    for opened in &batch.envelopes {
        let name = opened.name();
        let logged = opened.logged();
        match found.envelopes.get(&name).or_else(|| new.get(&name)) {
            Some(known) if known.items != logged.items => {
                merged.reused.insert(name);
                continue;
            }
            Some(_) => {}
            None => {
                new.insert(name, logged);
            }
        }
        merged.commit.carried.push(name);
    }
    merged.commit.envelopes = new.into_values().collect();
}

fn receive(
    kept: &mut Kept,
    candidates: Vec<Candidate>,
    rules: &Rules<'_>,
    view: &dyn Fn(&Record) -> Option<RecordView>,
    commit: &mut Commit,
) {
    let id = kept.record.id();
    let verdicts = kept.receive(candidates, rules);
    let applied = verdicts
        .iter()
        .any(|(_, verdict)| State::from(*verdict) == State::Applied);
    commit.states.extend(
        verdicts
            .into_iter()
            .map(|(hash, verdict)| (id, hash, verdict.into())),
    );
    if applied {
        commit.views.extend(view(&kept.record));
    }
}
