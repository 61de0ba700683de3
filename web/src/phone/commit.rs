//! Loading what a step touches, and writing what it answers: one transaction, then memory.

use std::collections::{BTreeMap, BTreeSet};

use sync_core::envelope::Envelope;
use sync_core::frame::{EnvelopeName, Updates};
use sync_core::id::RecordId;
use sync_core::phone::{ChangeState, Commit, EnvelopeRow, KeptFrame, Loaded, Progress};

use super::Known;
use super::cell::{self, EnvelopeCell, RecordCell, envelope_key};
use super::summary::{SUMMARY_VERSION, Summary};
use super::{Register, RegisterError};
use crate::rows::{Put, Rows as _, RowsError, Shelf};

/// Records whose summaries are worked out in one transaction.
const REFOLD_MAX: usize = 200;

/// What changes in memory once the transaction is on disk.
#[derive(Default)]
struct Memory {
    summaries: Vec<(RecordId, Option<Summary>)>,
    envelopes: BTreeMap<EnvelopeName, Option<EnvelopeCell>>,
    frames: BTreeMap<u64, Option<BTreeSet<RecordId>>>,
    progress: Option<Progress>,
}

impl Register {
    pub(super) fn progress(&self) -> Result<Progress, RegisterError> {
        self.index().progress.clone().ok_or(RegisterError::NotEnrolled)
    }

    /// The rows of these records, and these envelopes.
    pub(super) async fn load(
        &self,
        records: &BTreeSet<RecordId>,
        envelopes: Vec<EnvelopeRow>,
    ) -> Result<Loaded, RegisterError> {
        let mut loaded = Loaded {
            progress: self.progress()?,
            records: BTreeMap::new(),
            changes: Vec::new(),
            envelopes,
        };
        for (id, cell) in self.cells(records).await? {
            if let Some(cell) = cell {
                loaded.records.insert(id, cell.row());
                loaded.changes.extend(cell.changes(id));
            }
        }
        Ok(loaded)
    }

    pub(super) async fn cells(
        &self,
        records: &BTreeSet<RecordId>,
    ) -> Result<BTreeMap<RecordId, Option<RecordCell>>, RegisterError> {
        let keys: Vec<Vec<u8>> = records.iter().map(|id| id.bytes().to_vec()).collect();
        let rows = self.rows.get(Shelf::Record, &keys).await?;
        let read = |row: Option<Vec<u8>>| row.map(|bytes| cell::read("record", &bytes)).transpose();
        let cells = records.iter().zip(rows).map(|(id, row)| Ok((*id, read(row)?)));
        Ok(cells.collect::<Result<_, RowsError>>()?)
    }

    /// These envelopes whole; those that are not here are left out.
    pub(super) async fn envelopes(
        &self,
        names: impl IntoIterator<Item = EnvelopeName>,
    ) -> Result<Vec<EnvelopeRow>, RegisterError> {
        let cards: Vec<EnvelopeCell> = {
            let index = self.index();
            let found = names
                .into_iter()
                .filter_map(|name| index.envelopes.get(&name).cloned());
            found.collect()
        };
        let keys: Vec<Vec<u8>> = cards.iter().map(|card| envelope_key(card.name)).collect();
        let bodies = self.rows.get(Shelf::EnvelopeBytes, &keys).await?;
        let rows = cards.iter().zip(bodies).map(|(card, body)| {
            let body = body.ok_or_else(|| RowsError::Damaged("envelope".to_owned()))?;
            Ok::<_, RegisterError>(card.row(Envelope::from_bytes(&body)?))
        });
        rows.collect()
    }

    /// One kept frame and the records it brings.
    pub(super) async fn frame_kept(
        &self,
        number: u64,
    ) -> Result<(Updates, BTreeSet<RecordId>), RegisterError> {
        let brings = self.index().frames.get(&number).cloned().unwrap_or_default();
        let key = number.to_be_bytes().to_vec();
        let bytes = self.rows.get(Shelf::FrameBytes, &[key]).await?.pop().flatten();
        let bytes = bytes.ok_or_else(|| RowsError::Damaged("frame".to_owned()))?;
        Ok((Updates::from_bytes(&bytes)?, brings))
    }

