//! Many changes in few bytes: what the receiver can rebuild is left out, the rest stands by column.
//!
//! In: (record, change bytes) in order. Out: one stream of bytes, and back, byte for byte. Magic,
//! checksum, length and own hashes are recomputed; a dependency that is itself in the batch is a
//! step back; record ids and actors are named once. Then like stands beside like, which is what a
//! compressor needs. A change that would not come back identical is kept whole, so the promise
//! holds for any bytes.

use std::collections::BTreeMap;

use crate::chunk::{self, ChangeParts, ChunkError};
use crate::id::{ChangeHash, RecordId};
use crate::leb::{Reader, put_bytes, put_signed, put_unsigned};
use crate::limits;

/// One change of one record, with its hash checked against its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The record it belongs to.
    pub record: RecordId,
    /// Its hash.
    pub hash: ChangeHash,
    /// The raw Automerge change chunk.
    pub bytes: Vec<u8>,
}

impl Item {
    /// Takes in one change, checking its shape and computing its hash.
    ///
    /// # Errors
    /// When the bytes are not an acceptable change.
    pub fn new(record: RecordId, bytes: Vec<u8>) -> Result<Self, ChunkError> {
        let (hash, _) = chunk::open(&bytes)?;
        Ok(Self { record, hash, bytes })
    }
}

/// A packed stream that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// Cut off or not a packed stream.
    #[error("the packed changes cannot be read")]
    Malformed,
    /// One of the changes is not acceptable.
    #[error(transparent)]
    Change(#[from] ChunkError),
    /// More changes than one batch may hold.
    #[error("the batch holds more changes than allowed")]
    TooMany,
}

/// Stream numbers; columns of operations use `COLUMNS + specification`.
const HEADS: u64 = 0;
const IDS: u64 = 1;
const ACTORS: u64 = 2;
const HASHES: u64 = 3;
const TEXTS: u64 = 4;
const SHAPES: u64 = 5;
const WHOLE: u64 = 6;
const COLUMNS: u64 = 16;

/// Columns past this specification travel whole: there are no such columns, only inventions.
const COLUMN_MAX: u64 = 255;
/// So a sound stream of streams is never longer than this.
const STREAMS_MAX: u64 = COLUMNS + COLUMN_MAX + 1;

const KIND_WHOLE: u64 = 0;
const KIND_SPLIT: u64 = 1;

#[derive(Default)]
struct Streams(BTreeMap<u64, Vec<u8>>);

impl Streams {
    fn of(&mut self, number: u64) -> &mut Vec<u8> {
        self.0.entry(number).or_default()
    }
}

/// Packs `items`. The result is not compressed yet.
#[must_use]
pub fn pack<'a>(items: impl IntoIterator<Item = (RecordId, &'a [u8])>) -> Vec<u8> {
    let mut packer = Packer::default();
    for (record, bytes) in items {
        packer.add(record, bytes);
    }
    packer.finish()
}

#[derive(Default)]
struct Packer {
    streams: Streams,
    count: u64,
    records: BTreeMap<RecordId, u64>,
    actors: BTreeMap<Vec<u8>, u64>,
    positions: BTreeMap<ChangeHash, u64>,
    last_time_s: i64,
}

impl Packer {
    fn add(&mut self, record: RecordId, bytes: &[u8]) {
        let fresh = self.records.len() as u64;
        let number = *self.records.entry(record).or_insert(fresh);
        put_unsigned(self.streams.of(HEADS), number);
        if number == fresh {
            self.streams.of(IDS).extend_from_slice(record.bytes());
        }
        match chunk::open(bytes) {
            Ok((hash, parts)) if splits(&parts) && parts.rebuild() == bytes => {
                put_unsigned(self.streams.of(HEADS), KIND_SPLIT);
                self.add_parts(&parts);
                self.positions.insert(hash, self.count);
            }
            _ => {
                put_unsigned(self.streams.of(HEADS), KIND_WHOLE);
                put_bytes(self.streams.of(WHOLE), bytes);
            }
        }
        self.count += 1;
    }

