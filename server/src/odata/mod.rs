//! Records as tables that spreadsheets read by themselves: OData 4.0, reading only.
//!
//! In: who asks, of which set, which question. Out: pages of rows, typed as `$metadata` says. A set is the records of a
//! form, or the rows of a repeat in it. Work for one page is bounded: by rows, and by records looked at; a page may be
//! short or empty and still have a next one. What is hidden from the reader is hidden from the filter too.

mod filter;
mod metadata;
mod page;
mod parse;
mod set;
mod token;

pub use metadata::{document, metadata};
pub use page::{Answer, Next, Question, Resume, read};
pub use parse::{FILTER_CHARS_MAX, filter as parse_filter, orderby as parse_orderby};
pub use set::{Set, name_of, sets};

use crate::export::ExportError;
use crate::store::StoreError;

/// Why a question is not answered.
#[derive(Debug, thiserror::Error)]
pub enum OdataError {
    /// It is none, or names what is not there.
    #[error("{0}")]
    Unfit(String),
    /// There is no such set or row.
    #[error("there is no {0}")]
    Unknown(String),
    /// More than one answer may cost.
    #[error("{0}")]
    TooMuch(String),
    /// Exporting would fail as well.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
