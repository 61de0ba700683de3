//! Questions about the whole phone: what is open, what is held, what to hand on.

use std::collections::{BTreeMap, BTreeSet};

use sync_core::cert::{Directory, SignedCert};
use sync_core::frame::{EnvelopeName, Updates};
use sync_core::id::{ProjectId, PublicKey, RecordId};
use sync_core::phone::{OpenEnvelope, RecordRow};
use sync_core::policy::ParkReason;

use super::load::{name, record_id};
use super::{Store, StoreError};

/// How many records stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records this phone wrote to, with something the server has not said a word about.
    pub pending: u64,
    /// Records this phone wrote to, all of it merged at the server.
    pub confirmed: u64,
    /// Records of which something of this phone waits at the server for what it builds on.
    pub waiting: u64,
    /// Records on this phone.
    pub records: u64,
    /// Changes of this phone without the server's word.
    pub pending_changes: u64,
    /// Envelopes of other phones that this one carries.
    pub carried: u64,
}

/// A record of which something lies aside.
pub type OpenWork = (RecordId, ParkReason);

impl Store {
    /// Envelopes without the server's word, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn open_envelopes(&self) -> Result<Vec<OpenEnvelope>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT device, counter, attempted, length(bytes), mark FROM envelope
             WHERE state = 'open' ORDER BY place",
        )?;
        let rows = query.query_map([], |row| {
            Ok((
                name(row),
                row.get::<_, bool>(2)?,
                row.get::<_, i64>(3)?,
                row.get::<_, [u8; 8]>(4)?,
            ))
        })?;
        let mut open = Vec::new();
        for row in rows {
            let (name, attempted, bytes_len, mark) = row?;
            open.push(OpenEnvelope {
                name: name?,
                attempted,
                bytes_len: bytes_len as usize,
                mark,
            });
        }
        Ok(open)
    }

    /// The names of all envelopes, in the order in which this phone came to hold them.
    ///
    /// # Errors
    /// When the store fails.
    pub fn all_envelopes(&self) -> Result<Vec<EnvelopeName>, StoreError> {
        let mut query = self
            .db
            .prepare_cached("SELECT device, counter FROM envelope ORDER BY place")?;
        let rows = query.query_map([], |row| Ok(name(row)))?;
        rows.map(|row| row?).collect()
    }

    /// Envelopes that touch these records, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn envelopes_touching(&self, records: &BTreeSet<RecordId>) -> Result<Vec<EnvelopeName>, StoreError> {
        let mut found = BTreeMap::new();
        let mut query = self.db.prepare_cached(
            "SELECT device, counter, place FROM envelope_record JOIN envelope USING (device, counter) WHERE record = ?1",
        )?;
        for record in records {
            let rows = query.query_map([record.bytes()], |row| Ok((row.get::<_, i64>(2)?, name(row))))?;
            for row in rows {
                let (place, name) = row?;
                found.insert(place, name?);
            }
        }
        Ok(found.into_values().collect())
    }

    /// Kept frames of updates; with `records`, those that bring one of them. Oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn frames(&self, records: Option<&BTreeSet<RecordId>>) -> Result<Vec<i64>, StoreError> {
        let mut ids = BTreeSet::new();
        match records {
            None => {
                let mut query = self.db.prepare_cached("SELECT id FROM frame")?;
                ids.extend(
                    query
                        .query_map([], |row| row.get(0))?
                        .collect::<Result<Vec<i64>, _>>()?,
                );
            }
            Some(records) => {
                let mut query = self
                    .db
                    .prepare_cached("SELECT frame FROM frame_record WHERE record = ?1")?;
                for record in records {
                    let rows = query.query_map([record.bytes()], |row| row.get(0))?;
                    ids.extend(rows.collect::<Result<Vec<i64>, _>>()?);
                }
            }
        }
        Ok(ids.into_iter().collect())
    }

    /// One kept frame and the records it brings.
    ///
    /// # Errors
    /// When the store fails.
    pub fn frame(&self, id: i64) -> Result<(Updates, BTreeSet<RecordId>), StoreError> {
        let bytes: Vec<u8> = self
            .db
            .prepare_cached("SELECT bytes FROM frame WHERE id = ?1")?
            .query_row([id], |row| row.get(0))?;
        let mut query = self
            .db
            .prepare_cached("SELECT record FROM frame_record WHERE frame = ?1")?;
        let records = query.query_map([id], |row| Ok(record_id(row, 0)))?;
        Ok((
            Updates::from_bytes(&bytes)?,
            records.map(|row| row?).collect::<Result<_, StoreError>>()?,
        ))
    }

    /// Every certificate.
    ///
    /// # Errors
    /// When the store fails.
    pub fn certs(&self) -> Result<Vec<SignedCert>, StoreError> {
        let mut query = self.db.prepare_cached("SELECT bytes FROM cert ORDER BY device")?;
        let rows = query.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
        rows.map(|row| Ok(SignedCert::from_bytes(&row?)?)).collect()
    }

    /// The devices this phone knows, each certificate checked again.
    ///
    /// # Errors
    /// When the store fails or holds what the server did not sign.
    pub fn directory(&self, project: ProjectId, key: &PublicKey) -> Result<Directory, StoreError> {
        let open = |cert: SignedCert| {
            cert.open(project, key)
                .map_err(|error| StoreError::Damaged(error.to_string()))
        };
        self.certs()?.into_iter().map(open).collect()
    }

    /// Reference data by name.
    ///
    /// # Errors
    /// When the store fails.
    pub fn reference(&self) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let mut query = self
            .db
            .prepare_cached("SELECT name, body FROM reference ORDER BY name")?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The ids of the records of a kind (of every kind, if none is named) after `after`, by id.
    ///
    /// # Errors
    /// When the store fails.
    pub fn ids(
        &self,
        kind: Option<&str>,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<Vec<RecordId>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT id FROM record WHERE (?1 IS NULL OR kind = ?1) AND id > ?2 ORDER BY id LIMIT ?3",
        )?;
        let after = after.map_or(Vec::new(), |after| after.bytes().to_vec());
        let rows = query.query_map((kind, after, limit as i64), |row| Ok(record_id(row, 0)))?;
        rows.map(|row| row?).collect()
    }

    /// Every record of a kind, by id.
    ///
    /// # Errors
    /// When the store fails.
    pub fn records_of(&self, kind: &str) -> Result<Vec<(RecordId, RecordRow)>, StoreError> {
        let ids = self.ids(Some(kind), None, usize::MAX >> 1)?;
        let mut records = Vec::new();
        for id in ids {
            records.extend(self.record(id)?.map(|row| (id, row)));
        }
        Ok(records)
    }

    /// Records of a kind that stand under one of these weak keys, each with the key it was found by.
    ///
    /// # Errors
    /// When the store fails.
    pub fn alike(&self, kind: &str, keys: &[String]) -> Result<BTreeMap<RecordId, String>, StoreError> {
        let mut query = self
            .db
            .prepare_cached("SELECT record FROM weak_key WHERE kind = ?1 AND key = ?2 LIMIT 50")?;
        let mut found = BTreeMap::new();
        for key in keys {
            for row in query.query_map((kind, key), |row| Ok(record_id(row, 0)))? {
                found.entry(row??).or_insert_with(|| key.clone());
            }
        }
        Ok(found)
    }

    /// What the server set aside of this phone's work: each record once per reason.
    ///
    /// # Errors
    /// When the store fails.
    pub fn parked(&self) -> Result<Vec<OpenWork>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT record, reason FROM change WHERE state = 'parked' AND own = 1
             GROUP BY record, reason ORDER BY min(place)",
        )?;
        let rows = query.query_map([], |row| Ok((record_id(row, 0), row.get::<_, String>(1)?)))?;
        let mut parked = Vec::new();
        for row in rows {
            let (record, reason) = row?;
            let reason =
                ParkReason::from_code(&reason).ok_or_else(|| StoreError::Damaged("a reason".to_owned()))?;
            parked.push((record?, reason));
        }
        Ok(parked)
    }

    /// Envelopes the server keeps nothing of, and why.
    ///
    /// # Errors
    /// When the store fails.
    pub fn refused(&self) -> Result<Vec<(EnvelopeName, String)>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT device, counter, refused FROM envelope WHERE state = 'refused' ORDER BY place",
        )?;
        let rows = query.query_map([], |row| Ok((name(row), row.get(2)?)))?;
        rows.map(|row| {
            row.map_err(StoreError::from)
                .and_then(|(name, code)| Ok((name?, code)))
        })
        .collect()
    }

    /// Changes of this phone without the server's word.
    ///
    /// # Errors
    /// When the store fails.
    pub fn pending_changes(&self) -> Result<u64, StoreError> {
        let mut query = self
            .db
            .prepare_cached("SELECT count(*) FROM change WHERE own = 1 AND state IN ('pending', 'sealed')")?;
        Ok(query.query_row([], |row| row.get::<_, i64>(0))? as u64)
    }

    /// How many records stand where.
    ///
    /// # Errors
    /// When the store fails.
    pub fn counts(&self) -> Result<Counts, StoreError> {
        let mut counts = self.db.query_row(
            "SELECT coalesce(sum(unsent > 0), 0), coalesce(sum(unsent = 0 AND aside = 0), 0),
                    coalesce(sum(waiting > 0), 0), coalesce(sum(unsent), 0)
             FROM (SELECT sum(state IN ('pending', 'sealed')) AS unsent, sum(state = 'waiting') AS waiting,
                          sum(state IN ('waiting', 'parked')) AS aside
                   FROM change WHERE own = 1 GROUP BY record)",
            [],
            |row| {
                Ok(Counts {
                    pending: row.get::<_, i64>(0)? as u64,
                    confirmed: row.get::<_, i64>(1)? as u64,
                    waiting: row.get::<_, i64>(2)? as u64,
                    pending_changes: row.get::<_, i64>(3)? as u64,
                    ..Counts::default()
                })
            },
        )?;
        let count = |query: &str| {
            Ok::<_, StoreError>(self.db.query_row(query, [], |row| row.get::<_, i64>(0))? as u64)
        };
        counts.records = count("SELECT count(*) FROM record WHERE length(document) > 0")?;
        counts.carried = count(
            "SELECT count(*) FROM envelope WHERE state = 'open' AND device <> (SELECT value FROM meta WHERE key = 'device')",
        )?;
        Ok(counts)
    }
}
