//! What is wrong with a form as a whole. The authors of forms read this, so every finding says
//! which row and which column.

mod cycle;

use std::collections::BTreeSet;

use crate::expr::Expr;
use crate::finding::{Finding, Severity, code};
use crate::form::{
    Body, Choice, Field, FieldKind, Form, Found, Item, KeyForm, Label, Prefill, Section, Writer,
};

/// Languages that every form must have.
const REQUIRED_LANGUAGES: [&str; 2] = ["vi", "en"];

/// Looks at a whole form. Of a form whose records live inside another's (`embedded_in`), names
/// that only the other form has are not dangling; the catalogue looks at the two together.
#[must_use]
pub fn lint(form: &Form) -> Vec<Finding> {
    let mut lint = Lint {
        form,
        findings: Vec::new(),
    };
    lint.settings();
    for item in form.items() {
        lint.names(item);
        match &item.body {
            Body::Field(field) => lint.field(item, field),
            Body::Section(section) => lint.section(item, section),
        }
    }
    lint.findings.extend(cycle::cycles(form));
    lint.lists();
    lint.findings
}

struct Lint<'a> {
    form: &'a Form,
    findings: Vec<Finding>,
}

impl<'a> Lint<'a> {
    fn error(&mut self, path: &str, code: &'static str, params: &[(&str, &str)]) {
        self.findings
            .push(Finding::new(path, code, Severity::Error, params));
    }

    fn warning(&mut self, path: &str, code: &'static str, params: &[(&str, &str)]) {
        self.findings
            .push(Finding::new(path, code, Severity::Warning, params));
    }

    fn settings(&mut self) {
        let settings = &self.form.settings;
        self.words("settings/title", self.form.form_id(), &self.form.title, true);
        match &settings.unit {
            Some(unit) => match self.form.field(unit).map(|field| &field.kind) {
                Some(FieldKind::Reference(_) | FieldKind::Text | FieldKind::Hidden) => {
                    self.reviewer_use(unit, "unit");
                }
                _ => self.error("settings/unit", code::UNIT_FIELD, &[("detail", unit)]),
            },
            None if settings.embedded_in.is_none() => {
                self.error("settings/unit", code::UNIT_FIELD, &[("detail", "unit")]);
            }
            None => {}
        }
        if let Some(title) = &settings.title_field
            && self.form.field(title).is_none()
        {
            self.error(
                "settings/title_field",
                code::DANGLING_NAME,
                &[("column", "title_field"), ("name", title)],
            );
        }
        for (name, keys) in [
            ("strong_key", &settings.strong_key),
            ("weak_keys", &settings.weak_keys),
        ] {
            for (place, part) in keys.iter().flat_map(|parts| parts.iter().rev().enumerate()) {
                let weak = name == "weak_keys";
                // A name that is only near stands last; an id is made of one answer, and never of a likeness.
                let fits = match part.form {
                    KeyForm::Near => weak && place == 0,
                    _ => weak || part.others.is_empty(),
                };
                for field in part.fields() {
                    self.key_field(name, field, fits && (weak || !field.contains('/')));
                }
            }
        }
    }

    fn key_field(&mut self, name: &str, path: &str, fits: bool) {
        // Rows of another form are there only once the forms are put together.
        let rows = |repeat: &str| {
            let section = self.form.by_schema_path(repeat).and_then(Item::section);
            section.is_some_and(|section| section.row_form().is_some() && section.children.is_empty())
        };
        match self.form.by_schema_path(path).and_then(Item::field) {
            Some(field) if fits && !field.kind.is_multiple() && field.kind != FieldKind::Note => {
                self.reviewer_use(path, name);
            }
            None if fits && path.rsplit_once('/').is_some_and(|(repeat, _)| rows(repeat)) => {}
            _ => self.error(
                &format!("settings/{name}"),
                code::UNKNOWN_KEY_FIELD,
                &[("field", path)],
            ),
        }
    }

    /// What whoever fills the form must give cannot be a field that only reviewers write.
    fn reviewer_use(&mut self, name: &str, used_as: &str) {
        if self
            .form
            .field(name)
            .is_some_and(|field| field.writer == Writer::Reviewer)
        {
            self.error(name, code::REVIEWER_FIELD, &[("use", used_as)]);
        }
    }

    fn field(&mut self, item: &Item, field: &Field) {
        let path = &item.schema_path;
        let silent = matches!(field.kind, FieldKind::Calculate | FieldKind::Hidden);
        self.words(path, &field.name, &field.label, !silent);
        self.words(path, &field.name, &field.hint, false);
        self.words(path, &field.name, &field.constraint_message, false);
        if field.constraint.is_some() && field.constraint_message.is_empty() {
            self.warning(path, code::MISSING_MESSAGE, &[]);
        }
        if field.kind == FieldKind::Calculate && field.calculation.is_none() {
            self.error(path, code::MISSING_CALCULATION, &[]);
        }
        let always = field
            .required
            .as_ref()
            .is_some_and(|expr| expr.source() == "true()");
        if field.writer == Writer::Reviewer && always {
            self.error(path, code::REVIEWER_FIELD, &[("use", "required")]);
        }
        self.prefill(item, field);
        self.choice_columns(path, field);
    }

