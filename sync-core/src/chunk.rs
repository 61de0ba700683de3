//! An Automerge change chunk, taken apart and put together again, and guarded before anybody parses it.
//!
//! In: bytes from outside. Out: their parts by reference, or a refusal, after work proportional to
//! the bytes. A 69-byte change can declare fifty million operations, and a small deflated chunk can
//! unfold into a gigabyte, so nothing reaches Automerge's own parser before `guard` has walked the
//! run lengths of every column. It knows the storage format and nothing of records.

use sha2::{Digest, Sha256};

use crate::id::ChangeHash;
use crate::leb::{Reader, put_bytes, put_signed, put_unsigned};
use crate::limits;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const TYPE_CHANGE: u8 = 1;
/// The bit of a column specification that says the column is deflated.
const COLUMN_DEFLATED: u64 = 0b1000;

/// Bytes that are not one acceptable change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChunkError {
    /// Not a change chunk, cut off, or not in canonical form.
    #[error("the bytes are not an Automerge change")]
    Malformed,
    /// The checksum in front does not match what follows.
    #[error("the change does not match its checksum")]
    BadChecksum,
    /// More bytes, operations or dependencies than a change may have.
    #[error("the change is larger than any record may need")]
    TooLarge,
}

/// The parts of one change, borrowed from its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeParts<'a> {
    /// Hashes this change builds on, in stored order.
    pub deps: Vec<ChangeHash>,
    /// Who wrote it.
    pub actor: &'a [u8],
    /// The author's own running number.
    pub seq: u64,
    /// Counter of its first operation.
    pub start_op: u64,
    /// Claimed time, seconds since 1970.
    pub time_s: i64,
    /// Free text; ours names the changes this one replaces.
    pub message: &'a [u8],
    /// Other actors mentioned by the operations.
    pub others: Vec<&'a [u8]>,
    /// Columns of operations: specification and data.
    pub columns: Vec<(u64, &'a [u8])>,
    /// Bytes of later versions, kept as they are.
    pub extra: &'a [u8],
}

/// Checks length, kind, checksum and shape, and takes the change apart. The hash is recomputed.
///
/// # Errors
/// `Malformed`, `BadChecksum` or `TooLarge`.
pub fn open(bytes: &[u8]) -> Result<(ChangeHash, ChangeParts<'_>), ChunkError> {
    if bytes.len() > limits::CHANGE_BYTES_MAX {
        return Err(ChunkError::TooLarge);
    }
    let (checksum, hashed, body) = split(bytes).ok_or(ChunkError::Malformed)?;
    let hash = ChangeHash(Sha256::digest(hashed).into());
    if checksum != &hash.0[..4] {
        return Err(ChunkError::BadChecksum);
    }
    let parts = parse(body)?;
    for (spec, data) in &parts.columns {
        let entries = count_entries(*spec, data).ok_or(ChunkError::Malformed)?;
        if entries > limits::CHANGE_OPS_MAX {
            return Err(ChunkError::TooLarge);
        }
    }
    Ok((hash, parts))
}

/// (checksum, what is hashed, body) of a chunk of exactly one change.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let mut reader = Reader::new(bytes);
    if reader.take(4)? != MAGIC {
        return None;
    }
    let checksum = reader.take(4)?;
    let hashed = reader.rest();
    if reader.byte()? != TYPE_CHANGE {
        return None;
    }
    let before = reader.rest();
    let len = reader.unsigned()?;
    // The hash is over the shortest form of the length, so any other form would have two hashes.
    let mut shortest = Vec::with_capacity(10);
    put_unsigned(&mut shortest, len);
    let body = reader.take_u64(len)?;
    (reader.is_done() && before.starts_with(&shortest)).then_some((checksum, hashed, body))
}

fn parse(body: &[u8]) -> Result<ChangeParts<'_>, ChunkError> {
    let mut reader = Reader::new(body);
    let malformed = ChunkError::Malformed;
    let deps_len = reader.unsigned().ok_or(malformed)?;
    if deps_len > limits::CHANGE_DEPS_MAX as u64 {
        return Err(ChunkError::TooLarge);
    }
    let mut deps = Vec::new();
    for _ in 0..deps_len {
        deps.push(
            reader
                .take(32)
                .and_then(ChangeHash::from_slice)
                .ok_or(malformed)?,
        );
    }
    let author = actor(&mut reader)?;
    let seq = reader.unsigned().ok_or(malformed)?;
    let start_op = reader.unsigned().ok_or(malformed)?;
    let time_s = reader.signed().ok_or(malformed)?;
    let message = prefixed(&mut reader).ok_or(malformed)?;
    if message.len() > limits::CHANGE_MESSAGE_BYTES_MAX {
        return Err(ChunkError::TooLarge);
    }
    let others_len = reader.unsigned().ok_or(malformed)?;
    if others_len > limits::CHANGE_ACTORS_MAX as u64 {
        return Err(ChunkError::TooLarge);
    }
    let mut others = Vec::new();
    for _ in 0..others_len {
        others.push(actor(&mut reader)?);
    }
    let columns = columns(&mut reader).ok_or(malformed)?;
    Ok(ChangeParts {
        deps,
        actor: author,
        seq,
        start_op,
        time_s,
        message,
        others,
        columns,
        extra: reader.rest(),
    })
}

