//! Which records belong on a device: one feed for each unit its holder has, and one for each commune
//! whose shared records (fairs, attendance) its holder takes part in.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use sync_core::id::UnitId;
use sync_core::policy::Role;

use crate::store::record::FeedScope;
use crate::territory::Units;

/// A stream of updates of one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Its name in cursors. It changes when the units under it change, so that records which came
    /// into scope without changing themselves are sent.
    pub key: Vec<u8>,
    /// What it covers.
    pub scope: FeedScope,
}

/// Bytes of a feed's name: enough that two feeds of one device never share one.
const KEY_BYTES: usize = 8;

/// The feeds of a holder of `units`; none for a role that keeps no records.
#[must_use]
pub fn feeds(role: Role, units: &[UnitId], territory: &Units, shared_kinds: &[String]) -> Vec<Feed> {
    if !role.holds_records() {
        return Vec::new();
    }
    let own = territory.under(units);
    let shared: BTreeSet<UnitId> = units
        .iter()
        .flat_map(|unit| territory.communes_over(*unit))
        .filter(|unit| !own.contains(unit))
        .collect();
    let mut feeds = Vec::new();
    for unit in units {
        feeds.push(feed(b'u', territory.under(&[*unit]), None));
    }
    if !shared.is_empty() {
        feeds.push(feed(b's', shared, Some(shared_kinds.to_vec())));
    }
    feeds
}

fn feed(class: u8, units: BTreeSet<UnitId>, kinds: Option<Vec<String>>) -> Feed {
    let mut hasher = Sha256::new();
    hasher.update([class]);
    for unit in &units {
        hasher.update(unit.bytes());
    }
    for kind in kinds.iter().flatten() {
        hasher.update(kind);
        hasher.update([0]);
    }
    Feed {
        key: hasher.finalize()[..KEY_BYTES].to_vec(),
        scope: FeedScope {
            units: units.into_iter().collect(),
            kinds,
        },
    }
}
