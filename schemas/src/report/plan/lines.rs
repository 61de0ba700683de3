//! Lines, one per record, become rows of figures; and the records behind one figure.

use std::collections::BTreeSet;

use crate::form::Label;
use crate::plan::{Target, TargetOp};
use crate::report::key::Key;
use crate::report::question::Question;
use crate::report::table::{Behind, Cell, Column, ColumnKind, Row, Value, Words};

/// What one record brings to a figure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub place: usize,
    /// Whether it counts in the period, and in the cumulative figure.
    pub within: [bool; 2],
    pub amount: f64,
    /// Of whom, where distinct persons or households are counted.
    pub who: Option<Key>,
    pub record: Key,
}

/// How lines become a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shows {
    /// How many records.
    Records,
    /// What they add up to.
    Sum,
    /// How many different ones they are of.
    Distinct,
}

/// A figure of both spans; none where nothing is known.
pub(super) type Pair = [Option<f64>; 2];

/// The rows being made.
pub(super) struct Progress<'a> {
    question: &'a Question<'a>,
    rows: Vec<Row>,
    behind: Option<Vec<Key>>,
}

/// What is known of a figure beside its lines.
#[derive(Default)]
pub(super) struct Said {
    /// Its share of what is asked in percent, where that is not value by target.
    pub percent: Option<f64>,
    /// Whether the target is reached, where that is not value against target.
    pub reached: Option<bool>,
    /// What has to be said.
    pub note: Option<Words>,
}

impl<'a> Progress<'a> {
    pub(super) fn new(question: &'a Question<'a>) -> Self {
        Self {
            question,
            rows: Vec::new(),
            behind: None,
        }
    }

    pub(super) fn finish(self) -> (Vec<Row>, Option<Vec<Key>>) {
        (self.rows, self.behind)
    }

    /// What lines come to, in the places asked for.
    pub(super) fn figure(lines: &[Line], shows: Shows, place: Option<usize>) -> Pair {
        [0, 1].map(|span| {
            let own = lines
                .iter()
                .filter(|line| line.within[span] && place.is_none_or(|place| line.place == place));
            #[allow(clippy::cast_precision_loss, reason = "counts of people stay far below 2^52")]
            Some(match shows {
                Shows::Records => own.count() as f64,
                Shows::Sum => own.map(|line| line.amount).sum(),
                Shows::Distinct => {
                    let who: BTreeSet<Key> = own.filter_map(|line| line.who).collect();
                    who.len() as f64
                }
            })
        })
    }

    /// A row of the target itself, made of lines; and one for each unit the plan asks a number of.
    pub(super) fn target(&mut self, target: &Target, lines: &[Line], shows: Shows, said: Said) {
        let pair = Self::figure(lines, shows, None);
        self.note_behind(&target.id, lines, shows, None);
        self.row(target, pair, behind(shows), said);
        for asked in &self.question.plan.unit_targets {
            let Some(place) = self
                .question
                .scope
                .place_of(&asked.unit_id)
                .filter(|_| asked.target == target.id)
            else {
                continue;
            };
            let key = format!("{}@{}", target.id, asked.unit_id);
            let own = Target {
                value: Some(asked.value),
                ..target.clone()
            };
            let pair = Self::figure(lines, shows, Some(place));
            self.note_behind(&key, lines, shows, Some(place));
            let name = self.question.scope.places()[place].name.clone();
            let mut row = made(
                &own,
                &key,
                Words::Name(name),
                2,
                pair,
                behind(shows),
                Said::default(),
            );
            row.unit = Some(asked.unit_id.clone());
            self.rows.push(row);
        }
    }

    /// A row of the target itself, from figures that were found otherwise.
    pub(super) fn row(&mut self, target: &Target, pair: Pair, behind: Behind, said: Said) {
        let mut row = made(
            target,
            &target.id,
            Words::Said(target.label.clone()),
            1,
            pair,
            behind,
            said,
        );
        row.number = target.id.trim_start_matches('T').to_owned();
        self.rows.push(row);
    }

