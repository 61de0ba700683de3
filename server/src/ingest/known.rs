//! The devices of this register, kept in memory and brought up to date by serial.

use std::sync::{Arc, Mutex, PoisonError};

use sync_core::cert::Directory;
use sync_core::id::{ProjectId, PublicKey};

use crate::store::{DeviceStore, StoreError};

/// Certificates read at a time.
const PAGE: usize = 1_000;

/// Who the devices are, as of the newest certificate.
#[derive(Debug)]
pub struct KnownDevices {
    project: ProjectId,
    key: PublicKey,
    state: Mutex<(u64, Arc<Directory>)>,
}

impl KnownDevices {
    /// Nobody yet; the first question reads them.
    #[must_use]
    pub fn new(project: ProjectId, key: PublicKey) -> Self {
        Self {
            project,
            key,
            state: Mutex::new((0, Arc::default())),
        }
    }

    /// The directory as it stands in the store now. Costs one indexed look when nothing changed.
    ///
    /// # Errors
    /// When the store fails, or holds a certificate this project did not sign.
    pub fn current(&self, store: &impl DeviceStore) -> Result<Arc<Directory>, StoreError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let page = store.certs_since(state.0, PAGE)?;
            let Some(last) = page.last() else {
                return Ok(Arc::clone(&state.1));
            };
            let serial = last.serial;
            let mut directory = Directory::clone(&state.1);
            for stored in page {
                let cert = stored.cert.open(self.project, &self.key);
                directory.learn(cert.map_err(|error| StoreError::Damaged(error.to_string()))?);
            }
            *state = (serial, Arc::new(directory));
        }
    }
}
