//! The rows of `survey`, nested by their begins and ends.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{error, row};
use crate::finding::{Finding, code};
use crate::form::limits::{REPEAT_DEPTH_MAX, SECTION_DEPTH_MAX};
use crate::form::{ChoiceList, Draft, Section};
use crate::id::is_name;

/// A section whose end has not come yet.
struct Open {
    section: Section,
    inside: Vec<Draft>,
    /// Names seen in the scope that the section opens; groups share the one around them.
    names: Option<BTreeSet<String>>,
}

/// Nests the rows. An end too many is dropped, a missing end is taken as the end of the form, a
/// row without a usable name is dropped; each is a finding.
pub(super) fn tree(
    rows: &[&Value],
    lists: &BTreeMap<String, Arc<ChoiceList>>,
    findings: &mut Vec<Finding>,
) -> Vec<Draft> {
    let mut builder = Builder {
        roots: Vec::new(),
        names: BTreeSet::new(),
        open: Vec::new(),
        findings,
    };
    for (at, value) in rows.iter().enumerate() {
        let Some(object) = value.as_object() else {
            let path = format!("survey/{}", at + 1);
            builder
                .findings
                .push(error(&path, code::UNKNOWN_TYPE, &[("type", &value.to_string())]));
            continue;
        };
        builder.row(at, object, lists);
    }
    while let Some(open) = builder.open.last() {
        let name = open.section.name.clone();
        builder
            .findings
            .push(error(&name, code::UNBALANCED_SECTION, &[("name", &name)]));
        builder.close();
    }
    builder.roots
}

struct Builder<'f> {
    roots: Vec<Draft>,
    names: BTreeSet<String>,
    open: Vec<Open>,
    findings: &'f mut Vec<Finding>,
}

impl Builder<'_> {
    fn row(&mut self, at: usize, object: &Map<String, Value>, lists: &BTreeMap<String, Arc<ChoiceList>>) {
        let kind = object
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .trim();
        match kind {
            "begin_group" | "begin group" => self.begin(at, object, false),
            "begin_repeat" | "begin repeat" => self.begin(at, object, true),
            "end_group" | "end group" => self.end(at, false),
            "end_repeat" | "end repeat" => self.end(at, true),
            _ => {
                let Some(name) = self.name(at, object) else { return };
                let path = self.path(&name);
                if let Some(field) = row::field(&name, kind, object, lists, &path, self.findings) {
                    self.push(Draft::Field(Box::new(field)));
                }
            }
        }
    }

    /// The row's name, when it can be used and is free in its scope.
    fn name(&mut self, at: usize, object: &Map<String, Value>) -> Option<String> {
        let name = object
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .trim();
        // `id` is what a row's UUID is called in nested data, `review` begins the reviewer's paths.
        let reserved = matches!(name, "id" | "review");
        if !is_name(name) || reserved {
            let path = format!("survey/{}", at + 1);
            self.findings
                .push(error(&path, code::INVALID_NAME, &[("name", name)]));
            return None;
        }
        let names = self.open.iter_mut().rev().find_map(|open| open.names.as_mut());
        if !names.unwrap_or(&mut self.names).insert(name.to_owned()) {
            let path = self.path(name);
            self.findings
                .push(error(&path, code::DUPLICATE_NAME, &[("name", name)]));
            return None;
        }
        Some(name.to_owned())
    }

    fn path(&self, name: &str) -> String {
        let repeats = self.open.iter().filter(|open| open.section.is_repeat());
        let mut path: String = repeats.map(|open| format!("{}/", open.section.name)).collect();
        path.push_str(name);
        path
    }

    fn begin(&mut self, at: usize, object: &Map<String, Value>, repeat: bool) {
        let repeats = self.open.iter().filter(|open| open.section.is_repeat()).count();
        let deep = self.open.len() >= SECTION_DEPTH_MAX || (repeat && repeats >= REPEAT_DEPTH_MAX);
        // A section without a usable name still holds its rows together, under a name of its own.
        let name = self
            .name(at, object)
            .unwrap_or_else(|| format!("_section_{}", at + 1));
        let path = self.path(&name);
        if deep {
            let detail = format!("depth {}", self.open.len() + 1);
            self.findings
                .push(error(&path, code::FORM_TOO_LARGE, &[("detail", &detail)]));
        }
        let section = row::section(&name, repeat && !deep, object, &path, self.findings);
        let names = section.is_repeat().then(BTreeSet::new);
        self.open.push(Open {
            section,
            inside: Vec::new(),
            names,
        });
    }

    fn end(&mut self, at: usize, repeat: bool) {
        let matching = self.open.last().map(|open| open.section.is_repeat());
        if matching.is_none() {
            let path = format!("survey/{}", at + 1);
            self.findings
                .push(error(&path, code::UNBALANCED_SECTION, &[("name", "")]));
            return;
        }
        // Sections beyond the depth bound are groups whatever they were begun as.
        if matching != Some(repeat) && self.open.len() <= REPEAT_DEPTH_MAX {
            let name = self
                .open
                .last()
                .map(|open| open.section.name.clone())
                .unwrap_or_default();
            self.findings
                .push(error(&name, code::UNBALANCED_SECTION, &[("name", &name)]));
        }
        self.close();
    }

    fn close(&mut self) {
        if let Some(open) = self.open.pop() {
            self.push(Draft::Section(Box::new(open.section), open.inside));
        }
    }

    fn push(&mut self, draft: Draft) {
        match self.open.last_mut() {
            Some(open) => open.inside.push(draft),
            None => self.roots.push(draft),
        }
    }
}
