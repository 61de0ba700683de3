//! `sim`: plays seeds until one breaks or the time is up. `cargo xtask sim` builds and runs it.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use tests::sim::{self, Play};

const USAGE: &str = "sim [--seed N] [--steps M] [--seeds K] [--minutes T] [--whole] [--twins] [--reviews]";

/// How long and from which seed. The clock on the wall only decides whether another seed begins.
struct Options {
    seed: u64,
    steps: u32,
    seeds: u64,
    minutes: Option<u64>,
    /// Show every step of a simulation that broke.
    whole: bool,
    play: Play,
}

fn main() -> ExitCode {
    let Some(options) = options(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let begun = Instant::now();
    let within = |minutes: u64| begun.elapsed() < Duration::from_secs(60 * minutes);
    let mut played = 0;
    for seed in options.seed..options.seed.saturating_add(options.seeds) {
        if !options.minutes.is_none_or(within) {
            break;
        }
        match sim::run(seed, options.steps, options.play) {
            Ok(summary) => println!("seed {seed}: {summary:?}"),
            Err(broken) => {
                if options.whole {
                    eprintln!("{broken:#}")
                } else {
                    eprintln!("{broken}")
                }
                return ExitCode::FAILURE;
            }
        }
        played += 1;
    }
    println!(
        "{played} seeds of {} steps hold ({} s)",
        options.steps,
        begun.elapsed().as_secs()
    );
    ExitCode::SUCCESS
}

fn options(mut arguments: impl Iterator<Item = String>) -> Option<Options> {
    let mut options = Options {
        seed: 1,
        steps: 400,
        seeds: 1,
        minutes: None,
        whole: false,
        play: Play::default(),
    };
    while let Some(name) = arguments.next() {
        if name == "--whole" {
            options.whole = true;
            continue;
        }
        if name == "--twins" {
            options.play.twins = true;
            continue;
        }
        if name == "--reviews" {
            options.play.reviews = true;
            continue;
        }
        let value = arguments.next()?.parse().ok()?;
        match name.as_str() {
            "--seed" => options.seed = value,
            "--steps" => options.steps = u32::try_from(value).ok()?,
            "--seeds" => options.seeds = value,
            "--minutes" => options.minutes = Some(value),
            _ => return None,
        }
    }
    Some(options)
}