fn actor<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], ChunkError> {
    let actor = prefixed(reader).ok_or(ChunkError::Malformed)?;
    if actor.len() > limits::ACTOR_BYTES_MAX {
        Err(ChunkError::TooLarge)
    } else {
        Ok(actor)
    }
}

fn prefixed<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let len = reader.unsigned()?;
    reader.take_u64(len)
}

fn columns<'a>(reader: &mut Reader<'a>) -> Option<Vec<(u64, &'a [u8])>> {
    let count = reader.unsigned()?;
    // There are about a dozen kinds of column; a hundred leaves room for later versions.
    if count > 100 {
        return None;
    }
    let mut heads = Vec::new();
    for _ in 0..count {
        let spec = reader.unsigned().filter(|spec| *spec <= u64::from(u32::MAX))?;
        heads.push((spec, reader.unsigned()?));
    }
    heads
        .into_iter()
        .map(|(spec, len)| Some((spec, reader.take_u64(len)?)))
        .collect()
}

/// How many entries a column declares; `None` if it is deflated or its runs do not add up.
fn count_entries(spec: u64, data: &[u8]) -> Option<u64> {
    if spec & COLUMN_DEFLATED != 0 {
        return None;
    }
    let mut reader = Reader::new(data);
    let mut total = 0u64;
    match spec & 0b111 {
        4 => {
            while !reader.is_done() {
                total = total.checked_add(reader.unsigned()?)?;
            }
        }
        7 => {}
        kind => {
            while !reader.is_done() {
                total = total.checked_add(run(&mut reader, kind)?)?;
                if total > limits::CHANGE_OPS_MAX {
                    return Some(total);
                }
            }
        }
    }
    Some(total)
}

/// Length of one run of a run-length encoded column, past its values.
fn run(reader: &mut Reader<'_>, kind: u64) -> Option<u64> {
    let len = reader.signed()?;
    match len {
        0 => reader.unsigned(),
        1.. => {
            value(reader, kind)?;
            u64::try_from(len).ok()
        }
        i64::MIN..0 => {
            let literals = len.unsigned_abs();
            if literals > limits::CHANGE_OPS_MAX {
                return Some(literals);
            }
            for _ in 0..literals {
                value(reader, kind)?;
            }
            Some(literals)
        }
    }
}

fn value(reader: &mut Reader<'_>, kind: u64) -> Option<()> {
    match kind {
        3 => reader.signed().map(drop),
        5 => prefixed(reader).map(drop),
        _ => reader.unsigned().map(drop),
    }
}

impl ChangeParts<'_> {
    /// The chunk of these parts, in canonical form.
    #[must_use]
    pub fn rebuild(&self) -> Vec<u8> {
        let mut body = Vec::new();
        put_unsigned(&mut body, self.deps.len() as u64);
        for dep in &self.deps {
            body.extend_from_slice(&dep.0);
        }
        put_bytes(&mut body, self.actor);
        put_unsigned(&mut body, self.seq);
        put_unsigned(&mut body, self.start_op);
        put_signed(&mut body, self.time_s);
        put_bytes(&mut body, self.message);
        put_unsigned(&mut body, self.others.len() as u64);
        for other in &self.others {
            put_bytes(&mut body, other);
        }
        put_unsigned(&mut body, self.columns.len() as u64);
        for (spec, data) in &self.columns {
            put_unsigned(&mut body, *spec);
            put_unsigned(&mut body, data.len() as u64);
        }
        for (_, data) in &self.columns {
            body.extend_from_slice(data);
        }
        body.extend_from_slice(self.extra);
        seal(&body)
    }
}

/// A chunk around `body`: magic, checksum, kind, length.
fn seal(body: &[u8]) -> Vec<u8> {
    let mut hashed = vec![TYPE_CHANGE];
    put_bytes(&mut hashed, body);
    let digest = Sha256::digest(&hashed);
    [&MAGIC, &digest[..4], &hashed].concat()
}
