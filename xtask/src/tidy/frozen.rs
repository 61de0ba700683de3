//! Migrations and golden files are only ever added to. A database that applied a migration never applies it again, and
//! a golden file stands for bytes that are out in the field; so both are recorded by hash in one file, where a change
//! of the record is seen in review.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::Problem;
use crate::tree::Tree;

/// Where the hashes stand: lines of `<sha256 in hex>  <path>`, by path.
pub(super) const RECORD: &str = "xtask/frozen.txt";

const HEAD: &str =
    "# Written by `cargo xtask tidy --freeze`, which only adds. A file named here never changes again.\n";

pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    let recorded = recorded(tree);
    let present = present(tree);
    let mut problems = Vec::new();
    for (path, hash) in &recorded {
        match present.get(path) {
            None => problems.push(Problem::new(path, 0, "frozen, but no longer here: bring it back")),
            Some(now) if now != hash => {
                let message =
                    "frozen, but changed: restore it and add a new file (a next migration, a next version)";
                problems.push(Problem::new(path, 0, message));
            }
            Some(_) => {}
        }
    }
    for path in present.keys().filter(|path| !recorded.contains_key(*path)) {
        problems.push(Problem::new(
            path,
            0,
            "new and not yet frozen: run `cargo xtask tidy --freeze`",
        ));
    }
    problems
}

/// The record with every new file added, and how many were added. What is recorded already stays as it is.
pub(super) fn record_with_new(tree: &Tree) -> (String, usize) {
    let mut recorded = recorded(tree);
    let before = recorded.len();
    for (path, hash) in present(tree) {
        recorded.entry(path).or_insert(hash);
    }
    let lines: String = recorded
        .iter()
        .map(|(path, hash)| format!("{hash}  {path}\n"))
        .collect();
    (format!("{HEAD}{lines}"), recorded.len() - before)
}

/// Migrations, and golden files (their README may be rewritten).
fn is_frozen(path: &str) -> bool {
    let migration = [
        "server/src/store/sqlite/migrations/",
        "device/src/store/migrations/",
    ]
    .iter()
    .any(|folder| path.starts_with(folder) && path.ends_with(".sql"));
    let golden = path.starts_with("tests/corpus/") || path.contains("/tests/corpus/");
    migration || (golden && !path.ends_with(".md"))
}

fn present(tree: &Tree) -> BTreeMap<String, String> {
    let hash = |content: &[u8]| {
        Sha256::digest(content)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    };
    tree.files()
        .filter(|(path, _)| is_frozen(path))
        .map(|(path, content)| (path.to_owned(), hash(content)))
        .collect()
}

fn recorded(tree: &Tree) -> BTreeMap<String, String> {
    let lines = tree.text(RECORD).unwrap_or_default().lines();
    lines
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once("  "))
        .map(|(hash, path)| (path.to_owned(), hash.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "server/src/store/sqlite/migrations/0001_first.sql";
    const GOLDEN: &str = "tests/corpus/envelope/1.bin";

    fn frozen(files: &[(&str, &str)]) -> String {
        record_with_new(&Tree::of(files)).0
    }

    #[test]
    fn what_is_frozen_and_unchanged_passes() {
        let record = frozen(&[(FIRST, "a"), (GOLDEN, "b")]);
        assert!(check(&Tree::of(&[(RECORD, &record), (FIRST, "a"), (GOLDEN, "b")])).is_empty());
    }

    #[test]
    fn changed_removed_and_new_files_fail() {
        let record = frozen(&[(FIRST, "a"), (GOLDEN, "b")]);
        let second = "device/src/store/migrations/0002_next.sql";
        let found = check(&Tree::of(&[(RECORD, &record), (FIRST, "changed"), (second, "c")]));
        let said = |path: &str| {
            found
                .iter()
                .find(|p| p.file == path)
                .map(|p| p.message.as_str())
                .unwrap_or_default()
        };
        assert_eq!(found.len(), 3);
        assert!(said(FIRST).contains("changed"));
        assert!(said(GOLDEN).contains("no longer here"));
        assert!(said(second).contains("not yet frozen"));
    }

    #[test]
    fn freezing_adds_and_never_forgives_a_change() {
        let record = frozen(&[(FIRST, "a")]);
        let (next, added) =
            record_with_new(&Tree::of(&[(RECORD, &record), (FIRST, "changed"), (GOLDEN, "b")]));
        assert_eq!(added, 1);
        assert_eq!(
            check(&Tree::of(&[(RECORD, &next), (FIRST, "changed"), (GOLDEN, "b")])).len(),
            1
        );
    }

    #[test]
    fn a_readme_beside_golden_files_may_change() {
        assert!(check(&Tree::of(&[("tests/corpus/README.md", "words")])).is_empty());
    }
}
