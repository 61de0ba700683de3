//! What a person types, or a JSON file says, → edits of flat paths.
//!
//! Only what has no meaning is refused: a field that is not there, a letter where a number belongs.
//! Rules of the form (required, constraints) are not asked here: an answer that breaks one is kept
//! and carries a finding.

mod json;
mod nearest;
mod typed;

use crate::finding::code;
use crate::form::limits::{PATH_BYTES_MAX, TEXT_CHARS_MAX};
use crate::form::{Field, FieldKind, Form, Label, Target};
use crate::message;
use crate::path::{PathClass, path_class};
use crate::value::Scalar;

pub use self::json::edits_from_json;

/// What happens at one path.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// The value is written; [`Scalar::Null`] clears the answer.
    Put(Scalar),
    /// The path is deleted: an option that is not ticked. Deleting what is not there is nothing.
    Delete,
}

/// Why an answer cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code} at {path}")]
pub struct AnswerError {
    /// The path as it was given.
    pub path: String,
    /// `unknown_field`, `wrong_type`, `unknown_choice`, `read_only_field`, `too_long`,
    /// `not_a_record`, `too_many_rows`: see [`crate::finding::code`].
    pub code: &'static str,
    /// What is wrong, per language.
    pub message: Label,
    /// What to do about it, per language; may be empty.
    pub hint: Label,
}

impl AnswerError {
    /// An error whose words name the question; `expected` is the code of further words for
    /// `{expected}`.
    fn of_field(path: &str, label: &Label, code: &'static str, expected: &str, limit: usize) -> Self {
        let mut words = Label::default();
        for language in message::LANGUAGES {
            let name = if label.is_empty() {
                path
            } else {
                label.get(language)
            };
            let expected = message::text(language, expected, &[]);
            let params = [
                ("label", name),
                ("expected", &expected),
                ("limit", &limit.to_string()),
            ];
            words.insert(language, &message::text(language, code, &params));
        }
        Self {
            path: path.to_owned(),
            code,
            message: words,
            hint: Label::default(),
        }
    }

    fn wrong_type(path: &str, field: &Field) -> Self {
        Self::of_field(
            path,
            &field.label,
            code::WRONG_TYPE,
            crate::eval::expected(&field.kind),
            0,
        )
    }

    fn unknown_field(form: &Form, path: &str) -> Self {
        let shown: String = path.chars().take(PATH_BYTES_MAX).collect();
        let names = nearest::names(form, &shown);
        let hint = match names.is_empty() {
            true => message::label("hint_fields", &[]),
            false => message::label("hint_nearest", &[("names", &names.join(", "))]),
        };
        let message = message::label(code::UNKNOWN_FIELD, &[("field", &shown)]);
        Self {
            path: shown,
            code: code::UNKNOWN_FIELD,
            message,
            hint,
        }
    }

    fn unknown_choice(path: &str, field: &Field, choice: &str) -> Self {
        let choice: String = choice.chars().take(80).collect();
        let mut words = Label::default();
        for language in message::LANGUAGES {
            let name = if field.label.is_empty() {
                path
            } else {
                field.label.get(language)
            };
            let params = [("label", name), ("choice", choice.as_str())];
            words.insert(language, &message::text(language, code::UNKNOWN_CHOICE, &params));
        }
        let choices = field.choices.iter().flat_map(|list| &list.choices);
        let choices: Vec<&str> = choices.map(|choice| choice.name.as_str()).collect();
        let hint = message::label("hint_choices", &[("choices", &choices.join(", "))]);
        Self {
            path: path.to_owned(),
            code: code::UNKNOWN_CHOICE,
            message: words,
            hint,
        }
    }

    fn read_only(path: &str, label: &Label) -> Self {
        Self::of_field(path, label, code::READ_ONLY_FIELD, "", 0)
    }

    fn too_long(path: &str, field: &Field) -> Self {
        Self::of_field(path, &field.label, code::TOO_LONG, "", TEXT_CHARS_MAX)
    }
}

/// The edits of one typed answer.
///
/// The path is a field, an option (`needs/credit` with `true` or `false`), a field of a row, or
/// `members/<uuid>/$removed`. Empty text clears the answer. A multiple choice takes all its options
/// at once (`a b`, `a,b`, `["a","b"]`): those that are not named are deleted, because the answer is
/// the whole set.
///
/// # Errors
/// When the form has no such path, nobody may type there, or the text means nothing for its kind.
pub fn edits_from_text(form: &Form, path: &str, text: &str) -> Result<Vec<(String, Edit)>, AnswerError> {
    if path_class(path) != PathClass::Field {
        return Err(AnswerError::read_only(path, &Label::default()));
    }
    let Some(resolved) = form.resolve(path) else {
        return Err(not_a_field(form, path));
    };
    let edit = match resolved.target {
        Target::Removed(section) => {
            let removed = typed::boolean(text);
            let error =
                || AnswerError::of_field(path, &section.label, code::WRONG_TYPE, "expected_removed", 0);
            Edit::Put(Scalar::Bool(removed.ok_or_else(error)?))
        }
        Target::Option(field, option) => {
            let ticked = typed::boolean(text).ok_or_else(|| AnswerError::wrong_type(path, field))?;
            option_edit(field, option, ticked, path)?
        }
        Target::Field(field) if !field.kind.takes_answer() => {
            return Err(AnswerError::read_only(path, &field.label));
        }
        Target::Field(field) => match &field.kind {
            FieldKind::SelectMultiple(_) => {
                let names = typed::names(text).ok_or_else(|| AnswerError::wrong_type(path, field))?;
                return set_options(field, path, &names);
            }
            _ => Edit::Put(typed::scalar(field, path, text)?),
        },
    };
    Ok(vec![(path.to_owned(), edit)])
}

/// The error of a path that is no field: a repeat wants rows, anything else is unknown.
fn not_a_field(form: &Form, path: &str) -> AnswerError {
    let section = form.by_schema_path(path).and_then(|item| item.section());
    match section.filter(|section| section.is_repeat()) {
        Some(section) => AnswerError::of_field(path, &section.label, code::WRONG_TYPE, "expected_rows", 0),
        None => AnswerError::unknown_field(form, path),
    }
}

/// A tick or its removal.
fn option_edit(field: &Field, option: &str, ticked: bool, path: &str) -> Result<Edit, AnswerError> {
    match (ticked, field.has_choice(option)) {
        (true, true) => Ok(Edit::Put(Scalar::Bool(true))),
        (true, false) => Err(AnswerError::unknown_choice(path, field, option)),
        // An option that an earlier form had may still be unticked.
        (false, _) => Ok(Edit::Delete),
    }
}

/// A whole multiple choice: every option of the list, in its order.
fn set_options(field: &Field, path: &str, names: &[String]) -> Result<Vec<(String, Edit)>, AnswerError> {
    if let Some(name) = names.iter().find(|name| !field.has_choice(name)) {
        return Err(AnswerError::unknown_choice(path, field, name));
    }
    let choices = field.choices.iter().flat_map(|list| &list.choices);
    let edits = choices.map(|choice| {
        let ticked = names.contains(&choice.name);
        let edit = if ticked {
            Edit::Put(Scalar::Bool(true))
        } else {
            Edit::Delete
        };
        (format!("{path}/{}", choice.name), edit)
    });
    Ok(edits.collect())
}
