//! `cargo xtask web`: the field app and the officer's desk as files to serve, in `target/web/dist`.
//!
//! In: the crates `web` and `desk` and the files of their `shell` folders. Out: files with names that follow from their content, each also
//! compressed, and beside them the list that the server's build embeds. If nothing it is made of changed, nothing is
//! done. It asks the network for a compiler at most, and only on a machine that has none for browsers.

mod compile;
mod inputs;
mod pack;
mod shell;
mod sysroot;
mod toolchain;
mod weight;

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Args;

use crate::{run, tree};
use pack::Packed;
use shell::{Asset, Program};
use toolchain::Toolchain;

/// How to build.
#[derive(Args)]
pub struct Options {
    /// Builds quickly for the work on it; larger and slower than what ships
    #[arg(long)]
    dev: bool,
}

/// For whom the app is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// The bytes that ship, and that the tests test.
    Release,
    /// Quickly.
    Dev,
}

impl Profile {
    /// What `--dev` means.
    pub fn of(dev: bool) -> Profile {
        if dev { Profile::Dev } else { Profile::Release }
    }

    /// Its name in the workspace's `Cargo.toml`.
    fn cargo(self) -> &'static str {
        match self {
            Profile::Release => "web",
            Profile::Dev => "web-dev",
        }
    }
}

/// Where everything made here lies, below the workspace.
const PLACE: &str = "target/web";
/// Which inputs `dist` was made from.
const STAMP: &str = "inputs.txt";
/// What is in `dist`: lines of `<sha256> <path>`. The server's build reads it.
const LIST: &str = "files.txt";

/// The command.
pub fn web(options: &Options) -> Result<()> {
    match Profile::of(options.dev) {
        Profile::Release => ensure_light(),
        Profile::Dev => ensure(Profile::Dev),
    }
}

/// Builds what ships, and fails if it is too heavy for the phones it is made for.
pub fn ensure_light() -> Result<()> {
    ensure(Profile::Release)?;
    let place = run::root().join(PLACE);
    let list = fs::read_to_string(place.join(LIST))?;
    let dist = place.join("dist");
    let (desk, field): (Vec<&str>, Vec<&str>) = listed(&list).partition(|path| shell::is_desk(path));
    weight::within_bounds(weight::weigh(&dist, field.into_iter(), None)?)?;
    weight::desk_within_bounds(weight::weigh(&dist, desk.into_iter(), None)?)
}

/// Builds the app unless what is there was made from the same inputs.
pub fn ensure(profile: Profile) -> Result<()> {
    let begun = Instant::now();
    let root = run::root();
    let place = root.join(PLACE);
    let stamp = format!("{} {}\n", profile.cargo(), inputs::hash(&root)?);
    let same = fs::read_to_string(place.join(STAMP)).is_ok_and(|before| before == stamp);
    if same && is_whole(&place) {
        eprintln!("web: field app and desk are up to date in {PLACE}/dist");
        return Ok(());
    }
    fs::create_dir_all(&place)?;
    let toolchain = Toolchain::ensure(profile, &root.join("target/web-toolchain"))?;
    eprintln!(
        "web: building field app and desk ({}) with {toolchain}",
        profile.cargo()
    );
    let program = |package: &str| {
        Ok::<_, anyhow::Error>(Program {
            bound: compile::compile(package, profile, &toolchain, &place)?,
            shell: shell_files(&root, package)?,
        })
    };
    let assets = shell::assemble(program("web")?, program("desk")?)?;
    let files = pack::pack(assets, profile)?;
    write(&place, &files, &stamp)?;
    let paths = files.iter().map(|file| file.asset.path.as_str());
    let (desk, field): (Vec<&str>, Vec<&str>) = paths.partition(|path| shell::is_desk(path));
    let dist = place.join("dist");
    weight::weigh(&dist, field.into_iter(), Some("field app (without pictures)"))?;
    weight::weigh(&dist, desk.into_iter(), Some("desk, beside the shared style"))?;
    eprintln!(
        "web: done in {:.1} s, {PLACE}/dist",
        begun.elapsed().as_secs_f32()
    );
    Ok(())
}

