//! What can go wrong with a home, each with its name.

use rusqlite::ErrorCode;

/// A home that cannot be used, or a step that was not written. What was saved before is intact.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another program uses this home.
    #[error("another program uses this home")]
    InUse,
    /// The home cannot be written.
    #[error("the home cannot be written")]
    ReadOnly,
    /// A later version of the program wrote this home.
    #[error("the home is of version {found}, this program knows {known}")]
    Newer {
        /// What the home says.
        found: i64,
        /// What this program knows.
        known: i64,
    },
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// The file is not a phone's, or is damaged.
    #[error("the home is damaged: {0}")]
    Damaged(String),
    /// The disk failed otherwise.
    #[error("the disk failed: {0}")]
    Failed(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let text = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::InUse,
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt | ErrorCode::TypeMismatch) => {
                Self::Damaged(text)
            }
            _ => Self::Failed(text),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull,
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            _ => Self::Failed(error.to_string()),
        }
    }
}

impl From<sync_core::phone::RowError> for StoreError {
    fn from(error: sync_core::phone::RowError) -> Self {
        Self::Damaged(error.to_string())
    }
}
