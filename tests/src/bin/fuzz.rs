//! `fuzz`: damaged bytes for every decoder until one breaks or the time is up. `cargo xtask fuzz` builds and runs it.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use tests::fuzz::{TARGETS, Target, case};

const USAGE: &str = "fuzz [--target NAME] [--seconds N | --minutes N] [--seed N] [--cases N]";

struct Options {
    target: Option<&'static Target>,
    time: Duration,
    seed: u64,
    cases: u64,
}

fn main() -> ExitCode {
    let Some(options) = options(std::env::args().skip(1)) else {
        let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
        eprintln!("{USAGE}\ntargets: {}", names.join(" "));
        return ExitCode::from(2);
    };
    // A panic is a finding, reported once, not a trace for each.
    std::panic::set_hook(Box::new(|_| {}));
    let targets: Vec<_> = options
        .target
        .map_or_else(|| TARGETS.iter().collect(), |target| vec![target]);
    let share = options.time / targets.len() as u32;
    let mut failed = false;
    for target in targets {
        let begun = Instant::now();
        let mut cases = 0;
        while cases < options.cases && begun.elapsed() < share {
            if let Err(failure) = case(target, options.seed.wrapping_add(cases)) {
                eprintln!("{failure}");
                failed = true;
                break;
            }
            cases += 1;
        }
        println!("{}: {cases} cases ({} s)", target.name, begun.elapsed().as_secs());
    }
    if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn options(mut arguments: impl Iterator<Item = String>) -> Option<Options> {
    let mut options = Options {
        target: None,
        time: Duration::from_secs(20),
        seed: 1,
        cases: u64::MAX,
    };
    while let Some(name) = arguments.next() {
        let value = arguments.next()?;
        match name.as_str() {
            "--target" => options.target = Some(TARGETS.iter().find(|target| target.name == value)?),
            "--seconds" => options.time = Duration::from_secs(value.parse().ok()?),
            "--minutes" => options.time = Duration::from_secs(value.parse::<u64>().ok()?.checked_mul(60)?),
            "--seed" => options.seed = value.parse().ok()?,
            "--cases" => options.cases = value.parse().ok()?,
            _ => return None,
        }
    }
    Some(options)
}
