//! What an office brings as files: units, plans and their targets, forms, lists of households.
//!
//! In: the bytes of a file and who brings it. Out: a [`Report`], row by row: what would be made, what would change from
//! what to what, what is there already, and every row that cannot be taken, with its column and what to do about it.
//! Nothing is written unless it is asked for, and then nothing of a file with a bad row unless that is asked for too.
//! Bringing the same file again changes nothing. It knows nothing of HTTP and of the command line.

mod error;
pub mod household_list;
mod households;
pub mod limits;
mod reference;
pub mod table;
mod targets;
pub mod xlsform;
pub mod xlsx;

pub use error::ImportError;

use schemas::form::Label;
use serde_json::{Map, Value};
use sync_core::policy::Role;

use crate::access::AccessError;
use crate::app::App;
use crate::audit::Actor;
use crate::messages::{self, Lang};
use crate::store::User;

/// What is brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A table of administrative units, CSV or XLSX.
    Units,
    /// A plan (JSON), or targets of single units for a known plan (CSV or XLSX).
    Plan,
    /// A form (JSON), or an XLSForm workbook.
    Form,
    /// A list of households, CSV or XLSX.
    Households,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Units, Self::Plan, Self::Form, Self::Households];

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Units => "units",
            Self::Plan => "plan",
            Self::Form => "form",
            Self::Households => "households",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Who may bring it (DESIGN §6).
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::Units | Self::Form => Role::Admin,
            Self::Plan => Role::ProvinceOfficer,
            Self::Households => Role::DistrictOfficer,
        }
    }
}

/// Who brings a file.
#[derive(Debug, Clone)]
pub enum Bringer {
    /// A person, with the rights of their role.
    Person(User),
    /// Whoever runs commands on the server's machine: everything but records, which only a person can sign.
    Machine,
}

impl Bringer {
    fn actor(&self) -> Actor {
        match self {
            Self::Person(user) => Actor::User(user.id),
            Self::Machine => Actor::Cli,
        }
    }
}

/// What to do with a file.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Write what can be taken; else only say what would happen.
    pub apply: bool,
    /// Write the good rows of a file that has bad ones.
    pub partial: bool,
    /// For targets: the plan they belong to. The newest one if not said.
    pub plan: Option<String>,
    /// What the file is called, for the audit log.
    pub name: String,
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// It is new.
    Created,
    /// It is known and differs.
    Changed,
    /// It is known as it is.
    Unchanged,
}

impl What {
    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
        }
    }
}

/// One row that can be taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Its number in the file, from 1.
    pub row: usize,
    /// What becomes of it.
    pub what: What,
    /// What it is about: a UUID, or another stable id. Empty for what is not made yet.
    pub id: String,
    /// The name people know it by.
    pub title: String,
    /// What would be another value, as it is now.
    pub before: Map<String, Value>,
    /// The same as it would be.
    pub after: Map<String, Value>,
    /// Records that may be the same: id and title.
    pub like: Vec<(String, String)>,
}

/// A row, or a cell of it, that cannot be taken.
#[derive(Debug, Clone, PartialEq)]
pub struct RowError {
    /// Its number in the file, from 1; 0 for the file as a whole.
    pub row: usize,
    /// The head of the column, or what else says where.
    pub column: String,
    /// A stable code.
    pub code: String,
    /// What to do about it, per language.
    pub message: Label,
}

impl RowError {
    /// An error whose words stand in the message tables under `row.<code>`.
    #[must_use]
    pub fn new(row: usize, column: &str, code: &str, value: &str) -> Self {
        let mut message = Label::default();
        let shown: String = value.chars().take(limits::SHOWN_CHARS_MAX).collect();
        for lang in [Lang::Vi, Lang::En] {
            let words = messages::words(lang, &format!("row.{code}"), &[("value", shown.clone())]);
            message.insert(lang.name(), &words);
        }
        Self {
            row,
            column: column.to_owned(),
            code: code.to_owned(),
            message,
        }
    }
}

/// What a file would do, or did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// Rows that can be taken.
    pub changes: Vec<Change>,
    /// What cannot.
    pub errors: Vec<RowError>,
    /// Columns that are not taken: the register keeps nothing of them.
    pub ignored: Vec<String>,
    /// True if the good rows were written.
    pub applied: bool,
}

impl Report {
    /// How many rows become that.
    #[must_use]
    pub fn count(&self, what: What) -> usize {
        self.changes.iter().filter(|change| change.what == what).count()
    }

    /// How many rows cannot be taken.
    #[must_use]
    pub fn failed(&self) -> usize {
        let rows: std::collections::BTreeSet<usize> = self.errors.iter().map(|error| error.row).collect();
        rows.len()
    }

    /// Refuses to write a file with bad rows, unless the good ones are wanted alone.
    fn may_apply(&self, wish: &Wish) -> Result<bool, ImportError> {
        if !wish.apply {
            return Ok(false);
        }
        if !self.errors.is_empty() && !wish.partial {
            let places = self.errors.iter().take(limits::NAMED_ROWS_MAX);
            let places = places.map(|error| format!("{} ({})", error.row, error.code));
            return Err(ImportError::Rows {
                count: self.failed(),
                places: places.collect::<Vec<_>>().join(", "),
            });
        }
        Ok(self.changes.iter().any(|change| change.what != What::Unchanged))
    }
}

/// Takes a file in, or says what taking it would do. Blocks.
///
/// # Errors
/// When the person may not, the file cannot be read at all, or it is to be written and has bad rows.
pub fn run(app: &App, by: &Bringer, kind: Kind, bytes: &[u8], wish: &Wish) -> Result<Report, ImportError> {
    if let Bringer::Person(user) = by {
        if user.disabled_at.is_some() {
            return Err(AccessError::UserDisabled.into());
        }
        if user.role != kind.role() {
            return Err(AccessError::RoleForbidden.into());
        }
    }
    if bytes.len() > limits::FILE_BYTES_MAX {
        return Err(ImportError::TooLarge);
    }
    match (kind, by) {
        (Kind::Units, _) => reference::units(app, by.actor(), bytes, wish),
        (Kind::Plan, _) if table::is_json(bytes) => reference::plan(app, by.actor(), bytes, wish),
        (Kind::Plan, _) => targets::targets(app, by.actor(), bytes, wish),
        (Kind::Form, _) if table::is_json(bytes) => reference::form(app, by.actor(), bytes, wish, &|_| 0),
        (Kind::Form, _) => {
            let xlsform::Converted { json, errors, rows } = xlsform::convert(bytes)?;
            let row_of = |path: &str| {
                let name = path.rsplit('/').next().unwrap_or_default();
                rows.get(name).copied().unwrap_or(0)
            };
            if errors.is_empty() {
                reference::form(app, by.actor(), json.as_bytes(), wish, &row_of)
            } else {
                let report = Report {
                    errors,
                    ..Report::default()
                };
                // A form with a bad row is no form: there is no part of it to be taken.
                let whole = Wish {
                    partial: false,
                    ..wish.clone()
                };
                report.may_apply(&whole)?;
                Ok(report)
            }
        }
        (Kind::Households, Bringer::Person(user)) => households::households(app, user, bytes, wish),
        (Kind::Households, Bringer::Machine) => Err(AccessError::RoleForbidden.into()),
    }
}
