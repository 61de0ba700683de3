//! The plain list: one unit per row, parents before children or already known.

use jiff::civil::Date;

use super::row::{Named, Table, date};
use super::{ImportChange, Work};
use crate::unit::csv::Row;
use crate::unit::{Level, Parent};

pub(super) const COLUMNS: [&str; 6] = ["level", "code", "name", "parent_code", "valid_from", "valid_to"];

pub(super) fn read(table: &Table, work: &mut Work<'_>) {
    for row in table.rows() {
        read_row(table, row, work);
    }
}

fn read_row(table: &Table, row: &Row, work: &mut Work<'_>) {
    let line = row.line;
    let Some(level) = Level::parse(&table.cell(row, "level").to_lowercase()) else {
        work.problem(
            line,
            "level_unknown",
            "Cấp đơn vị không hợp lệ, vui lòng ghi province, district, commune, village hoặc review_area.",
            "Unknown level: please write province, district, commune, village or review_area.",
        );
        return;
    };
    let (Ok(valid_from), Ok(valid_to)) = (
        date(&table.cell(row, "valid_from")),
        date(&table.cell(row, "valid_to")),
    ) else {
        work.problem(
            line,
            "date_malformed",
            "Ngày không hợp lệ, vui lòng ghi dd/mm/yyyy.",
            "Invalid date: please write dd/mm/yyyy.",
        );
        return;
    };
    if let (Some(from), Some(to)) = (valid_from, valid_to)
        && to < from
    {
        work.problem(
            line,
            "dates_backwards",
            "Ngày kết thúc trước ngày bắt đầu, vui lòng kiểm tra lại.",
            "The end is before the start: please check it.",
        );
        return;
    }
    let (code, name) = (table.cell(row, "code"), table.cell(row, "name"));
    let Some(mut named) = Named::read(work, line, level, &code, &name) else {
        return;
    };
    (named.valid_from, named.valid_to) = (valid_from, valid_to);
    let parent_code = table.cell(row, "parent_code");
    let Ok(parent) = parent(work, level, &parent_code, valid_from, valid_to) else {
        work.problem(
            line,
            "parent_unknown",
            &format!("Không xác định được đơn vị cấp trên có mã {parent_code}, vui lòng kiểm tra lại mã và ngày hiệu lực."),
            &format!("No single unit above has the code {parent_code} at that time: please check the code and the dates."),
        );
        return;
    };
    let parents = parent
        .into_iter()
        .map(|id| Parent {
            id,
            from: valid_from,
            to: valid_to,
        })
        .collect();
    named.place(work, parents, None);
}

/// The parent's id: a known unit or one from an earlier row that holds the code at that time.
fn parent(
    work: &Work<'_>,
    level: Level,
    code: &str,
    from: Option<Date>,
    to: Option<Date>,
) -> Result<Option<String>, ()> {
    if code.is_empty() {
        return if level == Level::Village {
            Err(())
        } else {
            Ok(None)
        };
    }
    let made = work.preview.changes.iter().filter_map(|change| match change {
        ImportChange::Create { unit, .. } => Some(&**unit),
        _ => None,
    });
    let at = to.or(from);
    let fits = |unit: &&crate::unit::Unit| {
        unit.official_code.as_deref() == Some(code)
            && unit.level < level
            && at.map_or(unit.valid_to.is_none(), |at| unit.in_force(at))
    };
    let mut found = made.chain(work.known.iter()).filter(fits);
    match (found.next(), found.next()) {
        (Some(unit), None) => Ok(Some(unit.id.clone())),
        _ => Err(()),
    }
}
