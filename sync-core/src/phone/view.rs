//! What a person sees of a record: its values, who wrote what, and how far its work has come.

use std::collections::BTreeMap;

use schemas::value::Scalar;

use super::state::{ChangeRow, ChangeState, Me};
use crate::chunk;
use crate::id::{Actor, ChangeHash, DeviceId, UserId};
use crate::policy::ParkReason;
use crate::record::{KIND, Record, Write};
use crate::replica::Kept;

/// The record as its author sees it: the merged one, or, while nothing of it may be merged, what was
/// written all the same.
#[must_use]
pub fn shown(kept: &Kept) -> Record {
    let mut draft = kept.record.clone();
    if draft.get(KIND).is_some() {
        return draft;
    }
    let mut open: Vec<_> = kept
        .aside
        .values()
        .filter_map(|aside| Some((chunk::open(&aside.bytes).ok()?.1.start_op, &aside.bytes)))
        .collect();
    open.sort();
    for (_, bytes) in open {
        let ready = chunk::open(bytes).is_ok_and(|(_, parts)| parts.deps.iter().all(|dep| draft.has(dep)));
        if ready && crate::record::written(bytes).is_ok() {
            // One that Automerge does not take is not shown; it stays in the list of what was parked.
            let _ = draft.apply(bytes);
        }
    }
    draft
}

/// Who wrote a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The device.
    pub device: DeviceId,
    /// The person.
    pub user: UserId,
    /// That person's name.
    pub name: String,
}

/// One change as people read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The change.
    pub change: ChangeHash,
    /// Who wrote it; `None` if this phone does not know the device.
    pub author: Option<Author>,
    /// When, as the author's clock said: seconds since 1970.
    pub claimed_at_s: i64,
    /// When the server received it, seconds since 1970.
    pub received_at_s: Option<i64>,
    /// What it wrote; `None` is an unticked option.
    pub writes: Vec<Write>,
    /// What its author found in those fields; one that was empty is left out.
    pub found: BTreeMap<String, Scalar>,
}

impl Me<'_> {
    /// Who writes as `actor`.
    #[must_use]
    pub fn author(&self, actor: Actor) -> Option<Author> {
        let cert = self.rules.directory.by_tag(actor.tag())?;
        Some(Author {
            device: cert.device,
            user: cert.user,
            name: cert.user_name.clone(),
        })
    }
}

/// Every change of a record, in the order every replica shows alike.
#[must_use]
pub fn history(me: &Me<'_>, record: &Record, rows: &[ChangeRow]) -> Vec<Entry> {
    let received: BTreeMap<_, _> = rows.iter().map(|row| (row.hash, row.received_at_s)).collect();
    let entry = |entry: crate::record::HistoryEntry| Entry {
        change: entry.change,
        author: me.author(entry.actor),
        claimed_at_s: entry.time_s,
        received_at_s: received.get(&entry.change).copied().flatten(),
        writes: entry.writes,
        found: entry.found,
    };
    record.history().into_iter().map(entry).collect()
}

/// How far the work on one record has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// `parked`, `pending`, `waiting` or `confirmed`: the first of these that is true of a change.
    pub state: &'static str,
    /// The changes that may not be merged, and why.
    pub parked: Vec<(ChangeHash, ParkReason)>,
}

/// How far the work on one record has come, from its change rows. Work this phone carries for others
/// counts as pending too, until the server has said what became of it.
#[must_use]
pub fn standing(rows: &[ChangeRow]) -> Standing {
    let parked: Vec<_> = rows
        .iter()
        .filter_map(|row| match row.state {
            ChangeState::Parked(reason) => Some((row.hash, reason)),
            _ => None,
        })
        .collect();
    let any = |state: fn(ChangeState) -> bool| rows.iter().any(|row| state(row.state));
    let state = if !parked.is_empty() {
        "parked"
    } else if any(ChangeState::is_unsent) {
        "pending"
    } else if any(|state| state == ChangeState::Waiting) {
        "waiting"
    } else {
        "confirmed"
    };
    Standing { state, parked }
}
