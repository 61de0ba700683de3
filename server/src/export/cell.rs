//! One value of a table, typed as its field is.

use jiff::Timestamp;
use jiff::civil::Date;
use schemas::expr::{LOCAL_OFFSET, is_date, local_date};
use schemas::value::Scalar;

use super::layout::Kind;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing was answered.
    Empty,
    /// Text. Never a formula, whatever it begins with.
    Text(String),
    /// A whole number.
    Int(i64),
    /// A decimal number.
    Decimal(f64),
    /// True or false.
    Bool(bool),
    /// A day.
    Date(Date),
    /// A moment.
    Moment(Timestamp),
    /// Something personal that the reader may not see.
    Masked,
}

impl Cell {
    /// An answer, as its kind says if it is of that kind: one that is not stays as it was typed.
    #[must_use]
    pub fn of(value: &Scalar, kind: Kind) -> Self {
        match value {
            Scalar::Null => Self::Empty,
            Scalar::Bool(truth) => Self::Bool(*truth),
            Scalar::Int(number) => Self::Int(*number),
            Scalar::Decimal(number) => Self::Decimal(*number),
            Scalar::Text(text) if text.is_empty() => Self::Empty,
            Scalar::Text(text) => Self::timed(text, kind).unwrap_or_else(|| Self::Text(text.clone())),
        }
    }

    fn timed(text: &str, kind: Kind) -> Option<Self> {
        match kind {
            Kind::Date => is_date(text).then(|| local_date(text).map(Self::Date))?,
            Kind::Moment if is_date(text) => local_date(text).map(Self::Date),
            Kind::Moment => text.parse().ok().map(Self::Moment),
            Kind::Text | Kind::Int | Kind::Decimal | Kind::Bool => None,
        }
    }

    /// Text, or nothing.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Self::Empty
        } else {
            Self::Text(text)
        }
    }

    /// A count.
    #[must_use]
    pub fn count(number: u64) -> Self {
        i64::try_from(number).map_or(Self::Empty, Self::Int)
    }
}

/// A moment as people here read it: `2024-03-05T09:00:00+07:00`.
#[must_use]
pub fn local(moment: Timestamp) -> String {
    moment.display_with_offset(LOCAL_OFFSET).to_string()
}
