//! `cargo xtask test`: what the tests need is made ready, then they run. The runner's own summary is the last thing
//! printed, so documentation tests come first.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::{browser, office, run, web};

/// Folder of the JavaScript side of the interoperability test.
const INTEROP: &str = "tests/interop";

/// Which tests to run.
#[derive(Args, Default)]
pub struct Options {
    /// Run only the tests whose name contains one of these
    #[arg(value_name = "FILTER")]
    pub filters: Vec<String>,
    /// Settings of .config/nextest.toml to use
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub profile: String,
}

/// Runs the tests of the whole workspace.
pub fn test(options: &Options) -> Result<()> {
    install_interop(&run::root().join(INTEROP))?;
    let [chromium, chromedriver] = browser::ensure()?;
    let office = office::ensure()?;
    // The very bytes that ship; the server built next embeds them.
    web::ensure_light()?;
    let built = run::build(&["--package", "server", "--package", "device", "--bins"])?;
    let programs = [
        ("SOBAN_BIN", run::program(&built, "soban")?),
        ("SOBAN_DEVICE_BIN", run::program(&built, "soban-device")?),
        chromium,
        chromedriver,
        office,
    ];
    if options.filters.is_empty() {
        run::run(with(
            run::cargo(&["test", "--workspace", "--doc", "--quiet"]),
            &programs,
        ))?;
    }
    let mut runner = with(runner(options), &programs);
    if options.profile == "ci" {
        runner.env("INSTA_UPDATE", "no");
    }
    // The runner takes the place of this process: nothing is printed after its summary, and its exit code is ours.
    run::become_program(runner)
}

/// nextest where it is installed (each test in its own process, hung tests stopped), else Cargo's own runner.
fn runner(options: &Options) -> Command {
    let mut command;
    if run::works(run::cargo(&["nextest", "--version"])) {
        command = run::cargo(&["nextest", "run", "--workspace", "--profile", &options.profile]);
    } else {
        eprintln!("test: cargo nextest is not installed; using cargo test");
        command = run::cargo(&[
            "test",
            "--workspace",
            "--lib",
            "--bins",
            "--tests",
            "--no-fail-fast",
            "--",
        ]);
    }
    command.args(&options.filters);
    command
}

fn with(mut command: Command, programs: &[(&str, PathBuf)]) -> Command {
    command.envs(programs.iter().map(|(name, path)| (name, path)));
    command
}

/// Installs the packages that `package-lock.json` pins, unless they already are.
fn install_interop(folder: &Path) -> Result<()> {
    let lock_file = folder.join("package-lock.json");
    let lock =
        std::fs::read_to_string(&lock_file).with_context(|| format!("reading {}", lock_file.display()))?;
    let stamp = folder.join("node_modules/.installed-lock.json");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    if !run::works(tool("node", &["--version"])) || !run::works(tool("npm", &["--version"])) {
        bail!(
            "a test opens our records with the stock JavaScript library, so the tests need Node.js 20 or later \
             with npm on the PATH"
        );
    }
    eprintln!("test: installing the JavaScript packages of {INTEROP}");
    let mut install = tool(
        "npm",
        &[
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel",
            "error",
        ],
    );
    install.current_dir(folder);
    run::run(install)?;
    std::fs::write(&stamp, lock).with_context(|| format!("writing {}", stamp.display()))
}

fn tool(name: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(if cfg!(windows) && name == "npm" {
        "npm.cmd"
    } else {
        name
    });
    command.args(arguments);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_go_to_the_runner() {
        let options = Options {
            filters: vec!["journey".to_owned()],
            profile: "ci".to_owned(),
        };
        assert_eq!(runner(&options).get_args().last(), Some("journey".as_ref()));
    }

    #[test]
    fn a_missing_lock_file_is_named() {
        let error = install_interop(Path::new("no-such-folder"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("package-lock.json"), "{error}");
    }
}
