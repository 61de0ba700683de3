//! The server's own hand for the edits of an officer on the web.

use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use sync_core::id::{DeviceId, Digest32, PublicKey};

use super::{AccessError, Keys};
use crate::audit::{Action, Actor, AuditEntry};
use crate::entropy;
use crate::store::{DeviceStore, NewDevice, User};

/// The console device of an officer and the key it signs with, made when first needed.
///
/// # Errors
/// When people of this role write nothing, or the store fails.
pub fn console_device(
    store: &impl DeviceStore,
    keys: &Keys,
    now: Timestamp,
    user: &User,
) -> Result<(DeviceId, SigningKey), AccessError> {
    if !user.role.holds_records() {
        return Err(AccessError::RoleHasNoDevice);
    }
    loop {
        if let Some((device, seed)) = store.console(user.id)? {
            return Ok((device, SigningKey::from_bytes(&seed)));
        }
        let seed: [u8; 32] = entropy::bytes();
        let new = NewDevice {
            id: DeviceId(entropy::id(now)),
            user: user.id,
            name: "console".to_owned(),
            public_key: PublicKey(SigningKey::from_bytes(&seed).verifying_key().to_bytes()),
            token: Digest32([0; 32]),
        };
        let audit = AuditEntry::new(now, Actor::Server, Action::ConsoleCreate, Actor::User(user.id));
        store.add_console(&new, &seed, keys, audit)?;
    }
}
