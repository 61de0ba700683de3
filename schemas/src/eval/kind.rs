//! Which stored values belong to which kind of field, and what a worked-out value becomes in one.

use crate::expr::{Value, is_date, is_date_time, local_date};
use crate::form::{Field, FieldKind, REFERENCE_DATA};
use crate::id::{is_code, is_uuid};
use crate::value::{Answers, Scalar};

/// True when the value is one that a field of this kind stores. Choices are not compared with
/// their list here, only in kind; notes and calculations store nothing.
#[must_use]
pub fn fits(kind: &FieldKind, value: &Scalar) -> bool {
    match (kind, value) {
        (_, Scalar::Null)
        | (FieldKind::Integer | FieldKind::Money | FieldKind::Decimal, Scalar::Int(_))
        | (FieldKind::Boolean, Scalar::Bool(_))
        | (FieldKind::Hidden, _) => true,
        (FieldKind::Decimal, Scalar::Decimal(number)) => number.is_finite(),
        (kind, Scalar::Text(text)) => text_fits(kind, text),
        _ => false,
    }
}

fn text_fits(kind: &FieldKind, text: &str) -> bool {
    match kind {
        FieldKind::Text | FieldKind::Image | FieldKind::File | FieldKind::SelectOne(_) => true,
        FieldKind::Date => is_date(text),
        FieldKind::DateTime => is_date_time(text),
        FieldKind::Geopoint => geopoint(text).is_some(),
        FieldKind::Reference(kind) => reference_fits(kind, text),
        _ => false,
    }
}

/// True for an id that a reference of this kind may hold: a UUID, or a code of reference data.
pub(crate) fn reference_fits(kind: &str, text: &str) -> bool {
    is_uuid(text) || (REFERENCE_DATA.contains(&kind) && is_code(text))
}

/// The numbers of a geopoint: two to four, latitude and longitude on the globe, accuracy not
/// negative.
pub(crate) fn geopoint(text: &str) -> Option<Vec<f64>> {
    let parts: Option<Vec<f64>> = text.split(' ').map(crate::expr::decimal).collect();
    let parts = parts?;
    let on_globe = (2..=4).contains(&parts.len())
        && parts[0].abs() <= 90.0
        && parts[1].abs() <= 180.0
        && parts.get(3).is_none_or(|accuracy| *accuracy >= 0.0);
    on_globe.then_some(parts)
}

/// The message code that says what a kind expects.
pub(crate) fn expected(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::Text | FieldKind::Hidden | FieldKind::Note | FieldKind::Calculate => "expected_text",
        FieldKind::Integer => "expected_integer",
        FieldKind::Decimal => "expected_decimal",
        FieldKind::Boolean => "expected_boolean",
        FieldKind::Date => "expected_date",
        FieldKind::DateTime => "expected_date_time",
        FieldKind::SelectOne(_) => "expected_choice",
        FieldKind::SelectMultiple(_) => "expected_choices",
        FieldKind::Geopoint => "expected_geopoint",
        FieldKind::Image | FieldKind::File => "expected_file",
        FieldKind::Money => "expected_money",
        FieldKind::Reference(_) => "expected_reference",
    }
}

/// The ticked options of a multiple choice: those of the list in its order, then unknown ones.
pub(crate) fn ticked<'a>(answers: &'a Answers, field: &'a Field, path: &str) -> Vec<&'a str> {
    let prefix = format!("{path}/");
    let mut found: Vec<&str> = answers
        .range(prefix.clone()..)
        .take_while(|(key, _)| key.starts_with(&prefix))
        .filter(|(key, value)| **value == Scalar::Bool(true) && !key[prefix.len()..].contains('/'))
        .map(|(key, _)| &key[prefix.len()..])
        .collect();
    let place = |name: &str| {
        let choices = field.choices.as_ref().map(|list| &list.choices);
        choices.and_then(|choices| choices.iter().position(|choice| choice.name == name))
    };
    found.sort_by_key(|name| (place(name).unwrap_or(usize::MAX), *name));
    found
}

/// A worked-out value as its field stores it; `None` when it is blank or cannot be of that kind.
pub(crate) fn as_kind(worth: &Value, kind: &FieldKind) -> Option<Scalar> {
    if worth.is_blank() {
        return None;
    }
    match kind {
        FieldKind::Calculate => worth.to_scalar(),
        FieldKind::Boolean => Some(Scalar::Bool(worth.first().truth())),
        FieldKind::Integer | FieldKind::Money => match Value::number(worth.as_number()?).to_scalar()? {
            whole @ Scalar::Int(_) => Some(whole),
            _ => None,
        },
        FieldKind::Decimal => Some(Scalar::Decimal(worth.as_number()?)),
        FieldKind::Date => Some(Scalar::Text(local_date(&worth.as_text())?.to_string())),
        FieldKind::DateTime => {
            let text = worth.as_text();
            (is_date_time(&text) && !is_date(&text)).then_some(Scalar::Text(text))
        }
        // A set of ticks is no single value; nothing works it out.
        FieldKind::Note | FieldKind::SelectMultiple(_) => None,
        _ => Some(Scalar::Text(worth.as_text())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits() {
        let id = "0190b5d2-7c1a-7def-8a11-0123456789ab";
        let kind = |name: &str| FieldKind::Reference(name.into());
        for (kind, value, yes) in [
            (FieldKind::Integer, Scalar::Int(3), true),
            (FieldKind::Integer, Scalar::Decimal(3.0), false),
            (FieldKind::Decimal, Scalar::Int(3), true),
            (FieldKind::Decimal, Scalar::Decimal(f64::NAN), false),
            (FieldKind::Money, Scalar::from("3"), false),
            (FieldKind::Boolean, Scalar::Bool(false), true),
            (FieldKind::Date, Scalar::from("2024-02-29"), true),
            (FieldKind::Date, Scalar::from("2023-02-29"), false),
            (FieldKind::Date, Scalar::from("20240229"), false),
            (
                FieldKind::DateTime,
                Scalar::from("2024-02-29T08:00:00+07:00"),
                true,
            ),
            (FieldKind::DateTime, Scalar::from("2024-02-29"), false),
            (FieldKind::Geopoint, Scalar::from("22.48 103.97 1500 8.5"), true),
            (FieldKind::Geopoint, Scalar::from("122.48 103.97"), false),
            (FieldKind::Geopoint, Scalar::from("22.48"), false),
            (kind("household"), Scalar::from(id), true),
            (kind("household"), Scalar::from("02995"), false),
            (kind("admin_unit"), Scalar::from("02995"), true),
            (kind("admin_unit"), Scalar::from("a b"), false),
            (FieldKind::Note, Scalar::from("x"), false),
            (FieldKind::Text, Scalar::Null, true),
        ] {
            assert_eq!(fits(&kind, &value), yes, "{kind:?} {value:?}");
        }
    }
}