    fn section(&mut self, item: &Item, section: &Section) {
        self.words(
            &item.schema_path,
            &section.name,
            &section.label,
            section.is_repeat(),
        );
        if section.row_form().is_some_and(|_| section.children.is_empty()) {
            let form = section.row_form().unwrap_or_default().to_owned();
            self.warning(&item.schema_path, code::UNKNOWN_FORM, &[("form", &form)]);
        }
    }

    /// Labels must be there in every required language, or, where optional, in all or none.
    fn words(&mut self, path: &str, name: &str, label: &Label, required: bool) {
        if label.is_empty() && !required {
            return;
        }
        for language in REQUIRED_LANGUAGES {
            if !label.has(language) {
                self.error(
                    path,
                    code::MISSING_LABEL,
                    &[("language", language), ("name", name)],
                );
            }
        }
    }

    fn prefill(&mut self, item: &Item, field: &Field) {
        let (from, reference) = match &field.prefill {
            Some(Prefill::FromRecord { field, .. }) => (field, true),
            Some(Prefill::CommuneOf(field)) => (field, false),
            _ => return,
        };
        let source = self.form.field(from).map(|field| &field.kind);
        let usable = match source {
            Some(FieldKind::Reference(_)) => true,
            Some(_) => !reference,
            None => false,
        };
        if !usable {
            self.error(&item.schema_path, code::INVALID_PREFILL, &[("prefill", from)]);
        }
    }

    /// Bare words are for choice filters, and must be columns there.
    fn choice_columns(&mut self, path: &str, field: &Field) {
        let has = |choice: &Choice, name: &str| name == "name" || choice.extra.contains_key(name);
        let known = |name: &str| {
            let list = field.choices.as_ref();
            list.is_some_and(|list| list.choices.iter().any(|choice| has(choice, name)))
        };
        for (column, expr) in expressions_of_field(field) {
            for name in expr.columns() {
                if column != "choice_filter" || !known(name) {
                    self.error(
                        path,
                        code::UNKNOWN_COLUMN_NAME,
                        &[("column", column), ("name", name)],
                    );
                }
            }
        }
    }

    /// Every `${name}` must mean something that has a value.
    fn names(&mut self, item: &'a Item) {
        let embedded = self.form.settings.embedded_in.is_some();
        for (column, expr) in expressions(item) {
            let mut found = Vec::new();
            self.form
                .walk_names(expr, item.scope, &mut |name, target| found.push((name, target)));
            for (name, target) in found {
                let params = [("column", column), ("name", name)];
                match target {
                    None if embedded => {}
                    None => self.error(&item.schema_path, code::DANGLING_NAME, &params),
                    Some(Found::Here { item: id, .. } | Found::Below { item: id, .. }) => {
                        let target = self.form.item(id).section();
                        if target.is_some_and(|section| !section.is_repeat()) {
                            self.error(&item.schema_path, code::NAME_IS_GROUP, &params);
                        }
                    }
                }
            }
            for name in expr.lookups() {
                let Some(Found::Here { item: id, .. }) = self.form.find(item.scope, name) else {
                    continue;
                };
                let kind = self.form.item(id).field().map(|field| &field.kind);
                if !matches!(kind, Some(FieldKind::Reference(_))) {
                    let params = [("column", column), ("name", name)];
                    self.error(&item.schema_path, code::NOT_A_REFERENCE, &params);
                }
            }
        }
    }

    fn lists(&mut self) {
        let used: BTreeSet<&str> = self
            .form
            .fields()
            .filter_map(|(_, field)| field.kind.list())
            .collect();
        for (name, list) in self.form.lists() {
            let path = format!("choices/{name}");
            if !used.contains(name.as_str()) {
                self.warning(&path, code::UNUSED_CHOICE_LIST, &[("list", name)]);
            }
            for choice in &list.choices {
                self.words(&path, &choice.name, &choice.label, true);
            }
        }
    }
}

fn expressions_of_field(field: &Field) -> impl Iterator<Item = (&'static str, &Expr)> {
    let all = [
        ("required", &field.required),
        ("relevant", &field.relevant),
        ("constraint", &field.constraint),
        ("calculation", &field.calculation),
        ("choice_filter", &field.choice_filter),
    ];
    all.into_iter()
        .filter_map(|(column, expr)| Some((column, expr.as_ref()?)))
}

fn expressions(item: &Item) -> Vec<(&'static str, &Expr)> {
    match &item.body {
        Body::Field(field) => expressions_of_field(field).collect(),
        Body::Section(section) => {
            let all = [
                ("relevant", &section.relevant),
                ("required", &section.required),
                ("constraint", &section.constraint),
            ];
            all.into_iter()
                .filter_map(|(column, expr)| Some((column, expr.as_ref()?)))
                .collect()
        }
    }
}
