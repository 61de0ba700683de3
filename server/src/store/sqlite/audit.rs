//! Table `audit`: a chain of lines that is only added to.

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params, params_from_iter};
use serde_json::Value;
use sync_core::id::Digest32;

use super::{SqliteStore, StoreError, millis, odd};
use crate::audit::{AuditEntry, AuditLine, link};
use crate::store::{AuditQuery, AuditStore};

const COLUMNS: &str = "seq, at, actor, action, target, details, hash";

impl AuditStore for SqliteStore {
    fn note(&self, audit: AuditEntry) -> Result<(), StoreError> {
        self.write(|tx| append(tx, &audit))
    }

    fn audit_lines(&self, query: &AuditQuery) -> Result<Vec<AuditLine>, StoreError> {
        self.read(|conn| lines(conn, query))
    }

    fn audit_break(&self) -> Result<Option<i64>, StoreError> {
        self.read(first_break)
    }
}

fn lines(conn: &Connection, query: &AuditQuery) -> Result<Vec<AuditLine>, StoreError> {
    let mut sql = format!("SELECT {COLUMNS} FROM audit WHERE seq < ?");
    let mut values = vec![Sql::Integer(query.before.unwrap_or(i64::MAX))];
    if let Some(actors) = &query.actors {
        sql.push_str(&format!(" AND actor IN ({})", vec!["?"; actors.len()].join(", ")));
        values.extend(actors.iter().map(|actor| Sql::Text(actor.clone())));
    }
    for (column, wanted) in [("action", &query.action), ("target", &query.target)] {
        if let Some(wanted) = wanted {
            sql.push_str(&format!(" AND {column} = ?"));
            values.push(Sql::Text(wanted.clone()));
        }
    }
    for (bound, wanted) in [("at >= ?", query.from_ms), ("at < ?", query.to_ms)] {
        if let Some(wanted) = wanted {
            sql.push_str(&format!(" AND {bound}"));
            values.push(Sql::Integer(wanted));
        }
    }
    sql.push_str(&format!(" ORDER BY seq DESC LIMIT {}", query.limit));
    let mut statement = conn.prepare_cached(&sql)?;
    let raw = statement.query_map(params_from_iter(values.iter()), read)?;
    raw.map(|raw| complete(raw?)).collect()
}

/// Adds a line to the chain, in the transaction of the act it tells of.
pub(crate) fn append(tx: &Transaction<'_>, entry: &AuditEntry) -> Result<(), StoreError> {
    let (last, previous) = last(tx)?;
    let mut line = AuditLine {
        seq: last + 1,
        at_ms: millis(entry.at),
        actor: entry.actor.to_string(),
        action: entry.action.name().to_owned(),
        target: entry.target.clone(),
        details: Value::Object(entry.details.clone()).to_string(),
        hash: previous,
    };
    line.hash = link(previous, &line);
    tx.prepare_cached(
        "INSERT INTO audit (seq, at, actor, action, target, details, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![line.seq, line.at_ms, line.actor, line.action, line.target, line.details, line.hash.0])?;
    Ok(())
}

/// Number and hash of the last line ever written; zeros before the first.
fn last(conn: &Connection) -> Result<(i64, Digest32), StoreError> {
    let found: Option<(i64, Vec<u8>)> = conn
        .prepare_cached("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((seq, hash)) = found else {
        return Ok((0, Digest32([0; 32])));
    };
    Ok((seq, Digest32::from_slice(&hash).ok_or_else(|| odd("audit hash"))?))
}

fn first_break(conn: &Connection) -> Result<Option<i64>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM audit ORDER BY seq");
    let mut statement = conn.prepare(&sql)?;
    let (mut seq, mut previous) = (0, Digest32([0; 32]));
    for raw in statement.query_map([], read)? {
        let line = complete(raw?)?;
        seq += 1;
        if line.seq != seq || link(previous, &line) != line.hash {
            return Ok(Some(seq));
        }
        previous = line.hash;
    }
    // SQLite remembers the highest number it gave, so a cut tail shows too.
    let given: Option<i64> = conn
        .query_row(
            "SELECT seq FROM sqlite_sequence WHERE name = 'audit'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    Ok((given.unwrap_or(0) > seq).then_some(seq + 1))
}

type Raw = (AuditLine, Vec<u8>);

fn read(row: &Row<'_>) -> rusqlite::Result<Raw> {
    let line = AuditLine {
        seq: row.get(0)?,
        at_ms: row.get(1)?,
        actor: row.get(2)?,
        action: row.get(3)?,
        target: row.get(4)?,
        details: row.get(5)?,
        hash: Digest32([0; 32]),
    };
    Ok((line, row.get(6)?))
}

fn complete((mut line, hash): Raw) -> Result<AuditLine, StoreError> {
    line.hash = Digest32::from_slice(&hash).ok_or_else(|| odd("audit hash"))?;
    Ok(line)
}
