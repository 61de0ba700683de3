//! `soban-device`: one phone on a laptop.

use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let outcome = device::cli::run(std::env::args_os());
    let text = outcome.output.get("text").and_then(|text| text.as_str());
    let said = text.map_or_else(|| outcome.output.to_string(), str::to_owned);
    // What was to be done is done; a reader that went away (`| head`) is no failure of it.
    let _ = writeln!(std::io::stdout(), "{said}");
    ExitCode::from(outcome.exit)
}
