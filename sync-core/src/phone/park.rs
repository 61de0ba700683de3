//! Setting aside on a phone: what may not be merged is taken out, and what this phone wrote on top of
//! it is written again.

use std::collections::BTreeMap;

use super::desk::Desk;
use super::rows::RowError;
use super::state::{ChangeRow, ChangeState, Me};
use crate::admit::Trust;
use crate::id::{ActorTag, ChangeHash, RecordId};
use crate::policy::ParkReason;
use crate::record::Rewrite;
use crate::replica::Because;

impl Desk {
    /// Learns that changes of one record may not be merged. What this phone wrote on top of them is
    /// written again, under a fresh actor, as pending changes of its own.
    pub(super) fn park(
        &mut self,
        me: &Me<'_>,
        record: RecordId,
        parked: &BTreeMap<ChangeHash, ParkReason>,
        random: [u8; 8],
    ) -> Result<(), RowError> {
        for (hash, reason) in parked {
            self.mark(record, *hash, ChangeState::Parked(*reason));
        }
        if self.peek(record).is_none() {
            return Ok(());
        }
        let sheet = self.sheet(record);
        if !parked
            .keys()
            .any(|hash| sheet.kept.record.has(hash) || sheet.kept.aside.contains_key(hash))
        {
            return Ok(());
        }
        let before = sheet.kept.record.heads();
        let fresh = me.actor(random);
        let Some(sheet) = self.sheets.get_mut(&record) else {
            return Ok(());
        };
        let rows = &self.rows;
        // For the reason it came in: because the server vouched for it, or its author signed it.
        let believed = |hash: &ChangeHash, author: Option<ActorTag>| {
            let vouched = rows
                .get(&(record, *hash))
                .is_some_and(|row| row.received_at_s.is_some());
            let signer = author
                .filter(|_| !vouched)
                .and_then(|author| me.rules.directory.by_tag(author));
            signer.map_or(Trust::Vouched, |cert| Trust::Signed(cert.device))
        };
        let rewrites = sheet.kept.set_aside(parked, fresh.tag(), fresh, believed)?;
        let changed = sheet.kept.record.heads() != before;
        let sheet = self.sheet(record);
        let waiting: Vec<_> = sheet
            .kept
            .aside
            .iter()
            .filter(|(_, aside)| aside.because == Because::Waiting)
            .map(|(hash, _)| *hash)
            .collect();
        if changed {
            // The old actor's numbers were taken out of this record: using them again would wedge it.
            self.progress.actor_random = random;
        }
        for hash in waiting {
            // What the server has not seen goes up all the same: it waits there, not here alone.
            if !self
                .row(record, hash)
                .is_some_and(|row| row.own && row.state.is_unsent())
            {
                self.mark(record, hash, ChangeState::Waiting);
            }
        }
        self.rewritten(record, rewrites);
        Ok(())
    }

    fn rewritten(&mut self, record: RecordId, rewrites: Vec<Rewrite>) {
        for Rewrite { replaced, written } in rewrites {
            let claimed_at_s = self.row(record, replaced).map_or(0, |row| row.claimed_at_s);
            if let Some(row) = self.row_mut(record, replaced) {
                row.state = ChangeState::Superseded;
            }
            if let Some((hash, _)) = written {
                self.insert_row(ChangeRow::pending(record, hash, claimed_at_s));
            }
        }
    }
}
