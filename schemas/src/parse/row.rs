//! One row of `survey`: its type and its columns.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{error, label};
use crate::expr::Expr;
use crate::finding::{Finding, Severity, code};
use crate::form::{
    ChoiceList, ConflictRule, Field, FieldKey, FieldKind, Pii, Prefill, Section, SectionKind, Writer,
};
use crate::id::is_name;
use crate::value::Scalar;

const FIELD_COLUMNS: [&str; 18] = [
    "type",
    "name",
    "label",
    "hint",
    "required",
    "relevant",
    "constraint",
    "constraint_message",
    "severity",
    "calculation",
    "choice_filter",
    "prefill",
    "pii",
    "conflict",
    "key",
    "writer",
    "appearance",
    "comment",
];
const SECTION_COLUMNS: [&str; 11] = [
    "type",
    "name",
    "form",
    "label",
    "hint",
    "required",
    "relevant",
    "constraint",
    "constraint_message",
    "appearance",
    "comment",
];

/// Reads the columns of one row, keeping findings under its path.
struct Columns<'a> {
    object: &'a Map<String, Value>,
    path: &'a str,
    findings: &'a mut Vec<Finding>,
}

/// A field; `None`, with a finding, when its type is not one.
pub(super) fn field(
    name: &str,
    kind: &str,
    object: &Map<String, Value>,
    lists: &BTreeMap<String, Arc<ChoiceList>>,
    path: &str,
    findings: &mut Vec<Finding>,
) -> Option<Field> {
    let mut columns = Columns {
        object,
        path,
        findings,
    };
    let Some(kind) = field_kind(kind) else {
        columns.report(code::UNKNOWN_TYPE, &[("type", kind)]);
        return None;
    };
    columns.known(&FIELD_COLUMNS);
    let mut field = Field::new(name, kind);
    if let Some(list) = field.kind.list() {
        match lists.get(list) {
            Some(found) => field.choices = Some(Arc::clone(found)),
            None => columns.report(code::UNKNOWN_CHOICE_LIST, &[("list", list)]),
        }
    }
    field.label = columns.label("label");
    field.hint = columns.label("hint");
    field.required = columns.expr("required");
    field.relevant = columns.expr("relevant");
    field.constraint = columns.expr("constraint");
    field.constraint_message = columns.label("constraint_message");
    field.calculation = columns.expr("calculation");
    field.choice_filter = columns.expr("choice_filter");
    field.prefill = columns.prefill(&field.kind);
    field.appearance = columns.text("appearance").map(str::to_owned);
    field.severity = columns.word("severity", &SEVERITIES).unwrap_or_default();
    field.pii = columns.word("pii", &PIIS).unwrap_or_default();
    field.conflict = columns.word("conflict", &CONFLICTS).unwrap_or_default();
    field.key = columns.word("key", &KEYS);
    field.writer = columns.word("writer", &WRITERS).unwrap_or_default();
    Some(field)
}

/// A group or repeat.
pub(super) fn section(
    name: &str,
    repeat: bool,
    object: &Map<String, Value>,
    path: &str,
    findings: &mut Vec<Finding>,
) -> Section {
    let mut columns = Columns {
        object,
        path,
        findings,
    };
    columns.known(&SECTION_COLUMNS);
    let form = columns.text("form").map(str::to_owned);
    let kind = if repeat {
        SectionKind::Repeat { form }
    } else {
        SectionKind::Group
    };
    let mut section = Section::new(name, kind);
    section.label = columns.label("label");
    section.hint = columns.label("hint");
    section.relevant = columns.expr("relevant");
    section.required = columns.expr("required");
    section.constraint = columns.expr("constraint");
    section.constraint_message = columns.label("constraint_message");
    section
}

const SEVERITIES: [(&str, Severity); 3] = [
    ("error", Severity::Error),
    ("warning", Severity::Warning),
    ("info", Severity::Info),
];
const PIIS: [(&str, Pii); 3] = [
    ("none", Pii::None),
    ("basic", Pii::Basic),
    ("sensitive", Pii::Sensitive),
];
const CONFLICTS: [(&str, ConflictRule); 2] = [("auto", ConflictRule::Auto), ("review", ConflictRule::Review)];
const KEYS: [(&str, FieldKey); 2] = [("strong", FieldKey::Strong), ("weak", FieldKey::Weak)];
const WRITERS: [(&str, Writer); 2] = [("field", Writer::Field), ("reviewer", Writer::Reviewer)];

impl<'a> Columns<'a> {
    fn report(&mut self, code: &'static str, params: &[(&str, &str)]) {
        self.findings.push(error(self.path, code, params));
    }

