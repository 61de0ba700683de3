//! What needs eyes.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::people::Device;
use super::records::{Aside, RecordRow};
use super::{Answer, Page, get, tell};
use crate::address::asked;

/// The kinds of the queue, in the order of the tabs.
pub const KINDS: [&str; 6] = ["conflict", "duplicate", "finding", "parked", "edited", "device"];

/// Something that needs eyes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Item {
    /// A record on which people disagree.
    Conflict {
        /// The record.
        record: RecordRow,
    },
    /// A record whose answers break a rule.
    Finding {
        /// The record.
        record: RecordRow,
    },
    /// A record that was edited after its approval.
    Edited {
        /// The record.
        record: RecordRow,
    },
    /// Two records that look alike.
    Duplicate {
        /// `<first>~<second>`.
        #[serde(default)]
        id: String,
        /// One of them.
        first: RecordRow,
        /// The other.
        second: RecordRow,
        /// From 0 to 100.
        #[serde(default)]
        score: f64,
    },
    /// A change that was set aside, or asked for after the books closed.
    Parked {
        /// The change.
        change: Aside,
    },
    /// A device that has not been heard of.
    Device {
        /// The device.
        device: Device,
    },
}

impl Item {
    /// What names it in the address.
    #[must_use]
    pub fn id(&self) -> String {
        match self {
            Self::Conflict { record } | Self::Finding { record } | Self::Edited { record } => {
                record.id.clone()
            }
            Self::Duplicate {
                id, first, second, ..
            } if id.is_empty() => format!("{}~{}", first.id, second.id),
            Self::Duplicate { id, .. } => id.clone(),
            Self::Parked { change } => change.change.clone(),
            Self::Device { device } => device.id.clone(),
        }
    }
}

/// Which part of the queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// UUID of a unit, or empty.
    pub unit: String,
    /// The id of a form, or empty.
    pub form: String,
    /// Days, or empty.
    pub older_than_days: String,
}

/// One page of one kind.
///
/// # Errors
/// As [`get`].
pub async fn list(kind: &str, filter: &Filter, cursor: &str) -> Answer<Page<Item>> {
    let pairs = [
        ("kind", kind),
        ("unit", &filter.unit),
        ("form", &filter.form),
        ("older_than_days", &filter.older_than_days),
        ("limit", "50"),
        ("cursor", cursor),
    ];
    get(asked("queue", &pairs)).await
}

/// How many there are of each kind.
///
/// # Errors
/// As [`get`].
pub async fn counts(filter: &Filter) -> Answer<BTreeMap<String, usize>> {
    let pairs = [
        ("unit", filter.unit.as_str()),
        ("form", &filter.form),
        ("older_than_days", &filter.older_than_days),
    ];
    let counts: BTreeMap<String, Value> = get(asked("queue/counts", &pairs)).await?;
    let number = |value: Value| value.as_u64().and_then(|n| usize::try_from(n).ok());
    Ok(counts
        .into_iter()
        .filter_map(|(kind, value)| Some((kind, number(value)?)))
        .collect())
}

/// Lets a parked change through, or says no to it.
///
/// # Errors
/// `parked_unknown`, `parked_forever`.
pub async fn decide_parked(change: String, admit: bool) -> Answer<()> {
    let verb = if admit { "admit" } else { "dismiss" };
    tell("POST", &format!("parked/{change}/{verb}"), &json!({})).await
}
