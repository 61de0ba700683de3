//! Every bound of imports, in one place.

/// Longest file.
pub const FILE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// What a workbook may unfold into.
pub const UNPACKED_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Files inside a workbook.
pub const PARTS_MAX: usize = 500;
/// Sheets of a workbook.
pub const SHEETS_MAX: usize = 20;
/// Rows of a table that hold something.
pub const ROWS_MAX: usize = 20_000;
/// The last row that is looked at.
pub const ROW_NUMBER_MAX: usize = 100_000;
/// Columns of a table.
pub const COLUMNS_MAX: usize = 64;
/// Longest cell, in characters.
pub const CELL_CHARS_MAX: usize = 4_000;
/// The heads of a table stand in one of so many first rows.
pub const HEAD_ROWS_MAX: usize = 30;
/// Rows that a refusal names.
pub const NAMED_ROWS_MAX: usize = 20;
/// Characters of a bad cell that its message shows.
pub const SHOWN_CHARS_MAX: usize = 60;
/// Records that a row may be like and that are named.
pub const LIKE_MAX: usize = 5;

const _: () = assert!(FILE_BYTES_MAX < UNPACKED_BYTES_MAX);
const _: () = assert!(ROWS_MAX <= ROW_NUMBER_MAX);
