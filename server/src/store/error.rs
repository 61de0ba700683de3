//! What a store can fail with, in the words of the domain.

use std::io;

/// A failure of the store. Each has a sentence for its reader in `http::problem`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The data directory does not let itself be written to.
    #[error("the data directory is read-only")]
    ReadOnly,
    /// The data directory was written by a newer version of the program.
    #[error("the data directory is of version {found}, this program knows {known}")]
    Newer {
        /// The version of the data.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// Another server holds the data directory.
    #[error("another server holds the data directory")]
    InUse,
    /// There is no register in the data directory.
    #[error("there is no register in the data directory")]
    Missing,
    /// No room is left.
    #[error("the disk is full")]
    DiskFull,
    /// The file is not a register, or is broken.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// Somebody else held the database for too long.
    #[error("the database is busy")]
    Busy,
    /// The file to be written is there already.
    #[error("the file is there already")]
    FileExists,
    /// The file to be read is not there.
    #[error("the file is not there")]
    FileMissing,
    /// Anything else of the file system.
    #[error("reading or writing failed: {0}")]
    Io(String),
    /// A statement the store should never have made.
    #[error("the store failed: {0}")]
    Internal(String),
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            io::ErrorKind::AlreadyExists => Self::FileExists,
            io::ErrorKind::NotFound => Self::FileMissing,
            _ => Self::Io(error.to_string()),
        }
    }
}
