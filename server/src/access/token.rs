//! Tokens: what a device or a browser shows to be known again.

use sha2::{Digest, Sha256};
use sync_core::id::{Digest32, hex, unhex};

use crate::entropy;

/// Thirty-two random bytes. The server keeps only their hash.
#[derive(Clone)]
pub struct Token([u8; 32]);

impl Token {
    /// A new token.
    #[must_use]
    pub fn fresh() -> Self {
        Self(entropy::bytes())
    }

    /// The token in a header or cookie; `None` if that is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        unhex(text).and_then(|bytes| bytes.try_into().ok()).map(Self)
    }

    /// As shown: 64 hexadecimal digits.
    #[must_use]
    pub fn text(&self) -> String {
        hex(&self.0)
    }

    /// As stored. Looking a hash up tells nothing by its timing that helps to guess a token.
    #[must_use]
    pub fn hash(&self) -> Digest32 {
        Digest32(
            Sha256::new()
                .chain_update(b"soban token 1\n")
                .chain_update(self.0)
                .finalize()
                .into(),
        )
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}
