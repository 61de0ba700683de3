//! The whole assessment: indicators, scores, class, what changed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::class::{Class, ClassRecord, Transition, recently_escaped_until, transition};
use super::derive::{Derived, Reason, Seen, derive};
use super::household::{House, Member};
use super::standard::{Area, IncomeBand, Method, Standard, Standards};
use super::wording;
use crate::finding::{Finding, Severity};
use crate::form::Label;

/// Everything an assessment looks at.
#[derive(Debug, Clone)]
pub struct AssessmentInput<'a> {
    /// All standards, for the indicators of this one.
    pub standards: &'a Standards,
    /// The standard applied.
    pub standard: &'a Standard,
    /// The day of the visit.
    pub on: Date,
    /// Rural or urban.
    pub area: Option<Area>,
    /// Score A, entered (income).
    pub score_a: Option<i64>,
    /// The household's members; those who are gone do not count.
    pub members: Vec<Member>,
    /// How many people the household declared, where members are not listed.
    pub declared_count: Option<usize>,
    /// What the visit says about the house.
    pub house: House,
    /// What the visitor stated, by code of indicator.
    pub stated: BTreeMap<String, bool>,
    /// The visitor's reason for stating something else than members and house give.
    pub dep_note: Option<String>,
    /// Stated income per person and month; it never decides the class.
    pub income_vnd: Option<i64>,
    /// Classes recognised before this visit, in any order.
    pub history: &'a [ClassRecord],
}

/// One indicator of an assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndicatorResult {
    /// `employment` …
    pub code: String,
    /// Its name.
    pub label: Label,
    /// What counts: what the visitor stated, else what members and house give; `None` is open.
    pub deprived: Option<bool>,
    /// What the visitor stated.
    pub stated: Option<bool>,
    /// What members and house give, and why.
    pub derived: Option<bool>,
    /// The answers that decided.
    pub reasons: Vec<Reason>,
}

/// What an assessment proposes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Assessment {
    /// The standard applied.
    pub standard_id: Option<String>,
    /// Score B: points of the indicators known to be deprived.
    pub score_b: i64,
    /// False while an indicator is open, so that score B may still rise.
    pub score_b_complete: bool,
    /// The indicators in the order of the annex.
    pub indicators: Vec<IndicatorResult>,
    /// The class; `None` while it cannot be told.
    pub class_proposed: Option<Class>,
    /// The class recognised last.
    pub class_previous: Option<Class>,
    /// What changed; `None` while there is no proposed class.
    pub transition: Option<Transition>,
    /// Until when the household counts as having left poverty recently, by what was recognised.
    pub recently_escaped_until: Option<Date>,
    /// No member is able to work; `None` while an answer is missing.
    pub no_labour_capacity: Option<bool>,
    /// Where the stated income lies, for information.
    pub income_band: Option<IncomeBand>,
    /// Every reason of a deprived or open indicator, together.
    pub reasons: Vec<Reason>,
    /// What is missing, doubtful or to be verified.
    pub findings: Vec<Finding>,
}

/// Assesses one household under one standard.
#[must_use]
pub fn assess(input: &AssessmentInput) -> Assessment {
    let standard = input.standard;
    let members: Vec<&Member> = input.members.iter().filter(|member| !member.gone).collect();
    let mut out = Assessment {
        standard_id: Some(standard.id.clone()),
        ..Assessment::default()
    };
    history(input, &mut out);
    out.no_labour_capacity = no_labour_capacity(&members, input.on);
    out.income_band = input
        .area
        .zip(input.income_vnd)
        .and_then(|(area, income)| standard.income_band(area, income));
    if !standard.in_force(input.on) {
        out.finding("standard_id", "standard_not_in_force", Severity::Info);
    }
    if standard.method != Method::ScoreAB {
        out.finding("standard_id", "standard_not_computable", Severity::Warning);
        return out;
    }
    if standard.is_provisional() {
        out.finding("standard_id", "standard_provisional", Severity::Warning);
    }
    indicators(input, &members, &mut out);
    classify(input, &mut out);
    out
}

fn history(input: &AssessmentInput, out: &mut Assessment) {
    let mut records: Vec<&ClassRecord> = input.history.iter().collect();
    records.sort_by_key(|record| record.recognised_on);
    out.class_previous = records.last().map(|record| record.class);
    let months = input
        .standard
        .recently_escaped_months
        .as_ref()
        .map(|figure| figure.value);
    out.recently_escaped_until = months.and_then(|months| recently_escaped_until(input.history, months));
}

