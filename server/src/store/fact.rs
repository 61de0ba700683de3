//! Facts of records, for reports.

use std::collections::BTreeSet;

use schemas::report::{Fact, Key, Kind};
use sync_core::id::UnitId;

use super::StoreError;
use super::reader::{Reach, RecordSummary};

/// A device in somebody's hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldDevice {
    /// The units of the person who holds it.
    pub units: Vec<UnitId>,
    /// When the newest of its envelopes was received, milliseconds since 1970.
    pub heard_at_ms: Option<i64>,
}

/// What a person is listed with, beside the figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadOfHousehold {
    /// The household.
    pub record: Key,
    /// The name of its head.
    pub name: String,
    /// The year the head was born.
    pub birth_year: Option<i64>,
}

/// All facts at one moment.
pub trait FactReader {
    /// Shows `see` every fact of these kinds, in no order that means something.
    fn scan(&self, kinds: &[Kind], see: &mut dyn FnMut(&Fact)) -> Result<(), StoreError>;

    /// The facts of records that were merged into another that is there.
    fn lost(&self) -> Result<Vec<Fact>, StoreError>;

    /// Records that look like another.
    fn doubles(&self) -> Result<BTreeSet<Key>, StoreError>;

    /// Phones that were not revoked.
    fn held_devices(&self) -> Result<Vec<HeldDevice>, StoreError>;

    /// Those of these records that are within reach and after `after`, in the order of their ids.
    fn summaries(
        &self,
        reach: &Reach,
        records: &[Key],
        after: Option<Key>,
        limit: usize,
    ) -> Result<Vec<RecordSummary>, StoreError>;

    /// Heads of these households: personal data, for those who may read it.
    fn heads(&self, households: &[Key]) -> Result<Vec<HeadOfHousehold>, StoreError>;
}

/// Facts as a whole.
pub trait FactStore {
    /// Lets `work` read facts that do not change meanwhile.
    fn facts(
        &self,
        work: &mut dyn FnMut(&dyn FactReader) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;

    /// Of which version the facts are.
    fn facts_version(&self) -> Result<u64, StoreError>;

    /// Says that all facts are of this version now.
    fn settle_facts(&self, version: u64) -> Result<(), StoreError>;
}
