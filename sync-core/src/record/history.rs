//! Who wrote what, in an order every replica shows alike.

use std::collections::{BTreeMap, BTreeSet};

use schemas::value::Scalar;

use super::{Record, RecordError, flat, ops};
use crate::chunk;
use crate::id::{Actor, ChangeHash};

pub use super::ops::Written as Write;

/// One change, as people read it.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryEntry {
    /// The change.
    pub change: ChangeHash,
    /// Who wrote it.
    pub actor: Actor,
    /// When, as the author's clock said: seconds since 1970.
    pub time_s: i64,
    /// The fields it wrote; `None` is an unticked option.
    pub writes: Vec<Write>,
    /// What its author found in those fields; one that was empty is left out. It is not what stands before it in
    /// this list: the author may not have seen that.
    pub found: BTreeMap<String, Scalar>,
}

impl Record {
    /// Every change, each after what it was written on top of; among changes that did not see each
    /// other, by operation counter and then by hash, so that the order is the same everywhere.
    #[must_use]
    pub fn history(&self) -> Vec<HistoryEntry> {
        let changes = self.doc.get_changes(&[]);
        // A change starts counting after everything it has seen; the length of the way here decides
        // between a change without operations and the one on top of it, which start alike.
        let mut ways: BTreeMap<automerge::ChangeHash, usize> = BTreeMap::new();
        for change in &changes {
            let way = change
                .deps()
                .iter()
                .filter_map(|dep| ways.get(dep))
                .max()
                .map_or(0, |way| way + 1);
            ways.insert(change.hash(), way);
        }
        let mut sorted: Vec<_> = changes.iter().collect();
        sorted.sort_by_key(|change| (change.start_op(), ways.get(&change.hash()), change.hash()));
        let mut values = Values::default();
        sorted
            .into_iter()
            .map(|change| {
                let (writes, found) = values.read(change).unwrap_or_default();
                HistoryEntry {
                    change: ChangeHash(change.hash().0),
                    actor: Actor::from_slice(change.actor_id().to_bytes()).unwrap_or(Actor([0; 16])),
                    time_s: change.timestamp(),
                    writes,
                    found,
                }
            })
            .collect()
    }
}

/// A change that somebody had not seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Unseen {
    /// The change.
    pub change: ChangeHash,
    /// What it was written on top of.
    pub deps: Vec<ChangeHash>,
    /// When, as the author's clock said: seconds since 1970.
    pub time_s: i64,
    /// The fields it wrote.
    pub writes: Vec<Write>,
}

impl Record {
    /// Changes that the author of `seen` had not seen, ancestors first; `seen` itself is not among them.
    #[must_use]
    pub fn unseen(&self, seen: &ChangeHash) -> Vec<Unseen> {
        let later = self.doc.get_changes(&[automerge::ChangeHash(seen.0)]);
        let unseen = later.iter().map(|change| Unseen {
            change: ChangeHash(change.hash().0),
            deps: change.deps().iter().map(|dep| ChangeHash(dep.0)).collect(),
            time_s: change.timestamp(),
            writes: writes(change),
        });
        unseen.collect()
    }

    /// The record as one saw it who had seen `heads`, which are part of it.
    ///
    /// # Errors
    /// `Refused` cannot happen for a sound document.
    pub fn as_of(&self, heads: &[ChangeHash]) -> Result<Self, RecordError> {
        let mut seen: BTreeSet<ChangeHash> = heads.iter().copied().collect();
        let changes = self.doc.get_changes(&[]);
        for change in changes.iter().rev() {
            if seen.contains(&ChangeHash(change.hash().0)) {
                seen.extend(change.deps().iter().map(|dep| ChangeHash(dep.0)));
            }
        }
        let mut then = Self::empty(self.id);
        for change in changes
            .iter()
            .filter(|change| seen.contains(&ChangeHash(change.hash().0)))
        {
            then.apply_sound(change.raw_bytes())?;
        }
        Ok(then)
    }

    /// What was written by changes that the author of `seen` had not seen: later ones and
    /// concurrent ones, `seen` itself not among them.
    #[must_use]
    pub fn unseen_by(&self, seen: &ChangeHash) -> Vec<Write> {
        self.unseen(seen)
            .into_iter()
            .flat_map(|unseen| unseen.writes)
            .collect()
    }
}

/// What every operation so far has put, by its number and actor: Automerge shows the greatest.
#[derive(Default)]
struct Values(BTreeMap<(u64, Vec<u8>), Scalar>);

impl Values {
    /// What a change writes, and what its author found there.
    fn read(&mut self, change: &automerge::Change) -> Option<(Vec<Write>, BTreeMap<String, Scalar>)> {
        let (_, parts) = chunk::open(change.raw_bytes()).ok()?;
        let ops = flat::decode(&parts).ok()?;
        let (mut writes, mut found) = (Vec::with_capacity(ops.len()), BTreeMap::new());
        for (counter, op) in (parts.start_op..).zip(ops) {
            let overwritten = op.preds.iter().filter_map(|pred| {
                let actor = match usize::try_from(pred.actor).ok()?.checked_sub(1) {
                    None => parts.actor,
                    Some(other) => parts.others.get(other)?,
                };
                self.0.get_key_value(&(pred.counter, actor.to_vec()))
            });
            if let Some((_, value)) = overwritten.max_by_key(|(id, _)| *id) {
                found.insert(op.path.to_owned(), value.clone());
            }
            if let Some(value) = &op.value {
                self.0.insert((counter, parts.actor.to_vec()), value.clone());
            }
            writes.push((op.path.to_owned(), op.value));
        }
        Some((writes, found))
    }
}

fn writes(change: &automerge::Change) -> Vec<Write> {
    let parts = chunk::open(change.raw_bytes()).ok();
    parts
        .and_then(|(_, parts)| ops::fields(&parts).ok())
        .unwrap_or_default()
}
