//! The field app and the desk need nobody but their own server, and the policy of their pages lets nothing else in: no address of another
//! host in what the browser gets, no script or style inside the page, no style attribute in a view.

use super::Problem;
use super::reach::test_only_files;
use crate::source::{Part, Source};
use crate::tree::Tree;

const PROGRAMS: &[&str] = &["web/", "desk/", "parts/"];

/// What a browser gets as it stands.
const SERVED: &[&str] = &["html", "js", "css", "svg", "webmanifest"];

/// Names that look like addresses: nothing is ever fetched from them.
const NAMESPACES: &[&str] = &["http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"];

const OTHER_HOSTS: &[&str] = &["http://", "https://", "ws://", "wss://", "\"//", "'//", "(//"];

/// Beginnings of what the policy refuses inside a page.
const INLINE: &[&str] = &[
    "<style",
    " style=",
    " onclick=",
    " onload=",
    " onerror=",
    "javascript:",
];

/// A style attribute in a view; `style:width=` goes another way and is let through.
const STYLE_ATTRIBUTES: &[&str] = &[" style=", " attr:style="];

pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    let test_only = test_only_files(tree);
    let mut problems = Vec::new();
    for (path, text) in tree
        .texts()
        .filter(|(path, _)| PROGRAMS.iter().any(|folder| path.starts_with(folder)))
    {
        let extension = path.rsplit('.').next().unwrap_or_default();
        if SERVED.contains(&extension) {
            problems.extend(addresses(path, text));
        }
        if extension == "html" {
            problems.extend(inline(path, text));
        }
        if extension == "rs" && !test_only.contains(path) {
            problems.extend(styles(path, text));
        }
    }
    problems
}

fn addresses(path: &str, text: &str) -> Vec<Problem> {
    let without_names = NAMESPACES
        .iter()
        .fold(text.to_owned(), |text, name| text.replace(name, ""));
    on_lines(
        path,
        &without_names,
        OTHER_HOSTS,
        "an address of another host: the app brings what it needs",
    )
}

fn inline(path: &str, text: &str) -> Vec<Problem> {
    let mut problems = on_lines(
        path,
        text,
        INLINE,
        "the policy refuses it inside a page: put it into a file",
    );
    for (at, line) in text.lines().enumerate() {
        if line.contains("<script") && !line.contains(" src=") {
            problems.push(Problem::new(
                path,
                at + 1,
                "a script without src: put it into a file",
            ));
        }
    }
    problems
}

fn styles(path: &str, text: &str) -> Vec<Problem> {
    let code = Source::parse(text).only(&[Part::Code], false);
    on_lines(
        path,
        &code,
        STYLE_ATTRIBUTES,
        "the page's policy refuses a style attribute: use a class, or style:name=",
    )
}

fn on_lines(path: &str, text: &str, wanted: &[&str], message: &str) -> Vec<Problem> {
    let found = text
        .lines()
        .enumerate()
        .filter(|(_, line)| wanted.iter().any(|mark| line.contains(mark)));
    found.map(|(at, _)| Problem::new(path, at + 1, message)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        check(&Tree::of(&[(path, text)])).len()
    }

    #[test]
    fn addresses_of_other_hosts_fail() {
        for (path, text) in [
            ("web/shell/style.css", "@import 'https://fonts.example/a.css';"),
            (
                "web/shell/style.css",
                "a { background: url(//cdn.example/a.png) }",
            ),
            ("web/shell/start.js", "import \"//cdn.example/a.js\";"),
            ("web/src/browser/glue.js", "fetch('http://example.org/');"),
            (
                "web/shell/index.html",
                "<link href=\"https://example.org/a.css\">",
            ),
            (
                "web/shell/icon.svg",
                "<image href=\"https://example.org/a.png\"/>",
            ),
        ] {
            assert_eq!(count(path, text), 1, "{text}");
        }
    }

    #[test]
    fn names_of_namespaces_and_other_crates_pass() {
        assert_eq!(
            count("web/shell/icon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\">"),
            0
        );
        assert_eq!(count("web/shell/start.js", "// words\nconst a = 1;"), 0);
        assert_eq!(count("tests/interop/read.mjs", "https://example.org"), 0);
    }

    #[test]
    fn what_the_policy_refuses_fails() {
        for text in [
            "<script>a()</script>",
            "<style>",
            "<p style=\"color: red\">",
            "<p onclick=\"a()\">",
        ] {
            assert_eq!(count("web/shell/index.html", text), 1, "{text}");
            assert_eq!(count("desk/shell/index.html", text), 1, "{text}");
        }
        assert_eq!(
            count(
                "web/shell/index.html",
                "<script type=\"module\" src=\"start.js\"></script>"
            ),
            0
        );
    }

    #[test]
    fn style_attributes_of_views_fail() {
        assert_eq!(
            count("web/src/ui/list.rs", "view! { <p style=\"color: red\"/> }"),
            1
        );
        assert_eq!(
            count("web/src/ui/list.rs", "view! { <p style=move || a() /> }"),
            1
        );
        assert_eq!(
            count(
                "web/src/ui/list.rs",
                "view! { <p style:width=a class=\"b\"/> } // style=a"
            ),
            0
        );
    }
}
