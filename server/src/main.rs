//! `soban`: the server and its commands.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::main()
}
