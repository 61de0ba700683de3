//! Theo dân tộc và đối tượng (domain §7.5): one row per ethnic group of the heads.

use std::collections::BTreeMap;

use super::fact::{Fact, Kind};
use super::homes::{Home, Homes};
use super::poverty_review::notes;
use super::question::{Finished, Fold, Question};
use super::table::{Cell, Chart, Column, ColumnKind, Row, Table, Value, Words};
use crate::ethnic::ethnic_group;
use crate::poverty::Class;

/// Counts households and people of poor and near-poor households by ethnic group.
pub struct EthnicGroups<'a> {
    question: Question<'a>,
    homes: Homes,
}

impl<'a> EthnicGroups<'a> {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(question: Question<'a>) -> Self {
        Self {
            question,
            homes: Homes::default(),
        }
    }
}

/// What a household adds to each column, and whether the figure is the number of households.
const COLUMNS: [(&str, bool); 11] = [
    ("households", true),
    ("poor", true),
    ("poor_persons", false),
    ("near", true),
    ("near_persons", false),
    ("poor_no_labour", true),
    ("near_no_labour", true),
    ("poor_children", false),
    ("near_children", false),
    ("poor_woman_head", true),
    ("near_woman_head", true),
];

fn amounts(home: &Home, class: Class) -> [i64; 11] {
    let (poor, near) = (
        i64::from(class == Class::Poor),
        i64::from(class == Class::NearPoor),
    );
    let (people, no_labour, woman) = (
        home.people,
        i64::from(home.no_labour()),
        i64::from(home.woman_head),
    );
    [
        1,
        poor,
        poor * people.persons,
        near,
        near * people.persons,
        poor * no_labour,
        near * no_labour,
        poor * people.children,
        near * people.children,
        poor * woman,
        near * woman,
    ]
}

/// The row of a group: its two digits, or that it was not said.
fn row_key(group: Option<u8>) -> String {
    group.map_or_else(|| "unknown".to_owned(), |code| format!("{code:02}"))
}

impl Fold for EthnicGroups<'_> {
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
        let mut sums: BTreeMap<Option<u8>, [i64; 11]> = BTreeMap::new();
        let mut total = [0; 11];
        let mut minority = [0; 11];
        let wanted = question
            .want
            .and_then(|want| COLUMNS.iter().position(|(key, _)| *key == want.column));
        let mut behind = Vec::new();
        let mut proposed = false;
        for home in homes.iter().filter(|home| home.present(end)) {
            let amounts = amounts(home, home.class(end));
            proposed |= home.event(end).is_some_and(|event| !event.recognised);
            let row = sums.entry(home.ethnicity).or_insert([0; 11]);
            add(row, &amounts);
            add(&mut total, &amounts);
            if home.minority() {
                add(&mut minority, &amounts);
            }
            if let (Some(at), Some(want)) = (wanted, question.want) {
                let asked = match want.row.as_str() {
                    "total" => true,
                    "minority" => home.minority(),
                    row => row == row_key(home.ethnicity),
                };
                if asked && amounts[at] != 0 {
                    behind.push(home.record);
                }
            }
        }
        let group = |code: &Option<u8>| code.and_then(|code| ethnic_group(&format!("{code:02}")));
        let label = |code: &Option<u8>| {
            group(code).map_or_else(
                || Words::code("ethnic_groups.unknown"),
                |group| Words::Said(group.label.clone()),
            )
        };
        let mut rows: Vec<Row> = sums
            .iter()
            .enumerate()
            .map(|(at, (code, sums))| row(&row_key(*code), &(at + 1).to_string(), label(code), 2, sums))
            .collect();
        let groups: Vec<String> = rows.iter().map(|row| row.key.clone()).collect();
        rows.push(row(
            "minority",
            "",
            Words::code("ethnic_groups.minority"),
            1,
            &minority,
        ));
        rows.push(row("total", "", Words::code("total"), 0, &total));
        let known_row = question
            .want
            .is_some_and(|want| rows.iter().any(|row| row.key == want.row));
        let mut notes = notes(&question, proposed);
        notes.push(Words::code("note.merit_not_recorded"));
        let heads = COLUMNS.iter().map(|(key, _)| Column {
            key: (*key).to_owned(),
            label: Words::code(format!("ethnic_groups.{key}")),
            group: None,
            kind: ColumnKind::Int,
        });
        let table = Table {
            columns: heads.collect(),
            rows,
            checks: Vec::new(),
            notes,
            charts: vec![Chart {
                kind: "bar",
                title: Words::code("ethnic_groups.chart"),
                columns: vec!["poor", "near"],
                rows: groups,
            }],
        };
        Finished {
            table,
            behind: (wanted.is_some() && known_row).then_some(behind),
        }
    }
}

fn add(sums: &mut [i64; 11], amounts: &[i64; 11]) {
    for (sum, amount) in sums.iter_mut().zip(amounts) {
        *sum += amount;
    }
}

fn row(key: &str, number: &str, label: Words, level: u8, sums: &[i64; 11]) -> Row {
    let cells = COLUMNS.iter().zip(sums).map(|((_, counted), sum)| {
        if *counted {
            Cell::count(*sum)
        } else {
            Cell::made(Value::Int(*sum))
        }
    });
    Row {
        key: key.to_owned(),
        number: number.to_owned(),
        label,
        level,
        unit: None,
        cells: cells.collect(),
    }
}
