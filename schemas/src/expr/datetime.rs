//! Dates and moments as text: which texts count, and what can be computed from them.
//!
//! A date is exactly `YYYY-MM-DD`; a moment is a date, `T`, a time, and perhaps an offset. Without
//! an offset, Vietnam's is meant.

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{Span, Timestamp};

/// Vietnam's offset. The country has one zone and no summer time, so no zone database is needed.
pub const LOCAL_OFFSET: Offset = Offset::constant(7);

const SECONDS_PER_DAY: f64 = 86_400.0;

/// The date a text writes.
pub(crate) fn date(text: &str) -> Option<Date> {
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if shaped { text.parse().ok() } else { None }
}

/// The local date and time that a text writes.
pub(crate) fn date_time(text: &str) -> Option<DateTime> {
    if text.len() > 40 || text.as_bytes().get(10) != Some(&b'T') {
        return None;
    }
    date(text.get(..10)?)?;
    let time = &text[11..];
    if !time.starts_with(|c: char| c.is_ascii_digit()) || time.contains('[') {
        return None;
    }
    if time.contains(['Z', 'z', '+', '-']) {
        let moment: Timestamp = text.parse().ok()?;
        return Some(LOCAL_OFFSET.to_datetime(moment));
    }
    text.parse().ok()
}

/// True for a text that is a date as records store it.
#[must_use]
pub fn is_date(text: &str) -> bool {
    date(text).is_some()
}

/// True for a text that is a moment as records store it.
#[must_use]
pub fn is_date_time(text: &str) -> bool {
    date_time(text).is_some()
}

/// The local day of a date or moment.
#[must_use]
pub fn local_date(text: &str) -> Option<Date> {
    date(text).or_else(|| Some(date_time(text)?.date()))
}

/// How a moment is stored: local time to the second, with the offset.
#[must_use]
pub fn local_date_time(moment: Timestamp) -> String {
    write_date_time(LOCAL_OFFSET.to_datetime(moment))
}

pub(crate) fn write_date_time(local: DateTime) -> String {
    format_date(local, "%Y-%m-%dT%H:%M:%S+07:00")
}

/// Days since 1970-01-01, local, the time of day as the fraction.
pub(crate) fn days(text: &str) -> Option<f64> {
    if let Some(date) = date(text) {
        return Some(f64::from(day_number(date)));
    }
    let local = date_time(text)?;
    let time = local.time();
    let seconds =
        f64::from(time.hour()) * 3600.0 + f64::from(time.minute()) * 60.0 + f64::from(time.second());
    Some(f64::from(day_number(local.date())) + seconds / SECONDS_PER_DAY)
}

/// Whole days since 1970-01-01.
pub(crate) fn day_number(date: Date) -> i32 {
    let epoch = Date::constant(1970, 1, 1);
    epoch.until(date).map_or(0, |span| span.get_days())
}

/// The date this many days after 1970-01-01.
pub(crate) fn from_days(days: f64) -> Option<Date> {
    add_days(Date::constant(1970, 1, 1), days)
}

/// The local moment this many days, with a fraction, after 1970-01-01.
pub(crate) fn date_time_from_days(days: f64) -> Option<DateTime> {
    let seconds = ((days - days.floor()) * SECONDS_PER_DAY).round();
    let midnight = from_days(days)?.to_datetime(jiff::civil::Time::midnight());
    // The fraction is below one day, so the cast keeps the value.
    midnight
        .checked_add(Span::new().try_seconds(seconds as i64).ok()?)
        .ok()
}

/// Days are cut to whole ones. `None` outside the calendar.
pub(crate) fn add_days(date: Date, days: f64) -> Option<Date> {
    date.checked_add(Span::new().try_days(whole(days)?).ok()?).ok()
}

/// A day the target month does not have becomes its last day.
pub(crate) fn add_months(date: Date, months: f64) -> Option<Date> {
    date.checked_add(Span::new().try_months(whole(months)?).ok()?)
        .ok()
}

fn whole(number: f64) -> Option<i64> {
    let floor = number.floor();
    // The bound makes the cast exact.
    (floor.abs() < 1e9).then_some(floor as i64)
}

/// Whole years from one day to another; `None` when the second comes first.
pub(crate) fn years_between(from: Date, to: Date) -> Option<i16> {
    if to < from {
        return None;
    }
    let had_birthday = (to.month(), to.day()) >= (from.month(), from.day());
    Some(to.year() - from.year() - i16::from(!had_birthday))
}

/// `%Y %y %m %n %d %e %H %h %M %S`, as XLSForm writes them; `%` before anything else is dropped.
#[must_use]
pub fn format_date(local: DateTime, pattern: &str) -> String {
    let mut out = String::new();
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let part = match characters.next() {
            Some('Y') => format!("{:04}", local.year()),
            Some('y') => format!("{:02}", local.year().rem_euclid(100)),
            Some('m') => format!("{:02}", local.month()),
            Some('n') => local.month().to_string(),
            Some('d') => format!("{:02}", local.day()),
            Some('e') => local.day().to_string(),
            Some('H') => format!("{:02}", local.hour()),
            Some('h') => local.hour().to_string(),
            Some('M') => format!("{:02}", local.minute()),
            Some('S') => format!("{:02}", local.second()),
            Some(other) => other.to_string(),
            None => String::new(),
        };
        out.push_str(&part);
    }
    out
}

/// The local date and time of a date (its midnight) or moment.
pub(crate) fn local(text: &str) -> Option<DateTime> {
    date_time(text).or_else(|| Some(date(text)?.to_datetime(jiff::civil::Time::midnight())))
}

/// The local clock time of a moment, `HH:MM`.
#[must_use]
pub fn local_clock(text: &str) -> Option<String> {
    Some(format_date(date_time(text)?, "%H:%M"))
}
