//! Nothing in the repository names one machine: no absolute path of a developer's disk, no address of a package
//! registry or of a mirror, so that every clone resolves packages as its own machine is set up.

use super::Problem;
use crate::tree::Tree;

/// This file spells out what it looks for.
const SELF: &str = "xtask/src/tidy/leaks.rs";

const PATHS: &[&str] = &["/work/", "/root/", "/home/", "/Users/", "C:\\Users\\"];

const REGISTRIES: &[&str] = &[
    "registry.npmjs.org",
    "registry.yarnpkg.com",
    "npm.pkg.github.com",
    "index.crates.io",
    "static.crates.io",
    "crates.io/api",
    "files.pythonhosted.org",
    "pypi.org/simple",
    "proxy.golang.org",
];

/// The one source that `Cargo.lock` may name; Cargo writes it whatever mirror it downloads from.
const CARGO_SOURCE: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";

pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    tree.texts()
        .filter(|(path, _)| *path != SELF)
        .flat_map(|(path, text)| in_file(path, text))
        .collect()
}

fn in_file(path: &str, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (at, line) in text.lines().enumerate() {
        for wanted in PATHS.iter().filter(|wanted| starts_a_path(line, wanted)) {
            problems.push(Problem::new(
                path,
                at + 1,
                format!("a path of one machine: {wanted}"),
            ));
        }
        for host in REGISTRIES.iter().filter(|host| line.contains(**host)) {
            problems.push(Problem::new(
                path,
                at + 1,
                format!("a registry's address: {host}"),
            ));
        }
        if is_recorded_source(path, line.trim()) {
            problems.push(Problem::new(
                path,
                at + 1,
                "a recorded download address; write the lock file without it",
            ));
        }
    }
    problems
}

/// Whether `wanted` stands in the line as the beginning of an absolute path.
fn starts_a_path(line: &str, wanted: &str) -> bool {
    let part_of_longer =
        |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '~' | '}' | '>' | '*');
    line.match_indices(wanted)
        .any(|(at, _)| !line[..at].chars().next_back().is_some_and(part_of_longer))
}

fn is_recorded_source(path: &str, line: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name {
        "Cargo.lock" => line.starts_with("source = ") && line != CARGO_SOURCE,
        "package-lock.json" => line.starts_with("\"resolved\"") && line.contains("://"),
        ".npmrc" => line.contains("registry"),
        "config.toml" => {
            line.starts_with("[source") || line.starts_with("[registr") || line.starts_with("replace-with")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        check(&Tree::of(&[(path, text)])).len()
    }

    #[test]
    fn paths_of_one_machine_fail() {
        for text in [
            "see /work/shared",
            "\"/root/.cargo\"",
            "file:///home/sua/x",
            "HOME=/home/sua/",
        ] {
            assert_eq!(count("docs/A.md", text), 1, "{text}");
        }
        assert_eq!(
            count(
                "docs/A.md",
                "screens/home/list.rs, ~/home/, https://example.org/home/"
            ),
            0
        );
    }

    #[test]
    fn registries_fail() {
        assert_eq!(count("README.md", "from https://registry.npmjs.org/x"), 1);
        assert_eq!(
            count(
                "a/package-lock.json",
                "  \"resolved\": \"https://mirror.example/x.tgz\","
            ),
            1
        );
        assert_eq!(
            count("Cargo.lock", "source = \"sparse+https://mirror.example/\""),
            1
        );
        assert_eq!(
            count(
                ".cargo/config.toml",
                "[source.crates-io]\nreplace-with = \"mirror\""
            ),
            2
        );
    }

    #[test]
    fn what_cargo_always_writes_passes() {
        assert_eq!(count("Cargo.lock", CARGO_SOURCE), 0);
    }
}
