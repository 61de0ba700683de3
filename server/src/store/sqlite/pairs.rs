//! Table `duplicate`: pairs that look alike, and which of them still ask for a decision.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::StoreError;
use super::reader::{Conditions, SUMMARY, marks, summary, units};
use crate::store::reader::{DuplicatePair, PairQuery};

/// Columns of [`SUMMARY`].
const COLUMNS: usize = 9;
/// Neither stands for the other, and no officer has said that they are others.
const OPEN: &str = "record.same_as IS NULL AND other.same_as IS NULL
    AND NOT EXISTS (SELECT 1 FROM not_same
                    WHERE (not_same.record = duplicate.first AND not_same.other = duplicate.second)
                       OR (not_same.record = duplicate.second AND not_same.other = duplicate.first))";

/// The pairs that answer the question, in their order.
pub(super) fn list(conn: &Connection, query: &PairQuery) -> Result<Vec<DuplicatePair>, StoreError> {
    let second = SUMMARY.replace("record.", "other.");
    let columns = format!("{SUMMARY}, {second}, why, record.answers, other.answers");
    let (sql, values) = question(&columns, query);
    let sql = format!(
        "{sql} ORDER BY duplicate.first, duplicate.second LIMIT {}",
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
    let (sql, values) = question("count(*)", query);
    let mut statement = conn.prepare_cached(&sql)?;
    Ok(statement.query_row(params_from_iter(values.iter()), |row| row.get(0))?)
}

fn question(columns: &str, query: &PairQuery) -> (String, Vec<Value>) {
    let mut conditions = Conditions::default();
    let (first, second) = query
        .after
        .map(|(first, second)| (first.bytes().to_vec(), second.bytes().to_vec()))
        .unwrap_or_default();
    conditions.add(
        "(duplicate.first, duplicate.second) > (?, ?)",
        [Value::Blob(first), Value::Blob(second)],
    );
    conditions.add(OPEN, []);
    conditions.reach("record", &query.reach);
    conditions.reach("other", &query.reach);
    if let Some(kind) = &query.kind {
        conditions.add("duplicate.kind = ?", [Value::Text(kind.clone())]);
    }
    if let Some(wanted) = &query.units {
        let marks = marks(wanted.len());
        let twice = units(wanted).chain(units(wanted));
        conditions.add(
            format!("(record.unit IN ({marks}) OR other.unit IN ({marks}))"),
            twice,
        );
    }
    if let Some(before) = query.updated_before_ms {
        conditions.add(
            "max(record.settled_at, other.settled_at) <= ?",
            [Value::Integer(before)],
        );
    }
    let sql = format!(
        "SELECT {columns} FROM duplicate
         JOIN record ON record.id = duplicate.first JOIN record AS other ON other.id = duplicate.second
         WHERE {}",
        conditions.sql.join(" AND ")
    );
    (sql, conditions.values)
}