    fn add_parts(&mut self, parts: &ChangeParts<'_>) {
        put_unsigned(self.streams.of(HEADS), parts.deps.len() as u64);
        for dep in &parts.deps {
            let back = self.positions.get(dep).map_or(0, |at| self.count - at);
            put_unsigned(self.streams.of(HEADS), back);
            if back == 0 {
                self.streams.of(HASHES).extend_from_slice(&dep.0);
            }
        }
        self.add_actor(parts.actor);
        put_unsigned(self.streams.of(HEADS), parts.seq);
        put_unsigned(self.streams.of(HEADS), parts.start_op);
        put_signed(
            self.streams.of(HEADS),
            parts.time_s.wrapping_sub(self.last_time_s),
        );
        self.last_time_s = parts.time_s;
        put_unsigned(self.streams.of(HEADS), parts.others.len() as u64);
        for other in &parts.others {
            self.add_actor(other);
        }
        put_bytes(self.streams.of(TEXTS), parts.message);
        put_bytes(self.streams.of(TEXTS), parts.extra);
        put_unsigned(self.streams.of(SHAPES), parts.columns.len() as u64);
        for (spec, data) in &parts.columns {
            put_unsigned(self.streams.of(SHAPES), *spec);
            put_unsigned(self.streams.of(SHAPES), data.len() as u64);
            self.streams.of(COLUMNS + spec).extend_from_slice(data);
        }
    }

    fn add_actor(&mut self, actor: &[u8]) {
        let fresh = self.actors.len() as u64;
        let number = *self.actors.entry(actor.to_vec()).or_insert(fresh);
        put_unsigned(self.streams.of(HEADS), number);
        if number == fresh {
            put_bytes(self.streams.of(ACTORS), actor);
        }
    }

    fn finish(self) -> Vec<u8> {
        let mut out = Vec::new();
        put_unsigned(&mut out, self.count);
        put_unsigned(&mut out, self.streams.0.len() as u64);
        for (number, data) in &self.streams.0 {
            put_unsigned(&mut out, *number);
            put_unsigned(&mut out, data.len() as u64);
        }
        for data in self.streams.0.values() {
            out.extend_from_slice(data);
        }
        out
    }
}

fn splits(parts: &ChangeParts<'_>) -> bool {
    parts.columns.iter().all(|(spec, _)| *spec <= COLUMN_MAX)
}

/// Unpacks what `pack` made, checking every change.
///
/// # Errors
/// When the stream is cut or foreign, holds more than `max` changes, or one of them is not acceptable.
pub fn unpack(bytes: &[u8], max: usize) -> Result<Vec<Item>, PackError> {
    let mut unpacker = Unpacker::open(bytes).ok_or(PackError::Malformed)?;
    if unpacker.count > max as u64 {
        return Err(PackError::TooMany);
    }
    let mut room = limits::UNPACKED_BYTES_MAX;
    for _ in 0..unpacker.count {
        let (record, bytes) = unpacker.next().ok_or(PackError::Malformed)?;
        room = room.checked_sub(bytes.len()).ok_or(PackError::TooMany)?;
        let (hash, _) = chunk::open(&bytes)?;
        unpacker.items.push(Item { record, hash, bytes });
    }
    if unpacker.is_done() {
        Ok(unpacker.items)
    } else {
        Err(PackError::Malformed)
    }
}

struct Unpacker<'a> {
    count: u64,
    streams: BTreeMap<u64, Reader<'a>>,
    records: Vec<RecordId>,
    actors: Vec<&'a [u8]>,
    last_time_s: i64,
    items: Vec<Item>,
}

