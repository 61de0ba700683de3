//! What a record says, in words and in the order of its form. Pure: the server's JSON and a form in, words out.

use schemas::form::{Body, Field, FieldKind, Form, ItemId, Target};
use schemas::message;
use serde_json::Value;

use crate::words::{date, date_time, label, language, money, number, t};

/// The names of what answers point at.
pub trait Names {
    /// The name of a unit, an ethnic group and the like; none for what nobody here knows.
    fn name_of(&self, kind: &str, id: &str) -> Option<String>;
}

/// A part of a record under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The heading; may be empty.
    pub title: String,
    /// What stands there.
    pub lines: Vec<Line>,
}

/// One line of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A question and its answer.
    Answer {
        /// The field.
        path: String,
        /// The question.
        label: String,
        /// The answer.
        words: String,
        /// The record it points at, if it does.
        record: Option<String>,
    },
    /// A row of a repeat: a person of the household.
    Row {
        /// What it is a row of.
        heading: String,
        /// Its name.
        title: String,
        /// Its answers.
        lines: Vec<Line>,
    },
}

/// The whole record, part by part; what has no answer is left out.
#[must_use]
pub fn parts(form: &Form, data: &Value, names: &dyn Names) -> Vec<Part> {
    let reader = Reader { form, names };
    let mut parts: Vec<Part> = Vec::new();
    let mut loose: Vec<Line> = Vec::new();
    for id in form.roots() {
        let item = form.item(*id);
        let heading = item.section().map(|section| label(&section.label));
        let lines = reader.lines(&[*id], data, "");
        match heading {
            Some(title) => {
                push(&mut parts, String::new(), std::mem::take(&mut loose));
                push(&mut parts, title, lines);
            }
            None => loose.extend(lines),
        }
    }
    push(&mut parts, String::new(), loose);
    parts
}

fn push(parts: &mut Vec<Part>, title: String, lines: Vec<Line>) {
    if !lines.is_empty() {
        parts.push(Part { title, lines });
    }
}

struct Reader<'a> {
    form: &'a Form,
    names: &'a dyn Names,
}

impl Reader<'_> {
    fn lines(&self, ids: &[ItemId], data: &Value, prefix: &str) -> Vec<Line> {
        let mut lines = Vec::new();
        for id in ids {
            match &self.form.item(*id).body {
                Body::Field(field) => lines.extend(self.answer(field, data, prefix)),
                Body::Section(section) if section.is_repeat() => {
                    let rows = data[section.name.as_str()].as_array();
                    lines.extend(
                        rows.into_iter()
                            .flatten()
                            .map(|row| self.row(section, row, prefix)),
                    );
                }
                Body::Section(section) => lines.extend(self.lines(&section.children, data, prefix)),
            }
        }
        lines
    }

    fn row(&self, section: &schemas::form::Section, row: &Value, prefix: &str) -> Line {
        let id = row["id"].as_str().unwrap_or_default();
        let lines = self.lines(&section.children, row, &format!("{prefix}{}/{id}/", section.name));
        let title = lines.iter().find_map(|line| match line {
            Line::Answer { words, .. } => Some(words.clone()),
            Line::Row { .. } => None,
        });
        Line::Row {
            heading: label(&section.label),
            title: title.unwrap_or_default(),
            lines,
        }
    }

    fn answer(&self, field: &Field, data: &Value, prefix: &str) -> Option<Line> {
        if matches!(field.kind, FieldKind::Hidden | FieldKind::Note) || field.label.is_empty() {
            return None;
        }
        let value = &data[field.name.as_str()];
        let words = words_of(field, value, self.names);
        let record = match &field.kind {
            FieldKind::Reference(kind) if !schemas::form::REFERENCE_DATA.contains(&kind.as_str()) => {
                value.as_str().map(str::to_owned)
            }
            _ => None,
        };
        (!words.is_empty()).then(|| Line::Answer {
            path: format!("{prefix}{}", field.name),
            label: label(&field.label),
            words,
            record,
        })
    }
}

