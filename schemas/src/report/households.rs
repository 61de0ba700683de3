//! Danh sách hộ nghèo, hộ cận nghèo (domain §7.6), without names: those are put in by who may read them.

use super::fact::{Fact, Kind};
use super::homes::{Home, Homes};
use super::poverty_review::notes;
use super::question::{Finished, Fold, Question};
use super::table::{Cell, Column, ColumnKind, Row, Table, Value, Words};
use crate::ethnic::ethnic_group;
use crate::poverty::Class;

/// Households in one list; more are left out, and the list says so.
pub const HOUSEHOLDS_MAX: usize = 5_000;

/// Lists poor and near-poor households as of the last day.
pub struct Households<'a> {
    question: Question<'a>,
    homes: Homes,
}

impl<'a> Households<'a> {
    /// Nothing listed yet.
    #[must_use]
    pub fn new(question: Question<'a>) -> Self {
        Self {
            question,
            homes: Homes::default(),
        }
    }
}

/// The columns, in order; `ethnicity` and the births are personal.
const COLUMNS: [(&str, &str, ColumnKind); 9] = [
    ("born_man", "born", ColumnKind::Text),
    ("born_woman", "born", ColumnKind::Text),
    ("ethnicity", "", ColumnKind::Text),
    ("unit", "", ColumnKind::Text),
    ("persons", "", ColumnKind::Int),
    ("score_a", "", ColumnKind::Int),
    ("score_b", "", ColumnKind::Int),
    ("class", "", ColumnKind::Text),
    ("basis", "", ColumnKind::Text),
];

impl Fold for Households<'_> {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Household, Kind::Assessment]
    }

    fn add(&mut self, fact: &Fact) {
        self.homes.add(&self.question, fact);
    }

    fn finish(self: Box<Self>) -> Finished {
        let question = self.question;
        let end = question.days.end;
        let (homes, _) = self.homes.finish();
        let mut listed: Vec<(&Home, Class)> = homes
            .iter()
            .filter(|home| home.present(end))
            .map(|home| (home, home.class(end)))
            .filter(|(_, class)| matches!(class, Class::Poor | Class::NearPoor))
            .collect();
        listed.sort_by_key(|(home, class)| (home.place, *class == Class::NearPoor, home.record));
        let found = listed.len();
        listed.truncate(HOUSEHOLDS_MAX);
        let proposed = listed
            .iter()
            .any(|(home, _)| home.event(end).is_some_and(|event| !event.recognised));
        let mut notes = notes(&question, proposed);
        if found > listed.len() {
            let params = [("shown", listed.len().to_string()), ("found", found.to_string())];
            notes.insert(0, Words::with("note.list_cut", params));
        }
        let rows = listed.iter().enumerate();
        let rows = rows
            .map(|(at, (home, class))| row(&question, at, home, *class))
            .collect();
        let columns = COLUMNS.map(|(key, group, kind)| Column {
            key: key.to_owned(),
            label: Words::code(format!("households.{key}")),
            group: (!group.is_empty()).then(|| Words::code(format!("households.group.{group}"))),
            kind,
        });
        Finished {
            behind: None,
            table: Table {
                columns: columns.to_vec(),
                rows,
                checks: Vec::new(),
                notes,
                charts: Vec::new(),
            },
        }
    }
}

fn row(question: &Question<'_>, at: usize, home: &Home, class: Class) -> Row {
    let place = &question.scope.places()[home.place];
    let event = home.event(question.days.end);
    let number = |number: Option<i64>| Cell::bare(number.map_or(Value::None, Value::Int));
    let group = home
        .ethnicity
        .and_then(|code| ethnic_group(&format!("{code:02}")));
    let basis = match event {
        None => "households.as_registered",
        Some(event) if event.recognised => "households.recognised",
        Some(_) => "households.proposed",
    };
    Row {
        key: home.record.to_string(),
        number: (at + 1).to_string(),
        label: Words::Name(String::new()),
        level: 2,
        unit: Some(place.unit.clone()),
        cells: vec![
            Cell::bare(Value::None),
            // Says in which of the two columns the birth is to stand, once somebody may read it.
            Cell::bare(Value::Bool(home.woman_head)),
            group.map_or(Cell::bare(Value::None), |group| {
                Cell::words(Words::Said(group.label.clone()))
            }),
            Cell::words(Words::Name(place.name.clone())),
            number(Some(home.people.persons)),
            number(event.and_then(|event| event.score_a)),
            number(event.and_then(|event| event.score_b)),
            Cell::words(Words::code(format!("class.{}", class.code()))),
            Cell::words(Words::code(basis)),
        ],
    }
}
