//! Tables `user` and `user_unit`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use sync_core::id::{UnitId, UserId};
use sync_core::policy::Role;

use super::{SqliteStore, StoreError, append_audit, cert, millis, odd};
use crate::access::Keys;
use crate::audit::AuditEntry;
use crate::clock::moment;
use crate::store::{NewUser, SignIn, User, UserChange, UserStore};

const COLUMNS: &str = "id, login, name, role, created_at, disabled_at, password IS NOT NULL";

impl UserStore for SqliteStore {
    fn add_user(&self, new: &NewUser, audit: AuditEntry) -> Result<bool, StoreError> {
        self.write(|tx| {
            let added = tx.execute(
                "INSERT INTO user (id, login, name, role, password, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (login) DO NOTHING",
                params![
                    new.id.bytes(),
                    new.login,
                    new.name,
                    new.role.name(),
                    new.password,
                    millis(audit.at)
                ],
            )?;
            if added == 0 {
                return Ok(false);
            }
            set_units(tx, new.id, &new.units)?;
            append_audit(tx, &audit)?;
            Ok(true)
        })
    }

    fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.read(|conn| user(conn, id))
    }

    fn user_by_login(&self, login: &str) -> Result<Option<User>, StoreError> {
        self.read(|conn| {
            let sql = format!("SELECT {COLUMNS} FROM user WHERE login = ?1");
            let raw = conn
                .prepare_cached(&sql)?
                .query_row([login], RawUser::read)
                .optional()?;
            raw.map(|raw| raw.complete(conn)).transpose()
        })
    }

    fn users(&self, after: &str, limit: usize) -> Result<Vec<User>, StoreError> {
        self.read(|conn| {
            let sql = format!("SELECT {COLUMNS} FROM user WHERE login > ?1 ORDER BY login LIMIT ?2");
            let mut statement = conn.prepare_cached(&sql)?;
            let raw = statement
                .query_map(params![after, limit], RawUser::read)?
                .collect::<Result<Vec<_>, _>>()?;
            raw.into_iter().map(|raw| raw.complete(conn)).collect()
        })
    }

    fn change_user(
        &self,
        id: UserId,
        change: &UserChange,
        keys: &Keys,
        audit: AuditEntry,
    ) -> Result<bool, StoreError> {
        self.write(|tx| {
            let changed = tx.execute(
                "UPDATE user SET name = coalesce(?2, name), role = coalesce(?3, role) WHERE id = ?1",
                params![id.bytes(), change.name, change.role.map(Role::name)],
            )?;
            if changed == 0 {
                return Ok(false);
            }
            if let Some(units) = &change.units {
                set_units(tx, id, units)?;
            }
            cert::reissue_of_user(tx, id, keys)?;
            append_audit(tx, &audit)?;
            Ok(true)
        })
    }

    fn disable_user(&self, id: UserId, keys: &Keys, audit: AuditEntry) -> Result<bool, StoreError> {
        self.write(|tx| {
            let Some(known) = user(tx, id)? else {
                return Ok(false);
            };
            if known.disabled_at.is_none() {
                tx.execute(
                    "UPDATE user SET disabled_at = ?2 WHERE id = ?1",
                    params![id.bytes(), millis(audit.at)],
                )?;
                tx.execute("DELETE FROM session WHERE user = ?1", [id.bytes()])?;
                cert::reissue_of_user(tx, id, keys)?;
                append_audit(tx, &audit)?;
            }
            Ok(true)
        })
    }

    fn enable_user(&self, id: UserId, keys: &Keys, audit: AuditEntry) -> Result<bool, StoreError> {
        self.write(|tx| {
            let Some(known) = user(tx, id)? else {
                return Ok(false);
            };
            if known.disabled_at.is_some() {
                tx.execute(
                    "UPDATE user SET disabled_at = NULL, failures = 0, wait_until = NULL WHERE id = ?1",
                    [id.bytes()],
                )?;
                cert::reissue_of_user(tx, id, keys)?;
                append_audit(tx, &audit)?;
            }
            Ok(true)
        })
    }

    fn set_password(&self, id: UserId, hash: &str, audit: AuditEntry) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.execute(
                "UPDATE user SET password = ?2, failures = 0, wait_until = NULL WHERE id = ?1",
                params![id.bytes(), hash],
            )?;
            tx.execute("DELETE FROM session WHERE user = ?1", [id.bytes()])?;
            append_audit(tx, &audit)
        })
    }

    fn sign_in(&self, login: &str) -> Result<Option<SignIn>, StoreError> {
        let Some(user) = self.user_by_login(login)? else {
            return Ok(None);
        };
        self.read(|conn| {
            let (password, failures, wait) = conn.query_row(
                "SELECT password, failures, wait_until FROM user WHERE id = ?1",
                [user.id.bytes()],
                |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, Option<i64>>(2)?)),
            )?;
            Ok(Some(SignIn {
                user,
                password,
                failures,
                wait_until: wait.map(moment),
            }))
        })
    }

    fn note_failure(
        &self,
        id: UserId,
        wait_until: Option<Timestamp>,
        audit: AuditEntry,
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.execute(
                "UPDATE user SET failures = failures + 1, wait_until = coalesce(?2, wait_until) WHERE id = ?1",
                params![id.bytes(), wait_until.map(millis)],
            )?;
            append_audit(tx, &audit)
        })
    }

    fn forget_failures(&self, id: UserId, audit: AuditEntry) -> Result<(), StoreError> {
        self.write(|tx| {
            let sql = "UPDATE user SET failures = 0, wait_until = NULL WHERE id = ?1";
            tx.execute(sql, [id.bytes()])?;
            append_audit(tx, &audit)
        })
    }

    fn other_admin(&self, but: UserId) -> Result<bool, StoreError> {
        self.read(|conn| {
            let sql = "SELECT EXISTS (SELECT 1 FROM user WHERE role = 'admin' AND disabled_at IS NULL AND id <> ?1)";
            Ok(conn.query_row(sql, [but.bytes()], |row| row.get(0))?)
        })
    }
}

