//! Whether Automerge can take a change without harm: asked before it is given one.
//!
//! What passes here is exactly what an Automerge library writes for a flat record on the change's
//! own ancestors. Everything else would be a panic there, or a document that reads differently
//! depending on what arrived first.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{ObjId, ROOT, ReadDoc};

use super::flat::{self, Op};
use super::{Record, ShapeError, Written};
use crate::chunk::ChangeParts;
use crate::id::ChangeHash;
use crate::limits;

/// An operation's counter and actor.
type Name = (u64, Vec<u8>);

/// What is visible at one path while a change is read; looked up only when something is overwritten.
#[derive(Default)]
struct Standing {
    seen: Option<BTreeSet<Name>>,
    own: BTreeSet<Name>,
}

impl Record {
    /// The fields a change writes, if it is one of a flat record and sound on its ancestors, which
    /// are all here.
    ///
    /// # Errors
    /// `NotARecord` or `TooLarge`.
    pub fn check(&self, parts: &ChangeParts<'_>) -> Result<Vec<Written>, ShapeError> {
        let ops = flat::decode(parts)?;
        if !plain(parts) || !actors_used(parts, &ops) {
            return Err(ShapeError::NotARecord);
        }
        if parts.start_op.saturating_add(ops.len() as u64) > limits::OP_COUNTER_MAX {
            return Err(ShapeError::TooLarge);
        }
        if !self.overwrites_what_it_saw(parts, &ops) {
            return Err(ShapeError::NotARecord);
        }
        Ok(ops.into_iter().map(|op| (op.path.to_owned(), op.value)).collect())
    }

    /// Every overwritten operation is one that the author saw at that path: visible at the change's
    /// ancestors, or written earlier in the change itself.
    fn overwrites_what_it_saw(&self, parts: &ChangeParts<'_>, ops: &[Op<'_>]) -> bool {
        let mut paths: BTreeMap<&str, Standing> = BTreeMap::new();
        for (counter, op) in (parts.start_op..).zip(ops) {
            let standing = paths.entry(op.path).or_default();
            for pred in &op.preds {
                let Some(actor) = actor(parts, pred.actor) else {
                    return false;
                };
                let name = (pred.counter, actor.to_vec());
                let known = standing.own.remove(&name)
                    || standing
                        .seen
                        .get_or_insert_with(|| self.visible(op.path, &parts.deps))
                        .remove(&name);
                if !known {
                    return false;
                }
            }
            if op.value.is_some() {
                standing.own.insert((counter, parts.actor.to_vec()));
            }
        }
        true
    }

    /// The operations visible at `path` to one who has seen `heads` and what is under them.
    fn visible(&self, path: &str, heads: &[ChangeHash]) -> BTreeSet<Name> {
        let found = match self.at(heads) {
            None => self.doc.get_all(ROOT, path),
            Some(heads) => self.doc.get_all_at(ROOT, path, &heads),
        };
        let name = |id: ObjId| match id {
            ObjId::Root => None,
            ObjId::Id(counter, actor, _) => Some((counter, actor.to_bytes().to_vec())),
        };
        found
            .unwrap_or_default()
            .into_iter()
            .filter_map(|(_, id)| name(id))
            .collect()
    }

    /// `heads` for Automerge's questions about the past; `None` if they are the present.
    pub(super) fn at(&self, heads: &[ChangeHash]) -> Option<Vec<automerge::ChangeHash>> {
        let mut sorted = heads.to_vec();
        sorted.sort_unstable();
        (sorted != self.heads()).then(|| heads.iter().map(|hash| automerge::ChangeHash(hash.0)).collect())
    }
}

/// The head of the change is one of ours: actors of sixteen bytes, dependencies and actors in order
/// and once each, a message of text, a time that can be added up, and nothing unknown at the end.
fn plain(parts: &ChangeParts<'_>) -> bool {
    let sixteen = parts
        .others
        .iter()
        .chain([&parts.actor])
        .all(|actor| actor.len() == 16);
    let deps = parts.deps.windows(2).all(|pair| pair[0] < pair[1]);
    let others =
        parts.others.windows(2).all(|pair| pair[0] < pair[1]) && !parts.others.contains(&parts.actor);
    let time = parts.time_s.unsigned_abs() <= limits::TIME_S_MAX.unsigned_abs();
    let message = std::str::from_utf8(parts.message).is_ok();
    sixteen && deps && others && time && message && parts.extra.is_empty() && parts.start_op > 0
}

/// Every other actor the change names is one whose operation it overwrites.
fn actors_used(parts: &ChangeParts<'_>, ops: &[Op<'_>]) -> bool {
    let used: BTreeSet<_> = ops
        .iter()
        .flat_map(|op| &op.preds)
        .map(|pred| pred.actor)
        .collect();
    (1..=parts.others.len() as u64).all(|actor| used.contains(&actor))
}

fn actor<'a>(parts: &ChangeParts<'a>, number: u64) -> Option<&'a [u8]> {
    match number.checked_sub(1) {
        None => Some(parts.actor),
        Some(other) => parts.others.get(usize::try_from(other).ok()?).copied(),
    }
}
