//! The sets a register has, and the columns of each under names that OData allows.

use schemas::catalog::Catalog;

use crate::export::cell::Cell;
use crate::export::layout::{Column, Kind, Layout, Sheet, Source};
use crate::review::MASK;

/// A table.
#[derive(Debug, Clone)]
pub struct Set {
    /// `household`, `household__members`.
    pub name: String,
    /// The kind of record.
    pub kind: String,
    /// The repeat whose rows these are; empty for records.
    pub repeat: String,
    /// Columns under their names here.
    pub columns: Vec<(String, Column)>,
}

impl Set {
    fn of(layout: &Layout, sheet: &Sheet) -> Self {
        let mut columns: Vec<(String, Column)> = Vec::new();
        for column in &sheet.columns {
            let plain = name_of(&column.name);
            let taken = |name: &String| columns.iter().any(|(known, _)| known == name);
            let numbered = (2..).map(|number| format!("{plain}_{number}"));
            let name = std::iter::once(plain.clone())
                .chain(numbered)
                .find(|name| !taken(name));
            columns.push((name.unwrap_or(plain), column.clone()));
        }
        let end = if sheet.repeat.is_empty() {
            String::new()
        } else {
            format!("__{}", sheet.repeat.replace('/', "__"))
        };
        Self {
            name: name_of(&format!("{}{end}", layout.kind)),
            kind: layout.kind.clone(),
            repeat: sheet.repeat.clone(),
            columns,
        }
    }

    /// The set of that name.
    #[must_use]
    pub fn find(catalog: &Catalog, name: &str) -> Option<Self> {
        sets(catalog).into_iter().find(|set| set.name == name)
    }

    /// The position of a column.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|(known, _)| known == name)
    }

    /// The columns that tell rows apart.
    #[must_use]
    pub fn key(&self) -> &'static [&'static str] {
        if self.repeat.is_empty() {
            &["__id"]
        } else {
            &["__record_id", "__row_id"]
        }
    }
}

/// Every set: for each form its records, then the rows of its repeats.
#[must_use]
pub fn sets(catalog: &Catalog) -> Vec<Set> {
    let layouts = catalog
        .record_forms()
        .filter_map(|form| Layout::of(catalog, form.form_id()));
    let of = |layout: Layout| {
        let sheets = std::iter::once(&layout.main).chain(&layout.repeats);
        sheets.map(|sheet| Set::of(&layout, sheet)).collect::<Vec<_>>()
    };
    layouts.flat_map(of).collect()
}

/// A name as OData allows it: letters, digits and underscores.
#[must_use]
pub fn name_of(name: &str) -> String {
    let fit = |letter: char| {
        if letter.is_ascii_alphanumeric() {
            letter
        } else {
            '_'
        }
    };
    name.chars().map(fit).collect()
}

/// The type of a column.
#[must_use]
pub const fn edm(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "Edm.String",
        Kind::Int => "Edm.Int64",
        Kind::Decimal => "Edm.Decimal",
        Kind::Bool => "Edm.Boolean",
        Kind::Date => "Edm.Date",
        Kind::Moment => "Edm.DateTimeOffset",
    }
}

/// A cell as the type of its column allows. An answer of another type is left out here (a finding says so), and what is
/// hidden can be named only in a column of text.
#[must_use]
pub fn fitting(cell: Cell, column: &Column) -> Cell {
    match (column.kind, cell) {
        (Kind::Text, Cell::Masked) => Cell::Text(MASK.to_owned()),
        (_, Cell::Masked) => Cell::Empty,
        (Kind::Text, Cell::Int(number)) => Cell::Text(number.to_string()),
        (Kind::Text, Cell::Decimal(number)) => Cell::Text(number.to_string()),
        (Kind::Text, Cell::Bool(truth)) => Cell::Text(truth.to_string()),
        (Kind::Decimal, Cell::Int(number)) => Cell::Decimal(number as f64),
        (Kind::Moment, Cell::Date(day)) => {
            let midnight = schemas::expr::LOCAL_OFFSET.to_timestamp(day.at(0, 0, 0, 0));
            midnight.map_or(Cell::Empty, Cell::Moment)
        }
        (Kind::Text, cell @ Cell::Text(_))
        | (Kind::Int, cell @ Cell::Int(_))
        | (Kind::Decimal, cell @ Cell::Decimal(_))
        | (Kind::Bool, cell @ Cell::Bool(_))
        | (Kind::Date, cell @ Cell::Date(_))
        | (Kind::Moment, cell @ Cell::Moment(_)) => cell,
        _ => Cell::Empty,
    }
}

/// True if a column can be shown only after the form worked things out.
#[must_use]
pub fn is_computed(column: &Column) -> bool {
    matches!(&column.source, Source::Field(field) if field.calculation.is_some())
}

/// True if only the log says what a column shows.
#[must_use]
pub const fn is_of_log(column: &Column) -> bool {
    matches!(&column.source, Source::Meta(meta) if meta.is_of_log())
}