/// An answer in words; empty for none.
#[must_use]
pub fn words_of(field: &Field, value: &Value, names: &dyn Names) -> String {
    let code = language().code();
    let chosen = |name: &str| {
        let list = field.choices.as_ref();
        list.map_or_else(|| name.to_owned(), |list| list.label(name, code).to_owned())
    };
    match (&field.kind, value) {
        (_, Value::Null) => String::new(),
        (_, Value::Array(all)) => {
            let all: Vec<String> = all.iter().filter_map(Value::as_str).map(chosen).collect();
            all.join(", ")
        }
        (_, Value::Bool(yes)) => message::text(code, if *yes { "yes" } else { "no" }, &[]),
        (FieldKind::Money, Value::Number(amount)) => {
            amount.as_i64().map_or_else(|| amount.to_string(), money)
        }
        // Years and scores want no dots.
        (_, Value::Number(value)) if value.is_i64() || value.is_u64() => value.to_string(),
        (_, Value::Number(value)) => value.as_f64().map_or_else(|| value.to_string(), number),
        (FieldKind::SelectOne(_) | FieldKind::SelectMultiple(_), Value::String(name)) => chosen(name),
        (FieldKind::Reference(kind), Value::String(id)) => {
            names.name_of(kind, id).unwrap_or_else(|| short(id))
        }
        (FieldKind::Date, Value::String(text)) => date(text),
        (FieldKind::DateTime, Value::String(text)) => date_time(text),
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    }
}

/// The beginning of an id, enough to tell two apart on one page.
fn short(id: &str) -> String {
    let is_id = id.len() == 36 && id.matches('-').count() == 4;
    if is_id {
        format!("{}…", &id[..8])
    } else {
        id.to_owned()
    }
}

/// The question of a path, with the name of its row: `Sùng A Dơ – Ngày sinh`.
#[must_use]
pub fn path_label(form: &Form, data: &Value, path: &str) -> String {
    match path {
        "review/state" => return t("record.review_state", &[]),
        "review/comment" => return t("record.review_comment", &[]),
        "review/same_as" => return t("record.same_as", &[]),
        _ => {}
    }
    let Some(resolved) = form.resolve(path) else {
        return path.to_owned();
    };
    let question = match resolved.target {
        Target::Field(field) => label(&field.label),
        Target::Option(field, option) => {
            let choice = field.choices.as_ref();
            let choice = choice.map_or(option, |list| list.label(option, language().code()));
            format!("{}: {choice}", label(&field.label))
        }
        Target::Removed(section) => t("record.row_removed", &[("what", &label(&section.label))]),
    };
    let row = resolved.rows.last().and_then(|step| {
        let rows = data[step.repeat].as_array()?;
        let row = rows.iter().find(|row| row["id"] == step.row)?;
        let mut texts = row.as_object()?.iter().filter(|(name, _)| *name != "id");
        texts.find_map(|(_, value)| value.as_str().map(str::to_owned))
    });
    let question = if question.is_empty() {
        path.to_owned()
    } else {
        question
    };
    match row {
        Some(row) => format!("{row} – {question}"),
        None => question,
    }
}

