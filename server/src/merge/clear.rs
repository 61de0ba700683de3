//! An officer lets a parked change through, and the record is set right around it.

use ed25519_dalek::SigningKey;
use sync_core::admit::{Candidate, Rules, Trust};
use sync_core::envelope::{Envelope, EnvelopeHead};
use sync_core::frame::EnvelopeName;
use sync_core::id::{Actor, ChangeHash, DeviceId, ProjectId, RecordId};
use sync_core::pack::Item;
use sync_core::record::Record;
use sync_core::replica::Kept;

use crate::store::StoreError;
use crate::store::record::{Commit, Found, LoggedEnvelope, NewChange, RecordView, Source, State};

/// The officer's own hand: what it writes is signed like everybody's.
pub struct Console<'a> {
    /// The register.
    pub project: ProjectId,
    /// The device the server keeps for the officer.
    pub device: DeviceId,
    /// Its key.
    pub key: &'a SigningKey,
    /// A fresh actor of that device.
    pub actor: Actor,
    /// Now, milliseconds since 1970.
    pub at_ms: i64,
}

/// Lets `change` through: rights are not asked again, authorship and soundness are. What was
/// written over it while it lay aside is written once more by the officer's console, in the same
/// commit, so that no old value comes back (`Record::settle`).
///
/// # Errors
/// When the stored record does not take an edit: the store is damaged.
pub fn clear(
    mut found: Found,
    (record, change): (RecordId, ChangeHash),
    console: &Console<'_>,
    rules: &Rules<'_>,
    view: &dyn Fn(&Record) -> Option<RecordView>,
) -> Result<Commit, StoreError> {
    let mut commit = Commit::default();
    let mut kept = found
        .records
        .remove(&record)
        .unwrap_or_else(|| Kept::empty(record));
    let Some(aside) = kept.aside.remove(&change) else {
        return Ok(commit);
    };
    let trust = match aside.trust {
        Trust::Signed(device) | Trust::Cleared(device) => Trust::Cleared(device),
        Trust::Vouched => Trust::Vouched,
    };
    commit.cleared.push((record, change));
    let candidate = Candidate {
        hash: change,
        bytes: aside.bytes,
        trust,
    };
    super::receive(&mut kept, vec![candidate], rules, view, &mut commit);
    let applied =
        |(_, hash, state): &(RecordId, ChangeHash, State)| (*state == State::Applied).then_some(*hash);
    let let_in = commit.states.iter().filter_map(applied).collect();
    let settled = kept
        .record
        .settle(console.actor, console.at_ms.div_euclid(1000), &let_in);
    if let Some((hash, bytes)) = settled.map_err(|error| StoreError::Damaged(error.to_string()))? {
        console.log(&mut commit, found.counter_high + 1, Item { record, hash, bytes });
        commit.views = view(&kept.record).into_iter().collect();
    }
    Ok(commit)
}

impl Console<'_> {
    /// Signs one change and puts it into the commit as applied.
    fn log(&self, commit: &mut Commit, counter: u64, item: Item) {
        let head = EnvelopeHead {
            project: self.project,
            device: self.device,
            counter,
            claimed_at_ms: self.at_ms,
        };
        let name = EnvelopeName {
            device: self.device,
            counter,
        };
        let sealed = Envelope::seal(head, std::slice::from_ref(&item), self.key);
        let Item { record, hash, bytes } = item;
        let items = vec![(record, hash)];
        commit.envelopes.push(LoggedEnvelope {
            head: sealed.head,
            signature: sealed.signature,
            items,
        });
        commit.carried.push(name);
        let (source, received_at_ms) = (Source::Envelope(name), self.at_ms);
        commit.changes.push(NewChange {
            record,
            hash,
            bytes,
            source,
            received_at_ms,
        });
        commit.states.push((record, hash, State::Applied));
    }
}
