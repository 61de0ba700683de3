//! The rows a step touches.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{OptionalExtension, Row};
use sync_core::envelope::Envelope;
use sync_core::frame::EnvelopeName;
use sync_core::id::{ChangeHash, DeviceId, RecordId};
use sync_core::phone::{ChangeRow, ChangeState, EnvelopeRow, EnvelopeState, Loaded, Progress, RecordRow};

use super::{Store, StoreError};

impl Store {
    /// A small value.
    ///
    /// # Errors
    /// When the store fails.
    pub fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let mut query = self.db.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
        Ok(query.query_row([key], |row| row.get(0)).optional()?)
    }

    /// How far the phone has come.
    ///
    /// # Errors
    /// When the store fails, or the phone is not enrolled.
    pub fn progress(&self) -> Result<Progress, StoreError> {
        let bytes = self
            .meta("progress")?
            .ok_or_else(|| StoreError::Damaged("progress".to_owned()))?;
        Ok(Progress::from_bytes(&bytes)?)
    }

    /// The rows of these records and envelopes.
    ///
    /// # Errors
    /// When the store fails.
    pub fn load(
        &self,
        records: &BTreeSet<RecordId>,
        envelopes: Vec<EnvelopeRow>,
    ) -> Result<Loaded, StoreError> {
        let mut loaded = Loaded {
            progress: self.progress()?,
            records: BTreeMap::new(),
            changes: Vec::new(),
            envelopes,
        };
        for id in records {
            if let Some(row) = self.record(*id)? {
                loaded.records.insert(*id, row);
            }
            loaded.changes.extend(self.changes_of(*id)?);
        }
        Ok(loaded)
    }

    /// One record.
    ///
    /// # Errors
    /// When the store fails.
    pub fn record(&self, id: RecordId) -> Result<Option<RecordRow>, StoreError> {
        let mut query = self
            .db
            .prepare_cached("SELECT kind, document, aside, gone FROM record WHERE id = ?1")?;
        let row = query.query_row([id.bytes()], |row| {
            Ok(RecordRow {
                kind: row.get(0)?,
                document: row.get(1)?,
                aside: row.get(2)?,
                gone: row.get(3)?,
            })
        });
        Ok(row.optional()?)
    }

    /// The change rows of one record, in the order this phone learnt of them.
    ///
    /// # Errors
    /// When the store fails.
    pub fn changes_of(&self, id: RecordId) -> Result<Vec<ChangeRow>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT record, hash, place, own, counter, state, reason, claimed_at, received_at
             FROM change WHERE record = ?1 ORDER BY place",
        )?;
        let rows = query.query_map([id.bytes()], |row| Ok(change(row)))?;
        rows.map(|row| row?).collect()
    }

    /// Records with pending changes, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn pending_records(&self, changes_max: usize) -> Result<BTreeSet<RecordId>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT record FROM change WHERE state = 'pending' AND own = 1 ORDER BY place LIMIT ?1",
        )?;
        let rows = query.query_map([changes_max as i64], |row| Ok(record_id(row, 0)))?;
        rows.map(|row| row?).collect()
    }

    /// Envelopes by name; those that are not here are left out.
    ///
    /// # Errors
    /// When the store fails.
    pub fn envelopes(
        &self,
        names: impl IntoIterator<Item = EnvelopeName>,
    ) -> Result<Vec<EnvelopeRow>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT place, bytes, attempted, state, refused FROM envelope WHERE device = ?1 AND counter = ?2",
        )?;
        let mut found = Vec::new();
        for name in names {
            let row = query.query_row((name.device.bytes(), name.counter as i64), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            });
            if let Some(row) = row.optional()? {
                found.push(self.envelope(name, row)?);
            }
        }
        Ok(found)
    }

    fn envelope(&self, name: EnvelopeName, row: EnvelopeColumns) -> Result<EnvelopeRow, StoreError> {
        let (place, bytes, attempted, state, refused) = row;
        let state = match (state.as_str(), refused) {
            ("receipted", _) => EnvelopeState::Receipted,
            ("refused", Some(code)) => EnvelopeState::Refused(code),
            _ => EnvelopeState::Open,
        };
        let mut query = self
            .db
            .prepare_cached("SELECT record FROM envelope_record WHERE device = ?1 AND counter = ?2")?;
        let records = query.query_map((name.device.bytes(), name.counter as i64), |row| {
            Ok(record_id(row, 0))
        })?;
        Ok(EnvelopeRow {
            name,
            order: place as u64,
            envelope: Envelope::from_bytes(&bytes)?,
            records: records.map(|row| row?).collect::<Result<_, StoreError>>()?,
            attempted,
            state,
        })
    }
}

type EnvelopeColumns = (i64, Vec<u8>, bool, String, Option<String>);

pub(super) fn record_id(row: &Row<'_>, column: usize) -> Result<RecordId, StoreError> {
    let bytes: Vec<u8> = row.get(column)?;
    RecordId::from_slice(&bytes).ok_or_else(|| StoreError::Damaged("a record's id".to_owned()))
}

pub(super) fn name(row: &Row<'_>) -> Result<EnvelopeName, StoreError> {
    let device: Vec<u8> = row.get(0)?;
    let device =
        DeviceId::from_slice(&device).ok_or_else(|| StoreError::Damaged("a device's id".to_owned()))?;
    Ok(EnvelopeName {
        device,
        counter: row.get::<_, i64>(1)? as u64,
    })
}

fn change(row: &Row<'_>) -> Result<ChangeRow, StoreError> {
    let hash: Vec<u8> = row.get(1)?;
    let damaged = || StoreError::Damaged("a change row".to_owned());
    let (state, reason): (String, Option<String>) = (row.get(5)?, row.get(6)?);
    Ok(ChangeRow {
        record: record_id(row, 0)?,
        hash: ChangeHash::from_slice(&hash).ok_or_else(damaged)?,
        order: row.get::<_, i64>(2)? as u64,
        own: row.get(3)?,
        counter: row.get::<_, Option<i64>>(4)?.map(|counter| counter as u64),
        state: ChangeState::from_name(&state, reason.as_deref()).ok_or_else(damaged)?,
        claimed_at_s: row.get(7)?,
        received_at_s: row.get(8)?,
    })
}
