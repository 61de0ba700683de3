//! Every Rust file is compiled by something. A file that no `mod` line reaches is a test that nobody runs, or code
//! that nobody reads; and a crate has one integration-test binary, so that its tests link once.

use std::collections::{BTreeMap, BTreeSet};

use super::Problem;
use crate::source::Source;
use crate::tree::Tree;

/// Folders of a crate that hold Rust to compile.
const COMPILED: &[&str] = &["src", "tests", "benches", "examples"];

pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    let reached = reached(tree);
    let mut problems = Vec::new();
    for (path, _) in tree.rust() {
        let compiled = tree.crate_of(path).and_then(|(_, rest)| rest.split_once('/'));
        if compiled.is_some_and(|(first, _)| COMPILED.contains(&first)) && !reached.contains_key(path) {
            problems.push(Problem::new(
                path,
                0,
                "no `mod` line reaches this file: nothing compiles it",
            ));
        }
    }
    for folder in tree.crates() {
        let binaries: Vec<String> = roots(tree, folder)
            .into_iter()
            .filter(|r| is_in(r, folder, "tests"))
            .collect();
        if binaries.len() > 1 {
            let message = format!(
                "one of {} test binaries of {folder}; make them one",
                binaries.len()
            );
            problems.extend(
                binaries
                    .into_iter()
                    .map(|root| Problem::new(root, 0, message.as_str())),
            );
        }
    }
    problems
}

/// The files that only a test build compiles.
pub(super) fn test_only_files(tree: &Tree) -> BTreeSet<String> {
    reached(tree)
        .into_iter()
        .filter(|(_, test)| *test)
        .map(|(path, _)| path)
        .collect()
}

/// Every file that some root reaches → whether only tests reach it.
fn reached(tree: &Tree) -> BTreeMap<String, bool> {
    let mut found: BTreeMap<String, bool> = BTreeMap::new();
    for folder in tree.crates() {
        let with_kind = |root: String| (is_in(&root, folder, "tests"), root);
        let mut open: Vec<(String, bool, bool)> = roots(tree, folder)
            .into_iter()
            .map(with_kind)
            .map(|(test, root)| (root, true, test))
            .collect();
        while let Some((path, is_root, test)) = open.pop() {
            let Some(text) = tree.text(&path) else { continue };
            if found.get(&path).is_some_and(|seen| !*seen || test) {
                continue;
            }
            found.insert(path.clone(), test);
            for module in Source::parse(text).modules() {
                let candidates = candidates(&path, is_root, &module.path, module.file.as_deref());
                if let Some(file) = candidates.into_iter().find(|file| tree.text(file).is_some()) {
                    open.push((file, false, test || module.test));
                }
            }
        }
    }
    found
}

/// Files that Cargo compiles by itself, and those the manifest names with `path = "….rs"`. With `autotests = false`
/// the files directly under `tests/` are ordinary modules of the one that the manifest names.
fn roots(tree: &Tree, folder: &str) -> Vec<String> {
    let manifest = tree.text(&format!("{folder}/Cargo.toml")).unwrap_or_default();
    let named: Vec<&str> = manifest
        .lines()
        .filter_map(|line| line.trim().strip_prefix("path")?.trim_start().strip_prefix('='))
        .map(|value| value.trim().trim_matches('"'))
        .filter(|value| value.ends_with(".rs"))
        .collect();
    let autotests = !manifest
        .lines()
        .any(|line| line.replace(' ', "") == "autotests=false");
    let automatic = |rest: &str| {
        let parts: Vec<&str> = rest.split('/').collect();
        match parts[..] {
            ["build.rs"] | ["src", "lib.rs" | "main.rs"] => true,
            ["src", "bin", _] | ["src", "bin", _, "main.rs"] => true,
            ["benches" | "examples", _] | ["benches" | "examples", _, "main.rs"] => true,
            ["tests", _] | ["tests", _, "main.rs"] => autotests,
            _ => false,
        }
    };
    let inside = format!("{folder}/");
    tree.rust()
        .filter(|(path, _)| tree.crate_of(path).is_some_and(|(home, _)| home == folder))
        .filter_map(|(path, _)| path.strip_prefix(&inside))
        .filter(|rest| automatic(rest) || named.contains(rest))
        .map(|rest| format!("{inside}{rest}"))
        .collect()
}

fn is_in(path: &str, folder: &str, kind: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.starts_with(&format!("/{kind}/")))
}

/// Where `mod a { mod b; }` in `path` may have its file.
fn candidates(path: &str, is_root: bool, module: &[String], file: Option<&str>) -> Vec<String> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    if let Some(file) = file {
        return vec![format!("{folder}/{file}")];
    }
    let stem = name.trim_end_matches(".rs");
    let base = if is_root || stem == "mod" {
        folder.to_owned()
    } else {
        format!("{folder}/{stem}")
    };
    let inner = module.join("/");
    vec![format!("{base}/{inner}.rs"), format!("{base}/{inner}/mod.rs")]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(files: &[(&str, &str)]) -> Vec<String> {
        let mut all = vec![("a/Cargo.toml", "[package]\nname = \"a\"")];
        all.extend_from_slice(files);
        let mut found: Vec<String> = check(&Tree::of(&all))
            .into_iter()
            .map(|problem| problem.file)
            .collect();
        found.sort();
        found
    }

    #[test]
    fn files_are_reached_through_folders_and_inline_modules() {
        let found = names(&[
            (
                "a/src/lib.rs",
                "mod b; mod c { mod d; } #[path = \"odd.rs\"] mod e;",
            ),
            ("a/src/b.rs", "mod f;"),
            ("a/src/b/f.rs", ""),
            ("a/src/c/d/mod.rs", "mod g;"),
            ("a/src/c/d/g.rs", ""),
            ("a/src/odd.rs", ""),
            ("a/src/bin/sim.rs", ""),
        ]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn a_forgotten_test_file_fails() {
        let files = [
            ("a/tests/runner/main.rs", "mod journey;\n// mod crash;"),
            ("a/tests/runner/journey.rs", ""),
        ];
        assert!(names(&files).is_empty());
        let forgotten = "a/tests/runner/crash.rs";
        assert_eq!(names(&[files[0], files[1], (forgotten, "")]), [forgotten]);
    }

    #[test]
    fn two_test_binaries_fail_unless_one_is_a_module() {
        let files = [("a/tests/runner.rs", "mod journey;"), ("a/tests/journey.rs", "")];
        assert_eq!(names(&files), ["a/tests/journey.rs", "a/tests/runner.rs"]);
        let manifest =
            "[package]\nautotests = false\n[[test]]\nname = \"runner\"\npath = \"tests/runner.rs\"";
        let mut files = vec![
            files[0],
            files[1],
            ("a/Cargo.toml", manifest),
            ("a/tests/crash.rs", ""),
        ];
        assert_eq!(names(&files), ["a/tests/crash.rs"]);
        files.pop();
        assert!(names(&files).is_empty());
    }

    #[test]
    fn what_only_tests_reach_is_known() {
        let tree = Tree::of(&[
            ("a/Cargo.toml", "[package]"),
            ("a/src/lib.rs", "mod b; #[cfg(test)] mod c;"),
            ("a/src/b.rs", ""),
            ("a/src/c.rs", "mod d;"),
            ("a/src/c/d.rs", ""),
        ]);
        assert_eq!(
            test_only_files(&tree).into_iter().collect::<Vec<_>>(),
            ["a/src/c.rs", "a/src/c/d.rs"]
        );
    }
}
