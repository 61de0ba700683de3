//! The audit log.

use super::StoreError;
use crate::audit::{AuditEntry, AuditLine};

/// The audit log: lines are added, never changed or removed.
pub trait AuditStore {
    /// Adds a line for something that changed nothing in the store: a read of personal data, an
    /// export, a backup.
    fn note(&self, audit: AuditEntry) -> Result<(), StoreError>;

    /// Lines before `before` (or from the last one), newest first; those of one action or target
    /// if given.
    fn audit_lines(
        &self,
        before: Option<i64>,
        action: Option<&str>,
        target: Option<&str>,
        limit: usize,
    ) -> Result<Vec<AuditLine>, StoreError>;

    /// The first line that is missing or was altered, if any.
    fn audit_break(&self) -> Result<Option<i64>, StoreError>;
}
