//! One writer and a bounded number of readers.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use sync_core::id::DeviceId;

use super::StoreError;
use super::fault::Fault;
use super::open::{self, DataLock};
use crate::store::Heard;

/// Readers at one time; a further one waits for its turn.
const READERS_MAX: usize = 8;

/// The store of one data directory. Cheap to clone.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    dir: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Readers>,
    freed: Condvar,
    fault: Fault,
    heard: Mutex<BTreeMap<DeviceId, Heard>>,
    /// Held as long as the store lives, if this is the server.
    _lock: Option<DataLock>,
}

#[derive(Debug, Default)]
struct Readers {
    idle: Vec<Connection>,
    open: usize,
}

impl SqliteStore {
    pub(super) fn new(dir: PathBuf, writer: Connection, lock: Option<DataLock>) -> Self {
        let inner = Inner {
            dir,
            writer: Mutex::new(writer),
            readers: Mutex::default(),
            freed: Condvar::new(),
            fault: Fault::default(),
            heard: Mutex::default(),
            _lock: lock,
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// The data directory.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.inner.dir
    }

    pub(super) fn fault(&self) -> &Fault {
        &self.inner.fault
    }

    /// What devices said of themselves and is not on disk yet.
    pub(super) fn heard(&self) -> MutexGuard<'_, BTreeMap<DeviceId, Heard>> {
        self.inner.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The writer. A panic of an earlier holder rolled its transaction back, so its connection is
    /// as good as new.
    pub(super) fn writer(&self) -> MutexGuard<'_, Connection> {
        self.inner.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn reader(&self) -> Result<Reader<'_>, StoreError> {
        let mut readers = self.readers();
        loop {
            if let Some(connection) = readers.idle.pop() {
                return Ok(Reader {
                    store: self,
                    connection: Some(connection),
                });
            }
            if readers.open < READERS_MAX {
                readers.open += 1;
                break;
            }
            readers = self
                .inner
                .freed
                .wait(readers)
                .unwrap_or_else(PoisonError::into_inner);
        }
        drop(readers);
        let mut reader = Reader {
            store: self,
            connection: None,
        };
        reader.connection = Some(open::reader(&self.inner.dir)?);
        Ok(reader)
    }

    fn readers(&self) -> MutexGuard<'_, Readers> {
        self.inner.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A reading connection on loan; it goes back when dropped.
pub(super) struct Reader<'a> {
    store: &'a SqliteStore,
    connection: Option<Connection>,
}

impl Deref for Reader<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection
            .as_ref()
            .expect("a reader holds a connection until it is dropped")
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let mut readers = self.store.readers();
        match self.connection.take() {
            Some(connection) => readers.idle.push(connection),
            None => readers.open -= 1,
        }
        drop(readers);
        self.store.inner.freed.notify_one();
    }
}
