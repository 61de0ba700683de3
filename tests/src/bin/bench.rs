//! `bench`: measures, prints tables and writes them as JSON. `cargo xtask bench` builds and runs it.

use std::process::ExitCode;

use tests::bench;

const USAGE: &str = "bench [NAME]";

fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let all = || bench::ALL.iter().map(|(name, _)| *name);
    if asked.len() > 1 || asked.iter().any(|name| !all().any(|known| known == name)) {
        eprintln!(
            "{USAGE}; NAME is one of: {}",
            all().collect::<Vec<_>>().join(", ")
        );
        return ExitCode::from(2);
    }
    for (name, run) in bench::ALL {
        if !asked.is_empty() && !asked.iter().any(|wanted| wanted == name) {
            continue;
        }
        let table = run();
        println!("{table}");
        let file = format!("target/bench-{name}.json");
        if let Err(error) = std::fs::write(&file, format!("{:#}\n", table.to_json())) {
            eprintln!("bench: {file}: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
