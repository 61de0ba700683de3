//! How long an account waits after wrong attempts. Per account, never per address: one uplink
//! carries all phones of a village.

use jiff::Timestamp;

use super::AccessError;
use super::limits::{FAILURES_MAX, FIRST_WAIT, LONGEST_WAIT};

/// Refuses an attempt before its time.
pub(super) fn check(wait_until: Option<Timestamp>, now: Timestamp) -> Result<(), AccessError> {
    match wait_until {
        Some(until) if now < until => {
            let wait_s = (until.duration_since(now).as_millis() + 999) / 1000;
            Err(AccessError::Throttled {
                wait_s: i64::try_from(wait_s).unwrap_or(i64::MAX),
            })
        }
        _ => Ok(()),
    }
}

/// Until when to wait after one more wrong attempt, with `failures` before it.
pub(super) fn after_failure(failures: u32, now: Timestamp) -> Option<Timestamp> {
    let beyond = (failures + 1).checked_sub(FAILURES_MAX)?;
    let wait = FIRST_WAIT.saturating_mul(1 << beyond.min(10)).min(LONGEST_WAIT);
    now.checked_add(wait).ok()
}
