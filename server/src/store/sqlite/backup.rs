//! A copy of the whole register in one file, and the way back.
//!
//! A backup is written beside its goal, checked and flushed before it takes its name, so a file of
//! that name is always whole. A restore keeps what it replaces.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};

use super::open::{self, DATABASE, DataLock};
use super::{SqliteStore, StoreError, cert, meta, migrate, millis};
use crate::audit::AuditEntry;
use crate::store::AuditStore as _;

/// Pages copied before other writers get a turn.
const PAGES_PER_STEP: i32 = 1_000;

impl SqliteStore {
    /// Copies the register into a new file while it goes on being used.
    ///
    /// # Errors
    /// When `goal` is there already, cannot be written, or the copy is not sound.
    pub fn backup(&self, goal: &Path, audit: AuditEntry) -> Result<u64, StoreError> {
        if goal.try_exists()? {
            return Err(StoreError::FileExists);
        }
        self.note(audit)?;
        let part = beside(goal, "part");
        let result = self.copy_to(&part).and_then(|()| {
            fs::hard_link(&part, goal)?;
            flush_dir(goal)?;
            Ok(fs::metadata(goal)?.len())
        });
        let _ = fs::remove_file(&part);
        result
    }

    /// What SQLite finds wrong with its file, and how many rows point to nothing. Blocks.
    ///
    /// # Errors
    /// When the file cannot be read at all.
    pub fn soundness(&self) -> Result<(Vec<String>, usize), StoreError> {
        // A connection of its own: SQLite's check of the search index trusts what the connection
        // remembers of it, and one that looked before takes what others wrote since for damage.
        let conn = open::reader(self.dir())?;
        let mut integrity = conn.prepare("PRAGMA integrity_check(100)")?;
        let found = integrity
            .query_map([], |row| row.get::<_, String>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        let dangling = conn
            .prepare("PRAGMA foreign_key_check")?
            .query_map([], |_| Ok(()))?
            .count();
        Ok((found.into_iter().filter(|line| line != "ok").collect(), dangling))
    }

    fn copy_to(&self, part: &Path) -> Result<(), StoreError> {
        let _ = fs::remove_file(part);
        let mut copy = Connection::open(part)?;
        {
            let source = self.reader()?;
            let backup = Backup::new(&source, &mut copy)?;
            backup.run_to_completion(PAGES_PER_STEP, Duration::from_millis(2), None)?;
        }
        copy.pragma_update(None, "journal_mode", "delete")?;
        sound(&copy)?;
        drop(copy);
        File::open(part)?.sync_all()?;
        Ok(())
    }
}

/// Replaces the register in `dir` by the backup in `file`. Returns where the old one is kept, if
/// there was one.
///
/// # Errors
/// When a server runs on `dir`, or `file` is not a sound backup this program can read.
pub fn restore(
    dir: &Path,
    file: &Path,
    epoch: [u8; 16],
    audit: &AuditEntry,
) -> Result<Option<PathBuf>, StoreError> {
    if !file.try_exists()? {
        return Err(StoreError::FileMissing);
    }
    fs::create_dir_all(dir)?;
    let _lock = DataLock::take(dir)?;
    let database = dir.join(DATABASE);
    let part = beside(&database, "restoring");
    let prepared = prepare(file, &part, epoch, audit);
    let swapped = prepared.and_then(|()| swap(&database, &part, audit.at));
    if swapped.is_err() {
        let _ = fs::remove_file(&part);
    }
    swapped
}

/// Copies the backup, checks it and makes it a register of a new epoch.
fn prepare(file: &Path, part: &Path, epoch: [u8; 16], audit: &AuditEntry) -> Result<(), StoreError> {
    let _ = fs::remove_file(part);
    let source = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    if migrate::version(&source)? == 0 {
        return Err(StoreError::Damaged("the file holds no register".to_owned()));
    }
    let mut copy = Connection::open(part)?;
    Backup::new(&source, &mut copy)?.run_to_completion(PAGES_PER_STEP, Duration::ZERO, None)?;
    copy.pragma_update(None, "journal_mode", "delete")?;
    copy.pragma_update(None, "synchronous", "full")?;
    sound(&copy)?;
    migrate::run(&mut copy)?;
    let tx = copy.transaction()?;
    meta::renew_epoch(&tx, epoch, audit)?;
    let keys = meta::keys(&tx)?;
    cert::reissue_all(&tx, u64::try_from(millis(audit.at)).unwrap_or(0), &keys)?;
    tx.commit()?;
    drop(copy);
    File::open(part)?.sync_all()?;
    Ok(())
}

/// Puts the prepared database in place and keeps the old one, with its log, beside it.
fn swap(database: &Path, part: &Path, at: Timestamp) -> Result<Option<PathBuf>, StoreError> {
    let stamp = at.strftime("%Y%m%dT%H%M%SZ");
    let mut kept = None;
    if database.try_exists()? {
        let old = beside(database, &format!("before-restore-{stamp}"));
        if old.try_exists()? {
            return Err(StoreError::FileExists);
        }
        for tail in ["-wal", "-shm"] {
            let from = with_tail(database, tail);
            if from.try_exists()? {
                fs::rename(from, with_tail(&old, tail))?;
            }
        }
        fs::rename(database, &old)?;
        kept = Some(old);
    }
    fs::rename(part, database)?;
    flush_dir(database)?;
    Ok(kept)
}

fn sound(connection: &Connection) -> Result<(), StoreError> {
    let verdict: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(StoreError::Damaged(verdict))
    }
}

fn beside(path: &Path, tail: &str) -> PathBuf {
    with_tail(path, &format!(".{tail}"))
}

fn with_tail(path: &Path, tail: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(tail);
    PathBuf::from(name)
}

fn flush_dir(file: &Path) -> Result<(), StoreError> {
    let dir = file
        .parent()
        .filter(|dir| !dir.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    File::open(dir)?.sync_all()?;
    Ok(())
}
