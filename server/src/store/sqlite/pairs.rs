//! Table `duplicate`: pairs that look alike and still ask for a decision.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::StoreError;
use super::reader::{Conditions, SUMMARY, marks, summary, units};
use crate::store::reader::{DuplicatePair, PairQuery};

/// Columns of [`SUMMARY`].
const COLUMNS: usize = 10;
/// The pairs that answer the question, in their order.
pub(super) fn list(conn: &Connection, query: &PairQuery) -> Result<Vec<DuplicatePair>, StoreError> {
    let second = SUMMARY.replace("record.", "other.");
    let columns = format!("{SUMMARY}, {second}, why, record.answers, other.answers");
    let (all, values) = question(query);
    let sql = format!(
        "SELECT {columns} FROM duplicate
         CROSS JOIN record ON record.id = duplicate.first CROSS JOIN record AS other ON other.id = duplicate.second
         WHERE {all} ORDER BY duplicate.first, duplicate.second LIMIT {}",
        query.limit
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(values.iter()))?;
    let mut pairs = Vec::new();
    while let Some(row) = rows.next()? {
        let why: String = row.get(2 * COLUMNS)?;
        pairs.push(DuplicatePair {
            first: summary(row, 0)?,
            second: summary(row, COLUMNS)?,
            why: serde_json::from_str(&why).unwrap_or_default(),
            answers: (row.get(2 * COLUMNS + 1)?, row.get(2 * COLUMNS + 2)?),
        });
    }
    Ok(pairs)
}

/// How many pairs answer the question.
pub(super) fn count(conn: &Connection, query: &PairQuery) -> Result<u64, StoreError> {
    let (all, values) = question(query);
    let sql = format!("SELECT count(*) FROM duplicate WHERE {all}");
    let mut statement = conn.prepare_cached(&sql)?;
    Ok(statement.query_row(params_from_iter(values.iter()), |row| row.get(0))?)
}

/// The conditions of a question, with their values. They ask the pairs alone.
fn question(query: &PairQuery) -> (String, Vec<Value>) {
    let mut conditions = Conditions::default();
    let (first, second) = query
        .after
        .map(|(first, second)| (first.bytes().to_vec(), second.bytes().to_vec()))
        .unwrap_or_default();
    conditions.add(
        "(duplicate.first, duplicate.second) > (?, ?)",
        [Value::Blob(first), Value::Blob(second)],
    );
    conditions.reach("duplicate.first_unit", "duplicate.kind", &query.reach);
    conditions.reach("duplicate.second_unit", "duplicate.kind", &query.reach);
    if let Some(kind) = &query.kind {
        conditions.add("duplicate.kind = ?", [Value::Text(kind.clone())]);
    }
    if let Some(wanted) = &query.units {
        let marks = marks(wanted.len());
        let twice = units(wanted).chain(units(wanted));
        conditions.add(
            format!("(duplicate.first_unit IN ({marks}) OR duplicate.second_unit IN ({marks}))"),
            twice,
        );
    }
    if let Some(before) = query.updated_before_ms {
        conditions.add("duplicate.settled_at <= ?", [Value::Integer(before)]);
    }
    (conditions.sql.join(" AND "), conditions.values)
}
