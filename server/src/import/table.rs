//! Bytes of a file → rows of clean text, whatever program wrote them.

use schemas::text::{clean, fold, legacy_encoding, looks_like_legacy_encoding};

use super::limits::{CELL_CHARS_MAX, COLUMNS_MAX, HEAD_ROWS_MAX, ROW_NUMBER_MAX, ROWS_MAX};
use super::{ImportError, xlsx};

/// One row with its number in the file, from 1. Cells are in NFC, on one line, without space at either end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number.
    pub number: usize,
    /// Its cells, from the first column on.
    pub cells: Vec<String>,
}

impl Row {
    /// A cell; empty where the row is short.
    #[must_use]
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// A table: the rows that hold something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// In the order of the file.
    pub rows: Vec<Row>,
}

/// True for a file whose first letter opens a JSON object.
#[must_use]
pub fn is_json(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    text.trim_ascii_start().first() == Some(&b'{')
}

/// Reads a CSV file, or the first sheet of an XLSX workbook that holds something.
///
/// # Errors
/// When it is neither, not Unicode, or past the bounds of a table.
pub fn read(bytes: &[u8]) -> Result<Table, ImportError> {
    if bytes.starts_with(b"PK") {
        let sheets = xlsx::sheets(bytes)?;
        let mut filled = sheets.into_iter().filter(|(_, table)| !table.rows.is_empty());
        return Ok(filled.next().map(|(_, table)| table).unwrap_or_default());
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(ImportError::Workbook(".xls".to_owned()));
    }
    if looks_like_legacy_encoding(bytes).is_some() && std::str::from_utf8(bytes).is_err() {
        return Err(ImportError::NotUnicode(1));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| ImportError::NotUnicode(1))?;
    csv(text.strip_prefix('\u{feff}').unwrap_or(text))
}

fn csv(text: &str) -> Result<Table, ImportError> {
    // One kind of line end: the library counts the two letters of the other kind as the next line's.
    let text = &text.replace("\r\n", "\n").replace('\r', "\n");
    let first = text.lines().next().unwrap_or_default();
    let mut separators = [b',', b';', b'\t'];
    separators.sort_by_key(|separator| std::cmp::Reverse(first.matches(char::from(*separator)).count()));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separators[0])
        .from_reader(text.as_bytes());
    let mut building = Building::default();
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(1, csv::Position::line);
            ImportError::Csv(usize::try_from(line).unwrap_or(usize::MAX))
        })?;
        let line = record.position().map_or(1, csv::Position::line);
        let line = usize::try_from(line).unwrap_or(usize::MAX);
        for (column, cell) in record.iter().enumerate() {
            building.put(line, column, cell)?;
        }
    }
    Ok(building.table())
}

/// A table that is being read, within its bounds. Rows come in order.
#[derive(Debug, Default)]
pub(super) struct Building {
    rows: Vec<Row>,
}

impl Building {
    /// Puts a cell in its place; an empty one takes none.
    pub(super) fn put(&mut self, number: usize, column: usize, text: &str) -> Result<(), ImportError> {
        if text.chars().nth(CELL_CHARS_MAX).is_some() {
            return Err(ImportError::TableTooLarge(number));
        }
        let text = clean(text);
        if text.is_empty() {
            return Ok(());
        }
        if number > ROW_NUMBER_MAX || column >= COLUMNS_MAX {
            return Err(ImportError::TableTooLarge(number));
        }
        if legacy_encoding(&text).is_some() {
            return Err(ImportError::NotUnicode(number));
        }
        if self.rows.last().is_none_or(|row| row.number != number) {
            if self.rows.len() >= ROWS_MAX {
                return Err(ImportError::TableTooLarge(number));
            }
            let cells = Vec::new();
            self.rows.push(Row { number, cells });
        }
        if let Some(row) = self.rows.last_mut() {
            if row.cells.len() <= column {
                row.cells.resize(column + 1, String::new());
            }
            row.cells[column] = text;
        }
        Ok(())
    }

    pub(super) fn table(self) -> Table {
        Table { rows: self.rows }
    }
}

