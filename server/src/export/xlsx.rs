//! A workbook: a sheet for the records, one for each repeat, joined by the record's id, and a note. Written row by row
//! into files beside the database, so that its size is no question of memory.

use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};
use schemas::expr::LOCAL_OFFSET;

use super::Sink;
use super::cell::Cell;
use super::layout::{Column, Kind, Layout, Sheet};
use super::note;
use super::record::Shown;
use crate::review::MASK;

/// Rows of one sheet, its head included.
const ROWS_MAX: u32 = 1_048_576;
/// Letters of a sheet's name.
const NAME_CHARS_MAX: usize = 31;
/// Letters of one cell.
const CELL_CHARS_MAX: usize = 32_767;
/// Whole numbers beyond this lose digits in a spreadsheet: they go out as text.
const EXACT_MAX: u64 = 1 << 53;
/// The day that spreadsheets count from, as far as days after February 1900 go.
const DAY_ZERO: Date = date(1899, 12, 30);

/// Writes a workbook.
pub(super) struct XlsxSink<'a> {
    out: BufWriter<std::fs::File>,
    book: Workbook,
    tables: Vec<Table<'a>>,
    names: Vec<String>,
    styles: Styles,
    labels: bool,
    note: Vec<(String, String)>,
}

/// A table and where its next row goes.
struct Table<'a> {
    sheet: &'a Sheet,
    name: String,
    index: usize,
    row: u32,
    part: u32,
}

struct Styles {
    head: Format,
    day: Format,
    moment: Format,
    text: Format,
}

impl<'a> XlsxSink<'a> {
    pub(super) fn new(
        out: BufWriter<std::fs::File>,
        dir: &Path,
        layout: &'a Layout,
        labels: bool,
        note: Vec<(String, String)>,
    ) -> io::Result<Self> {
        let mut book = Workbook::new();
        book.set_tempdir(dir).map_err(failed)?;
        let mut sink = Self {
            out,
            book,
            tables: Vec::new(),
            names: Vec::new(),
            styles: Styles {
                head: Format::new()
                    .set_bold()
                    .set_align(FormatAlign::Top)
                    .set_text_wrap(),
                day: Format::new().set_num_format("dd/mm/yyyy"),
                moment: Format::new().set_num_format("dd/mm/yyyy hh:mm:ss"),
                text: Format::new().set_num_format("@"),
            },
            labels,
            note,
        };
        for sheet in std::iter::once(&layout.main).chain(&layout.repeats) {
            let plain = if sheet.repeat.is_empty() {
                &layout.kind
            } else {
                &sheet.repeat
            };
            let wanted = if labels { &sheet.label } else { plain };
            let table = Table {
                sheet,
                name: wanted.clone(),
                index: 0,
                row: 0,
                part: 0,
            };
            sink.tables.push(table);
            sink.begin(sink.tables.len() - 1)?;
        }
        Ok(sink)
    }

    /// Begins a sheet for a table: its first, or one more where the last is full.
    fn begin(&mut self, at: usize) -> io::Result<()> {
        let table = &mut self.tables[at];
        table.part += 1;
        let name = unique(&table.name, table.part, &mut self.names);
        table.index = self.names.len() - 1;
        let sheet = self.book.add_worksheet_with_constant_memory().map_err(failed)?;
        sheet.set_name(&name).map_err(failed)?;
        sheet.set_freeze_panes(1, 0).map_err(failed)?;
        for (at, column) in (0..).zip(&table.sheet.columns) {
            sheet.set_column_width(at, width(column)).map_err(failed)?;
        }
        for (at, column) in (0..).zip(&table.sheet.columns) {
            let head = if self.labels { &column.label } else { &column.name };
            sheet
                .write_string_with_format(0, at, head, &self.styles.head)
                .map_err(failed)?;
        }
        table.row = 1;
        Ok(())
    }

    fn row(&mut self, at: usize, record: &Shown<'_>, prefix: &str) -> io::Result<()> {
        if self.tables[at].row >= ROWS_MAX {
            self.begin(at)?;
        }
        let table = &mut self.tables[at];
        let sheet = self.book.worksheet_from_index(table.index).map_err(failed)?;
        for (column_at, column) in (0..).zip(&table.sheet.columns) {
            let cell = record.cell(column, prefix);
            write(sheet, (table.row, column_at), &cell, &self.styles).map_err(failed)?;
        }
        table.row += 1;
        Ok(())
    }
}

