//! A finished report: columns, rows, what it checked of itself, what has to be said about it.

use jiff::civil::Date;

use crate::form::Label;

/// Words for a reader. Codes are looked up where the words are: the server's table `reports`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Words {
    /// A code, and what its `{name}`s stand for.
    Code(String, Vec<(&'static str, String)>),
    /// Words of data: a plan, a form.
    Said(Label),
    /// A name, the same in every language.
    Name(String),
}

impl Words {
    /// A code without parameters.
    #[must_use]
    pub fn code(code: impl Into<String>) -> Self {
        Self::Code(code.into(), Vec::new())
    }

    /// A code with parameters.
    #[must_use]
    pub fn with<const N: usize>(code: &str, params: [(&'static str, String); N]) -> Self {
        Self::Code(code.to_owned(), params.to_vec())
    }
}

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Words.
    Text,
    /// A count.
    Int,
    /// A number that may have a fraction.
    Decimal,
    /// Percent, 0 to 100.
    Percent,
    /// Đồng.
    Money,
    /// A day.
    Date,
    /// Yes or no.
    Bool,
}

impl ColumnKind {
    /// The word of the API.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Int => "int",
            Self::Decimal => "decimal",
            Self::Percent => "percent",
            Self::Money => "money",
            Self::Date => "date",
            Self::Bool => "bool",
        }
    }
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name for programs.
    pub key: String,
    /// Its head.
    pub label: Words,
    /// The head over it and its neighbours.
    pub group: Option<Words>,
    /// What stands in it.
    pub kind: ColumnKind,
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing is known, or nothing is asked.
    None,
    /// A whole number.
    Int(i64),
    /// A number.
    Decimal(f64),
    /// Words.
    Words(Words),
    /// A day.
    Date(Date),
    /// Yes or no.
    Bool(bool),
}

/// What a figure says of the records behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    /// They are not told.
    Nothing,
    /// The figure is their number.
    Counted,
    /// The figure is made of them, but is not their number: a sum, or distinct persons.
    Made,
}

/// A value with what stands behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// The value.
    pub value: Value,
    /// The records.
    pub behind: Behind,
}

impl Cell {
    /// A value without records behind it.
    #[must_use]
    pub const fn bare(value: Value) -> Self {
        Self {
            value,
            behind: Behind::Nothing,
        }
    }

    /// Words.
    #[must_use]
    pub const fn words(words: Words) -> Self {
        Self::bare(Value::Words(words))
    }

    /// The number of the records behind it.
    #[must_use]
    pub const fn count(number: i64) -> Self {
        Self {
            value: Value::Int(number),
            behind: Behind::Counted,
        }
    }

    /// A number that records make up.
    #[must_use]
    pub const fn made(value: Value) -> Self {
        Self {
            value,
            behind: Behind::Made,
        }
    }

    /// `part` of `whole` in percent; nothing if there is no whole.
    #[must_use]
    pub fn percent(part: i64, whole: i64) -> Self {
        Self::bare(percent(part, whole).map_or(Value::None, Value::Decimal))
    }
}

/// `part` of `whole` in percent; none if there is no whole.
#[must_use]
#[allow(clippy::cast_precision_loss, reason = "counts of people stay far below 2^52")]
pub fn percent(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64 * 100.0)
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its name for programs.
    pub key: String,
    /// What stands before it in the first column: `I`, `1`.
    pub number: String,
    /// Its head.
    pub label: Words,
    /// 0 for totals, 1 for groups, 2 for what is in them.
    pub level: u8,
    /// The unit it is about.
    pub unit: Option<String>,
    /// One per column.
    pub cells: Vec<Cell>,
}

/// Something the report checked of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What.
    pub code: &'static str,
    /// Whether it holds.
    pub ok: bool,
    /// In words.
    pub message: Words,
}

/// A picture of some figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// `bar`, `line` or `progress`.
    pub kind: &'static str,
    /// What it shows.
    pub title: Words,
    /// The columns whose values it draws, over the rows.
    pub columns: Vec<&'static str>,
    /// The rows, by key.
    pub rows: Vec<String>,
}

/// A finished report.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Its columns; the head of a row stands before them.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// What it checked of itself.
    pub checks: Vec<Check>,
    /// What has to be said about it.
    pub notes: Vec<Words>,
    /// Pictures.
    pub charts: Vec<Chart>,
}

impl Table {
    /// The cell of a row and column, by their keys.
    #[must_use]
    pub fn cell(&self, row: &str, column: &str) -> Option<&Cell> {
        let at = self.columns.iter().position(|known| known.key == column)?;
        self.rows.iter().find(|known| known.key == row)?.cells.get(at)
    }

    /// The whole number in a cell.
    #[must_use]
    pub fn int(&self, row: &str, column: &str) -> Option<i64> {
        match self.cell(row, column)?.value {
            Value::Int(number) => Some(number),
            _ => None,
        }
    }

    /// The number in a cell.
    #[must_use]
    pub fn decimal(&self, row: &str, column: &str) -> Option<f64> {
        match self.cell(row, column)?.value {
            Value::Decimal(number) => Some(number),
            #[allow(clippy::cast_precision_loss, reason = "counts of people stay far below 2^52")]
            Value::Int(number) => Some(number as f64),
            _ => None,
        }
    }
}
