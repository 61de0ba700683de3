//! What makes this register this one.

use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use sync_core::id::{ProjectId, PublicKey};

use crate::entropy;

/// Identity and keys of the register, made on first start and kept in the database.
#[derive(Clone)]
pub struct Keys {
    /// The register.
    pub project: ProjectId,
    /// The HMAC key that turns strong natural keys into record ids. Every enrolled device has it.
    pub record_key: [u8; 32],
    /// Signs certificates. Never leaves the server.
    pub signing: SigningKey,
    /// Changes when the database is replaced by a backup.
    pub epoch: [u8; 16],
}

impl Keys {
    /// A new register's identity and keys.
    #[must_use]
    pub fn fresh(at: Timestamp) -> Self {
        Self {
            project: ProjectId(entropy::id(at)),
            record_key: entropy::bytes(),
            signing: SigningKey::from_bytes(&entropy::bytes()),
            epoch: entropy::bytes(),
        }
    }

    /// The key certificates are checked with.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.signing.verifying_key().to_bytes())
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys")
            .field("project", &self.project)
            .finish_non_exhaustive()
    }
}
