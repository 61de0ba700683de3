//! (1) One record: an Automerge document whose root is a flat map from field path to scalar.
//!
//! In: a snapshot and changes. Out: typed edits as new changes, plain values, conflicts as values,
//! history. The document starts from nothing: no shared first change is needed, because two phones
//! that create the same id write the same flat keys, and Automerge joins them key by key. So a
//! record with the same id, actor, time and answers has the same bytes on every machine.
//! This folder is the only place that names the `automerge` crate.

mod conflict;
mod flat;
mod history;
mod ops;
mod past;
mod review;
mod rewrite;
mod settle;
mod sound;
mod value;

pub use conflict::{Conflict, Rival};
pub use history::{HistoryEntry, Unseen, Write};
pub use ops::{ShapeError, Written, written};
pub use past::{OrderError, Past};
pub use review::{MERGE_WROTE, MERGED_AT, NOT_SAME, REVIEW_STATE, SAME_AS, SAME_MEMBER, is_closed};
pub use rewrite::{Rewrite, replaced_by, written_over};
use value::{fits, from_automerge, scalar, to_automerge};

use std::collections::{BTreeMap, BTreeSet};

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, Change, ROOT, ReadDoc};
use schemas::value::{Answers, Scalar};

use crate::chunk;
use crate::id::{Actor, ChangeHash, RecordId};
use crate::limits;

/// The path that holds the record's kind, the id of its form.
pub const KIND: &str = "$kind";
/// The path that holds the version of the form the record was last written with.
pub const FORM: &str = "$form";

/// What to do to one field.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Write this value. Writing the shown value again, when nobody disagrees, changes nothing.
    Put(Scalar),
    /// Untick an option: the key goes. A tick made at the same time elsewhere survives.
    Delete,
}

/// Raw changes with their hashes, ancestors first.
pub type Changes = Vec<(ChangeHash, Vec<u8>)>;

/// An operation on a record that cannot be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The stored document does not open: the store is damaged.
    #[error("the stored document of record {0} cannot be read")]
    Damaged(RecordId),
    /// Automerge refused a change that had passed our own checks.
    #[error("the change cannot be applied to record {0}")]
    Refused(RecordId),
}

/// A record, open in memory.
#[derive(Debug, Clone)]
pub struct Record {
    id: RecordId,
    doc: Automerge,
}

impl Record {
    /// A record nobody has written yet.
    #[must_use]
    pub fn empty(id: RecordId) -> Self {
        Self {
            id,
            doc: Automerge::new(),
        }
    }

    /// Opens a stored document (any Automerge save).
    ///
    /// # Errors
    /// `Damaged` if the bytes are not a whole, consistent document.
    pub fn load(id: RecordId, document: &[u8]) -> Result<Self, RecordError> {
        let doc = Automerge::load(document).map_err(|_| RecordError::Damaged(id))?;
        Ok(Self { id, doc })
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> RecordId {
        self.id
    }

    /// The document as bytes, not compressed: small stores compress many together.
    #[must_use]
    pub fn save(&self) -> Vec<u8> {
        self.doc.save_nocompress()
    }

    /// True while no change has been applied.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.doc.get_heads().is_empty()
    }

    /// The newest changes, in hash order. Two replicas with the same heads hold the same record.
    #[must_use]
    pub fn heads(&self) -> Vec<ChangeHash> {
        let mut heads: Vec<_> = self
            .doc
            .get_heads()
            .iter()
            .map(|hash| ChangeHash(hash.0))
            .collect();
        heads.sort_unstable();
        heads
    }

    /// True if the change is part of the record.
    #[must_use]
    pub fn has(&self, hash: &ChangeHash) -> bool {
        self.doc
            .get_change_meta_by_hash(&automerge::ChangeHash(hash.0))
            .is_some()
    }

    /// The raw bytes of every change, ancestors first.
    #[must_use]
    pub fn changes(&self) -> Changes {
        let changes = self.doc.get_changes(&[]);
        changes
            .iter()
            .map(|change| (ChangeHash(change.hash().0), change.raw_bytes().to_vec()))
            .collect()
    }

    /// The raw bytes of one change of the record.
    #[must_use]
    pub fn change(&self, hash: &ChangeHash) -> Option<Vec<u8>> {
        let change = self.doc.get_change_by_hash(&automerge::ChangeHash(hash.0))?;
        Some(change.raw_bytes().to_vec())
    }

    /// (highest sequence number per actor, highest operation counter of all).
    #[must_use]
    pub fn clock(&self) -> (BTreeMap<Vec<u8>, u64>, u64) {
        let mut seqs = BTreeMap::new();
        let mut max_op = 0;
        for meta in self.doc.get_changes_meta(&[]) {
            let seq = seqs.entry(meta.actor.to_bytes().to_vec()).or_insert(0);
            *seq = meta.seq.max(*seq);
            max_op = max_op.max(meta.max_op);
        }
        (seqs, max_op)
    }

    /// Applies one change whose ancestors are all here.
    ///
    /// Soundness is checked again, whoever calls: Automerge must never see what it could choke on.
    ///
    /// # Errors
    /// `Refused` if it is not sound, or an ancestor is missing; the record is then unchanged.
    pub fn apply(&mut self, bytes: &[u8]) -> Result<(), RecordError> {
        let refused = RecordError::Refused(self.id);
        let (hash, parts) = chunk::open(bytes).map_err(|_| refused.clone())?;
        if self.has(&hash) {
            return Ok(());
        }
        let past = Past::of(self);
        let ready = parts.deps.iter().all(|dep| past.has(dep)) && past.follows(&parts).is_ok();
        if !ready || self.check(&parts).is_err() {
            return Err(refused);
        }
        self.apply_sound(bytes)
    }

