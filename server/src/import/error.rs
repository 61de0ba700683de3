//! Why a file is not taken at all.

use crate::access::AccessError;
use crate::forms::FormUnfit;
use crate::problem::{Code, Problem};
use crate::store::StoreError;
use crate::territory::TerritoryError;
use crate::territory::plans::PlanError;

/// Why a file is not taken at all.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file is longer than a file may be, or unfolds into more.
    #[error("the file is too large")]
    TooLarge,
    /// More rows or columns, or a longer cell, than a table may have.
    #[error("row {0} is past the bounds of a table")]
    TableTooLarge(usize),
    /// The text is in an old encoding.
    #[error("row {0} is not Unicode")]
    NotUnicode(usize),
    /// The file is no CSV table.
    #[error("row {0} cannot be read")]
    Csv(usize),
    /// The file is no workbook that can be read.
    #[error("the workbook cannot be read: {0}")]
    Workbook(String),
    /// No row has the heads that are needed.
    #[error("the heads {0} are missing")]
    Heads(String),
    /// Some rows cannot be taken, so none was.
    #[error("{count} rows cannot be taken")]
    Rows {
        /// How many.
        count: usize,
        /// Which of them, and why.
        places: String,
    },
    /// Whoever brings it may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The units cannot be taken.
    #[error(transparent)]
    Territory(#[from] TerritoryError),
    /// The plan cannot be taken.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The form cannot be taken.
    #[error(transparent)]
    Form(#[from] FormUnfit),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::TooLarge => Code::FileTooLarge.into(),
            ImportError::TableTooLarge(row) => Self::new(Code::TableTooLarge).with("line", row),
            ImportError::NotUnicode(row) => Self::new(Code::TextNotUnicode).with("line", row),
            ImportError::Csv(row) => Self::new(Code::CsvMalformed).with("line", row),
            ImportError::Workbook(detail) => Self::new(Code::WorkbookMalformed).with("detail", detail),
            ImportError::Heads(heads) => Self::new(Code::HeadsMissing).with("columns", heads),
            ImportError::Rows { count, places } => Self::new(Code::RowsUnfit)
                .with("count", count)
                .with("lines", places),
            ImportError::Access(error) => error.into(),
            ImportError::Territory(error) => error.into(),
            ImportError::Plan(error) => error.into(),
            ImportError::Form(error) => error.into(),
            ImportError::Store(error) => error.into(),
        }
    }
}
