//! Biểu phiên giao dịch việc làm (domain §7.7): sessions, attendances, distinct persons, what came of it.

use std::collections::{BTreeMap, BTreeSet};

use super::fact::{Attendance, Body, Fact, Fair, Kind, class, codes};
use super::grid::{Col, Grid, Spec};
use super::homes::minority;
use super::key::Key;
use super::persons::{Persons, Somebody};
use super::question::{Finished, Fold, Question};
use super::table::{Chart, Table, Value, Words};
use crate::poverty::Class;

/// Counts job fairs held and who came.
pub struct JobFairs<'a> {
    question: Question<'a>,
    fairs: BTreeMap<Key, (Option<usize>, Option<i32>, Fair)>,
    came: Vec<(Key, usize, Attendance)>,
}

impl<'a> JobFairs<'a> {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(question: Question<'a>) -> Self {
        Self {
            question,
            fairs: BTreeMap::new(),
            came: Vec::new(),
        }
    }
}

fn specs() -> Vec<Spec> {
    use Col::{Count, Persons, Sum};
    vec![
        ("sessions", "", Count),
        ("employers", "", Sum),
        ("vacancies", "", Sum),
        ("attendances", "attendances", Count),
        ("women", "attendances", Count),
        ("minority", "attendances", Count),
        ("poor", "attendances", Count),
        ("near_poor", "attendances", Count),
        ("persons", "", Persons),
        ("counselled", "outcomes", Count),
        ("interviewed", "outcomes", Count),
        ("hired", "outcomes", Count),
        ("training", "outcomes", Count),
        ("overseas", "outcomes", Count),
    ]
}

/// True for a fair about work: career guidance at schools is counted elsewhere.
fn about_work(fair: &Fair) -> bool {
    fair.fair_type != codes::number(&codes::FAIR_TYPES, "career_guidance")
}

pub(super) fn is(list: &[&str], number: Option<u8>, word: &str) -> bool {
    number.is_some() && number == codes::number(list, word)
}

/// How far somebody came on the way to a job: counselled, interviewed, hired; none for having been there only.
fn furthest(outcomes: u16) -> Option<&'static str> {
    let has = |word: &str| {
        codes::number(&codes::OUTCOMES, word).is_some_and(|number| outcomes & (1 << number) != 0)
    };
    let ladder = [
        ("hired", ["started_work", "hired"].as_slice()),
        ("interviewed", &["shortlisted", "interviewed"]),
        ("counselled", &["counselled"]),
    ];
    let step = ladder
        .into_iter()
        .find(|(_, words)| words.iter().any(|word| has(word)));
    step.map(|(column, _)| column)
}

