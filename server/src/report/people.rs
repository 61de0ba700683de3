//! Names in a list of households: put in for who may read them, hidden from the others.

use std::collections::BTreeMap;

use schemas::report::{Cell, Table, Value, Words};

use crate::review::MASK;
use crate::store::fact::HeadOfHousehold;

/// Columns that hold personal data; of the two births one stays empty, by sex.
const PERSONAL: [&str; 3] = ["born_man", "born_woman", "ethnicity"];

/// Hides everything personal.
pub(super) fn mask(table: &mut Table) {
    let hidden = || Words::Name(MASK.to_owned());
    let columns: Vec<usize> = PERSONAL
        .iter()
        .filter_map(|key| table.columns.iter().position(|column| column.key == *key))
        .collect();
    for row in &mut table.rows {
        row.label = hidden();
        for column in &columns {
            row.cells[*column] = Cell::words(hidden());
        }
    }
}

/// Puts the heads' names and years of birth in.
pub(super) fn name(table: &mut Table, heads: &[HeadOfHousehold]) {
    let heads: BTreeMap<String, &HeadOfHousehold> =
        heads.iter().map(|head| (head.record.to_string(), head)).collect();
    let at = |key: &str| table.columns.iter().position(|column| column.key == key);
    let (Some(man), Some(woman)) = (at("born_man"), at("born_woman")) else {
        return;
    };
    for row in &mut table.rows {
        let Some(head) = heads.get(&row.key) else { continue };
        row.label = Words::Name(head.name.clone());
        let is_woman = row.cells[woman].value == Value::Bool(true);
        let year = head
            .birth_year
            .map_or(Value::None, |year| Value::Words(Words::Name(year.to_string())));
        row.cells[man] = Cell::bare(if is_woman { Value::None } else { year.clone() });
        row.cells[woman] = Cell::bare(if is_woman { year } else { Value::None });
    }
}
