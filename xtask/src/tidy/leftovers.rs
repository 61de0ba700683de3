//! Nothing is left for later inside the code: no skipped test, no mark of unfinished work, no panic in its place.
//! What remains to be done stands in an issue, where somebody looks.

use super::Problem;
use crate::source::{Part, Source, lines_with};
use crate::tree::Tree;

const IN_CODE: &[(&str, &str)] = &[
    (
        "#[ignore",
        "a skipped test proves nothing: make it run or take it out",
    ),
    ("todo!", "finish it or return an error"),
    ("unimplemented!", "finish it or return an error"),
];

const IN_WORDS: &[&str] = &["TODO", "FIXME", "XXX"];

/// What browsers and Node get; all of it counts as words.
const SERVED: &[&str] = &[".js", ".mjs", ".css", ".html"];

pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    let served = tree
        .texts()
        .filter(|(path, _)| SERVED.iter().any(|kind| path.ends_with(kind)));
    let in_served = served.flat_map(|(path, text)| in_words(path, text));
    tree.rust()
        .flat_map(|(path, text)| in_file(path, text))
        .chain(in_served)
        .collect()
}

fn in_file(path: &str, text: &str) -> Vec<Problem> {
    let source = Source::parse(text);
    let code = source.only(&[Part::Code], true);
    let words = source.only(&[Part::Code, Part::Comment], true);
    let mut problems = Vec::new();
    for (mark, advice) in IN_CODE {
        problems.extend(
            lines_with(&code, mark)
                .into_iter()
                .map(|line| Problem::new(path, line, *advice)),
        );
        let word = mark.trim_start_matches("#[");
        let attribute = |line: &usize| {
            code.lines()
                .nth(line - 1)
                .is_some_and(|text| text.contains("cfg_attr"))
        };
        if word == "ignore" {
            let hidden = lines_with(&code, word).into_iter().filter(attribute);
            problems.extend(hidden.map(|line| Problem::new(path, line, *advice)));
        }
    }
    problems.extend(in_words(path, &words));
    problems
}

fn in_words(path: &str, words: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for mark in IN_WORDS {
        let message = format!("{mark}: open an issue instead");
        let lines = lines_with(words, mark).into_iter();
        problems.extend(lines.map(|line| Problem::new(path, line, message.as_str())));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> usize {
        check(&Tree::of(&[("a/src/lib.rs", text)])).len()
    }

    #[test]
    fn every_leftover_fails() {
        for text in [
            "#[test]\n#[ignore]\nfn a() {}",
            "#[ignore = \"slow\"]",
            "#[cfg_attr(slow, ignore)]",
            "fn a() { todo!() }",
            "fn a() { unimplemented!(\"b\") }",
            "// TODO: later",
            "/* FIXME */",
            "/// XXX",
        ] {
            assert_eq!(count(text), 1, "{text}");
        }
    }

    #[test]
    fn what_browsers_get_counts_too() {
        for path in [
            "web/shell/style.css",
            "web/shell/start.js",
            "web/shell/index.html",
        ] {
            assert_eq!(check(&Tree::of(&[(path, "/* TODO */")])).len(), 1, "{path}");
        }
    }

    #[test]
    fn the_words_of_users_are_free() {
        assert_eq!(
            count("let a = \"TODO\"; // todo list; ignore it\nlet ignored = 1;"),
            0
        );
    }
}
