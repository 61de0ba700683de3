//! Devices, the codes they enrol with, the tokens they show and the certificates others know them by.

use jiff::Timestamp;
use sync_core::cert::SignedCert;
use sync_core::id::{DeviceId, Digest32, PublicKey, UnitId, UserId};

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
    /// What it said of itself when it last synced; none before its first sync.
    pub heard: Option<Heard>,
}

/// What a device said of itself when it last synced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// When, by the server's clock.
    pub at: Timestamp,
    /// The version of its program.
    pub program: String,
    /// Changes that waited on it then and are not in the log since.
    pub pending: u64,
    /// Its clock less the server's, in milliseconds.
    pub clock_skew_ms: i64,
}

/// A device and who holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldDevice {
    /// The device.
    pub device: Device,
    /// The person who holds it.
    pub holder: User,
}

/// Whose devices somebody may look at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum DeviceReach {
    /// Everybody's.
    #[default]
    All,
    /// Their own, and those of field people all of whose units are among these.
    Field {
        /// Who asks.
        own: UserId,
        /// Their review scope, every unit named by itself.
        units: Vec<UnitId>,
    },
}

/// A bounded question for a list of devices.
#[derive(Debug, Clone, Default)]
pub struct DeviceQuery {
    /// What the asker may see.
    pub reach: DeviceReach,
    /// Only those of this person.
    pub user: Option<UserId>,
    /// Only those of people who have one of these units.
    pub units: Option<Vec<UnitId>>,
    /// Only this kind.
    pub kind: Option<DeviceKind>,
    /// Only revoked ones, or only those in use.
    pub revoked: Option<bool>,
    /// Only phones in use that did not sync since then (milliseconds since 1970), and whose holders were not turned
    /// off.
    pub silent_since_ms: Option<i64>,
    /// After this one, by id.
    pub after: Option<DeviceId>,
    /// At most so many.
    pub limit: usize,
}

/// A code that was handed out and that nobody used yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenEnrolment {
    /// Its number.
    pub id: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// It is worth nothing after this.
    pub expires_at: Timestamp,
    /// Wrong codes tried for it.
    pub failures: u32,
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

    /// Codes of a person that are good at `now` and not used, oldest first.
    fn open_enrolments(&self, user: UserId, now: Timestamp) -> Result<Vec<OpenEnrolment>, StoreError>;

    /// Makes an open code of a person worthless; false if there is none of that number.
    fn cancel_enrolment(&self, user: UserId, id: i64, audit: AuditEntry) -> Result<bool, StoreError>;

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

    /// Devices that answer the question, by id.
    fn devices(&self, query: &DeviceQuery) -> Result<Vec<HeldDevice>, StoreError>;

    /// Phones in use that did not sync since `before_ms` (milliseconds since 1970), by id after `after`.
    fn silent_devices(
        &self,
        reach: &DeviceReach,
        before_ms: i64,
        after: Option<DeviceId>,
        limit: usize,
    ) -> Result<Vec<HeldDevice>, StoreError> {
        self.devices(&DeviceQuery {
            reach: reach.clone(),
            silent_since_ms: Some(before_ms),
            after,
            limit,
            ..DeviceQuery::default()
        })
    }

    /// How many there are of [`DeviceStore::silent_devices`].
    fn silent_device_count(&self, reach: &DeviceReach, before_ms: i64) -> Result<u64, StoreError>;

    /// Keeps what a device said of itself. It is on disk with whatever is written next, or after
    /// [`DeviceStore::write_heard`]: a sync with nothing new costs no write of its own. No audit entry goes with it:
    /// what a sync brought has its own.
    fn note_heard(&self, device: DeviceId, heard: Heard);

    /// Brings what was noted to the disk, if anything was.
    fn write_heard(&self) -> Result<(), StoreError>;

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
