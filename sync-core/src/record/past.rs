//! What a record has seen: its changes by hash, by author and number, and what they replace.
//!
//! Whether a change is sound is asked of its ancestors only, never of what else happens to be here:
//! so the answer is the same on every replica, whatever arrived first.

use std::collections::{BTreeMap, BTreeSet};

use super::{Record, replaced_by};
use crate::chunk::ChangeParts;
use crate::id::{Actor, ActorTag, ChangeHash};

/// An index over the changes of a record.
#[derive(Debug, Clone, Default)]
pub struct Past {
    changes: BTreeMap<ChangeHash, Seen>,
    numbers: BTreeMap<(Vec<u8>, u64), ChangeHash>,
    replaced: BTreeSet<(ChangeHash, ActorTag)>,
}

#[derive(Debug, Clone)]
struct Seen {
    max_op: u64,
    deps: Vec<ChangeHash>,
}

/// Why a change cannot follow its ancestors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderError {
    /// Another change of this author has this number.
    NumberReused,
    /// It does not continue its author's numbers, or does not count on from what it has seen.
    OutOfOrder,
}

impl Past {
    /// The past of `record`.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let mut past = Self::default();
        for meta in record.doc.get_changes_meta(&[]) {
            let hash = ChangeHash(meta.hash.0);
            let deps = meta.deps.iter().map(|dep| ChangeHash(dep.0)).collect();
            past.numbers
                .insert((meta.actor.to_bytes().to_vec(), meta.seq), hash);
            past.changes.insert(
                hash,
                Seen {
                    max_op: meta.max_op,
                    deps,
                },
            );
            past.note_replaced(
                meta.actor.to_bytes(),
                meta.message.as_deref().unwrap_or_default().as_bytes(),
            );
        }
        past
    }

    /// Adds a change that was just applied, of `ops` operations.
    pub fn add(&mut self, hash: ChangeHash, parts: &ChangeParts<'_>, ops: usize) {
        self.numbers.insert((parts.actor.to_vec(), parts.seq), hash);
        let max_op = parts.start_op.saturating_sub(1).saturating_add(ops as u64);
        self.changes.insert(
            hash,
            Seen {
                max_op,
                deps: parts.deps.clone(),
            },
        );
        self.note_replaced(parts.actor, parts.message);
    }

    fn note_replaced(&mut self, actor: &[u8], message: &[u8]) {
        let Some(actor) = Actor::from_slice(actor) else {
            return;
        };
        self.replaced
            .extend(replaced_by(message).into_iter().map(|hash| (hash, actor.tag())));
    }

    /// True if the change is part of the record.
    #[must_use]
    pub fn has(&self, hash: &ChangeHash) -> bool {
        self.changes.contains_key(hash)
    }

    /// True if a change of the record says that it replaces `hash`, and is of the same device as
    /// `hash`, whose author is `actor`: nobody takes back what another wrote.
    #[must_use]
    pub fn replaced(&self, hash: &ChangeHash, actor: &[u8]) -> bool {
        Actor::from_slice(actor).is_some_and(|actor| self.replaced.contains(&(*hash, actor.tag())))
    }

    /// The change of the record that carries this author's number.
    #[must_use]
    pub fn numbered(&self, actor: &[u8], seq: u64) -> Option<ChangeHash> {
        self.numbers.get(&(actor.to_vec(), seq)).copied()
    }

    /// Whether a change, whose ancestors are all here, follows from them: its number is the next
    /// after its author's last among them, and its operations count on from theirs.
    ///
    /// # Errors
    /// `NumberReused` or `OutOfOrder`.
    pub fn follows(&self, parts: &ChangeParts<'_>) -> Result<(), OrderError> {
        if self.numbered(parts.actor, parts.seq).is_some() {
            return Err(OrderError::NumberReused);
        }
        let seen = parts
            .deps
            .iter()
            .filter_map(|dep| self.changes.get(dep))
            .map(|seen| seen.max_op);
        if parts.seq == 0 || parts.start_op != seen.max().unwrap_or(0) + 1 {
            return Err(OrderError::OutOfOrder);
        }
        let Some(previous) = parts.seq.checked_sub(1).filter(|seq| *seq > 0) else {
            return Ok(());
        };
        let Some(previous) = self.numbered(parts.actor, previous) else {
            return Err(OrderError::OutOfOrder);
        };
        if self.is_under(&previous, &parts.deps) {
            Ok(())
        } else {
            Err(OrderError::OutOfOrder)
        }
    }

    /// True if `wanted` is among `heads` or their ancestors.
    #[must_use]
    pub fn is_under(&self, wanted: &ChangeHash, heads: &[ChangeHash]) -> bool {
        let mut open = heads.to_vec();
        let mut visited = BTreeSet::new();
        while let Some(hash) = open.pop() {
            if hash == *wanted {
                return true;
            }
            if visited.insert(hash)
                && let Some(seen) = self.changes.get(&hash)
            {
                open.extend(&seen.deps);
            }
        }
        false
    }
}
