//! Rust source as text that can be searched without being fooled by comments, strings and test code.
//!
//! In: the text of one file. Out: the same text with everything but the wanted parts turned to spaces, so that line
//! numbers stay true. It knows nothing of types or macros; a check that needs those belongs in clippy.

mod parts;

pub use parts::Part;
use parts::is_word;

/// One source file, each character with its part.
pub struct Source {
    chars: Vec<char>,
    parts: Vec<Part>,
    test: Vec<bool>,
}

/// A `mod name;` line: where it stands inside the file's inline modules, and what its attributes say.
#[derive(Debug, PartialEq, Eq)]
pub struct ModuleLine {
    /// Names of the inline modules around it, then its own.
    pub path: Vec<String>,
    /// The value of `#[path = "…"]`, when there is one.
    pub file: Option<String>,
    /// Compiled for tests only.
    pub test: bool,
}

impl Source {
    /// Splits the text into parts and marks what is compiled for tests only.
    pub fn parse(text: &str) -> Source {
        let chars: Vec<char> = text.chars().collect();
        let parts = parts::of(&chars);
        let mut source = Source {
            test: vec![false; chars.len()],
            chars,
            parts,
        };
        source.mark_tests();
        source
    }

    /// The text with every character outside `wanted` as a space; `tests` says whether test code counts.
    pub fn only(&self, wanted: &[Part], tests: bool) -> String {
        let keep = |at: usize| wanted.contains(&self.parts[at]) && (tests || !self.test[at]);
        self.chars
            .iter()
            .enumerate()
            .map(|(at, c)| if *c == '\n' || keep(at) { *c } else { ' ' })
            .collect()
    }

    /// The `mod name;` lines of the file, in order.
    pub fn modules(&self) -> Vec<ModuleLine> {
        let mut found = Vec::new();
        let mut inline: Vec<(String, usize)> = Vec::new();
        let mut attributes: Vec<(usize, usize)> = Vec::new();
        let (mut at, mut depth) = (0, 0);
        while at < self.chars.len() {
            if self.parts[at] != Part::Code {
                at += 1;
            } else if let Some(end) = self.attribute_end(at) {
                attributes.push((at, end));
                at = end + 1;
            } else if is_word(self.chars[at]) {
                let (word, after) = self.word(at);
                at = after;
                if word == "mod" {
                    let (name, after) = self.word(self.skip_blank(after));
                    at = self.skip_blank(after);
                    match self.chars.get(at) {
                        Some(';') if !name.is_empty() => {
                            let mut path: Vec<String> =
                                inline.iter().map(|(outer, _)| outer.clone()).collect();
                            path.push(name);
                            let file = attributes.iter().find_map(|range| self.path_attribute(*range));
                            found.push(ModuleLine {
                                path,
                                file,
                                test: self.test[at],
                            });
                        }
                        Some('{') if !name.is_empty() => inline.push((name, depth)),
                        _ => {}
                    }
                }
            } else {
                match self.chars[at] {
                    '{' => depth += 1,
                    '}' => {
                        depth = depth.saturating_sub(1);
                        inline.retain(|(_, opened_at)| *opened_at < depth);
                    }
                    _ => {}
                }
                if matches!(self.chars[at], '{' | '}' | ';') {
                    attributes.clear();
                }
                at += 1;
            }
        }
        found
    }

    /// Marks every item under an attribute that asks for a test build.
    fn mark_tests(&mut self) {
        let mut at = 0;
        while at < self.chars.len() {
            let Some(end) = self.attribute_end(at) else {
                at += 1;
                continue;
            };
            let text: String = self.chars[at..=end]
                .iter()
                .filter(|c| !c.is_whitespace())
                .collect();
            if asks_for_test(&text) {
                let last = if text.starts_with("#!") {
                    self.chars.len() - 1
                } else {
                    self.item_end(end + 1)
                };
                self.test[at..=last].fill(true);
                at = last + 1;
            } else {
                at = end + 1;
            }
        }
    }

    /// Where the attribute that begins at `at` ends, if one begins there.
    fn attribute_end(&self, at: usize) -> Option<usize> {
        if self.parts[at] != Part::Code || self.chars[at] != '#' {
            return None;
        }
        let open = if self.chars.get(at + 1) == Some(&'!') {
            at + 2
        } else {
            at + 1
        };
        if self.chars.get(open) != Some(&'[') {
            return None;
        }
        self.closing(open)
    }

