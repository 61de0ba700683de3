//! The wall clock is asked in one place of each program, so that a test or `--now` can be the clock everywhere.

use super::Problem;
use super::reach::test_only_files;
use crate::source::{Part, Source, lines_with};
use crate::tree::Tree;

const PROGRAMS: &[&str] = &[
    "server/src/",
    "device/src/",
    "web/src/",
    "desk/src/",
    "parts/src/",
];

/// The clocks themselves (the browser's is in its room), and the demonstration that invents its past from today.
const MAY_ASK: &[&str] = &[
    "server/src/clock.rs",
    "device/src/clock.rs",
    "web/src/browser/",
    "parts/src/browser/",
    "server/src/demo.rs",
    "server/src/demo/",
];

const CALLS: &[&str] = &[
    "SystemTime::now",
    "Timestamp::now",
    "Zoned::now",
    "Uuid::now_v7",
    "Date::now",
    "Date::new_0",
];

pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    let test_only = test_only_files(tree);
    let bound = |path: &str| {
        PROGRAMS.iter().any(|program| path.starts_with(program))
            && !MAY_ASK.iter().any(|free| path.starts_with(free))
            && !test_only.contains(path)
    };
    tree.rust()
        .filter(|(path, _)| bound(path))
        .flat_map(|(path, text)| in_file(path, text))
        .collect()
}

fn in_file(path: &str, text: &str) -> Vec<Problem> {
    let code = Source::parse(text).only(&[Part::Code], false);
    let found = CALLS
        .iter()
        .flat_map(|call| lines_with(&code, call).into_iter().map(move |line| (line, call)));
    found
        .map(|(line, call)| {
            Problem::new(
                path,
                line,
                format!("{call} outside the clock: take the clock's time"),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        check(&Tree::of(&[(path, text)])).len()
    }

    #[test]
    fn asking_the_time_elsewhere_fails() {
        for call in CALLS {
            assert_eq!(
                count("server/src/ingest/mod.rs", &format!("let now = {call}();")),
                1,
                "{call}"
            );
        }
        assert_eq!(count("device/src/cli.rs", "let now = jiff::Timestamp::now();"), 1);
        assert_eq!(
            count("web/src/phone/write.rs", "let now = js_sys::Date::now();"),
            1
        );
    }

    #[test]
    fn the_clocks_and_tests_may_ask() {
        assert_eq!(count("server/src/clock.rs", "SystemTime::now()"), 0);
        assert_eq!(count("web/src/browser/clock.rs", "js_sys::Date::now()"), 0);
        assert_eq!(count("server/src/demo/seed.rs", "Timestamp::now()"), 0);
        assert_eq!(
            count(
                "device/src/cli.rs",
                "#[cfg(test)]\nmod tests { fn a() { SystemTime::now(); } }"
            ),
            0
        );
        assert_eq!(count("device/src/cli.rs", "let now = clock.now();"), 0);
    }
}
