//! May a new version of a form follow the one that phones still hold?
//!
//! Errors say that records of both versions could not live side by side: ids would differ, or
//! values would be of another kind. Warnings say that something is no longer seen. Adding fields,
//! choices and lists, and changing words, is always allowed.

use crate::finding::{Finding, Severity, code};
use crate::form::{Field, FieldKind, Form, Item};

/// Compares a version with the one before it. No errors among the findings: it may follow.
#[must_use]
pub fn compare(old: &Form, new: &Form) -> Vec<Finding> {
    let mut findings = Vec::new();
    settings(old, new, &mut findings);
    for before in old.items() {
        let path = before.schema_path.as_str();
        match (before.field(), new.by_schema_path(path)) {
            (Some(field), Some(after)) => match after.field() {
                Some(after) => fields(path, field, after, &mut findings),
                None => kind_changed(path, before, after, &mut findings),
            },
            (Some(field), None) if field.kind.takes_answer() => {
                let params = [("field", path)];
                findings.push(Finding::new(
                    path,
                    code::FIELD_REMOVED,
                    Severity::Warning,
                    &params,
                ));
            }
            (None, Some(after)) if is_repeat(before) != is_repeat(after) => {
                kind_changed(path, before, after, &mut findings);
            }
            (None, None) if is_repeat(before) => {
                let params = [("field", path)];
                findings.push(Finding::new(
                    path,
                    code::FIELD_REMOVED,
                    Severity::Warning,
                    &params,
                ));
            }
            _ => {}
        }
    }
    findings
}

/// True when nothing among the findings forbids the new version.
#[must_use]
pub fn may_follow(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.severity < Severity::Error)
}

fn settings(old: &Form, new: &Form, findings: &mut Vec<Finding>) {
    let mut add = |path: &str, code, severity, before: &str| {
        findings.push(Finding::new(path, code, severity, &[("before", before)]));
    };
    if old.form_id() != new.form_id() {
        add(
            "settings/form_id",
            code::FORM_ID_CHANGED,
            Severity::Error,
            old.form_id(),
        );
    }
    if new.version() <= old.version() {
        let before = old.version().to_string();
        add(
            "settings/version",
            code::VERSION_NOT_NEWER,
            Severity::Error,
            &before,
        );
    }
    let (before, after) = (&old.settings, &new.settings);
    if before.strong_key != after.strong_key {
        add("settings/strong_key", code::KEY_CHANGED, Severity::Error, "");
    }
    if before.weak_keys != after.weak_keys {
        add("settings/weak_keys", code::KEY_CHANGED, Severity::Info, "");
    }
    if before.unit != after.unit || before.embedded_in != after.embedded_in {
        add("settings/unit", code::SCOPE_CHANGED, Severity::Error, "");
    }
    if before.shared != after.shared {
        add("settings/shared", code::SCOPE_CHANGED, Severity::Warning, "");
    }
}

fn is_repeat(item: &Item) -> bool {
    item.section().is_some_and(|section| section.is_repeat())
}

fn kind_changed(path: &str, before: &Item, after: &Item, findings: &mut Vec<Finding>) {
    let word = |item: &Item| match (item.field(), is_repeat(item)) {
        (Some(field), _) => field.kind.type_name(),
        (None, true) => "begin_repeat".to_owned(),
        (None, false) => "begin_group".to_owned(),
    };
    let (before, after) = (word(before), word(after));
    let params = [("before", before.as_str()), ("after", after.as_str())];
    findings.push(Finding::new(path, code::TYPE_CHANGED, Severity::Error, &params));
}

fn fields(path: &str, before: &Field, after: &Field, findings: &mut Vec<Finding>) {
    let mut add = |code, severity, params: &[(&str, &str)]| {
        findings.push(Finding::new(path, code, severity, params));
    };
    if !same_storage(&before.kind, &after.kind) {
        let severity = if widens(&before.kind, &after.kind) {
            Severity::Warning
        } else {
            Severity::Error
        };
        let (old, new) = (before.kind.type_name(), after.kind.type_name());
        add(code::TYPE_CHANGED, severity, &[("before", &old), ("after", &new)]);
    }
    let choices = before.choices.iter().flat_map(|list| &list.choices);
    for choice in choices.filter(|_| after.choices.is_some()) {
        if !after.has_choice(&choice.name) {
            add(
                code::CHOICE_REMOVED,
                Severity::Warning,
                &[("choice", &choice.name)],
            );
        }
    }
    if before.writer != after.writer {
        add(code::WRITER_CHANGED, Severity::Error, &[]);
    }
    if before.required.is_none() && after.required.is_some() {
        add(code::BECAME_REQUIRED, Severity::Info, &[]);
    }
}

/// True when both kinds store the same values; the name of a choice list is of no matter.
fn same_storage(before: &FieldKind, after: &FieldKind) -> bool {
    use FieldKind::{Integer, Money, SelectMultiple, SelectOne};
    match (before, after) {
        (SelectOne(_), SelectOne(_)) | (SelectMultiple(_), SelectMultiple(_)) => true,
        (Integer | Money, Integer | Money) => true,
        (before, after) => before == after,
    }
}

/// True when every value of the old kind is one of the new.
fn widens(before: &FieldKind, after: &FieldKind) -> bool {
    use FieldKind::{Calculate, Decimal, Hidden, Integer, Money, Note, Reference, SelectOne, Text};
    matches!(
        (before, after),
        (Integer | Money, Decimal)
            | (SelectOne(_) | Reference(_), Text)
            | (Text, Hidden)
            | (Calculate | Note, _)
    )
}
