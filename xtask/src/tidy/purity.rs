//! `schemas` and `sync-core` are sans-IO: no file, socket, clock, thread, environment or randomness of their own, and
//! ordered maps only, because the order of a hash map would leak into results that every replica must share.
//! `web` runs where files, sockets, threads and clocks of `std` compile and then fail.

use super::Problem;
use super::reach::test_only_files;
use crate::source::{Part, Source, lines_with};
use crate::tree::Tree;

const PURE: &[&str] = &["schemas/src/", "sync-core/src/"];

/// What may not be named, and what to do instead.
const BANNED: &[(&str, &str)] = &[
    ("std::fs", "bytes come in as arguments"),
    ("std::net", "drivers own sockets"),
    ("std::thread", "the core is plain functions"),
    ("std::env", "settings come in as arguments"),
    ("std::process", "the core ends no program and starts none"),
    ("SystemTime", "time is passed in"),
    ("Instant", "time is passed in"),
    ("Timestamp::now", "time is passed in"),
    ("Zoned::now", "time is passed in"),
    ("now_v7", "ids come in with events"),
    ("new_v4", "ids come in with events"),
    ("rand::", "randomness comes in with events"),
    ("getrandom", "randomness comes in with events"),
    ("thread_rng", "randomness comes in with events"),
    ("OsRng", "randomness comes in with events"),
    ("tokio", "async lives in drivers"),
    (
        "HashMap",
        "use BTreeMap: the order of a hash map leaks into results",
    ),
    (
        "HashSet",
        "use BTreeSet: the order of a hash set leaks into results",
    ),
];

/// The programs for browsers.
const WEB: &[&str] = &["web/src/", "desk/src/", "parts/src/"];

/// What compiles for browsers and fails in them.
const FAILS_IN_BROWSERS: &[&str] = &[
    "std::fs",
    "std::net",
    "std::thread",
    "std::env",
    "std::process",
    "SystemTime",
    "Instant",
    "Timestamp::now",
    "Zoned::now",
    "tokio",
];

/// Modules of `std` that may not be named inside `use std::{…}` either.
const STD_MODULES: &[&str] = &["fs", "net", "thread", "env", "process"];

pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    let test_only = test_only_files(tree);
    let mut problems = Vec::new();
    for (path, text) in tree.rust().filter(|(path, _)| !test_only.contains(*path)) {
        if PURE.iter().any(|folder| path.starts_with(folder)) {
            problems.extend(in_file(path, text, BANNED, "in a pure crate"));
        } else if WEB.iter().any(|folder| path.starts_with(folder)) {
            let fails = |word: &&'static str| (*word, "the room named browser asks the browser");
            let banned: Vec<(&str, &str)> = FAILS_IN_BROWSERS.iter().map(fails).collect();
            problems.extend(in_file(path, text, &banned, "fails in a browser"));
        }
    }
    problems
}

fn in_file(path: &str, text: &str, banned: &[(&str, &str)], why: &str) -> Vec<Problem> {
    let code = Source::parse(text).only(&[Part::Code], false);
    let mut problems = Vec::new();
    for (word, instead) in banned {
        for line in lines_with(&code, word) {
            problems.push(Problem::new(path, line, format!("{word} {why}: {instead}")));
        }
    }
    for (at, _) in code.match_indices("std::{") {
        let line = code[..at].lines().count().max(1);
        for module in grouped(&code[at + "std::{".len()..]) {
            if STD_MODULES.contains(&module.as_str()) {
                problems.push(Problem::new(path, line, format!("std::{module} {why}")));
            }
        }
    }
    problems
}

/// First segments of the outermost names in `a::b, c::{d, e}, f}`.
fn grouped(list: &str) -> Vec<String> {
    let (mut names, mut current, mut depth) = (Vec::new(), String::new(), 0_i32);
    for c in list.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(std::mem::take(&mut current)),
            _ if depth == 0 => current.push(c),
            _ => {}
        }
    }
    names.push(current);
    names
        .iter()
        .map(|name| name.split("::").next().unwrap_or_default().trim().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        check(&Tree::of(&[
            (path, text),
            ("schemas/Cargo.toml", "[package]"),
            ("sync-core/Cargo.toml", "[package]"),
        ]))
        .len()
    }

    #[test]
    fn every_banned_word_fails() {
        for (word, _) in BANNED {
            assert_eq!(
                count("sync-core/src/lib.rs", &format!("fn a() {{ {word}(); }}")),
                1,
                "{word}"
            );
        }
    }

    #[test]
    fn what_fails_in_browsers_fails() {
        for word in FAILS_IN_BROWSERS {
            assert_eq!(
                count("web/src/phone/write.rs", &format!("fn a() {{ {word}(); }}")),
                1,
                "{word}"
            );
        }
        assert_eq!(
            count("web/src/phone/write.rs", "use std::{fs, collections::HashMap};"),
            1
        );
        assert_eq!(
            count(
                "web/src/phone/write.rs",
                "getrandom::fill(&mut bytes); HashMap::new();"
            ),
            0
        );
    }

    #[test]
    fn grouped_imports_are_seen() {
        assert_eq!(
            count(
                "schemas/src/lib.rs",
                "use std::{collections::{BTreeMap}, fs::File, net};"
            ),
            2
        );
        assert_eq!(
            count("schemas/src/lib.rs", "use std::{collections::BTreeMap, fmt};"),
            0
        );
    }

    #[test]
    fn tests_comments_and_other_crates_are_free() {
        assert_eq!(
            count(
                "sync-core/src/lib.rs",
                "// a HashMap\n#[cfg(test)]\nmod tests { use std::fs; }"
            ),
            0
        );
        assert_eq!(count("server/src/lib.rs", "use std::fs;"), 0);
    }

    #[test]
    fn a_test_module_in_its_own_file_is_free() {
        let tree = Tree::of(&[
            ("schemas/Cargo.toml", "[package]"),
            ("schemas/src/lib.rs", "mod expr;\n#[cfg(test)]\nmod tests;"),
            ("schemas/src/tests.rs", "use std::fs;"),
            ("schemas/src/expr.rs", "use std::fs;"),
        ]);
        assert_eq!(
            check(&tree),
            [Problem::new(
                "schemas/src/expr.rs",
                1,
                "std::fs in a pure crate: bytes come in as arguments"
            )]
        );
    }
}
