//! Lists and searches over `record`, `record_search`, `duplicate` and `change`.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params, params_from_iter};
use sync_core::id::{ChangeHash, DeviceId, RecordId, UnitId};

use super::log::{change_hash, park_reason, record_id};
use super::{SqliteStore, StoreError, archive, pairs};
use crate::store::reader::{
    AsideSummary, DuplicatePair, Eyes, PairQuery, Reach, RecordQuery, RecordReader, RecordSummary,
};
use crate::store::record::RecordView;

pub(super) const SUMMARY: &str =
    "record.n, record.id, record.kind, record.title, record.unit, record.state, record.conflict,
                       json_array_length(record.findings), record.settled_at, record.heads";
const ASIDE: &str =
    "change.n, hash, change.record, signer, bytes, reason, received_at, record.unit, record.kind
                     FROM change LEFT JOIN record ON record.id = change.record";

impl RecordReader for SqliteStore {
    fn list(&self, query: &RecordQuery) -> Result<Vec<RecordSummary>, StoreError> {
        self.read(|conn| list(conn, query))
    }

    fn one(&self, reach: &Reach, id: RecordId) -> Result<Option<RecordView>, StoreError> {
        self.read(|conn| {
            let view = archive::view(conn, id)?;
            Ok(view.filter(|view| reach.holds(view.unit, &view.kind)))
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
                "SELECT {ASIDE} WHERE change.record = ?1 AND change.state IN ('waiting', 'parked') ORDER BY change.n"
            );
            asides(conn, &sql, params![id.bytes()])
        })
    }

    fn parked_changes(&self, after: i64, limit: usize) -> Result<Vec<AsideSummary>, StoreError> {
        self.read(|conn| {
            let sql = format!(
                "SELECT {ASIDE} WHERE change.state = 'parked' AND reason <> 'dismissed' AND change.n > ?1
                 ORDER BY change.n LIMIT ?2"
            );
            asides(conn, &sql, params![after, limit])
        })
    }

    fn count(&self, query: &RecordQuery) -> Result<u64, StoreError> {
        self.read(|conn| {
            let conditions = conditions(query);
            let from = index(query).map_or_else(String::new, |index| format!(" INDEXED BY {index}"));
            let all = conditions.sql.join(" AND ");
            let sql = format!("SELECT count(*) FROM record{from} WHERE {all}");
            let mut statement = conn.prepare_cached(&sql)?;
            Ok(statement.query_row(params_from_iter(conditions.values.iter()), |row| row.get(0))?)
        })
    }

    fn duplicates(&self, query: &PairQuery) -> Result<Vec<DuplicatePair>, StoreError> {
        self.read(|conn| pairs::list(conn, query))
    }

    fn count_duplicates(&self, query: &PairQuery) -> Result<u64, StoreError> {
        self.read(|conn| pairs::count(conn, query))
    }

    fn merged_away(&self, after: Option<RecordId>, limit: usize) -> Result<Vec<RecordId>, StoreError> {
        self.read(|conn| {
            let sql = "SELECT id FROM record WHERE same_as IS NOT NULL AND id > ?1 ORDER BY id LIMIT ?2";
            let after = after.map(|after| after.bytes().to_vec()).unwrap_or_default();
            let mut statement = conn.prepare_cached(sql)?;
            let rows = statement.query_map(params![after, limit], |row| row.get::<_, Vec<u8>>(0))?;
            rows.map(|id| record_id(&id?)).collect()
        })
    }

    fn merged_into(&self, id: RecordId) -> Result<Vec<RecordId>, StoreError> {
        self.read(|conn| {
            let mut statement =
                conn.prepare_cached("SELECT id FROM record WHERE same_as = ?1 ORDER BY id")?;
            let rows = statement.query_map([id.bytes()], |row| row.get::<_, Vec<u8>>(0))?;
            rows.map(|id| record_id(&id?)).collect()
        })
    }
}

/// Conditions and their values, in step.
#[derive(Default)]
pub(super) struct Conditions {
    pub(super) sql: Vec<String>,
    pub(super) values: Vec<Value>,
}

impl Conditions {
    pub(super) fn add(&mut self, sql: impl Into<String>, values: impl IntoIterator<Item = Value>) {
        self.sql.push(sql.into());
        self.values.extend(values);
    }

