//! `corpus --write`: makes the golden files of today's formats. It never replaces one.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context, Result};
use tests::corpus::{VERSION, all, describe, folder};

fn main() -> ExitCode {
    if std::env::args().skip(1).collect::<Vec<_>>() != ["--write"] {
        eprintln!("corpus --write");
        return ExitCode::from(2);
    }
    match write() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("corpus: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn write() -> Result<()> {
    let folder = folder(VERSION);
    fs::create_dir_all(&folder)?;
    for golden in all() {
        let json = serde_json::to_string_pretty(&describe(golden.name, &golden.bytes)?)? + "\n";
        for (suffix, content) in [("bin", golden.bytes.as_slice()), ("json", json.as_bytes())] {
            let path = folder.join(format!("{}.{suffix}", golden.name));
            let file = OpenOptions::new().write(true).create_new(true).open(&path);
            let refused = || {
                format!(
                    "{} is there already; a changed format gets a new version",
                    path.display()
                )
            };
            file.with_context(refused)?.write_all(content)?;
            println!("{}", path.display());
        }
    }
    Ok(())
}
