//! Tables `record`, `fact`, `gone`, `weak_key`, `duplicate`, `record_search`: derived, made again by rebuild.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use schemas::key::{is_near, near_prefix};
use sync_core::id::{ChangeHash, RecordId, UnitId};

use super::log::record_id;
use super::{StoreError, fact};
use crate::store::record::{RecordView, WeakLookup};

/// Records compared with one under one key: where more share it, it says nothing.
const ALIKE_MAX: usize = 200;

/// Stores a record's view. `seq` is its newest applied change; none if only its view differs.
pub(super) fn put(
    tx: &Transaction<'_>,
    view: &RecordView,
    seq: Option<u64>,
    settled_at_ms: i64,
) -> Result<(), StoreError> {
    let before = place(tx, view.id)?;
    let unit = view.unit;
    let (old_seq, entered) = match &before {
        Some(place) if place.unit == unit => (place.seq, place.entered),
        Some(place) => (place.seq, seq.unwrap_or(place.seq)),
        None => (0, seq.unwrap_or(0)),
    };
    let seq = seq.unwrap_or(old_seq);
    if let Some(place) = &before
        && place.unit != unit
        && let Some(left) = place.unit
    {
        tx.prepare_cached("INSERT OR REPLACE INTO gone (unit, kind, seq, record) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![left.bytes(), view.kind, seq, view.id.bytes()])?;
    }
    let n: i64 = tx
        .prepare_cached(
            "INSERT INTO record (id, kind, form, unit, seq, entered, document, heads, answers, title, sort_key,
                                 state, conflicts, conflict, findings, settled_at, same_as)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
             ON CONFLICT (id) DO UPDATE SET kind = ?2, form = ?3, unit = ?4, seq = ?5, entered = ?6, document = ?7,
                 heads = ?8, answers = ?9, title = ?10, sort_key = ?11, state = ?12, conflicts = ?13,
                 conflict = ?14, findings = ?15, settled_at = ?16, same_as = ?17
             RETURNING n",
        )?
        .query_row(
            params![
                view.id.bytes(),
                view.kind,
                view.form,
                unit.as_ref().map(UnitId::bytes),
                seq,
                entered,
                view.document,
                join(&view.heads),
                view.answers,
                view.title,
                view.sort_key,
                view.state,
                view.conflicts,
                view.conflict,
                view.findings,
                settled_at_ms,
                view.same_as.as_ref().map(RecordId::bytes)
            ],
            |row| row.get(0),
        )?;
    index_words(tx, n, view, before.is_some())?;
    index_not_same(tx, view)?;
    index_weak_keys(tx, view, settled_at_ms)?;
    fact::put(tx, view.id, view.fact.as_ref())
}

fn index_not_same(tx: &Transaction<'_>, view: &RecordView) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM not_same WHERE record = ?1")?
        .execute([view.id.bytes()])?;
    for other in &view.not_same {
        tx.prepare_cached("INSERT INTO not_same (record, other) VALUES (?1, ?2)")?
            .execute(params![view.id.bytes(), other.bytes()])?;
    }
    Ok(())
}

/// Records of which it says that they are others, in id order.
pub(super) fn not_same(conn: &Connection, id: RecordId) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT other FROM not_same WHERE record = ?1 ORDER BY other")?;
    let others = statement.query_map([id.bytes()], |row| row.get::<_, Vec<u8>>(0))?;
    others.map(|other| record_id(&other?)).collect()
}

fn join(heads: &[ChangeHash]) -> Vec<u8> {
    heads.iter().flat_map(|head| head.0).collect()
}

fn index_words(tx: &Transaction<'_>, n: i64, view: &RecordView, known: bool) -> Result<(), StoreError> {
    if known {
        tx.prepare_cached("DELETE FROM record_search WHERE rowid = ?1")?
            .execute([n])?;
    }
    tx.prepare_cached("INSERT INTO record_search (rowid, folded) VALUES (?1, ?2)")?
        .execute(params![n, view.search])?;
    Ok(())
}

/// Stores the keys of a record and proposes the records that share one with it.
fn index_weak_keys(tx: &Transaction<'_>, view: &RecordView, settled_at_ms: i64) -> Result<(), StoreError> {
    let id = view.id.bytes();
    tx.prepare_cached("DELETE FROM weak_key WHERE record = ?1")?
        .execute([id])?;
    tx.prepare_cached("DELETE FROM duplicate WHERE first = ?1 OR second = ?1")?
        .execute([id])?;
    for key in &view.weak_keys {
        tx.prepare_cached("INSERT OR IGNORE INTO weak_key (kind, key, record) VALUES (?1, ?2, ?3)")?
            .execute(params![view.kind, key, id])?;
    }
    if view.same_as.is_some() {
        return Ok(());
    }
    for key in &view.weak_lookups {
        for other in alike(tx, view, key)? {
            let Some((unit, at_ms)) = open_beside(tx, view.id, other)? else {
                continue;
            };
            let ours = view.unit.as_ref().map(|unit| unit.bytes().to_vec());
            let (first, second, first_unit, second_unit) = if view.id < other {
                (view.id, other, ours, unit)
            } else {
                (other, view.id, unit, ours)
            };
            tx.prepare_cached(
                "INSERT INTO duplicate (first, second, kind, why, first_unit, second_unit, settled_at)
                 VALUES (?1, ?2, ?3, json_array(?4), ?5, ?6, ?7)
                 ON CONFLICT DO UPDATE SET why = json_insert(why, '$[#]', ?4)
                 WHERE NOT EXISTS (SELECT 1 FROM json_each(why) WHERE value = ?4)",
            )?
            .execute(params![
                first.bytes(),
                second.bytes(),
                view.kind,
                key_name(&key.key),
                first_unit,
                second_unit,
                settled_at_ms.max(at_ms)
            ])?;
        }
    }
    Ok(())
}

