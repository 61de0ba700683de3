//! A point at which tests let a server die: some commit from now, and with it every later one.
//!
//! A process that dies before a commit leaves what was on disk before it. So a store that refuses
//! that commit and all later ones, and is then dropped and opened again, is the same to everybody.

use std::sync::atomic::{AtomicI64, Ordering};

use super::{SqliteStore, StoreError};

/// What a commit answers after the fault.
const DEAD: &str = "the store was told to fail";

/// How many commits are left; negative for a store that lives on, as every store does in the field.
#[derive(Debug)]
pub(super) struct Fault(AtomicI64);

impl Default for Fault {
    fn default() -> Self {
        Self(AtomicI64::new(-1))
    }
}

impl Fault {
    /// Asked before every commit.
    pub(super) fn before_commit(&self) -> Result<(), StoreError> {
        match self.0.load(Ordering::SeqCst) {
            0 => Err(StoreError::Internal(DEAD.to_owned())),
            left if left > 0 => {
                self.0.store(left - 1, Ordering::SeqCst);
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

impl SqliteStore {
    /// Lets so many more transactions happen; every later one fails before its commit until the
    /// data directory is opened again. For tests of crashes.
    pub fn fail_after(&self, commits: u32) {
        self.fault().0.store(i64::from(commits), Ordering::SeqCst);
    }
}
