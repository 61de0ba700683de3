//! Table `device`, and devices as a whole.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use sync_core::id::{DeviceId, Digest32, PublicKey, UserId};

use super::cert::{self, reissue};
use super::{SqliteStore, StoreError, append_audit, enrolment, heard, millis, next, odd};
use crate::access::Keys;
use crate::audit::AuditEntry;
use crate::clock::moment;
use crate::store::{
    Device, DeviceKind, DeviceQuery, DeviceReach, DeviceStore, Enrolment, Heard, HeldDevice, NewDevice,
    NewEnrolment, OpenEnrolment, StoredCert, TokenHolder,
};

pub(super) const COLUMNS: &str = "id, user, name, kind, public_key, created_at, revoked_at, serial, last_sync_at, program, pending, clock_skew_ms";

impl DeviceStore for SqliteStore {
    fn add_enrolment(&self, new: &NewEnrolment, audit: AuditEntry) -> Result<bool, StoreError> {
        self.write(|tx| {
            let added = enrolment::insert(tx, new, millis(audit.at))?;
            if added {
                append_audit(tx, &audit)?;
            }
            Ok(added)
        })
    }

    fn open_enrolments(&self, user: UserId, now: Timestamp) -> Result<Vec<OpenEnrolment>, StoreError> {
        self.read(|conn| enrolment::open(conn, user, millis(now)))
    }

    fn cancel_enrolment(&self, user: UserId, id: i64, audit: AuditEntry) -> Result<bool, StoreError> {
        self.write(|tx| {
            let cancelled = enrolment::cancel(tx, user, id, millis(audit.at))?;
            if cancelled {
                append_audit(tx, &audit)?;
            }
            Ok(cancelled)
        })
    }

    fn enrolment(&self, selector: &str) -> Result<Option<Enrolment>, StoreError> {
        self.read(|conn| enrolment::newest(conn, selector))
    }

    fn note_wrong_code(
        &self,
        selector: &str,
        wait_until: Option<Timestamp>,
        audit: AuditEntry,
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            enrolment::count_failure(tx, selector, wait_until)?;
            append_audit(tx, &audit)
        })
    }

    fn enrol_device(
        &self,
        selector: &str,
        new: &NewDevice,
        keys: &Keys,
        audit: AuditEntry,
    ) -> Result<bool, StoreError> {
        self.write(|tx| {
            let open = enrolment::newest(tx, selector)?.is_some_and(|code| code.device.is_none());
            if !open {
                return Ok(false);
            }
            insert(tx, new, None, millis(audit.at), keys)?;
            enrolment::use_up(tx, selector, new.id)?;
            enrolment::insert_token(tx, new.id, new.token, millis(audit.at))?;
            append_audit(tx, &audit)?;
            Ok(true)
        })
    }

    fn add_token(&self, device: DeviceId, token: Digest32, audit: AuditEntry) -> Result<(), StoreError> {
        self.write(|tx| {
            enrolment::insert_token(tx, device, token, millis(audit.at))?;
            append_audit(tx, &audit)
        })
    }

    fn token(&self, hash: Digest32) -> Result<Option<TokenHolder>, StoreError> {
        self.read(|conn| enrolment::holder(conn, hash))
    }

    fn note_first_use(&self, hash: Digest32, audit: AuditEntry) -> Result<(), StoreError> {
        self.write(|tx| {
            if enrolment::mark_used(tx, hash, millis(audit.at))? {
                append_audit(tx, &audit)?;
            }
            Ok(())
        })
    }

    fn device(&self, id: DeviceId) -> Result<Option<Device>, StoreError> {
        self.read(|conn| device(conn, id))
    }

    fn devices(&self, query: &DeviceQuery) -> Result<Vec<HeldDevice>, StoreError> {
        self.write_heard()?;
        self.read(|conn| heard::devices(conn, query))
    }

    fn silent_device_count(&self, reach: &DeviceReach, before_ms: i64) -> Result<u64, StoreError> {
        self.write_heard()?;
        let query = DeviceQuery {
            reach: reach.clone(),
            silent_since_ms: Some(before_ms),
            ..DeviceQuery::default()
        };
        self.read(|conn| heard::count(conn, &query))
    }

    fn note_heard(&self, device: DeviceId, heard: Heard) {
        self.heard().insert(device, heard);
    }

    fn write_heard(&self) -> Result<(), StoreError> {
        if self.heard().is_empty() {
            return Ok(());
        }
        self.write(|_| Ok(()))
    }

    fn revoke_device(&self, id: DeviceId, keys: &Keys, audit: AuditEntry) -> Result<bool, StoreError> {
        self.write(|tx| {
            let Some(known) = device(tx, id)? else {
                return Ok(false);
            };
            if known.revoked_at.is_none() {
                tx.execute(
                    "UPDATE device SET revoked_at = ?2 WHERE id = ?1",
                    params![id.bytes(), millis(audit.at)],
                )?;
                reissue(tx, id, keys)?;
                append_audit(tx, &audit)?;
            }
            Ok(true)
        })
    }

    fn cert(&self, device: DeviceId) -> Result<Option<StoredCert>, StoreError> {
        self.read(|conn| cert::cert(conn, device))
    }

    fn certs_since(&self, serial: u64, limit: usize) -> Result<Vec<StoredCert>, StoreError> {
        self.read(|conn| cert::certs_since(conn, serial, limit))
    }

    fn console(&self, user: UserId) -> Result<Option<(DeviceId, [u8; 32])>, StoreError> {
        self.read(|conn| console(conn, user))
    }

    fn add_console(
        &self,
        new: &NewDevice,
        seed: &[u8; 32],
        keys: &Keys,
        audit: AuditEntry,
    ) -> Result<bool, StoreError> {
        self.write(|tx| {
            if console(tx, new.user)?.is_some() {
                return Ok(false);
            }
            insert(tx, new, Some(seed), millis(audit.at), keys)?;
            append_audit(tx, &audit)?;
            Ok(true)
        })
    }
}

