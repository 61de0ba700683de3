//! The store on SQLite: one data directory, one writer, several readers.
//!
//! In: rows in the words of `store`. Out: the same, durable: a write that returned is on disk (WAL
//! with `synchronous=FULL`). It holds `soban.lock` while a server runs; commands beside a running
//! server open the same database without it.

mod archive;
mod audit;
mod backup;
mod carried;
mod cert;
mod device;
mod enrolment;
mod export;
mod fact;
mod fault;
mod feed;
mod form;
mod heard;
mod likeness;
mod live;
mod log;
mod meta;
mod migrate;
mod open;
mod pairs;
mod plan;
mod pool;
mod reader;
mod record;
mod session;
mod unit;
mod user;

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};

pub use backup::restore;
pub use meta::founding;
pub use migrate::LATEST;
pub use open::{OpenOptions, Purpose};
pub use pool::SqliteStore;

use super::StoreError;

pub(crate) use audit::append as append_audit;

impl SqliteStore {
    /// Runs `work` in one writing transaction, which is on disk when this returns `Ok` and never
    /// happened otherwise. Blocks: call it from a blocking task.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = self.writer();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = work(&transaction)?;
        let heard = std::mem::take(&mut *self.heard());
        let written = heard::put(&transaction, &heard)
            .and_then(|()| self.fault().before_commit())
            .and_then(|()| Ok(transaction.commit()?));
        if let Err(error) = written {
            let mut waiting = self.heard();
            for (device, said) in heard {
                waiting.entry(device).or_insert(said);
            }
            return Err(error);
        }
        Ok(result)
    }

    /// Finds out whether the store can be written now, without writing. Blocks.
    ///
    /// # Errors
    /// What keeps it from being written.
    pub fn try_writing(&self) -> Result<(), StoreError> {
        let mut connection = self.writer();
        Ok(connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?
            .rollback()?)
    }

    /// Runs `work` on one consistent snapshot. Blocks: call it from a blocking task.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let reader = self.reader()?;
        let snapshot = reader.unchecked_transaction()?;
        let result = work(&snapshot)?;
        snapshot.commit()?;
        Ok(result)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Self::ReadOnly,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error.to_string()),
            _ => Self::Internal(error.to_string()),
        }
    }
}

/// A timestamp as it is stored: milliseconds since 1970.
pub(crate) fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// A stored value that is not what this version writes.
pub(crate) fn odd(what: &str) -> StoreError {
    StoreError::Damaged(format!("unreadable {what}"))
}

/// The next value of a counter that only rises.
pub(crate) fn next(tx: &Transaction<'_>, counter: &str) -> Result<u64, StoreError> {
    let value: i64 = tx.query_row(
        "UPDATE counter SET value = value + 1 WHERE name = ?1 RETURNING value",
        [counter],
        |row| row.get(0),
    )?;
    u64::try_from(value).map_err(|_| odd("counter"))
}

/// The next number of all reference data, which `counter` then stands at.
pub(crate) fn stamp(tx: &Transaction<'_>, counter: &str) -> Result<u64, StoreError> {
    let serial = next(tx, "data_serial")?;
    tx.execute(
        "UPDATE counter SET value = ?2 WHERE name = ?1",
        rusqlite::params![counter, serial],
    )?;
    Ok(serial)
}

/// The value of a counter.
pub(crate) fn current(conn: &Connection, counter: &str) -> Result<u64, StoreError> {
    let value: i64 = conn
        .prepare_cached("SELECT value FROM counter WHERE name = ?1")?
        .query_row([counter], |row| row.get(0))?;
    u64::try_from(value).map_err(|_| odd("counter"))
}
