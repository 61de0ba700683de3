//! Biểu tiến độ kế hoạch (domain §7.8): every target of the plan that records or indicators can answer.
//!
//! Facts are gathered; at the end each target makes its rows out of lines, one line per record. What a formula means
//! stands in [`formulas`], what communes report in [`indicators`], how lines become figures in [`lines`].

mod formulas;
mod indicators;
mod lines;

use std::collections::BTreeMap;

use self::lines::{Line, Progress};
use super::fact::{Attendance, Body, Course, Enrolment, Fact, Fair, Indicator, Kind, Measure, Survey};
use super::homes::{Home, Homes};
use super::key::Key;
use super::period::Days;
use super::question::{Finished, Fold, Question};
use super::scope::Stands;
use super::table::{Chart, Table, Words};

/// A record where and when it counts.
#[derive(Debug, Clone)]
struct Seen<T> {
    record: Key,
    unit: Option<Key>,
    stands: Stands,
    day: Option<i32>,
    body: T,
}

/// Gathers what the targets of a plan are answered from.
pub struct PlanProgress<'a> {
    question: Question<'a>,
    homes: Homes,
    gathered: Gathered,
}

/// Everything but households, by kind, in the order of records once finished.
#[derive(Debug, Default)]
struct Gathered {
    fairs: Vec<Seen<Fair>>,
    attendances: Vec<Seen<Attendance>>,
    surveys: Vec<Seen<Survey>>,
    courses: Vec<Seen<Course>>,
    enrolments: Vec<Seen<Enrolment>>,
    measures: Vec<Seen<Measure>>,
    indicators: Vec<Seen<Indicator>>,
}

/// What the formulas read.
struct Known<'a> {
    question: Question<'a>,
    homes: Vec<Home>,
    /// Which household a member belongs to, in order of members.
    members: Vec<(Key, Key)>,
    gathered: Gathered,
    fair_types: BTreeMap<Key, Option<u8>>,
}

impl<'a> PlanProgress<'a> {
    /// Nothing gathered yet.
    #[must_use]
    pub fn new(question: Question<'a>) -> Self {
        Self {
            question,
            homes: Homes::with_members(),
            gathered: Gathered::default(),
        }
    }
}

impl Fold for PlanProgress<'_> {
    fn kinds(&self) -> &'static [Kind] {
        &[
            Kind::Household,
            Kind::Assessment,
            Kind::Fair,
            Kind::Attendance,
            Kind::Survey,
            Kind::Course,
            Kind::Enrolment,
            Kind::Measure,
            Kind::Indicator,
        ]
    }

    fn add(&mut self, fact: &Fact) {
        self.homes.add(&self.question, fact);
        let Some(stands) = self.question.scope.stands(fact.unit) else {
            return;
        };
        let (record, day) = (fact.record, fact.day);
        macro_rules! keep {
            ($list:ident, $body:ident) => {
                self.gathered.$list.push(Seen {
                    record,
                    unit: fact.unit,
                    stands,
                    day,
                    body: $body.clone(),
                })
            };
        }
        match &fact.body {
            Body::Fair(body) => keep!(fairs, body),
            Body::Attendance(body) => keep!(attendances, body),
            Body::Survey(body) => keep!(surveys, body),
            Body::Course(body) => keep!(courses, body),
            Body::Enrolment(body) => keep!(enrolments, body),
            Body::Measure(body) => keep!(measures, body),
            Body::Indicator(body) => keep!(indicators, body),
            Body::Other | Body::Household(_) | Body::Assessment(_) | Body::Visit(_) => {}
        }
    }

    fn finish(self: Box<Self>) -> Finished {
        let Self {
            question,
            homes,
            mut gathered,
        } = *self;
        gathered.sort();
        let (homes, members) = homes.finish();
        let fairs = gathered.fairs.iter();
        let known = Known {
            question,
            fair_types: fairs.map(|fair| (fair.record, fair.body.fair_type)).collect(),
            homes,
            members,
            gathered,
        };
        let mut progress = Progress::new(&question);
        for target in &question.plan.targets {
            formulas::target(&known, target, &mut progress);
        }
        let (rows, behind) = progress.finish();
        let bars = rows
            .iter()
            .filter(|row| row.level == 1)
            .map(|row| row.key.clone());
        let table = Table {
            columns: lines::columns(),
            charts: vec![Chart {
                kind: "progress",
                title: Words::code("plan_progress.chart"),
                columns: vec!["percent"],
                rows: bars.collect(),
            }],
            rows,
            checks: Vec::new(),
            notes: vec![
                Words::Said(question.plan.notes.clone()),
                Words::code("note.cumulative"),
                Words::code("note.members_now"),
                Words::code("note.attendances_not_persons"),
            ],
        };
        Finished { table, behind }
    }
}

impl Gathered {
    /// Facts come in any order; figures must not depend on it.
    fn sort(&mut self) {
        self.fairs.sort_unstable_by_key(|seen| seen.record);
        self.attendances.sort_unstable_by_key(|seen| seen.record);
        self.surveys.sort_unstable_by_key(|seen| seen.record);
        self.courses.sort_unstable_by_key(|seen| seen.record);
        self.enrolments.sort_unstable_by_key(|seen| seen.record);
        self.measures.sort_unstable_by_key(|seen| seen.record);
        self.indicators.sort_unstable_by_key(|seen| seen.record);
    }
}

impl<T> Seen<T> {
    /// A line of one, if the day is one that counts.
    fn line(&self, days: &Days, day: Option<i32>) -> Option<Line> {
        self.amount(days, day, 1.0)
    }

    fn amount(&self, days: &Days, day: Option<i32>, amount: f64) -> Option<Line> {
        let day = day?;
        Some(Line {
            place: self.stands.place,
            within: [days.within(day), days.cumulates(day)],
            amount,
            who: None,
            record: self.record,
        })
    }
}
