//! The values a record holds: scalars at flat field paths.
//!
//! A record is a flat map from field path to scalar. Nesting (repeats, multiple choice) is in the
//! path, never in the value: `members/<uuid>/full_name`, `needs/credit`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One stored value. Dates, times, references and geopoints are text in their standard form
/// (ISO 8601; UUID; ODK `lat lon altitude accuracy`); money is an integer number of đồng.
#[derive(Debug, Clone, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    /// An answer that was cleared. Different from a path that was never written.
    Null,
    /// `true` or `false`; a ticked option of a multiple choice is `true`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A decimal number; never NaN, never infinite.
    Decimal(f64),
    /// Text in Unicode NFC.
    Text(String),
}

impl Scalar {
    /// The text inside, if this is text.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// True for an answer that is missing in the eyes of a form: cleared, or empty text.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.is_empty(),
            _ => false,
        }
    }
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<bool> for Scalar {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Scalar {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

/// All answers of one record by field path, in path order. Paths that start with `$` are ours
/// (`$kind`, `$form`), all others are the form's.
pub type Answers = BTreeMap<String, Scalar>;
