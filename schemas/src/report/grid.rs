//! Counting by unit and column, with the records behind one figure.

use super::key::Key;
use super::scope::Scope;
use super::table::{Cell, Column, ColumnKind, Row, Value, Words};

/// Which figure's records are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Want {
    /// The key of the row.
    pub row: String,
    /// The key of the column.
    pub column: String,
}

/// What a column of a grid holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Col {
    /// The number of records.
    Count,
    /// What records add up to.
    Sum,
    /// Distinct persons of the records: filled in at the end, because no sum of parts gives them.
    Persons,
    /// One column of another, in percent.
    Rate(&'static str, &'static str),
}

/// A column: its key, the group it stands in (empty for none), what it holds.
pub type Spec = (&'static str, &'static str, Col);

/// Sums by leaf row and column. Rows above the leaves are added up at the end.
#[derive(Debug)]
pub struct Grid {
    report: &'static str,
    specs: Vec<Spec>,
    places: usize,
    areas: bool,
    sums: Vec<i64>,
    wanted: Option<(Vec<bool>, usize)>,
    behind: Vec<Key>,
}

/// The rows of both kinds of area.
const AREAS: [(&str, &str); 2] = [("urban", "I"), ("rural", "II")];

impl Grid {
    /// A grid of zeros over the places of a scope; with `areas` each place has a row in the town and one in the
    /// country.
    #[must_use]
    pub fn new(
        report: &'static str,
        specs: Vec<Spec>,
        scope: &Scope,
        areas: bool,
        want: Option<&Want>,
    ) -> Self {
        let places = scope.places().len();
        let leaves = if areas { places * 2 } else { places };
        let wanted = want.and_then(|want| {
            let column = specs
                .iter()
                .position(|(key, _, col)| *key == want.column && !matches!(col, Col::Rate(..)))?;
            let in_row = |leaf: usize| {
                let (area, place) = if areas {
                    (leaf / places, leaf % places)
                } else {
                    (0, leaf)
                };
                let unit = &scope.places()[place].unit;
                match (areas, want.row.as_str()) {
                    (_, "total") => true,
                    (false, row) => row == unit,
                    (true, row) => {
                        let area = AREAS[area].0;
                        row == area
                            || row.strip_prefix(area).and_then(|rest| rest.strip_prefix('.')) == Some(unit)
                    }
                }
            };
            let rows: Vec<bool> = (0..leaves).map(in_row).collect();
            (want.row == "total"
                || AREAS.iter().any(|(area, _)| areas && want.row == *area)
                || rows.contains(&true))
            .then_some((rows, column))
        });
        Self {
            report,
            sums: vec![0; leaves * specs.len()],
            specs,
            places,
            areas,
            wanted,
            behind: Vec::new(),
        }
    }

    /// The place of a column. Panics on a key that is none of this grid's, which a test of every report would show.
    fn column(&self, key: &str) -> usize {
        let at = self.specs.iter().position(|(known, ..)| *known == key);
        at.expect("a column of this report")
    }

    /// Columns by key, to be found once and counted often.
    #[must_use]
    pub fn columns<const N: usize>(&self, keys: [&str; N]) -> [usize; N] {
        keys.map(|key| self.column(key))
    }

    /// The leaf of a place, in the town or in the country.
    #[must_use]
    pub fn leaf(&self, place: usize, urban: bool) -> usize {
        if self.areas && !urban {
            self.places + place
        } else {
            place
        }
    }

    /// One record more.
    pub fn hit(&mut self, leaf: usize, column: usize, record: Key) {
        self.add(leaf, column, 1, record);
    }

    /// A record adds so much.
    pub fn add(&mut self, leaf: usize, column: usize, amount: i64, record: Key) {
        let at = leaf * self.specs.len() + column;
        self.sums[at] = self.sums[at].saturating_add(amount);
        if let Some((rows, wanted)) = &self.wanted
            && *wanted == column
            && rows[leaf]
            && amount != 0
        {
            self.behind.push(record);
        }
    }

    /// The records behind the wanted figure, in order, each once; none if there is no such figure.
    #[must_use]
    pub fn behind(&self) -> Option<Vec<Key>> {
        self.wanted.as_ref()?;
        let mut behind = self.behind.clone();
        behind.sort_unstable();
        behind.dedup();
        Some(behind)
    }

    /// The columns.
    #[must_use]
    pub fn heads(&self) -> Vec<Column> {
        let heads = self.specs.iter().map(|(key, group, col)| Column {
            key: (*key).to_owned(),
            label: match col {
                Col::Rate(..) => Words::code("rate"),
                _ if key == group => Words::code("count"),
                _ => Words::code(format!("{}.{key}", self.report)),
            },
            group: (!group.is_empty()).then(|| Words::code(format!("{}.group.{group}", self.report))),
            kind: match col {
                Col::Count | Col::Sum | Col::Persons => ColumnKind::Int,
                Col::Rate(..) => ColumnKind::Percent,
            },
        });
        heads.collect()
    }

    /// The sums of some leaves added up, as cells.
    fn cells(&self, leaves: impl Iterator<Item = usize>) -> Vec<Cell> {
        let width = self.specs.len();
        let mut sums = vec![0_i64; width];
        for leaf in leaves {
            for (sum, part) in sums.iter_mut().zip(&self.sums[leaf * width..]) {
                *sum = sum.saturating_add(*part);
            }
        }
        let cells = self.specs.iter().zip(&sums).map(|((.., col), sum)| match col {
            Col::Count => Cell::count(*sum),
            Col::Sum | Col::Persons => Cell::made(Value::Int(*sum)),
            Col::Rate(part, whole) => Cell::percent(sums[self.column(part)], sums[self.column(whole)]),
        });
        cells.collect()
    }

    /// A sum over everything.
    #[must_use]
    pub fn total_of(&self, key: &str) -> i64 {
        let (column, width) = (self.column(key), self.specs.len());
        self.sums.iter().skip(column).step_by(width).sum()
    }

    /// All rows: areas with their places, or places alone; the total last.
    #[must_use]
    pub fn rows(&self, scope: &Scope) -> Vec<Row> {
        let mut rows = Vec::new();
        let place_rows = |prefix: &str, first: usize| {
            let places = scope.places().iter().enumerate();
            let made = places.map(|(at, place)| Row {
                key: format!("{prefix}{}", place.unit),
                number: (at + 1).to_string(),
                label: Words::Name(place.name.clone()),
                level: 2,
                unit: Some(place.unit.clone()),
                cells: self.cells(std::iter::once(first + at)),
            });
            made.collect::<Vec<_>>()
        };
        if self.areas {
            for (at, (area, number)) in AREAS.iter().enumerate() {
                let first = at * self.places;
                rows.push(Row {
                    key: (*area).to_owned(),
                    number: (*number).to_owned(),
                    label: Words::code(format!("area.{area}")),
                    level: 1,
                    unit: None,
                    cells: self.cells(first..first + self.places),
                });
                let full = |row: &Row| {
                    row.cells
                        .iter()
                        .any(|cell| matches!(cell.value, Value::Int(n) if n != 0))
                };
                rows.extend(
                    place_rows(&format!("{area}."), first)
                        .into_iter()
                        .filter(|row| full(row)),
                );
            }
        } else {
            rows.extend(place_rows("", 0));
        }
        let leaves = self.sums.len() / self.specs.len().max(1);
        rows.push(Row {
            key: "total".to_owned(),
            number: String::new(),
            label: Words::code("total"),
            level: 0,
            unit: None,
            cells: self.cells(0..leaves),
        });
        rows
    }
}
