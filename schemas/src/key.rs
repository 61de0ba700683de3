//! Which records are the same, and which may be.
//!
//! A strong key makes a record's id, so two phones that register the same person at the same fair
//! make the same record. A weak key only proposes: it stores one string per record and looks up
//! one or more.
//!
//! Key strings are stored and hashed, so their form is fixed: the position of the alternative, then
//! the parts, joined with `|`. A `|` or `\` inside a part is escaped with `\`, so that no two
//! different lists of parts give one string.

use crate::expr::{format_date, local_date};
use crate::form::limits::WEAK_LOOKUPS_MAX;
use crate::form::{Form, KeyForm, KeyPart};
use crate::text;
use crate::value::{Answers, Scalar};

/// The strings of one weak key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeakKey {
    /// What the record is stored under.
    pub store: String,
    /// What a search for likely duplicates looks up; `store` is among them.
    pub lookups: Vec<String>,
}

/// The string that makes the record's id: that of the first alternative whose parts are all
/// answered. `None` when there is none, and the record gets a random id.
#[must_use]
pub fn strong_key(form: &Form, answers: &Answers) -> Option<String> {
    let alternatives = form.settings.strong_key.iter().enumerate();
    let mut keys = alternatives.filter_map(|(position, parts)| {
        let parts: Option<Vec<String>> = parts.iter().map(|part| worth(part, answers)).collect();
        Some(join(position, &parts?))
    });
    keys.next()
}

/// Every weak key whose parts are all answered. Keys may name calculations: give the answers
/// [merged](crate::eval::Evaluation::merged) with what was worked out.
#[must_use]
pub fn weak_keys(form: &Form, answers: &Answers) -> Vec<WeakKey> {
    let keys = form.settings.weak_keys.iter().enumerate();
    keys.filter_map(|(position, parts)| weak_key(position, parts, answers))
        .collect()
}

fn weak_key(position: usize, parts: &[KeyPart], answers: &Answers) -> Option<WeakKey> {
    let worths: Option<Vec<String>> = parts.iter().map(|part| worth(part, answers)).collect();
    let worths = worths?;
    let mut lists: Vec<Vec<String>> = vec![Vec::new()];
    for (part, worth) in parts.iter().zip(&worths) {
        let variants = variants(part, worth);
        if lists.len() * variants.len() > WEAK_LOOKUPS_MAX {
            return None;
        }
        lists = lists
            .iter()
            .flat_map(|list| {
                variants
                    .iter()
                    .map(move |variant| [list.as_slice(), std::slice::from_ref(variant)].concat())
            })
            .collect();
    }
    Some(WeakKey {
        store: join(position, &worths),
        lookups: lists.iter().map(|list| join(position, list)).collect(),
    })
}

/// The same, and for `~1` one less and one more.
fn variants(part: &KeyPart, worth: &str) -> Vec<String> {
    match worth.parse::<i64>() {
        Ok(number) if part.within_one => [-1, 0, 1]
            .iter()
            .map(|step| number.saturating_add(*step).to_string())
            .collect(),
        _ => vec![worth.to_owned()],
    }
}

/// The fields of the weak key that a stored key ([`WeakKey::store`]) belongs to: its first part is the position.
#[must_use]
pub fn fields_of_weak_key(form: &Form, stored: &str) -> Vec<String> {
    let position = stored.split('|').next();
    let position = position.and_then(|position| position.parse::<usize>().ok());
    let parts = position.and_then(|position| form.settings.weak_keys.get(position));
    let fields = parts.into_iter().flatten();
    fields.map(|part| part.field.clone()).collect()
}

fn worth(part: &KeyPart, answers: &Answers) -> Option<String> {
    let answer = answers.get(&part.field).filter(|value| !value.is_blank())?;
    let day = || local_date(answer.as_text()?);
    let text = match part.form {
        KeyForm::Plain => plain(answer),
        KeyForm::Folded => text::fold(&plain(answer)),
        KeyForm::Day => day()?.to_string(),
        KeyForm::Month => format_date(day()?.into(), "%Y-%m"),
        KeyForm::Year => day()?.year().to_string(),
    };
    (!text.is_empty()).then_some(text)
}

fn plain(answer: &Scalar) -> String {
    match answer {
        Scalar::Null => String::new(),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Int(number) => number.to_string(),
        Scalar::Decimal(number) => number.to_string(),
        Scalar::Text(text) => text::nfc(text),
    }
}

fn join(position: usize, parts: &[String]) -> String {
    let mut key = position.to_string();
    for part in parts {
        key.push('|');
        for c in part.chars() {
            if matches!(c, '|' | '\\') {
                key.push('\\');
            }
            key.push(c);
        }
    }
    key
}
