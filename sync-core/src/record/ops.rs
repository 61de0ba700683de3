//! What one change writes, read from the change alone, without opening its document.

use schemas::value::Scalar;

use super::flat;
use crate::chunk::{self, ChangeParts, ChunkError};

/// One field a change writes. `None` is an unticked option.
pub type Written = (String, Option<Scalar>);

/// A change that is sound Automerge, but not one of a flat record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    /// It makes nested objects, counters, marks or values a record cannot hold.
    #[error("the change is not one of a flat record")]
    NotARecord,
    /// A path or a value is longer than allowed.
    #[error("the change holds a path or a value that is too long")]
    TooLarge,
}

/// The fields a change writes, in order. Costs work by the change's own size only.
///
/// # Errors
/// `NotARecord` or `TooLarge`.
pub fn written(bytes: &[u8]) -> Result<Vec<Written>, ShapeError> {
    let (_, parts) = chunk::open(bytes).map_err(|error| match error {
        ChunkError::TooLarge => ShapeError::TooLarge,
        ChunkError::Malformed | ChunkError::BadChecksum => ShapeError::NotARecord,
    })?;
    fields(&parts)
}

pub(super) fn fields(parts: &ChangeParts<'_>) -> Result<Vec<Written>, ShapeError> {
    Ok(flat::decode(parts)?
        .into_iter()
        .map(|op| (op.path.to_owned(), op.value))
        .collect())
}
