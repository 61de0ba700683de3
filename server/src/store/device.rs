//! Devices, the codes they enrol with, the tokens they show and the certificates others know them by.

use jiff::Timestamp;
use sync_core::cert::SignedCert;
use sync_core::id::{DeviceId, Digest32, PublicKey, UserId};

use super::{StoreError, User};
use crate::access::Keys;
use crate::audit::AuditEntry;

/// What kind of device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceKind {
    /// A phone or laptop with a key of its own.
    Field,
    /// The server's own hand for the edits of an officer on the web.
    Console,
}

impl DeviceKind {
    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Console => "console",
        }
    }
}

/// An enrolled device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Stable for ever, never reused.
    pub id: DeviceId,
    /// The person who holds it.
    pub user: UserId,
    /// What its holder calls it.
    pub name: String,
    /// Phone or console.
    pub kind: DeviceKind,
    /// The key its envelopes are signed with.
    pub public_key: PublicKey,
    /// When it was enrolled.
    pub created_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// The serial of its newest certificate.
    pub serial: u64,
}

/// A device to be added.
#[derive(Debug, Clone)]
pub struct NewDevice {
    /// A fresh id.
    pub id: DeviceId,
    /// The person who holds it.
    pub user: UserId,
    /// What its holder calls it.
    pub name: String,
    /// The key its envelopes are signed with.
    pub public_key: PublicKey,
    /// SHA-256 of the token it will show. A console shows none.
    pub token: Digest32,
}

/// A code to be handed out.
#[derive(Debug, Clone)]
pub struct NewEnrolment {
    /// The first part of the code, by which it is found.
    pub selector: String,
    /// SHA-256 of the whole code.
    pub code: Digest32,
    /// The person it is for.
    pub user: UserId,
    /// It is worth nothing after this.
    pub expires_at: Timestamp,
}

/// A code that was handed out.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// The first part of the code.
    pub selector: String,
    /// SHA-256 of the whole code.
    pub code: Digest32,
    /// The person it is for.
    pub user: User,
    /// It is worth nothing after this.
    pub expires_at: Timestamp,
    /// The device that used it.
    pub device: Option<Device>,
    /// True once that device has shown a token: the answer has arrived.
    pub answered: bool,
    /// Wrong codes with this selector so far.
    pub failures: u32,
    /// No attempt is looked at before this.
    pub wait_until: Option<Timestamp>,
}

/// Whose a token is.
#[derive(Debug, Clone)]
pub struct TokenHolder {
    /// The device that shows it.
    pub device: Device,
    /// The person who holds the device.
    pub user: User,
    /// True if the token was never shown before.
    pub first_time: bool,
}

/// The newest certificate of a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCert {
    /// Rises over all certificates of the project.
    pub serial: u64,
    /// The device it speaks of.
    pub device: DeviceId,
    /// As signed.
    pub cert: SignedCert,
}

/// Devices.
pub trait DeviceStore {
    /// Keeps a new code; false if its selector is taken by one that is still good. Several codes of
    /// one person stand beside each other: people have two phones.
    fn add_enrolment(&self, new: &NewEnrolment, audit: AuditEntry) -> Result<bool, StoreError>;

    /// The newest code with that selector.
    fn enrolment(&self, selector: &str) -> Result<Option<Enrolment>, StoreError>;

    /// Counts a wrong code; after it nobody may try before `wait_until`.
    fn note_wrong_code(
        &self,
        selector: &str,
        wait_until: Option<Timestamp>,
        audit: AuditEntry,
    ) -> Result<(), StoreError>;

    /// Adds the device that used a code; false if another was faster.
    fn enrol_device(
        &self,
        selector: &str,
        new: &NewDevice,
        keys: &Keys,
        audit: AuditEntry,
    ) -> Result<bool, StoreError>;

    /// Gives a device one more token.
    fn add_token(&self, device: DeviceId, token: Digest32, audit: AuditEntry) -> Result<(), StoreError>;

    /// Whose that token is, whatever became of its device and holder.
    fn token(&self, hash: Digest32) -> Result<Option<TokenHolder>, StoreError>;

    /// Notes that a token was shown for the first time.
    fn note_first_use(&self, hash: Digest32, audit: AuditEntry) -> Result<(), StoreError>;

    /// The device of that id.
    fn device(&self, id: DeviceId) -> Result<Option<Device>, StoreError>;

    /// Devices by id, after `after`; those of one person if `user` is given.
    fn devices(
        &self,
        user: Option<UserId>,
        after: Option<DeviceId>,
        limit: usize,
    ) -> Result<Vec<Device>, StoreError>;

    /// Revokes a device and issues its last certificate. A second time changes nothing. False if
    /// there is no such device.
    fn revoke_device(&self, id: DeviceId, keys: &Keys, audit: AuditEntry) -> Result<bool, StoreError>;

    /// The newest certificate of a device.
    fn cert(&self, device: DeviceId) -> Result<Option<StoredCert>, StoreError>;

    /// Newest certificates with a serial above `serial`, by serial.
    fn certs_since(&self, serial: u64, limit: usize) -> Result<Vec<StoredCert>, StoreError>;

    /// The console of a person and the seed of its key.
    fn console(&self, user: UserId) -> Result<Option<(DeviceId, [u8; 32])>, StoreError>;

    /// Adds a console; false if the person has one already.
    fn add_console(
        &self,
        new: &NewDevice,
        seed: &[u8; 32],
        keys: &Keys,
        audit: AuditEntry,
    ) -> Result<bool, StoreError>;
}
