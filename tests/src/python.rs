//! What comes from PyPI, each in an environment of its own under `target/`, with the versions that a file pins.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result, ensure};

/// The folder of a set of packages, made and filled when its list is new: `tests/interop/python/NAME.txt`.
///
/// # Errors
/// When there is no Python 3, or the packages cannot be had.
pub fn environment(name: &str) -> Result<PathBuf> {
    let list = folder().join(format!("{name}.txt"));
    let wanted = std::fs::read_to_string(&list)?;
    let home = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../target/python")
        .join(name);
    let stamp = home.join("installed.txt");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(home);
    }
    let python = Command::new("python3").args(["-m", "venv"]).arg(&home).output();
    said(&python.context("the tests need Python 3 with venv on the PATH")?)?;
    let mut pip = Command::new(home.join("bin/pip"));
    pip.args([
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--requirement",
    ])
    .arg(&list);
    said(&pip.output()?)?;
    std::fs::write(&stamp, wanted)?;
    Ok(home)
}

/// What `tests/interop/python/SCRIPT` prints, run with the packages of an environment.
///
/// # Errors
/// When it fails.
pub fn script(environment: &Path, script: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(environment.join("bin/python"))
        .arg(folder().join(script))
        .args(arguments)
        .output()?;
    said(&output)
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("interop/python")
}

/// What a program printed, or its complaint.
///
/// # Errors
/// When it failed.
pub fn said(output: &Output) -> Result<String> {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(
        output.status.success(),
        "{text}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(text)
}
