//! One phone on disk: rows in, one commit out, everything or nothing.
//!
//! In: what a step of `sync_core::phone` asks for. Out: its rows; and its commit, on disk when the
//! call returns. One file `phone.db` in the home, one program at a time. It decides nothing: what
//! the rows mean is the core's business.

mod commit;
mod error;
mod fault;
mod load;
mod open;
mod read;

use std::fs::File;

use rusqlite::Connection;

pub use error::StoreError;
pub use read::{Counts, OpenWork};

/// An open home.
#[derive(Debug)]
pub struct Store {
    db: Connection,
    fault: fault::Fault,
    /// Held for as long as the home is open.
    _lock: File,
}

/// Finds the strings by which likely duplicates of a record are found: kind and keys.
pub type KeysOf<'a> =
    &'a dyn Fn(sync_core::id::RecordId, &sync_core::phone::RecordRow) -> Vec<(String, String)>;