    /// Notes that these envelopes may reach the server, before the first byte of them goes. The caller
    /// holds the step, lest one that is just being taken away be written again.
    pub(super) async fn mark_attempted(&self, names: &[EnvelopeName]) -> Result<(), RegisterError> {
        let mut memory = Memory::default();
        let mut puts = Vec::new();
        {
            let index = self.index();
            let cards = names.iter().filter_map(|name| index.envelopes.get(name));
            for card in cards.filter(|card| !card.attempted) {
                let card = EnvelopeCell {
                    attempted: true,
                    ..card.clone()
                };
                puts.push(Put::row(
                    Shelf::Envelope,
                    &envelope_key(card.name),
                    cell::write(&card),
                ));
                memory.envelopes.insert(card.name, Some(card));
            }
        }
        self.rows.write(puts).await?;
        self.remember(memory);
        Ok(())
    }

    /// Writes the result of a step, all or nothing; then the summaries follow.
    pub(super) async fn commit(&self, commit: &Commit) -> Result<(), RegisterError> {
        self.commit_with(commit, Vec::new()).await
    }

    /// Writes the result of a step and `puts` beside it, all or nothing.
    pub(super) async fn commit_with(&self, commit: &Commit, mut puts: Vec<Put>) -> Result<(), RegisterError> {
        let known = self.known()?;
        let mut memory = Memory::default();
        let mut cells = self.touched(commit).await?;
        if commit.forget_confirmations {
            self.forget(&mut cells, &mut memory);
        }
        for id in &commit.removed {
            cells.insert(*id, RecordCell::default());
        }
        for (id, row) in &commit.records {
            cells.entry(*id).or_default().put_row(row);
        }
        for row in &commit.changes {
            cells.entry(row.record).or_default().put_change(row);
        }
        for (id, cell) in &cells {
            put_cell(&known, *id, cell, &mut puts, &mut memory)?;
        }
        for name in &commit.envelopes_removed {
            puts.push(Put::gone(Shelf::EnvelopeBytes, &envelope_key(*name)));
            memory.envelopes.insert(*name, None);
        }
        for row in &commit.envelopes {
            let bytes = row.envelope.to_bytes();
            memory
                .envelopes
                .insert(row.name, Some(EnvelopeCell::of(row, bytes.len())));
            puts.push(Put::row(Shelf::EnvelopeBytes, &envelope_key(row.name), bytes));
        }
        for (name, card) in &memory.envelopes {
            let value = card.as_ref().map(cell::write);
            puts.push(Put {
                shelf: Shelf::Envelope,
                key: envelope_key(*name),
                value,
            });
        }
        for (device, cert) in &commit.certs {
            puts.push(Put::row(Shelf::Cert, device.bytes(), cert.to_bytes()));
        }
        for reference in &commit.reference {
            puts.push(Put::row(
                Shelf::Reference,
                reference.name.as_bytes(),
                reference.body.clone(),
            ));
        }
        if let Some(frame) = &commit.frame {
            self.keep_frame(frame, &mut puts, &mut memory);
        }
        if let Some(progress) = &commit.progress {
            puts.push(Put::row(Shelf::Meta, b"progress", progress.to_bytes()));
            memory.progress = Some(progress.clone());
        }
        self.rows.write(puts).await?;
        self.remember(memory);
        Ok(())
    }

    async fn touched(&self, commit: &Commit) -> Result<BTreeMap<RecordId, RecordCell>, RegisterError> {
        let mut ids: BTreeSet<RecordId> = commit.records.keys().copied().collect();
        ids.extend(commit.changes.iter().map(|row| row.record));
        if commit.forget_confirmations {
            let index = self.index();
            ids.extend(index.all().filter(|(_, summary)| summary.own).map(|(id, _)| id));
        }
        let cells = self.cells(&ids).await?;
        Ok(cells
            .into_iter()
            .filter_map(|(id, cell)| Some((id, cell?)))
            .collect())
    }

