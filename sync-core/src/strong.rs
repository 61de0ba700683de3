//! Record ids that two phones compute alike, where a strong natural key exists.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Builder;

use crate::id::RecordId;

/// The id of the record of `kind` with the strong key `key` (domain page §8.11).
///
/// The first 128 bits of HMAC-SHA256 under the project's key over `kind|key`, shaped as UUIDv8.
/// Keyed, because a plain hash of a twelve-digit number is reversed by trying all of them.
#[must_use]
pub fn record_id(project_key: &[u8; 32], kind: &str, key: &str) -> RecordId {
    // HMAC pads a short key with zeros to the block; doing it here keeps the call infallible.
    let mut block = [0; 64];
    block[..32].copy_from_slice(project_key);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    mac.update(kind.as_bytes());
    mac.update(b"|");
    mac.update(key.as_bytes());
    let digest = mac.finalize().into_bytes();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    RecordId(Builder::from_custom_bytes(bytes).into_uuid())
}
