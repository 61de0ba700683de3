//! What needs eyes, as told over the wire.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Device;
use super::record::{AsideBody, RecordRow};

/// What needs eyes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum QueueItem {
    /// A record with an open disagreement.
    Conflict {
        /// The record.
        record: RecordRow,
    },
    /// A record whose answers break a rule.
    Finding {
        /// The record.
        record: RecordRow,
    },
    /// A record written after an officer had decided.
    Edited {
        /// The record.
        record: RecordRow,
    },
    /// Two records that look alike.
    Duplicate {
        /// `<first>~<second>`, for `/duplicates/{id}`.
        id: String,
        /// The one with the smaller id.
        first: Box<RecordRow>,
        /// The other.
        second: Box<RecordRow>,
        /// Numbers of the weak keys of their form that they share.
        why: Vec<String>,
        /// How alike they are, out of 100.
        score: u8,
        /// By what.
        evidence: Vec<SignBody>,
    },
    /// A phone that did not sync for long.
    Device {
        /// The phone.
        device: Box<Device>,
    },
    /// A change that was set aside; reason `locked` is a request for a change.
    Parked {
        /// The change.
        change: AsideBody,
    },
}

/// One thing that speaks for two records being one, or against it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignBody {
    /// The stable name.
    pub code: String,
    /// The same in words.
    pub message: String,
    /// `strong` for what hardly happens by chance, else `weak`.
    pub strength: String,
}

/// Which part of the queue.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct QueueFilter {
    /// `conflict`, `duplicate`, `finding`, `parked`, `edited` or `device`.
    pub kind: QueueKind,
    /// Only records of this unit and what lies under it: UUID or official code.
    pub unit: Option<String>,
    /// Only records of this form.
    pub form: Option<String>,
    /// Only what has stood for so many days; phones are silent after 7 days if not said.
    pub older_than_days: Option<u32>,
    /// Rows on this page: 100 if not said, at most 500.
    pub limit: Option<usize>,
    /// The `next` of the page before.
    pub cursor: Option<String>,
}

/// Which part of the queue is counted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CountFilter {
    /// Only records of this unit and what lies under it: UUID or official code.
    pub unit: Option<String>,
    /// Only records of this form.
    pub form: Option<String>,
    /// Only what has stood for so many days; phones are silent after 7 days if not said.
    pub older_than_days: Option<u32>,
}

/// How much needs eyes: the lengths of the lists.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueueCounts {
    /// Records with a disagreement that somebody has to decide.
    pub conflict: u64,
    /// Pairs of records that look alike.
    pub duplicate: u64,
    /// Records whose answers break a rule.
    pub finding: u64,
    /// Changes that were set aside.
    pub parked: u64,
    /// Records written after an officer had decided.
    pub edited: u64,
    /// Phones that did not sync for long.
    pub device: u64,
}

/// What needs eyes, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QueueKind {
    /// Open disagreements that somebody has to decide.
    Conflict,
    /// Records that look alike.
    Duplicate,
    /// Records whose answers break a rule.
    Finding,
    /// Changes that were set aside.
    Parked,
    /// Records written after an officer had decided.
    Edited,
    /// Phones that did not sync for long.
    Device,
}
