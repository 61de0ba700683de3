//! `cargo xtask …`: everything that is done to this workspace, in Rust, the same on every machine and in CI.
//!
//! In: a subcommand. Out: other programs started in order, their output untouched, and one clear line when one of
//! them fails. It uses none of our crates, so it builds while they are broken.

mod browser;
mod ci;
mod debian;
mod office;
mod proof;
mod run;
mod source;
mod start;
mod test;
mod tidy;
mod tree;
mod web;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "Builds, runs, tests and checks Sổ Bản"
)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds the field app, soban and soban-device and serves the demonstration; Ctrl-C stops it
    Start(start::Options),
    /// Installs what the tests need and runs them; with filters, only tests whose name contains one
    Test(test::Options),
    /// Builds the field app into target/web/dist, unless nothing it is made of changed
    Web(web::Options),
    /// Runs everything that must be green before a change is taken: exactly what CI runs
    Ci,
    /// Checks the rules of the house that a machine can check
    Tidy {
        /// First records new migrations and golden files in xtask/frozen.txt; recorded ones never change
        #[arg(long)]
        freeze: bool,
    },
    /// Runs the seeded simulator of phones, server and carried bundles
    Sim(proof::SimOptions),
    /// Feeds damaged bytes to every decoder for a bounded time
    Fuzz(proof::FuzzOptions),
    /// Measures, prints tables, and writes them as JSON to target/bench-NAME.json
    Bench(proof::BenchOptions),
}

fn main() -> ExitCode {
    match perform(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<()> {
    match task {
        Task::Start(options) => start::start(&options),
        Task::Test(options) => test::test(&options),
        Task::Web(options) => web::web(&options),
        Task::Ci => ci::ci(),
        Task::Tidy { freeze } => tidy::run(&run::root(), freeze),
        Task::Sim(options) => proof::sim(&options),
        Task::Fuzz(options) => proof::fuzz(&options),
        Task::Bench(options) => proof::bench(&options),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn what_follows_two_dashes_goes_to_the_server() {
        let parsed = Arguments::parse_from(["xtask", "start", "--listen", "127.0.0.1:0", "--", "--verbose"]);
        let Task::Start(options) = parsed.task else {
            panic!("not start")
        };
        assert_eq!(
            (options.listen.as_str(), &options.extra[..]),
            ("127.0.0.1:0", &["--verbose".to_owned()][..])
        );
    }
}
