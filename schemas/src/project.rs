//! Flat answers → nested data for reading, exporting and drawing. Nesting is only a view: nothing
//! is ever stored in this form.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::eval::{rows_of, ticked};
use crate::expr::{format_date, is_date, local_clock, local_date};
use crate::form::{Body, Field, FieldKind, Form, ItemId, Target};
use crate::message;
use crate::path::REMOVED;
use crate::value::{Answers, Scalar};

/// Nests a record: fields in form order, a repeat as an array of objects with `id`, a multiple
/// choice as an array of option names in list order. Rows that were taken out are left out with all
/// they hold. System, review and unknown paths stand last under their own flat names.
#[must_use]
pub fn project(form: &Form, answers: &Answers) -> Value {
    let mut nest = Nest {
        form,
        answers,
        rows: rows_of(form, answers),
        used: BTreeSet::new(),
    };
    let mut object = nest.items(form.roots(), "");
    for (path, value) in answers {
        if !nest.used.contains(path.as_str()) && !in_removed_row(form, answers, path) {
            object.insert(path.clone(), json(value));
        }
    }
    Value::Object(object)
}

struct Nest<'a> {
    form: &'a Form,
    answers: &'a Answers,
    rows: crate::eval::Rows,
    used: BTreeSet<&'a str>,
}

impl<'a> Nest<'a> {
    fn items(&mut self, ids: &[ItemId], prefix: &str) -> Map<String, Value> {
        let mut object = Map::new();
        for id in ids {
            let item = self.form.item(*id);
            let path = format!("{prefix}{}", item.name());
            match &item.body {
                Body::Field(field) => {
                    if let Some(value) = self.field(field, &path) {
                        object.insert(field.name.clone(), value);
                    }
                }
                Body::Section(section) if section.is_repeat() => {
                    let rows = self.rows.of_repeat(&path).to_vec();
                    let rows: Vec<Value> = rows.iter().map(|row| self.row(&section.children, row)).collect();
                    if !rows.is_empty() {
                        object.insert(section.name.clone(), Value::Array(rows));
                    }
                }
                Body::Section(section) => object.extend(self.items(&section.children, prefix)),
            }
        }
        object
    }

    fn row(&mut self, children: &[ItemId], prefix: &str) -> Value {
        let id = prefix
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or_default();
        let mut object = Map::from_iter([("id".to_owned(), Value::from(id))]);
        object.extend(self.items(children, prefix));
        self.use_path(&format!("{prefix}{REMOVED}"));
        Value::Object(object)
    }

    fn field(&mut self, field: &Field, path: &str) -> Option<Value> {
        let stored = self.use_path(path).map(json);
        if !field.kind.is_multiple() {
            return stored;
        }
        let prefix = format!("{path}/");
        let options = self.answers.range(prefix.clone()..);
        let options = options
            .map(|(key, _)| key)
            .take_while(|key| key.starts_with(&prefix));
        let options: Vec<&String> = options.collect();
        for option in &options {
            self.use_path(option);
        }
        let chosen = ticked(self.answers, field, path);
        if options.is_empty() {
            stored
        } else {
            Some(Value::from(chosen))
        }
    }

    /// The stored value of a path, which is now in its place.
    fn use_path(&mut self, path: &str) -> Option<&'a Scalar> {
        let (path, value) = self.answers.get_key_value(path)?;
        self.used.insert(path);
        Some(value)
    }
}

fn in_removed_row(form: &Form, answers: &Answers, path: &str) -> bool {
    let Some(resolved) = form.resolve(path) else {
        return false;
    };
    let mut end = 0;
    resolved.rows.iter().any(|step| {
        end += step.repeat.len() + step.row.len() + 2;
        answers.get(&format!("{}{REMOVED}", &path[..end])) == Some(&Scalar::Bool(true))
    })
}

/// A stored scalar as JSON.
#[must_use]
pub fn json(value: &Scalar) -> Value {
    match value {
        Scalar::Null => Value::Null,
        Scalar::Bool(value) => Value::from(*value),
        Scalar::Int(number) => Value::from(*number),
        Scalar::Decimal(number) => Value::from(*number),
        Scalar::Text(text) => Value::from(text.as_str()),
    }
}

