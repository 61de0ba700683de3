//! What is in memory: a summary of every record, and the cards of envelopes and kept frames.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use sync_core::frame::EnvelopeName;
use sync_core::id::RecordId;
use sync_core::phone::{OpenEnvelope, Progress};
use sync_core::policy::ParkReason;

use super::cell::{self, EnvelopeCell};
use super::summary::Summary;
use crate::rows::{Rows as _, RowsError, SealedRows, Shelf};

/// How many records stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records this phone wrote to, with something the server has not said a word about.
    pub pending: usize,
    /// Records this phone wrote to, all of it merged at the server.
    pub confirmed: usize,
    /// Records of which something waits at the server for what it builds on.
    pub waiting: usize,
    /// Records of which something was set aside.
    pub parked: usize,
    /// Records on this phone.
    pub records: usize,
    /// Changes of this phone without the server's word.
    pub pending_changes: u64,
    /// Envelopes of other phones that this one carries.
    pub carried: usize,
}

/// Summaries and cards, read once and kept up by every commit.
#[derive(Default)]
pub struct Index {
    pub(super) summaries: BTreeMap<RecordId, Rc<Summary>>,
    pub(super) envelopes: BTreeMap<EnvelopeName, EnvelopeCell>,
    pub(super) frames: BTreeMap<u64, BTreeSet<RecordId>>,
    /// `None` before enrolment.
    pub(super) progress: Option<Progress>,
    /// Some summaries could not be read.
    pub(super) stale: bool,
    by_kind: BTreeMap<String, BTreeSet<RecordId>>,
    by_weak_key: BTreeMap<(String, String), BTreeSet<RecordId>>,
    /// Records for which another stands.
    merged: BTreeMap<RecordId, RecordId>,
}

/// A chain of merges that is followed no further: a longer one is a ring.
const CHAIN_MAX: usize = 64;

impl Index {
    pub(super) async fn read(rows: &SealedRows) -> Result<Self, RowsError> {
        let mut index = Self::default();
        for (key, bytes) in rows.all(Shelf::Summary).await? {
            // One that an older program wrote otherwise is worked out again; it is no truth.
            match cell::read("summary", &bytes) {
                Ok(summary) => index.put(cell::record_id(&key)?, Some(summary)),
                Err(_) => index.stale = true,
            }
        }
        for (_, bytes) in rows.all(Shelf::Envelope).await? {
            let card: EnvelopeCell = cell::read("envelope", &bytes)?;
            index.envelopes.insert(card.name, card);
        }
        for (key, bytes) in rows.all(Shelf::Frame).await? {
            let number = key
                .try_into()
                .map_err(|_| RowsError::Damaged("frame".to_owned()))?;
            index
                .frames
                .insert(u64::from_be_bytes(number), cell::read("frame", &bytes)?);
        }
        let progress = rows
            .get(Shelf::Meta, &[b"progress".to_vec()])
            .await?
            .pop()
            .flatten();
        index.progress = match progress {
            Some(bytes) => {
                Some(Progress::from_bytes(&bytes).map_err(|_| RowsError::Damaged("progress".to_owned()))?)
            }
            None => None,
        };
        Ok(index)
    }

    /// Puts a summary in place of the one before, or takes it away.
    pub(super) fn put(&mut self, id: RecordId, summary: Option<Summary>) {
        let stands = summary.as_ref().and_then(Summary::same_as);
        let before = match stands {
            Some(other) => self.merged.insert(id, other),
            None => self.merged.remove(&id),
        };
        self.place(id, summary);
        if before != stands {
            self.follow();
        }
    }

    fn place(&mut self, id: RecordId, summary: Option<Summary>) {
        if let Some(before) = self.summaries.remove(&id) {
            if let Some(kind) = self.by_kind.get_mut(&before.kind) {
                kind.remove(&id);
            }
            for key in &before.weak {
                if let Some(found) = self.by_weak_key.get_mut(&(before.kind.clone(), key.clone())) {
                    found.remove(&id);
                }
            }
        }
        let Some(mut summary) = summary else { return };
        summary.household = self.household_of(&summary);
        if summary.same_as().is_some() {
            // Lists show the record that stands for it, and nothing new is like it.
            self.summaries.insert(id, Rc::new(summary));
            return;
        }
        if !summary.blank {
            self.by_kind.entry(summary.kind.clone()).or_default().insert(id);
        }
        for key in &summary.weak {
            let key = (summary.kind.clone(), key.clone());
            self.by_weak_key.entry(key).or_default().insert(id);
        }
        self.summaries.insert(id, Rc::new(summary));
    }

    /// After a merge, or one that was taken back: what names a household belongs to the one that stands.
    fn follow(&mut self) {
        let moved: Vec<(RecordId, Option<String>)> = self
            .summaries
            .iter()
            .map(|(id, summary)| (*id, self.household_of(summary)))
            .collect();
        for (id, household) in moved {
            if let Some(summary) = self.summaries.get_mut(&id)
                && summary.household != household
            {
                Rc::make_mut(summary).household = household;
            }
        }
    }

    fn household_of(&self, summary: &Summary) -> Option<String> {
        let own = summary.own_household()?;
        let stands = self.stands_for(own);
        (stands != own).then(|| stands.to_string())
    }

