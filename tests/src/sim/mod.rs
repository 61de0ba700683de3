//! Many phones, one server and carried bundles, from a seed.
//!
//! In: a seed and a number of steps. Out: nothing, or what broke, with the steps that led there and
//! the one command that repeats it. Every step is something that happens in the field: somebody
//! writes, syncs over a bad link, hands a file to a colleague; a battery or the server dies; a clock
//! is wrong; a backup is put back, a phone is copied, a person moves. After each step *safety* is
//! checked; at the end the network heals and everything must come together (*liveness*).
//!
//! Nothing here asks the wall clock, a thread or the system's randomness.

pub mod cast;
pub mod check;
pub mod clock;
pub mod dice;
pub mod faults;
pub mod field;
pub mod forge;
pub mod net;
mod officer;
mod play;
mod settle;

pub use play::Sim;

use std::fmt;

/// Steps shown of a failed simulation.
const TRACE_SHOWN: usize = 25;

/// Something that must never be, or must be at the end and is not.
#[derive(Debug, Clone)]
pub struct Broken {
    /// The seed.
    pub seed: u64,
    /// What was played.
    pub play: Play,
    /// How many steps were asked for.
    pub steps: u32,
    /// The step after which it was found.
    pub at: u32,
    /// What is wrong.
    pub what: String,
    /// What happened before, oldest first.
    pub trace: Vec<String>,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "seed {} broke after step {}: {}",
            self.seed, self.at, self.what
        )?;
        // `{:#}` shows everything that happened.
        let hidden = if f.alternate() {
            0
        } else {
            self.trace.len().saturating_sub(TRACE_SHOWN)
        };
        for line in &self.trace[hidden..] {
            writeln!(f, "  {line}")?;
        }
        write!(
            f,
            "to repeat: cargo xtask sim --seed {} --steps {}{}",
            self.seed, self.steps, self.play
        )
    }
}

/// What is played beside what always is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Play {
    /// A copied home may live on beside the one it was copied from: two phones with one key and one numbering, the
    /// fault that is not yet survived in every case.
    pub twins: bool,
    /// An officer locks, approves, voids, merges and takes back meanwhile.
    pub reviews: bool,
}

impl fmt::Display for Play {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.twins { " --twins" } else { "" })?;
        f.write_str(if self.reviews { " --reviews" } else { "" })
    }
}

/// Plays one seed.
///
/// # Errors
/// What broke.
pub fn run(seed: u64, steps: u32, play: Play) -> Result<Summary, Box<Broken>> {
    let mut sim = Sim::new(seed);
    sim.play = play;
    for _ in 0..steps {
        sim.step()
            .and_then(|()| sim.safe())
            .map_err(|what| sim.broken(steps, what))?;
    }
    sim.come_together().map_err(|what| sim.broken(steps, what))?;
    Ok(sim.summary())
}

/// What a simulation that held had in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Phones, copies among them.
    pub phones: usize,
    /// Records on the server.
    pub records: usize,
    /// Changes in its log.
    pub changes: u64,
    /// Changes parked in the end.
    pub parked: usize,
    /// Fields on which people disagree in the end.
    pub conflicts: usize,
    /// A number that differs when anything differs: the same seed always gives the same.
    pub digest: u64,
}
