//! Properties of whole records.

use proptest::prelude::*;
use schemas::answer::{Edit, edits_from_json, edits_from_text};
use schemas::catalog::Catalog;
use schemas::eval::evaluate;
use schemas::form::{Field, FieldKind, Form};
use schemas::key::{strong_key, weak_keys};
use schemas::project::{labelled, project};
use schemas::value::{Answers, Scalar};

use crate::support::{A, B, C, context};

fn forms() -> Vec<&'static Form> {
    Catalog::builtin().iter().collect()
}

/// A value that the field stores, chosen by a number.
fn fitting(field: &Field, seed: u64) -> Option<Scalar> {
    let text = |text: String| Some(Scalar::Text(text));
    // Numbers below a thousand convert without loss.
    let small = (seed % 1_000) as i64;
    match &field.kind {
        FieldKind::Text | FieldKind::Hidden | FieldKind::Image | FieldKind::File => {
            text(format!("Giàng {small}"))
        }
        FieldKind::Integer | FieldKind::Money => Some(Scalar::Int(small - 500)),
        FieldKind::Decimal => Some(Scalar::Decimal(small as f64 / 8.0)),
        FieldKind::Boolean => Some(Scalar::Bool(seed.is_multiple_of(2))),
        FieldKind::Date => text(format!(
            "{}-{:02}-{:02}",
            1950 + seed % 70,
            1 + seed % 12,
            1 + seed % 28
        )),
        FieldKind::DateTime => text(format!(
            "2024-03-{:02}T{:02}:30:00+07:00",
            1 + seed % 28,
            seed % 24
        )),
        FieldKind::SelectOne(_) => {
            let choices = &field.choices.as_ref()?.choices;
            text(choices.get(seed as usize % choices.len().max(1))?.name.clone())
        }
        FieldKind::Geopoint => text("22.5 103.75 1500 8".to_owned()),
        FieldKind::Reference(_) => text(A.to_owned()),
        FieldKind::SelectMultiple(_) | FieldKind::Calculate | FieldKind::Note => None,
    }
}

/// Answers of a record of this form: for every field and row, none, a fitting value, or null.
fn record(form: &Form, seeds: &[u64]) -> Answers {
    let mut answers = Answers::new();
    let mut next = seeds.iter().copied().cycle();
    for (schema_path, field) in form.fields() {
        let seed = next.next().unwrap_or(0);
        let rows = [A, B, C];
        let mut parts: Vec<String> = schema_path.split('/').map(str::to_owned).collect();
        let last = parts.len() - 1;
        for part in &mut parts[..last] {
            part.push('/');
            part.push_str(rows[seed as usize % 3]);
        }
        let path = parts.join("/");
        if field.kind.is_multiple() {
            let choices = field.choices.iter().flat_map(|list| &list.choices);
            for choice in choices.filter(|choice| choice.name.len() as u64 % 3 == seed % 3) {
                answers.insert(format!("{path}/{}", choice.name), Scalar::Bool(true));
            }
        } else if let Some(value) = fitting(field, seed) {
            match seed % 5 {
                0 => {}
                1 => drop(answers.insert(path, Scalar::Null)),
                _ => drop(answers.insert(path, value)),
            }
        }
    }
    answers
}

fn apply(answers: &mut Answers, edits: Vec<(String, Edit)>) {
    for (path, edit) in edits {
        match edit {
            Edit::Put(value) => drop(answers.insert(path, value)),
            Edit::Delete => drop(answers.remove(&path)),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nested_data_gives_the_answers_back(seeds in prop::collection::vec(any::<u64>(), 1..40)) {
        for form in forms() {
            let answers = record(form, &seeds);
            let nested = project(form, &answers);
            let text = nested.to_string();
            let nested = serde_json::from_str(&text).unwrap();
            let edits = edits_from_json(form, &nested, &mut || unreachable!("every row has its id"));
            let mut again = Answers::new();
            apply(&mut again, edits.unwrap());
            prop_assert_eq!(&again, &answers, "{}", form.form_id());
        }
    }

    #[test]
    fn evaluation_is_the_same_every_time(seeds in prop::collection::vec(any::<u64>(), 1..40)) {
        for form in forms() {
            let answers = record(form, &seeds);
            let first = evaluate(form, &answers, &context());
            prop_assert_eq!(&first, &evaluate(form, &answers, &context()));
            let merged = first.merged(&answers);
            prop_assert_eq!(evaluate(form, &merged, &context()).visible, first.visible);
            prop_assert!(first.findings.iter().all(|finding| finding.code != "wrong_type"));
            prop_assert_eq!(strong_key(form, &answers), strong_key(form, &answers));
            prop_assert!(weak_keys(form, &merged).iter().all(|key| key.lookups.contains(&key.store)));
            let _ = labelled(form, &merged, "vi");
        }
    }

    #[test]
    fn arbitrary_records_never_panic(
        paths in prop::collection::vec("(members/|needs/|[a-z_]{1,12}|/|\\$[a-z]{1,8}|0190b5d2-0000-7000-8000-00000000000a/){1,6}", 0..20),
        texts in prop::collection::vec(any::<String>(), 20),
        numbers in prop::collection::vec(any::<f64>(), 20),
    ) {
        let values = texts.iter().zip(&numbers).map(|(text, number)| {
            if number.is_sign_positive() { Scalar::Text(text.clone()) } else { Scalar::Decimal(*number) }
        });
        let mut answers: Answers = paths.into_iter().zip(values).collect();
        for form in forms() {
            for (at, (schema_path, _)) in form.fields().enumerate() {
                answers.insert(schema_path.to_owned(), Scalar::Text(texts[at % 20].clone()));
            }
            let found = evaluate(form, &answers, &context());
            prop_assert_eq!(&found, &evaluate(form, &answers, &context()));
            let _ = project(form, &answers);
            let _ = labelled(form, &answers, "en");
            let _ = weak_keys(form, &answers);
        }
    }

    #[test]
    fn arbitrary_typing_never_panics(text in any::<String>(), digits in "[0-9.,/: đT+-]{0,20}") {
        for form in forms() {
            for (schema_path, field) in form.fields() {
                for typed in [&text, &digits] {
                    if let Ok(edits) = edits_from_text(form, schema_path, typed) {
                        for (_, edit) in edits {
                            let Edit::Put(value) = edit else { continue };
                            prop_assert!(field.kind.is_multiple() || schemas::eval::fits(&field.kind, &value));
                        }
                    }
                }
            }
            let _ = edits_from_text(form, &text, &digits);
        }
    }
}
