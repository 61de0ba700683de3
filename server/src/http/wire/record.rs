//! Records, their history and disagreements, as told over the wire.

use std::collections::BTreeMap;

use schemas::value::Scalar;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// Which records.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RecordFilter {
    /// Only records of this kind (a form's id).
    pub kind: Option<String>,
    /// Only records of this unit and what lies under it: UUID or official code.
    pub unit: Option<String>,
    /// Only records in this review state: `received`, `edited`, `has_issues`, `approved`, `rejected`, `locked`, `void`.
    pub state: Option<String>,
    /// Also records for which another stands (doubles that were merged).
    pub merged: Option<bool>,
    /// Words to search; without diacritics they find those with, and a word may be only begun.
    pub q: Option<String>,
    /// Only records that changed after this moment (RFC 3339).
    pub updated_after: Option<String>,
    /// Rows on this page: 100 if not said, at most 500.
    pub limit: Option<usize>,
    /// The `next` of the page before.
    pub cursor: Option<String>,
}

/// Why somebody reads personal data.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Reading {
    /// A province officer sees personal answers only with a reason, which is logged.
    pub reason: Option<String>,
}

/// A record in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordRow {
    /// UUID.
    pub id: String,
    /// The id of its form.
    pub kind: String,
    /// The name people know it by.
    pub title: String,
    /// UUID of its unit.
    pub unit: Option<String>,
    /// Review state.
    pub state: String,
    /// `soft` (may stand), `hard` (somebody has to decide) or null.
    pub conflict: Option<String>,
    /// How many rules its answers break.
    pub findings: u64,
    /// When it last changed (RFC 3339).
    pub updated_at: String,
}

/// One record.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordBody {
    /// UUID.
    pub id: String,
    /// The id of its form.
    pub kind: String,
    /// The version of its form.
    pub form: u32,
    /// UUID of its unit.
    pub unit: Option<String>,
    /// The name people know it by.
    pub title: String,
    /// Its answers, nested.
    #[schema(value_type = Object)]
    pub data: Value,
    /// Open disagreements.
    pub conflicts: Vec<ConflictBody>,
    /// Rules its answers break.
    #[schema(value_type = Vec<Object>)]
    pub findings: Value,
    /// Review state.
    pub state: String,
    /// Its newest changes, in hex.
    pub heads: Vec<String>,
    /// Changes that lie beside it.
    pub aside: Vec<AsideBody>,
    /// UUID of the record that stands for this one, if the two were merged.
    pub same_as: Option<String>,
    /// UUIDs of the records for which this one stands.
    pub stands_for: Vec<String>,
    /// True if personal answers are hidden.
    pub masked: bool,
}

/// A field on which people disagree.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConflictBody {
    /// The field.
    pub path: String,
    /// Somebody has to decide.
    pub review: bool,
    /// The shown value first.
    pub values: Vec<RivalBody>,
}

/// One of the values.
#[derive(Debug, Serialize, ToSchema)]
pub struct RivalBody {
    /// What was written.
    #[schema(value_type = Value)]
    pub value: Scalar,
    /// Who wrote it.
    pub author: String,
    /// With which device.
    pub device: Option<String>,
    /// When, by that device's clock (RFC 3339).
    pub claimed_at: String,
    /// When the server received it (RFC 3339).
    pub received_at: Option<String>,
    /// The change that wrote it, in hex.
    pub change: String,
}

/// The disagreements of a record.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConflictList {
    /// In path order.
    pub items: Vec<ConflictBody>,
}

/// The history of a record.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryBody {
    /// Each after what it was written on top of.
    pub entries: Vec<HistoryEntryBody>,
}

/// One change.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryEntryBody {
    /// In hex.
    pub change: String,
    /// Who wrote it.
    pub author: String,
    /// With which device.
    pub device: Option<String>,
    /// When, by that device's clock (RFC 3339).
    pub claimed_at: String,
    /// When the server received it (RFC 3339).
    pub received_at: Option<String>,
    /// What it wrote, by path; null for an unticked option.
    #[schema(value_type = Object)]
    pub changes: Value,
}

/// A change that lies beside its record.
#[derive(Debug, Serialize, ToSchema)]
pub struct AsideBody {
    /// In hex.
    pub change: String,
    /// Its record.
    pub record: String,
    /// Who wrote it.
    pub author: String,
    /// With which device.
    pub device: Option<String>,
    /// Why it is parked; null while it waits for its ancestors.
    pub reason: Option<String>,
    /// The reason in words.
    pub message: Option<String>,
    /// When the server received it (RFC 3339).
    pub received_at: String,
    /// What it wrote, by path.
    #[schema(value_type = Object)]
    pub changes: Value,
}

/// What became of a parked change.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionBody {
    /// The change, in hex.
    pub change: String,
    /// `applied`, `waiting`, `parked` or `superseded`.
    pub state: String,
    /// Why it stays parked.
    pub reason: Option<String>,
}

/// What an officer says of a record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewRequest {
    /// `approved`, `has_issues` (returned to its author), `rejected`, `locked` (khóa sổ: later edits are requests) or
    /// `void`.
    pub state: String,
    /// Why; its author reads it. Needed for `has_issues`, `rejected` and `void`.
    pub comment: Option<String>,
    /// The heads of the record that was looked at, as `GET /records/{id}` gave them.
    pub heads: Vec<String>,
}

/// Which value of a field stands: exactly one of `keep` and `value`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveRequest {
    /// The field.
    pub path: String,
    /// The change whose value stands, in hex, as the disagreement names it.
    pub keep: Option<String>,
    /// A third value, as typed.
    pub value: Option<String>,
    /// Why; people read it beside the record.
    pub comment: Option<String>,
    /// The heads of the record that was looked at.
    pub heads: Vec<String>,
}

/// Answers as they should be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionRequest {
    /// Values as typed, by path; an empty one takes the answer away.
    pub answers: BTreeMap<String, String>,
    /// The heads of the record that was looked at.
    pub heads: Vec<String>,
}

/// The same said of many records.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkReviewRequest {
    /// The records with the heads that were looked at, at most 500.
    pub items: Vec<SeenRecord>,
    /// As in a single review.
    pub state: String,
    /// As in a single review.
    pub comment: Option<String>,
    /// Only says what would be taken.
    #[serde(default)]
    pub preview: bool,
}

/// A record as it was looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeenRecord {
    /// UUID.
    pub id: String,
    /// Its heads.
    pub heads: Vec<String>,
}

/// What becomes of many records.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkReviewBody {
    /// One for each record that was named.
    pub items: Vec<BulkOutcome>,
    /// How many the decision is taken for, or would be.
    pub taken: usize,
}

/// What becomes of one of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkOutcome {
    /// UUID.
    pub id: String,
    /// The name people know it by.
    pub title: String,
    /// Its review state before.
    pub state_before: String,
    /// Why nothing is said of it: a problem's code.
    pub code: Option<String>,
    /// The same in words.
    pub message: Option<String>,
}
