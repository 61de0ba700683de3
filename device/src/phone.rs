//! The phone as a value: its home, its clock, its randomness, and what it knows of the world.

use std::path::Path;

use jiff::Timestamp;
use sync_core::id::RecordId;
use sync_core::phone::{Commit, Identity, Known, RecordRow};
use uuid::Builder;

use crate::error::DeviceError;
use crate::lookup;
use crate::store::Store;

/// Tells the phone's time, however wrong.
pub type Now = Box<dyn Fn() -> Timestamp + Send>;
/// Fills bytes with randomness.
pub type Random = Box<dyn FnMut(&mut [u8]) + Send>;

/// One phone.
pub struct Phone {
    pub(crate) store: Store,
    now: Now,
    random: Random,
    pub(crate) known: Option<Known>,
}

/// Reads what an enrolled phone knows beside its records.
fn read(store: &Store) -> Result<Option<Known>, DeviceError> {
    let Some(identity) = store.meta("identity")? else {
        return Ok(None);
    };
    let identity = Identity::from_bytes(&identity).map_err(crate::store::StoreError::from)?;
    let directory = store.directory(identity.project, &identity.server_public_key)?;
    Ok(Some(Known::new(identity, directory, store.reference()?)))
}

impl Phone {
    /// Opens the phone that lives in `home`, or a new one there.
    ///
    /// # Errors
    /// When the home cannot be used.
    pub fn open(home: &Path, now: Now, random: Random) -> Result<Self, DeviceError> {
        let store = Store::open(home)?;
        let known = read(&store)?;
        Ok(Self {
            store,
            now,
            random,
            known,
        })
    }

    /// The store, for tests of full disks.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.now)()
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.now().as_millisecond()
    }

    pub(crate) fn random<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.random)(&mut bytes);
        bytes
    }

    /// A new UUID: by time, so that ids made together lie together. A clock before 1970 counts as 1970.
    pub(crate) fn new_id(&mut self) -> RecordId {
        let millis = u64::try_from(self.now_ms()).unwrap_or(0);
        let random = self.random();
        RecordId(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    pub(crate) fn known(&self) -> Result<&Known, DeviceError> {
        self.known.as_ref().ok_or(DeviceError::NotEnrolled)
    }

    /// Reads certificates, units and forms again after some of them came.
    pub(crate) fn refresh(&mut self) -> Result<(), DeviceError> {
        self.known = read(&self.store)?;
        Ok(())
    }

    /// Writes the result of a step.
    pub(crate) fn commit(&mut self, commit: &Commit) -> Result<(), DeviceError> {
        let Self { store, known, .. } = self;
        let known = known.as_ref().ok_or(DeviceError::NotEnrolled)?;
        let keys = |id: RecordId, row: &RecordRow| lookup::weak_keys(known, id, row);
        Ok(store.commit(commit, &keys)?)
    }
}
