//! Relative links in Markdown lead to files of the repository. A clean clone has nothing else.

use super::Problem;
use crate::tree::Tree;

pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    let pages = tree.texts().filter(|(path, _)| path.ends_with(".md"));
    pages.flat_map(|(path, text)| in_page(tree, path, text)).collect()
}

fn in_page(tree: &Tree, page: &str, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut fenced = false;
    for (at, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            for target in targets(line) {
                match resolve(page, &target) {
                    Some(path) if tree.holds(&path) => {}
                    Some(path) => {
                        problems.push(Problem::new(
                            page,
                            at + 1,
                            format!("dead link {target}: there is no {path}"),
                        ));
                    }
                    None => {
                        let message = format!("link {target} leads out of the repository");
                        problems.push(Problem::new(page, at + 1, message));
                    }
                }
            }
        }
    }
    problems
}

/// Targets of inline links, images and reference definitions on one line that point into the repository.
fn targets(line: &str) -> Vec<String> {
    let line = without_code(line);
    let mut raw: Vec<&str> = line
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .collect();
    if let Some((_, definition)) = line.strip_prefix('[').and_then(|rest| rest.split_once("]: ")) {
        raw.push(definition);
    }
    raw.into_iter()
        .map(|target| {
            target
                .trim()
                .trim_start_matches('<')
                .split([' ', '>', '#'])
                .next()
                .unwrap_or_default()
        })
        .filter(|target| !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:"))
        .map(str::to_owned)
        .collect()
}

/// The line without what stands between backticks.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join(" ")
}

/// The path from the root that `target` on `page` means; nothing when it climbs above the root.
fn resolve(page: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => page.split('/').collect::<Vec<_>>().split_last()?.1.to_vec(),
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<Problem> {
        check(&Tree::of(&[
            ("docs/A.md", text),
            ("docs/B.md", ""),
            ("server/src/lib.rs", ""),
        ]))
    }

    #[test]
    fn live_links_pass() {
        let text = "[b](B.md#part) [c](../server/src/) [d](https://example.org/x) [e](#here) ![f](/docs/B.md)\n\
                    `[g](gone.md)`\n```\n[h](gone.md)\n```\n[i]: B.md";
        assert!(problems(text).is_empty(), "{:?}", problems(text));
    }

    #[test]
    fn dead_links_fail() {
        for dead in [
            "[b](C.md)",
            "text [b](B.md) and [c](./gone/)",
            "[i]: ../B.md",
            "[b](../../outside.md)",
        ] {
            assert_eq!(problems(dead).len(), 1, "{dead}");
        }
    }
}
