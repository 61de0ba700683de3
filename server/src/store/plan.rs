//! Imported plans and their targets. What a plan means is the business of `schemas::plan`.

use super::StoreError;
use crate::audit::AuditEntry;

/// One imported plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRow {
    /// Its id, as the plan file says.
    pub id: String,
    /// The plan as JSON, in the shape of `schemas::plan`.
    pub body: String,
}

/// Plans beyond those built in.
pub trait PlanStore {
    /// All imported plans, by id.
    fn plans(&self) -> Result<Vec<PlanRow>, StoreError>;

    /// Adds or replaces a plan.
    fn put_plan(&self, row: &PlanRow, audit: AuditEntry) -> Result<(), StoreError>;
}
