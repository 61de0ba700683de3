//! The files of the repository as a value: what `tidy` reads, so that each check is a plain function of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

/// Folders that are never part of the repository, for a copy that has no git.
const NEVER: &[&str] = &["target", "node_modules", ".git", ".demo"];

/// Path from the workspace root, with `/`, → content.
#[derive(Default)]
pub struct Tree {
    files: BTreeMap<String, Vec<u8>>,
    crates: Vec<String>,
}

impl Tree {
    /// Reads every file that git tracks or would track; without git, every file outside the usual ignored folders.
    pub fn load(root: &Path) -> Result<Tree> {
        let mut files = BTreeMap::new();
        for path in listed(root)? {
            let full = root.join(&path);
            if full.is_file() {
                files.insert(
                    path,
                    std::fs::read(&full).with_context(|| format!("reading {}", full.display()))?,
                );
            }
        }
        Ok(Tree::new(files))
    }

    /// A tree for a unit test.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Tree {
        Tree::new(
            files
                .iter()
                .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
                .collect(),
        )
    }

    fn new(files: BTreeMap<String, Vec<u8>>) -> Tree {
        let mut tree = Tree {
            files,
            crates: Vec::new(),
        };
        let package = |text: &str| text.lines().any(|line| line.trim() == "[package]");
        let manifests = tree.texts().filter(|(_, text)| package(text));
        tree.crates = manifests
            .filter_map(|(path, _)| path.strip_suffix("/Cargo.toml"))
            .map(str::to_owned)
            .collect();
        tree
    }

    /// All files in the order of their paths.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files
            .iter()
            .map(|(path, content)| (path.as_str(), content.as_slice()))
    }

    /// The files that are UTF-8 text.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files()
            .filter_map(|(path, content)| Some((path, std::str::from_utf8(content).ok()?)))
    }

    /// The Rust sources.
    pub fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts().filter(|(path, _)| path.ends_with(".rs"))
    }

    /// One file as text.
    pub fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.files.get(path)?).ok()
    }

    /// Whether a file, or a folder with files in it, has this path. The root is the empty path.
    pub fn holds(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        path.is_empty()
            || self.files.contains_key(path)
            || self.files.keys().any(|file| file.starts_with(&folder))
    }

    /// Folders of the crates: every folder whose `Cargo.toml` has a `[package]`.
    pub fn crates(&self) -> impl Iterator<Item = &str> {
        self.crates.iter().map(String::as_str)
    }

    /// The crate that a file belongs to, and its path inside that crate.
    pub fn crate_of<'a>(&'a self, path: &'a str) -> Option<(&'a str, &'a str)> {
        let inside = |folder: &'a str| Some((folder, path.strip_prefix(folder)?.strip_prefix('/')?));
        self.crates()
            .filter_map(inside)
            .max_by_key(|(folder, _)| folder.len())
    }
}

fn listed(root: &Path) -> Result<Vec<String>> {
    let git = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output();
    match git {
        Ok(output) if output.status.success() => {
            let names = String::from_utf8(output.stdout).context("a file name is not UTF-8")?;
            Ok(names
                .split('\0')
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect())
        }
        _ => walked(root, ""),
    }
}

/// Every file below `folder` of `root`, outside the usual ignored folders; paths begin with `folder`.
pub fn walked(root: &Path, folder: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let name = entry
            .file_name()
            .into_string()
            .ok()
            .context("a file name is not UTF-8")?;
        let path = if folder.is_empty() {
            name.clone()
        } else {
            format!("{folder}/{name}")
        };
        if entry.file_type()?.is_dir() {
            if !NEVER.contains(&name.as_str()) {
                found.extend(walked(root, &path)?);
            }
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_files_and_folders_but_not_prefixes_of_names() {
        let tree = Tree::of(&[("docs/TESTING.md", "")]);
        assert!(tree.holds("docs/TESTING.md") && tree.holds("docs") && tree.holds(""));
        assert!(!tree.holds("doc") && !tree.holds("docs/TEST"));
    }

    #[test]
    fn a_crate_is_a_folder_with_a_package() {
        let tree = Tree::of(&[
            ("Cargo.toml", "[workspace]"),
            ("a/Cargo.toml", "[package]\nname = \"a\""),
            ("b/x", ""),
        ]);
        assert_eq!(tree.crates().collect::<Vec<_>>(), ["a"]);
        assert_eq!(tree.crate_of("a/src/lib.rs"), Some(("a", "src/lib.rs")));
        assert_eq!(tree.crate_of("b/x"), None);
    }

    #[test]
    fn a_copy_without_git_is_walked() {
        let found = walked(Path::new(env!("CARGO_MANIFEST_DIR")), "").unwrap();
        assert!(found.contains(&"src/tree.rs".to_owned()), "{found:?}");
    }
}