    /// Mentions columns that mean nothing: most are misspelt.
    fn known(&mut self, known: &[&str]) {
        for column in self
            .object
            .keys()
            .filter(|column| !known.contains(&column.as_str()))
        {
            let params = [("column", column.as_str())];
            self.findings.push(Finding::new(
                self.path,
                code::UNKNOWN_COLUMN,
                Severity::Warning,
                &params,
            ));
        }
    }

    fn text(&self, column: &str) -> Option<&'a str> {
        let text = self.object.get(column)?.as_str()?.trim();
        (!text.is_empty()).then_some(text)
    }

    fn label(&mut self, column: &str) -> crate::form::Label {
        label(self.object.get(column), self.path, self.findings)
    }

    /// An expression. `true`, `yes` and `no` are what XLSForm sheets hold in `required`.
    fn expr(&mut self, column: &str) -> Option<Expr> {
        let source = match self.object.get(column)? {
            Value::Bool(true) => "true()",
            Value::Bool(false) | Value::Null => return None,
            Value::String(text) => match text.trim() {
                "" | "no" => return None,
                "yes" => "true()",
                text => text,
            },
            other => {
                let detail = other.to_string();
                self.report(code::INVALID_SETTING, &[("column", column), ("detail", &detail)]);
                return None;
            }
        };
        match Expr::parse(source) {
            Ok(expr) => Some(expr),
            Err(problem) => {
                let position = problem.position.to_string();
                let params = [
                    ("column", column),
                    ("position", &position),
                    ("reason", problem.reason),
                ];
                self.report(code::EXPRESSION_SYNTAX, &params);
                None
            }
        }
    }

    fn word<T: Copy>(&mut self, column: &str, words: &[(&str, T)]) -> Option<T> {
        let value = self.object.get(column).filter(|value| !value.is_null())?;
        let text = value.as_str().unwrap_or_default();
        let found = words.iter().find(|(word, _)| *word == text);
        if found.is_none() && !text.is_empty() {
            self.report(code::INVALID_SETTING, &[("column", column), ("detail", text)]);
        }
        found.map(|(_, value)| *value)
    }

    fn prefill(&mut self, kind: &FieldKind) -> Option<Prefill> {
        let text = self.text("prefill")?;
        let found = prefill(text, kind);
        if found.is_none() {
            self.report(code::INVALID_PREFILL, &[("prefill", text)]);
        }
        found
    }
}

/// The kind of a field's `type`.
fn field_kind(text: &str) -> Option<FieldKind> {
    let mut words = text.split_whitespace();
    let word = words.next()?;
    let argument = words.next();
    if words.next().is_some() {
        return None;
    }
    let named = |make: fn(String) -> FieldKind| argument.filter(|a| is_name(a)).map(|a| make(a.to_owned()));
    match word {
        "select_one" => return named(FieldKind::SelectOne),
        "select_multiple" => return named(FieldKind::SelectMultiple),
        "reference" => return named(FieldKind::Reference),
        _ if argument.is_some() => return None,
        _ => {}
    }
    Some(match word {
        "text" => FieldKind::Text,
        "integer" => FieldKind::Integer,
        "decimal" => FieldKind::Decimal,
        "boolean" => FieldKind::Boolean,
        "date" => FieldKind::Date,
        "dateTime" => FieldKind::DateTime,
        "geopoint" => FieldKind::Geopoint,
        "image" => FieldKind::Image,
        "file" => FieldKind::File,
        "calculate" => FieldKind::Calculate,
        "note" => FieldKind::Note,
        "hidden" => FieldKind::Hidden,
        "money" => FieldKind::Money,
        _ => return None,
    })
}

fn prefill(text: &str, kind: &FieldKind) -> Option<Prefill> {
    let quoted = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    if let Some(literal) = quoted('\'').or_else(|| quoted('"')) {
        return Some(Prefill::Literal(match kind {
            FieldKind::Boolean => Scalar::Bool(literal.parse().ok()?),
            FieldKind::Integer | FieldKind::Money => Scalar::Int(literal.parse().ok()?),
            FieldKind::Decimal => Scalar::Decimal(crate::expr::decimal(literal)?),
            _ => Scalar::Text(crate::text::clean(literal)),
        }));
    }
    if let Some(inner) = text
        .strip_prefix("commune_of(")
        .and_then(|rest| rest.strip_suffix(')'))
    {
        return is_name(inner.trim()).then(|| Prefill::CommuneOf(inner.trim().to_owned()));
    }
    match text {
        "user()" => return Some(Prefill::User),
        "now()" => return Some(Prefill::Now),
        "today()" => return Some(Prefill::Today),
        _ => {}
    }
    let (field, path) = text.split_once('.')?;
    let is_path = path
        .split('/')
        .all(|part| is_name(part) || crate::id::is_code(part));
    (is_name(field) && is_path).then(|| Prefill::FromRecord {
        field: field.to_owned(),
        path: path.to_owned(),
    })
}
