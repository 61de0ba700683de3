//! Which records and persons were found to be the same.

use std::collections::{BTreeMap, BTreeSet};

use super::fact::{Body, Fact};
use super::key::Key;

/// Losers of merges and who stands for them.
#[derive(Debug, Clone, Default)]
pub struct Merged {
    records: BTreeMap<Key, Key>,
    members: BTreeMap<Key, Key>,
}

impl Merged {
    /// From the facts of the losers, in any order. A survivor that is itself a loser leads on to the end; in a circle,
    /// which only a mistake can make, the smallest stands for all, so that the group still counts once.
    #[must_use]
    pub fn of<'a>(losers: impl IntoIterator<Item = &'a Fact>) -> Self {
        let mut merged = Self::default();
        for fact in losers {
            if let Some(survivor) = fact.same_as {
                merged.records.insert(fact.record, survivor);
            }
            if let Body::Household(household) = &fact.body {
                merged.members.extend(household.same_members.iter().copied());
            }
        }
        merged
    }

    /// The record that stands for this one: itself, if nobody lost it.
    #[must_use]
    pub fn record(&self, record: Key) -> Key {
        end(&self.records, record)
    }

    /// The person that stands for this one.
    #[must_use]
    pub fn member(&self, member: Key) -> Key {
        end(&self.members, member)
    }

    /// True if another record counts in its place.
    #[must_use]
    pub fn is_lost(&self, record: Key) -> bool {
        self.record(record) != record
    }
}

fn end(links: &BTreeMap<Key, Key>, start: Key) -> Key {
    if links.is_empty() {
        return start;
    }
    let mut at = start;
    let mut seen = BTreeSet::new();
    while let Some(next) = links.get(&at) {
        if !seen.insert(at) {
            // Back at a place of the circle: everything on it is seen when it is walked once more.
            let mut circle = BTreeSet::new();
            while circle.insert(at) {
                at = links[&at];
            }
            return circle.first().copied().unwrap_or(start);
        }
        at = *next;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u8) -> Key {
        Key([number; 16])
    }

    fn links(pairs: &[(u8, u8)]) -> Merged {
        Merged {
            records: pairs.iter().map(|(a, b)| (key(*a), key(*b))).collect(),
            members: BTreeMap::new(),
        }
    }

    #[test]
    fn chains_lead_to_their_end() {
        let merged = links(&[(1, 2), (2, 3)]);
        assert_eq!(merged.record(key(1)), key(3));
        assert!(merged.is_lost(key(2)) && !merged.is_lost(key(3)) && !merged.is_lost(key(9)));
    }

    #[test]
    fn a_circle_counts_once() {
        let merged = links(&[(5, 3), (3, 4), (4, 5), (9, 5)]);
        for number in [3, 4, 5, 9] {
            assert_eq!(merged.record(key(number)), key(3));
        }
        let standing = [3, 4, 5, 9]
            .iter()
            .filter(|number| !merged.is_lost(key(**number)));
        assert_eq!(standing.count(), 1);
    }
}
