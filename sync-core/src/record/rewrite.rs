//! Writing again, under a fresh actor, what was written on top of a change that was set aside.
//!
//! A parked change takes everything built on it out of the record: those changes wait for an
//! ancestor that may never be admitted. Their author writes the same values again on what is left.
//! The new change names the one it replaces, so that no replica applies both, and the ones it was
//! written over: if an officer lets one of those in later, its values are the older ones.

use std::collections::{BTreeMap, BTreeSet};

use super::{Edit, Record, RecordError, ops};
use crate::chunk;
use crate::id::{Actor, ChangeHash};

const REPLACES: &str = "replaces:";
const OVER: &str = ";over:";
/// Names beyond this many do not fit the message; a record with so many parked changes needs a person.
const OVER_MAX: usize = 200;

/// A change written again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// The change that is replaced.
    pub replaced: ChangeHash,
    /// The new change; `None` if the old one wrote nothing.
    pub written: Option<(ChangeHash, Vec<u8>)>,
}

impl Record {
    /// Writes the field values of `removed` (ancestors first) again as changes of `actor`, each
    /// with its own claimed time.
    ///
    /// # Errors
    /// `Refused` if Automerge does not take an edit.
    pub fn rewrite(
        &mut self,
        actor: Actor,
        removed: &[(ChangeHash, Vec<u8>)],
    ) -> Result<Vec<Rewrite>, RecordError> {
        let nothing = BTreeSet::new();
        removed
            .iter()
            .map(|(hash, bytes)| self.write_again(actor, *hash, bytes, &nothing))
            .collect()
    }

    /// Writes one change again, whose author had also seen `over`, which stay aside.
    ///
    /// Every value is written even where the record says the same already: the author meant it
    /// against what was set aside too.
    pub(crate) fn write_again(
        &mut self,
        actor: Actor,
        hash: ChangeHash,
        bytes: &[u8],
        over: &BTreeSet<ChangeHash>,
    ) -> Result<Rewrite, RecordError> {
        let refused = RecordError::Refused(self.id);
        let time_s = chunk::open(bytes).map_err(|_| refused.clone())?.1.time_s;
        let finally: BTreeMap<_, _> = ops::written(bytes).map_err(|_| refused)?.into_iter().collect();
        let mut edits = Vec::new();
        for (path, value) in finally {
            let same = self.get(&path) == value;
            let first = if value.is_some() {
                Edit::Delete
            } else {
                Edit::Put(schemas::value::Scalar::Null)
            };
            edits.extend(same.then(|| (path.clone(), first)));
            edits.push((path, value.map_or(Edit::Delete, Edit::Put)));
        }
        let written = self.commit(actor, time_s, Some(message(hash, over)), &edits)?;
        Ok(Rewrite {
            replaced: hash,
            written,
        })
    }
}

impl Record {
    /// Writes `edits` as one change of `actor` that replaces `replaced`: where those lie aside
    /// because they may not be merged, this one stands for them all.
    ///
    /// # Errors
    /// `Refused` if Automerge does not take an edit.
    pub fn edit_replacing(
        &mut self,
        actor: Actor,
        time_s: i64,
        edits: &[(String, Edit)],
        replaced: &[ChangeHash],
    ) -> Result<Option<(ChangeHash, Vec<u8>)>, RecordError> {
        let list: Vec<_> = replaced.iter().map(ChangeHash::to_hex).collect();
        let message = (!list.is_empty()).then(|| format!("{REPLACES}{}", list.join(",")));
        self.commit(actor, time_s, message, edits)
    }
}

fn message(replaced: ChangeHash, over: &BTreeSet<ChangeHash>) -> String {
    let mut message = format!("{REPLACES}{}", replaced.to_hex());
    for (at, hash) in over.iter().take(OVER_MAX).enumerate() {
        message.push_str(if at == 0 { OVER } else { "," });
        message.push_str(&hash.to_hex());
    }
    message
}

/// The changes that the change of this message replaces.
#[must_use]
pub fn replaced_by(message: &[u8]) -> Vec<ChangeHash> {
    lists(message).map_or_else(Vec::new, |(replaces, _)| hashes(replaces))
}

/// The changes, set aside at the time, that the change of this message was written over.
#[must_use]
pub fn written_over(message: &[u8]) -> Vec<ChangeHash> {
    lists(message)
        .and_then(|(_, over)| over)
        .map_or_else(Vec::new, hashes)
}

fn lists(message: &[u8]) -> Option<(&str, Option<&str>)> {
    let text = std::str::from_utf8(message).ok()?.strip_prefix(REPLACES)?;
    Some(
        text.split_once(OVER)
            .map_or((text, None), |(replaces, over)| (replaces, Some(over))),
    )
}

fn hashes(list: &str) -> Vec<ChangeHash> {
    list.split(',').filter_map(ChangeHash::from_hex).collect()
}
