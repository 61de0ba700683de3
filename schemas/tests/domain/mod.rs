//! The built-in forms against the domain page: which fields, which words, which rules, and that
//! forms, units, plan and poverty rules say the same thing.

mod consistency;
mod doubles;
mod fields;
mod keys;
mod members;
mod visits;

use schemas::catalog::Catalog;
use schemas::eval::{Context, Evaluation, Lookup, evaluate};
use schemas::form::Form;
use schemas::reference::reference_value;
use schemas::unit::{DEMO_VILLAGES_JSON, UNITS_JSON, UnitTree};
use schemas::value::{Answers, Scalar};
use serde_json::Value;

use crate::support::answers;

/// Monday 23 November 2026, 08:00 in Lào Cai.
const NOW: &str = "2026-11-23T01:00:00Z";
const HOUSEHOLD: &str = "0190b5d2-0000-7000-8000-0000000000f1";

fn form(kind: &str) -> &'static Form {
    Catalog::builtin().form(kind).unwrap()
}

/// Reference data and one household.
struct World {
    units: UnitTree,
    household: Answers,
}

impl World {
    fn new(household: Value) -> Self {
        let units = UnitTree::from_json_files(&[UNITS_JSON, DEMO_VILLAGES_JSON]).unwrap();
        Self {
            units,
            household: answers(household),
        }
    }

    fn run(&self, kind: &str, record: &Answers) -> Evaluation {
        let context = Context::at(NOW.parse().unwrap()).with_lookup(self);
        evaluate(form(kind), record, &context)
    }
}

impl Lookup for World {
    fn value(&self, kind: &str, id: &str, path: &str) -> Option<Scalar> {
        match kind {
            "household" if id == HOUSEHOLD => self.household.get(path).cloned(),
            _ => reference_value(&self.units, kind, id, path),
        }
    }

    fn commune_of(&self, unit_id: &str) -> Option<String> {
        Some(self.units.commune_of(unit_id, None)?.id.clone())
    }
}

/// `path code` of every finding.
fn found(evaluation: &Evaluation) -> Vec<String> {
    let findings = evaluation.findings.iter();
    findings
        .map(|finding| format!("{} {}", finding.path, finding.code))
        .collect()
}
