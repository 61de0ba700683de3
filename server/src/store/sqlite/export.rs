//! Records on their way out, over `record` and `change`.

use std::ops::ControlFlow;

use rusqlite::types::Value;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, params_from_iter};
use sync_core::id::UnitId;

use super::log::record_id;
use super::reader::{Conditions, marks, units};
use super::{SqliteStore, StoreError};
use crate::store::export::{ExportQuery, ExportReader, ExportedRecord, Mark};

impl ExportReader for SqliteStore {
    fn export(
        &self,
        query: &ExportQuery,
        each: &mut dyn FnMut(ExportedRecord) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        self.read(|conn| export(conn, query, each))
    }

    fn export_count(&self, query: &ExportQuery) -> Result<u64, StoreError> {
        self.read(|conn| {
            let conditions = conditions(query);
            let sql = format!(
                "SELECT count(*) FROM record WHERE {}",
                conditions.sql.join(" AND ")
            );
            let mut statement = conn.prepare_cached(&sql)?;
            Ok(statement.query_row(params_from_iter(conditions.values.iter()), |row| row.get(0))?)
        })
    }
}

fn conditions(query: &ExportQuery) -> Conditions {
    let mut conditions = Conditions::default();
    conditions.add("record.kind = ?", [Value::Text(query.kind.clone())]);
    conditions.reach("record.unit", "record.kind", &query.reach);
    if let Some(wanted) = &query.units {
        conditions.add(format!("record.unit IN ({})", marks(wanted.len())), units(wanted));
    }
    if let Some(state) = &query.state {
        conditions.add("record.state = ?", [Value::Text(state.clone())]);
    }
    if let Some(id) = &query.id {
        conditions.add("record.id = ?", [Value::Blob(id.bytes().to_vec())]);
    }
    if query.after > 0 {
        conditions.add("record.n > ?", [Value::Integer(query.after)]);
    }
    conditions
}

/// Places first (eight bytes each, out of the index), then the records one by one: nothing is sorted but numbers.
fn export(
    conn: &Connection,
    query: &ExportQuery,
    each: &mut dyn FnMut(ExportedRecord) -> ControlFlow<()>,
) -> Result<(), StoreError> {
    let conditions = conditions(query);
    let sql = format!(
        "SELECT record.n FROM record WHERE {}",
        conditions.sql.join(" AND ")
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let found = statement.query_map(params_from_iter(conditions.values.iter()), |row| row.get(0))?;
    let mut places: Vec<i64> = found.collect::<Result<_, _>>()?;
    places.sort_unstable();
    let mut record = conn.prepare_cached(
        "SELECT n, id, form, unit, answers, state, json_array_length(conflicts), json_array_length(findings),
                settled_at, seq
         FROM record WHERE n = ?1",
    )?;
    let change = |order: &str| {
        conn.prepare_cached(&format!(
            "SELECT bytes, received_at, seq FROM change WHERE record = ?1 AND seq IS NOT NULL ORDER BY seq {order} LIMIT 1"
        ))
    };
    let (mut first, mut last) = (change("ASC")?, change("DESC")?);
    for place in places {
        let (mut exported, seq) = record.query_row([place], |row| Ok((read(row), row.get::<_, i64>(9)?)))?;
        if query.marks
            && let Ok(exported) = &mut exported
        {
            let begun = mark(&mut first, exported)?;
            if begun.as_ref().is_some_and(|(_, at)| *at != seq) {
                exported.last = mark(&mut last, exported)?.map(|(mark, _)| mark);
            }
            exported.first = begun.map(|(mark, _)| mark);
        }
        if each(exported?).is_break() {
            break;
        }
    }
    Ok(())
}

fn mark(
    statement: &mut CachedStatement<'_>,
    record: &ExportedRecord,
) -> Result<Option<(Mark, i64)>, StoreError> {
    let read = |row: &Row<'_>| {
        let mark = Mark {
            bytes: row.get(0)?,
            received_at_ms: row.get(1)?,
        };
        Ok((mark, row.get(2)?))
    };
    Ok(statement.query_row([record.id.bytes()], read).optional()?)
}

fn read(row: &Row<'_>) -> Result<ExportedRecord, StoreError> {
    let unit: Option<Vec<u8>> = row.get(3)?;
    Ok(ExportedRecord {
        place: row.get(0)?,
        id: record_id(&row.get::<_, Vec<u8>>(1)?)?,
        form: row.get(2)?,
        unit: unit.as_deref().and_then(UnitId::from_slice),
        answers: row.get(4)?,
        state: row.get(5)?,
        conflicts: row.get(6)?,
        findings: row.get(7)?,
        settled_at_ms: row.get(8)?,
        first: None,
        last: None,
    })
}
