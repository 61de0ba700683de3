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

impl Reach {
    /// True if a record of that unit and kind lies within it.
    #[must_use]
    pub fn holds(&self, unit: Option<UnitId>, kind: &str) -> bool {
        let in_scope = |scope: &FeedScope| {
            let of_kind = |kinds: &Vec<String>| kinds.iter().any(|known| known == kind);
            unit.is_some_and(|unit| scope.units.contains(&unit)) && scope.kinds.as_ref().is_none_or(of_kind)
        };
        match self {
            Self::All => true,
            Self::Scopes(scopes) => scopes.iter().any(in_scope),
        }
    }
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
    /// Only records that have not changed since this, milliseconds since 1970.
    pub updated_before_ms: Option<i64>,
    /// Only records that somebody has to look at for this reason.
    pub eyes: Option<Eyes>,
    /// Records for which another stands as well.
    pub merged: bool,
    /// After this place.
    pub after: i64,
    /// At most so many.
    pub limit: usize,
}

/// Why somebody has to look at a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Eyes {
    /// People disagree on a field that asks for review.
    Conflict,
    /// Answers break a rule, and nobody has said what is to become of it.
    Finding,
    /// Answers were written after an officer had decided.
    Edited,
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
    /// The unit and kind of its record; none if nothing of it is merged.
    pub home: Option<(Option<UnitId>, String)>,
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
    /// The one with the smaller id.
    pub first: RecordSummary,
    /// The other.
    pub second: RecordSummary,
    /// Numbers of the weak keys they share.
    pub why: Vec<String>,
    /// The answers of both, as JSON objects.
    pub answers: (String, String),
}

/// A bounded question for pairs that look alike.
#[derive(Debug, Clone)]
pub struct PairQuery {
    /// Both lie within it.
    pub reach: Reach,
    /// Only this kind.
    pub kind: Option<String>,
    /// Only pairs with one of these units.
    pub units: Option<Vec<UnitId>>,
    /// Only pairs of which neither has changed since this, milliseconds since 1970.
    pub updated_before_ms: Option<i64>,
    /// After this pair.
    pub after: Option<(RecordId, RecordId)>,
    /// At most so many.
    pub limit: usize,
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

    /// How many records answer the question, on all pages.
    fn count(&self, query: &RecordQuery) -> Result<u64, StoreError>;

    /// Pairs that look alike and of which no officer has said what they are, in the order of their ids.
    fn duplicates(&self, query: &PairQuery) -> Result<Vec<DuplicatePair>, StoreError>;

    /// How many pairs answer the question, on all pages.
    fn count_duplicates(&self, query: &PairQuery) -> Result<u64, StoreError>;

    /// The records for which this one stands, in id order.
    fn merged_into(&self, id: RecordId) -> Result<Vec<RecordId>, StoreError>;
}
