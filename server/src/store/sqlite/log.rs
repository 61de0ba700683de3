//! Tables `envelope`, `carrier`, `vouched`, `change`: the log, and the merge that writes it.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use sync_core::admit::Trust;
use sync_core::envelope::EnvelopeHead;
use sync_core::frame::EnvelopeName;
use sync_core::id::{ChangeHash, DeviceId, ProjectId, RecordId, Signature};
use sync_core::policy::ParkReason;
use sync_core::record::Record;
use sync_core::replica::{Aside, Because, Kept};

use super::meta::project;
use super::{SqliteStore, StoreError, append_audit, carried, feed, next, odd, reader, record};
use crate::audit::AuditEntry;
use crate::store::reader::AsideSummary;
use crate::store::record::{
    Commit, EnvelopeOutcome, FeedEntry, FeedScope, Found, LogStore, LoggedChange, LoggedEnvelope,
    LoggedRuling, MergeRequest, NewChange, Source, State,
};

impl LogStore for SqliteStore {
    fn merge(
        &self,
        request: &MergeRequest,
        audit: Vec<AuditEntry>,
        work: &mut dyn FnMut(Found) -> Result<Commit, StoreError>,
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            let found = find(tx, request, project(tx)?)?;
            let commit = work(found)?;
            write(tx, request, &commit)?;
            for entry in &audit {
                append_audit(tx, entry)?;
            }
            Ok(())
        })
    }

    fn outcomes(&self, names: &[EnvelopeName]) -> Result<Vec<EnvelopeOutcome>, StoreError> {
        self.read(|conn| {
            names
                .iter()
                .filter_map(|name| outcome(conn, *name).transpose())
                .collect()
        })
    }

    fn counter_high(&self, device: DeviceId) -> Result<u64, StoreError> {
        self.read(|conn| counter_high(conn, device))
    }

    fn feed(&self, scope: &FeedScope, after: u64, limit: usize) -> Result<Vec<FeedEntry>, StoreError> {
        self.read(|conn| feed::entries(conn, scope, after, limit))
    }

    fn records_of(&self, names: &[EnvelopeName]) -> Result<BTreeSet<RecordId>, StoreError> {
        self.read(|conn| carried::records_of(conn, names))
    }

    fn not_carried(&self, names: &[EnvelopeName], device: DeviceId) -> Result<Vec<EnvelopeName>, StoreError> {
        self.read(|conn| carried::missing(conn, names, device))
    }

    fn outside(
        &self,
        scopes: &[FeedScope],
        records: &BTreeSet<RecordId>,
    ) -> Result<Vec<RecordId>, StoreError> {
        self.read(|conn| feed::outside(conn, scopes, records))
    }

    fn in_feed(&self, scope: &FeedScope, record: RecordId) -> Result<bool, StoreError> {
        self.read(|conn| feed::holds(conn, scope, record))
    }

    fn changes_after(&self, record: RecordId, after: u64) -> Result<Vec<LoggedChange>, StoreError> {
        self.read(|conn| changes_after(conn, record, after))
    }

    fn rulings(&self, device: DeviceId, after: u64, limit: usize) -> Result<Vec<LoggedRuling>, StoreError> {
        self.read(|conn| feed::rulings(conn, device, after, limit))
    }

    fn unsettled(&self, asked: &[(RecordId, ChangeHash)]) -> Result<BTreeSet<RecordId>, StoreError> {
        self.read(|conn| {
            let sql = "SELECT 1 FROM change WHERE record = ?1 AND hash = ?2 AND state = 'applied'";
            let mut statement = conn.prepare_cached(sql)?;
            let mut unsettled = BTreeSet::new();
            for (record, hash) in asked {
                if !statement.exists(params![record.bytes(), hash.0])? {
                    unsettled.insert(*record);
                }
            }
            Ok(unsettled)
        })
    }

    fn parked(&self, hash: ChangeHash) -> Result<Option<AsideSummary>, StoreError> {
        self.read(|conn| reader::parked(conn, hash))
    }
}

