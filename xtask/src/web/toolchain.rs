//! Which compiler makes WebAssembly on this machine. An ordinary rustup has what is needed or can fetch it: the target
//! for the work on the app, the source of std for what ships. A machine that cannot reach rustup's server gets
//! Debian's compiler and source.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::Profile;
use super::sysroot::{self, Kind};
use crate::{debian, run};

/// The target of the field app.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Debian's compiler for browsers stands beside rustup's and disturbs nothing.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// How long rustup may try.
const RUSTUP_LIMIT: Duration = Duration::from_secs(120);

/// A way to compile for the browser.
#[derive(Debug, PartialEq, Eq)]
pub enum Toolchain {
    /// The workspace's own compiler has the target.
    Own,
    /// A compiler, with a sysroot that we built for it.
    Built {
        /// The compiler.
        rustc: PathBuf,
        /// Which std it was.
        kind: Kind,
        /// Its std for the browser.
        sysroot: PathBuf,
        /// What links for it.
        linker: PathBuf,
    },
}

/// A compiler, and the source of its std.
struct Sourced {
    rustc: PathBuf,
    library: PathBuf,
}

impl Toolchain {
    /// Finds a toolchain, or makes one; `cache` is where a sysroot is kept. What ships is built on a small std; where
    /// no source of std can be had, on what there is.
    pub fn ensure(profile: Profile, cache: &Path) -> Result<Toolchain> {
        if profile == Profile::Dev {
            return Toolchain::plain(cache);
        }
        match Toolchain::small(cache) {
            Ok(found) => Ok(found),
            Err(error) => {
                eprintln!("web: no source of std for the small build ({error:#}); the app will be heavier");
                Toolchain::plain(cache)
            }
        }
    }

    /// Any std.
    fn plain(cache: &Path) -> Result<Toolchain> {
        if own_has_target() || rustup_adds(&["target", "add", TARGET], own_has_target) {
            return Ok(Toolchain::Own);
        }
        Toolchain::built(&debian()?, Kind::Plain, cache)
    }

    /// The small std, of the workspace's own compiler if its source is here or can be fetched.
    fn small(cache: &Path) -> Result<Toolchain> {
        let has_source = || own_source().is_some();
        if !has_source() && !debians_source().is_some_and(|debian| already(&debian, cache)) {
            rustup_adds(&["component", "add", "rust-src"], has_source);
        }
        let sourced = match own_source() {
            Some(own) => own,
            None => debian()?,
        };
        Toolchain::built(&sourced, Kind::Small, cache)
    }

    fn built(from: &Sourced, kind: Kind, cache: &Path) -> Result<Toolchain> {
        let linker = match linker() {
            Some(found) => found,
            None => {
                debian::install(&["lld"], "linking the field app")?;
                linker().with_context(|| "no wasm-ld after installing lld")?
            }
        };
        let at = sysroot::place(&from.rustc, kind, cache)?;
        if !holds_core(&sysroot::libdir(&at)) {
            sysroot::build(&from.rustc, &from.library, kind, &at)?;
        }
        Ok(Toolchain::Built {
            rustc: from.rustc.clone(),
            kind,
            sysroot: at,
            linker,
        })
    }

    /// Makes a cargo command compile with this toolchain. Paths of this machine stay out of the result.
    pub fn apply(&self, command: &mut Command) {
        // A RUSTFLAGS of the caller would replace the target's flags.
        command
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS");
        // Leptos then keeps views behind one type instead of a type for each: less code.
        let mut flags = vec!["--cfg=erase_components".to_owned()];
        if let Toolchain::Built {
            rustc,
            kind,
            sysroot,
            linker,
        } = self
        {
            command
                .env("RUSTC", rustc)
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
            flags.push(format!("--sysroot={}", sysroot.display()));
            if *kind == Kind::Small {
                command.env("RUSTC_BOOTSTRAP", "1");
                flags.push(sysroot::SMALL.to_owned());
            }
        }
        let cargo_home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
        let cargo_home = cargo_home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
        flags.extend(cargo_home.map(|home| format!("--remap-path-prefix={}=cargo", home.display())));
        flags.push(format!("--remap-path-prefix={}=soban", run::root().display()));
        command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags.join(" "));
    }
}

impl std::fmt::Display for Toolchain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Toolchain::Own => write!(f, "the workspace's own compiler"),
            Toolchain::Built { rustc, kind, .. } => {
                let kind = if *kind == Kind::Small { "small " } else { "" };
                write!(f, "{} with a {kind}std of our own", rustc.display())
            }
        }
    }
}

fn own_has_target() -> bool {
    let libdir = said(
        "rustc".as_ref(),
        &["--print", "target-libdir", "--target", TARGET],
    );
    libdir.is_some_and(|libdir| holds_core(Path::new(libdir.trim())))
}

/// Whether the folder holds a compiled `core`.
pub(super) fn holds_core(libdir: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(libdir) else {
        return false;
    };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libcore-") && name.ends_with(".rlib")
    })
}

