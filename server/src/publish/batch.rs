//! One frame's worth of records: single changes, or the folded document where that is shorter.

use std::collections::{BTreeMap, BTreeSet};

use sync_core::frame::{EnvelopeName, UpdateBatch, Whole};
use sync_core::id::{ChangeHash, DeviceId, RecordId};
use sync_core::limits::UPDATE_RAW_BYTES_TARGET;
use sync_core::pack::Item;
use sync_core::record::Record;

use crate::store::StoreError;
use crate::store::record::{LogStore, LoggedChange};

/// A record with more changes than this, none of which the device has, goes as one document: its
/// columns are shorter than so many changes.
const CHANGES_BEFORE_FOLD: usize = 8;

/// A batch that is being filled.
#[derive(Debug, Default)]
pub(super) struct Filling {
    pub(super) batch: UpdateBatch,
    raw_bytes: usize,
}

/// What a device has already.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wants<'a> {
    /// It has read its feed up to here.
    pub(super) after: u64,
    /// Who it is.
    pub(super) device: DeviceId,
    /// Envelopes it handed in or asked about in this request: it holds them, whole.
    pub(super) held: &'a BTreeSet<EnvelopeName>,
}

impl Wants<'_> {
    /// True if the device wrote the change and has it in its hands: it is not sent back. Its number
    /// alone proves nothing, for a phone may have been copied or set back to an older state of its own.
    fn wrote(&self, change: &LoggedChange) -> bool {
        change
            .envelope
            .is_some_and(|name| name.device == self.device && self.held.contains(&name))
    }
}

impl Filling {
    pub(super) fn is_full(&self) -> bool {
        self.raw_bytes >= UPDATE_RAW_BYTES_TARGET
    }

    pub(super) fn is_empty(&self) -> bool {
        self.batch.changes.is_empty() && self.batch.documents.is_empty() && self.batch.gone.is_empty()
    }

    pub(super) fn gone(&mut self, record: RecordId) {
        self.batch.gone.push(record);
        self.raw_bytes += 16;
    }

    /// Adds what a device lacks of a record that came to its unit at `entered`.
    pub(super) fn record(
        &mut self,
        store: &impl LogStore,
        record: RecordId,
        entered: u64,
        wants: Wants<'_>,
    ) -> Result<(), StoreError> {
        let after = if entered > wants.after { 0 } else { wants.after };
        let changes = store.changes_after(record, after)?;
        // A record that came from another unit may have been dropped by its own author before.
        let moved = after == 0 && changes.first().is_some_and(|first| first.seq < entered);
        if moved || (after == 0 && changes.len() > CHANGES_BEFORE_FOLD) {
            return self.whole(record, &changes);
        }
        for change in changes.into_iter().filter(|change| !wants.wrote(change)) {
            self.raw_bytes += change.bytes.len();
            self.batch
                .received_at_s
                .push(change.received_at_ms.div_euclid(1000));
            self.batch.changes.push(Item {
                record,
                hash: change.hash,
                bytes: change.bytes,
            });
        }
        Ok(())
    }

    /// Adds a whole record, for a device that cannot complete it from its changes.
    pub(super) fn whole(&mut self, record: RecordId, changes: &[LoggedChange]) -> Result<(), StoreError> {
        let mut folded = Record::empty(record);
        for change in changes {
            folded
                .apply(&change.bytes)
                .map_err(|error| StoreError::Damaged(error.to_string()))?;
        }
        let times: BTreeMap<ChangeHash, i64> = changes
            .iter()
            .map(|change| (change.hash, change.received_at_ms.div_euclid(1000)))
            .collect();
        let received_at_s = folded
            .history()
            .iter()
            .map(|entry| times.get(&entry.change).copied().unwrap_or_default())
            .collect();
        let document = folded.save();
        self.raw_bytes += document.len();
        self.batch.documents.push(Whole {
            record,
            document,
            received_at_s,
        });
        Ok(())
    }
}
