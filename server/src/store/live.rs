//! What changed since a place in the log, in few words.

use std::collections::{BTreeMap, BTreeSet};

use sync_core::id::UnitId;

use super::StoreError;
use super::reader::Reach;

/// What changed within somebody's reach.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct News {
    /// How far the log has come.
    pub seq: u64,
    /// How many records of each kind changed.
    pub kinds: BTreeMap<String, u64>,
    /// Where.
    pub units: BTreeSet<UnitId>,
    /// More changed than was looked at: better read everything again.
    pub more: bool,
}

/// The log, for those who look on.
pub trait NewsStore {
    /// Records within reach that changed after `after`; at most `limit` changed records are looked at.
    fn news(&self, reach: &Reach, after: u64, limit: usize) -> Result<News, StoreError>;
}
