//! Values between a record and Automerge, and what one change may hold.

use automerge::ScalarValue;
use schemas::value::Scalar;

use super::Edit;
use crate::limits;

/// True if one change can hold `edits` and every replica will take it.
pub(super) fn fits(edits: &[(String, Edit)]) -> bool {
    let sound = |(path, edit): &(String, Edit)| {
        let value = match edit {
            Edit::Put(Scalar::Text(text)) => text.len() <= limits::TEXT_BYTES_MAX,
            Edit::Put(Scalar::Decimal(number)) => number.is_finite(),
            Edit::Put(_) | Edit::Delete => true,
        };
        value && !path.is_empty() && path.len() <= limits::PATH_BYTES_MAX
    };
    // Twenty bytes are more than the counters of one edit take; a kilobyte holds the head.
    let size = |(path, edit): &(String, Edit)| match edit {
        Edit::Put(Scalar::Text(text)) => path.len() + text.len() + 20,
        Edit::Put(_) | Edit::Delete => path.len() + 20,
    };
    let bytes: usize = edits.iter().map(size).sum();
    edits.len() as u64 <= limits::CHANGE_OPS_MAX
        && bytes + limits::CHANGE_MESSAGE_BYTES_MAX + 1024 <= limits::CHANGE_BYTES_MAX
        && edits.iter().all(sound)
}

pub(super) fn to_automerge(value: &Scalar) -> ScalarValue {
    match value {
        Scalar::Null => ScalarValue::Null,
        Scalar::Bool(value) => ScalarValue::Boolean(*value),
        Scalar::Int(value) => ScalarValue::Int(*value),
        Scalar::Decimal(value) => ScalarValue::F64(*value),
        Scalar::Text(value) => ScalarValue::Str(value.as_str().into()),
    }
}

/// The plain value; `None` for what a record cannot hold. Other Automerge libraries write numbers
/// as unsigned and times as timestamps: those are read as integers.
pub(super) fn from_automerge(value: &automerge::Value<'_>) -> Option<Scalar> {
    scalar(value.as_scalar()?)
}

pub(super) fn scalar(value: &ScalarValue) -> Option<Scalar> {
    match value {
        ScalarValue::Null => Some(Scalar::Null),
        ScalarValue::Boolean(value) => Some(Scalar::Bool(*value)),
        ScalarValue::Int(value) | ScalarValue::Timestamp(value) => Some(Scalar::Int(*value)),
        ScalarValue::Uint(value) => i64::try_from(*value).ok().map(Scalar::Int),
        ScalarValue::F64(value) => value.is_finite().then_some(Scalar::Decimal(*value)),
        ScalarValue::Str(value) => Some(Scalar::Text(value.to_string())),
        ScalarValue::Bytes(_) | ScalarValue::Counter(_) | ScalarValue::Unknown { .. } => None,
    }
}
