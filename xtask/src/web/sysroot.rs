//! std for the browser, built once from its source into a sysroot of our own. It is never copied into rustup's
//! toolchain: a target added there later would break every build.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::toolchain::{TARGET, holds_core, said};
use crate::run;

/// An empty package; building it builds std.
const MANIFEST: &str = "[package]\nname = \"nothing\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[lib]\npath = \"lib.rs\"\n\n\
    [profile.release]\nopt-level = \"z\"\npanic = \"abort\"\ncodegen-units = 1\ndebug = 0\n\n[workspace]\n";

/// What makes a std small, and the app built on it: a panic stops the app at once and says nothing, so the texts and
/// the code that would say it are left out. About an eighth of the app.
pub const SMALL: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none";

/// Which std to build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// As rustup's: panics say where.
    Plain,
    /// Built with [`SMALL`], for what ships.
    Small,
}

/// Where the sysroot of this compiler is kept; named after its version and commit.
pub fn place(rustc: &Path, kind: Kind, cache: &Path) -> Result<PathBuf> {
    let verbose =
        said(rustc, &["-vV"]).with_context(|| format!("{} does not say its version", rustc.display()))?;
    Ok(cache.join(name(&verbose, kind)))
}

/// The libraries of a sysroot.
pub fn libdir(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(TARGET).join("lib")
}

/// Builds std. The sysroot appears whole or not at all.
pub fn build(rustc: &Path, library: &Path, kind: Kind, sysroot: &Path) -> Result<()> {
    eprintln!(
        "web: building std for {TARGET} from {} (once, about a minute)",
        library.display()
    );
    let work = sysroot.with_extension("building");
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    let (package, out) = (work.join("package"), work.join("out"));
    fs::create_dir_all(&package)?;
    fs::write(package.join("Cargo.toml"), MANIFEST)?;
    fs::write(package.join("lib.rs"), "#![no_std]\n")?;
    // Without bitcode, `lto = "fat"` finds nothing to optimise and fails.
    let rustflags = match kind {
        Kind::Plain => "-C embed-bitcode=yes".to_owned(),
        Kind::Small => format!("-C embed-bitcode=yes {SMALL}"),
    };
    let mut command = run::cargo(&[
        "build",
        "--release",
        "--quiet",
        "-Zbuild-std=std,panic_abort,test",
        "--target",
        TARGET,
        "--target-dir",
    ]);
    command
        .arg(&out)
        .current_dir(&package)
        .env("RUSTC", rustc)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", rustflags)
        .env("__CARGO_TESTS_ONLY_SRC_ROOT", library);
    if kind == Kind::Small {
        command.arg("-Zbuild-std-features=optimize_for_size");
    }
    run::run(command)?;
    let finished = work.join("sysroot");
    let into = libdir(&finished);
    fs::create_dir_all(&into)?;
    for entry in fs::read_dir(out.join(TARGET).join("release/deps"))? {
        let path = entry?.path();
        let file = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if file.ends_with(".rlib") && !file.starts_with("libnothing-") {
            fs::copy(&path, into.join(&file))?;
        }
    }
    if !holds_core(&into) {
        bail!("building std gave no libcore");
    }
    if sysroot.exists() {
        fs::remove_dir_all(sysroot)?;
    }
    fs::rename(&finished, sysroot)?;
    fs::remove_dir_all(&work)?;
    Ok(())
}

fn name(verbose: &str, kind: Kind) -> String {
    let field = |key: &str| {
        let value = verbose.lines().find_map(|line| line.strip_prefix(key));
        value
            .unwrap_or("unknown")
            .trim()
            .chars()
            .take(12)
            .collect::<String>()
    };
    let kind = match kind {
        Kind::Plain => "plain",
        Kind::Small => "small",
    };
    format!("sysroot-{kind}-{}-{}", field("release:"), field("commit-hash:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_compiler_has_a_sysroot_of_its_own() {
        let verbose = "rustc 1.96.0\nbinary: rustc\ncommit-hash: ac68faa20c58cbcc\nrelease: 1.96.0\n";
        assert_eq!(name(verbose, Kind::Small), "sysroot-small-1.96.0-ac68faa20c58");
        assert_eq!(
            name("release: 1.96.0\n", Kind::Plain),
            "sysroot-plain-1.96.0-unknown"
        );
    }
}
