//! The operations of one change of a flat record, read by our own decoder, which takes nothing else.
//!
//! Automerge's decoder trusts much: an actor number out of range, a length of a gigabyte or a run
//! that ends early are panics or worse, and in a browser a panic ends the program. So every change
//! is read here first, column by column, in work and memory bounded by its own bytes, and only one
//! that puts or deletes plain values in the root map goes on.

use automerge::ScalarValue;
use schemas::value::Scalar;

use super::{ShapeError, scalar};
use crate::chunk::ChangeParts;
use crate::leb::Reader;
use crate::limits;

/// One operation: a value put at a path, or a path deleted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Op<'a> {
    pub path: &'a str,
    /// `None` deletes.
    pub value: Option<Scalar>,
    /// The operations it overwrites.
    pub preds: Vec<Pred>,
}

/// Names an operation: its counter, and its actor by position (0 is the author, then the others).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pred {
    pub counter: u64,
    pub actor: u64,
}

const KEY_TEXT: u64 = 0x15;
const INSERT: u64 = 0x34;
const ACTION: u64 = 0x42;
const VALUE_META: u64 = 0x56;
const VALUE: u64 = 0x57;
const PRED_COUNT: u64 = 0x70;
const PRED_ACTOR: u64 = 0x71;
const PRED_COUNTER: u64 = 0x73;

const PUT: u64 = 1;
const DELETE: u64 = 3;

/// Reads every operation.
///
/// # Errors
/// `NotARecord` for anything but puts and deletes of plain values in the root map, `TooLarge` past
/// the limits of paths and values.
pub(super) fn decode<'a>(parts: &ChangeParts<'a>) -> Result<Vec<Op<'a>>, ShapeError> {
    let columns = Columns::of(parts)?;
    let actions = columns.unsigned(ACTION)?;
    let paths = rle(columns.data(KEY_TEXT), text)?;
    let metas = columns.unsigned(VALUE_META)?;
    let counts = columns.unsigned(PRED_COUNT)?;
    let len = actions.len();
    if [paths.len(), metas.len(), counts.len()] != [len; 3] || !only_false(columns.data(INSERT), len) {
        return Err(ShapeError::NotARecord);
    }
    let mut preds = columns.preds(&counts)?.into_iter();
    let mut raw = Reader::new(columns.data(VALUE));
    let mut ops = Vec::with_capacity(len);
    for (((action, path), meta), count) in actions.into_iter().zip(paths).zip(metas).zip(counts) {
        if path.is_empty() {
            return Err(ShapeError::NotARecord);
        }
        if path.len() > limits::PATH_BYTES_MAX {
            return Err(ShapeError::TooLarge);
        }
        let value = match action {
            PUT => Some(value(meta, &mut raw)?),
            // A deletion that overwrites nothing leaves no trace in a saved document.
            DELETE if meta == 0 && count > 0 => None,
            _ => return Err(ShapeError::NotARecord),
        };
        let count = usize::try_from(count).map_err(|_| ShapeError::NotARecord)?;
        ops.push(Op {
            path,
            value,
            preds: preds.by_ref().take(count).collect(),
        });
    }
    if raw.is_done() {
        Ok(ops)
    } else {
        Err(ShapeError::NotARecord)
    }
}

struct Columns<'a> {
    columns: Vec<(u64, &'a [u8])>,
    actors: u64,
}

impl<'a> Columns<'a> {
    /// The columns, in ascending order, none twice, none that a flat record has no use for.
    fn of(parts: &ChangeParts<'a>) -> Result<Self, ShapeError> {
        let known = [
            KEY_TEXT,
            INSERT,
            ACTION,
            VALUE_META,
            VALUE,
            PRED_COUNT,
            PRED_ACTOR,
            PRED_COUNTER,
        ];
        let ascending = parts.columns.windows(2).all(|pair| pair[0].0 < pair[1].0);
        let flat = parts
            .columns
            .iter()
            .all(|(spec, data)| data.is_empty() || known.contains(spec));
        if !ascending || !flat {
            return Err(ShapeError::NotARecord);
        }
        Ok(Self {
            columns: parts.columns.clone(),
            actors: parts.others.len() as u64 + 1,
        })
    }

