//! From the merged answers of a record to its fact.

use std::collections::BTreeSet;

use super::{
    Assessment, Attendance, Body, Course, Enrolment, Fact, Fair, Indicator, Measure, Person, State, Survey,
    Visit, codes, household,
};
use crate::expr::local_date;
use crate::path::REMOVED;
use crate::poverty::Standards;
use crate::report::key::Key;
use crate::report::period::{day_number, span_of};
use crate::value::{Answers, Scalar};

/// Where a survivor of a merge is named on the loser.
const SAME_AS: &str = "review/same_as";

/// What a fact is made from.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The record.
    pub record: Key,
    /// The id of its form.
    pub kind: &'a str,
    /// Its answers with the computed ones.
    pub answers: &'a Answers,
    /// Its review state.
    pub state: &'a str,
    /// The unit it belongs to.
    pub unit: Option<Key>,
    /// `soft`, `hard` or none.
    pub conflict: Option<&'a str>,
    /// How many rules its answers break.
    pub findings: usize,
    /// Turns the number of an identity card into something nobody can turn back.
    pub seal: &'a dyn Fn(&str) -> Key,
}

/// The fact of a record. Total: what is missing or odd is left out.
#[must_use]
pub fn fact(source: &Source<'_>) -> Fact {
    let read = Read {
        answers: source.answers,
        seal: source.seal,
    };
    let (day, body) = body(source.kind, read);
    Fact {
        record: source.record,
        unit: source.unit,
        day,
        state: State::parse(source.state),
        same_as: read.key(SAME_AS).filter(|survivor| *survivor != source.record),
        conflict: match source.conflict {
            Some("hard") => 2,
            Some(_) => 1,
            None => 0,
        },
        findings: u32::try_from(source.findings).unwrap_or(u32::MAX),
        body,
    }
}

fn body(kind: &str, read: Read<'_>) -> (Option<i32>, Body) {
    match kind {
        "household" => (None, Body::Household(Box::new(household::of(read)))),
        "household_visit" => (read.day("visited_at"), visit(read)),
        "job_fair" => (read.day("start_at"), Body::Fair(fair(read))),
        "job_fair_attendance" => (read.day("checked_in_at"), Body::Attendance(attendance(read))),
        "labour_survey" => (read.day("surveyed_at"), Body::Survey(survey(read))),
        "vocational_class" => (read.day("start_on"), Body::Course(course(read))),
        "vocational_enrolment" => (None, Body::Enrolment(enrolment(read))),
        "support_measure" => (read.day("provided_on"), Body::Measure(measure(read))),
        "commune_indicator" => match read.text("period").and_then(span_of) {
            Some((first, last)) => (Some(first), Body::Indicator(indicator(read, last))),
            None => (None, Body::Other),
        },
        _ => (None, Body::Other),
    }
}

fn visit(read: Read<'_>) -> Body {
    let review = ["periodic_review", "regular_review", "recheck"];
    let kind = read.text("visit_type").unwrap_or_default();
    if !review.contains(&kind) {
        return Body::Visit(Visit {
            household: read.key("household_id"),
            met: read.text("outcome") == Some("met"),
        });
    }
    let standards = Standards::built_in();
    let standard = match read.text("standard_id") {
        Some(id) => standards.by_id(id),
        None => read
            .text("visited_at")
            .and_then(local_date)
            .and_then(|on| standards.standard_for(on)),
    };
    let bits = |list: &[&str], yes: &dyn Fn(&str) -> bool| {
        let set = list.iter().enumerate().filter(|(_, code)| yes(code));
        set.fold(0, |bits, (at, _)| bits | 1 << at)
    };
    Body::Assessment(Box::new(Assessment {
        household: read.key("household_id"),
        standard_from: standard.map(|standard| day_number(standard.valid_from)),
        recheck: kind == "recheck",
        deprived: bits(&codes::DEPRIVATIONS, &|code| read.yes(&format!("dep_{code}"))),
        score_a: read.int("score_a"),
        score_b: read.int("score_b"),
        proposed: read.code(&codes::CLASSES, "class_proposed"),
        previous: read.code(&codes::CLASSES, "class_previous"),
        recognised: read.code(&codes::CLASSES, "class_recognised"),
        decided: read.day("decision_date"),
        causes: bits(&codes::CAUSES, &|code| {
            read.yes(&format!("poverty_causes/{code}"))
        }),
    }))
}

fn fair(read: Read<'_>) -> Fair {
    let employers = read.rows("employers");
    let vacancies = employers
        .iter()
        .filter_map(|row| read.int(&format!("employers/{row}/vacancies")));
    Fair {
        fair_type: read.code(&codes::FAIR_TYPES, "fair_type"),
        lifecycle: read.code(&codes::FAIR_LIFECYCLES, "lifecycle"),
        vacancies: vacancies.fold(0, i64::saturating_add),
        employers: i64::try_from(employers.len()).unwrap_or(i64::MAX),
        pupils: read.int("pupils_declared").unwrap_or(0),
    }
}