fn find(tx: &Transaction<'_>, request: &MergeRequest, project: ProjectId) -> Result<Found, StoreError> {
    let mut found = Found {
        counter_high: counter_high(tx, request.carrier)?,
        ..Found::default()
    };
    for name in &request.envelopes {
        if let Some(envelope) = envelope(tx, *name, project)? {
            found.envelopes.insert(*name, envelope);
        }
    }
    for record in &request.records {
        let kept = kept(tx, *record)?;
        found
            .logged
            .extend(kept.aside.keys().map(|hash| (*record, *hash)));
        found.records.insert(*record, kept);
    }
    for (record, hash) in &request.changes {
        if is_logged(tx, *record, *hash)? {
            found.logged.insert((*record, *hash));
        }
    }
    Ok(found)
}

fn counter_high(conn: &Connection, device: DeviceId) -> Result<u64, StoreError> {
    let sql = "SELECT coalesce(max(counter), 0) FROM envelope WHERE device = ?1";
    Ok(conn
        .prepare_cached(sql)?
        .query_row([device.bytes()], |row| row.get(0))?)
}

fn envelope(
    conn: &Connection,
    name: EnvelopeName,
    project: ProjectId,
) -> Result<Option<LoggedEnvelope>, StoreError> {
    let sql = "SELECT claimed_at, signature, items FROM envelope WHERE device = ?1 AND counter = ?2";
    let raw: Option<(i64, Vec<u8>, Vec<u8>)> = conn
        .prepare_cached(sql)?
        .query_row(params![name.device.bytes(), name.counter], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    raw.map(|(claimed_at_ms, signature, items)| {
        let head = EnvelopeHead {
            project,
            device: name.device,
            counter: name.counter,
            claimed_at_ms,
        };
        let signature = Signature::from_slice(&signature).ok_or_else(|| odd("signature"))?;
        Ok(LoggedEnvelope {
            head,
            signature,
            items: names_of_items(&items)?,
        })
    })
    .transpose()
}

/// (record, hash) pairs as an envelope row holds them.
pub(super) fn names_of_items(items: &[u8]) -> Result<Vec<(RecordId, ChangeHash)>, StoreError> {
    let pair = |item: &[u8]| {
        let (record, hash) = item.split_at_checked(16)?;
        Some((RecordId::from_slice(record)?, ChangeHash::from_slice(hash)?))
    };
    items
        .chunks(48)
        .map(|item| pair(item).ok_or_else(|| odd("envelope")))
        .collect()
}

/// All that is kept of a record: its document and what lies aside.
pub(super) fn kept(conn: &Connection, id: RecordId) -> Result<Kept, StoreError> {
    let mut kept = Kept::empty(id);
    let sql = "SELECT document FROM record WHERE id = ?1";
    let document: Option<Vec<u8>> = conn
        .prepare_cached(sql)?
        .query_row([id.bytes()], |row| row.get(0))
        .optional()?;
    if let Some(document) = document {
        kept.record = Record::load(id, &document).map_err(|error| StoreError::Damaged(error.to_string()))?;
    }
    let sql = "SELECT hash, bytes, signer, cleared, state, reason FROM change
               WHERE record = ?1 AND state IN ('waiting', 'parked')";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([id.bytes()])?;
    while let Some(row) = rows.next()? {
        let hash = change_hash(&row.get::<_, Vec<u8>>(0)?)?;
        let signer: Option<Vec<u8>> = row.get(2)?;
        let trust = match signer {
            None => Trust::Vouched,
            Some(signer) if row.get(3)? => Trust::Cleared(device_id(&signer)?),
            Some(signer) => Trust::Signed(device_id(&signer)?),
        };
        let reason: Option<String> = row.get(5)?;
        let because = match reason {
            None => Because::Waiting,
            Some(reason) => Because::Parked(park_reason(&reason)?),
        };
        kept.aside.insert(
            hash,
            Aside {
                bytes: row.get(1)?,
                trust,
                because,
            },
        );
    }
    Ok(kept)
}

fn write(tx: &Transaction<'_>, request: &MergeRequest, commit: &Commit) -> Result<(), StoreError> {
    for envelope in &commit.envelopes {
        insert_envelope(tx, request, envelope)?;
    }
    for frame in &commit.vouched {
        tx.prepare_cached(
            "INSERT INTO vouched (received_at, brought_by, signature, body) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (signature) DO NOTHING",
        )?
        .execute(params![
            request.received_at_ms,
            request.carrier.bytes(),
            frame.signature.0,
            frame.body
        ])?;
    }
    let mut fresh = BTreeMap::new();
    for change in &commit.changes {
        fresh.insert((change.record, change.hash), change);
    }
    let mut newest: BTreeMap<RecordId, u64> = BTreeMap::new();
    for (record, hash, state) in &commit.states {
        let seq = if *state == State::Applied {
            Some(next(tx, "applied_seq")?)
        } else {
            None
        };
        if let Some(seq) = seq {
            newest.insert(*record, seq);
        }
        match fresh.get(&(*record, *hash)) {
            Some(change) => insert_change(tx, request, change, *state, seq)?,
            None => settle_change(tx, request, (*record, *hash), *state, seq)?,
        }
    }
    for (record, hash) in &commit.cleared {
        tx.prepare_cached("UPDATE change SET cleared = 1 WHERE record = ?1 AND hash = ?2")?
            .execute(params![record.bytes(), hash.0])?;
    }
    for name in &commit.carried {
        carried::note(tx, *name, request.carrier)?;
    }
    for view in &commit.views {
        record::put(tx, view, newest.get(&view.id).copied(), request.received_at_ms)?;
    }
    Ok(())
}

fn insert_envelope(
    tx: &Transaction<'_>,
    request: &MergeRequest,
    new: &LoggedEnvelope,
) -> Result<(), StoreError> {
    let items: Vec<u8> = new
        .items
        .iter()
        .flat_map(|(record, hash)| [record.bytes().as_slice(), &hash.0].concat())
        .collect();
    tx.prepare_cached(
        "INSERT INTO envelope (device, counter, claimed_at, received_at, signature, items)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        new.head.device.bytes(),
        new.head.counter,
        new.head.claimed_at_ms,
        request.received_at_ms,
        new.signature.0,
        items
    ])?;
    Ok(())
}

