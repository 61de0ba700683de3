//! (9) What a device lacks, as signed frames: certificates, units, verdicts, records of its units.
//!
//! In: who asks, and how far it has read. Out: frames that each stand alone and move the cursor, so
//! a cut costs one frame. Work follows what is new, never the size of the scope. It does not
//! decide who may read: the scope comes from the holder's role and units.

mod answer;
mod batch;
mod scope;

use sync_core::id::{DeviceId, UnitId};
use sync_core::policy::Role;

pub use answer::Answer;
pub use scope::{Feed, feeds};

/// Who holds the device that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The device.
    pub device: DeviceId,
    /// What the holder may do.
    pub role: Role,
    /// Where.
    pub units: Vec<UnitId>,
    /// The device or its holder was turned off: its work is still taken in and parked, and it is
    /// told of nothing but that.
    pub is_off: bool,
}
