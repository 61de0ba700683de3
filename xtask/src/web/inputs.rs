//! What the programs are made of, as one hash: work is done only when it changed.

use std::path::Path;

use anyhow::{Context, Result};

use super::shell::digest;
use crate::tree;

/// Folders whose every file counts: both programs, the crates it is made of, and what puts it together.
const FOLDERS: &[&str] = &["web", "desk", "parts", "schemas", "sync-core", "xtask/src/web"];

/// Versions and profiles.
const FILES: &[&str] = &["Cargo.lock", "Cargo.toml"];

/// The hash of all inputs below `root`.
pub fn hash(root: &Path) -> Result<String> {
    let mut paths: Vec<String> = FILES.iter().map(|file| (*file).to_owned()).collect();
    for folder in FOLDERS {
        paths.extend(tree::walked(root, folder).with_context(|| format!("reading {folder}"))?);
    }
    paths.sort();
    let mut lines = String::new();
    for path in paths {
        let content = std::fs::read(root.join(&path)).with_context(|| format!("reading {path}"))?;
        lines += &format!("{} {path}\n", digest(&content));
    }
    Ok(digest(lines.as_bytes()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::run;

    #[test]
    fn a_change_of_any_input_is_seen() {
        let root = run::root()
            .join("target/tmp")
            .join(format!("inputs-{}", std::process::id()));
        for folder in FOLDERS {
            fs::create_dir_all(root.join(folder)).unwrap();
            fs::write(root.join(folder).join("a"), "1").unwrap();
        }
        for file in FILES {
            fs::write(root.join(file), "1").unwrap();
        }
        let mut seen = vec![hash(&root).unwrap()];
        assert_eq!(hash(&root).unwrap(), seen[0]);
        for changed in FOLDERS
            .iter()
            .map(|folder| format!("{folder}/a"))
            .chain(FILES.iter().map(|f| (*f).to_owned()))
        {
            fs::write(root.join(changed), "2").unwrap();
            seen.push(hash(&root).unwrap());
        }
        let distinct: std::collections::BTreeSet<&String> = seen.iter().collect();
        assert_eq!(distinct.len(), seen.len());
        fs::remove_dir_all(root).unwrap();
    }
}
