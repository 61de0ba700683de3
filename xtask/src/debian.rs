//! Installing packages of the system, where that can be done without asking: as root on Debian and its children.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::run;

/// Installs the packages with `apt-get`, or says what somebody has to install.
pub fn install(packages: &[&str], purpose: &str) -> Result<()> {
    let names = packages.join(" ");
    if !can_install() {
        bail!(
            "{purpose} needs what Debian calls {names}; install it (`apt-get install {names}` as root on Debian \
             or Ubuntu) and run this again"
        );
    }
    eprintln!("xtask: installing {names}, for {purpose}");
    // A list that cannot be renewed may still do: the install says whether it does.
    if run::run(apt(&["update", "-qq"])).is_err() {
        eprintln!("xtask: the lists of packages could not be renewed; trying with those that are here");
    }
    let mut arguments = vec!["install", "-y", "-qq", "--no-install-recommends"];
    arguments.extend_from_slice(packages);
    run::run(apt(&arguments)).with_context(|| format!("{purpose} needs {names}"))
}

fn can_install() -> bool {
    let root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    root && run::works(apt(&["--version"]))
}

fn apt(arguments: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    command
}
