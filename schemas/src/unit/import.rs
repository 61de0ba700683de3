//! Unit tables from an office: CSV → a preview of what would change. Nothing is applied here, and
//! every row that cannot be taken is named with its line.
//!
//! Two shapes are read, told apart by their header:
//! - a table of mergers: `old_code,old_name,old_district_code,old_district,old_valid_to,new_code,
//!   new_name,new_valid_from` and any further columns;
//! - a plain list: `level,code,name,parent_code,valid_from,valid_to`.

mod list;
mod mergers;
mod row;

use std::collections::BTreeMap;

use thiserror::Error;

use self::row::Table;
use super::csv::{self, Fault};
use super::{Unit, UnitTree};
use crate::form::Label;
use crate::text::{Legacy, legacy_encoding, looks_like_legacy_encoding};

/// A unit table, in bytes.
pub const UNIT_CSV_BYTES_MAX: usize = 4 << 20;

/// What one import would do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImportPreview {
    /// What would change, in the order of the file.
    pub changes: Vec<ImportChange>,
    /// Units of the file that are known already, as they are.
    pub unchanged: usize,
    /// Rows that cannot be taken, each with its line.
    pub problems: Vec<RowProblem>,
}

/// One change that an import proposes.
#[derive(Debug, Clone, PartialEq)]
pub enum ImportChange {
    /// A unit that is not known.
    Create {
        /// The line it first stands on.
        line: usize,
        /// The unit, with the id that the caller gave.
        unit: Box<Unit>,
    },
    /// A known unit whose official code was not known.
    SetCode {
        /// The line.
        line: usize,
        /// The unit.
        id: String,
        /// Its code.
        code: String,
    },
    /// A known unit that the file spells in another way.
    AddAlias {
        /// The line.
        line: usize,
        /// The unit.
        id: String,
        /// The other spelling.
        alias: String,
    },
    /// A known unit whose successor was not known.
    AddSuccessor {
        /// The line.
        line: usize,
        /// The unit that ended.
        id: String,
        /// The unit that took its place.
        successor: String,
    },
}

/// A row that cannot be taken.
#[derive(Debug, Clone, PartialEq)]
pub struct RowProblem {
    /// The line in the file, from 1; the header is line 1.
    pub line: usize,
    /// A stable code: `code_malformed`, `name_missing`, `date_malformed`, `parent_unknown` …
    pub code: &'static str,
    /// What to do about it.
    pub message: Label,
}

/// Why a file cannot be read at all.
#[derive(Debug, Clone, PartialEq, Error)]
#[error("{code}{}: {}", line.map(|line| format!(" (line {line})")).unwrap_or_default(), message.get("en"))]
pub struct ImportError {
    /// A stable code: `text_not_unicode`, `file_too_large`, `csv_malformed`, `columns_missing`.
    pub code: &'static str,
    /// The line, where one line is to blame.
    pub line: Option<usize>,
    /// What happened and what to do.
    pub message: Label,
}

/// Reads a unit table and says what taking it would change. `new_id` gives the UUIDs of new units:
/// this crate has no randomness of its own.
///
/// # Errors
/// When the file as a whole cannot be read: it is too large, not a table, not Unicode, or has none
/// of the known headers.
pub fn import_units_csv(
    bytes: &[u8],
    known: &UnitTree,
    new_id: &mut dyn FnMut() -> String,
) -> Result<ImportPreview, ImportError> {
    if bytes.len() > UNIT_CSV_BYTES_MAX {
        return Err(fault(
            "file_too_large",
            None,
            "Tệp quá lớn, vui lòng chia nhỏ dưới 4 MB.",
            "The file is too large: please split it below 4 MB.",
        ));
    }
    let text =
        std::str::from_utf8(bytes).map_err(|_| not_unicode(None, looks_like_legacy_encoding(bytes)))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let rows = csv::read(text).map_err(malformed)?;
    for row in &rows {
        // Cell by cell: a sum over a long file would take a few foreign words for an old font.
        let found = row.fields.iter().find_map(|field| legacy_encoding(field));
        if found.is_some() {
            return Err(not_unicode(Some(row.line), found));
        }
    }
    let mut work = Work {
        known,
        new_id,
        preview: ImportPreview::default(),
        made: BTreeMap::new(),
    };
    let table = Table::new(rows);
    if table.has(&mergers::COLUMNS) {
        mergers::read(&table, &mut work);
    } else if table.has(&list::COLUMNS) {
        list::read(&table, &mut work);
    } else {
        return Err(fault(
            "columns_missing",
            Some(1),
            "Dòng đầu thiếu tên cột, vui lòng dùng: level,code,name,parent_code,valid_from,valid_to.",
            "The first line lacks the column names: please use level,code,name,parent_code,valid_from,valid_to.",
        ));
    }
    Ok(work.preview)
}

/// What makes two rows speak of one unit. A commune may keep code and name when others join it, and
/// is another unit all the same: so the last day in force counts. Where there is no official code,
/// the parent counts too: villages of one name lie in many communes.
type Key = (super::Level, String, String, String, Option<jiff::civil::Date>);

/// An import under way.
struct Work<'a> {
    known: &'a UnitTree,
    new_id: &'a mut dyn FnMut() -> String,
    preview: ImportPreview,
    /// Units this file makes or found, so that a unit on two rows is made once.
    made: BTreeMap<Key, String>,
}

impl Work<'_> {
    fn problem(&mut self, line: usize, code: &'static str, vi: &str, en: &str) {
        self.preview.problems.push(RowProblem {
            line,
            code,
            message: words(vi, en),
        });
    }
}

fn words(vi: &str, en: &str) -> Label {
    let mut label = Label::one("vi", vi);
    label.insert("en", en);
    label
}

fn fault(code: &'static str, line: Option<usize>, vi: &str, en: &str) -> ImportError {
    ImportError {
        code,
        line,
        message: words(vi, en),
    }
}

fn malformed(found: Fault) -> ImportError {
    match found {
        Fault::OpenQuote(line) => fault(
            "csv_malformed",
            Some(line),
            "Dấu nháy kép chưa được đóng, vui lòng kiểm tra lại dòng này.",
            "A double quote is never closed: please check this line.",
        ),
        Fault::TooLarge(line) => fault(
            "csv_malformed",
            Some(line),
            "Dòng, ô hoặc bảng quá dài, vui lòng kiểm tra lại tệp.",
            "A cell, a line or the table is too long: please check the file.",
        ),
    }
}

fn not_unicode(line: Option<usize>, legacy: Option<Legacy>) -> ImportError {
    let font = match legacy {
        Some(Legacy::Tcvn3) => " TCVN3 (.VnTime)",
        Some(Legacy::Vni) => " VNI",
        Some(Legacy::Unknown) | None => "",
    };
    fault(
        "text_not_unicode",
        line,
        &format!("Tệp dùng bảng mã cũ{font}, vui lòng chuyển sang Unicode và lưu lại dạng CSV UTF-8."),
        &format!(
            "The file uses an old encoding{font}: please convert it to Unicode and save it as CSV UTF-8."
        ),
    )
}
