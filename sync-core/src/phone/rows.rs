//! Rows to what `replica` works on, and back.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use super::state::RecordRow;
use crate::admit::Trust;
use crate::id::{ChangeHash, DeviceId, RecordId};
use crate::policy::ParkReason;
use crate::record::{KIND, Record, RecordError};
use crate::replica::{Aside, Because, Kept};

/// What is stored cannot be read: the store is damaged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// The phone's own state.
    #[error("the stored state of this phone cannot be read")]
    State,
    /// The changes kept beside a record.
    #[error("what is stored beside record {0} cannot be read")]
    Aside(RecordId),
    /// A document.
    #[error(transparent)]
    Record(#[from] RecordError),
}

#[derive(Encode, Decode)]
struct AsideRow {
    #[n(0)]
    hash: ChangeHash,
    #[cbor(n(1), with = "minicbor::bytes")]
    bytes: Vec<u8>,
    /// `None`: vouched for by the server.
    #[n(2)]
    signer: Option<DeviceId>,
    #[n(3)]
    cleared: bool,
    /// `None`: waiting.
    #[n(4)]
    parked: Option<ParkReason>,
}

impl RecordRow {
    /// Opens what is stored of a record.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn open(&self, id: RecordId) -> Result<Kept, RowError> {
        let record = match self.document.as_slice() {
            [] => Record::empty(id),
            document => Record::load(id, document)?,
        };
        let rows: Vec<AsideRow> = match self.aside.as_slice() {
            [] => Vec::new(),
            bytes => minicbor::decode(bytes).map_err(|_| RowError::Aside(id))?,
        };
        Ok(Kept {
            record,
            aside: rows.into_iter().map(AsideRow::open).collect(),
        })
    }

    /// What is to be stored of a record. The kind of a record that is not merged yet is read from
    /// its changes.
    #[must_use]
    pub fn close(kept: &Kept, gone: bool, kind_before: Option<String>) -> Self {
        let rows: Vec<_> = kept
            .aside
            .iter()
            .map(|(hash, aside)| AsideRow::close(*hash, aside))
            .collect();
        let document = if kept.record.is_empty() {
            Vec::new()
        } else {
            kept.record.save()
        };
        let aside = if rows.is_empty() {
            Vec::new()
        } else {
            minicbor::to_vec(&rows).unwrap_or_default()
        };
        let kind = kept
            .record
            .get(KIND)
            .and_then(|kind| Some(kind.as_text()?.to_owned()));
        let kind = kind.or(kind_before).or_else(|| kind_aside(&kept.aside));
        Self {
            kind,
            document,
            aside,
            gone,
        }
    }
}

fn kind_aside(aside: &BTreeMap<ChangeHash, Aside>) -> Option<String> {
    aside.values().find_map(|aside| {
        let writes = crate::record::written(&aside.bytes).ok()?;
        let (_, value) = writes.into_iter().find(|(path, _)| path == KIND)?;
        Some(value?.as_text()?.to_owned())
    })
}

impl AsideRow {
    fn open(self) -> (ChangeHash, Aside) {
        let trust = match (self.signer, self.cleared) {
            (None, _) => Trust::Vouched,
            (Some(device), false) => Trust::Signed(device),
            (Some(device), true) => Trust::Cleared(device),
        };
        let because = self.parked.map_or(Because::Waiting, Because::Parked);
        (
            self.hash,
            Aside {
                bytes: self.bytes,
                trust,
                because,
            },
        )
    }

    fn close(hash: ChangeHash, aside: &Aside) -> Self {
        let (signer, cleared) = match aside.trust {
            Trust::Vouched => (None, false),
            Trust::Signed(device) => (Some(device), false),
            Trust::Cleared(device) => (Some(device), true),
        };
        let parked = match aside.because {
            Because::Waiting => None,
            Because::Parked(reason) => Some(reason),
        };
        Self {
            hash,
            bytes: aside.bytes.clone(),
            signer,
            cleared,
            parked,
        }
    }
}
