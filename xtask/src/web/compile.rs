//! From a crate to a module for browsers: cargo, then wasm-bindgen as a library, of the version that the crate itself
//! is locked to.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use super::Profile;
use super::shell::Bound;
use super::toolchain::{TARGET, Toolchain};
use crate::run;

/// Compiles the crate and makes its glue. `work` is a folder of this build alone.
pub fn compile(package: &str, profile: Profile, toolchain: &Toolchain, work: &Path) -> Result<Bound> {
    // A directory of its own: the compiler may be another than the workspace's.
    let target_dir = run::root().join("target/web-build");
    let mut cargo = run::cargo(&[
        "rustc",
        "--package",
        package,
        "--lib",
        // The manifest asks for a Rust library too, and beside one Cargo leaves out the optimisation of the whole.
        "--crate-type",
        "cdylib",
        "--profile",
        profile.cargo(),
        "--target",
        TARGET,
        "--target-dir",
    ]);
    cargo.arg(&target_dir);
    toolchain.apply(&mut cargo);
    run::run(cargo)?;
    let raw = target_dir
        .join(TARGET)
        .join(profile.cargo())
        .join(format!("{package}.wasm"));
    let out = work.join("bound").join(package);
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    Bindgen::new()
        .input_path(&raw)
        .web(true)?
        .typescript(false)
        .remove_name_section(profile == Profile::Release)
        .remove_producers_section(true)
        .generate(&out)
        .with_context(|| format!("wasm-bindgen on {}", raw.display()))?;
    read(&out, package)
}

fn read(out: &Path, package: &str) -> Result<Bound> {
    // What wasm-bindgen calls its two files.
    let (glue, module) = (format!("{package}.js"), format!("{package}_bg.wasm"));
    let mut bound = Bound {
        glue: fs::read_to_string(out.join(&glue)).context("the glue of wasm-bindgen")?,
        module: fs::read(out.join(&module)).context("the module of wasm-bindgen")?,
        snippets: Vec::new(),
    };
    for path in crate::tree::walked(out, "")? {
        if let Some(inside) = path.strip_prefix("snippets/") {
            bound
                .snippets
                .push((inside.to_owned(), fs::read(out.join(&path))?));
        } else if path != glue && path != module {
            bail!("wasm-bindgen made {path}, which has no place in the app");
        }
    }
    bound.snippets.sort();
    Ok(bound)
}
