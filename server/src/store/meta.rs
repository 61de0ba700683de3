//! What the register is: its identity and keys.

use super::StoreError;
use crate::access::Keys;

/// The register's own facts.
pub trait MetaStore {
    /// Identity and keys, made on first start.
    fn keys(&self) -> Result<Keys, StoreError>;

    /// The address people reach the server at, as last served.
    fn public_url(&self) -> Result<Option<String>, StoreError>;

    /// Remembers the address for commands that print links. Not an act of anybody: no audit.
    fn set_public_url(&self, url: &str) -> Result<(), StoreError>;

    /// True once there is anybody who may add others.
    fn has_admin(&self) -> Result<bool, StoreError>;
}