    /// The server forgot: nothing it said counts any more.
    fn forget(&self, cells: &mut BTreeMap<RecordId, RecordCell>, memory: &mut Memory) {
        for (id, cell) in cells {
            for mut row in cell.changes(*id) {
                let told = matches!(row.state, ChangeState::Confirmed | ChangeState::Waiting);
                if row.own && row.counter.is_some() && told {
                    row.state = ChangeState::Sealed;
                    cell.put_change(&row);
                }
            }
        }
        for card in self.index().envelopes.values() {
            let card = EnvelopeCell {
                is_open: true,
                attempted: true,
                refused: None,
                ..card.clone()
            };
            memory.envelopes.insert(card.name, Some(card));
        }
    }

    fn keep_frame(&self, frame: &KeptFrame, puts: &mut Vec<Put>, memory: &mut Memory) {
        let index = self.index();
        let touched = index
            .frames
            .iter()
            .filter(|(_, brings)| !brings.is_disjoint(&frame.replaces));
        for (number, brings) in touched {
            let rest: BTreeSet<_> = brings.difference(&frame.replaces).copied().collect();
            memory
                .frames
                .insert(*number, Some(rest).filter(|rest| !rest.is_empty()));
        }
        if let Some(updates) = &frame.updates {
            let number = index.frames.keys().next_back().map_or(1, |last| last + 1);
            puts.push(Put::row(
                Shelf::FrameBytes,
                &number.to_be_bytes(),
                updates.to_bytes(),
            ));
            memory.frames.insert(number, Some(frame.records.clone()));
        }
        for (number, brings) in &memory.frames {
            let key = number.to_be_bytes();
            match brings {
                Some(brings) => puts.push(Put::row(Shelf::Frame, &key, cell::write(brings))),
                None => {
                    puts.push(Put::gone(Shelf::Frame, &key));
                    puts.push(Put::gone(Shelf::FrameBytes, &key));
                }
            }
        }
    }

    fn remember(&self, memory: Memory) {
        {
            let mut index = self.index.borrow_mut();
            for (id, summary) in memory.summaries {
                index.put(id, summary);
            }
            for (name, card) in memory.envelopes {
                match card {
                    Some(card) => index.envelopes.insert(name, card),
                    None => index.envelopes.remove(&name),
                };
            }
            for (number, brings) in memory.frames {
                match brings {
                    Some(brings) => index.frames.insert(number, brings),
                    None => index.frames.remove(&number),
                };
            }
            if memory.progress.is_some() {
                index.progress = memory.progress;
            }
        }
        self.tell();
    }

    /// Works every summary out again if an older version of the program wrote them, or the forms that
    /// they are worked out with are others since. Nothing else may write meanwhile.
    pub(super) async fn refold_if_older(&self) -> Result<(), RegisterError> {
        let newest = self.meta("summary_version").await? == Some(vec![SUMMARY_VERSION]);
        if !self.is_enrolled() || (newest && !self.index().stale) {
            return Ok(());
        }
        let known = self.known()?;
        let rows = self.rows.all(Shelf::Record).await?;
        for page in rows.chunks(REFOLD_MAX) {
            let (mut puts, mut memory) = (Vec::new(), Memory::default());
            for (key, bytes) in page {
                let id = cell::record_id(key)?;
                put_summary(&known, id, &cell::read("record", bytes)?, &mut puts, &mut memory)?;
            }
            self.rows.write(puts).await?;
            self.remember(memory);
        }
        let version = Put::row(Shelf::Meta, b"summary_version", vec![SUMMARY_VERSION]);
        Ok(self.rows.write(vec![version]).await?)
    }
}

fn put_cell(
    known: &Known,
    id: RecordId,
    cell: &RecordCell,
    puts: &mut Vec<Put>,
    memory: &mut Memory,
) -> Result<(), RowsError> {
    puts.push(Put::row(Shelf::Record, id.bytes(), cell::write(cell)));
    put_summary(known, id, cell, puts, memory)
}

fn put_summary(
    known: &Known,
    id: RecordId,
    cell: &RecordCell,
    puts: &mut Vec<Put>,
    memory: &mut Memory,
) -> Result<(), RowsError> {
    let summary = Summary::of(known, id, cell)?;
    puts.push(Put {
        shelf: Shelf::Summary,
        key: id.bytes().to_vec(),
        value: summary.as_ref().map(cell::write),
    });
    memory.summaries.push((id, summary));
    Ok(())
}
