//! A JSON object of answers → edits: nested as [`crate::project`] nests, or flat paths, or both.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{AnswerError, Edit, edits_from_text, not_a_field, option_edit, set_options};
use crate::eval::fits;
use crate::finding::code;
use crate::form::limits::ROWS_MAX;
use crate::form::{Body, Field, Form, Item, Label, ROOT, ScopeId, Section, Target};
use crate::id::canonical_uuid;
use crate::message;
use crate::parse;
use crate::path::{PathClass, REMOVED, path_class};
use crate::value::Scalar;

/// The edits of a whole object, in its order. Rows without `id` get one from `new_row_id`; rows
/// that are not named are left as they are. A repeat with one field `value` also takes bare values.
/// `null` clears an answer.
///
/// # Errors
/// The first thing that means nothing; then nothing of the object is to be written.
pub fn edits_from_json(
    form: &Form,
    object: &Value,
    new_row_id: &mut dyn FnMut() -> String,
) -> Result<Vec<(String, Edit)>, AnswerError> {
    let Some(object) = object.as_object() else {
        return Err(not_a_record(""));
    };
    let mut reader = Reader {
        form,
        new_row_id,
        edits: Vec::new(),
    };
    reader.object(object, ROOT, "")?;
    Ok(reader.edits)
}

fn not_a_record(path: &str) -> AnswerError {
    AnswerError {
        path: path.to_owned(),
        code: code::NOT_A_RECORD,
        message: message::label(code::NOT_A_RECORD, &[]),
        hint: message::label("hint_json", &[]),
    }
}

struct Reader<'a> {
    form: &'a Form,
    new_row_id: &'a mut dyn FnMut() -> String,
    edits: Vec<(String, Edit)>,
}

impl Reader<'_> {
    fn object(
        &mut self,
        object: &Map<String, Value>,
        scope: ScopeId,
        prefix: &str,
    ) -> Result<(), AnswerError> {
        for (key, value) in object {
            let path = format!("{prefix}{key}");
            if prefix.is_empty() && path_class(key) != PathClass::Field {
                return Err(AnswerError::read_only(key, &Label::default()));
            }
            if !prefix.is_empty() && key == "id" {
                continue;
            }
            let item = self.form.scopes()[scope].names.get(key);
            match item.map(|id| self.form.item(*id)) {
                Some(Item {
                    body: Body::Section(section),
                    ..
                }) if section.is_repeat() => {
                    self.rows(section, &path, value)?;
                }
                _ => self.answer(&path, value)?,
            }
        }
        Ok(())
    }

    fn rows(&mut self, section: &Section, path: &str, value: &Value) -> Result<(), AnswerError> {
        let wrong = || AnswerError::of_field(path, &section.label, code::WRONG_TYPE, "expected_rows", 0);
        let rows = match value {
            Value::Array(rows) => rows,
            Value::Null => return Ok(()),
            _ => return Err(wrong()),
        };
        if rows.len() > ROWS_MAX {
            return Err(AnswerError::of_field(
                path,
                &section.label,
                code::TOO_MANY_ROWS,
                "",
                ROWS_MAX,
            ));
        }
        let mut seen = BTreeSet::new();
        for row in rows {
            let row = match row {
                Value::Object(row) => Cow::Borrowed(row),
                value if self.is_list_of_values(section) => {
                    Cow::Owned(Map::from_iter([("value".to_owned(), value.clone())]))
                }
                _ => return Err(wrong()),
            };
            let id = match row.get("id") {
                None | Some(Value::Null) => (self.new_row_id)(),
                Some(id) => id.as_str().map(str::to_owned).ok_or_else(wrong)?,
            };
            let id = canonical_uuid(&id)
                .filter(|id| seen.insert(id.clone()))
                .ok_or_else(wrong)?;
            let prefix = format!("{path}/{id}/");
            let before = self.edits.len();
            self.object(&row, section.scope.unwrap_or(ROOT), &prefix)?;
            if self.edits.len() == before {
                // A row is there because it holds a path; an empty one holds this.
                self.edits
                    .push((format!("{prefix}{REMOVED}"), Edit::Put(Scalar::Bool(false))));
            }
        }
        Ok(())
    }

    /// True for a repeat with one field `value`: a list of free values, which may be written as one.
    fn is_list_of_values(&self, section: &Section) -> bool {
        let names = section.scope.map(|scope| &self.form.scopes()[scope].names);
        names.is_some_and(|names| names.keys().eq(["value"]))
    }

    fn answer(&mut self, path: &str, value: &Value) -> Result<(), AnswerError> {
        if let Value::String(text) = value {
            self.edits.extend(edits_from_text(self.form, path, text)?);
            return Ok(());
        }
        let Some(resolved) = self.form.resolve(path) else {
            return Err(not_a_field(self.form, path));
        };
        let edit = match resolved.target {
            Target::Removed(section) => {
                let removed = value.as_bool().ok_or_else(|| {
                    AnswerError::of_field(path, &section.label, code::WRONG_TYPE, "expected_removed", 0)
                })?;
                Edit::Put(Scalar::Bool(removed))
            }
            Target::Option(field, option) => {
                let ticked = ticked(value).ok_or_else(|| AnswerError::wrong_type(path, field))?;
                option_edit(field, option, ticked, path)?
            }
            Target::Field(field) if !field.kind.takes_answer() => {
                return Err(AnswerError::read_only(path, &field.label));
            }
            Target::Field(field) if field.kind.is_multiple() => return self.options(field, path, value),
            Target::Field(field) => {
                let scalar = scalar(field, value).ok_or_else(|| AnswerError::wrong_type(path, field))?;
                Edit::Put(scalar)
            }
        };
        self.edits.push((path.to_owned(), edit));
        Ok(())
    }

    /// `["credit"]` is the whole set; `{"credit": true, "land": false}` only these ticks.
    fn options(&mut self, field: &Field, path: &str, value: &Value) -> Result<(), AnswerError> {
        let wrong = || AnswerError::wrong_type(path, field);
        match value {
            Value::Null => self.edits.extend(set_options(field, path, &[])?),
            Value::Array(names) => {
                let names: Option<Vec<String>> = names
                    .iter()
                    .map(|name| name.as_str().map(str::to_owned))
                    .collect();
                self.edits
                    .extend(set_options(field, path, &names.ok_or_else(wrong)?)?);
            }
            Value::Object(ticks) => {
                for (option, value) in ticks {
                    let ticked = ticked(value).ok_or_else(wrong)?;
                    let path = format!("{path}/{option}");
                    let edit = option_edit(field, option, ticked, &path)?;
                    self.edits.push((path, edit));
                }
            }
            _ => return Err(wrong()),
        }
        Ok(())
    }
}

fn ticked(value: &Value) -> Option<bool> {
    if value.is_null() {
        Some(false)
    } else {
        value.as_bool()
    }
}

/// A JSON number, truth or null as the field stores it.
fn scalar(field: &Field, value: &Value) -> Option<Scalar> {
    use crate::form::FieldKind::{Decimal, Integer, Money};
    let scalar = match (&field.kind, parse::scalar(value)?) {
        (Decimal, Scalar::Int(_)) => Scalar::Decimal(value.as_f64()?),
        (Integer | Money, Scalar::Decimal(number)) => Scalar::Int(crate::expr::exact_integer(number)?),
        (_, scalar) => scalar,
    };
    fits(&field.kind, &scalar).then_some(scalar)
}
