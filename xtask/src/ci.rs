//! `cargo xtask ci`: the steps that must be green, cheapest first, tests last so that their summary ends the output.

use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::proof::{FuzzOptions, SimOptions};
use crate::{proof, run, test, tidy};

/// Bounds of the proofs in CI, chosen so that a cold run with everything stays under 45 minutes on two cores.
const SIM: SimOptions = SimOptions {
    seed: Some(1),
    steps: Some(400),
    seeds: Some(16),
    minutes: Some(4),
    twins: false,
    reviews: true,
};
const FUZZ: FuzzOptions = FuzzOptions {
    target: None,
    minutes: Some(2),
};

/// One step: its name, the command that repeats it alone, and what it does.
struct Step {
    name: &'static str,
    again: &'static str,
    act: fn() -> Result<()>,
}

const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        again: "cargo fmt --all --check",
        act: fmt,
    },
    Step {
        name: "tidy",
        again: "cargo xtask tidy",
        act: || tidy::run(&run::root(), false),
    },
    Step {
        name: "deny",
        again: "cargo deny --offline check bans licenses sources",
        act: deny,
    },
    Step {
        name: "clippy",
        again: "cargo clippy --workspace --all-targets --locked -- -D warnings",
        act: || {
            run::run(run::cargo(&[
                "clippy",
                "--workspace",
                "--all-targets",
                "--locked",
                "--",
                "-D",
                "warnings",
            ]))
        },
    },
    Step {
        name: "doc",
        again: "RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --locked",
        act: doc,
    },
    Step {
        name: "sim",
        again: "cargo xtask sim --seed 1 --steps 400 --seeds 16 --minutes 4",
        act: || proof::sim(&SIM),
    },
    Step {
        name: "fuzz",
        again: "cargo xtask fuzz --minutes 2",
        act: || proof::fuzz(&FUZZ),
    },
    Step {
        name: "test",
        again: "cargo xtask test",
        act: tests,
    },
];

/// Runs every step and stops at the first that fails. The last step is the test runner and takes the place of this
/// process, so the times of all others stand above its summary.
pub fn ci() -> Result<()> {
    let begun = Instant::now();
    for step in STEPS {
        eprintln!("\nci: {} — {}", step.name, step.again);
        let step_begun = Instant::now();
        (step.act)().with_context(|| format!("ci failed at {}; to repeat it: {}", step.name, step.again))?;
        let (took, so_far) = (step_begun.elapsed().as_secs(), begun.elapsed().as_secs());
        eprintln!("ci: {} done, {took} s ({so_far} s so far)", step.name);
    }
    Ok(())
}

fn fmt() -> Result<()> {
    run::run(run::cargo(&["fmt", "--all", "--check"]))
}

/// Licences, duplicate and banned crates, sources: only where cargo-deny is installed. It asks no advisory service.
fn deny() -> Result<()> {
    if !run::works(run::cargo(&["deny", "--version"])) {
        eprintln!("ci: cargo deny is not installed; skipped");
        return Ok(());
    }
    run::run(run::cargo(&[
        "deny",
        "--offline",
        "check",
        "bans",
        "licenses",
        "sources",
    ]))
}

fn doc() -> Result<()> {
    let mut command: Command = run::cargo(&["doc", "--workspace", "--no-deps", "--locked", "--quiet"]);
    command.env("RUSTDOCFLAGS", "-D warnings");
    run::run(command)
}

fn tests() -> Result<()> {
    test::test(&test::Options {
        profile: "ci".to_owned(),
        ..test::Options::default()
    })
}

#[cfg(test)]
mod tests_of_ci {
    use super::*;

    #[test]
    fn the_tests_come_last() {
        assert_eq!(STEPS.last().map(|step| step.name), Some("test"));
    }

    #[test]
    fn the_command_to_repeat_says_the_bounds_used() {
        let again = STEPS
            .iter()
            .find(|step| step.name == "sim")
            .map(|step| step.again)
            .unwrap_or_default();
        for (option, value) in [
            ("seed", SIM.seed),
            ("steps", SIM.steps),
            ("seeds", SIM.seeds),
            ("minutes", SIM.minutes),
        ] {
            assert!(
                again.contains(&format!("--{option} {}", value.unwrap_or_default())),
                "{option}"
            );
        }
        assert!(STEPS.iter().any(|step| step.again == format!("cargo xtask fuzz --minutes {}", FUZZ.minutes.unwrap_or(0))));
    }
}
