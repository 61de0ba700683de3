//! Those who look on while phones sync.
//!
//! In: that something was committed, that a device synced. Out: a bounded stream of events for each window that looks
//! on. The events themselves are read from the store when a window is ready for them, at most twice a second: a slow
//! window gets fewer events, never a longer queue, and one that was away goes on from the last it saw.

mod stream;

pub use stream::{Look, LookEvent, look};

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use sync_core::id::{DeviceId, UserId};
use tokio::sync::{broadcast, watch};

use crate::access::AccessError;

/// Windows of one person that may look on.
pub const STREAMS_PER_PERSON_MAX: usize = 6;
/// Windows of everybody together.
pub const STREAMS_MAX: usize = 500;
/// Devices that synced and that a window was not told of yet. Past it the window is told to read everything again.
const DEVICES_WAITING: usize = 256;

/// Wakes those who look on.
#[derive(Debug)]
pub struct Live {
    changed: watch::Sender<()>,
    stopping: watch::Sender<bool>,
    synced: broadcast::Sender<DeviceId>,
    seats: Mutex<BTreeMap<UserId, usize>>,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            changed: watch::Sender::new(()),
            stopping: watch::Sender::new(false),
            synced: broadcast::Sender::new(DEVICES_WAITING),
            seats: Mutex::default(),
        }
    }
}

impl Live {
    /// Something was committed.
    pub fn changed(&self) {
        self.changed.send_replace(());
    }

    /// A device synced.
    pub fn synced(&self, device: DeviceId) {
        // Nobody looking on is no failure.
        let _ = self.synced.send(device);
    }

    /// The server stops: every stream ends, so that nobody waits for them.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// A place for one more window of a person.
    ///
    /// # Errors
    /// `TooManyStreams`.
    pub(crate) fn seat(self: &Arc<Self>, user: UserId) -> Result<Seat, AccessError> {
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = seats.get(&user).copied().unwrap_or(0);
        if taken >= STREAMS_PER_PERSON_MAX || seats.values().sum::<usize>() >= STREAMS_MAX {
            return Err(AccessError::TooManyStreams);
        }
        seats.insert(user, taken + 1);
        drop(seats);
        Ok(Seat {
            live: Arc::clone(self),
            user,
        })
    }
}

/// The place of one window; free again when dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    live: Arc<Live>,
    user: UserId,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.live.seats.lock().unwrap_or_else(PoisonError::into_inner);
        match seats.get(&self.user).copied().unwrap_or(0) {
            0 | 1 => drop(seats.remove(&self.user)),
            taken => drop(seats.insert(self.user, taken - 1)),
        }
    }
}