impl<'a> Unpacker<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let count = reader.unsigned()?;
        let streams_len = reader.unsigned()?;
        if streams_len > STREAMS_MAX {
            return None;
        }
        let mut heads = Vec::new();
        for _ in 0..streams_len {
            heads.push((reader.unsigned()?, reader.unsigned()?));
        }
        let mut streams = BTreeMap::new();
        for (number, len) in heads {
            if streams
                .insert(number, Reader::new(reader.take_u64(len)?))
                .is_some()
            {
                return None;
            }
        }
        reader.is_done().then_some(Self {
            count,
            streams,
            records: Vec::new(),
            actors: Vec::new(),
            last_time_s: 0,
            items: Vec::new(),
        })
    }

    fn is_done(&self) -> bool {
        self.streams.values().all(Reader::is_done)
    }

    fn stream(&mut self, number: u64) -> Option<&mut Reader<'a>> {
        self.streams.get_mut(&number)
    }

    fn head(&mut self) -> Option<u64> {
        self.stream(HEADS)?.unsigned()
    }

    fn next(&mut self) -> Option<(RecordId, Vec<u8>)> {
        let number = usize::try_from(self.head()?).ok()?;
        if number == self.records.len() {
            let id = RecordId::from_slice(self.stream(IDS)?.take(16)?)?;
            self.records.push(id);
        }
        let record = *self.records.get(number)?;
        let bytes = match self.head()? {
            KIND_WHOLE => prefixed(self.stream(WHOLE)?)?.to_vec(),
            KIND_SPLIT => self.parts()?.rebuild(),
            _ => return None,
        };
        Some((record, bytes))
    }

    fn parts(&mut self) -> Option<ChangeParts<'a>> {
        let deps_len = self.head()?;
        if deps_len > limits::CHANGE_DEPS_MAX as u64 {
            return None;
        }
        let mut deps = Vec::new();
        for _ in 0..deps_len {
            deps.push(self.dep()?);
        }
        let actor = self.actor()?;
        let seq = self.head()?;
        let start_op = self.head()?;
        let time_s = self.stream(HEADS)?.signed()?.wrapping_add(self.last_time_s);
        self.last_time_s = time_s;
        let others_len = self.head()?;
        if others_len > limits::CHANGE_ACTORS_MAX as u64 {
            return None;
        }
        let mut others = Vec::new();
        for _ in 0..others_len {
            others.push(self.actor()?);
        }
        let message = prefixed(self.stream(TEXTS)?)?;
        let extra = prefixed(self.stream(TEXTS)?)?;
        let columns = self.columns()?;
        Some(ChangeParts {
            deps,
            actor,
            seq,
            start_op,
            time_s,
            message,
            others,
            columns,
            extra,
        })
    }

    fn dep(&mut self) -> Option<ChangeHash> {
        let back = usize::try_from(self.head()?).ok()?;
        if back == 0 {
            return ChangeHash::from_slice(self.stream(HASHES)?.take(32)?);
        }
        let at = self.items.len().checked_sub(back)?;
        Some(self.items.get(at)?.hash)
    }

    fn actor(&mut self) -> Option<&'a [u8]> {
        let number = usize::try_from(self.head()?).ok()?;
        if number == self.actors.len() {
            // Before it is ever repeated: a name costs its length once, and a byte each time after.
            let actor =
                prefixed(self.stream(ACTORS)?).filter(|actor| actor.len() <= limits::ACTOR_BYTES_MAX)?;
            self.actors.push(actor);
        }
        self.actors.get(number).copied()
    }

    fn columns(&mut self) -> Option<Vec<(u64, &'a [u8])>> {
        let count = self.stream(SHAPES)?.unsigned()?;
        if count > 100 {
            return None;
        }
        let mut columns = Vec::new();
        for _ in 0..count {
            let spec = self.stream(SHAPES)?.unsigned()?;
            let len = self.stream(SHAPES)?.unsigned()?;
            let number = COLUMNS.checked_add(spec)?;
            let data = if len == 0 {
                &[]
            } else {
                self.stream(number)?.take_u64(len)?
            };
            columns.push((spec, data));
        }
        Some(columns)
    }
}

fn prefixed<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let len = reader.unsigned()?;
    reader.take_u64(len)
}