/// The device of that id.
pub(crate) fn device(conn: &Connection, id: DeviceId) -> Result<Option<Device>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM device WHERE id = ?1");
    let raw = conn
        .prepare_cached(&sql)?
        .query_row([id.bytes()], RawDevice::read)
        .optional()?;
    raw.map(RawDevice::complete).transpose()
}

/// Devices by id after `after`, of one person if given.
pub(super) fn devices(
    conn: &Connection,
    user: Option<UserId>,
    after: Option<DeviceId>,
    limit: usize,
) -> Result<Vec<Device>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM device WHERE id > ?1 AND (?2 IS NULL OR user = ?2) ORDER BY id LIMIT ?3"
    );
    let after = after.map(|id| id.bytes().to_vec()).unwrap_or_default();
    let user = user.map(|id| id.bytes().to_vec());
    let mut statement = conn.prepare_cached(&sql)?;
    let raw = statement.query_map(params![after, user, limit], RawDevice::read)?;
    raw.map(|raw| raw?.complete()).collect()
}

/// Adds a device with its first certificate. `seed` is the key of a console.
pub(super) fn insert(
    tx: &Transaction<'_>,
    new: &NewDevice,
    seed: Option<&[u8; 32]>,
    at_ms: i64,
    keys: &Keys,
) -> Result<(), StoreError> {
    let kind = if seed.is_some() {
        DeviceKind::Console
    } else {
        DeviceKind::Field
    };
    let serial = next(tx, "cert_serial")?;
    tx.execute(
        "INSERT INTO device (id, user, name, kind, public_key, console_key, created_at, serial, cert)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, x'')",
        params![
            new.id.bytes(),
            new.user.bytes(),
            new.name,
            kind.name(),
            new.public_key.0,
            seed,
            at_ms,
            serial
        ],
    )?;
    reissue(tx, new.id, keys)
}

/// One row of `device`.
pub(super) struct RawDevice {
    id: Vec<u8>,
    user: Vec<u8>,
    name: String,
    kind: String,
    public_key: Vec<u8>,
    created_at: i64,
    revoked_at: Option<i64>,
    serial: u64,
    last_sync_at: Option<i64>,
    program: Option<String>,
    pending: Option<u64>,
    clock_skew_ms: Option<i64>,
}

impl RawDevice {
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            user: row.get(1)?,
            name: row.get(2)?,
            kind: row.get(3)?,
            public_key: row.get(4)?,
            created_at: row.get(5)?,
            revoked_at: row.get(6)?,
            serial: row.get(7)?,
            last_sync_at: row.get(8)?,
            program: row.get(9)?,
            pending: row.get(10)?,
            clock_skew_ms: row.get(11)?,
        })
    }

    pub(super) fn complete(self) -> Result<Device, StoreError> {
        Ok(Device {
            id: DeviceId::from_slice(&self.id).ok_or_else(|| odd("device id"))?,
            user: UserId::from_slice(&self.user).ok_or_else(|| odd("user id"))?,
            name: self.name,
            kind: if self.kind == DeviceKind::Console.name() {
                DeviceKind::Console
            } else {
                DeviceKind::Field
            },
            public_key: PublicKey::from_slice(&self.public_key).ok_or_else(|| odd("public key"))?,
            created_at: moment(self.created_at),
            revoked_at: self.revoked_at.map(moment),
            serial: self.serial,
            heard: self.last_sync_at.map(|at| Heard {
                at: moment(at),
                program: self.program.unwrap_or_default(),
                pending: self.pending.unwrap_or(0),
                clock_skew_ms: self.clock_skew_ms.unwrap_or(0),
            }),
        })
    }
}

/// The console of a person and the seed of its key.
pub(super) fn console(conn: &Connection, user: UserId) -> Result<Option<(DeviceId, [u8; 32])>, StoreError> {
    let found: Option<(Vec<u8>, Vec<u8>)> = conn
        .prepare_cached("SELECT id, console_key FROM device WHERE user = ?1 AND kind = 'console'")?
        .query_row([user.bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    found
        .map(|(id, seed)| {
            let id = DeviceId::from_slice(&id).ok_or_else(|| odd("device id"))?;
            Ok((id, seed.try_into().map_err(|_| odd("console key"))?))
        })
        .transpose()
}
