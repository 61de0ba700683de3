//! The plan as data: which communes, which targets, which commune indicators (domain §1).
//!
//! Targets are read, never known by name in code: a target says which formula computes it, which
//! records it is captured by and what it asks. The formulas themselves belong to reports.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

use crate::form::Label;

/// The 2024 plan for 10 communes, as its file says it.
pub const PLAN_2024_JSON: &str = include_str!("../data/plan_2024.json");

/// One plan.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Plan {
    /// Where its figures are from.
    pub source: String,
    /// The stable id.
    pub id: String,
    /// Its title.
    pub title: Label,
    /// The year it is for.
    pub year: i16,
    /// Its number; blank on the copy at hand of the 2024 plan.
    pub number: Option<String>,
    /// The plan it carries out.
    pub based_on: String,
    /// What is not known.
    pub notes: Label,
    /// The units it is about, as they were then.
    pub scope: Vec<PlanScope>,
    /// What it asks.
    pub targets: Vec<Target>,
    /// Targets of single units, once the annexes are at hand.
    pub unit_targets: Vec<UnitTarget>,
    /// What communes report by hand.
    pub catalogue: Vec<Indicator>,
}

/// A unit of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PlanScope {
    /// The unit as it was when the plan was made.
    pub unit_id: String,
    /// Its code then.
    pub official_code: String,
    /// Its name then.
    pub name: String,
    /// Who was assigned to help the commune (QĐ 994/2023, QĐ 224/2024); not known yet.
    pub sponsor_agency: Option<String>,
}

/// How a value is held against a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetOp {
    /// At least the value.
    AtLeast,
    /// At most the value.
    AtMost,
    /// Reached at the value, shown up to `value_to`.
    Between,
    /// The plan says "about": reached at the value, more does no harm.
    About,
    /// A yes.
    IsTrue,
    /// No number: shown, never reached or missed.
    Report,
}

/// One target of a plan.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Target {
    /// `T1` …
    pub id: String,
    /// Its name in reports.
    pub label: Label,
    /// The words of the plan.
    pub phrase: String,
    /// What is measured: an indicator of the catalogue, or one computed from records.
    pub indicator: String,
    /// How the value is held against the target.
    pub op: TargetOp,
    /// The number asked, in `unit`.
    pub value: Option<f64>,
    /// The upper end of a band.
    #[serde(default)]
    pub value_to: Option<f64>,
    /// The unit of the number.
    pub unit: Label,
    /// The kinds of record that carry it.
    pub captured_by: Vec<String>,
    /// The name of the computation, for the report.
    pub formula: String,
    /// What an administrator may set about the computation: T1 is `pooled` or `mean`.
    pub settings: BTreeMap<String, Value>,
    /// Where it stands in the plan.
    pub source: String,
}

impl Target {
    /// A setting that is text: `aggregate` of T1.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&str> {
        self.settings.get(name)?.as_str()
    }

    /// A setting that is a list of words: `fair_types` of T9.
    #[must_use]
    pub fn setting_list(&self, name: &str) -> Vec<&str> {
        let list = self.settings.get(name).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// Whether a value reaches the target; `None` where the plan names no number.
    #[must_use]
    pub fn reached(&self, value: f64) -> Option<bool> {
        match self.op {
            TargetOp::AtLeast | TargetOp::Between | TargetOp::About => self.value.map(|asked| value >= asked),
            TargetOp::AtMost => self.value.map(|asked| value <= asked),
            TargetOp::IsTrue => Some(value > 0.0),
            TargetOp::Report => None,
        }
    }

    /// Done against the plan in percent, for "Đạt % so với kế hoạch"; `None` without a number, and
    /// for targets that ask for no more than a number.
    #[must_use]
    pub fn percent_of_plan(&self, value: f64) -> Option<f64> {
        let asked = self.value.filter(|asked| *asked > 0.0)?;
        (self.op != TargetOp::AtMost).then(|| value / asked * 100.0)
    }
}

/// A target of one unit: the annexes of the plan, when they arrive.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct UnitTarget {
    /// The target it refines.
    pub target: String,
    /// The unit.
    pub unit_id: String,
    /// The number asked of it.
    pub value: f64,
}

/// What kind of value an indicator has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndicatorKind {
    /// A number out of a denominator.
    Ratio,
    /// A number.
    Number,
    /// Yes or no.
    Bool,
    /// Words, in the note.
    Text,
}

/// Which way an indicator is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Neither.
    None,
}

/// One indicator that communes report (`commune_indicator.code`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Indicator {
    /// The code that records hold.
    pub code: String,
    /// Its name.
    pub label: Label,
    /// The unit of the value.
    pub unit: Label,
    /// The kind of its value.
    pub kind: IndicatorKind,
    /// Which way it is better.
    pub direction: Direction,
    /// How often it is reported: `year` or `week`.
    pub period: String,
    /// The targets that use it.
    pub targets: Vec<String>,
    /// What the denominator of a ratio counts.
    #[serde(default)]
    pub denominator_label: Label,
    /// The most it can be.
    #[serde(default)]
    pub maximum: Option<f64>,
}

impl Plan {
    /// Reads a plan file.
    ///
    /// # Errors
    /// JSON that is not a plan.
    pub fn from_json(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }

    /// The 2024 plan for 10 communes.
    #[must_use]
    pub fn plan_2024() -> &'static Self {
        &PLAN_2024
    }

    /// The target with this id.
    #[must_use]
    pub fn target(&self, id: &str) -> Option<&Target> {
        self.targets.iter().find(|target| target.id == id)
    }

    /// The commune indicator with this code.
    #[must_use]
    pub fn indicator(&self, code: &str) -> Option<&Indicator> {
        self.catalogue.iter().find(|indicator| indicator.code == code)
    }
}

static PLAN_2024: LazyLock<Plan> =
    LazyLock::new(|| Plan::from_json(PLAN_2024_JSON).expect("the file in the program is tested"));

#[cfg(test)]
mod tests;