/// What was written to a path, in words; what takes an answer away says so.
#[must_use]
pub fn path_words(form: &Form, path: &str, value: &Value, names: &dyn Names) -> String {
    let blank = || t("record.blank", &[]);
    let resolved = form.resolve(path);
    match resolved.map(|resolved| resolved.target) {
        Some(Target::Option(..)) => {
            let ticked = value.as_bool().unwrap_or_default();
            t(
                if ticked {
                    "record.ticked"
                } else {
                    "record.unticked"
                },
                &[],
            )
        }
        Some(Target::Field(field)) => {
            let words = words_of(field, value, names);
            if words.is_empty() { blank() } else { words }
        }
        _ if path == "review/state" => crate::words::name("desk.state", value.as_str().unwrap_or_default()),
        _ => match value {
            Value::Null => blank(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        },
    }
}

/// What a history or a set-aside change shows: what the program writes for itself is left out.
pub fn written(changes: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let all = changes.as_object().into_iter().flatten();
    all.filter(|(path, _)| !path.starts_with('$'))
}

#[cfg(test)]
mod tests {
    use schemas::catalog::Catalog;
    use serde_json::json;

    use super::*;

    struct Nobody;

    impl Names for Nobody {
        fn name_of(&self, kind: &str, _id: &str) -> Option<String> {
            (kind == "admin_unit").then(|| "Lùng Cải".to_owned())
        }
    }

    const HOUSEHOLD: &str = "0198c0de-0000-7000-8000-000000000001";

    #[test]
    fn a_visit_in_words() {
        let form = Catalog::builtin().form("household_visit").unwrap();
        let data = json!({
            "household_id": HOUSEHOLD,
            "village_id": "u1",
            "visit_type": "support",
            "needs": ["credit", "land"],
            "self_income_vnd": 1_500_000,
            "house_area_m2": 10.5,
            "visited_at": "2026-08-05T08:30:00+07:00",
            "has_internet": false,
        });
        let all: Vec<Line> = parts(form, &data, &Nobody)
            .into_iter()
            .flat_map(|part| part.lines)
            .collect();
        let words = |wanted: &str| {
            all.iter().find_map(|line| match line {
                Line::Answer { path, words, .. } if path == wanted => Some(words.as_str()),
                _ => None,
            })
        };
        assert_eq!(words("visit_type"), Some("Thăm nắm tình hình"));
        assert_eq!(words("needs"), Some("Vay vốn, Đất sản xuất"));
        assert_eq!(words("self_income_vnd"), Some("1.500.000 đ"));
        assert_eq!(words("house_area_m2"), Some("10,5"));
        assert_eq!(words("visited_at"), Some("05/08/2026 08:30"));
        assert_eq!(words("has_internet"), Some("Không"));
        assert_eq!(words("village_id"), Some("Lùng Cải"));
        assert_eq!(words("household_id"), Some("0198c0de…"));
        assert_eq!(words("outcome"), None);
        let points_at = all.iter().find_map(|line| match line {
            Line::Answer { path, record, .. } if path == "household_id" => record.clone(),
            _ => None,
        });
        assert_eq!(points_at.as_deref(), Some(HOUSEHOLD));
    }

    #[test]
    fn people_of_a_household_stand_under_their_names() {
        let form = Catalog::builtin().form("household").unwrap();
        let data = json!({ "members": [{ "id": HOUSEHOLD, "full_name": "Sùng A Dơ", "sex": "male" }] });
        let all = parts(form, &data, &Nobody);
        let rows = all.iter().flat_map(|part| &part.lines);
        let titles: Vec<&str> = rows
            .filter_map(|line| match line {
                Line::Row { title, .. } => Some(title.as_str()),
                Line::Answer { .. } => None,
            })
            .collect();
        assert_eq!(titles, ["Sùng A Dơ"]);
        let path = format!("members/{HOUSEHOLD}/sex");
        assert!(path_label(form, &data, &path).starts_with("Sùng A Dơ – "));
        assert_eq!(path_words(form, &path, &Value::Null, &Nobody), "để trống");
    }

    #[test]
    fn what_the_review_wrote_has_words() {
        let form = Catalog::builtin().form("household").unwrap();
        assert_eq!(
            path_words(form, "review/state", &json!("approved"), &Nobody),
            "Đã duyệt"
        );
        assert_eq!(path_label(form, &Value::Null, "review/comment"), "Ý kiến duyệt");
        let changes = json!({ "$kind": "household", "village_id": "u" });
        assert_eq!(written(&changes).count(), 1);
    }
}
