//! Review rounds: when households are classified (Decision 24/2021/QĐ-TTg, domain §2.4).
//!
//! The periodic round runs once a year from 1 September to 14 December; the regular one opens on
//! the 15th of every month and is decided within 15 days. Days and spans are data.

use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use crate::form::Label;

/// The two kinds of round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RoundKind {
    /// Rà soát định kỳ: once a year.
    Periodic,
    /// Rà soát thường xuyên: every month.
    Regular,
}

/// One round. Its id is what records hold: `periodic-2026`, `regular-2026-03`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewRound {
    /// The stable id.
    pub id: String,
    /// Which kind.
    pub kind: RoundKind,
    /// The year.
    pub year: i16,
    /// The month of a regular round.
    pub month: Option<i8>,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

impl ReviewRound {
    /// The periodic round of a year.
    #[must_use]
    pub fn periodic(year: i16) -> Option<Self> {
        let rules = &RULES.periodic;
        let (from, to) = (day_of(year, &rules.first)?, day_of(year, &rules.last)?);
        Some(Self {
            id: format!("periodic-{year:04}"),
            kind: RoundKind::Periodic,
            year,
            month: None,
            from,
            to,
        })
    }

    /// The regular round of a month.
    #[must_use]
    pub fn regular(year: i16, month: i8) -> Option<Self> {
        let rules = &RULES.regular;
        let from = Date::new(year, month, rules.first_day).ok()?;
        let to = from.checked_add(rules.decision_days.days()).ok()?;
        let id = format!("regular-{year:04}-{month:02}");
        Some(Self {
            id,
            kind: RoundKind::Regular,
            year,
            month: Some(month),
            from,
            to,
        })
    }

    /// The round that an id names.
    #[must_use]
    pub fn by_id(id: &str) -> Option<Self> {
        let (kind, rest) = id.split_once('-')?;
        let round = match (kind, rest.split_once('-')) {
            ("periodic", None) => Self::periodic(rest.parse().ok()?)?,
            ("regular", Some((year, month))) => Self::regular(year.parse().ok()?, month.parse().ok()?)?,
            _ => return None,
        };
        (round.id == id).then_some(round)
    }

    /// True on its days.
    #[must_use]
    pub fn is_open(&self, on: Date) -> bool {
        self.from <= on && on <= self.to
    }

    /// `Rà soát định kỳ năm 2026`.
    #[must_use]
    pub fn label(&self) -> Label {
        let (vi, en) = match self.month {
            None => (
                format!("Rà soát định kỳ năm {}", self.year),
                format!("Periodic review {}", self.year),
            ),
            Some(month) => (
                format!("Rà soát thường xuyên tháng {month:02}/{}", self.year),
                format!("Regular review {month:02}/{}", self.year),
            ),
        };
        let mut label = Label::one("vi", &vi);
        label.insert("en", &en);
        label
    }
}

/// The rounds open on a day, the periodic one first. The regular round of a month may still be
/// open early in the next.
#[must_use]
pub fn rounds_open(on: Date) -> Vec<ReviewRound> {
    let month_before = on.first_of_month().yesterday().ok();
    let regular = |day: Date| ReviewRound::regular(day.year(), day.month());
    let candidates = [
        ReviewRound::periodic(on.year()),
        month_before.and_then(regular),
        regular(on),
    ];
    candidates
        .into_iter()
        .flatten()
        .filter(|round| round.is_open(on))
        .collect()
}

/// How many working days a posting lasts, both ends counted: Monday to Friday. Public holidays are
/// not known here, so the true number may be smaller.
#[must_use]
pub fn working_days(from: Date, to: Date) -> u32 {
    if to < from {
        return 0;
    }
    let working = |day: &Date| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let days = from
        .series(1.day())
        .take_while(|day| *day <= to)
        .filter(working)
        .take(POSTING_DAYS_COUNTED);
    u32::try_from(days.count()).unwrap_or(u32::MAX)
}

