//! The audit log.

use super::StoreError;
use crate::audit::{AuditEntry, AuditLine};

/// A bounded question for lines of the audit log.
#[derive(Debug, Clone, Default)]
pub struct AuditQuery {
    /// Before this line; from the last one if none.
    pub before: Option<i64>,
    /// Only by one of these (`user:…`, `device:…`, `cli` …).
    pub actors: Option<Vec<String>>,
    /// Only this action.
    pub action: Option<String>,
    /// Only on this.
    pub target: Option<String>,
    /// Only from then, milliseconds since 1970.
    pub from_ms: Option<i64>,
    /// Only before then, milliseconds since 1970.
    pub to_ms: Option<i64>,
    /// At most so many.
    pub limit: usize,
}

/// The audit log: lines are added, never changed or removed.
pub trait AuditStore {
    /// Adds a line for something that changed nothing in the store: a read of personal data, an
    /// export, a backup.
    fn note(&self, audit: AuditEntry) -> Result<(), StoreError>;

    /// Lines that answer the question, newest first.
    fn audit_lines(&self, query: &AuditQuery) -> Result<Vec<AuditLine>, StoreError>;

    /// The first line that is missing or was altered, if any.
    fn audit_break(&self) -> Result<Option<i64>, StoreError>;
}
