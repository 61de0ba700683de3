//! What changed after a place in the log.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};
use sync_core::id::UnitId;

use super::{SqliteStore, StoreError, current};
use crate::store::reader::Reach;
use crate::store::{News, NewsStore};

impl NewsStore for SqliteStore {
    fn news(&self, reach: &Reach, after: u64, limit: usize) -> Result<News, StoreError> {
        self.read(|conn| news(conn, reach, after, limit))
    }
}

fn news(conn: &Connection, reach: &Reach, after: u64, limit: usize) -> Result<News, StoreError> {
    let mut news = News {
        seq: current(conn, "applied_seq")?,
        ..News::default()
    };
    if news.seq <= after {
        return Ok(news);
    }
    let scopes: Vec<(BTreeSet<UnitId>, Option<&Vec<String>>)> = match reach {
        Reach::All => Vec::new(),
        Reach::Scopes(scopes) => {
            let sets = scopes.iter();
            sets.map(|scope| (scope.units.iter().copied().collect(), scope.kinds.as_ref()))
                .collect()
        }
    };
    let holds = |unit: Option<UnitId>, kind: &String| {
        *reach == Reach::All
            || unit.is_some_and(|unit| {
                let mut scopes = scopes.iter();
                scopes.any(|(units, kinds)| {
                    units.contains(&unit) && kinds.is_none_or(|kinds| kinds.contains(kind))
                })
            })
    };
    let sql = "SELECT kind, unit FROM record WHERE seq > ?1 ORDER BY seq LIMIT ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![after, limit + 1])?;
    let mut seen = 0;
    while let Some(row) = rows.next()? {
        seen += 1;
        if seen > limit {
            news.more = true;
            break;
        }
        let (kind, unit): (String, Option<Vec<u8>>) = (row.get(0)?, row.get(1)?);
        let unit = unit.as_deref().and_then(UnitId::from_slice);
        if holds(unit, &kind) {
            news.units.extend(unit);
            *news.kinds.entry(kind).or_default() += 1;
        }
    }
    Ok(news)
}
