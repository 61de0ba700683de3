//! Functions on numbers and on sets of rows. Blank values do not count.

use std::ops::RangeInclusive;

use super::MANY;
use crate::expr::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Numbers {
    Number,
    Int,
    Round,
    Abs,
    Min,
    Max,
    Sum,
    Count,
    CountNonEmpty,
}

pub(super) fn by_name(name: &str) -> Option<(Numbers, RangeInclusive<usize>)> {
    Some(match name {
        "number" => (Numbers::Number, 1..=1),
        "int" => (Numbers::Int, 1..=1),
        "round" => (Numbers::Round, 2..=2),
        "abs" => (Numbers::Abs, 1..=1),
        "min" => (Numbers::Min, 1..=MANY),
        "max" => (Numbers::Max, 1..=MANY),
        "sum" => (Numbers::Sum, 1..=MANY),
        "count" => (Numbers::Count, 1..=1),
        "count-non-empty" => (Numbers::CountNonEmpty, 1..=1),
        _ => return None,
    })
}

pub(super) fn call(function: Numbers, arguments: &[Value]) -> Value {
    let first = arguments.first().and_then(Value::as_number);
    let each = || arguments.iter().flat_map(Value::each);
    let numbers = || each().filter_map(Value::as_number);
    let found = match function {
        Numbers::Number => first,
        Numbers::Int => first.map(f64::trunc),
        Numbers::Round => first.zip(arguments.get(1).and_then(Value::as_number)).map(round),
        Numbers::Abs => first.map(f64::abs),
        Numbers::Min => numbers().reduce(f64::min),
        Numbers::Max => numbers().reduce(f64::max),
        Numbers::Sum => Some(numbers().sum()),
        Numbers::Count => Some(count(each().filter(|value| match arguments.first() {
            Some(Value::Nodes(_)) => true,
            _ => !value.is_blank(),
        }))),
        Numbers::CountNonEmpty => Some(count(each().filter(|value| !value.is_blank()))),
    };
    found.map_or(Value::Blank, Value::number)
}

/// Rows are counted in hundreds; the cast is exact.
fn count<'a>(values: impl Iterator<Item = &'a Value>) -> f64 {
    values.count() as f64
}

/// Half goes up, as in XPath; at most nine digits either side of the point.
fn round((number, digits): (f64, f64)) -> f64 {
    let scale = 10_f64.powi(digits.clamp(-9.0, 9.0) as i32);
    (number * scale + 0.5).floor() / scale
}