    /// The record that stands for `id`, in the end: mostly itself.
    #[must_use]
    pub fn stands_for(&self, id: RecordId) -> RecordId {
        let mut at = id;
        for _ in 0..CHAIN_MAX {
            match self.merged.get(&at) {
                Some(next) => at = *next,
                None => return at,
            }
        }
        id
    }

    /// The summary of a record.
    #[must_use]
    pub fn get(&self, id: RecordId) -> Option<Rc<Summary>> {
        self.summaries.get(&id).cloned()
    }

    /// The records of a kind, by id. Records that were voided are among them, those of which nothing can
    /// be shown are not.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = (RecordId, &Rc<Summary>)> {
        let ids = self.by_kind.get(kind).into_iter().flatten();
        ids.filter_map(|id| Some((*id, self.summaries.get(id)?)))
    }

    /// Every record.
    pub fn all(&self) -> impl Iterator<Item = (RecordId, &Rc<Summary>)> {
        self.summaries.iter().map(|(id, summary)| (*id, summary))
    }

    /// Records of a kind under one of these weak keys, each with the key it was found by.
    pub(super) fn alike(&self, kind: &str, keys: &[String]) -> BTreeMap<RecordId, String> {
        let mut found = BTreeMap::new();
        for key in keys {
            let ids = self.by_weak_key.get(&(kind.to_owned(), key.clone()));
            for id in ids.into_iter().flatten() {
                found.entry(*id).or_insert_with(|| key.clone());
            }
        }
        found
    }

    /// Records with changes in no envelope yet.
    pub(super) fn pending(&self, limit: usize) -> BTreeSet<RecordId> {
        let pending = self.summaries.iter().filter(|(_, summary)| summary.pending);
        pending.map(|(id, _)| *id).take(limit).collect()
    }

    /// Envelopes without the server's word, oldest first.
    pub(super) fn open_envelopes(&self) -> Vec<OpenEnvelope> {
        let mut open: Vec<_> = self
            .envelopes
            .values()
            .filter_map(|card| Some((card.order, card.open()?)))
            .collect();
        open.sort_by_key(|(order, _)| *order);
        open.into_iter().map(|(_, open)| open).collect()
    }

    /// The names of envelopes that touch one of these records, or of all; oldest first.
    pub(super) fn envelopes_of(&self, records: Option<&BTreeSet<RecordId>>) -> Vec<EnvelopeName> {
        let wanted = |card: &&EnvelopeCell| {
            records.is_none_or(|records| card.records.iter().any(|record| records.contains(record)))
        };
        let mut cards: Vec<_> = self.envelopes.values().filter(wanted).collect();
        cards.sort_by_key(|card| card.order);
        cards.into_iter().map(|card| card.name).collect()
    }

    /// The numbers of kept frames that bring one of these records, or of all; oldest first.
    pub(super) fn frames_of(&self, records: Option<&BTreeSet<RecordId>>) -> Vec<u64> {
        let wanted = |brings: &BTreeSet<RecordId>| {
            records.is_none_or(|records| brings.iter().any(|record| records.contains(record)))
        };
        let frames = self.frames.iter().filter(|(_, brings)| wanted(brings));
        frames.map(|(number, _)| *number).collect()
    }

    /// How many records stand where. `own` is this phone.
    #[must_use]
    pub fn counts(&self, own: Option<sync_core::id::DeviceId>) -> Counts {
        let mut counts = Counts {
            records: self.by_kind.values().map(BTreeSet::len).sum(),
            ..Counts::default()
        };
        for summary in self.summaries.values().filter(|summary| summary.own) {
            counts.pending_changes += u64::from(summary.unsent);
            counts.pending += usize::from(summary.unsent > 0);
            counts.waiting += usize::from(summary.waiting);
            counts.parked += usize::from(!summary.parked.is_empty());
            let settled = summary.unsent == 0 && !summary.waiting && summary.parked.is_empty();
            counts.confirmed += usize::from(settled);
        }
        let carried = self
            .envelopes
            .values()
            .filter(|card| card.is_open && Some(card.name.device) != own);
        counts.carried = carried.count();
        counts
    }

    /// What the server set aside of this phone's work, once per record and reason.
    #[must_use]
    pub fn parked(&self) -> Vec<(RecordId, ParkReason)> {
        let of_record = |(id, summary): (&RecordId, &Rc<Summary>)| {
            let reasons: BTreeSet<_> = summary.parked.iter().copied().collect();
            reasons
                .into_iter()
                .map(|reason| (*id, reason))
                .collect::<Vec<_>>()
        };
        self.summaries.iter().flat_map(of_record).collect()
    }

    /// How far the phone has come; none before enrolment.
    #[must_use]
    pub const fn progress(&self) -> Option<&Progress> {
        self.progress.as_ref()
    }

    /// The server's clock at the last completed sync, milliseconds since 1970.
    #[must_use]
    pub fn synced_at_ms(&self) -> Option<i64> {
        self.progress.as_ref()?.synced_at_ms
    }

    /// How far this phone's clock is ahead of the server's, milliseconds.
    #[must_use]
    pub fn clock_skew_ms(&self) -> Option<i64> {
        self.progress.as_ref()?.clock_skew_ms
    }
}
