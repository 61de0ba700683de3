//! Functions on texts and on ticked choices. A multiple choice is a text of names with spaces
//! between, as in XLSForm.

use std::ops::RangeInclusive;

use super::MANY;
use crate::expr::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Texts {
    Selected,
    CountSelected,
    SelectedAt,
    String,
    Length,
    Substr,
    Concat,
    Join,
    Contains,
    StartsWith,
    EndsWith,
    NormalizeSpace,
}

pub(super) fn by_name(name: &str) -> Option<(Texts, RangeInclusive<usize>)> {
    Some(match name {
        "selected" => (Texts::Selected, 2..=2),
        "count-selected" => (Texts::CountSelected, 1..=1),
        "selected-at" => (Texts::SelectedAt, 2..=2),
        "string" => (Texts::String, 1..=1),
        "string-length" => (Texts::Length, 1..=1),
        "substr" => (Texts::Substr, 2..=3),
        "concat" => (Texts::Concat, 1..=MANY),
        "join" => (Texts::Join, 2..=MANY),
        "contains" => (Texts::Contains, 2..=2),
        "starts-with" => (Texts::StartsWith, 2..=2),
        "ends-with" => (Texts::EndsWith, 2..=2),
        "normalize-space" => (Texts::NormalizeSpace, 1..=1),
        _ => return None,
    })
}

pub(super) fn call(function: Texts, arguments: &[Value]) -> Value {
    let text = |index: usize| arguments.get(index).map_or_else(String::new, Value::as_text);
    let number = |index: usize| arguments.get(index).and_then(Value::as_number);
    match function {
        Texts::Selected => {
            let wanted = text(1);
            Value::Bool(!wanted.is_empty() && text(0).split_whitespace().any(|one| one == wanted))
        }
        Texts::CountSelected => {
            // A text of a few kilobytes; the cast is exact.
            Value::number(text(0).split_whitespace().count() as f64)
        }
        Texts::SelectedAt => match number(1).and_then(index) {
            Some(at) => Value::text(text(0).split_whitespace().nth(at).unwrap_or_default()),
            None => Value::Blank,
        },
        Texts::String => Value::text(text(0)),
        Texts::Length => Value::number(text(0).chars().count() as f64),
        Texts::Substr => substr(&text(0), number(1), number(2), arguments.len() > 2),
        Texts::Concat => joined("", arguments),
        Texts::Join => joined(&text(0), &arguments[1..]),
        Texts::Contains => Value::Bool(text(0).contains(&text(1))),
        Texts::StartsWith => Value::Bool(text(0).starts_with(&text(1))),
        Texts::EndsWith => Value::Bool(text(0).ends_with(&text(1))),
        Texts::NormalizeSpace => Value::text(text(0).split_whitespace().collect::<Vec<_>>().join(" ")),
    }
}

/// The characters from `start` (from 0) up to but not including `end`.
fn substr(text: &str, start: Option<f64>, end: Option<f64>, ends: bool) -> Value {
    let count = text.chars().count();
    let start = start.and_then(index);
    let end = if ends { end.and_then(index) } else { Some(count) };
    let (Some(start), Some(end)) = (start, end) else {
        return Value::Blank;
    };
    Value::text(
        text.chars()
            .skip(start)
            .take(end.saturating_sub(start))
            .collect::<String>(),
    )
}

/// A position in a text; negative and absurd ones are none.
fn index(number: f64) -> Option<usize> {
    // The range makes the cast exact.
    (0.0..1e9).contains(&number).then_some(number as usize)
}

fn joined(separator: &str, arguments: &[Value]) -> Value {
    let parts: Vec<String> = arguments
        .iter()
        .flat_map(Value::each)
        .map(Value::as_text)
        .filter(|part| separator.is_empty() || !part.is_empty())
        .collect();
    Value::text(parts.join(separator))
}