/// Whether every file on the list is there.
fn is_whole(place: &Path) -> bool {
    let Ok(list) = fs::read_to_string(place.join(LIST)) else {
        return false;
    };
    let mut paths = listed(&list).peekable();
    paths.peek().is_some() && paths.all(|path| place.join("dist").join(path).is_file())
}

/// The paths on a list.
fn listed(list: &str) -> impl Iterator<Item = &str> {
    list.lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(_, path)| path)
}

fn shell_files(root: &Path, package: &str) -> Result<Vec<Asset>> {
    let folder = root.join(package).join("shell");
    let read = |path: String| {
        let content =
            fs::read(folder.join(&path)).with_context(|| format!("reading {package}/shell/{path}"))?;
        Ok(Asset { path, content })
    };
    tree::walked(&folder, "")?.into_iter().map(read).collect()
}

/// Puts the files in place of those that were there, unless they are the same: the server embeds whatever is newer.
/// The list goes first and comes back last, so that a build cut short is seen as none.
fn write(place: &Path, files: &[Packed], stamp: &str) -> Result<()> {
    let (dist, list, stamp_file) = (place.join("dist"), place.join(LIST), place.join(STAMP));
    let line = |file: &Packed| format!("{} {}\n", shell::digest(&file.asset.content), file.asset.path);
    let lines: String = files.iter().map(line).collect();
    let before = |file: &Path| fs::read_to_string(file).unwrap_or_default();
    let same_profile = before(&stamp_file).split(' ').next() == stamp.split(' ').next();
    if same_profile && before(&list) == lines && is_whole(place) {
        return Ok(fs::write(stamp_file, stamp)?);
    }
    for old in [&list, &stamp_file] {
        if old.exists() {
            fs::remove_file(old)?;
        }
    }
    if dist.exists() {
        fs::remove_dir_all(&dist)?;
    }
    for file in files {
        let path = dist.join(&file.asset.path);
        fs::create_dir_all(path.parent().unwrap_or(&dist))?;
        fs::write(&path, &file.asset.content)?;
        for (packed, extension) in [(&file.brotli, "br"), (&file.gzip, "gz")] {
            if let Some(packed) = packed {
                fs::write(dist.join(format!("{}.{extension}", file.asset.path)), packed)?;
            }
        }
    }
    fs::write(list, lines)?;
    Ok(fs::write(stamp_file, stamp)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_files_are_left_as_they_are_and_others_take_their_place() {
        let place = run::root()
            .join("target/tmp")
            .join(format!("dist-{}", std::process::id()));
        fs::create_dir_all(&place).unwrap();
        let packed = |path: &str| Packed {
            asset: Asset {
                path: path.to_owned(),
                content: b"content".to_vec(),
            },
            brotli: Some(b"br".to_vec()),
            gzip: None,
        };
        assert!(!is_whole(&place));
        write(&place, &[packed("app/a.js")], "web 1\n").unwrap();
        assert!(is_whole(&place) && place.join("dist/app/a.js.br").is_file());

        let mark = place.join("dist/mark");
        fs::write(&mark, "").unwrap();
        write(&place, &[packed("app/a.js")], "web 2\n").unwrap();
        assert!(mark.is_file(), "nothing changed");
        write(&place, &[packed("app/a.js")], "web-dev 2\n").unwrap();
        assert!(!mark.is_file(), "compressed in another way");
        write(&place, &[packed("app/b.js")], "web-dev 3\n").unwrap();
        assert!(!place.join("dist/app/a.js").exists() && place.join("dist/app/b.js").is_file());
        fs::remove_dir_all(place).unwrap();
    }
}
