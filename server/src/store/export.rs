//! Records on their way out: all that answer a question, one after another, from one snapshot.

use std::ops::ControlFlow;

use sync_core::id::{RecordId, UnitId};

use super::StoreError;
use super::reader::Reach;

/// Which records go out.
#[derive(Debug, Clone)]
pub struct ExportQuery {
    /// What the reader may see.
    pub reach: Reach,
    /// Only this kind.
    pub kind: String,
    /// Only these units.
    pub units: Option<Vec<UnitId>>,
    /// Only this review state.
    pub state: Option<String>,
    /// Only this record.
    pub id: Option<RecordId>,
    /// Only after this place.
    pub after: i64,
    /// Whether the first and last change of each are wanted.
    pub marks: bool,
}

/// A change as the log has it.
#[derive(Debug, Clone)]
pub struct Mark {
    /// The raw change.
    pub bytes: Vec<u8>,
    /// When it was received, milliseconds since 1970.
    pub received_at_ms: i64,
}

/// A record as stored.
#[derive(Debug, Clone)]
pub struct ExportedRecord {
    /// Its place among all records: rises, never changes.
    pub place: i64,
    /// Its id.
    pub id: RecordId,
    /// The version of its form.
    pub form: u32,
    /// Its unit.
    pub unit: Option<UnitId>,
    /// The shown value of every path, as a JSON object.
    pub answers: String,
    /// Review state.
    pub state: String,
    /// Fields on which people disagree.
    pub conflicts: u64,
    /// Rules its answers break.
    pub findings: u64,
    /// When its newest change found its place, milliseconds since 1970.
    pub settled_at_ms: i64,
    /// Its first change, if asked for.
    pub first: Option<Mark>,
    /// Its last change, if asked for and another than the first.
    pub last: Option<Mark>,
}

/// Records, one after another.
pub trait ExportReader {
    /// Gives `each` every record that answers the question in the order of their places, from one snapshot, until it breaks
    /// off. Holds a reader that long: `each` must not wait for anybody.
    fn export(
        &self,
        query: &ExportQuery,
        each: &mut dyn FnMut(ExportedRecord) -> ControlFlow<()>,
    ) -> Result<(), StoreError>;

    /// How many records answer the question.
    fn export_count(&self, query: &ExportQuery) -> Result<u64, StoreError>;
}
