//! What comes from npm: the stock JavaScript Automerge library, asked what it sees in a record and to edit it, and
//! axe-core.
//!
//! In: raw Automerge bytes. Out: what `tests/interop/read.mjs` and `edit.mjs` say. Without Node or
//! the library the answer is an error that says what to run, never silence.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("interop")
}

/// The program of axe-core, to be run in a page.
///
/// # Panics
/// When it is not installed.
#[must_use]
pub fn axe() -> String {
    let file = folder().join("node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(file).expect("axe-core is installed by `cargo xtask test`")
}

fn node(script: &str, arguments: &[&str]) -> Result<Value> {
    let library = folder().join("node_modules/@automerge/automerge/package.json");
    ensure!(
        library.exists(),
        "the JavaScript library is not installed: run `cargo xtask test`, or `npm ci` in tests/interop"
    );
    let output = Command::new("node")
        .arg(folder().join(script))
        .args(arguments)
        .output()
        .context("Node.js does not start: install Node.js 20 or later with npm on the PATH")?;
    if !output.status.success() {
        bail!(
            "{script} failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    serde_json::from_slice(&output.stdout).with_context(|| format!("{script} did not print JSON"))
}

/// What the library shows of `document`: `{values, heads, conflicts, changes}`.
///
/// # Errors
/// When it cannot open it, or is not installed.
pub fn read(document: &[u8]) -> Result<Value> {
    let scratch = tempfile::tempdir()?;
    let file = scratch.path().join("record.automerge");
    std::fs::write(&file, document)?;
    node("read.mjs", &[text(&file)?])
}

/// Lets the library make `edit` to `document`. Returns the raw change, and what it said of it.
///
/// # Errors
/// When it refuses, or is not installed.
pub fn edit(document: &[u8], edit: &Value) -> Result<(Vec<u8>, Value)> {
    let scratch = tempfile::tempdir()?;
    let (from, to) = (
        scratch.path().join("record.automerge"),
        scratch.path().join("change.automerge"),
    );
    std::fs::write(&from, document)?;
    let said = node("edit.mjs", &[text(&from)?, text(&to)?, &edit.to_string()])?;
    Ok((std::fs::read(&to)?, said))
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("a path of plain text")
}
