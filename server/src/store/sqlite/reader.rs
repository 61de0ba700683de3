//! Lists and searches over `record`, `record_search`, `duplicate` and `change`.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params, params_from_iter};
use sync_core::id::{ChangeHash, DeviceId, RecordId, UnitId};

use super::log::{change_hash, park_reason, record_id};
use super::{SqliteStore, StoreError, archive};
use crate::store::reader::{AsideSummary, DuplicatePair, Reach, RecordQuery, RecordReader, RecordSummary};
use crate::store::record::{FeedScope, RecordView};

const SUMMARY: &str =
    "record.n, record.id, record.kind, record.title, record.unit, record.state, record.conflict,
                       json_array_length(record.findings), record.settled_at";
const ASIDE: &str = "n, hash, record, signer, bytes, reason, received_at";

impl RecordReader for SqliteStore {
    fn list(&self, query: &RecordQuery) -> Result<Vec<RecordSummary>, StoreError> {
        self.read(|conn| list(conn, query))
    }

    fn one(&self, reach: &Reach, id: RecordId) -> Result<Option<RecordView>, StoreError> {
        self.read(|conn| {
            let view = archive::view(conn, id)?;
            Ok(view.filter(|view| within(reach, view.unit, &view.kind)))
        })
    }

    fn received(&self, id: RecordId) -> Result<Vec<(ChangeHash, i64)>, StoreError> {
        self.read(|conn| {
            let sql =
                "SELECT hash, received_at FROM change WHERE record = ?1 AND seq IS NOT NULL ORDER BY seq";
            let mut statement = conn.prepare_cached(sql)?;
            let rows =
                statement.query_map([id.bytes()], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?)))?;
            rows.map(|row| {
                row.map_err(Into::into)
                    .and_then(|(hash, at)| Ok((change_hash(&hash)?, at)))
            })
            .collect()
        })
    }

    fn aside(&self, id: RecordId) -> Result<Vec<AsideSummary>, StoreError> {
        self.read(|conn| {
            let sql = format!(
                "SELECT {ASIDE} FROM change WHERE record = ?1 AND state IN ('waiting', 'parked') ORDER BY n"
            );
            asides(conn, &sql, params![id.bytes()])
        })
    }

    fn parked_changes(&self, after: i64, limit: usize) -> Result<Vec<AsideSummary>, StoreError> {
        self.read(|conn| {
            let sql = format!(
                "SELECT {ASIDE} FROM change WHERE state = 'parked' AND reason <> 'dismissed' AND n > ?1 ORDER BY n LIMIT ?2"
            );
            asides(conn, &sql, params![after, limit])
        })
    }

    fn duplicates(
        &self,
        reach: &Reach,
        after: Option<(RecordId, RecordId)>,
        limit: usize,
    ) -> Result<Vec<DuplicatePair>, StoreError> {
        self.read(|conn| duplicates(conn, reach, after, limit))
    }
}

/// True if a record of that unit and kind is within reach.
pub(super) fn within(reach: &Reach, unit: Option<UnitId>, kind: &str) -> bool {
    let in_scope = |scope: &FeedScope| {
        unit.is_some_and(|unit| scope.units.contains(&unit))
            && scope
                .kinds
                .as_ref()
                .is_none_or(|kinds| kinds.iter().any(|known| known == kind))
    };
    match reach {
        Reach::All => true,
        Reach::Scopes(scopes) => scopes.iter().any(in_scope),
    }
}

/// Conditions and their values, in step.
#[derive(Default)]
struct Conditions {
    sql: Vec<String>,
    values: Vec<Value>,
}

impl Conditions {
    fn add(&mut self, sql: impl Into<String>, values: impl IntoIterator<Item = Value>) {
        self.sql.push(sql.into());
        self.values.extend(values);
    }

    fn reach(&mut self, reach: &Reach) {
        let Reach::Scopes(scopes) = reach else { return };
        let mut any = Vec::new();
        for scope in scopes {
            let mut all = format!("record.unit IN ({})", marks(scope.units.len()));
            self.values.extend(units(&scope.units));
            if let Some(kinds) = &scope.kinds {
                all = format!("({all} AND record.kind IN ({}))", marks(kinds.len()));
                self.values
                    .extend(kinds.iter().map(|kind| Value::Text(kind.clone())));
            }
            any.push(all);
        }
        self.sql.push(if any.is_empty() {
            "0".to_owned()
        } else {
            format!("({})", any.join(" OR "))
        });
    }
}

fn marks(count: usize) -> String {
    vec!["?"; count].join(", ")
}

fn units(units: &[UnitId]) -> impl Iterator<Item = Value> {
    units.iter().map(|unit| Value::Blob(unit.bytes().to_vec()))
}

