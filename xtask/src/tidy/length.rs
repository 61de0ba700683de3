//! A file of more than 450 lines is two things. (Past 300, ask which two.)

use super::Problem;
use crate::tree::Tree;

const LINES_MAX: usize = 450;

/// Longer files that are one thing after all, each with its reason.
const ALLOWED: &[(&str, &str)] = &[];

pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    longer_than(tree, LINES_MAX, ALLOWED)
}

fn longer_than(tree: &Tree, lines_max: usize, allowed: &[(&str, &str)]) -> Vec<Problem> {
    let length = |path: &str| tree.text(path).map_or(0, |text| text.lines().count());
    let long = tree
        .rust()
        .map(|(path, _)| (path, length(path)))
        .filter(|(_, lines)| *lines > lines_max);
    let forbidden = long.filter(|(path, _)| !allowed.iter().any(|(name, _)| name == path));
    let stale = allowed.iter().filter(|(path, _)| length(path) <= lines_max);
    forbidden
        .map(|(path, lines)| {
            Problem::new(
                path,
                0,
                format!("{lines} lines, more than {lines_max}: which two things is it?"),
            )
        })
        .chain(stale.map(|(path, _)| {
            Problem::new(
                *path,
                0,
                "no longer long: take it off the list of xtask/src/tidy/length.rs",
            )
        }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_over_the_limit_fail() {
        let tree = Tree::of(&[
            ("a/long.rs", "1\n2\n3\n4"),
            ("a/right.rs", "1\n2\n3"),
            ("a/long.md", "1\n2\n3\n4"),
        ]);
        let found = longer_than(&tree, 3, &[]);
        assert_eq!(
            found.iter().map(|p| p.file.as_str()).collect::<Vec<_>>(),
            ["a/long.rs"]
        );
        assert!(longer_than(&tree, 3, &[("a/long.rs", "a table")]).is_empty());
    }

    #[test]
    fn a_stale_exception_fails() {
        let tree = Tree::of(&[("a/right.rs", "1")]);
        assert_eq!(longer_than(&tree, 3, &[("a/right.rs", "a table")]).len(), 1);
    }
}