    /// The last character of the item that begins at or after `from`: its `;`, or the `}` of its body.
    fn item_end(&self, from: usize) -> usize {
        let end = self.chars.len() - 1;
        let mut at = from;
        while at < self.chars.len() {
            if self.parts[at] == Part::Code {
                match self.chars[at] {
                    ';' | '}' => return at,
                    '{' => return self.closing(at).unwrap_or(end),
                    '(' | '[' => at = self.closing(at).unwrap_or(end),
                    _ => {}
                }
            }
            at += 1;
        }
        end
    }

    /// The bracket that closes the one at `open`.
    fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for at in open..self.chars.len() {
            if self.parts[at] == Part::Code {
                match self.chars[at] {
                    '(' | '[' | '{' => depth += 1,
                    ')' | ']' | '}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                if depth == 0 {
                    return Some(at);
                }
            }
        }
        None
    }

    fn path_attribute(&self, (from, to): (usize, usize)) -> Option<String> {
        let text: String = self.chars[from..=to].iter().collect();
        let value = text
            .strip_prefix("#[")?
            .trim_start()
            .strip_prefix("path")?
            .trim_start()
            .strip_prefix('=')?;
        Some(value.trim_end_matches(']').trim().trim_matches('"').to_owned())
    }

    fn word(&self, from: usize) -> (String, usize) {
        let word: String = self
            .chars
            .iter()
            .skip(from)
            .take_while(|c| is_word(**c))
            .collect();
        let end = from + word.chars().count();
        (word, end)
    }

    fn skip_blank(&self, from: usize) -> usize {
        let blank = |at: &usize| self.parts[*at] == Part::Comment || self.chars[*at].is_whitespace();
        (from..self.chars.len())
            .find(|at| !blank(at))
            .unwrap_or(self.chars.len())
    }
}

/// The lines (from 1) of `text` on which `wanted` stands as a whole word or path.
pub fn lines_with(text: &str, wanted: &str) -> Vec<usize> {
    let open_ended = wanted.chars().next_back().is_some_and(|c| !is_word(c));
    let stands = |line: &str| {
        line.match_indices(wanted).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let after = line[at + wanted.len()..].chars().next();
            before.is_none_or(|c| !is_word(c)) && (open_ended || after.is_none_or(|c| !is_word(c)))
        })
    };
    text.lines()
        .enumerate()
        .filter(|(_, line)| stands(line))
        .map(|(at, _)| at + 1)
        .collect()
}

fn asks_for_test(attribute: &str) -> bool {
    let inner = attribute.trim_start_matches(['#', '!', '[']);
    inner.starts_with("cfg(") && !lines_with(inner, "test").is_empty() && !inner.contains("not(test")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_literals_and_code_are_told_apart() {
        let text = "let a = \"x // y\"; // note /* z\nlet b = r#\"q\"w\"#; let c = '\"'; fn d<'a>() {}";
        let source = Source::parse(text);
        let code = source.only(&[Part::Code], true);
        let words = code.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words, "let a = ; let b = ; let c = ; fn d< a>() {}");
        assert!(source.only(&[Part::Literal], true).contains("x // y"));
        assert!(source.only(&[Part::Comment], true).contains("note /* z"));
        assert_eq!(code.lines().count(), 2);
    }

    #[test]
    fn test_items_are_left_out() {
        let text = "fn a() { one() }\n#[cfg(test)]\nmod tests { fn b() { two() } }\n\
                    #[cfg(not(test))]\nfn c() { three() }";
        let code = Source::parse(text).only(&[Part::Code], false);
        assert!(code.contains("one") && !code.contains("two"));
        assert_eq!(lines_with(&code, "three"), [5]);
    }

    #[test]
    fn a_file_for_tests_alone_is_left_out() {
        let code = Source::parse("//! Words.\n#![cfg(test)]\nfn a() { one() }").only(&[Part::Code], false);
        assert_eq!(code.trim(), "");
    }

    #[test]
    fn module_lines_know_their_path_and_purpose() {
        let text = "pub mod a;\nmod b { mod c; }\n#[cfg(test)]\n#[path = \"other.rs\"]\nmod d;\n// mod e;\n\
                    mod f { fn x() { {} } }\nmod g;";
        let found = Source::parse(text).modules();
        let paths: Vec<String> = found.iter().map(|module| module.path.join("::")).collect();
        assert_eq!(paths, ["a", "b::c", "d", "g"]);
        assert_eq!(found[2].file.as_deref(), Some("other.rs"));
        assert!(found[2].test && !found[0].test);
    }

    #[test]
    fn words_are_whole() {
        assert_eq!(lines_with("my_std::fs\nstd::fs_x\nuse std::fs;", "std::fs"), [3]);
        assert_eq!(lines_with("operand::x\nrand::x", "rand::"), [2]);
    }
}
