//! A point at which tests let a phone die: some commit from now, and with it every later one.
//!
//! A phone whose battery dies before a commit keeps what was on disk before it. So a store that
//! refuses that commit and all later ones, and is then dropped and opened again, is the same.

use std::cell::Cell;

use super::{Store, StoreError};

/// How many commits are left; `None` for a store that lives on, as every store does in the field.
#[derive(Debug, Default)]
pub(super) struct Fault(Cell<Option<u32>>);

impl Fault {
    /// Asked before every commit.
    pub(super) fn before_commit(&self) -> Result<(), StoreError> {
        match self.0.get() {
            Some(0) => Err(StoreError::Failed("the store was told to fail".to_owned())),
            left => {
                self.0.set(left.map(|left| left - 1));
                Ok(())
            }
        }
    }
}

impl Store {
    /// Lets so many more transactions happen; every later one fails before its commit until the
    /// home is opened again. For tests of crashes.
    pub fn fail_after(&self, commits: u32) {
        self.fault.0.set(Some(commits));
    }
}
