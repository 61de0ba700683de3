//! A report as a sheet: the official heads, typed cells, ready to print; what it says of itself on a second sheet.

use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use schemas::report::{Cell, Column, ColumnKind, Row, Value, Words};

use super::{Made, ReportError, said, title};
use crate::messages::{self, Lang};

/// A4.
const PAPER: u8 = 9;
/// Lines before the heads: province, unit, title, period, unit of measure.
const HEAD: u32 = 5;
/// Columns before the figures: number and head of the row.
const LEFT: u16 = 2;

/// The bytes of the sheet. Blocks.
///
/// # Errors
/// When the sheet cannot be written.
pub fn sheet(made: &Made, lang: Lang) -> Result<Vec<u8>, ReportError> {
    let mut book = Workbook::new();
    let written = figures(book.add_worksheet(), made, lang)
        .and_then(|()| notes(book.add_worksheet(), made, lang))
        .and_then(|()| book.save_to_buffer());
    written.map_err(|error| ReportError::Sheet(error.to_string()))
}

/// Words of the sheet itself.
fn word(lang: Lang, code: &str, values: &[(&'static str, String)]) -> String {
    messages::report(lang, code, values)
}

fn base() -> Format {
    Format::new().set_font_name("Times New Roman").set_font_size(11)
}

fn boxed() -> Format {
    base()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::VerticalCenter)
}

fn head() -> Format {
    boxed()
        .set_bold()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
}

fn figures(sheet: &mut Worksheet, made: &Made, lang: Lang) -> Result<(), XlsxError> {
    let columns = &made.table.columns;
    let last = LEFT + u16::try_from(columns.len()).unwrap_or(u16::MAX - LEFT) - 1;
    sheet.set_name(word(lang, "sheet.figures", &[]))?;
    sheet.set_landscape();
    sheet.set_paper_size(PAPER);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
    sheet.set_footer("&R&P/&N");
    sheet.set_repeat_rows(HEAD, HEAD + 1)?;
    sheet.set_freeze_panes(HEAD + 2, LEFT)?;
    let upper = base().set_bold();
    sheet.write_string_with_format(0, 0, word(lang, "sheet.province", &[]), &upper)?;
    sheet.write_string_with_format(1, 0, units(made, lang), &upper)?;
    let centred = base().set_bold().set_font_size(14).set_align(FormatAlign::Center);
    sheet.merge_range(2, 0, 2, last, &title(lang, made.report).to_uppercase(), &centred)?;
    let centred = base().set_italic().set_align(FormatAlign::Center);
    sheet.merge_range(3, 0, 3, last, &period(made, lang), &centred)?;
    let right = base().set_italic().set_align(FormatAlign::Right);
    let measure = word(lang, &format!("measure.{}", made.report.code()), &[]);
    sheet.merge_range(4, 0, 4, last, &measure, &right)?;
    heads(sheet, made, lang)?;
    for (at, row) in (HEAD + 2..).zip(&made.table.rows) {
        line(sheet, at, columns, row, lang)?;
    }
    let end = HEAD + 2 + u32::try_from(made.table.rows.len()).unwrap_or(0) + 1;
    let sign = base().set_bold().set_align(FormatAlign::Center);
    sheet.write_string_with_format(end, 1, word(lang, "sheet.prepared_by", &[]), &sign)?;
    sheet.write_string_with_format(
        end,
        last.saturating_sub(1).max(LEFT),
        word(lang, "sheet.chairman", &[]),
        &sign,
    )?;
    Ok(())
}

/// Two rows of heads: what stands over several columns above what stands over one.
fn heads(sheet: &mut Worksheet, made: &Made, lang: Lang) -> Result<(), XlsxError> {
    let format = head();
    sheet.merge_range(HEAD, 0, HEAD + 1, 0, &word(lang, "sheet.number", &[]), &format)?;
    let first = word(lang, &format!("head.{}", made.report.code()), &[]);
    sheet.merge_range(HEAD, 1, HEAD + 1, 1, &first, &format)?;
    sheet.set_column_width(0, 6)?;
    sheet.set_column_width(1, 34)?;
    sheet.set_row_height(HEAD, 44)?;
    sheet.set_row_height(HEAD + 1, 44)?;
    let columns = &made.table.columns;
    let mut at = 0;
    while at < columns.len() {
        let group = columns[at].group.as_ref();
        let width = columns[at..]
            .iter()
            .take_while(|column| group.is_some() && column.group.as_ref() == group)
            .count()
            .max(1);
        let first = place(at);
        match group {
            None => {
                let label = said(lang, &columns[at].label);
                sheet.merge_range(HEAD, first, HEAD + 1, first, &label, &format)?;
            }
            Some(group) => {
                let label = said(lang, group);
                if width == 1 {
                    sheet.write_string_with_format(HEAD, first, label, &format)?;
                } else {
                    sheet.merge_range(HEAD, first, HEAD, place(at + width - 1), &label, &format)?;
                }
                for (next, column) in columns[at..at + width].iter().enumerate() {
                    let label = said(lang, &column.label);
                    sheet.write_string_with_format(HEAD + 1, place(at + next), label, &format)?;
                }
            }
        }
        at += width;
    }
    for (at, column) in columns.iter().enumerate() {
        sheet.set_column_width(place(at), width_of(column))?;
    }
    Ok(())
}

fn place(at: usize) -> u16 {
    LEFT.saturating_add(u16::try_from(at).unwrap_or(u16::MAX))
}

fn width_of(column: &Column) -> f64 {
    match column.kind {
        ColumnKind::Text if column.key == "note" => 48.0,
        ColumnKind::Text => 20.0,
        ColumnKind::Money => 18.0,
        ColumnKind::Date => 12.0,
        ColumnKind::Int | ColumnKind::Decimal | ColumnKind::Percent | ColumnKind::Bool => 11.0,
    }
}

fn line(sheet: &mut Worksheet, at: u32, columns: &[Column], row: &Row, lang: Lang) -> Result<(), XlsxError> {
    let bold = |format: Format| if row.level < 2 { format.set_bold() } else { format };
    let text = bold(boxed().set_text_wrap());
    sheet.write_string_with_format(at, 0, &row.number, &text.clone().set_align(FormatAlign::Center))?;
    let indent = text.clone().set_indent(row.level.saturating_sub(1));
    sheet.write_string_with_format(at, 1, said(lang, &row.label), &indent)?;
    for (position, (column, cell)) in columns.iter().zip(&row.cells).enumerate() {
        let number = bold(boxed().set_num_format(number_format(column, cell)));
        write(sheet, (at, place(position)), cell, (&text, &number), lang)?;
    }
    Ok(())
}

fn number_format(column: &Column, cell: &Cell) -> &'static str {
    match (column.kind, &cell.value) {
        (ColumnKind::Date, _) | (_, Value::Date(_)) => "dd/mm/yyyy",
        (ColumnKind::Percent, _) | (_, Value::Decimal(_)) => "#,##0.00",
        _ => "#,##0",
    }
}

fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    (text, number): (&Format, &Format),
    lang: Lang,
) -> Result<(), XlsxError> {
    match &cell.value {
        Value::None => sheet.write_blank(row, column, text)?,
        // Counts stay far below 2^53, up to which a number of a sheet is exact.
        #[allow(clippy::cast_precision_loss, reason = "counts of people stay far below 2^52")]
        Value::Int(value) => sheet.write_number_with_format(row, column, *value as f64, number)?,
        Value::Decimal(value) => sheet.write_number_with_format(row, column, *value, number)?,
        Value::Words(words) => sheet.write_string_with_format(row, column, said(lang, words), text)?,
        Value::Bool(yes) => {
            let code = if *yes { "yes" } else { "no" };
            sheet.write_string_with_format(row, column, word(lang, code, &[]), text)?
        }
        Value::Date(day) => {
            let year = u16::try_from(day.year()).unwrap_or(1900);
            let (month, of_month) = (day.month().unsigned_abs(), day.day().unsigned_abs());
            let date = ExcelDateTime::from_ymd(year, month, of_month)?;
            sheet.write_date_with_format(row, column, date, number)?
        }
    };
    Ok(())
}

fn units(made: &Made, lang: Lang) -> String {
    if made.units.is_empty() {
        word(lang, "sheet.everything", &[])
    } else {
        made.units.join(", ").to_uppercase()
    }
}

fn period(made: &Made, lang: Lang) -> String {
    let day = |day: jiff::civil::Date| day.strftime("%d/%m/%Y").to_string();
    let values = [
        ("from", day(made.period.from)),
        ("to", day(made.period.to)),
        ("as_of", day(made.period.as_of)),
    ];
    word(lang, "sheet.period", &values)
}

/// The second sheet: under which question the figures were made, what was checked, what has to be said.
fn notes(sheet: &mut Worksheet, made: &Made, lang: Lang) -> Result<(), XlsxError> {
    sheet.set_name(word(lang, "sheet.notes", &[]))?;
    sheet.set_paper_size(PAPER);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_column_width(0, 26)?;
    sheet.set_column_width(1, 110)?;
    let (bold, plain) = (base().set_bold(), base().set_text_wrap());
    let said_of = |code: &str| word(lang, code, &[]);
    let basis = if made.approved_only {
        "basis.approved"
    } else {
        "basis.all"
    };
    let mut lines = vec![
        (said_of("sheet.report"), title(lang, made.report)),
        (said_of("sheet.period_name"), period(made, lang)),
        (said_of("sheet.units"), units(made, lang)),
        (
            said_of("sheet.scope"),
            said_of(&format!("scope.{}", made.scope.code())),
        ),
        (said_of("sheet.basis"), said_of(basis)),
        (said_of("sheet.plan"), made.plan.clone()),
        (
            said_of("sheet.generated_at"),
            schemas::expr::local_date_time(made.generated_at),
        ),
    ];
    for check in &made.table.checks {
        let mark = said_of(if check.ok { "check.ok" } else { "check.broken" });
        lines.push((mark, said(lang, &check.message)));
    }
    let own = made.table.notes.iter().map(|note| said(lang, note));
    let masked = made.masked.then(|| said(lang, &Words::code("note.masked")));
    lines.extend(own.chain(masked).map(|note| (said_of("sheet.note"), note)));
    for (at, (name, text)) in (0..).zip(lines) {
        sheet.write_string_with_format(at, 0, name, &bold)?;
        sheet.write_string_with_format(at, 1, text, &plain)?;
    }
    Ok(())
}
