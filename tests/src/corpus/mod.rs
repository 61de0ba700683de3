//! Golden bytes: one file for each format, made once from fixed inputs, never changed.
//!
//! In: invented people and households with fixed ids, keys and clocks. Out: the bytes of every format
//! under `tests/corpus/v1`, each beside a JSON file that says what a reader finds in it. A format
//! that changes gets a folder of its own (`v2`), and the old files must be read for ever.

mod describe;
mod made;

use std::path::PathBuf;

pub use describe::describe;
pub use made::{PROJECT, all, cert, device, key, public_key, record_id};

/// The version of the formats that `all` makes.
pub const VERSION: &str = "v1";

/// One format: its name and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Golden {
    /// The format, and the name of its files.
    pub name: &'static str,
    /// The bytes, as today's program writes them.
    pub bytes: Vec<u8>,
}

/// Where the golden files of `version` stand.
#[must_use]
pub fn folder(version: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(version)
}
