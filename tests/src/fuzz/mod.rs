//! Damaged bytes for every decoder, from the golden files, the same for the same seed.
//!
//! In: a target, a seed. Out: nothing, or the input that made the decoder panic, take too long, or
//! say yes to what it should not. A case is one seed: the failing one is repeated alone.

mod inputs;
mod mutate;
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

pub use mutate::Dice;
pub use targets::{TARGETS, Target};

/// A decoder that takes longer than this for one small input hangs a phone.
const CASE_TIME_MAX: Duration = Duration::from_secs(2);

/// A case that went wrong.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The target's name.
    pub target: &'static str,
    /// The case's seed.
    pub seed: u64,
    /// The input.
    pub input: Vec<u8>,
    /// What happened.
    pub message: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            target,
            seed,
            input,
            message,
        } = self;
        writeln!(f, "{target}, seed {seed}: {message}")?;
        writeln!(f, "input: {}", sync_core::id::hex(input))?;
        write!(
            f,
            "repeat: cargo run -p tests --bin fuzz -- --target {target} --seed {seed} --cases 1"
        )
    }
}

/// Runs one case of `target`.
///
/// # Errors
/// What went wrong, with the input.
pub fn case(target: &'static Target, seed: u64) -> Result<(), Box<Failure>> {
    let mut dice = Dice::new(seed);
    let input = (target.make)(&mut dice);
    let begun = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| (target.take)(&input)));
    let message = match outcome {
        Ok(Ok(())) if begun.elapsed() < CASE_TIME_MAX => return Ok(()),
        Ok(Ok(())) => format!("took {:?}", begun.elapsed()),
        Ok(Err(message)) => message,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            format!("panicked: {}", text.unwrap_or_default())
        }
    };
    Err(Box::new(Failure {
        target: target.name,
        seed,
        input,
        message,
    }))
}
