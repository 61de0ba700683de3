//! Opening a home: the lock, the file, the migrations.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use super::fault::Fault;
use super::{Store, StoreError};

/// Every migration, in order. Never changed, only added to.
const MIGRATIONS: &[&str] = &[include_str!("migrations/0001_foundation.sql")];
/// Tells our file from any other SQLite file: "SBPH".
const APPLICATION_ID: i64 = 0x5342_5048;
/// A command that runs at the same moment is given this long to end.
const LOCK_TRIES: u32 = 60;
const LOCK_PAUSE: Duration = Duration::from_millis(50);

impl Store {
    /// Opens the home, creating it if there is none, and brings it to this version.
    ///
    /// # Errors
    /// When it is in use, read-only, damaged, of a later version, or the disk is full.
    pub fn open(home: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(home)?;
        let lock = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(home.join("lock"))?;
        take(&lock)?;
        let mut db = Connection::open(home.join("phone.db"))?;
        db.busy_timeout(Duration::from_secs(5))?;
        check(&db)?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "FULL")?;
        db.pragma_update(None, "foreign_keys", true)?;
        migrate(&mut db)?;
        Ok(Self {
            db,
            fault: Fault::default(),
            _lock: lock,
        })
    }

    /// As if the disk had room for so many pages only; for tests of a full disk.
    ///
    /// # Errors
    /// When the database does not take it.
    pub fn limit_pages(&self, pages: u32) -> Result<(), StoreError> {
        Ok(self
            .db
            .pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?)
    }
}

fn take(lock: &File) -> Result<(), StoreError> {
    for _ in 0..LOCK_TRIES {
        match lock.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
    }
    Err(StoreError::InUse)
}

/// Looks before anything is written: a home of a later version, or another program's file, stays as it is.
fn check(db: &Connection) -> Result<(), StoreError> {
    let id: i64 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables > 0 && id != APPLICATION_ID {
        return Err(StoreError::Damaged(
            "phone.db belongs to another program".to_owned(),
        ));
    }
    let known = MIGRATIONS.len() as i64;
    let found = version(db)?;
    if found > known {
        Err(StoreError::Newer { found, known })
    } else {
        Ok(())
    }
}

fn version(db: &Connection) -> Result<i64, StoreError> {
    Ok(db.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

fn migrate(db: &mut Connection) -> Result<(), StoreError> {
    let done = usize::try_from(version(db)?).unwrap_or(0);
    for (number, migration) in MIGRATIONS.iter().enumerate().skip(done) {
        let tx = db.transaction()?;
        tx.execute_batch(migration)?;
        tx.pragma_update(None, "application_id", APPLICATION_ID)?;
        tx.pragma_update(None, "user_version", number as i64 + 1)?;
        tx.commit()?;
    }
    Ok(())
}