    /// The record with that unit and kind lies within reach.
    pub(super) fn reach(&mut self, unit: &str, kind: &str, reach: &Reach) {
        let Reach::Scopes(scopes) = reach else { return };
        let mut any = Vec::new();
        for scope in scopes {
            let mut all = format!("{unit} IN ({})", marks(scope.units.len()));
            self.values.extend(units(&scope.units));
            if let Some(kinds) = &scope.kinds {
                all = format!("({all} AND {kind} IN ({}))", marks(kinds.len()));
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

pub(super) fn marks(count: usize) -> String {
    vec!["?"; count].join(", ")
}

pub(super) fn units(units: &[UnitId]) -> impl Iterator<Item = Value> {
    units.iter().map(|unit| Value::Blob(unit.bytes().to_vec()))
}

fn conditions(query: &RecordQuery) -> Conditions {
    let mut conditions = Conditions::default();
    conditions.add("record.n > ?", [Value::Integer(query.after)]);
    conditions.reach("record.unit", "record.kind", &query.reach);
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
    if let Some(before) = query.updated_before_ms {
        conditions.add("record.settled_at <= ?", [Value::Integer(before)]);
    }
    if !query.merged {
        conditions.add("record.same_as IS NULL", []);
    }
    // Word for word the conditions of the indexes that serve them.
    match query.eyes {
        Some(Eyes::Conflict) => conditions.add("record.conflict = 'hard'", []),
        Some(Eyes::Finding) => conditions.add(
            "record.findings <> '[]' AND record.state IN ('received', 'edited')",
            [],
        ),
        Some(Eyes::Edited) => conditions.add("record.state = 'edited'", []),
        None => {}
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
    conditions
}

/// The index in whose order the places of a list stand, where the planner would not see it: what somebody has to look at
/// is little of all, and who reads every unit asks for one kind.
fn index(query: &RecordQuery) -> Option<&'static str> {
    match query.eyes {
        Some(Eyes::Conflict) => Some("record_conflict"),
        Some(Eyes::Finding) => Some("record_finding"),
        Some(Eyes::Edited) => Some("record_edited"),
        None => {
            let plain = query.reach == Reach::All && query.units.is_none() && query.words.is_empty();
            (plain && query.kind.is_some()).then_some("record_of_kind")
        }
    }
}

fn list(conn: &Connection, query: &RecordQuery) -> Result<Vec<RecordSummary>, StoreError> {
    let conditions = conditions(query);
    let all = conditions.sql.join(" AND ");
    // The places come out of an index that answers every condition, and only the rows that are shown are read. Of some
    // units only, few places in a row are theirs: the plus sign keeps the planner from walking all of them.
    let (from, order) = match index(query) {
        Some(index) => (format!("record INDEXED BY {index}"), "record.n"),
        None if query.units.is_some() || query.reach != Reach::All => ("record".to_owned(), "+record.n"),
        None => ("record".to_owned(), "record.n"),
    };
    let sql = format!(
        "SELECT {SUMMARY} FROM record WHERE record.n IN
             (SELECT record.n FROM {from} WHERE {all} ORDER BY {order} LIMIT {limit})
         ORDER BY record.n",
        limit = query.limit
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(conditions.values.iter()))?;
    let mut items = Vec::new();
    while let Some(row) = rows.next()? {
        items.push(summary(row, 0)?);
    }
    Ok(items)
}

pub(super) fn summary(row: &Row<'_>, at: usize) -> Result<RecordSummary, StoreError> {
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
        heads: row
            .get::<_, Vec<u8>>(at + 9)?
            .chunks(32)
            .filter_map(ChangeHash::from_slice)
            .collect(),
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
            home: home(row, 7)?,
        });
    }
    Ok(items)
}

/// A parked change by its hash.
pub(super) fn parked(conn: &Connection, hash: ChangeHash) -> Result<Option<AsideSummary>, StoreError> {
    let sql = format!("SELECT {ASIDE} WHERE hash = ?1 AND change.state = 'parked'");
    Ok(asides(conn, &sql, params![hash.0])?.into_iter().next())
}

/// The unit and kind of a record that may not be there.
fn home(row: &Row<'_>, at: usize) -> Result<Option<(Option<UnitId>, String)>, StoreError> {
    let unit: Option<Vec<u8>> = row.get(at)?;
    let kind: Option<String> = row.get(at + 1)?;
    Ok(kind.map(|kind| (unit.as_deref().and_then(UnitId::from_slice), kind)))
}