/// A record's unit, and when it last changed.
type Beside = (Option<Vec<u8>>, i64);

/// The unit of a record and when it last changed, unless an officer has said what it is beside `id`: another, or one for
/// which a third stands.
fn open_beside(tx: &Transaction<'_>, id: RecordId, other: RecordId) -> Result<Option<Beside>, StoreError> {
    let sql = "SELECT unit, settled_at FROM record WHERE id = ?2 AND same_as IS NULL
               AND NOT EXISTS (SELECT 1 FROM not_same WHERE not_same.record = ?1 AND not_same.other = ?2)
               AND NOT EXISTS (SELECT 1 FROM not_same WHERE not_same.record = ?2 AND not_same.other = ?1)";
    let found = tx
        .prepare_cached(sql)?
        .query_row([id.bytes(), other.bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found)
}

/// Other records that are stored under `lookup`, or near it.
fn alike(tx: &Transaction<'_>, view: &RecordView, lookup: &WeakLookup) -> Result<Vec<RecordId>, StoreError> {
    let sql = if lookup.near {
        // What is near begins with the same; no text goes on after the last code point.
        "SELECT record, key FROM weak_key
         WHERE kind = ?1 AND key >= ?2 AND key < ?2 || char(1114111) AND record <> ?3 LIMIT ?4"
    } else {
        "SELECT record, key FROM weak_key WHERE kind = ?1 AND key = ?2 AND record <> ?3 LIMIT ?4"
    };
    let start = if lookup.near {
        near_prefix(&lookup.key)
    } else {
        &lookup.key
    };
    let mut statement = tx.prepare_cached(sql)?;
    let mut rows = statement.query(params![view.kind, start, view.id.bytes(), ALIKE_MAX])?;
    let mut others = Vec::new();
    while let Some(row) = rows.next()? {
        if !lookup.near || is_near(&lookup.key, &row.get::<_, String>(1)?) {
            others.push(record_id(&row.get::<_, Vec<u8>>(0)?)?);
        }
    }
    others.sort_unstable();
    others.dedup();
    Ok(others)
}

/// The part of a weak key that says which key it is, without anybody's data: its number.
fn key_name(key: &str) -> &str {
    key.split('|').next().unwrap_or(key)
}

/// Where a record stands in the feeds.
pub(super) struct Place {
    /// Its unit.
    pub(super) unit: Option<UnitId>,
    /// Its newest applied change.
    pub(super) seq: u64,
    /// When it came to its unit.
    pub(super) entered: u64,
}

/// Where a record stands, if there is one.
pub(super) fn place(conn: &Connection, id: RecordId) -> Result<Option<Place>, StoreError> {
    let raw: Option<(Option<Vec<u8>>, u64, u64)> = conn
        .prepare_cached("SELECT unit, seq, entered FROM record WHERE id = ?1")?
        .query_row([id.bytes()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    Ok(raw.map(|(unit, seq, entered)| Place {
        unit: unit.as_deref().and_then(UnitId::from_slice),
        seq,
        entered,
    }))
}

/// The keys a record is stored under, in order.
pub(super) fn weak_keys(conn: &Connection, id: RecordId) -> Result<Vec<String>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT key FROM weak_key WHERE record = ?1 ORDER BY key")?;
    let keys = statement.query_map([id.bytes()], |row| row.get(0))?;
    Ok(keys.collect::<Result<_, _>>()?)
}

/// Removes everything derived of a record that the log says nothing applied of.
pub(super) fn remove(tx: &Transaction<'_>, id: RecordId) -> Result<(), StoreError> {
    let n: Option<i64> = tx
        .query_row(
            "DELETE FROM record WHERE id = ?1 RETURNING n",
            [id.bytes()],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(n) = n {
        tx.execute("DELETE FROM record_search WHERE rowid = ?1", [n])?;
    }
    fact::put(tx, id, None)?;
    tx.execute("DELETE FROM weak_key WHERE record = ?1", [id.bytes()])?;
    tx.execute("DELETE FROM not_same WHERE record = ?1", [id.bytes()])?;
    tx.execute(
        "DELETE FROM duplicate WHERE first = ?1 OR second = ?1",
        [id.bytes()],
    )?;
    Ok(())
}
