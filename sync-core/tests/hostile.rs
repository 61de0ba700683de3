//! Changes written by hand, column by column, as nobody's library would write them.

use sync_core::chunk::ChangeParts;
use sync_core::id::ChangeHash;

pub const KEY_TEXT: u64 = 0x15;
pub const INSERT: u64 = 0x34;
pub const ACTION: u64 = 0x42;
pub const VALUE_META: u64 = 0x56;
pub const VALUE: u64 = 0x57;
pub const PRED_COUNT: u64 = 0x70;
pub const PRED_ACTOR: u64 = 0x71;
pub const PRED_COUNTER: u64 = 0x73;

pub fn unsigned(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            out.push(byte);
            return out;
        }
        out.push(byte | 0x80);
    }
}

pub fn signed(value: i64) -> Vec<u8> {
    let mut out = Vec::new();
    let mut value = value;
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        if (value == 0 && byte & 0x40 == 0) || (value == -1 && byte & 0x40 != 0) {
            out.push(byte);
            return out;
        }
        out.push(byte | 0x80);
    }
}

/// A run of `len` times `entry`.
pub fn run(len: i64, entry: &[u8]) -> Vec<u8> {
    [signed(len), entry.to_vec()].concat()
}

/// A change under construction: `len` puts of null at one path by one actor, sound until altered.
#[derive(Debug, Clone)]
pub struct Hostile {
    pub deps: Vec<ChangeHash>,
    pub actor: Vec<u8>,
    pub seq: u64,
    pub start_op: u64,
    pub time_s: i64,
    pub message: Vec<u8>,
    pub others: Vec<Vec<u8>>,
    pub columns: Vec<(u64, Vec<u8>)>,
    pub extra: Vec<u8>,
}

impl Hostile {
    /// One put of null at `path` by `actor`, first of its record.
    pub fn sound(actor: &[u8], path: &str) -> Self {
        Self {
            deps: Vec::new(),
            actor: actor.to_vec(),
            seq: 1,
            start_op: 1,
            time_s: 0,
            message: Vec::new(),
            others: Vec::new(),
            columns: vec![
                (
                    KEY_TEXT,
                    run(
                        -1,
                        &[unsigned(path.len() as u64), path.as_bytes().to_vec()].concat(),
                    ),
                ),
                (INSERT, unsigned(1)),
                (ACTION, run(-1, &[1])),
                (VALUE_META, run(-1, &[0])),
                (PRED_COUNT, run(-1, &[0])),
            ],
            extra: Vec::new(),
        }
    }

    /// Sets a column, in its place by specification.
    pub fn with(mut self, spec: u64, data: Vec<u8>) -> Self {
        self.columns.retain(|(known, _)| *known != spec);
        self.columns.push((spec, data));
        self.columns.sort_by_key(|(spec, _)| *spec);
        self
    }

    /// Lets the one operation overwrite (counter, actor number).
    pub fn over(self, counter: i64, actor: u64) -> Self {
        self.with(PRED_COUNT, run(-1, &[1]))
            .with(PRED_ACTOR, run(-1, &unsigned(actor)))
            .with(PRED_COUNTER, run(-1, &signed(counter)))
    }

    /// The chunk, with the right checksum and length.
    pub fn bytes(&self) -> Vec<u8> {
        let parts = ChangeParts {
            deps: self.deps.clone(),
            actor: &self.actor,
            seq: self.seq,
            start_op: self.start_op,
            time_s: self.time_s,
            message: &self.message,
            others: self.others.iter().map(Vec::as_slice).collect(),
            columns: self
                .columns
                .iter()
                .map(|(spec, data)| (*spec, data.as_slice()))
                .collect(),
            extra: &self.extra,
        };
        parts.rebuild()
    }
}