fn indicators(input: &AssessmentInput, members: &[&Member], out: &mut Assessment) {
    if members.is_empty() {
        out.finding("household_id", "members_missing", Severity::Warning);
    }
    let seen = Seen {
        members,
        people: if members.is_empty() {
            input.declared_count.unwrap_or(0)
        } else {
            members.len()
        },
        house: &input.house,
        on: input.on,
        retirement: &input.standards.retirement,
    };
    let points = input
        .standard
        .points_per_indicator
        .as_ref()
        .map_or(0, |figure| figure.value);
    let mut uncertain = BTreeSet::new();
    out.score_b_complete = true;
    for indicator in input.standards.indicators(input.standard) {
        let derived = derive(&indicator.rule, seen);
        let stated = input.stated.get(&indicator.code).copied();
        let result = result(indicator.code.clone(), indicator.label.clone(), stated, &derived);
        uncertain.extend(derived.uncertain_ages);
        check_statement(input, &result, out);
        match result.deprived {
            Some(true) => out.score_b += points,
            Some(false) => {}
            None => out.score_b_complete = false,
        }
        out.reasons.extend(result.reasons.iter().cloned());
        out.indicators.push(result);
    }
    for id in uncertain {
        out.finding(
            &format!("members/{id}/birth_date"),
            "age_uncertain",
            Severity::Warning,
        );
    }
}

fn result(code: String, label: Label, stated: Option<bool>, derived: &Derived) -> IndicatorResult {
    IndicatorResult {
        code,
        label,
        deprived: stated.or(derived.deprived),
        stated,
        derived: derived.deprived,
        reasons: derived.reasons.clone(),
    }
}

/// A statement against what is derived needs a reason; with neither the indicator is open.
fn check_statement(input: &AssessmentInput, result: &IndicatorResult, out: &mut Assessment) {
    let path = format!("dep_{}", result.code);
    let explained = input
        .dep_note
        .as_ref()
        .is_some_and(|note| !note.trim().is_empty());
    match (result.stated, result.derived) {
        (Some(stated), Some(derived)) if stated != derived && !explained => {
            out.finding(&path, "dep_note_missing", Severity::Error);
        }
        (None, None) => out.finding(&path, "indicator_unknown", Severity::Warning),
        _ => {}
    }
}

/// Poor: A up to the limit and B from 30. Near-poor: A up to the limit and B under 30. Otherwise
/// not poor (Circular 07/2021).
fn classify(input: &AssessmentInput, out: &mut Assessment) {
    if input.score_a.is_none() {
        out.finding("score_a", "score_a_missing", Severity::Warning);
    }
    if input.area.is_none() {
        out.finding("area_type", "area_missing", Severity::Warning);
    }
    let limit = input.standard.score_a_max.as_ref();
    let (Some(score_a), Some(area), Some(limit)) = (input.score_a, input.area, limit) else {
        return;
    };
    let Some(poor_from) = input.standard.poor_score_b_min() else {
        return;
    };
    out.class_proposed = if score_a > limit.of(area) {
        Some(Class::NonPoor)
    } else if out.score_b >= poor_from {
        Some(Class::Poor)
    } else {
        // Score B may still rise to the limit while an indicator is open.
        out.score_b_complete.then_some(Class::NearPoor)
    };
    let ever_poor = input.history.iter().any(|record| record.class == Class::Poor);
    out.transition = out
        .class_proposed
        .map(|class| transition(out.class_previous, ever_poor, class));
}

/// No member is able to work: under working age, elderly, disabled or seriously ill, as answered
/// in `able_to_work`. Reported apart and outside target T11.
fn no_labour_capacity(members: &[&Member], on: Date) -> Option<bool> {
    const WORKING_AGE_FROM: i32 = 15;
    let mut open = members.is_empty();
    for member in members {
        let adult = member.age(on).map(|age| age.is_from(WORKING_AGE_FROM));
        match (adult, member.able_to_work) {
            (Some(true) | None, Some(true)) => return Some(false),
            (Some(true), None) | (None, None) => open = true,
            _ => {}
        }
    }
    (!open).then_some(true)
}

impl Assessment {
    pub(super) fn finding(&mut self, path: &str, code: &str, severity: Severity) {
        let message = wording::words(code);
        self.findings.push(Finding {
            path: path.to_owned(),
            code: code.to_owned(),
            severity,
            message,
        });
    }

    /// The indicator with this code.
    #[must_use]
    pub fn indicator(&self, code: &str) -> Option<&IndicatorResult> {
        self.indicators.iter().find(|indicator| indicator.code == code)
    }
}
