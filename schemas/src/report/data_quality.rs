//! Chất lượng số liệu (domain §7.9): records by review state, disagreements, likely doubles, silent devices.

use std::collections::BTreeSet;

use super::fact::{Fact, Kind, State};
use super::grid::{Col, Grid, Spec};
use super::key::Key;
use super::question::{Finished, Fold, Question};
use super::table::{Table, Value, Words};

/// A device in somebody's hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// The units of the person who holds it.
    pub units: Vec<Key>,
    /// The day it was last heard of; none if never.
    pub heard: Option<i32>,
    /// Changes it said it had not sent yet, when it was last heard of.
    pub pending: Option<i64>,
}

/// What no single record tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Around {
    /// Records that look like another.
    pub doubles: BTreeSet<Key>,
    /// Devices that may write.
    pub devices: Vec<Holding>,
    /// Days after which a device counts as silent.
    pub silent_days: i32,
}

/// Counts what is wrong or unfinished.
pub struct DataQuality<'a> {
    question: Question<'a>,
    around: &'a Around,
    grid: Grid,
    columns: [usize; 5],
    states: Vec<usize>,
}

impl<'a> DataQuality<'a> {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(question: Question<'a>, around: &'a Around) -> Self {
        let grid = Grid::new("data_quality", specs(), question.scope, false, question.want);
        Self {
            columns: grid.columns(["records", "conflicts", "findings", "doubles", "merged"]),
            states: State::ALL
                .iter()
                .flat_map(|state| grid.columns([state.code()]))
                .collect(),
            grid,
            question,
            around,
        }
    }
}

fn specs() -> Vec<Spec> {
    use Col::{Count, Rate, Sum};
    vec![
        ("records", "", Count),
        ("received", "states", Count),
        ("edited", "states", Count),
        ("has_issues", "states", Count),
        ("approved", "states", Count),
        ("approved_rate", "states", Rate("approved", "records")),
        ("locked", "states", Count),
        ("rejected", "states", Count),
        ("void", "states", Count),
        ("conflicts", "", Count),
        ("findings", "", Count),
        ("doubles", "", Count),
        ("merged", "", Count),
        ("drafts", "devices", Sum),
        ("silent", "devices", Sum),
    ]
}

impl Fold for DataQuality<'_> {
    fn kinds(&self) -> &'static [Kind] {
        Kind::ALL
    }

    fn sees_all(&self) -> bool {
        true
    }

    fn add(&mut self, fact: &Fact) {
        let Some(stands) = self.question.scope.stands(fact.unit) else {
            return;
        };
        if fact.day.is_some_and(|day| day > self.question.days.end) {
            return;
        }
        let leaf = self.grid.leaf(stands.place, false);
        let lost = self.question.merged.is_lost(fact.record);
        let settled = lost || fact.state.is_out();
        let answers = [
            true,
            fact.conflict == 2 && !settled,
            fact.findings > 0 && !settled,
            self.around.doubles.contains(&fact.record) && !settled,
            lost,
        ];
        let state = self.states[usize::from(fact.state.number())];
        self.grid.hit(leaf, state, fact.record);
        for (column, _) in self.columns.into_iter().zip(answers).filter(|(_, yes)| *yes) {
            self.grid.hit(leaf, column, fact.record);
        }
    }

    fn finish(self: Box<Self>) -> Finished {
        let Self {
            question,
            around,
            grid,
            ..
        } = *self;
        let [drafts, silent] = grid.columns(["drafts", "silent"]);
        let mut rows = grid.rows(question.scope);
        let total = rows.len() - 1;
        let mut unknown = 0;
        for device in &around.devices {
            let places = device
                .units
                .iter()
                .filter_map(|unit| question.scope.stands(Some(*unit)));
            let places: BTreeSet<usize> = places.map(|stands| stands.place).collect();
            if places.is_empty() {
                continue;
            }
            let quiet = device
                .heard
                .is_none_or(|day| question.days.end - day >= around.silent_days);
            unknown += i64::from(device.pending.is_none());
            for row in places.into_iter().chain([total]) {
                for (column, more) in [(drafts, device.pending.unwrap_or(0)), (silent, i64::from(quiet))] {
                    if let Value::Int(sum) = &mut rows[row].cells[column].value {
                        *sum += more;
                    }
                }
            }
        }
        for row in &mut rows {
            for column in [drafts, silent] {
                row.cells[column].behind = super::table::Behind::Nothing;
            }
        }
        let table = Table {
            columns: grid.heads(),
            rows,
            checks: Vec::new(),
            notes: vec![
                Words::with("note.silent_days", [("days", around.silent_days.to_string())]),
                Words::with("note.drafts_on_phones", [("count", unknown.to_string())]),
            ],
            charts: Vec::new(),
        };
        let made = question
            .want
            .is_some_and(|want| matches!(want.column.as_str(), "drafts" | "silent"));
        Finished {
            behind: grid.behind().filter(|_| !made),
            table,
        }
    }
}