    /// A row under a target that tells more, made of lines.
    pub(super) fn more(&mut self, target: &Target, name: &str, unit: &str, lines: &[Line], shows: Shows) {
        let key = format!("{}.{name}", target.id);
        self.note_behind(&key, lines, shows, None);
        let pair = Self::figure(lines, shows, None);
        self.more_figure(target, name, unit, pair, behind(shows));
    }

    /// A row under a target that tells more, from figures.
    pub(super) fn more_figure(
        &mut self,
        target: &Target,
        name: &str,
        unit: &str,
        pair: Pair,
        behind: Behind,
    ) {
        let shown = Target {
            op: TargetOp::Report,
            value: None,
            value_to: None,
            unit: Label::default(),
            ..target.clone()
        };
        let key = format!("{}.{name}", target.id);
        let label = Words::code(format!("plan_progress.more.{name}"));
        let mut row = made(&shown, &key, label, 2, pair, behind, Said::default());
        row.cells[0] = Cell::words(Words::code(format!("unit.{unit}")));
        self.rows.push(row);
    }

    /// Remembers the records if this is the row whose records are asked for.
    pub(super) fn note_behind(&mut self, key: &str, lines: &[Line], shows: Shows, place: Option<usize>) {
        let Some(want) = self.question.want.filter(|want| want.row == key) else {
            return;
        };
        let Some(span) = SPANS.iter().position(|span| *span == want.column) else {
            return;
        };
        let own = lines.iter().filter(|line| {
            let counts = line.within[span] && place.is_none_or(|place| line.place == place);
            counts && (shows != Shows::Distinct || line.who.is_some())
        });
        let mut records: Vec<Key> = own.map(|line| line.record).collect();
        records.sort_unstable();
        records.dedup();
        self.behind = Some(records);
    }
}

const SPANS: [&str; 2] = ["period", "cumulative"];

fn behind(shows: Shows) -> Behind {
    match shows {
        Shows::Records => Behind::Counted,
        Shows::Sum | Shows::Distinct => Behind::Made,
    }
}

fn made(target: &Target, key: &str, label: Words, level: u8, pair: Pair, behind: Behind, said: Said) -> Row {
    let number = |number: Option<f64>, behind| Cell {
        value: number.map_or(Value::None, whole_or_not),
        behind: number.map_or(Behind::Nothing, |_| behind),
    };
    let [period, cumulative] = pair;
    let percent = said
        .percent
        .or_else(|| cumulative.and_then(|value| target.percent_of_plan(value)));
    let reached = said
        .reached
        .or_else(|| cumulative.and_then(|value| target.reached(value)));
    let asked = match (target.value, target.value_to) {
        (Some(from), Some(to)) => Cell::words(Words::Name(format!("{from}-{to}"))),
        (value, _) => number(value, Behind::Nothing),
    };
    Row {
        key: key.to_owned(),
        number: String::new(),
        label,
        level,
        unit: None,
        cells: vec![
            Cell::words(Words::Said(target.unit.clone())),
            asked,
            number(period, behind),
            number(cumulative, behind),
            Cell::bare(percent.map_or(Value::None, Value::Decimal)),
            Cell::bare(reached.map_or(Value::None, Value::Bool)),
            said.note.map_or(Cell::bare(Value::None), Cell::words),
        ],
    }
}

/// A whole number as one, so that screens show `10` and not `10,0`.
#[allow(
    clippy::cast_possible_truncation,
    reason = "only whole numbers within i64 are cast"
)]
fn whole_or_not(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        Value::Int(number as i64)
    } else {
        Value::Decimal(number)
    }
}

pub(super) fn columns() -> Vec<Column> {
    use ColumnKind::{Bool, Decimal, Percent, Text};
    let columns = [
        ("unit", Text),
        ("plan", Decimal),
        ("period", Decimal),
        ("cumulative", Decimal),
        ("percent", Percent),
        ("reached", Bool),
        ("note", Text),
    ];
    let columns = columns.map(|(key, kind)| Column {
        key: key.to_owned(),
        label: Words::code(format!("plan_progress.{key}")),
        group: SPANS
            .contains(&key)
            .then(|| Words::code("plan_progress.group.done")),
        kind,
    });
    columns.to_vec()
}
