//! Questions people ask of merged records: lists, searches, one record, what needs eyes.

use sync_core::id::{ChangeHash, DeviceId, RecordId, UnitId};
use sync_core::policy::ParkReason;

use super::StoreError;
use super::record::{FeedScope, RecordView};

/// Whose records somebody may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Everything.
    All,
    /// What lies in one of these.
    Scopes(Vec<FeedScope>),
}

/// A bounded question for a list of records.
#[derive(Debug, Clone)]
pub struct RecordQuery {
    /// What the asker may read.
    pub reach: Reach,
    /// Only this kind.
    pub kind: Option<String>,
    /// Only these units.
    pub units: Option<Vec<UnitId>>,
    /// Only this review state.
    pub state: Option<String>,
    /// Only records with all of these folded words, each perhaps only begun.
    pub words: Vec<String>,
    /// Only records that changed after this, milliseconds since 1970.
    pub updated_after_ms: Option<i64>,
    /// Only records with an open conflict.
    pub conflicts_only: bool,
    /// After this place.
    pub after: i64,
    /// At most so many.
    pub limit: usize,
}

/// A record in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordSummary {
    /// Its place in the list.
    pub place: i64,
    /// The record.
    pub id: RecordId,
    /// Its form.
    pub kind: String,
    /// The name people know it by.
    pub title: String,
    /// Its unit.
    pub unit: Option<UnitId>,
    /// Review state.
    pub state: String,
    /// `soft`, `hard` or none.
    pub conflict: Option<String>,
    /// How many rules its answers break.
    pub findings: u64,
    /// When it last changed, milliseconds since 1970.
    pub updated_at_ms: i64,
}

/// A change that lies beside its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsideSummary {
    /// Its place in the list.
    pub place: i64,
    /// The change.
    pub change: ChangeHash,
    /// Its record.
    pub record: RecordId,
    /// Who signed it.
    pub signer: Option<DeviceId>,
    /// The raw change.
    pub bytes: Vec<u8>,
    /// Why it is parked; none while it waits.
    pub reason: Option<ParkReason>,
    /// When it was received, milliseconds since 1970.
    pub received_at_ms: i64,
}

/// Two records that may be the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicatePair {
    /// One of them.
    pub first: RecordSummary,
    /// The other.
    pub second: RecordSummary,
    /// Numbers of the weak keys they share.
    pub why: Vec<String>,
}

/// Merged records, for reading.
pub trait RecordReader {
    /// Records that answer the question, in their order.
    fn list(&self, query: &RecordQuery) -> Result<Vec<RecordSummary>, StoreError>;

    /// A record, if it is within reach.
    fn one(&self, reach: &Reach, id: RecordId) -> Result<Option<RecordView>, StoreError>;

    /// When each applied change of a record was received, milliseconds since 1970.
    fn received(&self, id: RecordId) -> Result<Vec<(ChangeHash, i64)>, StoreError>;

    /// What lies beside a record.
    fn aside(&self, id: RecordId) -> Result<Vec<AsideSummary>, StoreError>;

    /// Parked changes after `after`, oldest first. Their records may not exist.
    fn parked_changes(&self, after: i64, limit: usize) -> Result<Vec<AsideSummary>, StoreError>;

    /// Pairs that look alike, both within reach, after the pair `after`.
    fn duplicates(
        &self,
        reach: &Reach,
        after: Option<(RecordId, RecordId)>,
        limit: usize,
    ) -> Result<Vec<DuplicatePair>, StoreError>;
}
