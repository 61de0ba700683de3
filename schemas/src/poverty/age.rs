//! Ages of people whose day of birth may not be known.

use jiff::civil::Date;

/// How much of a date of birth is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BirthPrecision {
    /// All of it.
    Day,
    /// Month and year.
    Month,
    /// Only the year.
    Year,
}

impl BirthPrecision {
    /// Reads the code of the forms: `day`, `month`, `year`.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "day" => Some(Self::Day),
            "month" => Some(Self::Month),
            "year" => Some(Self::Year),
            _ => None,
        }
    }
}

/// A date of birth as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Birth {
    /// The date; of a year alone any day of it.
    pub date: Date,
    /// How much of the date is meant.
    pub precision: BirthPrecision,
}

impl Birth {
    /// The age on a day; `None` for somebody born later.
    #[must_use]
    pub fn age(self, on: Date) -> Option<Age> {
        let (first, last) = match self.precision {
            BirthPrecision::Day => (self.date, self.date),
            BirthPrecision::Month => (self.date.first_of_month(), self.date.last_of_month()),
            BirthPrecision::Year => (self.date.first_of_year(), self.date.last_of_year()),
        };
        let oldest_months = months_between(first, on)?;
        Some(Age {
            oldest_months,
            youngest_months: months_between(last, on).unwrap_or(0),
        })
    }
}

/// An age as a span: of somebody with only a year of birth, it is open which birthday was last.
/// Questions are answered for the oldest the person can be, as the age by year of birth does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age {
    oldest_months: i32,
    youngest_months: i32,
}

impl Age {
    /// Whole years.
    #[must_use]
    pub fn years(self) -> i32 {
        self.oldest_months / 12
    }

    /// At least so many years old.
    #[must_use]
    pub fn is_from(self, years: i32) -> bool {
        self.is_from_months(years * 12)
    }

    /// At least so many months old.
    #[must_use]
    pub fn is_from_months(self, months: i32) -> bool {
        self.oldest_months >= months
    }

    /// True when the answer about this limit would change with the day of birth.
    #[must_use]
    pub fn is_open_at_months(self, months: i32) -> bool {
        self.is_from_months(months) != (self.youngest_months >= months)
    }
}

/// Whole months from one day to another; `None` when the second comes first. Somebody born on the
/// 31st is a month older on the last day of a shorter month only when that day has come.
fn months_between(from: Date, to: Date) -> Option<i32> {
    if to < from {
        return None;
    }
    let months = (i32::from(to.year()) - i32::from(from.year())) * 12 + i32::from(to.month())
        - i32::from(from.month());
    Some(months - i32::from(to.day() < from.day()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn age(born: Date, precision: BirthPrecision, on: Date) -> Age {
        Birth {
            date: born,
            precision,
        }
        .age(on)
        .unwrap()
    }

    #[test]
    fn birthdays_count_on_the_day() {
        let born = date(2010, 11, 24);
        let on = |day| age(born, BirthPrecision::Day, day);
        assert_eq!(on(date(2026, 11, 23)).years(), 15);
        assert_eq!(on(date(2026, 11, 24)).years(), 16);
        assert!(!on(date(2026, 11, 23)).is_from(16) && on(date(2026, 11, 24)).is_from(16));
        assert!(!on(date(2026, 11, 23)).is_open_at_months(16 * 12));
    }

    #[test]
    fn only_the_year_is_open_at_one_limit() {
        let by_year = age(date(2010, 1, 1), BirthPrecision::Year, date(2026, 11, 23));
        assert_eq!(by_year.years(), 16, "age by year of birth");
        assert!(by_year.is_open_at_months(16 * 12));
        assert!(!by_year.is_open_at_months(15 * 12) && !by_year.is_open_at_months(17 * 12));
        let by_month = age(date(2010, 11, 1), BirthPrecision::Month, date(2026, 11, 23));
        assert!(by_month.is_from(16) && by_month.is_open_at_months(16 * 12));
        let past_month = age(date(2010, 10, 1), BirthPrecision::Month, date(2026, 11, 23));
        assert!(!past_month.is_open_at_months(16 * 12));
    }

    #[test]
    fn nobody_is_younger_than_nothing() {
        let future = Birth {
            date: date(2027, 1, 1),
            precision: BirthPrecision::Day,
        };
        assert_eq!(future.age(date(2026, 11, 23)), None);
        let this_year = age(date(2026, 1, 1), BirthPrecision::Year, date(2026, 11, 23));
        assert_eq!(this_year.years(), 0);
    }
}
