//! Crates depend on each other in one direction only. Development dependencies count too: a test of `schemas` that
//! needs the server belongs in `tests`.

use super::Problem;
use crate::tree::Tree;

/// Which of our crates each crate may name. A new crate is a decision, so it must be written here.
const MAY_USE: &[(&str, &[&str])] = &[
    ("schemas", &[]),
    ("sync-core", &["schemas"]),
    ("server", &["sync-core", "schemas"]),
    ("device", &["sync-core", "schemas"]),
    ("parts", &["schemas"]),
    ("web", &["sync-core", "schemas", "parts"]),
    ("desk", &["schemas", "parts"]),
    ("tests", &["schemas", "sync-core", "server", "device", "web"]),
    ("xtask", &[]),
];

pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for folder in tree.crates() {
        let file = format!("{folder}/Cargo.toml");
        let manifest = tree.text(&file).unwrap_or_default();
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == folder) else {
            problems.push(Problem::new(
                file,
                0,
                "a crate that xtask/src/tidy/crates.rs does not place",
            ));
            continue;
        };
        for (line, name) in dependencies(manifest) {
            let ours = MAY_USE.iter().any(|(crate_name, _)| *crate_name == name);
            if ours && !allowed.contains(&name.as_str()) {
                let message = format!("{folder} may not use {name}: it may use {allowed:?} of ours");
                problems.push(Problem::new(&file, line, message));
            }
        }
    }
    problems
}

/// The line and the package name of every dependency in a manifest, whichever way it is written.
fn dependencies(manifest: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut inside = false;
    for (at, line) in manifest.lines().enumerate() {
        let line = line.trim();
        if let Some(section) = line.strip_prefix('[') {
            let section = section.trim_end_matches(']');
            inside = section.ends_with("dependencies");
            if let Some((_, name)) = section.rsplit_once("dependencies.") {
                found.push((at + 1, name.trim_matches('"').to_owned()));
            }
        } else if inside && !line.starts_with('#') {
            let Some((key, value)) = line.split_once('=') else {
                continue;
            };
            let name = key.trim().split('.').next().unwrap_or_default().trim_matches('"');
            found.push((at + 1, renamed(value).unwrap_or(name).to_owned()));
        }
    }
    found
}

/// `x` in `{ package = "x", … }`.
fn renamed(value: &str) -> Option<&str> {
    let (_, after) = value.split_once("package")?;
    after
        .trim_start()
        .strip_prefix('=')?
        .trim_start()
        .strip_prefix('"')?
        .split('"')
        .next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(folder: &str, dependencies: &str) -> Vec<Problem> {
        let manifest = format!("[package]\nname = \"{folder}\"\n{dependencies}");
        check(&Tree::of(&[(&format!("{folder}/Cargo.toml"), &manifest)]))
    }

    #[test]
    fn the_right_direction_passes() {
        assert!(
            problems(
                "sync-core",
                "[dependencies]\nschemas.workspace = true\nserde = \"1\""
            )
            .is_empty()
        );
        assert!(problems("tests", "[dev-dependencies]\nserver.workspace = true").is_empty());
    }

    #[test]
    fn every_way_of_writing_the_wrong_direction_fails() {
        for wrong in [
            "[dependencies]\nsync-core.workspace = true",
            "[dependencies]\nsync-core = { path = \"../sync-core\" }",
            "[dev-dependencies]\nother = { package = \"sync-core\", path = \"../sync-core\" }",
            "[dependencies.sync-core]\nworkspace = true",
            "[target.'cfg(unix)'.dependencies]\nsync-core.workspace = true",
        ] {
            assert_eq!(problems("schemas", wrong).len(), 1, "{wrong}");
        }
        assert_eq!(
            problems("device", "[dependencies]\nserver.workspace = true").len(),
            1
        );
    }

    #[test]
    fn an_unplaced_crate_fails() {
        assert_eq!(problems("misc", "").len(), 1);
    }
}
