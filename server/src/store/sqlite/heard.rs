//! What devices said of themselves, and which of them are silent.

use std::collections::BTreeMap;

use rusqlite::types::Value;
use rusqlite::{Connection, Transaction, params, params_from_iter};
use sync_core::id::{DeviceId, UnitId};

use super::device::{COLUMNS, RawDevice};
use super::{StoreError, millis, odd, user};
use crate::store::{DeviceQuery, DeviceReach, Heard, HeldDevice};

/// Writes what was noted. A device that said something later already keeps that.
pub(super) fn put(tx: &Transaction<'_>, heard: &BTreeMap<DeviceId, Heard>) -> Result<(), StoreError> {
    for (device, said) in heard {
        tx.prepare_cached(
            "UPDATE device SET last_sync_at = ?2, program = ?3, pending = ?4, clock_skew_ms = ?5 WHERE id = ?1",
        )?
        .execute(params![
            device.bytes(),
            millis(said.at),
            said.program,
            i64::try_from(said.pending).unwrap_or(i64::MAX),
            said.clock_skew_ms,
        ])?;
    }
    Ok(())
}

/// Devices that answer the question, by id, with who holds them.
pub(super) fn devices(conn: &Connection, query: &DeviceQuery) -> Result<Vec<HeldDevice>, StoreError> {
    let (conditions, mut values) = conditions(query);
    let columns: Vec<String> = COLUMNS.split(", ").map(|name| format!("device.{name}")).collect();
    let sql = format!(
        "SELECT {} FROM device JOIN user ON user.id = device.user WHERE {conditions} AND device.id > ?
         ORDER BY device.id LIMIT {}",
        columns.join(", "),
        query.limit
    );
    values.push(Value::Blob(
        query.after.map(|id| id.bytes().to_vec()).unwrap_or_default(),
    ));
    let mut statement = conn.prepare_cached(&sql)?;
    let raw = statement.query_map(params_from_iter(values.iter()), RawDevice::read)?;
    raw.map(|raw| {
        let device = raw?.complete()?;
        let holder = user::user(conn, device.user)?.ok_or_else(|| odd("holder"))?;
        Ok(HeldDevice { device, holder })
    })
    .collect()
}

/// How many devices answer the question, wherever it begins and ends.
pub(super) fn count(conn: &Connection, query: &DeviceQuery) -> Result<u64, StoreError> {
    let (conditions, values) = conditions(query);
    let sql = format!("SELECT count(*) FROM device JOIN user ON user.id = device.user WHERE {conditions}");
    let mut statement = conn.prepare_cached(&sql)?;
    Ok(statement.query_row(params_from_iter(values.iter()), |row| row.get(0))?)
}

fn conditions(query: &DeviceQuery) -> (String, Vec<Value>) {
    let mut sql = vec!["1".to_owned()];
    let mut values = Vec::new();
    if let DeviceReach::Field { own, units } = &query.reach {
        sql.push(format!(
            "(device.user = ? OR (user.role IN ('village_head', 'commune_cadre') AND NOT EXISTS (
                SELECT 1 FROM user_unit WHERE user_unit.user = device.user AND user_unit.unit NOT IN ({}))))",
            marks(units)
        ));
        values.push(Value::Blob(own.bytes().to_vec()));
        values.extend(blobs(units));
    }
    if let Some(user) = query.user {
        sql.push("device.user = ?".to_owned());
        values.push(Value::Blob(user.bytes().to_vec()));
    }
    if let Some(units) = &query.units {
        sql.push(format!(
            "EXISTS (SELECT 1 FROM user_unit WHERE user_unit.user = device.user AND user_unit.unit IN ({}))",
            marks(units)
        ));
        values.extend(blobs(units));
    }
    if let Some(kind) = query.kind {
        sql.push("device.kind = ?".to_owned());
        values.push(Value::Text(kind.name().to_owned()));
    }
    if let Some(revoked) = query.revoked {
        let is = if revoked { "IS NOT" } else { "IS" };
        sql.push(format!("device.revoked_at {is} NULL"));
    }
    if let Some(since) = query.silent_since_ms {
        sql.push(
            "device.kind = 'field' AND device.revoked_at IS NULL AND user.disabled_at IS NULL
             AND coalesce(device.last_sync_at, device.created_at) < ?"
                .to_owned(),
        );
        values.push(Value::Integer(since));
    }
    (sql.join(" AND "), values)
}

fn marks(units: &[UnitId]) -> String {
    vec!["?"; units.len()].join(", ")
}

fn blobs(units: &[UnitId]) -> impl Iterator<Item = Value> {
    units.iter().map(|unit| Value::Blob(unit.bytes().to_vec()))
}
