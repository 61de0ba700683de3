//! Imported administrative units. What a unit means is the business of `schemas::unit`.

use sync_core::id::UnitId;

use super::StoreError;
use crate::audit::AuditEntry;

/// One imported unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRow {
    /// The unit.
    pub id: UnitId,
    /// The unit as JSON, in the shape of `schemas::unit`.
    pub body: String,
}

/// Units beyond those built in.
pub trait UnitStore {
    /// All imported units, and the version they stand at.
    fn units(&self) -> Result<(u64, Vec<UnitRow>), StoreError>;

    /// Rises whenever units change; reading it is cheap.
    fn units_version(&self) -> Result<u64, StoreError>;

    /// Adds or replaces units, all or none.
    fn put_units(&self, rows: &[UnitRow], audit: AuditEntry) -> Result<(), StoreError>;
}
