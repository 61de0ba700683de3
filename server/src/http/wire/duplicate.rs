//! Pairs of records that may be one, as told over the wire.

use schemas::value::Scalar;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::queue::SignBody;
use super::record::RecordRow;

/// Two records side by side.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonBody {
    /// `<first>~<second>`.
    pub id: String,
    /// The one with the smaller id.
    pub first: SeenBody,
    /// The other.
    pub second: SeenBody,
    /// How alike they are, out of 100.
    pub score: u8,
    /// By what.
    pub evidence: Vec<SignBody>,
    /// Fields that one of them answers, in the form's order.
    pub fields: Vec<FieldPairBody>,
    /// People in their rows.
    pub members: Vec<PersonPairBody>,
    /// `proposed`, `merged` or `dismissed`.
    pub state: String,
}

/// A record as it is looked at.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeenBody {
    /// The record.
    pub record: RecordRow,
    /// Its heads, to be given back with the decision.
    pub heads: Vec<String>,
    /// Who wrote it first.
    pub author: String,
    /// When, by that device's clock (RFC 3339).
    pub created_at: String,
}

/// One field of both.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldPairBody {
    /// The field.
    pub path: String,
    /// Its label.
    pub label: String,
    /// The answer of the first.
    #[schema(value_type = Value)]
    pub first: Option<Scalar>,
    /// The answer of the second.
    #[schema(value_type = Value)]
    pub second: Option<Scalar>,
    /// True if they are the same.
    pub same: bool,
}

/// A person of one or both.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonPairBody {
    /// UUID of the row in the first.
    pub first: Option<String>,
    /// UUID of the row in the second.
    pub second: Option<String>,
    /// The name.
    pub name: String,
}

/// Which record stands for both.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeRequest {
    /// UUID of the record that stands for both.
    pub survivor: String,
    /// The heads of the first that was looked at.
    pub first_heads: Vec<String>,
    /// The heads of the second.
    pub second_heads: Vec<String>,
    /// Paths of the other record whose answers stand although the survivor has others.
    #[serde(default)]
    pub take: Vec<String>,
    /// Why.
    pub comment: Option<String>,
}

/// What became of a merge.
#[derive(Debug, Serialize, ToSchema)]
pub struct MergeBody {
    /// UUID of the record that stands for both.
    pub survivor: String,
    /// UUID of the other.
    pub loser: String,
}

/// Why two records are not the same.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DismissRequest {
    /// Why.
    pub comment: Option<String>,
}
