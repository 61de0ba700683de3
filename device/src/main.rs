//! `soban-device`: one phone on a laptop.

use std::process::ExitCode;

fn main() -> ExitCode {
    let outcome = device::cli::run(std::env::args_os());
    match outcome.output.get("text").and_then(|text| text.as_str()) {
        Some(text) => println!("{text}"),
        None => println!("{}", outcome.output),
    }
    ExitCode::from(outcome.exit)
}
