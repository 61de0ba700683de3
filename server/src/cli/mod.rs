//! The commands of `soban` (DESIGN §7).
//!
//! In: arguments. Out: for every command but `serve` and `demo`, one JSON object on the standard
//! output: the result, or `{"error": {"code", "message", "hint"}}` with exit 1 (2 for usage). All
//! commands but `restore` work while the server runs.

mod args;
mod data;
mod export;
mod help;
mod import;
mod people;
mod report;
mod serve;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::error::ErrorKind;
use serde_json::{Value, json};

use self::args::{Args, Command};
use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::messages::Lang;
use crate::problem::Problem;
use crate::store::{MetaStore as _, StoreError};

/// Runs the command of this process.
#[must_use]
pub fn main() -> ExitCode {
    run(std::env::args_os().collect())
}

fn run(arguments: Vec<std::ffi::OsString>) -> ExitCode {
    let lang = help::language(&arguments);
    let parsed = help::localised(lang).try_get_matches_from(arguments);
    let args = match parsed.and_then(|matches| <Args as clap::FromArgMatches>::from_arg_matches(&matches)) {
        Ok(args) => args,
        Err(error) => return usage(&error),
    };
    match perform(args.command, lang) {
        Ok(Some(result)) => {
            say(&result);
            ExitCode::SUCCESS
        }
        Ok(None) => ExitCode::SUCCESS,
        Err(problem) => {
            say(&error_json(&problem, lang));
            ExitCode::FAILURE
        }
    }
}

/// Prints one JSON object. A reader that went away (`| head`) is no failure of what was done.
fn say(line: &Value) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn perform(command: Command, lang: Lang) -> Result<Option<Value>, Problem> {
    match command {
        Command::Serve(settings) => serve::serve(settings, lang).map(|()| None),
        Command::Demo(settings) => serve::demo(settings, lang).map(|()| None),
        Command::User { command } => people::user(command).map(Some),
        Command::Enroll { data, login } => people::enroll(&data.data, &login).map(Some),
        Command::Device { command } => people::device(command).map(Some),
        Command::Import { command } => import::import(command, lang).map(Some),
        Command::Export(args) => export::export(args).map(Some),
        Command::Report(args) => report::report(args, lang).map(Some),
        Command::Backup { data, file } => data::backup(&data.data, &file).map(Some),
        Command::Restore { data, file } => data::restore(&data.data, &file).map(Some),
        Command::Check { data } => data::check(&data.data).map(Some),
        Command::Rebuild { data } => data::rebuild(&data.data).map(Some),
    }
}

/// The register in `dir`, for one command, perhaps beside a running server.
fn open(dir: &Path) -> Result<App, StoreError> {
    App::open_command(Config::new(PathBuf::from(dir)), Clock::system())
}

/// The address links start with: as last served, or the usual one of a first try.
fn public_url(app: &App) -> Result<String, StoreError> {
    Ok(app
        .store
        .public_url()?
        .unwrap_or_else(|| format!("http://{}", args::LISTEN_DEFAULT)))
}

fn usage(error: &clap::Error) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        print!("{error}");
        return ExitCode::SUCCESS;
    }
    eprint!("{error}");
    println!(
        "{}",
        json!({"error": {"code": "usage", "message": error.kind().to_string(), "hint": "soban --help"}})
    );
    ExitCode::from(2)
}

fn error_json(problem: &Problem, lang: Lang) -> Value {
    let (message, hint) = problem.words(lang);
    json!({"error": {"code": problem.code.name(), "message": message, "hint": hint}})
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_commands_fit_together() {
        super::args::Args::command().debug_assert();
    }
}
