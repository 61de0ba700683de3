//! (9) Records as the server merged them: changes after a cursor, or whole documents, signed by the
//! server so that one phone can hand them to another.

use ed25519_dalek::{Signer, SigningKey};
use minicbor::{Decode, Encode};

use super::FeedPosition;
use crate::cert::verify;
use crate::compress::{compress, decompress};
use crate::id::{ProjectId, PublicKey, RecordId, Signature};
use crate::limits;
use crate::pack::{Item, pack, unpack};

/// A frame of updates, as it travels and as a phone keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Updates {
    /// The batch, in CBOR, compressed.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub body: Vec<u8>,
    /// The project key's signature over the body.
    #[n(1)]
    pub signature: Signature,
    /// Where the feeds stand after this frame. Not signed: it is about this device only.
    #[n(2)]
    pub cursor: Vec<FeedPosition>,
}

/// A whole document: shorter than its changes, or the device has none of it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Whole {
    /// The record.
    #[n(0)]
    pub record: RecordId,
    /// Its document, as any Automerge opens it.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub document: Vec<u8>,
    /// When the server received each change, seconds since 1970, in the order of the record's history.
    #[n(2)]
    pub received_at_s: Vec<i64>,
}

/// What a frame of updates says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpdateBatch {
    /// Single changes, ancestors first.
    pub changes: Vec<Item>,
    /// When the server received each of them, seconds since 1970.
    pub received_at_s: Vec<i64>,
    /// Whole documents.
    pub documents: Vec<Whole>,
    /// Records that left the device's units: hand in what is not sent, then remove the copy.
    pub gone: Vec<RecordId>,
}

#[derive(Encode, Decode)]
struct Wire {
    #[n(0)]
    project: ProjectId,
    #[cbor(n(1), with = "minicbor::bytes")]
    packed: Vec<u8>,
    #[n(2)]
    received_at_s: Vec<i64>,
    #[n(3)]
    documents: Vec<Whole>,
    #[n(4)]
    gone: Vec<RecordId>,
}

/// A frame of updates that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UpdateError {
    /// The signature is not this project's server's.
    #[error("the updates are not signed by this project's server")]
    BadSignature,
    /// Damaged, or larger than allowed.
    #[error("the updates cannot be read")]
    Malformed,
    /// They belong to another register.
    #[error("the updates belong to another project")]
    OtherProject,
}

const DOMAIN: &[u8] = b"soban updates 1\n";

impl Updates {
    /// Encodes and signs a batch.
    #[must_use]
    pub fn seal(
        project: ProjectId,
        batch: &UpdateBatch,
        cursor: Vec<FeedPosition>,
        key: &SigningKey,
    ) -> Self {
        let wire = Wire {
            project,
            packed: pack(
                batch
                    .changes
                    .iter()
                    .map(|item| (item.record, item.bytes.as_slice())),
            ),
            received_at_s: deltas(&batch.received_at_s),
            documents: batch.documents.clone(),
            gone: batch.gone.clone(),
        };
        let body = compress(&minicbor::to_vec(&wire).unwrap_or_default());
        let signature = Signature(key.sign(&[DOMAIN, &body].concat()).to_bytes());
        Self {
            body,
            signature,
            cursor,
        }
    }

    /// Checks the signature and reads the batch.
    ///
    /// # Errors
    /// Why the frame cannot be used.
    pub fn open(&self, project: ProjectId, server: &PublicKey) -> Result<UpdateBatch, UpdateError> {
        let message = [DOMAIN, &self.body].concat();
        verify(server, &message, &self.signature).ok_or(UpdateError::BadSignature)?;
        let bytes = decompress(&self.body).ok_or(UpdateError::Malformed)?;
        let wire: Wire = minicbor::decode(&bytes).map_err(|_| UpdateError::Malformed)?;
        if wire.project != project {
            return Err(UpdateError::OtherProject);
        }
        let changes = unpack(&wire.packed, limits::UPDATE_CHANGES_MAX).map_err(|_| UpdateError::Malformed)?;
        if wire.received_at_s.len() != changes.len() {
            return Err(UpdateError::Malformed);
        }
        Ok(UpdateBatch {
            changes,
            received_at_s: sums(&wire.received_at_s),
            documents: wire.documents,
            gone: wire.gone,
        })
    }
}

impl UpdateBatch {
    /// The records it speaks of.
    #[must_use]
    pub fn records(&self) -> std::collections::BTreeSet<RecordId> {
        let changed = self.changes.iter().map(|item| item.record);
        let whole = self.documents.iter().map(|whole| whole.record);
        changed.chain(whole).chain(self.gone.iter().copied()).collect()
    }
}

/// Times that arrive together differ by little: differences are one byte each.
fn deltas(times: &[i64]) -> Vec<i64> {
    let mut last = 0i64;
    times
        .iter()
        .map(|time| time.wrapping_sub(std::mem::replace(&mut last, *time)))
        .collect()
}

fn sums(deltas: &[i64]) -> Vec<i64> {
    let mut last = 0i64;
    deltas
        .iter()
        .map(|delta| {
            last = last.wrapping_add(*delta);
            last
        })
        .collect()
}
