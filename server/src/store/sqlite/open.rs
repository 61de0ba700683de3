//! From a data directory to a store: lock, version, pragmas; each refusal has its name.

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::migrate;
use super::{SqliteStore, StoreError};

/// The database inside the data directory.
pub(crate) const DATABASE: &str = "soban.db";
const LOCK: &str = "soban.lock";
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// What the store is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To serve: makes the directory if need be and keeps everybody else from serving it.
    Serve,
    /// One command, perhaps beside a running server.
    Command,
}

/// How the store is opened.
#[derive(Debug, Clone, Copy)]
pub struct OpenOptions {
    /// To serve or for one command.
    pub purpose: Purpose,
    /// Most pages of 4 KiB the database may have; past it, the disk counts as full.
    pub pages_max: Option<u32>,
}

impl OpenOptions {
    /// For that purpose, with no bound but the disk.
    #[must_use]
    pub const fn new(purpose: Purpose) -> Self {
        Self {
            purpose,
            pages_max: None,
        }
    }
}

/// The lock file of a data directory, locked until dropped.
#[derive(Debug)]
pub(crate) struct DataLock(#[expect(dead_code, reason = "the lock lives as long as the file")] File);

impl DataLock {
    /// Locks `dir` for one server.
    pub(crate) fn take(dir: &Path) -> Result<Self, StoreError> {
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(dir.join(LOCK))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

impl SqliteStore {
    /// Opens the store of a data directory.
    ///
    /// # Errors
    /// Read-only, of a newer version, in use by another server, damaged, or (for a command) missing.
    pub fn open(dir: &Path, options: OpenOptions) -> Result<Self, StoreError> {
        let path = dir.join(DATABASE);
        let lock = match options.purpose {
            Purpose::Serve => {
                fs::create_dir_all(dir)?;
                Some(DataLock::take(dir)?)
            }
            Purpose::Command if !path.try_exists()? => return Err(StoreError::Missing),
            Purpose::Command => None,
        };
        let mut writer = Connection::open(&path)?;
        writer.busy_timeout(BUSY_TIMEOUT)?;
        let version = migrate::version(&writer)?;
        if version < migrate::LATEST {
            // Nobody changes the tables under a server that is running.
            let held = if lock.is_none() {
                Some(DataLock::take(dir)?)
            } else {
                None
            };
            settle(&writer, options)?;
            migrate::run(&mut writer)?;
            drop(held);
        } else {
            settle(&writer, options)?;
        }
        Ok(Self::new(dir.to_owned(), writer, lock))
    }
}

fn settle(writer: &Connection, options: OpenOptions) -> Result<(), StoreError> {
    writer.pragma_update(None, "journal_mode", "wal")?;
    writer.pragma_update(None, "synchronous", "full")?;
    writer.pragma_update(None, "foreign_keys", true)?;
    writer.pragma_update(None, "trusted_schema", false)?;
    if let Some(pages) = options.pages_max {
        writer.pragma_update(None, "max_page_count", pages)?;
    }
    writer.set_prepared_statement_cache_capacity(128);
    Ok(())
}

/// A reading connection to the database in `dir`.
pub(super) fn reader(dir: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let reader = Connection::open_with_flags(dir.join(DATABASE), flags)?;
    reader.busy_timeout(BUSY_TIMEOUT)?;
    reader.pragma_update(None, "query_only", true)?;
    reader.pragma_update(None, "trusted_schema", false)?;
    reader.set_prepared_statement_cache_capacity(128);
    Ok(reader)
}
