//! Classes, and what changed between two of them (Circular 07/2021; domain §2.3).

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde::{Deserialize, Serialize};

/// The class of a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Hộ nghèo.
    Poor,
    /// Hộ cận nghèo.
    NearPoor,
    /// Hộ có mức sống trung bình: a determination of its own.
    Average,
    /// Hộ không nghèo.
    NonPoor,
    /// Not classified yet.
    Unclassified,
}

impl Class {
    /// The code of the forms.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Poor => "poor",
            Self::NearPoor => "near_poor",
            Self::Average => "average",
            Self::NonPoor => "non_poor",
            Self::Unclassified => "unclassified",
        }
    }

    /// Reads the code of the forms.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        [
            Self::Poor,
            Self::NearPoor,
            Self::Average,
            Self::NonPoor,
            Self::Unclassified,
        ]
        .into_iter()
        .find(|class| class.code() == code)
    }
}

/// A class that was recognised by decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassRecord {
    /// The class.
    pub class: Class,
    /// The day of the decision.
    pub recognised_on: Date,
}

impl ClassRecord {
    /// What a visit says in `class_recognised` and `decision_date`; none unless both are there.
    #[must_use]
    pub fn read(class: Option<&str>, decision_date: Option<&str>) -> Option<Self> {
        Some(Self {
            class: Class::parse(class?)?,
            recognised_on: decision_date?.parse().ok()?,
        })
    }
}

/// What changed for a household (diễn biến).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transition {
    /// Vẫn là hộ nghèo.
    StayPoor,
    /// Thoát nghèo, but near-poor now.
    EscapedToNearPoor,
    /// Thoát nghèo.
    Escaped,
    /// Phát sinh mới: poor and never was before.
    FellNew,
    /// Tái nghèo: poor again after having left.
    FellAgain,
    /// Vẫn là hộ cận nghèo.
    StayNearPoor,
    /// Thoát cận nghèo.
    LeftNearPoor,
    /// None of these. A household that becomes near-poor without having been poor is here too: its
    /// class and previous class say so.
    None,
}

impl Transition {
    /// The code of the forms.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::StayPoor => "stay_poor",
            Self::EscapedToNearPoor => "escaped_to_near_poor",
            Self::Escaped => "escaped",
            Self::FellNew => "fell_new",
            Self::FellAgain => "fell_again",
            Self::StayNearPoor => "stay_near_poor",
            Self::LeftNearPoor => "left_near_poor",
            Self::None => "none",
        }
    }
}

/// What changed from the previous class to the new one; `ever_poor` is whether the household was
/// poor at any time before. A household that was poor has left poverty when score A is above the
/// limit *or* score B is below 30, so also when it is near-poor now.
#[must_use]
pub fn transition(previous: Option<Class>, ever_poor: bool, new: Class) -> Transition {
    match (previous, new) {
        (_, Class::Unclassified) => Transition::None,
        (Some(Class::Poor), Class::Poor) => Transition::StayPoor,
        (Some(Class::Poor), Class::NearPoor) => Transition::EscapedToNearPoor,
        (Some(Class::Poor), _) => Transition::Escaped,
        (_, Class::Poor) if ever_poor => Transition::FellAgain,
        (_, Class::Poor) => Transition::FellNew,
        (Some(Class::NearPoor), Class::NearPoor) => Transition::StayNearPoor,
        (Some(Class::NearPoor), _) => Transition::LeftNearPoor,
        _ => Transition::None,
    }
}

/// Until when a household counts as having left poverty recently (mới thoát nghèo): so many months
/// from the recognition of the latest leaving, unless it is poor again. Records in any order.
#[must_use]
pub fn recently_escaped_until(history: &[ClassRecord], months: i64) -> Option<Date> {
    let mut records: Vec<&ClassRecord> = history.iter().collect();
    records.sort_by_key(|record| record.recognised_on);
    let mut until = None;
    let mut poor = false;
    for record in records {
        let now_poor = record.class == Class::Poor;
        if now_poor {
            until = None;
        } else if poor {
            let span = Span::new().try_months(months).unwrap_or_else(|_| 0.months());
            until = record.recognised_on.checked_add(span).ok();
        }
        poor = now_poor || (poor && record.class == Class::Unclassified);
    }
    until
}
