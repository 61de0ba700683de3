//! Rows on the phone's disk: read as needed, written all or none.
//!
//! In: a shelf, keys, bytes. Out: bytes, and *done* only when they are on disk. The browser's database
//! and a map for tests stand behind one trait; [`SealedRows`] seals on the way in and opens on the way
//! out. It knows nothing of records.

mod indexed_db;
mod memory;
mod sealed;

use std::future::Future;
use std::pin::Pin;

pub use indexed_db::{IndexedDb, delete_database};
pub use memory::MemoryRows;
pub use sealed::SealedRows;

/// An answer that is still to come. The browser has one thread: nothing here is sent elsewhere.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Where a row lies. The names are the database's, and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shelf {
    /// Small values: identity, progress, token.
    Meta,
    /// Records by id: document, what lies beside it, and its change rows.
    Record,
    /// What lists show of a record, by id.
    Summary,
    /// What became of an envelope, by device and counter.
    Envelope,
    /// Envelopes as signed.
    EnvelopeBytes,
    /// Which records a kept frame of updates brings, by number.
    Frame,
    /// Frames of updates as the server signed them.
    FrameBytes,
    /// Certificates by device.
    Cert,
    /// Reference data by name.
    Reference,
    /// Forms begun and not submitted, by id.
    Draft,
    /// Cards of vaults: in the clear, in a database of their own.
    Card,
}

impl Shelf {
    /// Every shelf.
    pub const ALL: [Self; 11] = [
        Self::Meta,
        Self::Record,
        Self::Summary,
        Self::Envelope,
        Self::EnvelopeBytes,
        Self::Frame,
        Self::FrameBytes,
        Self::Cert,
        Self::Reference,
        Self::Draft,
        Self::Card,
    ];

    /// Its name in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Record => "record",
            Self::Summary => "summary",
            Self::Envelope => "envelope",
            Self::EnvelopeBytes => "envelope_bytes",
            Self::Frame => "frame",
            Self::FrameBytes => "frame_bytes",
            Self::Cert => "cert",
            Self::Reference => "reference",
            Self::Draft => "draft",
            Self::Card => "card",
        }
    }
}

/// One row to write, or to remove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Put {
    /// Where.
    pub shelf: Shelf,
    /// Its key.
    pub key: Vec<u8>,
    /// Its bytes; `None` removes it.
    pub value: Option<Vec<u8>>,
}

impl Put {
    /// Writes a row.
    #[must_use]
    pub fn row(shelf: Shelf, key: &[u8], value: Vec<u8>) -> Self {
        Self {
            shelf,
            key: key.to_vec(),
            value: Some(value),
        }
    }

    /// Removes a row.
    #[must_use]
    pub fn gone(shelf: Shelf, key: &[u8]) -> Self {
        Self {
            shelf,
            key: key.to_vec(),
            value: None,
        }
    }
}

/// The disk did not do it. What was there is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowsError {
    /// There is no room.
    #[error("the phone's storage is full")]
    Full,
    /// The browser keeps nothing here: private browsing, or a setting.
    #[error("the browser does not keep data: {0}")]
    Refused(String),
    /// A row cannot be opened or read.
    #[error("what is stored is damaged: {0}")]
    Damaged(String),
    /// Another tab took the vault over.
    #[error("the vault is open elsewhere")]
    Elsewhere,
}

impl RowsError {
    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Full => "storage_full",
            Self::Refused(_) => "storage_refused",
            Self::Damaged(_) => "store_damaged",
            Self::Elsewhere => "open_elsewhere",
        }
    }
}

/// A row with its key.
pub type Row = (Vec<u8>, Vec<u8>);

/// A database.
pub trait Rows {
    /// The rows with these keys, in their order.
    fn get<'a>(
        &'a self,
        shelf: Shelf,
        keys: &[Vec<u8>],
    ) -> Answer<'a, Result<Vec<Option<Vec<u8>>>, RowsError>>;

    /// Every row of a shelf, by key.
    fn all(&self, shelf: Shelf) -> Answer<'_, Result<Vec<Row>, RowsError>>;

    /// Writes all, or nothing. On disk when it answers.
    fn write(&self, puts: Vec<Put>) -> Answer<'_, Result<(), RowsError>>;
}
