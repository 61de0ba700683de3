//! The whole log, page by page, and the views beside it.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sync_core::envelope::EnvelopeHead;
use sync_core::frame::EnvelopeName;
use sync_core::id::{ChangeHash, RecordId, Signature, UnitId};

use super::log::{change_hash, device_id, names_of_items, record_id, state_of};
use super::meta::project;
use super::{SqliteStore, StoreError, fact, odd, record};
use crate::store::record::{ArchiveStore, LoggedEnvelope, LoggedFull, RecordView, Source};

impl ArchiveStore for SqliteStore {
    fn logged_records(&self, after: Option<RecordId>, limit: usize) -> Result<Vec<RecordId>, StoreError> {
        let after = after.map(|id| id.bytes().to_vec()).unwrap_or_default();
        self.read(|conn| {
            let sql = "SELECT DISTINCT record FROM change WHERE record > ?1 ORDER BY record LIMIT ?2";
            let mut statement = conn.prepare_cached(sql)?;
            let rows = statement.query_map(params![after, limit], |row| row.get::<_, Vec<u8>>(0))?;
            rows.map(|id| record_id(&id?)).collect()
        })
    }

    fn log_of(&self, record: RecordId) -> Result<Vec<LoggedFull>, StoreError> {
        self.read(|conn| log_of(conn, record))
    }

    fn envelopes_after(&self, after: i64, limit: usize) -> Result<Vec<(i64, LoggedEnvelope)>, StoreError> {
        self.read(|conn| {
            let project = project(conn)?;
            let sql = "SELECT n, device, counter, claimed_at, signature, items FROM envelope
                       WHERE n > ?1 ORDER BY n LIMIT ?2";
            let mut statement = conn.prepare_cached(sql)?;
            let mut rows = statement.query(params![after, limit])?;
            let mut page = Vec::new();
            while let Some(row) = rows.next()? {
                let head = EnvelopeHead {
                    project,
                    device: device_id(&row.get::<_, Vec<u8>>(1)?)?,
                    counter: row.get(2)?,
                    claimed_at_ms: row.get(3)?,
                };
                let signature =
                    Signature::from_slice(&row.get::<_, Vec<u8>>(4)?).ok_or_else(|| odd("signature"))?;
                let items = names_of_items(&row.get::<_, Vec<u8>>(5)?)?;
                page.push((
                    row.get(0)?,
                    LoggedEnvelope {
                        head,
                        signature,
                        items,
                    },
                ));
            }
            Ok(page)
        })
    }

    fn has_change(&self, record: RecordId, hash: ChangeHash) -> Result<bool, StoreError> {
        self.read(|conn| super::log::is_logged(conn, record, hash))
    }

    fn view(&self, record: RecordId) -> Result<Option<RecordView>, StoreError> {
        self.read(|conn| view(conn, record))
    }

    fn replace_views(&self, views: &[(RecordId, Option<RecordView>)]) -> Result<(), StoreError> {
        self.write(|tx| {
            views
                .iter()
                .try_for_each(|(record, view)| replace(tx, *record, view.as_ref()))
        })
    }
}

fn replace(tx: &Transaction<'_>, record: RecordId, view: Option<&RecordView>) -> Result<(), StoreError> {
    let Some(view) = view else {
        return record::remove(tx, record);
    };
    let sql = "SELECT max(seq), max(settled_at) FROM change WHERE record = ?1 AND state = 'applied'";
    let (seq, settled_at_ms): (Option<u64>, Option<i64>) = tx
        .prepare_cached(sql)?
        .query_row([record.bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    record::put(tx, view, seq, settled_at_ms.unwrap_or_default())
}

fn log_of(conn: &Connection, record: RecordId) -> Result<Vec<LoggedFull>, StoreError> {
    let sql = "SELECT change.hash, change.bytes, state, reason, seq, change.received_at, settled_at,
                      envelope.device, envelope.counter, vouched.signature
               FROM change
               LEFT JOIN envelope ON envelope.n = change.envelope
               LEFT JOIN vouched ON vouched.n = change.vouched
               WHERE record = ?1 ORDER BY seq IS NULL, seq, change.n";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([record.bytes()])?;
    let mut log = Vec::new();
    while let Some(row) = rows.next()? {
        let device: Option<Vec<u8>> = row.get(7)?;
        let signature: Option<Vec<u8>> = row.get(9)?;
        let source = match (device, signature.as_deref().and_then(Signature::from_slice)) {
            (Some(device), None) => Source::Envelope(EnvelopeName {
                device: device_id(&device)?,
                counter: row.get(8)?,
            }),
            (None, Some(signature)) => Source::Vouched(signature),
            _ => return Err(odd("source of a change")),
        };
        log.push(LoggedFull {
            hash: change_hash(&row.get::<_, Vec<u8>>(0)?)?,
            bytes: row.get(1)?,
            source,
            state: state_of(row, 2)?,
            seq: row.get(4)?,
            received_at_ms: row.get(5)?,
            settled_at_ms: row.get(6)?,
        });
    }
    Ok(log)
}

/// The stored view of a record. Lookup keys are not stored: they come with the next change.
pub(super) fn view(conn: &Connection, id: RecordId) -> Result<Option<RecordView>, StoreError> {
    let sql =
        "SELECT kind, form, unit, document, heads, answers, title, sort_key, state, conflicts, conflict,
                      findings, same_as FROM record WHERE id = ?1";
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement
        .query_row([id.bytes()], |row| {
            let conflict: Option<String> = row.get(10)?;
            Ok((
                row.get::<_, Option<Vec<u8>>>(2)?,
                row.get::<_, Vec<u8>>(4)?,
                RecordView {
                    id,
                    kind: row.get(0)?,
                    form: row.get(1)?,
                    unit: None,
                    document: row.get(3)?,
                    heads: Vec::new(),
                    answers: row.get(5)?,
                    title: row.get(6)?,
                    sort_key: row.get(7)?,
                    search: String::new(),
                    state: row.get(8)?,
                    conflicts: row.get(9)?,
                    conflict: conflict.map(|level| if level == "hard" { "hard" } else { "soft" }),
                    findings: row.get(11)?,
                    same_as: row
                        .get::<_, Option<Vec<u8>>>(12)?
                        .as_deref()
                        .and_then(RecordId::from_slice),
                    not_same: Vec::new(),
                    weak_keys: Vec::new(),
                    weak_lookups: Vec::new(),
                    fact: None,
                },
            ))
        })
        .optional()?;
    let Some((unit, heads, mut view)) = found else {
        return Ok(None);
    };
    view.unit = unit.as_deref().and_then(UnitId::from_slice);
    view.heads = heads.chunks(32).filter_map(ChangeHash::from_slice).collect();
    view.weak_keys = record::weak_keys(conn, id)?;
    view.not_same = record::not_same(conn, id)?;
    view.fact = fact::of(conn, id)?;
    Ok(Some(view))
}
