//! What is wrong with the answers: one look at every visible question of every row, then at the
//! answers nobody asked for.

use crate::eval::kind::{expected, fits, ticked};
use crate::eval::state::State;
use crate::expr::Value;
use crate::finding::{Finding, Severity, code};
use crate::form::limits::TEXT_CHARS_MAX;
use crate::form::{Body, Field, FieldKind, Label, Section, Target};
use crate::message;
use crate::path::{PathClass, path_class};
use crate::person::{Sex, check_id_number};
use crate::value::Scalar;

/// The appearance of a field that holds a personal ID number.
const ID_NUMBER: &str = "id_number";

/// All findings of a worked-out state, in document order, then the unasked answers in path order.
pub(crate) fn check(state: &State) -> Vec<Finding> {
    let mut findings = Vec::new();
    for item in state.form.items() {
        for (prefix, _) in state.instances[item.scope].iter() {
            let path = format!("{prefix}{}", item.name());
            if !state.visible.contains(&path) {
                continue;
            }
            let place = Place {
                state,
                scope: item.scope,
                prefix,
                path: &path,
            };
            match &item.body {
                Body::Field(field) => place.field(field, &mut findings),
                Body::Section(section) => place.section(section, &mut findings),
            }
        }
    }
    unasked(state, &mut findings);
    if state.is_exhausted() {
        findings.push(Finding::new("", code::TOO_COMPLEX, Severity::Warning, &[]));
    }
    findings
}

/// One question in one row.
struct Place<'p, 'a> {
    state: &'p State<'a>,
    scope: usize,
    prefix: &'p str,
    path: &'p str,
}

impl Place<'_, '_> {
    fn field(&self, field: &Field, findings: &mut Vec<Finding>) {
        let answer = self.state.answer(field, self.path);
        if answer.is_blank() {
            let required = field.required.as_ref();
            if field.kind.takes_answer()
                && required.is_some_and(|expr| self.state.holds(expr, self.scope, self.prefix, Value::Blank))
            {
                findings.push(self.required(&field.label));
            }
            // A value of the wrong kind may read as blank and must still be mentioned.
            self.kind(field, findings);
            return;
        }
        if !self.kind(field, findings) {
            return;
        }
        self.choices(field, findings);
        if let Some(constraint) = &field.constraint
            && !self.state.holds(constraint, self.scope, self.prefix, answer)
        {
            findings.push(self.constraint(&field.label, &field.constraint_message, field.severity));
        }
        if field.appearance.as_deref() == Some(ID_NUMBER) {
            self.id_number(field, findings);
        }
    }

    /// What a personal ID says against the sex and birth of the same row: warnings, never a stop,
    /// because the paper may be right and the memory wrong (domain §5).
    fn id_number(&self, field: &Field, findings: &mut Vec<Finding>) {
        let beside = |name: &str| self.state.answers.get(&format!("{}{name}", self.prefix));
        let text = |name: &str| beside(name).and_then(Scalar::as_text);
        let year = match beside("birth_year") {
            Some(Scalar::Int(year)) => i16::try_from(*year).ok(),
            _ => text("birth_date").and_then(|date| date.get(..4)?.parse().ok()),
        };
        let number = self.state.answers.get(self.path).and_then(Scalar::as_text);
        for issue in check_id_number(number.unwrap_or_default(), text("sex").and_then(Sex::parse), year) {
            // That it has twelve digits is the form's own constraint.
            if !issue.is_error() {
                findings.push(self.finding(issue.code(), Severity::Warning, &field.label, &[]));
            }
        }
    }

    fn section(&self, section: &Section, findings: &mut Vec<Finding>) {
        if !section.is_repeat() {
            return;
        }
        let rows = self.state.rows.of_repeat(self.path);
        let required = section.required.as_ref();
        if rows.is_empty() {
            if required.is_some_and(|expr| self.state.holds(expr, self.scope, self.prefix, Value::Blank)) {
                findings.push(self.required(&section.label));
            }
            return;
        }
        let this = self.state.named(&section.name, self.scope, self.prefix);
        if let Some(constraint) = &section.constraint
            && !self.state.holds(constraint, self.scope, self.prefix, this)
        {
            findings.push(self.constraint(&section.label, &section.constraint_message, Severity::Error));
        }
    }

    fn required(&self, label: &Label) -> Finding {
        self.finding(code::REQUIRED, Severity::Error, label, &[])
    }

    fn constraint(&self, label: &Label, message: &Label, severity: Severity) -> Finding {
        let mut finding = self.finding(code::CONSTRAINT, severity, label, &[]);
        for (language, text) in message.iter() {
            finding.message.insert(language, text);
        }
        finding
    }