    fn data(&self, spec: u64) -> &'a [u8] {
        self.columns
            .iter()
            .find(|(known, _)| *known == spec)
            .map_or(&[], |(_, data)| data)
    }

    fn unsigned(&self, spec: u64) -> Result<Vec<u64>, ShapeError> {
        rle(self.data(spec), Reader::unsigned)
    }

    /// Every overwritten operation, in order; as many as `counts` say.
    fn preds(&self, counts: &[u64]) -> Result<Vec<Pred>, ShapeError> {
        let actors = self.unsigned(PRED_ACTOR)?;
        let steps = rle(self.data(PRED_COUNTER), Reader::signed)?;
        let declared = counts.iter().try_fold(0u64, |sum, count| sum.checked_add(*count));
        if actors.len() != steps.len() || declared != Some(actors.len() as u64) {
            return Err(ShapeError::NotARecord);
        }
        let mut last = 0i64;
        let pred = |(actor, step): (u64, i64)| {
            last = last.checked_add(step)?;
            let counter = u64::try_from(last).ok().filter(|counter| *counter > 0)?;
            (actor < self.actors).then_some(Pred { counter, actor })
        };
        actors
            .into_iter()
            .zip(steps)
            .map(pred)
            .collect::<Option<_>>()
            .ok_or(ShapeError::NotARecord)
    }
}

/// The entries of a run-length encoded column that has no nulls.
fn rle<'a, T: Clone>(
    data: &'a [u8],
    read: impl Fn(&mut Reader<'a>) -> Option<T>,
) -> Result<Vec<T>, ShapeError> {
    let mut reader = Reader::new(data);
    let mut entries = Vec::new();
    while !reader.is_done() {
        let run = reader.signed().ok_or(ShapeError::NotARecord)?;
        if run.unsigned_abs() > limits::CHANGE_OPS_MAX - entries.len() as u64 {
            return Err(ShapeError::TooLarge);
        }
        match run {
            0 => return Err(ShapeError::NotARecord),
            1.. => {
                let entry = read(&mut reader).ok_or(ShapeError::NotARecord)?;
                entries.extend((0..run).map(|_| entry.clone()));
            }
            i64::MIN..0 => {
                for _ in run..0 {
                    entries.push(read(&mut reader).ok_or(ShapeError::NotARecord)?);
                }
            }
        }
    }
    Ok(entries)
}

fn text<'a>(reader: &mut Reader<'a>) -> Option<&'a str> {
    let len = reader.unsigned()?;
    std::str::from_utf8(reader.take_u64(len)?).ok()
}

/// True for a boolean column of `len` entries that are all false: one run.
fn only_false(data: &[u8], len: usize) -> bool {
    let mut reader = Reader::new(data);
    if len == 0 {
        return data.is_empty() || data == [0];
    }
    reader.unsigned() == Some(len as u64) && reader.is_done()
}

/// The value of a put, whose kind and length `meta` says.
fn value(meta: u64, raw: &mut Reader<'_>) -> Result<Scalar, ShapeError> {
    let bytes = raw.take_u64(meta >> 4).ok_or(ShapeError::NotARecord)?;
    let mut number = Reader::new(bytes);
    let value = match (meta & 0b1111, bytes.len()) {
        (0, 0) => ScalarValue::Null,
        (1, 0) => ScalarValue::Boolean(false),
        (2, 0) => ScalarValue::Boolean(true),
        (3, _) => ScalarValue::Uint(number.unsigned().ok_or(ShapeError::NotARecord)?),
        (4, _) => ScalarValue::Int(number.signed().ok_or(ShapeError::NotARecord)?),
        (5, _) => bytes
            .try_into()
            .map(|bytes| ScalarValue::F64(f64::from_le_bytes(bytes)))
            .or(Err(ShapeError::NotARecord))?,
        (6, len) if len > limits::TEXT_BYTES_MAX => return Err(ShapeError::TooLarge),
        (6, _) => ScalarValue::Str(std::str::from_utf8(bytes).or(Err(ShapeError::NotARecord))?.into()),
        (9, _) => ScalarValue::Timestamp(number.signed().ok_or(ShapeError::NotARecord)?),
        _ => return Err(ShapeError::NotARecord),
    };
    if matches!(meta & 0b1111, 3 | 4 | 9) && !number.is_done() {
        return Err(ShapeError::NotARecord);
    }
    scalar(&value).ok_or(ShapeError::NotARecord)
}