/// The answers of one row as a record of its own: paths below `members/<uuid>/`, without it. For
/// asking the row's form about it, its keys for instance.
#[must_use]
pub fn row_answers(answers: &Answers, prefix: &str) -> Answers {
    answers
        .range(prefix.to_owned()..)
        .take_while(|(path, _)| path.starts_with(prefix))
        .map(|(path, value)| (path[prefix.len()..].to_owned(), value.clone()))
        .collect()
}

/// The words of a path: the question, or for an option of a multiple choice the question and the
/// option. Unknown paths are their own words.
#[must_use]
pub fn label(form: &Form, path: &str, language: &str) -> String {
    let words = |item: ItemId| {
        let item = form.item(item);
        if item.label().is_empty() {
            item.name().to_owned()
        } else {
            item.label().get(language).to_owned()
        }
    };
    match form.resolve(path) {
        None => path.to_owned(),
        Some(resolved) => match resolved.target {
            Target::Option(field, option) => {
                let list = field.choices.as_deref();
                let option = list.map_or(option, |list| list.label(option, language));
                format!("{}: {option}", words(resolved.item))
            }
            Target::Field(_) | Target::Removed(_) => words(resolved.item),
        },
    }
}

/// A stored value as people read it: the label of a choice, `05/03/2024`, `1.500.000 đ`, `Có`.
#[must_use]
pub fn display(field: &Field, value: &Scalar, language: &str) -> String {
    match (&field.kind, value) {
        (_, Scalar::Null) => String::new(),
        (_, Scalar::Bool(truth)) => message::text(language, if *truth { "yes" } else { "no" }, &[]),
        (FieldKind::Money, Scalar::Int(amount)) => format!("{} đ", thousands(*amount)),
        (_, Scalar::Int(number)) => number.to_string(),
        (_, Scalar::Decimal(number)) if language == "vi" => number.to_string().replace('.', ","),
        (_, Scalar::Decimal(number)) => number.to_string(),
        (_, Scalar::Text(text)) => {
            if let Some(list) = &field.choices {
                return list.label(text, language).to_owned();
            }
            let day = || local_date(text).map(|day| format_date(day.into(), "%d/%m/%Y"));
            let shown = match field.kind {
                FieldKind::Date => day(),
                FieldKind::DateTime if is_date(text) => day(),
                FieldKind::DateTime => day()
                    .zip(local_clock(text))
                    .map(|(day, clock)| format!("{day} {clock}")),
                _ => None,
            };
            shown.unwrap_or_else(|| text.clone())
        }
    }
}

/// `1500000` as `1.500.000`.
#[must_use]
pub fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::from(if number < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    out
}

/// One answer with its words, for lists of what a record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// The path; of a multiple choice, of the question.
    pub path: String,
    /// The question.
    pub label: String,
    /// The answer.
    pub text: String,
}

/// Every answered question of a record in form order, row by row, as people read it.
#[must_use]
pub fn labelled(form: &Form, answers: &Answers, language: &str) -> Vec<Labelled> {
    let rows = rows_of(form, answers);
    let mut out = Vec::new();
    label_items(form, answers, &rows, form.roots(), "", language, &mut out);
    out
}

fn label_items(
    form: &Form,
    answers: &Answers,
    rows: &crate::eval::Rows,
    ids: &[ItemId],
    prefix: &str,
    language: &str,
    out: &mut Vec<Labelled>,
) {
    for id in ids {
        let item = form.item(*id);
        let path = format!("{prefix}{}", item.name());
        let field = match &item.body {
            Body::Field(field) => field,
            Body::Section(section) if section.is_repeat() => {
                for row in rows.of_repeat(&path) {
                    label_items(form, answers, rows, &section.children, row, language, out);
                }
                continue;
            }
            Body::Section(section) => {
                label_items(form, answers, rows, &section.children, prefix, language, out);
                continue;
            }
        };
        let text = if field.kind.is_multiple() {
            let list = field.choices.as_deref();
            let names = ticked(answers, field, &path);
            let names: Vec<&str> = names
                .into_iter()
                .map(|name| list.map_or(name, |list| list.label(name, language)))
                .collect();
            names.join(", ")
        } else {
            answers
                .get(&path)
                .map_or_else(String::new, |value| display(field, value, language))
        };
        if !text.is_empty() {
            let label = label(form, &path, language);
            out.push(Labelled { path, label, text });
        }
    }
}
