//! The office suite that the tests open our sheets with.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::{browser, debian};

/// Names under which systems keep LibreOffice.
const OFFICES: &[&str] = &["soffice", "libreoffice"];

/// Finds LibreOffice Calc, or installs it; gives the variable by which the tests find it.
pub fn ensure() -> Result<(&'static str, PathBuf)> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    if browser::found(&path, OFFICES).is_none() {
        debian::install(
            &["libreoffice-calc-nogui"],
            "opening the sheets of reports and exports",
        )?;
    }
    let office = browser::found(&path, OFFICES).context("no LibreOffice on the PATH")?;
    Ok(("SOBAN_SOFFICE", office))
}