/// The person of that id.
pub(crate) fn user(conn: &Connection, id: UserId) -> Result<Option<User>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM user WHERE id = ?1");
    let raw = conn
        .prepare_cached(&sql)?
        .query_row([id.bytes()], RawUser::read)
        .optional()?;
    raw.map(|raw| raw.complete(conn)).transpose()
}

fn set_units(tx: &Transaction<'_>, user: UserId, units: &[UnitId]) -> Result<(), StoreError> {
    tx.execute("DELETE FROM user_unit WHERE user = ?1", [user.bytes()])?;
    let mut insert = tx.prepare_cached("INSERT OR IGNORE INTO user_unit (user, unit) VALUES (?1, ?2)")?;
    for unit in units {
        insert.execute(params![user.bytes(), unit.bytes()])?;
    }
    Ok(())
}

fn units(conn: &Connection, user: UserId) -> Result<Vec<UnitId>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT unit FROM user_unit WHERE user = ?1 ORDER BY unit")?;
    let units = statement.query_map([user.bytes()], |row| row.get::<_, Vec<u8>>(0))?;
    units
        .map(|unit| UnitId::from_slice(&unit?).ok_or_else(|| odd("unit id")))
        .collect()
}

/// One row of `user`, before its units are read.
struct RawUser {
    id: Vec<u8>,
    login: String,
    name: String,
    role: String,
    created_at: i64,
    disabled_at: Option<i64>,
    has_password: bool,
}

impl RawUser {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            login: row.get(1)?,
            name: row.get(2)?,
            role: row.get(3)?,
            created_at: row.get(4)?,
            disabled_at: row.get(5)?,
            has_password: row.get(6)?,
        })
    }

    fn complete(self, conn: &Connection) -> Result<User, StoreError> {
        let id = UserId::from_slice(&self.id).ok_or_else(|| odd("user id"))?;
        Ok(User {
            id,
            login: self.login,
            name: self.name,
            role: Role::from_name(&self.role).ok_or_else(|| odd("role"))?,
            units: units(conn, id)?,
            created_at: moment(self.created_at),
            disabled_at: self.disabled_at.map(moment),
            has_password: self.has_password,
        })
    }
}