fn insert_change(
    tx: &Transaction<'_>,
    request: &MergeRequest,
    change: &NewChange,
    state: State,
    seq: Option<u64>,
) -> Result<(), StoreError> {
    let (device, counter, vouched) = match change.source {
        Source::Envelope(name) => (Some(name.device), Some(name.counter), None),
        Source::Vouched(signature) => (None, None, Some(signature.0)),
    };
    tx.prepare_cached(
        "INSERT INTO change (record, hash, bytes, signer, envelope, vouched, received_at, state, reason, seq,
                             settled_at)
         VALUES (?1, ?2, ?3, ?4,
                 (SELECT n FROM envelope WHERE device = ?4 AND counter = ?5),
                 (SELECT n FROM vouched WHERE signature = ?6), ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        change.record.bytes(),
        change.hash.0,
        change.bytes,
        device.as_ref().map(DeviceId::bytes),
        counter,
        vouched,
        change.received_at_ms,
        state.name(),
        state.reason().map(ParkReason::code),
        seq,
        request.received_at_ms
    ])?;
    Ok(())
}

/// A change that was logged before and stands differently now: those who hold it are told.
fn settle_change(
    tx: &Transaction<'_>,
    request: &MergeRequest,
    (record, hash): (RecordId, ChangeHash),
    state: State,
    seq: Option<u64>,
) -> Result<(), StoreError> {
    let reason = state.reason().map(ParkReason::code);
    tx.prepare_cached(
        "UPDATE change SET state = ?3, reason = ?4, seq = ?5, settled_at = ?6 WHERE record = ?1 AND hash = ?2",
    )?
    .execute(params![record.bytes(), hash.0, state.name(), reason, seq, request.received_at_ms])?;
    let told = match state {
        State::Superseded => Some(state.name()),
        _ => reason,
    };
    if state != State::Waiting {
        tx.prepare_cached(
            "INSERT INTO ruling (device, record, hash, reason)
             SELECT carrier.device, ?1, ?2, ?3 FROM change
             JOIN carrier ON carrier.envelope = change.envelope
             WHERE change.record = ?1 AND change.hash = ?2",
        )?
        .execute(params![record.bytes(), hash.0, told])?;
    }
    Ok(())
}

