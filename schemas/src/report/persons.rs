//! Distinct persons: two records are of one person when they share a household member or an identity card.

use std::collections::{BTreeMap, BTreeSet};

use super::fact::Person;
use super::key::Key;
use super::merged::Merged;

/// Names of persons, joined as records show that they are one.
#[derive(Debug, Default)]
pub struct Persons {
    numbers: BTreeMap<Key, u32>,
    links: Vec<u32>,
}

/// A person, until all records are seen; then ask [`Persons::distinct`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Somebody(u32);

impl Persons {
    /// The person of a record. Without a linked member and a card number, the record is a person of its own: names
    /// are common, so they join nobody.
    pub fn of(&mut self, merged: &Merged, record: Key, person: &Person) -> Somebody {
        let member = person.member.map(|member| merged.member(member));
        let names: Vec<Key> = [member, person.card].into_iter().flatten().collect();
        let mut numbers = names.iter().map(|name| self.number(*name)).collect::<Vec<_>>();
        if numbers.is_empty() {
            numbers.push(self.number(record));
        }
        for other in &numbers[1..] {
            let (first, other) = (self.root(numbers[0]), self.root(*other));
            // The smaller leads, so that roots do not depend on who joined whom.
            let (low, high) = (first.min(other), first.max(other));
            self.links[high as usize] = low;
        }
        Somebody(self.root(numbers[0]))
    }

    fn number(&mut self, name: Key) -> u32 {
        let next = u32::try_from(self.links.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(name).or_insert(next);
        if number == next {
            self.links.push(next);
        }
        number
    }

    fn root(&self, mut number: u32) -> u32 {
        while self.links[number as usize] != number {
            number = self.links[number as usize];
        }
        number
    }

    /// How many persons these are.
    #[must_use]
    pub fn distinct(&self, somebodies: impl IntoIterator<Item = Somebody>) -> i64 {
        let roots: BTreeSet<u32> = somebodies
            .into_iter()
            .map(|somebody| self.root(somebody.0))
            .collect();
        i64::try_from(roots.len()).unwrap_or(i64::MAX)
    }

    /// One key for all records of a person; good within this count only.
    #[must_use]
    pub fn name(&self, somebody: Somebody) -> Key {
        let mut name = [0; 16];
        name[..4].copy_from_slice(&self.root(somebody.0).to_be_bytes());
        Key(name)
    }

    /// One name for all records of a person.
    #[must_use]
    pub fn one(&self, somebody: Somebody) -> Somebody {
        Somebody(self.root(somebody.0))
    }
}
