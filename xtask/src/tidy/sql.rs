//! Only the server's `store/sqlite` knows SQL, so that a second store is one folder.

use super::Problem;
use super::reach::test_only_files;
use crate::source::{Part, Source};
use crate::tree::Tree;

const SERVER: &str = "server/src/";
const STORE: &str = "server/src/store/sqlite";

/// Beginnings of statements, as they stand in string literals.
const STATEMENTS: &[&str] = &[
    "SELECT ",
    "INSERT ",
    "UPDATE ",
    "DELETE FROM ",
    "REPLACE INTO ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "DROP TABLE ",
    "ALTER TABLE ",
    "PRAGMA ",
    "VACUUM ",
    "ATTACH ",
];

pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    let test_only = test_only_files(tree);
    let outside =
        |path: &str| path.starts_with(SERVER) && !path.starts_with(STORE) && !test_only.contains(path);
    tree.rust()
        .filter(|(path, _)| outside(path))
        .flat_map(|(path, text)| in_file(path, text))
        .collect()
}

fn in_file(path: &str, text: &str) -> Vec<Problem> {
    let literals = Source::parse(text).only(&[Part::Literal], false);
    let mut problems = Vec::new();
    for (at, line) in literals.lines().enumerate() {
        if STATEMENTS.iter().any(|statement| line.contains(statement)) {
            problems.push(Problem::new(
                path,
                at + 1,
                "SQL outside store/sqlite: give the store a verb for it",
            ));
        }
    }
    for (at, line) in Source::parse(text).only(&[Part::Code], false).lines().enumerate() {
        if line.contains("rusqlite::") {
            problems.push(Problem::new(
                path,
                at + 1,
                "rusqlite outside store/sqlite: give the store a verb for it",
            ));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        check(&Tree::of(&[
            ("server/Cargo.toml", "[package]"),
            ("server/src/lib.rs", ""),
            (path, text),
        ]))
        .len()
    }

    #[test]
    fn sql_outside_the_store_fails() {
        for text in [
            "let q = \"SELECT 1\";",
            "let q = r#\"\nINSERT INTO a VALUES (1)\"#;",
            "use rusqlite::Connection;",
        ] {
            assert_eq!(count("server/src/report/query.rs", text), 1, "{text}");
        }
    }

    #[test]
    fn the_store_comments_and_tests_are_free() {
        assert_eq!(
            count("server/src/store/sqlite/log.rs", "let q = \"SELECT 1\";"),
            0
        );
        assert_eq!(
            count(
                "server/src/view/mod.rs",
                "// SELECT 1\n#[cfg(test)]\nmod tests { const Q: &str = \"SELECT 1\"; }"
            ),
            0
        );
        assert_eq!(count("device/src/store/mod.rs", "let q = \"SELECT 1\";"), 0);
    }
}