fn outcome(conn: &Connection, name: EnvelopeName) -> Result<Option<EnvelopeOutcome>, StoreError> {
    let sql = "SELECT items, signature FROM envelope WHERE device = ?1 AND counter = ?2";
    let found: Option<(Vec<u8>, Vec<u8>)> = conn
        .prepare_cached(sql)?
        .query_row(params![name.device.bytes(), name.counter], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let Some((items, signature)) = found else {
        return Ok(None);
    };
    let signature = Signature::from_slice(&signature).ok_or_else(|| odd("signature"))?;
    let mut states = Vec::new();
    let mut statement =
        conn.prepare_cached("SELECT state, reason FROM change WHERE record = ?1 AND hash = ?2")?;
    for (record, hash) in names_of_items(&items)? {
        let state = statement.query_row(params![record.bytes(), hash.0], |row| Ok(state_of(row, 0)))??;
        states.push((record, hash, state));
    }
    Ok(Some(EnvelopeOutcome {
        name,
        signature,
        states,
    }))
}

/// Columns `state` and `reason`, from column `at`.
pub(super) fn state_of(row: &Row<'_>, at: usize) -> Result<State, StoreError> {
    let reason: Option<String> = row.get(at + 1)?;
    match (row.get::<_, String>(at)?.as_str(), reason) {
        ("applied", None) => Ok(State::Applied),
        ("waiting", None) => Ok(State::Waiting),
        ("superseded", None) => Ok(State::Superseded),
        ("parked", Some(reason)) => Ok(State::Parked(park_reason(&reason)?)),
        _ => Err(odd("change state")),
    }
}

pub(super) fn changes_after(
    conn: &Connection,
    record: RecordId,
    after: u64,
) -> Result<Vec<LoggedChange>, StoreError> {
    let sql = "SELECT change.hash, bytes, seq, envelope.device, envelope.counter, change.received_at
               FROM change LEFT JOIN envelope ON envelope.n = change.envelope
               WHERE record = ?1 AND seq > ?2 ORDER BY seq";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![record.bytes(), after])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        let device: Option<Vec<u8>> = row.get(3)?;
        let envelope = match device {
            Some(device) => Some(EnvelopeName {
                device: device_id(&device)?,
                counter: row.get(4)?,
            }),
            None => None,
        };
        changes.push(LoggedChange {
            hash: change_hash(&row.get::<_, Vec<u8>>(0)?)?,
            bytes: row.get(1)?,
            seq: row.get(2)?,
            envelope,
            received_at_ms: row.get(5)?,
        });
    }
    Ok(changes)
}

pub(super) fn is_logged(conn: &Connection, record: RecordId, hash: ChangeHash) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM change WHERE record = ?1 AND hash = ?2";
    Ok(conn
        .prepare_cached(sql)?
        .exists(params![record.bytes(), hash.0])?)
}

pub(super) fn record_id(bytes: &[u8]) -> Result<RecordId, StoreError> {
    RecordId::from_slice(bytes).ok_or_else(|| odd("record id"))
}

pub(super) fn device_id(bytes: &[u8]) -> Result<DeviceId, StoreError> {
    DeviceId::from_slice(bytes).ok_or_else(|| odd("device id"))
}

pub(super) fn change_hash(bytes: &[u8]) -> Result<ChangeHash, StoreError> {
    ChangeHash::from_slice(bytes).ok_or_else(|| odd("change hash"))
}

pub(super) fn park_reason(code: &str) -> Result<ParkReason, StoreError> {
    ParkReason::from_code(code).ok_or_else(|| odd("reason"))
}
