//! The key of a vault: seals and opens rows with AES-256-GCM.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use zeroize::Zeroizing;

/// Bytes of a nonce. It is random: with 2^32 rows the chance of using one twice is below 2^-32.
const NONCE_LEN: usize = 12;

/// What was sealed cannot be opened: another key, another place, or damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("what is stored cannot be opened with this key")]
pub struct OpenError;

/// A key in memory; its bytes are wiped when it goes.
#[derive(Clone)]
pub struct Key {
    bytes: Zeroizing<[u8; 32]>,
    cipher: Aes256Gcm,
}

impl Key {
    /// The key with these bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self {
            cipher: Aes256Gcm::new(&bytes.into()),
            bytes: Zeroizing::new(bytes),
        }
    }

    /// Its bytes, to be sealed under another key.
    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// Seals `plain` for its place: nonce, then ciphertext and tag. What was sealed for one place does
    /// not open in another.
    #[must_use]
    pub fn seal(&self, place: &[u8], plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_LEN];
        fill(&mut nonce);
        let payload = Payload {
            msg: plain,
            aad: place,
        };
        // AES-GCM refuses only more than 64 GB.
        let sealed = self
            .cipher
            .encrypt(&Nonce::from(nonce), payload)
            .unwrap_or_default();
        [nonce.as_slice(), &sealed].concat()
    }

    /// Opens what [`Self::seal`] sealed for the same place.
    ///
    /// # Errors
    /// When it was not sealed with this key for this place.
    pub fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(OpenError)?;
        let payload = Payload {
            msg: sealed,
            aad: place,
        };
        self.cipher
            .decrypt(&Nonce::from(*nonce), payload)
            .map_err(|_| OpenError)
    }
}

/// Fills bytes with the platform's randomness; a platform without it cannot keep a secret at all.
fn fill(bytes: &mut [u8]) {
    getrandom::fill(bytes).unwrap_or_else(|error| panic!("no randomness: {error}"));
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_sealed_opens_in_its_place_only(bytes: [u8; 32], place: Vec<u8>, other: Vec<u8>, plain: Vec<u8>) {
            let key = Key::new(bytes);
            let sealed = key.seal(&place, &plain);
            prop_assert_eq!(key.open(&place, &sealed), Ok(plain));
            if other != place {
                prop_assert_eq!(key.open(&other, &sealed), Err(OpenError));
            }
        }

        #[test]
        fn a_flipped_bit_does_not_open(plain: Vec<u8>, at: usize, bit in 0u8..8) {
            let key = Key::new([7; 32]);
            let mut sealed = key.seal(b"here", &plain);
            let at = at % sealed.len();
            sealed[at] ^= 1 << bit;
            prop_assert_eq!(key.open(b"here", &sealed), Err(OpenError));
        }
    }

    #[test]
    fn the_same_words_are_never_sealed_alike() {
        let key = Key::new([7; 32]);
        assert_ne!(key.seal(b"here", b"words"), key.seal(b"here", b"words"));
        assert_eq!(key.open(b"here", b"short"), Err(OpenError));
    }
}
