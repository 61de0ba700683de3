//! (3) A signed batch of one device's changes: the unit of transport, of durability and of receipt.
//!
//! In: changes of one device. Out: bytes that prove who wrote them, whoever carries them. The
//! signature covers the project, the device, the running counter, the claimed time, and a digest of
//! (record, change hash) in order: a change cannot be moved to another record or another person.

use ed25519_dalek::{Signer, SigningKey};
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

use crate::cert::{DeviceCert, verify};
use crate::compress::{compress, decompress};
use crate::frame::EnvelopeName;
use crate::id::{ChangeHash, DeviceId, ProjectId, RecordId, Signature};
use crate::limits;
use crate::pack::{Item, PackError, pack, unpack};

/// The head of an envelope: everything that is signed but the changes themselves.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct EnvelopeHead {
    /// The register.
    #[n(0)]
    pub project: ProjectId,
    /// The device that wrote and signed it.
    #[n(1)]
    pub device: DeviceId,
    /// Running number of this device's envelopes, from 1.
    #[n(2)]
    pub counter: u64,
    /// The device's clock when it closed the envelope: milliseconds since 1970. A claim.
    #[n(3)]
    pub claimed_at_ms: i64,
}

/// A signed batch, as it travels.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Envelope {
    /// Who, which, when.
    #[n(0)]
    pub head: EnvelopeHead,
    /// The device's signature.
    #[n(1)]
    pub signature: Signature,
    /// The changes, packed and compressed.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub body: Vec<u8>,
}

/// Bytes that are not an authentic envelope. The names are stable: they are the refusal's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Cut off, damaged or not an envelope.
    #[error("the envelope cannot be read")]
    Malformed,
    /// Larger than an envelope may be.
    #[error("the envelope is too large")]
    TooLarge,
    /// No changes in it.
    #[error("the envelope is empty")]
    Empty,
    /// It belongs to another register.
    #[error("the envelope belongs to another project")]
    OtherProject,
    /// Nobody here knows the device that signed it.
    #[error("the device that signed the envelope is not known")]
    UnknownDevice,
    /// The signature does not fit.
    #[error("the signature does not fit the envelope")]
    BadSignature,
    /// The device used this counter before, for another envelope: a restored or copied phone.
    #[error("the device used this envelope number before")]
    CounterReused,
}

impl EnvelopeError {
    /// The stable code of the refusal.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "envelope_malformed",
            Self::TooLarge => "envelope_too_large",
            Self::Empty => "envelope_empty",
            Self::OtherProject => "other_project",
            Self::UnknownDevice => "device_unknown",
            Self::BadSignature => "signature_wrong",
            Self::CounterReused => "counter_reused",
        }
    }
}

/// The digest an envelope's signature covers: (record, change hash) in order.
#[must_use]
pub fn digest<'a>(items: impl IntoIterator<Item = (&'a RecordId, &'a ChangeHash)>) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for (record, hash) in items {
        hasher.update(record.bytes());
        hasher.update(hash.0);
    }
    hasher.finalize().into()
}

impl EnvelopeHead {
    /// The bytes that are signed, for changes of this `digest`.
    #[must_use]
    pub fn message(&self, digest: &[u8; 32]) -> Vec<u8> {
        [
            b"soban envelope 1\n".as_slice(),
            self.project.bytes(),
            self.device.bytes(),
            &self.counter.to_be_bytes(),
            &self.claimed_at_ms.to_be_bytes(),
            digest,
        ]
        .concat()
    }

    /// Checks `signature` for changes of this `digest` against the device's certificate.
    ///
    /// # Errors
    /// `BadSignature`, or `UnknownDevice` when the certificate is another device's.
    pub fn verify(
        &self,
        signature: &Signature,
        digest: &[u8; 32],
        cert: &DeviceCert,
    ) -> Result<(), EnvelopeError> {
        if cert.device != self.device {
            return Err(EnvelopeError::UnknownDevice);
        }
        verify(&cert.public_key, &self.message(digest), signature).ok_or(EnvelopeError::BadSignature)
    }
}

impl Envelope {
    /// Closes and signs a batch.
    #[must_use]
    pub fn seal(head: EnvelopeHead, items: &[Item], key: &SigningKey) -> Self {
        let digest = digest(items.iter().map(|item| (&item.record, &item.hash)));
        let signature = Signature(key.sign(&head.message(&digest)).to_bytes());
        let body = compress(&pack(
            items.iter().map(|item| (item.record, item.bytes.as_slice())),
        ));
        Self {
            head,
            signature,
            body,
        }
    }

    /// Who signed it and its number.
    #[must_use]
    pub const fn name(&self) -> EnvelopeName {
        EnvelopeName {
            device: self.head.device,
            counter: self.head.counter,
        }
    }

    /// The first bytes of its signature: tells it from another one of the same name.
    #[must_use]
    pub fn mark(&self) -> [u8; 8] {
        let mut mark = [0; 8];
        mark.copy_from_slice(&self.signature.0[..8]);
        mark
    }

    /// Reads the changes and checks the signature.
    ///
    /// `cert` finds the certificate of a device.
    ///
    /// # Errors
    /// Why these bytes are not an authentic envelope of `project`.
    pub fn open(&self, project: ProjectId, cert: Option<&DeviceCert>) -> Result<Vec<Item>, EnvelopeError> {
        if self.head.project != project {
            return Err(EnvelopeError::OtherProject);
        }
        let cert = cert.ok_or(EnvelopeError::UnknownDevice)?;
        let items = self.items()?;
        let digest = digest(items.iter().map(|item| (&item.record, &item.hash)));
        self.head.verify(&self.signature, &digest, cert)?;
        Ok(items)
    }

    /// Reads the changes without checking who signed them: for an envelope checked before.
    ///
    /// # Errors
    /// `Malformed`, `TooLarge` or `Empty`.
    pub fn items(&self) -> Result<Vec<Item>, EnvelopeError> {
        let packed = decompress(&self.body).ok_or(EnvelopeError::Malformed)?;
        let items = unpack(&packed, limits::ENVELOPE_CHANGES_MAX).map_err(|error| match error {
            PackError::TooMany => EnvelopeError::TooLarge,
            PackError::Malformed | PackError::Change(_) => EnvelopeError::Malformed,
        })?;
        if items.is_empty() {
            Err(EnvelopeError::Empty)
        } else {
            Ok(items)
        }
    }
}

/// Cuts pending changes, oldest first, into batches of about one envelope each.
#[must_use]
pub fn batches(pending: Vec<Item>) -> Vec<Vec<Item>> {
    let mut batches: Vec<Vec<Item>> = Vec::new();
    let mut room = 0usize;
    for item in pending {
        let full = batches
            .last()
            .is_none_or(|batch| batch.len() >= limits::ENVELOPE_CHANGES_MAX || room < item.bytes.len());
        if full {
            batches.push(Vec::new());
            room = limits::ENVELOPE_RAW_BYTES_TARGET;
        }
        room = room.saturating_sub(item.bytes.len());
        if let Some(batch) = batches.last_mut() {
            batch.push(item);
        }
    }
    batches
}