    /// Applies a change that `Past::follows` and `check` found sound, its ancestors being here.
    pub(crate) fn apply_sound(&mut self, bytes: &[u8]) -> Result<(), RecordError> {
        let refused = RecordError::Refused(self.id);
        let change = Change::from_bytes(bytes.to_vec()).map_err(|_| refused.clone())?;
        // A saved document keeps operations, not bytes: a change in any other spelling than
        // Automerge's own would come out of it under another hash, and the document never open again.
        if Change::from(change.decode()).raw_bytes() != bytes {
            return Err(refused);
        }
        let hash = change.hash();
        self.doc.apply_changes([change]).map_err(|_| refused.clone())?;
        self.doc.get_change_meta_by_hash(&hash).map(drop).ok_or(refused)
    }

    /// Writes `edits` as one new change of `actor`, claimed at `time_s` (seconds since 1970).
    ///
    /// Returns the change, or `None` when nothing would change. The paths and values are the
    /// caller's business: `schemas` has checked them against the form. The clock is held to
    /// `TIME_S_MAX` either way.
    ///
    /// # Errors
    /// `Refused` if an edit is past the limits every replica holds changes to, or not a number.
    pub fn edit(
        &mut self,
        actor: Actor,
        time_s: i64,
        edits: &[(String, Edit)],
    ) -> Result<Option<(ChangeHash, Vec<u8>)>, RecordError> {
        self.commit(actor, time_s, None, edits)
    }

    fn commit(
        &mut self,
        actor: Actor,
        time_s: i64,
        message: Option<String>,
        edits: &[(String, Edit)],
    ) -> Result<Option<(ChangeHash, Vec<u8>)>, RecordError> {
        let refused = RecordError::Refused(self.id);
        if !fits(edits) {
            return Err(refused);
        }
        let time_s = time_s.clamp(-limits::TIME_S_MAX, limits::TIME_S_MAX);
        self.doc.set_actor(ActorId::from(&actor.0[..]));
        let mut tx = self.doc.transaction();
        for (path, edit) in edits {
            let done = match edit {
                Edit::Put(value) => tx.put(ROOT, path.as_str(), to_automerge(value)),
                Edit::Delete => match tx.get(ROOT, path.as_str()) {
                    Ok(None) => Ok(()),
                    _ => tx.delete(ROOT, path.as_str()),
                },
            };
            done.map_err(|_| refused.clone())?;
        }
        let mut options = CommitOptions::default().with_time(time_s);
        if let Some(message) = message {
            options = options.with_message(message);
        }
        let Some(hash) = tx.commit_with(options).0 else {
            return Ok(None);
        };
        let change = self.doc.get_change_by_hash(&hash).ok_or(refused)?;
        Ok(Some((ChangeHash(hash.0), change.raw_bytes().to_vec())))
    }

    /// The shown value of every field: Automerge's winner where people disagree.
    #[must_use]
    pub fn answers(&self) -> Answers {
        let mut answers = Answers::new();
        for item in self.doc.map_range(ROOT, ..) {
            if let Some(value) = from_automerge(&item.value.into()) {
                answers.insert(item.key.into_owned(), value);
            }
        }
        answers
    }

    /// The shown value of one field.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<Scalar> {
        let (value, _) = self.doc.get(ROOT, path).ok()??;
        from_automerge(&value)
    }

    /// The value of one field that was shown to one who had seen `heads`, which are part of the record.
    #[must_use]
    pub fn get_at(&self, path: &str, heads: &[ChangeHash]) -> Option<Scalar> {
        let Some(heads) = self.at(heads) else {
            return self.get(path);
        };
        let (value, _) = self.doc.get_at(ROOT, path, &heads).ok()??;
        from_automerge(&value)
    }

    /// The record's kind and form version, once it says so.
    #[must_use]
    pub fn form(&self) -> Option<(String, u32)> {
        let kind = self.get(KIND)?.as_text()?.to_owned();
        let Some(Scalar::Int(version)) = self.get(FORM) else {
            return None;
        };
        Some((kind, u32::try_from(version).ok()?))
    }

    /// The same record without `unwanted` and without everything written on top of them.
    ///
    /// Returns it with the changes that went, ancestors first (`unwanted` included).
    ///
    /// # Errors
    /// `Refused` cannot happen for a sound document.
    pub fn without(&self, unwanted: &BTreeSet<ChangeHash>) -> Result<(Self, Changes), RecordError> {
        let mut gone = unwanted.clone();
        let mut rest = Self::empty(self.id);
        let mut removed = Vec::new();
        for change in self.doc.get_changes(&[]) {
            let hash = ChangeHash(change.hash().0);
            if gone.contains(&hash) || change.deps().iter().any(|dep| gone.contains(&ChangeHash(dep.0))) {
                gone.insert(hash);
                removed.push((hash, change.raw_bytes().to_vec()));
            } else {
                rest.doc
                    .apply_changes([change])
                    .map_err(|_| RecordError::Refused(self.id))?;
            }
        }
        Ok((rest, removed))
    }
}
