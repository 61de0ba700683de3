//! Which compiler makes WebAssembly on this machine. An ordinary rustup has the target or can fetch it; a machine
//! that cannot reach rustup's server gets Debian's compiler, and std built once from Debian's source.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::sysroot;
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
    /// Another compiler, with a sysroot that we built for it.
    Built {
        /// The compiler.
        rustc: PathBuf,
        /// Its std for the browser.
        sysroot: PathBuf,
        /// What links for it.
        linker: PathBuf,
    },
}

impl Toolchain {
    /// Finds a toolchain, or makes one; `cache` is where a sysroot is kept.
    pub fn ensure(cache: &Path) -> Result<Toolchain> {
        if own_has_target() {
            return Ok(Toolchain::Own);
        }
        let debian = Path::new(DEBIAN_RUSTC);
        if let Some(found) = built_earlier(debian, cache)? {
            return Ok(found);
        }
        if add_with_rustup() {
            return Ok(Toolchain::Own);
        }
        if source_of(debian).is_none() {
            debian::install(&["rustc-web", "rust-web-src"], "compiling the field app")?;
        }
        let Some(library) = source_of(debian) else {
            bail!(
                "no compiler for {TARGET}: run `rustup target add {TARGET}`, or install a rustc-web and a \
                 rust-web-src of one version"
            );
        };
        let linker = match linker() {
            Some(found) => found,
            None => {
                debian::install(&["lld"], "linking the field app")?;
                linker().with_context(|| "no wasm-ld after installing lld")?
            }
        };
        let at = sysroot::place(debian, cache)?;
        sysroot::build(debian, &library, &at)?;
        Ok(Toolchain::Built {
            rustc: debian.to_path_buf(),
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
            sysroot,
            linker,
        } = self
        {
            command
                .env("RUSTC", rustc)
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
            flags.push(format!("--sysroot={}", sysroot.display()));
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
            Toolchain::Built { rustc, .. } => write!(f, "{} with a std of our own", rustc.display()),
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

fn built_earlier(rustc: &Path, cache: &Path) -> Result<Option<Toolchain>> {
    if !rustc.is_file() {
        return Ok(None);
    }
    let sysroot = sysroot::place(rustc, cache)?;
    Ok(match linker() {
        Some(linker) if holds_core(&sysroot::libdir(&sysroot)) => Some(Toolchain::Built {
            rustc: rustc.to_path_buf(),
            sysroot,
            linker,
        }),
        _ => None,
    })
}

fn add_with_rustup() -> bool {
    let rustup = |arguments: &[&str]| {
        let mut command = Command::new("rustup");
        command.args(arguments);
        command
    };
    if !run::works(rustup(&["--version"])) {
        return false;
    }
    eprintln!("web: rustup target add {TARGET}");
    let added = run::run_for(rustup(&["target", "add", TARGET]), RUSTUP_LIMIT);
    if let Err(error) = &added {
        eprintln!("web: rustup could not add the target ({error:#}); trying the system's packages");
    }
    added.is_ok() && own_has_target()
}

/// The source of std that is of exactly this compiler's release. Every other one was seen to fail.
fn source_of(rustc: &Path) -> Option<PathBuf> {
    let verbose = said(rustc, &["-vV"])?;
    let release = verbose.lines().find_map(|line| line.strip_prefix("release: "))?;
    let library = PathBuf::from(format!("/usr/src/rustc-{release}/library"));
    library.join("std/Cargo.toml").is_file().then_some(library)
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
            sysroot: "/t/sysroot".into(),
            linker: "/t/rust-lld".into(),
        };
        let mut command = Command::new("cargo");
        command.env("RUSTFLAGS", "-g");
        toolchain.apply(&mut command);
        assert_eq!(value(&command, "RUSTC").as_deref(), Some("/usr/bin/rustc"));
        assert_eq!(value(&command, "RUSTFLAGS"), None);
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
