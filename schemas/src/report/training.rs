//! Biểu đào tạo nghề (domain §7.7): one row per class, learners counted once as persons in the total.

use std::collections::BTreeMap;

use super::fact::{Body, Course, Enrolment, Fact, Kind, codes};
use super::homes::minority;
use super::job_fairs::is;
use super::key::Key;
use super::period::day_of;
use super::persons::{Persons, Somebody};
use super::question::{Finished, Fold, Question};
use super::table::{Cell, Chart, Column, ColumnKind, Row, Table, Value, Words};

/// Counts vocational classes and their learners.
pub struct Training<'a> {
    question: Question<'a>,
    courses: BTreeMap<Key, (usize, i32, Course)>,
    learners: Vec<(Key, Enrolment)>,
}

impl<'a> Training<'a> {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(question: Question<'a>) -> Self {
        Self {
            question,
            courses: BTreeMap::new(),
            learners: Vec::new(),
        }
    }

    /// A class that was opened and was running on some day of the period.
    fn runs(&self, start: i32, course: &Course) -> bool {
        let opened = ["running", "finished"]
            .iter()
            .any(|word| is(&codes::COURSE_LIFECYCLES, course.lifecycle, word));
        opened
            && start <= self.question.days.end
            && course.end.is_none_or(|end| end >= self.question.days.from)
    }
}

const COUNTS: [&str; 7] = [
    "learners",
    "women",
    "minority",
    "poor",
    "near_poor",
    "completed",
    "employed",
];

fn answers(enrolment: &Enrolment) -> [bool; 7] {
    let group = |word| is(&codes::TARGET_GROUPS, enrolment.target_group, word);
    let completed = is(&codes::RESULTS, enrolment.result, "completed");
    [
        true,
        enrolment.person.woman,
        minority(enrolment.person.ethnicity),
        group("poor"),
        group("near_poor"),
        completed,
        completed && enrolment.employed,
    ]
}

/// What one class comes to.
#[derive(Default)]
struct Sums {
    counts: [i64; 7],
    people: Vec<Somebody>,
}

impl Fold for Training<'_> {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Course, Kind::Enrolment]
    }

    fn add(&mut self, fact: &Fact) {
        match &fact.body {
            Body::Course(course) => {
                let place = self.question.scope.stands(fact.unit);
                if let (Some(stands), Some(start)) = (place, fact.day)
                    && self.runs(start, course)
                {
                    let course = (stands.place, start, course.clone());
                    self.courses.insert(fact.record, course);
                }
            }
            Body::Enrolment(enrolment) => self.learners.push((fact.record, enrolment.clone())),
            _ => {}
        }
    }

    fn finish(self: Box<Self>) -> Finished {
        let Self {
            question,
            courses,
            mut learners,
        } = *self;
        learners.sort_unstable_by_key(|(record, _)| *record);
        let mut persons = Persons::default();
        let mut sums: BTreeMap<Key, Sums> = courses.keys().map(|key| (*key, Sums::default())).collect();
        let mut total = Sums::default();
        let mut behind = Vec::new();
        let wanted = question.want.map(|want| {
            let all = want.row == "total";
            let row = Key::parse(&want.row).filter(|row| courses.contains_key(row));
            let column = COUNTS.iter().position(|key| *key == want.column);
            let persons = want.column == "persons";
            (all, row, if persons { Some(0) } else { column })
        });
        for (record, enrolment) in &learners {
            let course = enrolment.course.map(|course| question.merged.record(course));
            let Some((course, own)) = course.and_then(|key| Some((key, sums.get_mut(&key)?))) else {
                continue;
            };
            let somebody = persons.of(question.merged, *record, &enrolment.person);
            let answers = answers(enrolment);
            for sums in [own, &mut total] {
                sums.people.push(somebody);
                for (sum, yes) in sums.counts.iter_mut().zip(answers) {
                    *sum += i64::from(yes);
                }
            }
            if let Some((all, row, Some(column))) = wanted
                && (all || row == Some(course))
                && answers[column]
            {
                behind.push(*record);
            }
        }
        let mut order: Vec<_> = courses.iter().collect();
        order.sort_by_key(|(key, (place, start, _))| (*place, *start, **key));
        let named = order
            .iter()
            .enumerate()
            .map(|(at, (key, (place, start, course)))| {
                let unit = &question.scope.places()[*place];
                let mut cells = vec![
                    Cell::words(Words::Name(course.provider.clone())),
                    Cell::words(Words::Name(unit.name.clone())),
                    day(Some(*start)),
                    day(course.end),
                ];
                cells.extend(figures(&sums[key], &persons));
                Row {
                    key: key.to_string(),
                    number: (at + 1).to_string(),
                    label: Words::Name(course.trade.clone()),
                    level: 2,
                    unit: Some(unit.unit.clone()),
                    cells,
                }
            });
        let mut rows: Vec<Row> = named.collect();
        let mut cells = vec![Cell::bare(Value::None); 4];
        cells.extend(figures(&total, &persons));
        rows.push(Row {
            key: "total".to_owned(),
            number: String::new(),
            label: Words::code("total"),
            level: 0,
            unit: None,
            cells,
        });
        let table = Table {
            columns: heads(),
            charts: vec![Chart {
                kind: "bar",
                title: Words::code("training.chart"),
                columns: vec!["learners", "completed"],
                rows: rows
                    .iter()
                    .filter(|row| row.level == 2)
                    .map(|row| row.key.clone())
                    .collect(),
            }],
            rows,
            checks: Vec::new(),
            notes: vec![Words::code("note.learners_not_persons")],
        };
        let known = wanted.is_some_and(|(all, row, column)| (all || row.is_some()) && column.is_some());
        Finished {
            table,
            behind: known.then_some(behind),
        }
    }
}

fn day(number: Option<i32>) -> Cell {
    Cell::bare(number.and_then(day_of).map_or(Value::None, Value::Date))
}

fn figures(sums: &Sums, persons: &Persons) -> Vec<Cell> {
    let counts = sums.counts.iter().map(|count| Cell::count(*count));
    let distinct = Cell::made(Value::Int(persons.distinct(sums.people.iter().copied())));
    counts.chain([distinct]).collect()
}

fn heads() -> Vec<Column> {
    use ColumnKind::{Date, Int, Text};
    let named = [
        ("provider", Text),
        ("place", Text),
        ("start", Date),
        ("end", Date),
    ];
    let counts = COUNTS.map(|key| (key, Int));
    let columns = named.into_iter().chain(counts).chain([("persons", Int)]);
    columns
        .map(|(key, kind)| Column {
            key: key.to_owned(),
            label: Words::code(format!("training.{key}")),
            group: COUNTS[..5]
                .contains(&key)
                .then(|| Words::code("training.group.learners")),
            kind,
        })
        .collect()
}
