//! Administrative units through time: who lies in whom, before and after 1 July 2025.
//!
//! A unit is identified by its UUID, never by its code or name: code 02842 was Lùng Cải and is now
//! Tả Củ Tỷ, and Nậm Chảy and Nậm Chầy are two communes (domain §0.5, §0.6). Comes in: unit files
//! as JSON ([`UnitTree::from_json`]) and office tables as CSV ([`import_units_csv`]). Goes out:
//! look-ups and containment. It knows nothing about people, records or rights.

mod csv;
mod error;
mod import;
mod tree;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use self::error::{CodeError, UnitsError};
pub use self::import::{
    ImportChange, ImportError, ImportPreview, RowProblem, UNIT_CSV_BYTES_MAX, import_units_csv,
};
pub use self::tree::{UNITS_MAX, UnitTree};

/// The units of the 2024 plan and their successors (domain §4.1–4.3).
pub const UNITS_JSON: &str = include_str!("../data/units.json");
/// Invented villages for demonstration and tests; every one says so.
pub const DEMO_VILLAGES_JSON: &str = include_str!("../data/demo_villages.json");

/// The tier of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Tỉnh, thành phố: 2-digit code.
    Province,
    /// Huyện, thị xã: 3-digit code; none after 30 June 2025.
    District,
    /// Xã, phường, thị trấn: 5-digit code.
    Commune,
    /// Thôn, bản, tổ dân phố: no official code.
    Village,
    /// A free grouping that a reviewer answers for, now that districts are gone.
    ReviewArea,
}

impl Level {
    /// The level as data files write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::District => "district",
            Self::Commune => "commune",
            Self::Village => "village",
            Self::ReviewArea => "review_area",
        }
    }

    /// Reads what [`Level::name`] writes.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [
            Self::Province,
            Self::District,
            Self::Commune,
            Self::Village,
            Self::ReviewArea,
        ]
        .into_iter()
        .find(|level| level.name() == name)
    }

    /// How many digits an official code of this level has; `None` where there is no official code.
    #[must_use]
    pub fn code_digits(self) -> Option<usize> {
        match self {
            Self::Province => Some(2),
            Self::District => Some(3),
            Self::Commune => Some(5),
            Self::Village | Self::ReviewArea => None,
        }
    }
}

/// That one unit lay in another, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parent {
    /// The id of the unit around it.
    pub id: String,
    /// First day; `None` is "as long as known".
    #[serde(default, with = "crate::day::option")]
    pub from: Option<Date>,
    /// Last day; `None` is "still".
    #[serde(default, with = "crate::day::option")]
    pub to: Option<Date>,
}

/// One administrative unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// UUID, fixed for ever.
    pub id: String,
    /// The tier.
    pub level: Level,
    /// The official code, with leading zeros; unique only within a level and a time.
    pub official_code: Option<String>,
    /// The name without the word for its kind.
    pub name: String,
    /// Other spellings of the name in official lists.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The word for what it is: `xã`, `phường`, `thị trấn`, `thôn`, `huyện`, `tỉnh`.
    pub kind: String,
    /// What it lay in, and when.
    #[serde(default)]
    pub parents: Vec<Parent>,
    /// First day in force; `None` is "as long as known".
    #[serde(default, with = "crate::day::option")]
    pub valid_from: Option<Date>,
    /// Last day in force; `None` is "still".
    #[serde(default, with = "crate::day::option")]
    pub valid_to: Option<Date>,
    /// The units that took its place.
    #[serde(default)]
    pub successors: Vec<String>,
    /// The decision that made or ended it.
    #[serde(default)]
    pub decision: Option<String>,
    /// Where we have it from.
    #[serde(default)]
    pub source: String,
    /// How sure that is: `V` verified, `Kh`/`Km`/`Kl` known but not verified, `invented`.
    #[serde(default)]
    pub certainty: String,
    /// True for units that do not exist.
    #[serde(default)]
    pub invented: bool,
}

impl Unit {
    /// True when the unit is in force on this day.
    #[must_use]
    pub fn in_force(&self, on: Date) -> bool {
        within(self.valid_from, self.valid_to, on)
    }

    /// True when the unit ended before this day.
    #[must_use]
    pub fn ended_before(&self, on: Date) -> bool {
        self.valid_to.is_some_and(|to| to < on)
    }

    /// `xã Lùng Cải`: the kind and the name.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.kind, self.name)
    }
}

/// True when the day lies in the span; an open end never excludes.
fn within(from: Option<Date>, to: Option<Date>, on: Date) -> bool {
    from.is_none_or(|from| from <= on) && to.is_none_or(|to| on <= to)
}

#[cfg(test)]
mod tests;