/// Counting stops here: a posting of a year is a slip of the pen.
const POSTING_DAYS_COUNTED: usize = 366;

/// Whether the public posting lasted the working days that the procedure asks.
#[must_use]
pub fn posting_is_long_enough(from: Date, to: Date) -> bool {
    working_days(from, to) >= RULES.posting_working_days.value
}

/// Whether enough of those present at the village meeting agreed: at least half.
#[must_use]
pub fn meeting_agreed(agree: i64, total: i64) -> bool {
    let share = i64::from(RULES.meeting_agree_percent.value);
    total > 0 && agree.saturating_mul(100) >= total.saturating_mul(share)
}

#[derive(Deserialize)]
struct Rules {
    periodic: Periodic,
    regular: Regular,
    posting_working_days: Number,
    meeting_agree_percent: Number,
}

#[derive(Deserialize)]
struct Periodic {
    first: String,
    last: String,
}

#[derive(Deserialize)]
struct Regular {
    first_day: i8,
    decision_days: i32,
}

#[derive(Deserialize)]
struct Number {
    value: u32,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../data/rounds.json")).expect("the file in the program is tested")
});

/// `09-01` of a year.
fn day_of(year: i16, month_and_day: &str) -> Option<Date> {
    let (month, day) = month_and_day.split_once('-')?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn open(on: Date) -> Vec<String> {
        rounds_open(on).into_iter().map(|round| round.id).collect()
    }

    #[test]
    fn rounds_of_the_calendar() {
        // Decision 24/2021: periodic 1/9–14/12, regular from the 15th.
        for (on, ids) in [
            (date(2026, 8, 30), vec!["regular-2026-08"]),
            (date(2026, 8, 31), vec![]),
            (date(2026, 9, 1), vec!["periodic-2026"]),
            (date(2026, 9, 14), vec!["periodic-2026"]),
            (date(2026, 11, 23), vec!["periodic-2026", "regular-2026-11"]),
            (date(2026, 12, 14), vec!["periodic-2026"]),
            (date(2026, 12, 15), vec!["regular-2026-12"]),
            (date(2026, 3, 2), vec!["regular-2026-02"]),
            (date(2026, 3, 3), vec![]),
        ] {
            assert_eq!(open(on), ids, "{on}");
        }
    }

    #[test]
    fn ids_round_trip_and_nothing_else_is_an_id() {
        for id in ["periodic-2026", "regular-2026-03"] {
            assert_eq!(ReviewRound::by_id(id).unwrap().id, id);
        }
        for id in [
            "periodic-2026-03",
            "regular-2026",
            "regular-2026-13",
            "regular-2026-3",
            "yearly-2026",
            "",
        ] {
            assert_eq!(ReviewRound::by_id(id), None, "{id}");
        }
        assert_eq!(
            ReviewRound::by_id("periodic-2026").unwrap().label().get("vi"),
            "Rà soát định kỳ năm 2026"
        );
    }

    #[test]
    fn postings_count_working_days() {
        // 2026-11-23 is a Monday.
        for (from, to, days, enough) in [
            (date(2026, 11, 23), date(2026, 11, 25), 3, true),
            (date(2026, 11, 23), date(2026, 11, 24), 2, false),
            (date(2026, 11, 27), date(2026, 11, 30), 2, false),
            (date(2026, 11, 27), date(2026, 12, 1), 3, true),
            (date(2026, 11, 25), date(2026, 11, 23), 0, false),
        ] {
            assert_eq!(
                (working_days(from, to), posting_is_long_enough(from, to)),
                (days, enough),
                "{from} {to}"
            );
        }
    }

    #[test]
    fn half_of_a_meeting_is_enough() {
        assert!(meeting_agreed(10, 20) && meeting_agreed(11, 20));
        assert!(!meeting_agreed(9, 20) && !meeting_agreed(0, 0));
    }
}
