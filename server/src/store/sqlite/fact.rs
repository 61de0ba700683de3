//! Table `fact`: derived, made again by rebuild.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use schemas::report::{Body, Fact, Key, Kind, State};
use sync_core::id::{RecordId, UnitId};

use super::reader::summary_of;
use super::{SqliteStore, StoreError, current, odd};
use crate::store::fact::{FactReader, FactStore, HeadOfHousehold, HeldDevice};
use crate::store::reader::{Reach, RecordSummary};

const COLUMNS: &str = "kind, record, unit, day, state, same_as, conflict, findings, body";

impl FactStore for SqliteStore {
    fn facts(
        &self,
        work: &mut dyn FnMut(&dyn FactReader) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.read(|conn| work(&Snapshot(conn)))
    }

    fn facts_version(&self) -> Result<u64, StoreError> {
        self.read(|conn| current(conn, "facts_version"))
    }

    fn settle_facts(&self, version: u64) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.execute(
                "UPDATE counter SET value = ?1 WHERE name = 'facts_version'",
                [version],
            )?;
            Ok(())
        })
    }
}

/// Replaces the fact of a record, or takes it away. Its kind may be another than before.
pub(super) fn put(tx: &Transaction<'_>, id: RecordId, fact: Option<&Fact>) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM fact WHERE record = ?1")?
        .execute([id.bytes()])?;
    let Some(fact) = fact else { return Ok(()) };
    let sql = format!("INSERT INTO fact ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    tx.prepare_cached(&sql)?.execute(params![
        fact.body.kind() as u8,
        fact.record.0,
        fact.unit.map(|unit| unit.0),
        fact.day,
        fact.state.number(),
        fact.same_as.map(|survivor| survivor.0),
        fact.conflict,
        fact.findings,
        fact.body.encode(),
    ])?;
    Ok(())
}

/// The fact of a record.
pub(super) fn of(conn: &Connection, id: RecordId) -> Result<Option<Fact>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM fact WHERE record = ?1");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([id.bytes()])?;
    rows.next()?.map(read).transpose()
}

fn read(row: &Row<'_>) -> Result<Fact, StoreError> {
    let key = |at: usize| -> Result<Option<Key>, StoreError> {
        let bytes = row.get_ref(at)?.as_blob_or_null().map_err(|_| odd("fact"))?;
        let whole = bytes.map(|bytes| bytes.try_into().map(Key).map_err(|_| odd("fact")));
        whole.transpose()
    };
    let body = row.get_ref(8)?.as_blob().map_err(|_| odd("fact"))?;
    Ok(Fact {
        record: key(1)?.ok_or_else(|| odd("fact"))?,
        unit: key(2)?,
        day: row.get(3)?,
        state: State::of_number(row.get(4)?).ok_or_else(|| odd("fact"))?,
        same_as: key(5)?,
        conflict: row.get(6)?,
        findings: row.get(7)?,
        body: Body::decode(row.get(0)?, body).map_err(|_| odd("fact"))?,
    })
}

/// One moment of the store.
struct Snapshot<'a>(&'a Connection);

impl FactReader for Snapshot<'_> {
    fn scan(&self, kinds: &[Kind], see: &mut dyn FnMut(&Fact)) -> Result<(), StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM fact WHERE kind = ?1");
        let mut statement = self.0.prepare_cached(&sql)?;
        for kind in kinds {
            let mut rows = statement.query([*kind as u8])?;
            while let Some(row) = rows.next()? {
                see(&read(row)?);
            }
        }
        Ok(())
    }

    fn lost(&self) -> Result<Vec<Fact>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM fact AS loser WHERE same_as IS NOT NULL
             AND EXISTS (SELECT 1 FROM fact WHERE record = loser.same_as)"
        );
        let mut statement = self.0.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        let mut lost = Vec::new();
        while let Some(row) = rows.next()? {
            lost.push(read(row)?);
        }
        Ok(lost)
    }

    fn doubles(&self) -> Result<BTreeSet<Key>, StoreError> {
        let mut statement = self
            .0
            .prepare_cached("SELECT first FROM duplicate UNION ALL SELECT second FROM duplicate")?;
        let rows = statement.query_map([], |row| row.get(0).map(Key))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn held_devices(&self) -> Result<Vec<HeldDevice>, StoreError> {
        let sql = "SELECT id, user, (SELECT received_at FROM envelope WHERE envelope.device = device.id
                                     ORDER BY counter DESC LIMIT 1)
                   FROM device WHERE kind = 'field' AND revoked_at IS NULL ORDER BY id";
        let mut devices = self.0.prepare_cached(sql)?;
        let mut units = self
            .0
            .prepare_cached("SELECT unit FROM user_unit WHERE user = ?1")?;
        let mut rows = devices.query([])?;
        let mut held = Vec::new();
        while let Some(row) = rows.next()? {
            let user: Vec<u8> = row.get(1)?;
            let own = units.query_map([user], |row| row.get::<_, Vec<u8>>(0))?;
            let own = own.collect::<Result<Vec<_>, _>>()?;
            held.push(HeldDevice {
                units: own.iter().filter_map(|unit| UnitId::from_slice(unit)).collect(),
                heard_at_ms: row.get(2)?,
            });
        }
        Ok(held)
    }

    fn summaries(
        &self,
        reach: &Reach,
        records: &[Key],
        after: Option<Key>,
        limit: usize,
    ) -> Result<Vec<RecordSummary>, StoreError> {
        let mut found = Vec::new();
        for key in records
            .iter()
            .filter(|key| after.is_none_or(|after| **key > after))
        {
            let row = summary_of(self.0, key.0)?;
            found.extend(row.filter(|row| reach.holds(row.unit, &row.kind)));
            if found.len() == limit {
                break;
            }
        }
        Ok(found)
    }

    fn heads(&self, households: &[Key]) -> Result<Vec<HeadOfHousehold>, StoreError> {
        let sql = "SELECT title, json_extract(answers, '$.head_birth_year') FROM record WHERE id = ?1";
        let mut statement = self.0.prepare_cached(sql)?;
        let mut heads = Vec::new();
        for record in households {
            let head = statement
                .query_row([record.0], |row| {
                    Ok(HeadOfHousehold {
                        record: *record,
                        name: row.get(0)?,
                        birth_year: row.get(1).unwrap_or(None),
                    })
                })
                .optional()?;
            heads.extend(head);
        }
        Ok(heads)
    }
}