/// A head as it is compared: folded, without punctuation and what stands in brackets.
#[must_use]
pub fn head_key(text: &str) -> String {
    let text = text.split('(').next().unwrap_or_default();
    let words = fold(text);
    let words = words.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Where the heads stand and which column is which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heads<C> {
    /// The place of the row of heads among the rows.
    pub at: usize,
    /// Each column that is known, with its place and its head as written.
    pub columns: Vec<(C, usize, String)>,
    /// Heads nobody knows.
    pub unknown: Vec<String>,
}

impl<C: Copy + PartialEq> Heads<C> {
    /// Looks for the row of heads: the one among the first rows of which most heads are known. The first of two
    /// columns with one meaning counts.
    #[must_use]
    pub fn find(table: &Table, known: impl Fn(&str) -> Option<C>) -> Option<Self> {
        let read = |(at, row): (usize, &Row)| {
            let mut heads = Self {
                at,
                columns: Vec::new(),
                unknown: Vec::new(),
            };
            for (column, text) in row.cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
                match known(&head_key(text)) {
                    Some(meaning) if heads.place(meaning).is_none() => {
                        heads.columns.push((meaning, column, text.clone()));
                    }
                    _ => heads.unknown.push(text.clone()),
                }
            }
            heads
        };
        let rows = table.rows.iter().take(HEAD_ROWS_MAX).enumerate().map(read);
        // The first of the best: what stands above a table is its title.
        rows.filter(|heads| heads.columns.len() >= 2)
            .reduce(|best, next| {
                if next.columns.len() > best.columns.len() {
                    next
                } else {
                    best
                }
            })
    }

    /// The place of a column.
    #[must_use]
    pub fn place(&self, meaning: C) -> Option<usize> {
        let mut columns = self.columns.iter();
        columns
            .find(|(known, ..)| *known == meaning)
            .map(|(_, place, _)| *place)
    }

    /// The head of a column as written.
    #[must_use]
    pub fn written(&self, meaning: C) -> &str {
        let mut columns = self.columns.iter();
        columns
            .find(|(known, ..)| *known == meaning)
            .map_or("", |(_, _, text)| text.as_str())
    }

    /// A cell of a row.
    #[must_use]
    pub fn cell<'a>(&self, row: &'a Row, meaning: C) -> &'a str {
        self.place(meaning).map_or("", |place| row.cell(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        let table = read(text.as_bytes()).expect("a table");
        table.rows.into_iter().map(|row| row.cells).collect()
    }

    #[test]
    fn commas_semicolons_and_tabs_are_found_out() {
        for text in ["a,b\n1,\"x,y\"\n", "a;b\n1;x,y\n", "\u{feff}a\tb\r\n1\tx,y\r\n"] {
            assert_eq!(cells(text), [["a", "b"], ["1", "x,y"]], "{text}");
        }
    }

    #[test]
    fn rows_keep_their_numbers_and_empty_ones_go() {
        for end in ["\n", "\r\n", "\r"] {
            let text = "a,b\n\n,\n1,2\n\"x\ny\",3\n5,6\n".replace('\n', end);
            let table = read(text.as_bytes()).expect("a table");
            let numbers: Vec<usize> = table.rows.iter().map(|row| row.number).collect();
            assert_eq!(numbers, [1, 4, 5, 7], "{end:?}");
        }
    }

    #[test]
    fn old_encodings_are_refused() {
        // TCVN3 read as Western text, and as bytes.
        let old = "ten\nHµ Néi, tØnh Lµo Cai\n";
        assert!(matches!(read(old.as_bytes()), Err(ImportError::NotUnicode(2))));
        assert!(matches!(
            read(b"ten\nH\xb5 N\xe9i\n"),
            Err(ImportError::NotUnicode(1))
        ));
    }

    #[test]
    fn nothing_is_unbounded() {
        let wide = vec!["x"; COLUMNS_MAX + 1].join(",");
        assert!(matches!(
            read(wide.as_bytes()),
            Err(ImportError::TableTooLarge(1))
        ));
        let long = "y".repeat(CELL_CHARS_MAX + 1);
        assert!(matches!(
            read(long.as_bytes()),
            Err(ImportError::TableTooLarge(1))
        ));
        let tall = "z\n".repeat(ROWS_MAX + 1);
        assert!(matches!(
            read(tall.as_bytes()),
            Err(ImportError::TableTooLarge(_))
        ));
        assert!(matches!(
            read(&[0xd0, 0xcf, 0x11, 0xe0, 0, 0]),
            Err(ImportError::Workbook(_))
        ));
    }
}
