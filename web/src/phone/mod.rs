//! One person's register on this phone: the browser's driver of `sync_core::phone`.
//!
//! In: what a person does, frames from the server, the time. Out: rows on disk, and summaries that
//! lists read. Every step is: load the rows it touches, ask the core, write what it answers in one
//! transaction, and only then change what is in memory. It decides nothing about merging, rights or
//! forms, and knows nothing of screens.
//!
//! The story: [`Register::open`] reads the summaries; [`Register::enroll`] makes this phone one of the
//! register's; [`Register::submit`] writes; [`Register::sync`] hands in and takes in;
//! [`Register::export`] and [`Register::import`] do the same through a file.

mod cell;
mod commit;
mod draft;
mod enrol;
mod error;
mod handover;
mod index;
mod known;
mod lookup;
mod net;
mod read;
mod summary;
mod sync;
mod wipe;
mod write;

use std::cell::{Ref, RefCell};
use std::rc::Rc;

use async_lock::Mutex;
use jiff::Timestamp;
use sync_core::id::RecordId;
use uuid::Builder;

pub use draft::Draft;
pub use error::RegisterError;
pub use handover::Imported;
pub use index::{Counts, Index};
pub use lookup::Shelf;
pub use net::{Chunks, Net, NetError, Reply};
pub use read::{Disagreement, HistoryLine, RecordView, RivalView};
pub use summary::{Person, Summary};
pub use sync::{SyncReport, SyncStep};
pub use sync_core::phone::Known;
pub use write::{Duplicate, Submitted};

use crate::rows::{Rows as _, RowsError, SealedRows};

/// Tells the phone's time, however wrong.
pub type Clock = Rc<dyn Fn() -> Timestamp>;

/// One person's register.
pub struct Register {
    rows: SealedRows,
    clock: Clock,
    index: RefCell<Index>,
    known: RefCell<Option<Rc<Known>>>,
    /// Held from load to commit, so that one step never writes over another.
    step: Mutex<()>,
    changed: RefCell<Rc<dyn Fn()>>,
}

impl Register {
    /// Opens what lies behind `rows`: the summaries and what this phone knows, no documents.
    ///
    /// # Errors
    /// When the rows cannot be read.
    pub async fn open(rows: SealedRows, clock: Clock) -> Result<Self, RegisterError> {
        let index = Index::read(&rows).await?;
        let known = known::read(&rows).await?.map(Rc::new);
        let register = Self {
            rows,
            clock,
            index: RefCell::new(index),
            known: RefCell::new(known),
            step: Mutex::new(()),
            changed: RefCell::new(Rc::new(|| {})),
        };
        register.refold_if_older().await?;
        Ok(register)
    }

    /// Calls `changed` after every commit, when summaries may be others than before.
    pub fn on_change(&self, changed: impl Fn() + 'static) {
        *self.changed.borrow_mut() = Rc::new(changed);
    }

    /// The summaries, to read from at once.
    #[must_use]
    pub fn index(&self) -> Ref<'_, Index> {
        self.index.borrow()
    }

    /// What this phone knows beside its records.
    ///
    /// # Errors
    /// When it is not enrolled.
    pub fn known(&self) -> Result<Rc<Known>, RegisterError> {
        self.known.borrow().clone().ok_or(RegisterError::NotEnrolled)
    }

    /// True once the phone is one of a register's.
    #[must_use]
    pub fn is_enrolled(&self) -> bool {
        self.known.borrow().is_some()
    }

    /// The phone's time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    fn now_ms(&self) -> i64 {
        self.now().as_millisecond()
    }

    /// A new id: by time, so that ids made together lie together. A clock before 1970 counts as 1970.
    #[must_use]
    pub fn new_id(&self) -> RecordId {
        let millis = u64::try_from(self.now_ms()).unwrap_or(0);
        RecordId(Builder::from_unix_timestamp_millis(millis, &random()).into_uuid())
    }

    /// Reads certificates, units and forms again after some of them came.
    async fn refresh(&self) -> Result<(), RegisterError> {
        let known = known::read(&self.rows).await?.map(Rc::new);
        *self.known.borrow_mut() = known;
        Ok(())
    }

    async fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, RegisterError> {
        let mut rows = self
            .rows
            .get(crate::rows::Shelf::Meta, &[key.as_bytes().to_vec()])
            .await?;
        Ok(rows.pop().flatten())
    }

    async fn text_meta(&self, key: &str) -> Result<String, RegisterError> {
        let bytes = self.meta(key).await?.ok_or(RegisterError::NotEnrolled)?;
        String::from_utf8(bytes).map_err(|_| RowsError::Damaged(key.to_owned()).into())
    }

    fn tell(&self) {
        let changed = Rc::clone(&self.changed.borrow());
        changed();
    }
}

/// Fresh random bytes; a platform without them cannot keep a secret at all.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).unwrap_or_else(|error| panic!("no randomness: {error}"));
    bytes
}
