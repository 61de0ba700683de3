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
use crate::form::limits::{WEAK_LOOKUPS_MAX, WEAK_STORES_MAX};
use crate::form::{Form, KeyForm, KeyPart};
use crate::path::REMOVED;
use crate::text;
use crate::value::{Answers, Scalar};

/// The strings of one weak key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeakKey {
    /// What the record is stored under.
    pub store: String,
    /// What a search for likely duplicates looks up; `store` is among them.
    pub lookups: Vec<String>,
    /// True if what is stored under a key that is only [near](is_near) a lookup is a likely duplicate as well.
    pub near: bool,
}

/// Letters that may differ between two names that are near, by the length of the longer: a slip in a short name makes
/// another name.
const fn slips(length: usize) -> usize {
    match length {
        0..=4 => 0,
        5..=9 => 1,
        _ => 2,
    }
}

/// The part of a near key up to its last: keys that are near each other begin with the same.
#[must_use]
pub fn near_prefix(key: &str) -> &str {
    key.rfind('|').map_or("", |end| &key[..=end])
}

/// True if two stored keys differ only by a slip or two of the pen in their last part: letters left out, added,
/// changed or swapped, at most one in a name of nine letters and two in a longer one.
#[must_use]
pub fn is_near(one: &str, other: &str) -> bool {
    let (prefix, rest) = one.split_at(near_prefix(one).len());
    let Some(rest_of_other) = other.strip_prefix(prefix) else {
        return false;
    };
    let (long, short) = (rest.chars().count(), rest_of_other.chars().count());
    let slips = slips(long.max(short));
    long.abs_diff(short) <= slips && strsim::osa_distance(rest, rest_of_other) <= slips
}

/// The string that makes the record's id: that of the first alternative whose parts are all
/// answered. `None` when there is none, and the record gets a random id.
#[must_use]
pub fn strong_key(form: &Form, answers: &Answers) -> Option<String> {
    let alternatives = form.settings.strong_key.iter().enumerate();
    let mut keys = alternatives.filter_map(|(position, parts)| {
        let parts: Option<Vec<String>> = parts
            .iter()
            .map(|part| worth(part, answers.get(&part.field)?))
            .collect();
        Some(join(position, &parts?))
    });
    keys.next()
}

/// Every weak key whose parts are all answered. Keys may name calculations: give the answers
/// [merged](crate::eval::Evaluation::merged) with what was worked out.
#[must_use]
pub fn weak_keys(form: &Form, answers: &Answers) -> Vec<WeakKey> {
    let keys = form.settings.weak_keys.iter().enumerate();
    keys.flat_map(|(position, parts)| weak_keys_at(position, parts, answers))
        .collect()
}

/// One key for each combination of answers: a field inside a repeat has one in every row.
fn weak_keys_at(position: usize, parts: &[KeyPart], answers: &Answers) -> Vec<WeakKey> {
    let worths: Vec<Vec<String>> = parts.iter().map(|part| worths(part, answers)).collect();
    let near = parts.last().is_some_and(|part| part.form == KeyForm::Near);
    let keys = combined(&worths, WEAK_STORES_MAX).unwrap_or_default();
    let key = |list: Vec<String>| {
        let variants: Vec<Vec<String>> = parts
            .iter()
            .zip(&list)
            .map(|(part, worth)| variants(part, worth))
            .collect();
        let lookups = combined(&variants, WEAK_LOOKUPS_MAX)?;
        Some(WeakKey {
            store: join(position, &list),
            lookups: lookups.iter().map(|list| join(position, list)).collect(),
            near,
        })
    };
    keys.into_iter().filter_map(key).collect()
}

/// Every way of taking one of each; none if there are more than `max`.
fn combined(choices: &[Vec<String>], max: usize) -> Option<Vec<Vec<String>>> {
    let mut lists: Vec<Vec<String>> = vec![Vec::new()];
    for choice in choices {
        if lists.len() * choice.len() > max {
            return None;
        }
        lists = lists
            .iter()
            .flat_map(|list| {
                choice
                    .iter()
                    .map(move |one| [list.as_slice(), std::slice::from_ref(one)].concat())
            })
            .collect();
    }
    Some(lists)
}

/// What a part is worth, once for every different answer that serves.
fn worths(part: &KeyPart, answers: &Answers) -> Vec<String> {
    let mut worths = Vec::new();
    for field in part.fields() {
        for answer in answers_at(field, answers) {
            worths.extend(worth(part, answer).filter(|worth| !worths.contains(worth)));
        }
    }
    worths
}

/// The answers to a field, in every row that was not taken out.
fn answers_at<'a>(field: &'a str, answers: &'a Answers) -> Vec<&'a Scalar> {
    let Some((repeat, leaf)) = field.split_once('/') else {
        return answers.get(field).into_iter().collect();
    };
    let start = format!("{repeat}/");
    answers
        .range(start.clone()..)
        .take_while(|(path, _)| path.starts_with(&start))
        .filter_map(|(path, value)| {
            let row = path[start.len()..].strip_suffix(leaf)?.strip_suffix('/')?;
            let removed = answers.get(&format!("{start}{row}/{REMOVED}"));
            let stands = !row.contains('/') && removed != Some(&Scalar::Bool(true));
            stands.then_some(value)
        })
        .collect()
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

fn worth(part: &KeyPart, answer: &Scalar) -> Option<String> {
    let answer = Some(answer).filter(|value| !value.is_blank())?;
    let day = || local_date(answer.as_text()?);
    let text = match part.form {
        KeyForm::Plain => plain(answer),
        KeyForm::Folded | KeyForm::Near => text::fold(&plain(answer)),
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
