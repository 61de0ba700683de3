//! After a parked change was let in: its values are older than what was written over it meanwhile.
//!
//! While a change lay aside its author's later work was written again without it. Once an officer
//! lets it in, Automerge sees two values that never met and shows a conflict, or the old value.
//! But people did mean an order, and the rewritten changes name it. So whoever lets the change in
//! writes the newer values once more. That is an ordinary edit; done twice it says the same.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{ROOT, ReadDoc};
use schemas::value::Scalar;

use super::{Edit, Past, Record, RecordError, from_automerge, written, written_over};
use crate::id::{Actor, ChangeHash};

/// A change that was written over ones that lay aside, and the fields it wrote.
struct Newer {
    change: ChangeHash,
    over: BTreeSet<ChangeHash>,
    paths: BTreeMap<String, Option<Scalar>>,
}

impl Record {
    /// Writes again, as one change, every value beside which an older one shows since `let_in` were
    /// let in. Fields on which people really disagree stay as they are. `None` if there are none.
    ///
    /// # Errors
    /// `Refused` if Automerge does not take an edit.
    pub fn settle(
        &mut self,
        actor: Actor,
        time_s: i64,
        let_in: &BTreeSet<ChangeHash>,
    ) -> Result<Option<(ChangeHash, Vec<u8>)>, RecordError> {
        let edits = self.outdated(let_in);
        self.edit(actor, time_s, &edits)
    }

    /// The edits `settle` makes.
    #[must_use]
    pub fn outdated(&self, let_in: &BTreeSet<ChangeHash>) -> Vec<(String, Edit)> {
        let newer = self.newer(let_in);
        let past = Past::of(self);
        let paths: BTreeSet<_> = newer.iter().flat_map(|newer| newer.paths.keys()).collect();
        let edit = |path: &String| Some((path.clone(), self.newest(path, &newer, &past)?));
        paths.into_iter().filter_map(edit).collect()
    }

    /// The changes that were written over one of `let_in`.
    fn newer(&self, let_in: &BTreeSet<ChangeHash>) -> Vec<Newer> {
        let mut found = Vec::new();
        for meta in self.doc.get_changes_meta(&[]) {
            let message = meta.message.as_deref().unwrap_or_default().as_bytes();
            let over: BTreeSet<_> = written_over(message)
                .into_iter()
                .filter(|hash| let_in.contains(hash))
                .collect();
            if over.is_empty() {
                continue;
            }
            let change = ChangeHash(meta.hash.0);
            let writes = self.change(&change).and_then(|bytes| written(&bytes).ok());
            found.push(Newer {
                change,
                over,
                paths: writes.unwrap_or_default().into_iter().collect(),
            });
        }
        found
    }

    /// What belongs at `path`, if an outdated value shows there and the rest agree.
    fn newest(&self, path: &str, newer: &[Newer], past: &Past) -> Option<Edit> {
        let writers: Vec<_> = newer
            .iter()
            .filter(|newer| newer.paths.contains_key(path))
            .collect();
        let outdated = |hash: &ChangeHash| {
            let older =
                |writer: &&Newer| writer.over.contains(hash) && !past.is_under(&writer.change, &[*hash]);
            writers.iter().any(older)
        };
        let (mut any_old, mut live) = (false, Vec::new());
        for (value, id) in self.doc.get_all(ROOT, path).ok()? {
            let change = ChangeHash(self.doc.hash_for_opid(&id)?.0);
            if outdated(&change) {
                any_old = true;
            } else {
                live.push(from_automerge(&value)?);
            }
        }
        live.dedup();
        match (any_old, live.as_slice()) {
            (true, []) => Some(Edit::Delete),
            (true, [value]) => Some(Edit::Put(value.clone())),
            _ => None,
        }
    }
}
