//! `cargo xtask sim`, `fuzz` and `bench`: the programs of these names in the crate `tests`, with bounds.

use std::process::Command;
use std::time::Duration;

use anyhow::Result;
use clap::Args;

use crate::{browser, run, web};

/// What a program may take beyond the minutes it was given, to finish its last case and report.
const GRACE: Duration = Duration::from_secs(120);

/// How long and from which seed to simulate. What is not given is the simulator's own default.
#[derive(Args, Default)]
pub struct SimOptions {
    /// First seed; a failure prints the one to repeat
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Steps of one simulation
    #[arg(long, value_name = "M")]
    pub steps: Option<u64>,
    /// How many seeds, one after another
    #[arg(long, value_name = "K")]
    pub seeds: Option<u64>,
    /// Begin no further seed after this time
    #[arg(long, value_name = "T")]
    pub minutes: Option<u64>,
    /// Let copied homes live on beside their originals as well
    #[arg(long)]
    pub twins: bool,
    /// An officer locks, approves, voids, merges and takes back meanwhile
    #[arg(long)]
    pub reviews: bool,
}

/// Which decoder to fuzz and for how long. What is not given is the fuzzer's own default.
#[derive(Args, Default)]
pub struct FuzzOptions {
    /// One target; without it, all in turn
    #[arg(long, value_name = "NAME")]
    pub target: Option<String>,
    /// Stop after this time
    #[arg(long, value_name = "T")]
    pub minutes: Option<u64>,
}

/// What to measure.
#[derive(Args, Default)]
pub struct BenchOptions {
    /// One benchmark; without it, all in turn
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// Households that the benchmark `server` invents
    #[arg(long, value_name = "N")]
    pub scale: Option<u64>,
}

/// Builds and runs the simulator.
pub fn sim(options: &SimOptions) -> Result<()> {
    let mut arguments = Vec::new();
    push(&mut arguments, "--seed", options.seed);
    push(&mut arguments, "--steps", options.steps);
    push(&mut arguments, "--seeds", options.seeds);
    push(&mut arguments, "--minutes", options.minutes);
    arguments.extend(options.twins.then(|| "--twins".to_owned()));
    arguments.extend(options.reviews.then(|| "--reviews".to_owned()));
    prove("sim", &arguments, options.minutes)
}

/// Builds and runs the fuzzer.
pub fn fuzz(options: &FuzzOptions) -> Result<()> {
    let mut arguments = Vec::new();
    push(&mut arguments, "--target", options.target.as_deref());
    push(&mut arguments, "--minutes", options.minutes);
    prove("fuzz", &arguments, options.minutes)
}

/// Measures what ships, as the tests test what ships: see `test.rs`. Tables go to the terminal, JSON to `target/`.
pub fn bench(options: &BenchOptions) -> Result<()> {
    let only_server = options.name.as_deref() == Some("server");
    let browser = if only_server {
        Vec::new()
    } else {
        Vec::from(browser::ensure()?)
    };
    web::ensure_light()?;
    // Where the server itself is measured, as it ships.
    let release: &[&str] = if only_server { &["--release"] } else { &[] };
    let server = run::build(&[&["--package", "server", "--bins"], release].concat())?;
    let built = run::build(&["--package", "tests", "--bin", "bench"])?;
    let mut command = Command::new(run::program(&built, "bench")?);
    command
        .args(&options.name)
        .current_dir(run::root())
        .envs(browser)
        .envs(
            options
                .scale
                .map(|scale| ("SOBAN_BENCH_SCALE", scale.to_string())),
        )
        .env("SOBAN_BIN", run::program(&server, "soban")?);
    run::run(command)
}

fn prove(name: &str, arguments: &[String], minutes: Option<u64>) -> Result<()> {
    let built = run::build(&["--package", "tests", "--bin", name])?;
    let mut command = Command::new(run::program(&built, name)?);
    command.args(arguments).current_dir(run::root());
    match minutes {
        Some(minutes) => run::run_for(command, Duration::from_secs(60 * minutes) + GRACE),
        None => run::run(command),
    }
}

fn push(arguments: &mut Vec<String>, name: &str, value: Option<impl ToString>) {
    if let Some(value) = value {
        arguments.extend([name.to_owned(), value.to_string()]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_given_is_handed_on() {
        let mut arguments = Vec::new();
        push(&mut arguments, "--seed", Some(7_u64));
        push(&mut arguments, "--steps", None::<u64>);
        assert_eq!(arguments, ["--seed", "7"]);
    }
}
