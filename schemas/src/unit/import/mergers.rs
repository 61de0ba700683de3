//! The table of mergers: every row is an old commune with its district and the commune that took
//! its place.

use jiff::civil::Date;

use super::Work;
use super::row::{Named, Table, date};
use crate::unit::csv::Row;
use crate::unit::{Level, Parent};

pub(super) const COLUMNS: [&str; 8] = [
    "old_code",
    "old_name",
    "old_district_code",
    "old_district",
    "old_valid_to",
    "new_code",
    "new_name",
    "new_valid_from",
];

pub(super) fn read(table: &Table, work: &mut Work<'_>) {
    for row in table.rows() {
        read_row(table, row, work);
    }
}

fn read_row(table: &Table, row: &Row, work: &mut Work<'_>) {
    let line = row.line;
    let cell = |column| table.cell(row, column);
    let (Ok(Some(old_to)), Ok(Some(new_from))) = (date(&cell("old_valid_to")), date(&cell("new_valid_from")))
    else {
        work.problem(
            line,
            "date_malformed",
            "Ngày không hợp lệ, vui lòng ghi dd/mm/yyyy.",
            "Invalid date: please write dd/mm/yyyy.",
        );
        return;
    };
    if new_from <= old_to {
        work.problem(
            line,
            "dates_backwards",
            "Đơn vị mới có hiệu lực trước khi đơn vị cũ kết thúc, vui lòng kiểm tra lại.",
            "The new unit begins before the old one ends: please check it.",
        );
        return;
    }
    // All three are read before any is placed, so that a bad row changes nothing.
    let read = |work: &mut Work<'_>, level, code: &'static str, name: &'static str| {
        Named::read(work, line, level, &cell(code), &cell(name))
    };
    let Some(mut new) = read(work, Level::Commune, "new_code", "new_name") else {
        return;
    };
    let Some(mut district) = read(work, Level::District, "old_district_code", "old_district") else {
        return;
    };
    let Some(mut old) = read(work, Level::Commune, "old_code", "old_name") else {
        return;
    };
    new.valid_from = Some(new_from);
    district.valid_to = Some(old_to);
    old.valid_to = Some(old_to);

    let parents = province(work, new_from).map(|id| Parent {
        id,
        from: Some(new_from),
        to: None,
    });
    let new_id = new.place(work, parents.into_iter().collect(), None);
    let parents = province(work, old_to).map(|id| Parent {
        id,
        from: None,
        to: Some(old_to),
    });
    let district_id = district.place(work, parents.into_iter().collect(), None);
    let parents = vec![Parent {
        id: district_id,
        from: None,
        to: Some(old_to),
    }];
    old.place(work, parents, Some(&new_id));
}

/// The province on a day, when there is exactly one: the table does not name it.
fn province(work: &Work<'_>, on: Date) -> Option<String> {
    let mut found = work
        .known
        .iter()
        .filter(|unit| unit.level == Level::Province && unit.in_force(on));
    match (found.next(), found.next()) {
        (Some(unit), None) => Some(unit.id.clone()),
        _ => None,
    }
}