impl Fold for JobFairs<'_> {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Fair, Kind::Attendance]
    }

    fn add(&mut self, fact: &Fact) {
        let place = self.question.scope.stands(fact.unit).map(|stands| stands.place);
        match &fact.body {
            Body::Fair(fair) => {
                self.fairs.insert(fact.record, (place, fact.day, fair.clone()));
            }
            Body::Attendance(attendance) => {
                if let (Some(place), Some(day)) = (place, fact.day)
                    && self.question.days.within(day)
                {
                    self.came.push((fact.record, place, attendance.clone()));
                }
            }
            _ => {}
        }
    }

    fn finish(self: Box<Self>) -> Finished {
        let Self {
            question,
            fairs,
            mut came,
        } = *self;
        came.sort_unstable_by_key(|(record, ..)| *record);
        let mut grid = Grid::new("job_fairs", specs(), question.scope, false, question.want);
        count_fairs(&mut grid, &question, &fairs);
        let [attendances, women, in_minority, poor, near, persons_at] =
            grid.columns(["attendances", "women", "minority", "poor", "near_poor", "persons"]);
        let [training, overseas] = grid.columns(["training", "overseas"]);
        let has = |outcomes: u16, word: &str| {
            codes::number(&codes::OUTCOMES, word).is_some_and(|number| outcomes & (1 << number) != 0)
        };
        let mut persons = Persons::default();
        let mut people: Vec<(usize, Somebody)> = Vec::new();
        let mut elsewhere = 0;
        for (record, place, attendance) in &came {
            let fair = attendance
                .fair
                .and_then(|fair| fairs.get(&question.merged.record(fair)));
            let counts = fair.is_some_and(|(.., fair)| {
                about_work(fair) && !is(&codes::FAIR_LIFECYCLES, fair.lifecycle, "cancelled")
            });
            if !counts {
                elsewhere += 1;
                continue;
            }
            let leaf = grid.leaf(*place, false);
            let answers = [
                (attendances, true),
                (women, attendance.person.woman),
                (in_minority, minority(attendance.person.ethnicity)),
                (poor, class(attendance.class) == Some(Class::Poor)),
                (near, class(attendance.class) == Some(Class::NearPoor)),
                (persons_at, true),
                (training, has(attendance.outcomes, "training_registered")),
                (overseas, has(attendance.outcomes, "overseas_registered")),
            ];
            for (column, _) in answers.into_iter().filter(|(_, yes)| *yes) {
                grid.hit(leaf, column, *record);
            }
            if let Some(column) = furthest(attendance.outcomes) {
                let column = grid.columns([column])[0];
                grid.hit(leaf, column, *record);
            }
            people.push((*place, persons.of(question.merged, *record, &attendance.person)));
        }
        let mut table = Table {
            columns: grid.heads(),
            rows: grid.rows(question.scope),
            checks: Vec::new(),
            notes: vec![
                Words::code("note.attendances_not_persons"),
                Words::code("note.furthest_outcome"),
                Words::with("note.fair_unknown", [("count", elsewhere.to_string())]),
            ],
            charts: Vec::new(),
        };
        fill_persons(
            &mut table,
            persons_at,
            question.scope.places().len(),
            &persons,
            &people,
        );
        let rows = table.rows.iter().filter(|row| row.unit.is_some());
        table.charts = vec![Chart {
            kind: "bar",
            title: Words::code("job_fairs.chart"),
            columns: vec!["attendances", "persons"],
            rows: rows.map(|row| row.key.clone()).collect(),
        }];
        Finished {
            behind: grid.behind(),
            table,
        }
    }
}

fn count_fairs(
    grid: &mut Grid,
    question: &Question<'_>,
    fairs: &BTreeMap<Key, (Option<usize>, Option<i32>, Fair)>,
) {
    let [sessions, employers, vacancies] = grid.columns(["sessions", "employers", "vacancies"]);
    for (record, (place, day, fair)) in fairs {
        let held = is(&codes::FAIR_LIFECYCLES, fair.lifecycle, "held");
        let Some(place) = place.filter(|_| held && about_work(fair)) else {
            continue;
        };
        if day.is_some_and(|day| question.days.within(day)) {
            let leaf = grid.leaf(place, false);
            grid.hit(leaf, sessions, *record);
            grid.add(leaf, employers, fair.employers, *record);
            grid.add(leaf, vacancies, fair.vacancies, *record);
        }
    }
}

/// Writes distinct persons into the rows of places, which come first, and into the total, which comes last.
fn fill_persons(
    table: &mut Table,
    column: usize,
    places: usize,
    persons: &Persons,
    people: &[(usize, Somebody)],
) {
    let mut each: Vec<BTreeSet<Somebody>> = vec![BTreeSet::new(); places];
    for (place, somebody) in people {
        each[*place].insert(persons.one(*somebody));
    }
    for (row, own) in table.rows.iter_mut().zip(&each) {
        row.cells[column].value = Value::Int(i64::try_from(own.len()).unwrap_or(i64::MAX));
    }
    if let Some(total) = table.rows.last_mut() {
        let all = people.iter().map(|(_, somebody)| *somebody);
        total.cells[column].value = Value::Int(persons.distinct(all));
    }
}
