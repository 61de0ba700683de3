//! A small pattern matcher for constraints such as `^\d{12}$`.
//!
//! Supported: literals, `.`, classes `[a-z]` `[^…]`, `\d \w \s` and their capitals, groups,
//! alternation, `* + ? {m} {m,} {m,n}`, anchors, `\` before a sign. `\d` is ASCII; `\w` is any
//! letter or digit of Unicode and `_`, so that Vietnamese words are words. As in ODK the pattern
//! must match the *whole* text. The pattern becomes a machine of at most
//! [`REGEX_STATES_MAX`](crate::form::limits::REGEX_STATES_MAX) states, walked in step with the
//! text, so no pattern makes a phone hang.

mod emit;
mod read;

use crate::form::limits::REGEX_STEPS_MAX;

/// A compiled pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    program: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// Consumes one character of the class.
    One(Class),
    /// Goes on at both places.
    Split(usize, usize),
    Jump(usize),
    Start,
    End,
    Accept,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Class {
    negated: bool,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Range(char, char),
    Digit(bool),
    Word(bool),
    Space(bool),
}

#[derive(Debug, Clone)]
enum Tree {
    One(Class),
    Start,
    End,
    Sequence(Vec<Tree>),
    Either(Vec<Tree>),
    Repeat(Box<Tree>, usize, Option<usize>),
}

impl Part {
    fn holds(&self, c: char) -> bool {
        match self {
            Self::Range(low, high) => (*low..=*high).contains(&c),
            Self::Digit(yes) => c.is_ascii_digit() == *yes,
            Self::Word(yes) => (c.is_alphanumeric() || c == '_') == *yes,
            Self::Space(yes) => c.is_whitespace() == *yes,
        }
    }
}

impl Class {
    fn of(part: Part) -> Self {
        Self {
            negated: false,
            parts: vec![part],
        }
    }

    fn holds(&self, c: char) -> bool {
        self.parts.iter().any(|part| part.holds(c)) != self.negated
    }
}

impl Pattern {
    /// Compiles a pattern; `None` when it is not one, or too large.
    #[must_use]
    pub fn parse(pattern: &str) -> Option<Self> {
        let tree = read::read(pattern)?;
        Some(Self {
            program: emit::program(&tree)?,
        })
    }

    /// True when the whole text matches. False when the match would take more than
    /// [`REGEX_STEPS_MAX`] steps.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let mut now = States::new(self.program.len());
        let mut next = States::new(self.program.len());
        let mut steps = 0;
        self.follow(0, true, text.is_empty(), &mut now);
        let mut characters = text.chars().peekable();
        while let Some(c) = characters.next() {
            steps += now.list.len() + 1;
            if now.list.is_empty() || steps > REGEX_STEPS_MAX {
                return false;
            }
            let last = characters.peek().is_none();
            for at in &now.list {
                if matches!(&self.program[*at], Step::One(class) if class.holds(c)) {
                    self.follow(at + 1, false, last, &mut next);
                }
            }
            std::mem::swap(&mut now, &mut next);
            next.clear();
        }
        now.list.iter().any(|at| self.program[*at] == Step::Accept)
    }

    /// Adds a state and all it reaches without consuming a character.
    fn follow(&self, from: usize, at_start: bool, at_end: bool, states: &mut States) {
        let mut stack = vec![from];
        while let Some(at) = stack.pop() {
            if !states.add(at) {
                continue;
            }
            match &self.program[at] {
                Step::Jump(to) => stack.push(*to),
                Step::Split(one, other) => stack.extend([*one, *other]),
                Step::Start if at_start => stack.push(at + 1),
                Step::End if at_end => stack.push(at + 1),
                Step::Start | Step::End | Step::One(_) | Step::Accept => {}
            }
        }
    }
}

/// The states the machine is in: a list and a mark per state.
struct States {
    list: Vec<usize>,
    marked: Vec<bool>,
}

impl States {
    fn new(count: usize) -> Self {
        Self {
            list: Vec::new(),
            marked: vec![false; count],
        }
    }

    fn add(&mut self, state: usize) -> bool {
        let new = !std::mem::replace(&mut self.marked[state], true);
        if new {
            self.list.push(state);
        }
        new
    }

    fn clear(&mut self) {
        for state in self.list.drain(..) {
            self.marked[state] = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn matches_whole_texts() {
        for (pattern, yes, no) in [
            (r"^\d{12}$", "010123456789", "0101234567890"),
            (r"\d{12}", "010123456789", "x010123456789"),
            (r"^(?:\+?84|0)(3|5|7|8|9)\d{8}$", "+84912345678", "0112345678"),
            (r"^\d{10}(-\d{3})?$", "5300123456-001", "5300123456-01"),
            (r"[a-c_-]+", "a-b_c", "d"),
            (r"[^0-9]*", "thôn", "th0n"),
            (r"\w+( \w+){1,5}", "Giàng A Sình", "Giàng"),
            (r"a{2,}", "aaa", "a"),
            (r"a{0,2}b", "aab", "aaab"),
            (r"(a|bc|)d", "d", "bd"),
            (r".", "ộ", "\n"),
            (r"\D\S\W", "ab ", "1b "),
            (r"a\.b", "a.b", "axb"),
            (r"[\d\]]+", "1]", "a"),
            (r"20(19|2\d)-Q[1-4]", "2024-Q3", "2024-Q5"),
            (r"", "", "a"),
        ] {
            let compiled = Pattern::parse(pattern).expect(pattern);
            assert!(compiled.matches(yes), "{pattern} {yes}");
            assert!(!compiled.matches(no), "{pattern} {no}");
        }
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        for pattern in [
            "(",
            ")",
            "[",
            "[]",
            "*a",
            "a**",
            "a{2",
            "a{3,2}",
            "(?=a)",
            r"\b",
            "[z-a]",
            "a{1000000}",
        ] {
            assert_eq!(Pattern::parse(pattern), None, "{pattern}");
        }
        for bomb in ["((a{99}){99}){99}", "(((){999}){999}){999}", "((((a|b)*)*)*)*"] {
            if let Some(pattern) = Pattern::parse(bomb) {
                assert!(!pattern.matches(&("ab".repeat(10_000) + "c")), "{bomb}");
            }
        }
    }

    proptest! {
        #[test]
        fn never_panics(pattern in r"[\^$a-c.*+?{}()|\\dws,0-9\[\]-]{0,40}", text in ".{0,60}") {
            if let Some(pattern) = Pattern::parse(&pattern) {
                prop_assert!(pattern.program.len() <= crate::form::limits::REGEX_STATES_MAX + 2);
                let first = pattern.matches(&text);
                prop_assert_eq!(first, pattern.matches(&text));
            }
        }

        #[test]
        fn any_text_is_total(pattern in any::<String>(), text in any::<String>()) {
            if let Some(pattern) = Pattern::parse(&pattern) {
                let _ = pattern.matches(&text);
            }
        }
    }
}
