//! Functions on dates and moments, which are text in their standard form.

use std::ops::RangeInclusive;

use jiff::civil::Date;

use crate::expr::{Env, Value, datetime};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dates {
    Date,
    DateTime,
    DecimalDateTime,
    Format,
    AgeInYears,
    AddDays,
    AddMonths,
    DaysBetween,
    Year,
    Month,
    Day,
}

pub(super) fn by_name(name: &str) -> Option<(Dates, RangeInclusive<usize>)> {
    Some(match name {
        "date" => (Dates::Date, 1..=1),
        "date-time" => (Dates::DateTime, 1..=1),
        "decimal-date-time" => (Dates::DecimalDateTime, 1..=1),
        "format-date" | "format-date-time" => (Dates::Format, 2..=2),
        "age-in-years" => (Dates::AgeInYears, 1..=2),
        "add-days" => (Dates::AddDays, 2..=2),
        "add-months" => (Dates::AddMonths, 2..=2),
        "days-between" => (Dates::DaysBetween, 2..=2),
        "year" => (Dates::Year, 1..=1),
        "month" => (Dates::Month, 1..=1),
        "day" => (Dates::Day, 1..=1),
        _ => return None,
    })
}

pub(super) fn call(function: Dates, arguments: &[Value], env: &dyn Env) -> Value {
    worth(function, arguments, env).unwrap_or(Value::Blank)
}

fn worth(function: Dates, arguments: &[Value], env: &dyn Env) -> Option<Value> {
    let first = arguments.first()?;
    let second = arguments.get(1);
    let number = |value: Option<&Value>| value.and_then(Value::as_number);
    let written = |date: Date| Value::text(date.to_string());
    Some(match function {
        Dates::Date => written(day(first)?),
        Dates::DateTime => Value::text(datetime::write_date_time(moment(first)?)),
        Dates::DecimalDateTime => Value::number(datetime::days(&first.as_text())?),
        Dates::Format => Value::text(datetime::format_date(
            moment(first)?,
            &second.map(Value::as_text)?,
        )),
        Dates::AgeInYears => {
            let on = match second {
                Some(on) => day(on)?,
                None => env.today(),
            };
            Value::number(f64::from(datetime::years_between(day(first)?, on)?))
        }
        Dates::AddDays => written(datetime::add_days(day(first)?, number(second)?)?),
        Dates::AddMonths => written(datetime::add_months(day(first)?, number(second)?)?),
        Dates::DaysBetween => {
            let days = datetime::day_number(day(second?)?) - datetime::day_number(day(first)?);
            Value::number(f64::from(days))
        }
        Dates::Year => Value::number(f64::from(day(first)?.year())),
        Dates::Month => Value::number(f64::from(day(first)?.month())),
        Dates::Day => Value::number(f64::from(day(first)?.day())),
    })
}

/// The local day of a date, a moment, or a number of days since 1970.
fn day(value: &Value) -> Option<Date> {
    match value.first() {
        Value::Text(text) => datetime::local(text).map(|local| local.date()),
        Value::Number(days) => datetime::from_days(*days),
        _ => None,
    }
}

fn moment(value: &Value) -> Option<jiff::civil::DateTime> {
    match value.first() {
        Value::Text(text) => datetime::local(text),
        Value::Number(days) => datetime::date_time_from_days(*days),
        _ => None,
    }
}
