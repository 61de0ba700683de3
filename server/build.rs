//! Embeds the field app that `cargo xtask web` left in `target/web/dist`, so that the server is one file. Without it
//! the server builds all the same and says that it carries no app.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

fn main() -> io::Result<()> {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from).unwrap_or_default();
    let place = variable("CARGO_MANIFEST_DIR").join("../target/web");
    let list = place.join("files.txt");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", list.display());
    if !list.exists() {
        write_empty(&list)?;
    }
    let table = table(&place.join("dist"), &fs::read_to_string(&list)?)?;
    fs::write(variable("OUT_DIR").join("shell_files.rs"), table)
}

/// Cargo runs this script at every build while a file it waits for is missing, and once more if it is younger than the
/// last run: so an empty list dated long ago stands in.
fn write_empty(list: &Path) -> io::Result<()> {
    if let Some(folder) = list.parent() {
        fs::create_dir_all(folder)?;
    }
    File::create(list)?.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(24 * 60 * 60))
}

/// The list as Rust: one `File` for each line `<sha256> <path>`.
fn table(dist: &Path, list: &str) -> io::Result<String> {
    let mut table = String::from("&[\n");
    for (digest, path) in list.lines().filter_map(|line| line.split_once(' ')) {
        let plain = fs::canonicalize(dist.join(path))?;
        let packed = |extension: &str| {
            let file = PathBuf::from(format!("{}.{extension}", plain.display()));
            if file.is_file() {
                format!("Some(include_bytes!({:?}))", file.display().to_string())
            } else {
                "None".to_owned()
            }
        };
        let _ = writeln!(
            table,
            "File {{ path: {path:?}, digest: {digest:?}, plain: include_bytes!({:?}), brotli: {}, gzip: {} }},",
            plain.display().to_string(),
            packed("br"),
            packed("gz"),
        );
    }
    table.push_str("]\n");
    Ok(table)
}
