//! What a file would do, as told over the wire.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use crate::import::{self, Report, What};
use crate::messages::Lang;

/// What to do with a file.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportWish {
    /// Write what can be taken; without it, only say what would happen.
    #[serde(default)]
    pub apply: bool,
    /// Write the good rows of a file that has bad ones.
    #[serde(default)]
    pub partial: bool,
    /// For targets of units: the plan they belong to; the newest one if not said.
    pub plan: Option<String>,
    /// What the file is called, for the audit log.
    pub name: Option<String>,
}

/// How many rows become what.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportSummary {
    /// New.
    pub created: usize,
    /// Known, and other than before.
    pub changed: usize,
    /// Known as they are.
    pub unchanged: usize,
    /// Rows that cannot be taken.
    pub failed: usize,
}

/// A record that may be the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct LikeRecord {
    /// UUID.
    pub id: String,
    /// The name people know it by.
    pub title: String,
}

/// One row that can be taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportChange {
    /// Its number in the file, from 1; 0 for the file as a whole.
    pub row: usize,
    /// `created`, `changed` or `unchanged`.
    pub what: &'static str,
    /// What it is about; empty for what is not made yet.
    pub id: String,
    /// The name people know it by.
    pub title: String,
    /// What would be another value, by field, as it is now.
    #[schema(value_type = Object)]
    pub before: Map<String, Value>,
    /// The same as it would be.
    #[schema(value_type = Object)]
    pub after: Map<String, Value>,
    /// Records that may be the same.
    pub like: Vec<LikeRecord>,
}

/// A row, or a cell of it, that cannot be taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportRowError {
    /// Its number in the file, from 1; 0 for the file as a whole.
    pub row: usize,
    /// The head of the column as the file writes it, or what else says where.
    pub column: String,
    /// A stable code.
    pub code: String,
    /// What to do about it, in the language of the request.
    pub message: String,
}

/// What a file would do, or did.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportReport {
    /// How many rows become what.
    pub summary: ImportSummary,
    /// Rows that can be taken.
    pub changes: Vec<ImportChange>,
    /// What cannot.
    pub errors: Vec<ImportRowError>,
    /// Heads of columns that are not taken: the register keeps nothing of them.
    pub ignored: Vec<String>,
    /// True if it was written.
    pub applied: bool,
}

impl ImportReport {
    /// As told in a language.
    #[must_use]
    pub fn of(report: Report, lang: Lang) -> Self {
        let summary = ImportSummary {
            created: report.count(What::Created),
            changed: report.count(What::Changed),
            unchanged: report.count(What::Unchanged),
            failed: report.failed(),
        };
        let like = |(id, title)| LikeRecord { id, title };
        let change = |change: import::Change| ImportChange {
            row: change.row,
            what: change.what.name(),
            id: change.id,
            title: change.title,
            before: change.before,
            after: change.after,
            like: change.like.into_iter().map(like).collect(),
        };
        let error = |error: import::RowError| ImportRowError {
            row: error.row,
            column: error.column,
            code: error.code,
            message: error.message.get(lang.name()).to_owned(),
        };
        Self {
            summary,
            changes: report.changes.into_iter().map(change).collect(),
            errors: report.errors.into_iter().map(error).collect(),
            ignored: report.ignored,
            applied: report.applied,
        }
    }
}
