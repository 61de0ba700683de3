//! A stored answer as words: in an input, and for reading.

use schemas::form::{Field, FieldKind, Form};
use schemas::message;
use schemas::value::{Answers, Scalar};

use super::Looking;
use crate::words::{self, date, date_time, language, money, number};

/// What stands in the input of an answer: what a person would have typed.
pub(super) fn written(kind: &FieldKind, value: &Scalar) -> String {
    match (kind, value) {
        (_, Scalar::Null) => String::new(),
        (FieldKind::Money, Scalar::Int(amount)) => money(*amount).trim_end_matches(" đ").to_owned(),
        // Without dots between thousands: "1.500" would be read as one and a half.
        (FieldKind::Decimal, Scalar::Decimal(value)) => value.to_string().replace('.', ","),
        (FieldKind::Date, Scalar::Text(text)) => date(text),
        (FieldKind::DateTime, Scalar::Text(text)) => date_time(text),
        (_, Scalar::Text(text)) => text.clone(),
        (_, Scalar::Int(value)) => value.to_string(),
        (_, Scalar::Decimal(value)) => value.to_string(),
        (_, Scalar::Bool(value)) => value.to_string(),
    }
}

/// The answer at a path in words, in the language that is chosen now; empty for none.
#[must_use]
pub fn show_answer(form: &Form, answers: &Answers, path: &str, looking: &dyn Looking) -> String {
    let Some(field) = form.resolve(path).and_then(|resolved| resolved.field()) else {
        return String::new();
    };
    if field.kind.is_multiple() {
        return ticked(field, answers, path).join(", ");
    }
    match answers.get(path) {
        Some(value) => shown(field, value, path, answers, looking),
        None => String::new(),
    }
}

/// The labels of what is ticked, in the order of the list.
fn ticked(field: &Field, answers: &Answers, path: &str) -> Vec<String> {
    let choices = field.choices.iter().flat_map(|list| &list.choices);
    let ticked =
        choices.filter(|choice| answers.get(&format!("{path}/{}", choice.name)) == Some(&Scalar::Bool(true)));
    ticked.map(|choice| words::label(&choice.label)).collect()
}

fn shown(field: &Field, value: &Scalar, path: &str, answers: &Answers, looking: &dyn Looking) -> String {
    let code = language().code();
    match (&field.kind, value) {
        (_, Scalar::Bool(value)) => message::text(code, if *value { "yes" } else { "no" }, &[]),
        (FieldKind::Money, Scalar::Int(amount)) => money(*amount),
        // Years and scores want no dots; amounts do, and those are money.
        (_, Scalar::Int(value)) => value.to_string(),
        (_, Scalar::Decimal(value)) => number(*value),
        (FieldKind::SelectOne(_), Scalar::Text(name)) => {
            let label = field
                .choices
                .as_ref()
                .map(|list| list.label(name, code).to_owned());
            label.unwrap_or_else(|| name.clone())
        }
        (FieldKind::Reference(kind), Scalar::Text(id)) => reference(kind, id, path, answers, looking),
        (FieldKind::Geopoint, Scalar::Text(point)) => place(point),
        (kind, value) => written(kind, value),
    }
}

/// The words of a reference; its id when nobody knows it.
pub(super) fn reference(
    kind: &str,
    id: &str,
    path: &str,
    answers: &Answers,
    looking: &dyn Looking,
) -> String {
    let named = || {
        let name = looking.lookup().value(kind, id, "name")?;
        name.as_text().map(str::to_owned)
    };
    let offered = || {
        let options = looking.options(kind, path, answers).into_iter();
        options
            .filter(|option| option.value == id)
            .map(|option| option.label)
            .next()
    };
    looking
        .label(kind, id)
        .or_else(named)
        .or_else(offered)
        .unwrap_or_else(|| id.to_owned())
}

/// Latitude and longitude to five places, which is a metre.
fn place(point: &str) -> String {
    let parts: Vec<f64> = point.split(' ').filter_map(|part| part.parse().ok()).collect();
    match parts.as_slice() {
        [lat, lon, ..] => format!("{lat:.5}; {lon:.5}").replace('.', ","),
        _ => point.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use schemas::answer::{Edit, edits_from_text};
    use schemas::catalog::Catalog;
    use schemas::eval::Lookup;

    use super::*;

    struct Nobody;

    impl Looking for Nobody {
        fn now(&self) -> jiff::Timestamp {
            jiff::Timestamp::UNIX_EPOCH
        }

        fn user(&self) -> String {
            String::new()
        }

        fn lookup(&self) -> &dyn Lookup {
            &schemas::eval::NoLookup
        }

        fn options(&self, _kind: &str, _path: &str, _answers: &Answers) -> Vec<crate::ui::OptionItem> {
            vec![crate::ui::OptionItem::new("u1", "Lùng Cải")]
        }
    }

    /// What is typed, what is stored, and what then stands in the input.
    #[test]
    fn typed_the_vietnamese_way() {
        let form = Catalog::builtin().form("household_visit").unwrap();
        for (path, typed, stored, then) in [
            (
                "self_income_vnd",
                "1.500.000",
                Scalar::Int(1_500_000),
                "1.500.000",
            ),
            (
                "self_income_vnd",
                "1500000 đ",
                Scalar::Int(1_500_000),
                "1.500.000",
            ),
            ("house_area_m2", "10,5", Scalar::Decimal(10.5), "10,5"),
            ("house_area_m2", "1.234,5", Scalar::Decimal(1234.5), "1234,5"),
            ("house_area_m2", "40", Scalar::Decimal(40.0), "40"),
            (
                "next_visit_on",
                "5/8/2027",
                Scalar::from("2027-08-05"),
                "05/08/2027",
            ),
            (
                "visited_at",
                "5/8/2026 8:30",
                Scalar::from("2026-08-05T08:30:00+07:00"),
                "05/08/2026 08:30",
            ),
            ("meeting_total", "45", Scalar::Int(45), "45"),
        ] {
            let edits = edits_from_text(form, path, typed).unwrap();
            assert_eq!(edits, [(path.to_owned(), Edit::Put(stored.clone()))], "{typed}");
            let kind = &form.field(path).unwrap().kind;
            assert_eq!(written(kind, &stored), then, "{typed}");
            let again = edits_from_text(form, path, then).unwrap();
            assert_eq!(again, edits, "{then} is read back as it was stored");
        }
    }

    #[test]
    fn answers_in_words() {
        let form = Catalog::builtin().form("household_visit").unwrap();
        let answers = Answers::from([
            ("visit_type".into(), Scalar::from("support")),
            ("needs/land".into(), Scalar::Bool(true)),
            ("needs/credit".into(), Scalar::Bool(true)),
            ("self_income_vnd".into(), Scalar::Int(1_500_000)),
            ("village_id".into(), Scalar::from("u1")),
            ("visited_at".into(), Scalar::from("2026-08-05T08:30:00+07:00")),
            ("has_internet".into(), Scalar::Bool(false)),
        ]);
        for (path, words) in [
            ("visit_type", "Thăm nắm tình hình"),
            ("needs", "Vay vốn, Đất sản xuất"),
            ("self_income_vnd", "1.500.000 đ"),
            ("village_id", "Lùng Cải"),
            ("visited_at", "05/08/2026 08:30"),
            ("has_internet", "Không"),
            ("outcome", ""),
            ("no_such_field", ""),
        ] {
            assert_eq!(show_answer(form, &answers, path, &Nobody), words, "{path}");
        }
        assert_eq!(place("22.123456 104.5 1500 8"), "22,12346; 104,50000");
    }
}
