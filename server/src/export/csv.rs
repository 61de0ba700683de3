//! One table as CSV, as spreadsheets here open it by a double click.

use std::io::{self, Write};

use super::Sink;
use super::cell::{Cell, local};
use super::layout::Sheet;
use super::record::Shown;
use crate::review::MASK;

/// By this a spreadsheet knows that the text is UTF-8.
const BOM: &[u8] = "\u{feff}".as_bytes();

/// Writes one table.
pub(super) struct CsvSink<'a, W: Write> {
    out: csv::Writer<W>,
    sheet: &'a Sheet,
}

impl<'a, W: Write> CsvSink<'a, W> {
    pub(super) fn new(mut out: W, sheet: &'a Sheet, labels: bool) -> io::Result<Self> {
        out.write_all(BOM)?;
        let mut out = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        let heads = sheet
            .columns
            .iter()
            .map(|column| if labels { &column.label } else { &column.name });
        out.write_record(heads.map(|head| harmless(head)))?;
        Ok(Self { out, sheet })
    }

    fn row(&mut self, record: &Shown<'_>, prefix: &str) -> io::Result<()> {
        for column in &self.sheet.columns {
            self.out.write_field(text(&record.cell(column, prefix)))?;
        }
        Ok(self.out.write_record(None::<&[u8]>)?)
    }
}

impl<W: Write> Sink for CsvSink<'_, W> {
    fn put(&mut self, record: &Shown<'_>) -> io::Result<()> {
        if self.sheet.repeat.is_empty() {
            return self.row(record, "");
        }
        let rows = record.rows();
        for prefix in rows.get(&self.sheet.repeat).into_iter().flatten() {
            self.row(record, prefix)?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, _records: u64) -> io::Result<()> {
        self.out.flush()
    }
}

/// A cell as text: days as `2024-03-05`, moments in local time.
fn text(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => harmless(text),
        Cell::Int(number) => number.to_string(),
        Cell::Decimal(number) => number.to_string(),
        Cell::Bool(truth) => truth.to_string(),
        Cell::Date(day) => day.to_string(),
        Cell::Moment(moment) => local(*moment),
        Cell::Masked => MASK.to_owned(),
    }
}

/// Text that no spreadsheet takes for a formula: one that could be is led by an apostrophe (OWASP, CSV injection). A
/// leading space or an invisible letter does not hide it.
fn harmless(text: &str) -> String {
    let hidden =
        |letter: char| letter == ' ' || letter == '\u{feff}' || letter == '\u{a0}' || letter == '\u{200b}';
    let starts = |letter| {
        matches!(
            letter,
            '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'
        )
    };
    if text.trim_start_matches(hidden).starts_with(starts) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_could_be_a_formula_is_led_by_an_apostrophe() {
        for text in [
            "=1+1",
            "+84912",
            "-5",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            " =cmd|' /C calc'!A0",
            "＝1",
        ] {
            assert_eq!(harmless(text), format!("'{text}"), "{text}");
        }
        for text in ["", "Giàng A Sình", "0912345678", "a=b", "'=1"] {
            assert_eq!(harmless(text), text);
        }
        assert_eq!(text(&Cell::Int(-5)), "-5", "a number is a number");
        assert_eq!(text(&Cell::Masked), MASK);
    }

    proptest! {
        /// Whatever people typed reads back as one cell, which no spreadsheet evaluates.
        #[test]
        fn any_text_is_one_harmless_cell(typed in "\\PC*|[=+@\\-\\t\\r\\n\",; a]{0,8}") {
            let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
            out.write_record([text(&Cell::Text(typed.clone())), "end".to_owned()]).expect("writes");
            let bytes = out.into_inner().expect("bytes");
            let mut back = csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[..]);
            let row = back.records().next().expect("a row").expect("a row");
            prop_assert_eq!(row.len(), 2);
            let cell = &row[0];
            prop_assert_eq!(cell.strip_prefix('\'').filter(|_| !typed.starts_with('\'')).unwrap_or(cell), &typed);
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']));
        }
    }
}
