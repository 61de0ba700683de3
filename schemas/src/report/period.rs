//! Days as numbers, and the span of time a report is about.

use jiff::civil::{Date, ISOWeekDate, Weekday, date};

/// Days from 1970-01-01 to `day`.
#[must_use]
pub fn day_number(day: Date) -> i32 {
    let epoch = date(1970, 1, 1);
    epoch.until(day).map_or(0, |span| span.get_days())
}

/// The day that is so many days after 1970-01-01; none outside the calendar.
#[must_use]
pub fn day_of(number: i32) -> Option<Date> {
    let span = jiff::Span::new().try_days(number).ok()?;
    date(1970, 1, 1).checked_add(span).ok()
}

/// First and last day of a period as indicators write it: `2024`, `2024-Q3`, `2024-09`, `2024-W37`.
#[must_use]
pub fn span_of(period: &str) -> Option<(i32, i32)> {
    let (year, rest) = period.split_once('-').unwrap_or((period, ""));
    let year: i16 = year.parse().ok()?;
    let (first, last) = if rest.is_empty() {
        (Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?)
    } else if let Some(quarter) = rest.strip_prefix('Q') {
        let quarter: i8 = quarter.parse().ok().filter(|quarter| (1..=4).contains(quarter))?;
        let last = Date::new(year, quarter * 3, 1).ok()?;
        (Date::new(year, quarter * 3 - 2, 1).ok()?, last.last_of_month())
    } else if let Some(week) = rest.strip_prefix('W') {
        let week = ISOWeekDate::new(year, week.parse().ok()?, Weekday::Monday).ok()?;
        let first = week.date();
        return Some((day_number(first), day_number(first) + 6));
    } else {
        let first = Date::new(year, rest.parse().ok()?, 1).ok()?;
        (first, first.last_of_month())
    };
    Some((day_number(first), day_number(last)))
}

/// The time a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Nothing later is known.
    pub as_of: Date,
}

impl Period {
    /// A whole year, known up to a day.
    #[must_use]
    pub fn year(year: i16, as_of: Date) -> Self {
        Self {
            from: Date::new(year, 1, 1).unwrap_or(Date::MIN),
            to: Date::new(year, 12, 31).unwrap_or(Date::MAX),
            as_of,
        }
    }

    /// The last day that counts.
    #[must_use]
    pub fn end(&self) -> Date {
        self.to.min(self.as_of)
    }

    /// The day before the first, on which things stood as the period found them.
    #[must_use]
    pub fn before(&self) -> Date {
        self.from.yesterday().unwrap_or(self.from)
    }

    /// Where cumulative figures begin: with the year of the last day, or earlier if the period does.
    #[must_use]
    pub fn since(&self) -> Date {
        self.from.min(self.to.first_of_year())
    }

    /// Days as numbers: the period and what cumulates.
    #[must_use]
    pub fn days(&self) -> Days {
        Days {
            before: day_number(self.before()),
            from: day_number(self.from),
            since: day_number(self.since()),
            end: day_number(self.end()),
        }
    }
}

/// A [`Period`] in days since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The day before the first.
    pub before: i32,
    /// The first day.
    pub from: i32,
    /// The first day of cumulative figures.
    pub since: i32,
    /// The last day that counts.
    pub end: i32,
}

impl Days {
    /// True for a day of the period.
    #[must_use]
    pub fn within(&self, day: i32) -> bool {
        (self.from..=self.end).contains(&day)
    }

    /// True for a day of the cumulative span.
    #[must_use]
    pub fn cumulates(&self, day: i32) -> bool {
        (self.since..=self.end).contains(&day)
    }
}

/// The last day on which somebody may be born to be `years` old on the day `on`.
#[must_use]
pub fn born_by(on: i32, years: i32) -> i32 {
    let span = jiff::Span::new().try_years(years).ok();
    let born = day_of(on)
        .zip(span)
        .and_then(|(on, span)| on.checked_sub(span).ok());
    born.map_or(i32::MIN, day_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_from_1970_and_back() {
        for (text, number) in [("1970-01-01", 0), ("1969-12-31", -1), ("2024-02-29", 19_782)] {
            let day: Date = text.parse().unwrap();
            assert_eq!(day_number(day), number);
            assert_eq!(day_of(number), Some(day));
        }
    }

    #[test]
    fn periods_of_indicators() {
        let span = |text: &str| {
            let (first, last) = span_of(text)?;
            Some(format!("{} {}", day_of(first)?, day_of(last)?))
        };
        assert_eq!(span("2024").as_deref(), Some("2024-01-01 2024-12-31"));
        assert_eq!(span("2024-Q3").as_deref(), Some("2024-07-01 2024-09-30"));
        assert_eq!(span("2024-02").as_deref(), Some("2024-02-01 2024-02-29"));
        assert_eq!(span("2024-W01").as_deref(), Some("2024-01-01 2024-01-07"));
        assert_eq!(span("2024-Q5"), None);
        assert_eq!(span("năm"), None);
    }

    #[test]
    fn ages_turn_on_the_birthday() {
        let day = |text: &str| day_number(text.parse().unwrap());
        assert_eq!(born_by(day("2024-06-15"), 15), day("2009-06-15"));
        assert_eq!(born_by(day("2024-02-29"), 15), day("2009-02-28"));
    }
}
