//! Typed text → the scalar of a field's kind, as people in Lào Cai write numbers, days and yes.

use jiff::civil::{Date, DateTime, Time};

use super::AnswerError;
use crate::eval::{geopoint, reference_fits};
use crate::expr::{decimal, parse_date, parse_date_time, write_date_time};
use crate::form::limits::TEXT_CHARS_MAX;
use crate::form::{Field, FieldKind};
use crate::id::canonical_uuid;
use crate::text;
use crate::value::Scalar;

/// The value of a typed answer; empty text is [`Scalar::Null`].
pub(super) fn scalar(field: &Field, path: &str, typed: &str) -> Result<Scalar, AnswerError> {
    // Each character grows at most threefold when it is cleaned, so the bound is also one on work.
    if typed.chars().count() > TEXT_CHARS_MAX {
        return Err(AnswerError::too_long(path, field));
    }
    let lines = text::clean_lines(typed);
    if lines.chars().count() > TEXT_CHARS_MAX {
        return Err(AnswerError::too_long(path, field));
    }
    if lines.is_empty() {
        return Ok(Scalar::Null);
    }
    if let FieldKind::SelectOne(_) = field.kind {
        return match field.has_choice(&lines) {
            true => Ok(Scalar::Text(lines)),
            false => Err(AnswerError::unknown_choice(path, field, &lines)),
        };
    }
    value(&field.kind, &lines).ok_or_else(|| AnswerError::wrong_type(path, field))
}

fn value(kind: &FieldKind, text: &str) -> Option<Scalar> {
    let written = |text: String| Some(Scalar::Text(text));
    match kind {
        FieldKind::Text | FieldKind::Hidden | FieldKind::Image | FieldKind::File => written(text.to_owned()),
        FieldKind::Integer => text.parse().ok().map(Scalar::Int),
        FieldKind::Money => money(text).map(Scalar::Int),
        FieldKind::Decimal => local_decimal(text).map(Scalar::Decimal),
        FieldKind::Boolean => boolean(text).map(Scalar::Bool),
        FieldKind::Date => written(date(text)?.to_string()),
        FieldKind::DateTime => written(write_date_time(date_time(text)?)),
        FieldKind::Geopoint => {
            let parts = text.split([' ', ',', ';']).filter(|part| !part.is_empty());
            let point = parts.collect::<Vec<_>>().join(" ");
            geopoint(&point)?;
            written(point)
        }
        FieldKind::Reference(kind) => {
            let id = canonical_uuid(text).unwrap_or_else(|| text.to_owned());
            if reference_fits(kind, &id) {
                written(id)
            } else {
                None
            }
        }
        FieldKind::SelectOne(_) | FieldKind::SelectMultiple(_) | FieldKind::Calculate | FieldKind::Note => {
            None
        }
    }
}

/// Yes and no, in Vietnamese (with or without marks) and English.
pub(super) fn boolean(typed: &str) -> Option<bool> {
    match text::fold(typed).as_str() {
        "true" | "1" | "co" | "yes" | "dung" => Some(true),
        "false" | "0" | "khong" | "no" | "sai" => Some(false),
        _ => None,
    }
}

/// `10,77` and `10.77`; `1.234,5` when both signs stand there.
fn local_decimal(text: &str) -> Option<f64> {
    match text.split_once(',') {
        None => decimal(text),
        Some((whole, fraction)) => {
            let digits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
            let whole = if whole.contains('.') {
                ungrouped(whole, '.')?
            } else {
                whole.to_owned()
            };
            if digits {
                decimal(&format!("{whole}.{fraction}"))
            } else {
                None
            }
        }
    }
}

/// Whole đồng: `1500000`, `1.500.000`, `1,500,000`, `1 500 000`, each perhaps with `đ` or `đồng`.
fn money(text: &str) -> Option<i64> {
    let lower = text.to_lowercase();
    let amount = ["đồng", "vnđ", "vnd", "đ"]
        .iter()
        .find_map(|unit| lower.strip_suffix(unit))
        .unwrap_or(&lower)
        .trim_end();
    let separator = ['.', ',', ' ']
        .into_iter()
        .find(|separator| amount.contains(*separator));
    match separator {
        None => amount.parse().ok(),
        Some(separator) => ungrouped(amount, separator)?.parse().ok(),
    }
}

/// The digits of a number grouped by threes; `None` when the groups are not threes, because `1.5`
/// đồng is more likely a slip than an amount.
fn ungrouped(text: &str, separator: char) -> Option<String> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text),
    };
    let mut groups = digits.split(separator);
    let first = groups.next()?;
    let is_digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let mut out = format!("{sign}{first}");
    if !(1..=3).contains(&first.len()) || !is_digits(first) {
        return None;
    }
    for group in groups {
        if group.len() != 3 || !is_digits(group) {
            return None;
        }
        out.push_str(group);
    }
    Some(out)
}

/// `2024-03-05` or `5/3/2024` or `05-03-2024`.
fn date(text: &str) -> Option<Date> {
    if let Some(date) = parse_date(text) {
        return Some(date);
    }
    let mut parts = text.split(['/', '-']);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let short = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let whole = short(day) && short(month) && year.len() == 4 && parts.next().is_none();
    if !whole {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// A moment in standard form, or a day and perhaps a time (`05/03/2024 8:30`), local.
fn date_time(text: &str) -> Option<DateTime> {
    if let Some(moment) = parse_date_time(text) {
        return Some(moment);
    }
    let (day, clock) = match text.split_once([' ', 'T']) {
        Some((day, clock)) => (day, Some(clock)),
        None => (text, None),
    };
    let time = match clock {
        None => Time::midnight(),
        Some(clock) => time(clock)?,
    };
    Some(date(day)?.to_datetime(time))
}

fn time(text: &str) -> Option<Time> {
    let mut parts = text.split(':');
    let mut next = || parts.next().filter(|part| (1..=2).contains(&part.len()));
    let (hour, minute, second) = (next()?, next()?, next());
    let second = second.unwrap_or("0").parse().ok()?;
    let time = Time::new(hour.parse().ok()?, minute.parse().ok()?, second, 0).ok()?;
    parts.next().is_none().then_some(time)
}

/// The option names of a multiple choice: `a b`, `a,b`, `["a","b"]`.
pub(super) fn names(text: &str) -> Option<Vec<String>> {
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text).ok();
    }
    let parts = text.split(|c: char| c == ',' || c.is_whitespace());
    Some(parts.filter(|part| !part.is_empty()).map(str::to_owned).collect())
}
