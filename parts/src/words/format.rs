//! Days, moments, numbers and money as people in Lào Cai write them: dd/mm/yyyy, 24 hours, dots
//! between thousands, a comma before decimals.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use schemas::expr::{LOCAL_OFFSET, is_date, local_clock, local_date};

use super::t;

/// The local day of a moment.
#[must_use]
pub fn today(now: Timestamp) -> Date {
    LOCAL_OFFSET.to_datetime(now).date()
}

/// A stored date or moment as `05/08/1987`; what is neither comes back as it is.
#[must_use]
pub fn date(iso: &str) -> String {
    local_date(iso).map_or_else(|| iso.to_owned(), written)
}

/// A stored moment as `05/08/2026 14:30`; a date has no time.
#[must_use]
pub fn date_time(iso: &str) -> String {
    if is_date(iso) {
        return date(iso);
    }
    match clock(iso) {
        Some(time) => format!("{} {time}", date(iso)),
        None => iso.to_owned(),
    }
}

/// The local time of a stored moment, `14:30`.
#[must_use]
pub fn clock(iso: &str) -> Option<String> {
    local_clock(iso)
}

/// A moment as `05/08/2026 14:30`, local.
#[must_use]
pub fn moment(at: Timestamp) -> String {
    let local = LOCAL_OFFSET.to_datetime(at);
    format!("{} {}", written(local.date()), time_of(local))
}

/// A day as a person says it: hôm nay, hôm qua, else the date.
#[must_use]
pub fn day(day: Date, today: Date) -> String {
    if day == today {
        return t("ui.today", &[]);
    }
    if day.tomorrow().is_ok_and(|next| next == today) {
        return t("ui.yesterday", &[]);
    }
    written(day)
}

/// A moment as a person says it: `hôm nay 14:30`.
#[must_use]
pub fn when(at: Timestamp, now: Timestamp) -> String {
    let local = LOCAL_OFFSET.to_datetime(at);
    format!("{} {}", day(local.date(), today(now)), time_of(local))
}

fn written(day: Date) -> String {
    format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
}

fn time_of(local: DateTime) -> String {
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// The day that somebody typed: `5/8/1987`, `05-08-1987`, `5.8.1987`, `05081987` or `1987-08-05`.
#[must_use]
pub fn read_date(typed: &str) -> Option<Date> {
    let typed = typed.trim();
    if is_date(typed) {
        return typed.parse().ok();
    }
    if typed.len() == 8 && typed.bytes().all(|byte| byte.is_ascii_digit()) {
        return read_date(&format!("{}/{}/{}", &typed[..2], &typed[2..4], &typed[4..]));
    }
    let parts: Vec<&str> = typed.split(['/', '-', '.', ' ']).collect();
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    match parts.as_slice() {
        [day, month, year] if year.len() == 4 && [day, month, year].into_iter().all(|part| digits(part)) => {
            Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
        }
        _ => None,
    }
}

/// The time of day that somebody typed: `8:30`, `08h30`, `0830`, `8`.
#[must_use]
pub fn read_time(typed: &str) -> Option<Time> {
    let typed = typed.trim();
    let (hour, minute) = match typed.split_once([':', 'h', '.', ' ']) {
        Some((hour, minute)) => (hour, minute),
        None if typed.len() == 4 && typed.is_ascii() => typed.split_at(2),
        None => (typed, "0"),
    };
    let minute = if minute.is_empty() { "0" } else { minute };
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// A count with dots between thousands: `1.234`.
#[must_use]
pub fn count(n: usize) -> String {
    grouped(&n.to_string())
}

/// A number with a comma before its decimals: `1.234,5`.
#[must_use]
pub fn number(value: f64) -> String {
    let text = value.to_string();
    let (sign, digits) = signed(&text);
    match digits.split_once('.') {
        Some((whole, fraction)) => format!("{sign}{},{fraction}", grouped(whole)),
        None => format!("{sign}{}", grouped(digits)),
    }
}

/// An amount in đồng: `1.500.000 đ`.
#[must_use]
pub fn money(amount: i64) -> String {
    let text = amount.to_string();
    let (sign, digits) = signed(&text);
    format!("{sign}{} đ", grouped(digits))
}

/// A size in bytes, rounded to what matters: `980 B`, `12 KB`, `1,5 MB`.
#[must_use]
pub fn bytes(size: usize) -> String {
    match size {
        0..1_000 => format!("{size} B"),
        1_000..1_000_000 => format!("{} KB", size.div_ceil(1_000)),
        _ => {
            let tenths = size / 100_000;
            format!("{},{} MB", grouped(&(tenths / 10).to_string()), tenths % 10)
        }
    }
}

fn signed(text: &str) -> (&str, &str) {
    text.strip_prefix('-').map_or(("", text), |digits| ("-", digits))
}

/// Dots between groups of three digits.
pub(crate) fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_moments() {
        assert_eq!(date("1987-08-05"), "05/08/1987");
        assert_eq!(date("2026-08-05T01:30:00Z"), "05/08/2026");
        assert_eq!(date("không rõ"), "không rõ");
        assert_eq!(date_time("2026-08-05T20:30:00Z"), "06/08/2026 03:30");
        assert_eq!(date_time("2026-08-05"), "05/08/2026");
        let now: Timestamp = "2026-08-05T02:00:00Z".parse().unwrap();
        let late: Timestamp = "2026-08-03T17:30:00Z".parse().unwrap();
        assert_eq!(when(now, now), "hôm nay 09:00");
        assert_eq!(when(late, now), "hôm qua 00:30");
        assert_eq!(moment(late), "04/08/2026 00:30");
        assert_eq!(day("2026-08-01".parse().unwrap(), today(now)), "01/08/2026");
    }

    #[test]
    fn typed_days() {
        let expected = Date::new(1987, 8, 5).ok();
        for typed in [
            "5/8/1987",
            "05/08/1987",
            " 05-08-1987 ",
            "5.8.1987",
            "05081987",
            "1987-08-05",
        ] {
            assert_eq!(read_date(typed), expected, "{typed}");
        }
        for typed in [
            "",
            "1987",
            "5/8/87",
            "31/02/1987",
            "a/b/1987",
            "5/8",
            "+5/08/1987",
        ] {
            assert_eq!(read_date(typed), None, "{typed}");
        }
    }

    #[test]
    fn typed_times() {
        let expected = Time::new(8, 30, 0, 0).ok();
        for typed in ["8:30", "08h30", "0830", "8.30"] {
            assert_eq!(read_time(typed), expected, "{typed}");
        }
        assert_eq!(read_time("8h"), Time::new(8, 0, 0, 0).ok());
        for typed in ["", "25:00", "8:60", "a"] {
            assert_eq!(read_time(typed), None, "{typed}");
        }
    }

    #[test]
    fn numbers() {
        assert_eq!(count(1_234_567), "1.234.567");
        assert_eq!(count(12), "12");
        assert_eq!(number(10.5), "10,5");
        assert_eq!(number(-1234.25), "-1.234,25");
        assert_eq!(money(1_500_000), "1.500.000 đ");
        assert_eq!(money(-500), "-500 đ");
        assert_eq!(
            (bytes(980), bytes(12_000), bytes(1_560_000)),
            ("980 B".into(), "12 KB".into(), "1,5 MB".into())
        );
    }
}