impl Sink for XlsxSink<'_> {
    fn put(&mut self, record: &Shown<'_>) -> io::Result<()> {
        self.row(0, record, "")?;
        if self.tables.len() == 1 {
            return Ok(());
        }
        let rows = record.rows();
        for at in 1..self.tables.len() {
            for prefix in rows.get(&self.tables[at].sheet.repeat).into_iter().flatten() {
                self.row(at, record, prefix)?;
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, records: u64) -> io::Result<()> {
        let name = unique(&note::word("sheet"), 1, &mut self.names);
        let sheet = self.book.add_worksheet();
        sheet.set_name(&name).map_err(failed)?;
        sheet.set_column_width(0, 32).map_err(failed)?;
        sheet.set_column_width(1, 80).map_err(failed)?;
        let count = (note::word("records"), records.to_string());
        for (row, (what, value)) in (0..).zip(self.note.iter().chain([&count])) {
            sheet
                .write_string_with_format(row, 0, what, &self.styles.head)
                .map_err(failed)?;
            sheet.write_string(row, 1, fitting(value)).map_err(failed)?;
        }
        self.book.save_to_writer(&mut self.out).map_err(failed)?;
        self.out.flush()
    }
}

fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    styles: &Styles,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => return Ok(()),
        Cell::Text(text) => sheet.write_string_with_format(row, column, fitting(text), &styles.text)?,
        Cell::Int(number) if number.unsigned_abs() > EXACT_MAX => {
            sheet.write_string_with_format(row, column, number.to_string(), &styles.text)?
        }
        Cell::Int(number) => sheet.write_number(row, column, *number as f64)?,
        Cell::Decimal(number) => sheet.write_number(row, column, *number)?,
        Cell::Bool(truth) => sheet.write_boolean(row, column, *truth)?,
        Cell::Date(day) => match day_number(*day) {
            Some(number) => sheet.write_number_with_format(row, column, f64::from(number), &styles.day)?,
            None => sheet.write_string_with_format(row, column, day.to_string(), &styles.text)?,
        },
        Cell::Moment(moment) => match moment_number(*moment) {
            Some(number) => sheet.write_number_with_format(row, column, number, &styles.moment)?,
            None => sheet.write_string_with_format(row, column, super::cell::local(*moment), &styles.text)?,
        },
        Cell::Masked => sheet.write_string(row, column, MASK)?,
    };
    Ok(())
}

/// A day as spreadsheets count; none for days before March 1900, which they count wrongly.
fn day_number(day: Date) -> Option<i32> {
    let days = day.since(DAY_ZERO).ok()?.get_days();
    (days > 60).then_some(days)
}

/// A moment as spreadsheets count, in local time.
fn moment_number(moment: Timestamp) -> Option<f64> {
    let local = LOCAL_OFFSET.to_datetime(moment);
    let seconds = i32::from(local.hour()) * 3600 + i32::from(local.minute()) * 60 + i32::from(local.second());
    Some(f64::from(day_number(local.date())?) + f64::from(seconds) / 86_400.0)
}

/// As much of a text as one cell takes.
fn fitting(text: &str) -> String {
    if text.len() <= CELL_CHARS_MAX {
        return text.to_owned();
    }
    // Spreadsheets count UTF-16 units.
    let mut units = 0;
    let fits = |letter: &char| {
        units += letter.len_utf16();
        units <= CELL_CHARS_MAX
    };
    text.chars().take_while(fits).collect()
}

/// A name for a sheet that spreadsheets accept and no other sheet has, whatever the case.
fn unique(wanted: &str, part: u32, names: &mut Vec<String>) -> String {
    let clean: String = wanted
        .chars()
        .map(|letter| {
            if matches!(letter, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'') {
                '.'
            } else {
                letter
            }
        })
        .collect();
    let mut number = part;
    loop {
        let end = if number == 1 {
            String::new()
        } else {
            format!(" ({number})")
        };
        let room = NAME_CHARS_MAX - end.len();
        let begun: String = clean.chars().take(room).collect();
        let name = format!("{}{end}", begun.trim());
        let taken = |known: &String| known.to_lowercase() == name.to_lowercase();
        if !names.iter().any(taken) {
            names.push(name.clone());
            return name;
        }
        number += 1;
    }
}

const fn width(column: &Column) -> f64 {
    match column.kind {
        Kind::Text => 18.0,
        Kind::Int | Kind::Decimal | Kind::Bool => 11.0,
        Kind::Date => 12.0,
        Kind::Moment => 20.0,
    }
}

/// What the writer of workbooks says, as the layer above knows failures; a full disk stays one.
fn failed(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        XlsxError::ZipError(error) => error.into(),
        other => io::Error::other(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_as_spreadsheets_count() {
        assert_eq!(day_number(date(2024, 3, 5)), Some(45_356));
        assert_eq!(day_number(date(1900, 3, 1)), Some(61));
        assert_eq!(day_number(date(1899, 1, 1)), None);
        let noon: Timestamp = "2024-03-05T05:00:00Z".parse().expect("a moment");
        assert_eq!(moment_number(noon), Some(45_356.5));
    }

    #[test]
    fn names_of_sheets_are_fit_and_differ() {
        let mut names = Vec::new();
        assert_eq!(
            unique("members/other_names", 1, &mut names),
            "members.other_names"
        );
        assert_eq!(
            unique("Members.Other_Names", 1, &mut names),
            "Members.Other_Names (2)"
        );
        assert_eq!(unique(&"ă".repeat(40), 1, &mut names).chars().count(), 31);
        assert_eq!(unique("x", 2, &mut names), "x (2)");
    }

    #[test]
    fn a_cell_takes_only_so_much() {
        assert_eq!(fitting(&"𝒳".repeat(20_000)).chars().count(), CELL_CHARS_MAX / 2);
    }
}
