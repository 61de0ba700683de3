//! The values a record holds: scalars at flat field paths.
//!
//! A record is a flat map from field path to scalar. Nesting (repeats, multiple choice) is in the
//! path, never in the value: `members/<uuid>/full_name`, `needs/credit`.

use std::collections::BTreeMap;

use std::fmt;

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// One stored value. Dates, times, references and geopoints are text in their standard form
/// (ISO 8601; UUID; ODK `lat lon altitude accuracy`); money is an integer number of đồng.
#[derive(Debug, Clone, PartialEq, PartialOrd, Serialize)]
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

/// By hand, because trying one kind after the other (as `untagged` does) costs more than everything else in reading many
/// records.
impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl Visitor<'_> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("null, a truth value, a number or a text")
    }

    fn visit_unit<E: Error>(self) -> Result<Scalar, E> {
        Ok(Scalar::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Scalar, E> {
        Ok(Scalar::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Scalar, E> {
        Ok(Scalar::Int(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Scalar, E> {
        Ok(i64::try_from(value).map_or(Scalar::Decimal(value as f64), Scalar::Int))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Scalar, E> {
        Ok(Scalar::Decimal(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Scalar, E> {
        Ok(Scalar::Text(value))
    }
}

/// All answers of one record by field path, in path order. Paths that start with `$` are ours
/// (`$kind`, `$form`), all others are the form's.
pub type Answers = BTreeMap<String, Scalar>;
