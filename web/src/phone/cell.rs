//! Rows as they lie on the shelves: CBOR, with numbered fields that are only ever added to.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};
use sync_core::envelope::Envelope;
use sync_core::frame::EnvelopeName;
use sync_core::id::{ChangeHash, RecordId};
use sync_core::phone::{ChangeRow, ChangeState, EnvelopeRow, EnvelopeState, OpenEnvelope, RecordRow};
use sync_core::policy::ParkReason;

use crate::rows::RowsError;

/// Reads a row.
pub fn read<'b, T: Decode<'b, ()>>(what: &str, bytes: &'b [u8]) -> Result<T, RowsError> {
    minicbor::decode(bytes).map_err(|_| RowsError::Damaged(what.to_owned()))
}

/// Writes a row. Writing to memory cannot fail.
pub fn write<T: Encode<()>>(row: &T) -> Vec<u8> {
    minicbor::to_vec(row).unwrap_or_default()
}

/// A record: its document, what lies beside it, and what became of each of its changes.
#[derive(Debug, Clone, Default, PartialEq, Encode, Decode)]
pub struct RecordCell {
    #[n(0)]
    kind: Option<String>,
    #[cbor(n(1), with = "minicbor::bytes")]
    document: Vec<u8>,
    #[cbor(n(2), with = "minicbor::bytes")]
    aside: Vec<u8>,
    #[n(3)]
    gone: bool,
    #[n(4)]
    changes: Vec<ChangeCell>,
}

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
struct ChangeCell {
    #[n(0)]
    hash: ChangeHash,
    #[n(1)]
    order: u64,
    #[n(2)]
    own: bool,
    #[n(3)]
    counter: Option<u64>,
    /// The stable name of its state.
    #[n(4)]
    state: String,
    #[n(5)]
    reason: Option<ParkReason>,
    #[n(6)]
    claimed_at_s: i64,
    #[n(7)]
    received_at_s: Option<i64>,
}

impl RecordCell {
    pub fn row(&self) -> RecordRow {
        RecordRow {
            kind: self.kind.clone(),
            document: self.document.clone(),
            aside: self.aside.clone(),
            gone: self.gone,
        }
    }

    pub fn put_row(&mut self, row: &RecordRow) {
        self.kind.clone_from(&row.kind);
        self.document.clone_from(&row.document);
        self.aside.clone_from(&row.aside);
        self.gone = row.gone;
    }

    pub fn changes(&self, record: RecordId) -> Vec<ChangeRow> {
        self.changes.iter().map(|cell| cell.row(record)).collect()
    }

    pub fn put_change(&mut self, row: &ChangeRow) {
        let cell = ChangeCell::of(row);
        match self.changes.iter_mut().find(|known| known.hash == row.hash) {
            Some(known) => *known = cell,
            None => self.changes.push(cell),
        }
    }
}

impl ChangeCell {
    fn of(row: &ChangeRow) -> Self {
        let reason = match row.state {
            ChangeState::Parked(reason) => Some(reason),
            _ => None,
        };
        Self {
            hash: row.hash,
            order: row.order,
            own: row.own,
            counter: row.counter,
            state: row.state.name().to_owned(),
            reason,
            claimed_at_s: row.claimed_at_s,
            received_at_s: row.received_at_s,
        }
    }

    fn row(&self, record: RecordId) -> ChangeRow {
        let reason = self.reason.map(ParkReason::code);
        ChangeRow {
            record,
            hash: self.hash,
            order: self.order,
            own: self.own,
            counter: self.counter,
            // A name this version does not know counts as unsent: handing in again harms nothing.
            state: ChangeState::from_name(&self.state, reason).unwrap_or(ChangeState::Sealed),
            claimed_at_s: self.claimed_at_s,
            received_at_s: self.received_at_s,
        }
    }
}

/// What is known of an envelope; its bytes lie on a shelf of their own.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub struct EnvelopeCell {
    #[n(0)]
    pub name: EnvelopeName,
    #[n(1)]
    pub order: u64,
    #[n(2)]
    pub records: BTreeSet<RecordId>,
    #[n(3)]
    pub attempted: bool,
    #[n(4)]
    pub is_open: bool,
    /// The code of the server's refusal; then it is not open either.
    #[n(5)]
    pub refused: Option<String>,
    #[n(6)]
    pub bytes_len: u64,
    #[cbor(n(7), with = "minicbor::bytes")]
    pub mark: [u8; 8],
}

impl EnvelopeCell {
    pub fn of(row: &EnvelopeRow, bytes_len: usize) -> Self {
        let refused = match &row.state {
            EnvelopeState::Refused(code) => Some(code.clone()),
            EnvelopeState::Open | EnvelopeState::Receipted => None,
        };
        Self {
            name: row.name,
            order: row.order,
            records: row.records.clone(),
            attempted: row.attempted,
            is_open: row.state == EnvelopeState::Open,
            refused,
            bytes_len: bytes_len as u64,
            mark: row.envelope.mark(),
        }
    }

    pub fn row(&self, envelope: Envelope) -> EnvelopeRow {
        let state = match (&self.refused, self.is_open) {
            (Some(code), _) => EnvelopeState::Refused(code.clone()),
            (None, true) => EnvelopeState::Open,
            (None, false) => EnvelopeState::Receipted,
        };
        EnvelopeRow {
            name: self.name,
            order: self.order,
            envelope,
            records: self.records.clone(),
            attempted: self.attempted,
            state,
        }
    }

    pub fn open(&self) -> Option<OpenEnvelope> {
        self.is_open.then_some(OpenEnvelope {
            name: self.name,
            attempted: self.attempted,
            bytes_len: usize::try_from(self.bytes_len).unwrap_or(usize::MAX),
            mark: self.mark,
        })
    }
}

/// The key of an envelope's rows: by device, then by number.
pub fn envelope_key(name: EnvelopeName) -> Vec<u8> {
    [name.device.bytes().as_slice(), &name.counter.to_be_bytes()].concat()
}

/// The id a key stands for.
pub fn record_id(key: &[u8]) -> Result<RecordId, RowsError> {
    let bytes: [u8; 16] = key
        .try_into()
        .map_err(|_| RowsError::Damaged("record".to_owned()))?;
    Ok(RecordId(uuid::Uuid::from_bytes(bytes)))
}
