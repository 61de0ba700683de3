//! The only `now()` of the server.
//!
//! Order in the register never comes from a clock (DESIGN §9); it says when things were received,
//! when codes and sessions end, and nothing else. Tests hold the hand of a stopped clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// Where the server gets its time from. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Stopped(Arc<AtomicI64>),
}

/// Moves a stopped clock.
#[derive(Debug, Clone)]
pub struct ClockHand(Arc<AtomicI64>);

impl Clock {
    /// The clock of the machine.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until its hand is moved.
    #[must_use]
    pub fn stopped(at: Timestamp) -> (Self, ClockHand) {
        let millis = Arc::new(AtomicI64::new(at.as_millisecond()));
        (Self(Source::Stopped(Arc::clone(&millis))), ClockHand(millis))
    }

    /// The time, in whole milliseconds.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let millis = match &self.0 {
            Source::System => Timestamp::now().as_millisecond(),
            Source::Stopped(millis) => millis.load(Ordering::SeqCst),
        };
        moment(millis)
    }
}

impl ClockHand {
    /// Lets `time` pass.
    pub fn advance(&self, time: SignedDuration) {
        let millis = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

/// The moment `millis` after the start of 1970, held to what a timestamp can say.
#[must_use]
pub fn moment(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MIN)
}