fn list(conn: &Connection, query: &RecordQuery) -> Result<Vec<RecordSummary>, StoreError> {
    let mut conditions = Conditions::default();
    conditions.add("record.n > ?", [Value::Integer(query.after)]);
    conditions.reach(&query.reach);
    if let Some(kind) = &query.kind {
        conditions.add("record.kind = ?", [Value::Text(kind.clone())]);
    }
    if let Some(wanted) = &query.units {
        conditions.add(format!("record.unit IN ({})", marks(wanted.len())), units(wanted));
    }
    if let Some(state) = &query.state {
        conditions.add("record.state = ?", [Value::Text(state.clone())]);
    }
    if let Some(after) = query.updated_after_ms {
        conditions.add("record.settled_at > ?", [Value::Integer(after)]);
    }
    if query.conflicts_only {
        conditions.add("record.conflict IS NOT NULL", []);
    }
    if !query.words.is_empty() {
        // Quotes make a word literal to the search engine, the star lets it be only begun.
        let words: Vec<String> = query
            .words
            .iter()
            .map(|word| format!("\"{}\"*", word.replace('"', "")))
            .collect();
        conditions.add(
            "record.n IN (SELECT rowid FROM record_search WHERE record_search MATCH ?)",
            [Value::Text(words.join(" "))],
        );
    }
    let sql = format!(
        "SELECT {SUMMARY} FROM record WHERE {} ORDER BY record.n LIMIT {}",
        conditions.sql.join(" AND "),
        query.limit
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(conditions.values.iter()))?;
    let mut items = Vec::new();
    while let Some(row) = rows.next()? {
        items.push(summary(row, 0)?);
    }
    Ok(items)
}

fn summary(row: &Row<'_>, at: usize) -> Result<RecordSummary, StoreError> {
    let unit: Option<Vec<u8>> = row.get(at + 4)?;
    Ok(RecordSummary {
        place: row.get(at)?,
        id: record_id(&row.get::<_, Vec<u8>>(at + 1)?)?,
        kind: row.get(at + 2)?,
        title: row.get(at + 3)?,
        unit: unit.as_deref().and_then(UnitId::from_slice),
        state: row.get(at + 5)?,
        conflict: row.get(at + 6)?,
        findings: row.get(at + 7)?,
        updated_at_ms: row.get(at + 8)?,
    })
}

/// A record as a row of a list.
pub(super) fn summary_of(conn: &Connection, id: [u8; 16]) -> Result<Option<RecordSummary>, StoreError> {
    let sql = format!("SELECT {SUMMARY} FROM record WHERE id = ?1");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([id])?;
    rows.next()?.map(|row| summary(row, 0)).transpose()
}

fn asides(
    conn: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<AsideSummary>, StoreError> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut items = Vec::new();
    while let Some(row) = rows.next()? {
        let signer: Option<Vec<u8>> = row.get(3)?;
        let reason: Option<String> = row.get(5)?;
        items.push(AsideSummary {
            place: row.get(0)?,
            change: change_hash(&row.get::<_, Vec<u8>>(1)?)?,
            record: record_id(&row.get::<_, Vec<u8>>(2)?)?,
            signer: signer.as_deref().and_then(DeviceId::from_slice),
            bytes: row.get(4)?,
            reason: reason.as_deref().map(park_reason).transpose()?,
            received_at_ms: row.get(6)?,
        });
    }
    Ok(items)
}

/// A parked change by its hash.
pub(super) fn parked(conn: &Connection, hash: ChangeHash) -> Result<Option<AsideSummary>, StoreError> {
    let sql = format!("SELECT {ASIDE} FROM change WHERE hash = ?1 AND state = 'parked'");
    Ok(asides(conn, &sql, params![hash.0])?.into_iter().next())
}

fn duplicates(
    conn: &Connection,
    reach: &Reach,
    after: Option<(RecordId, RecordId)>,
    limit: usize,
) -> Result<Vec<DuplicatePair>, StoreError> {
    let second = SUMMARY.replace("record.", "other.");
    let sql = format!(
        "SELECT {SUMMARY}, {second}, why FROM duplicate
         JOIN record ON record.id = duplicate.first JOIN record AS other ON other.id = duplicate.second
         WHERE (duplicate.first, duplicate.second) > (?1, ?2) ORDER BY duplicate.first, duplicate.second"
    );
    let (first, second) = after
        .map(|(a, b)| (a.bytes().to_vec(), b.bytes().to_vec()))
        .unwrap_or_default();
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params![first, second])?;
    let mut pairs = Vec::new();
    while let Some(row) = rows.next()? {
        let (first, second) = (summary(row, 0)?, summary(row, 9)?);
        if within(reach, first.unit, &first.kind) && within(reach, second.unit, &second.kind) {
            let why: String = row.get(18)?;
            pairs.push(DuplicatePair {
                first,
                second,
                why: serde_json::from_str(&why).unwrap_or_default(),
            });
        }
        if pairs.len() == limit {
            break;
        }
    }
    Ok(pairs)
}