fn already(from: &Sourced, cache: &Path) -> bool {
    let place = sysroot::place(&from.rustc, Kind::Small, cache);
    place.is_ok_and(|at| holds_core(&sysroot::libdir(&at)))
}

/// Asks rustup; whether it then is there.
fn rustup_adds(arguments: &[&str], there: impl Fn() -> bool) -> bool {
    let rustup = |arguments: &[&str]| {
        let mut command = Command::new("rustup");
        command.args(arguments);
        command
    };
    if !run::works(rustup(&["--version"])) {
        return false;
    }
    eprintln!("web: rustup {}", arguments.join(" "));
    let added = run::run_for(rustup(arguments), RUSTUP_LIMIT);
    if let Err(error) = &added {
        eprintln!("web: rustup could not add it ({error:#}); trying the system's packages");
    }
    added.is_ok() && there()
}

/// The workspace's own compiler, if rustup's component `rust-src` is there.
fn own_source() -> Option<Sourced> {
    let sysroot = said("rustc".as_ref(), &["--print", "sysroot"])?;
    let sysroot = Path::new(sysroot.trim());
    let library = sysroot.join("lib/rustlib/src/rust/library");
    library.join("std/Cargo.toml").is_file().then(|| Sourced {
        rustc: sysroot.join("bin/rustc"),
        library,
    })
}

/// Debian's compiler, installed if need be.
fn debian() -> Result<Sourced> {
    if debians_source().is_none() {
        debian::install(&["rustc-web", "rust-web-src"], "compiling the field app")?;
    }
    debians_source().with_context(|| {
        format!(
            "no compiler for {TARGET}: run `rustup target add {TARGET}` and `rustup component add rust-src`, or \
             install a rustc-web and a rust-web-src of one version"
        )
    })
}

/// Debian's compiler with the source of std that is of exactly its release. Every other one was seen to fail.
fn debians_source() -> Option<Sourced> {
    let rustc = PathBuf::from(DEBIAN_RUSTC);
    let verbose = said(&rustc, &["-vV"])?;
    let release = verbose.lines().find_map(|line| line.strip_prefix("release: "))?;
    let library = PathBuf::from(format!("/usr/src/rustc-{release}/library"));
    library
        .join("std/Cargo.toml")
        .is_file()
        .then_some(Sourced { rustc, library })
}

/// rustup's own linker, else one of the system.
fn linker() -> Option<PathBuf> {
    let host = said("rustc".as_ref(), &["-vV"]).and_then(|text| {
        let host = text.lines().find_map(|line| line.strip_prefix("host: "))?;
        Some(host.to_owned())
    });
    let sysroot = said("rustc".as_ref(), &["--print", "sysroot"]);
    let rusts = sysroot.zip(host).map(|(sysroot, host)| {
        Path::new(sysroot.trim())
            .join("lib/rustlib")
            .join(host)
            .join("bin/rust-lld")
    });
    if let Some(found) = rusts.filter(|path| path.is_file()) {
        return Some(found);
    }
    let entries = std::fs::read_dir("/usr/bin").ok()?;
    let named = entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("wasm-ld"));
    named.map(|entry| entry.path()).max()
}

/// What the program says, when it can be started and succeeds.
pub(super) fn said(program: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(command: &Command, name: &str) -> Option<String> {
        let found = command.get_envs().find(|(key, _)| *key == name)?;
        Some(found.1?.to_string_lossy().into_owned())
    }

    #[test]
    fn a_built_sysroot_reaches_the_compiler_and_the_callers_flags_do_not() {
        let toolchain = Toolchain::Built {
            rustc: "/usr/bin/rustc".into(),
            kind: Kind::Small,
            sysroot: "/t/sysroot".into(),
            linker: "/t/rust-lld".into(),
        };
        let mut command = Command::new("cargo");
        command.env("RUSTFLAGS", "-g");
        toolchain.apply(&mut command);
        assert_eq!(value(&command, "RUSTC").as_deref(), Some("/usr/bin/rustc"));
        assert_eq!(value(&command, "RUSTFLAGS"), None);
        assert_eq!(value(&command, "RUSTC_BOOTSTRAP").as_deref(), Some("1"));
        let flags = value(&command, "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS").unwrap_or_default();
        assert!(flags.contains("--sysroot=/t/sysroot"), "{flags}");
        assert!(flags.contains("=soban"), "{flags}");
    }

    #[test]
    fn the_own_compiler_is_left_alone() {
        let mut command = Command::new("cargo");
        Toolchain::Own.apply(&mut command);
        assert_eq!(value(&command, "RUSTC"), None);
    }

    #[test]
    fn a_folder_without_core_is_no_target() {
        assert!(!holds_core(Path::new("no-such-folder")));
        assert!(!holds_core(Path::new(env!("CARGO_MANIFEST_DIR"))));
    }
}
