//! Open disagreements of a record, and how much they weigh.

use schemas::form::Form;
use schemas::value::Scalar;
use serde::{Deserialize, Serialize};
use sync_core::record::Record;

/// A field on which people disagree, as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConflictView {
    /// The field.
    pub path: String,
    /// Somebody has to decide.
    pub review: bool,
    /// The shown value first.
    pub rivals: Vec<RivalView>,
}

/// One of the values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RivalView {
    /// What was written.
    pub value: Scalar,
    /// The change that wrote it, in hex.
    pub change: String,
    /// The actor that wrote it, in hex.
    pub actor: String,
    /// The author's clock, seconds since 1970.
    pub time_s: i64,
}

/// The disagreements of a record, in path order.
pub(super) fn of(record: &Record, form: &Form) -> Vec<ConflictView> {
    let views = record.conflicts().into_iter().map(|conflict| ConflictView {
        review: form.asks_for_review(&conflict.path),
        path: conflict.path,
        rivals: conflict
            .rivals
            .into_iter()
            .map(|rival| RivalView {
                value: rival.value,
                change: rival.change.to_hex(),
                actor: rival.actor.to_hex(),
                time_s: rival.time_s,
            })
            .collect(),
    });
    views.collect()
}

/// ODK's words: `hard` where somebody has to decide, `soft` where it may stand.
pub(super) fn level(conflicts: &[ConflictView]) -> Option<&'static str> {
    if conflicts.iter().any(|conflict| conflict.review) {
        Some("hard")
    } else {
        (!conflicts.is_empty()).then_some("soft")
    }
}