    /// Checks the kind of what is stored; true when it is as it should be.
    fn kind(&self, field: &Field, findings: &mut Vec<Finding>) -> bool {
        let stored = self.state.answers.get(self.path);
        let fit = match (stored, &field.kind) {
            (None, _) => true,
            // Calculations may be stored by an older form in which somebody answered.
            (Some(_), FieldKind::Calculate) => true,
            (Some(value), FieldKind::SelectMultiple(_)) => *value == Scalar::Null,
            (Some(value), kind) => value.is_blank() || fits(kind, value),
        };
        if !fit {
            findings.push(self.wrong_type(field));
        }
        let long = stored
            .and_then(Scalar::as_text)
            .map_or(0, |text| text.chars().count());
        if long > TEXT_CHARS_MAX {
            let limit = TEXT_CHARS_MAX.to_string();
            findings.push(self.finding(
                code::TOO_LONG,
                Severity::Error,
                &field.label,
                &[("limit", &limit)],
            ));
        }
        fit
    }

    fn wrong_type(&self, field: &Field) -> Finding {
        let mut finding = self.finding(code::WRONG_TYPE, Severity::Error, &field.label, &[]);
        for language in message::LANGUAGES {
            let expected = message::text(language, expected(&field.kind), &[]);
            let params = [
                ("label", self.name(&field.label, language)),
                ("expected", &expected),
            ];
            finding
                .message
                .insert(language, &message::text(language, code::WRONG_TYPE, &params));
        }
        finding
    }

    fn choices(&self, field: &Field, findings: &mut Vec<Finding>) {
        let Some(list) = &field.choices else { return };
        let chosen = match &field.kind {
            FieldKind::SelectMultiple(_) => ticked(self.state.answers, field, self.path),
            _ => {
                let stored = self.state.answers.get(self.path);
                stored.and_then(Scalar::as_text).into_iter().collect()
            }
        };
        for name in chosen {
            let code = match list.get(name) {
                None => code::UNKNOWN_CHOICE,
                Some(choice) if self.state.offers(field, choice, self.scope, self.prefix) => continue,
                Some(_) => code::CHOICE_NOT_OFFERED,
            };
            findings.push(self.finding(code, Severity::Error, &field.label, &[("choice", name)]));
        }
    }

    fn finding(
        &self,
        code: &'static str,
        severity: Severity,
        label: &Label,
        params: &[(&str, &str)],
    ) -> Finding {
        let mut finding = Finding {
            path: self.path.to_owned(),
            code: code.to_owned(),
            severity,
            message: Label::default(),
        };
        for language in message::LANGUAGES {
            let mut all = vec![("label", self.name(label, language))];
            all.extend(params);
            finding
                .message
                .insert(language, &message::text(language, code, &all));
        }
        finding
    }

    /// The question's words; its path when it has none.
    fn name<'s>(&'s self, label: &'s Label, language: &str) -> &'s str {
        if label.is_empty() {
            self.path
        } else {
            label.get(language)
        }
    }
}

/// Answers to questions that are not asked, and paths that the form does not know.
fn unasked(state: &State, findings: &mut Vec<Finding>) {
    for (path, value) in state.answers {
        if path_class(path) != PathClass::Field || value.is_blank() {
            continue;
        }
        let Some(resolved) = state.form.resolve(path) else {
            let params = [("field", path.as_str())];
            findings.push(Finding::new(path, code::UNKNOWN_FIELD, Severity::Info, &params));
            continue;
        };
        let asked_at = match resolved.target {
            Target::Removed(_) => continue,
            Target::Option(_, _) if *value != Scalar::Bool(true) => continue,
            Target::Option(_, option) => &path[..path.len() - option.len() - 1],
            Target::Field(_) => path,
        };
        // What stands in a row that was taken out is neither asked nor worth a word.
        let scope = state.form.item(resolved.item).scope;
        let row_is_there = state.row(scope, resolved.prefix).is_some();
        let calculated = resolved.field().is_some_and(|field| !field.kind.takes_answer());
        if row_is_there && !calculated && !state.visible.contains(asked_at) {
            let place = Place {
                state,
                scope,
                prefix: resolved.prefix,
                path: asked_at,
            };
            let label = resolved
                .field()
                .map(|field| field.label.clone())
                .unwrap_or_default();
            let finding = place.finding(code::ANSWER_HIDDEN, Severity::Info, &label, &[]);
            if findings.last() != Some(&finding) {
                findings.push(finding);
            }
        }
    }
}
