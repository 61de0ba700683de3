//! The browser that the tests drive, and the program that drives it.

use std::ffi::OsStr;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::debian;

/// Names under which systems keep a browser of Chromium's kind, ours first.
const BROWSERS: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
const DRIVER: &str = "chromedriver";

/// Finds browser and driver, or installs them; gives the variables by which the tests find them.
pub fn ensure() -> Result<[(&'static str, PathBuf); 2]> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    if found(&path, BROWSERS).is_none() || found(&path, &[DRIVER]).is_none() {
        debian::install(&["chromium", "chromium-driver"], "testing the field app")?;
    }
    Ok([
        (
            "SOBAN_CHROMIUM",
            found(&path, BROWSERS).context("no Chromium on the PATH")?,
        ),
        (
            "SOBAN_CHROMEDRIVER",
            found(&path, &[DRIVER]).context("no chromedriver on the PATH")?,
        ),
    ])
}

/// The first of these programs that stands in a folder of `path`.
pub fn found(path: &OsStr, names: &[&str]) -> Option<PathBuf> {
    let in_folders = |name: &&str| {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        std::env::split_paths(path)
            .map(|folder| folder.join(&file))
            .find(|program| program.is_file())
    };
    names.iter().find_map(in_folders)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_name_that_exists_is_taken() {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let path = std::env::join_paths([folder.join("no-such-folder"), folder.clone()]).unwrap();
        // On a system whose programs have an ending, these files have none and are not found.
        if std::env::consts::EXE_SUFFIX.is_empty() {
            let names = ["nothing", "Cargo.toml", "frozen.txt"];
            assert_eq!(found(&path, &names), Some(folder.join("Cargo.toml")));
        }
        assert_eq!(found(&path, &["nothing"]), None);
    }
}
