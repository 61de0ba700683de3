//! Certificates: what the server says of each device, in table `device`.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use sync_core::cert::{DeviceCert, SignedCert};
use sync_core::id::{DeviceId, UserId};

use super::device::{device, devices};
use super::{StoreError, next, odd, user};
use crate::access::Keys;
use crate::store::StoredCert;

/// Issues new certificates for all devices of a person.
pub(super) fn reissue_of_user(tx: &Transaction<'_>, user: UserId, keys: &Keys) -> Result<(), StoreError> {
    for device in devices(tx, Some(user), None, usize::MAX >> 1)? {
        reissue(tx, device.id, keys)?;
    }
    Ok(())
}

/// Issues new certificates for every device, with serials above `floor`: after a restore, phones
/// know certificates this database has forgotten.
pub(super) fn reissue_all(tx: &Transaction<'_>, floor: u64, keys: &Keys) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE counter SET value = max(value + 1048576, ?1) WHERE name = 'cert_serial'",
        [i64::try_from(floor).unwrap_or(i64::MAX >> 1)],
    )?;
    for device in devices(tx, None, None, usize::MAX >> 1)? {
        reissue(tx, device.id, keys)?;
    }
    Ok(())
}

/// Writes the certificate that says how things stand now, under the next serial.
pub(super) fn reissue(tx: &Transaction<'_>, id: DeviceId, keys: &Keys) -> Result<(), StoreError> {
    let known = device(tx, id)?.ok_or_else(|| odd("device"))?;
    let holder = user::user(tx, known.user)?.ok_or_else(|| odd("holder"))?;
    let serial = next(tx, "cert_serial")?;
    let cert = DeviceCert {
        project: keys.project,
        device: id,
        public_key: known.public_key,
        user: holder.id,
        user_name: holder.name,
        role: holder.role,
        units: holder.units,
        serial,
        revoked: known.revoked_at.is_some() || holder.disabled_at.is_some(),
    };
    let signed = SignedCert::sign(&cert, &keys.signing);
    let bytes = minicbor::to_vec(&signed).map_err(|error| StoreError::Internal(error.to_string()))?;
    tx.execute(
        "UPDATE device SET serial = ?2, cert = ?3 WHERE id = ?1",
        params![id.bytes(), serial, bytes],
    )?;
    Ok(())
}

/// The newest certificate of a device.
pub(crate) fn cert(conn: &Connection, device: DeviceId) -> Result<Option<StoredCert>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT serial, id, cert FROM device WHERE id = ?1")?;
    let raw = statement.query_row([device.bytes()], read_cert).optional()?;
    raw.map(complete_cert).transpose()
}

/// Newest certificates with a serial above `serial`, by serial.
pub(crate) fn certs_since(
    conn: &Connection,
    serial: u64,
    limit: usize,
) -> Result<Vec<StoredCert>, StoreError> {
    let serial = i64::try_from(serial).unwrap_or(i64::MAX);
    let mut statement = conn
        .prepare_cached("SELECT serial, id, cert FROM device WHERE serial > ?1 ORDER BY serial LIMIT ?2")?;
    statement
        .query_map(params![serial, limit], read_cert)?
        .map(|raw| complete_cert(raw?))
        .collect()
}

type RawCert = (u64, Vec<u8>, Vec<u8>);

fn read_cert(row: &Row<'_>) -> rusqlite::Result<RawCert> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn complete_cert((serial, device, cert): RawCert) -> Result<StoredCert, StoreError> {
    let device = DeviceId::from_slice(&device).ok_or_else(|| odd("device id"))?;
    let cert = minicbor::decode(&cert).map_err(|_| odd("certificate"))?;
    Ok(StoredCert { serial, device, cert })
}
