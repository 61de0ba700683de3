//! The one place that asks the wall clock and the system's randomness.

use jiff::Timestamp;

/// The computer's clock.
#[must_use]
pub fn wall_clock() -> Timestamp {
    Timestamp::now()
}

/// Fills `bytes` with randomness of the system.
///
/// # Panics
/// When the system has no randomness: no key may be made then.
pub fn system_random(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the system gives randomness");
}
