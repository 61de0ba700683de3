//! Why a set of units is no tree, and why a code names no unit.

use thiserror::Error;

/// Why a set of units is not a tree.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UnitsError {
    /// The file is not the JSON of a unit file.
    #[error("the unit file cannot be read: {0}")]
    Json(String),
    /// More than [`UNITS_MAX`](super::UNITS_MAX).
    #[error("too many units: {0}")]
    TooMany(usize),
    /// Two units with one id.
    #[error("two units have the id {0}")]
    DuplicateId(String),
    /// A parent or successor that is no unit.
    #[error("unit {unit} names {missing}, which is not a unit")]
    Dangling {
        /// The unit that names it.
        unit: String,
        /// The id that is missing.
        missing: String,
    },
    /// A unit that lies in itself, or follows itself.
    #[error("unit {0} lies in itself")]
    Cycle(String),
    /// A span whose end is before its start.
    #[error("unit {0} ends before it begins")]
    Backwards(String),
    /// A code that its level does not have.
    #[error("unit {unit} has the code {code}, which is no code of its level")]
    BadCode {
        /// The unit.
        unit: String,
        /// Its code.
        code: String,
    },
    /// Two units of one level hold one code on the same day.
    #[error("units {first} and {second} hold the code {code} at the same time")]
    CodeTwice {
        /// The code.
        code: String,
        /// One holder.
        first: String,
        /// The other.
        second: String,
    },
}

/// Why a code does not name one unit.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CodeError {
    /// No unit ever held it.
    #[error("no unit has the code {0}")]
    Unknown(String),
    /// Its holders are not in force yet.
    #[error("the code {code} is not in force yet on that day")]
    NotYet {
        /// The code.
        code: String,
        /// Ids of the units that will hold it.
        candidates: Vec<String>,
    },
    /// Several units held it, and none of them alone on that day.
    #[error("the code {code} belongs to several units")]
    Ambiguous {
        /// The code.
        code: String,
        /// Their ids.
        candidates: Vec<String>,
    },
}
