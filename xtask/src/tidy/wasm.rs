//! The crate for browsers: its glue is made by xtask, so both hold the same wasm-bindgen; and nobody compiles it
//! without asking for it.

use super::Problem;
use crate::tree::Tree;

const LOCK: &str = "Cargo.lock";
const WORKSPACE: &str = "Cargo.toml";

/// The library that the app uses, and the one that makes its glue. Of two versions nothing starts.
const PAIR: [&str; 2] = ["wasm-bindgen", "wasm-bindgen-cli-support"];

/// Crates that only `cargo xtask web` compiles for what ships.
const FOR_BROWSERS: [&str; 3] = ["web", "desk", "parts"];

pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Some(lock) = tree.text(LOCK) {
        let [used, made] = PAIR.map(|name| versions(lock, name));
        if used != made || used.len() != 1 {
            let message = format!(
                "{} is {used:?} and {} is {made:?}: make them one version",
                PAIR[0], PAIR[1]
            );
            problems.push(Problem::new(LOCK, 0, message));
        }
    }
    let manifest = tree.text(WORKSPACE).unwrap_or_default();
    for (at, line) in manifest.lines().enumerate() {
        let named = |name: &&&str| line.contains(&format!("\"{name}\""));
        if let Some(name) = FOR_BROWSERS
            .iter()
            .find(named)
            .filter(|_| line.starts_with("default-members"))
        {
            let message =
                format!("{name} is built by `cargo xtask web`, for browsers: take it out of default-members");
            problems.push(Problem::new(WORKSPACE, at + 1, message));
        }
    }
    problems
}

/// The versions under which the lock file holds a package.
fn versions<'a>(lock: &'a str, name: &str) -> Vec<&'a str> {
    let wanted = format!("name = \"{name}\"");
    let mut lines = lock.lines();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        if line == wanted {
            let version = lines.next().and_then(|line| line.strip_prefix("version = "));
            found.extend(version.map(|version| version.trim_matches('"')));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(used: &str, made: &str) -> Vec<Problem> {
        let package =
            |name: &str, version: &str| format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n");
        let text =
            package(PAIR[0], used) + &package(PAIR[1], made) + &package("wasm-bindgen-futures", "0.4.1");
        check(&Tree::of(&[(LOCK, &text)]))
    }

    #[test]
    fn one_version_passes_and_two_fail() {
        assert!(lock("0.2.130", "0.2.130").is_empty());
        assert_eq!(lock("0.2.130", "0.2.131").len(), 1);
        assert_eq!(
            check(&Tree::of(&[(LOCK, "version = 4\n")])).len(),
            1,
            "neither is locked"
        );
    }

    #[test]
    fn web_among_the_default_members_fails() {
        let of = |members: &str| {
            check(&Tree::of(&[(
                WORKSPACE,
                &format!("default-members = [{members}]"),
            )]))
            .len()
        };
        assert_eq!((of("\"server\""), of("\"server\", \"web\"")), (0, 1));
    }
}
