//! Time in a simulation: one true clock that only steps move, and phones that have it wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use server::clock::{Clock, ClockHand};

/// When every simulation begins: a morning in November 2026.
const BEGIN_MS: i64 = 1_795_312_800_000;
/// 1 January 1980 and 2035: the clocks of phones that lost their battery or were set by hand.
const FAR_OFF_MS: [i64; 2] = [315_532_800_000, 2_051_222_400_000];

/// The true time.
#[derive(Debug, Clone)]
pub struct TrueTime {
    now_ms: Arc<AtomicI64>,
    server: Clock,
    hand: ClockHand,
}

impl Default for TrueTime {
    fn default() -> Self {
        let (server, hand) = Clock::stopped(server::clock::moment(BEGIN_MS));
        Self {
            now_ms: Arc::new(AtomicI64::new(BEGIN_MS)),
            server,
            hand,
        }
    }
}

impl TrueTime {
    /// The server's clock: it is right.
    #[must_use]
    pub fn server(&self) -> Clock {
        self.server.clone()
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.server.now()
    }

    /// Lets time pass.
    pub fn pass(&self, seconds: i64) {
        self.now_ms.fetch_add(seconds * 1000, Ordering::SeqCst);
        self.hand.advance(SignedDuration::from_secs(seconds));
    }
}

/// One phone's clock: the true one, moved.
#[derive(Debug, Clone)]
pub struct PhoneClock {
    truth: TrueTime,
    ahead_ms: Arc<AtomicI64>,
}

impl PhoneClock {
    /// A clock that is right.
    #[must_use]
    pub fn right(truth: &TrueTime) -> Self {
        Self {
            truth: truth.clone(),
            ahead_ms: Arc::default(),
        }
    }

    /// What it shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let shown = self.truth.now_ms.load(Ordering::SeqCst) + self.ahead_ms.load(Ordering::SeqCst);
        server::clock::moment(shown)
    }

    /// Sets it to 1980 or 2035, or so many seconds from where it stands.
    pub fn set_wrong(&self, how: usize, seconds: i64) {
        match FAR_OFF_MS.get(how) {
            Some(shown) => {
                let truth = self.truth.now_ms.load(Ordering::SeqCst);
                self.ahead_ms.store(shown - truth, Ordering::SeqCst);
            }
            None => drop(self.ahead_ms.fetch_add(seconds * 1000, Ordering::SeqCst)),
        }
    }

    /// Sets it right.
    pub fn set_right(&self) {
        self.ahead_ms.store(0, Ordering::SeqCst);
    }
}