fn attendance(read: Read<'_>) -> Attendance {
    let codes_of_rows = read.rows("outcomes").into_iter().filter_map(|row| {
        let code = read.text(&format!("outcomes/{row}/code"))?;
        codes::number(&codes::OUTCOMES, code)
    });
    Attendance {
        fair: read.key("fair_id"),
        person: read.person(),
        class: read.code(&codes::CLASSES, "hh_class_at_event"),
        outcomes: codes_of_rows.fold(0, |bits, at| bits | 1 << at),
        overseas: read.code(&codes::OVERSEAS, "overseas_stage"),
    }
}

fn survey(read: Read<'_>) -> Survey {
    Survey {
        person: read.person(),
        jobless: read.text("activity_status") == Some("unemployed"),
        wants_training: read.yes("wants_training"),
        wants_job: read.yes("wants_job"),
        overseas: read.code(&codes::OVERSEAS, "overseas_stage"),
    }
}

fn course(read: Read<'_>) -> Course {
    let words = |path| read.text(path).unwrap_or_default().to_owned();
    Course {
        lifecycle: read.code(&codes::COURSE_LIFECYCLES, "lifecycle"),
        end: read.day("end_on"),
        trade: words("trade"),
        provider: words("provider"),
    }
}

fn enrolment(read: Read<'_>) -> Enrolment {
    Enrolment {
        course: read.key("class_id"),
        person: read.person(),
        target_group: read.code(&codes::TARGET_GROUPS, "target_group"),
        result: read.code(&codes::RESULTS, "result"),
        employed: read.text("job_after").is_some_and(|job| job != "none"),
    }
}

fn measure(read: Read<'_>) -> Measure {
    Measure {
        household: read.key("household_id"),
        member: read.key("person_ref"),
        kind: read.code(&codes::MEASURES, "kind"),
        stage: read.code(&codes::STAGES, "stage"),
        amount_vnd: read.int("amount_vnd").unwrap_or(0),
    }
}

fn indicator(read: Read<'_>, end: i32) -> Indicator {
    let code = read.text("code").unwrap_or_default();
    Indicator {
        code: code.to_owned(),
        end,
        value: read.number("value_num"),
        denominator: read.number("denominator"),
        yes: read.truth("value_bool"),
        words: (code == "methadone_site")
            .then(|| read.text("source_note").map(str::to_owned))
            .flatten(),
    }
}

/// Answers, asked for by type.
#[derive(Clone, Copy)]
pub(super) struct Read<'a> {
    answers: &'a Answers,
    seal: &'a dyn Fn(&str) -> Key,
}

impl<'a> Read<'a> {
    pub(super) fn text(self, path: &str) -> Option<&'a str> {
        self.answers.get(path)?.as_text().filter(|text| !text.is_empty())
    }

    pub(super) fn key(self, path: &str) -> Option<Key> {
        Key::parse(self.text(path)?)
    }

    pub(super) fn day(self, path: &str) -> Option<i32> {
        local_date(self.text(path)?).map(day_number)
    }

    pub(super) fn truth(self, path: &str) -> Option<bool> {
        match self.answers.get(path)? {
            Scalar::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub(super) fn yes(self, path: &str) -> bool {
        self.truth(path) == Some(true)
    }

    pub(super) fn int(self, path: &str) -> Option<i64> {
        match self.answers.get(path)? {
            Scalar::Int(value) => Some(*value),
            _ => None,
        }
    }

    fn number(self, path: &str) -> Option<f64> {
        match self.answers.get(path)? {
            Scalar::Decimal(value) => Some(*value),
            #[allow(clippy::cast_precision_loss, reason = "figures of a commune are small")]
            Scalar::Int(value) => Some(*value as f64),
            _ => None,
        }
    }

    pub(super) fn code(self, list: &[&str], path: &str) -> Option<u8> {
        codes::number(list, self.text(path)?)
    }

    /// The two digits of an ethnic group as a number.
    pub(super) fn ethnicity(self, path: &str) -> Option<u8> {
        self.text(path)?.parse().ok().filter(|code| *code < 100)
    }

    /// The ids of the rows of a repeat that were not taken away.
    pub(super) fn rows(self, repeat: &str) -> BTreeSet<&'a str> {
        let prefix = format!("{repeat}/");
        let start = prefix.clone();
        let paths = self.answers.range(start..).map(|(path, _)| path.as_str());
        let rows = paths
            .map_while(|path| path.strip_prefix(prefix.as_str()))
            .filter_map(|path| path.split_once('/'))
            .map(|(row, _)| row);
        let gone = |row: &str| self.yes(&format!("{prefix}{row}/{REMOVED}"));
        rows.filter(|row| !gone(row)).collect()
    }

    /// What stands directly under a path: the last part, and the whole.
    pub(super) fn below(self, over: &str) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let prefix = format!("{over}/");
        let paths = self
            .answers
            .range(prefix.clone()..)
            .map(|(path, _)| path.as_str());
        paths.map_while(move |path| Some((path.strip_prefix(prefix.as_str())?, path)))
    }

    fn person(self) -> Person {
        Person {
            member: self.key("person_ref"),
            card: self.text("id_number").map(self.seal),
            woman: self.text("sex") == Some("female"),
            ethnicity: self.ethnicity("ethnicity_code"),
        }
    }
}
