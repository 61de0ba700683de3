//! Table `carrier`: which devices hold which envelopes, and so are told what becomes of them.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sync_core::frame::EnvelopeName;
use sync_core::id::{DeviceId, RecordId};

use super::StoreError;
use super::log::names_of_items;

/// Notes that `device` holds an envelope of the log.
pub(super) fn note(tx: &Transaction<'_>, name: EnvelopeName, device: DeviceId) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO carrier (envelope, device) SELECT n, ?3 FROM envelope WHERE device = ?1 AND counter = ?2
         ON CONFLICT DO NOTHING",
    )?
    .execute(params![name.device.bytes(), name.counter, device.bytes()])?;
    Ok(())
}

/// Those of `names` that are in the log and of which nothing is noted for `device`.
pub(super) fn missing(
    conn: &Connection,
    names: &[EnvelopeName],
    device: DeviceId,
) -> Result<Vec<EnvelopeName>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT 1 FROM envelope WHERE device = ?1 AND counter = ?2
         AND NOT EXISTS (SELECT 1 FROM carrier WHERE carrier.envelope = envelope.n AND carrier.device = ?3)",
    )?;
    let mut missing = Vec::new();
    for name in names {
        if statement.exists(params![name.device.bytes(), name.counter, device.bytes()])? {
            missing.push(*name);
        }
    }
    Ok(missing)
}

/// The records that those of `names` that are in the log touch.
pub(super) fn records_of(
    conn: &Connection,
    names: &[EnvelopeName],
) -> Result<BTreeSet<RecordId>, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT items FROM envelope WHERE device = ?1 AND counter = ?2")?;
    let mut records = BTreeSet::new();
    for name in names {
        let key = params![name.device.bytes(), name.counter];
        let items: Option<Vec<u8>> = statement.query_row(key, |row| row.get(0)).optional()?;
        let items = names_of_items(&items.unwrap_or_default())?;
        records.extend(items.into_iter().map(|(record, _)| record));
    }
    Ok(records)
}
