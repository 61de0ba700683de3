//! Text of a pattern → its tree.

use super::{Class, Part, Tree};
use crate::form::limits::{EXPR_DEPTH_MAX, REGEX_STATES_MAX};

/// The tree of a pattern; `None` when the text is not one.
pub(super) fn read(pattern: &str) -> Option<Tree> {
    let mut reader = Reader {
        rest: pattern.chars().collect(),
        at: 0,
        depth: 0,
    };
    let tree = reader.either()?;
    (reader.at == reader.rest.len()).then_some(tree)
}

struct Reader {
    rest: Vec<char>,
    at: usize,
    depth: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.rest.get(self.at).copied()
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += usize::from(found);
        found
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    fn either(&mut self) -> Option<Tree> {
        if self.depth >= EXPR_DEPTH_MAX {
            return None;
        }
        self.depth += 1;
        let mut branches = vec![self.sequence()?];
        while self.eat('|') {
            branches.push(self.sequence()?);
        }
        self.depth -= 1;
        Some(Tree::Either(branches))
    }

    fn sequence(&mut self) -> Option<Tree> {
        let mut parts = Vec::new();
        while !matches!(self.peek(), None | Some('|' | ')')) {
            let one = self.one()?;
            parts.push(self.repeated(one)?);
        }
        Some(Tree::Sequence(parts))
    }

    fn one(&mut self) -> Option<Tree> {
        let tree = match self.next()? {
            '(' => {
                if self.eat('?') && !self.eat(':') {
                    return None;
                }
                let inner = self.either()?;
                if !self.eat(')') {
                    return None;
                }
                inner
            }
            '[' => Tree::One(self.class()?),
            '.' => Tree::One(Class {
                negated: true,
                parts: vec![Part::Range('\n', '\n')],
            }),
            '^' => Tree::Start,
            '$' => Tree::End,
            '\\' => Tree::One(Class::of(self.escape()?)),
            '*' | '+' | '?' | '{' | '}' | ']' | ')' => return None,
            c => Tree::One(Class::of(Part::Range(c, c))),
        };
        Some(tree)
    }

    fn escape(&mut self) -> Option<Part> {
        Some(match self.next()? {
            'd' => Part::Digit(true),
            'D' => Part::Digit(false),
            'w' => Part::Word(true),
            'W' => Part::Word(false),
            's' => Part::Space(true),
            'S' => Part::Space(false),
            'n' => Part::Range('\n', '\n'),
            't' => Part::Range('\t', '\t'),
            c if c.is_alphanumeric() => return None,
            c => Part::Range(c, c),
        })
    }

    fn class(&mut self) -> Option<Class> {
        let negated = self.eat('^');
        let mut parts = Vec::new();
        while !self.eat(']') {
            let low = match self.next()? {
                '\\' => self.escape()?,
                c => Part::Range(c, c),
            };
            let ranged = self.peek() == Some('-') && self.rest.get(self.at + 1) != Some(&']');
            match low {
                Part::Range(low, _) if ranged => {
                    self.at += 1;
                    let high = match self.next()? {
                        '\\' => self.escape()?,
                        c => Part::Range(c, c),
                    };
                    let Part::Range(high, _) = high else { return None };
                    if low > high {
                        return None;
                    }
                    parts.push(Part::Range(low, high));
                }
                part => parts.push(part),
            }
        }
        (!parts.is_empty()).then_some(Class { negated, parts })
    }

    fn repeated(&mut self, tree: Tree) -> Option<Tree> {
        let (least, most) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                self.at += 1;
                let least = self.count()?;
                let most = if self.eat(',') { self.count() } else { Some(least) };
                if self.peek() != Some('}') || most.is_some_and(|most| most < least) {
                    return None;
                }
                (least, most)
            }
            _ => return Some(tree),
        };
        self.at += 1;
        // Whether it takes as little or as much as possible makes no difference to a whole match.
        self.eat('?');
        if matches!(self.peek(), Some('*' | '+' | '?' | '{')) {
            return None;
        }
        Some(Tree::Repeat(Box::new(tree), least, most))
    }

    fn count(&mut self) -> Option<usize> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        let digits: String = self.rest[start..self.at].iter().collect();
        digits.parse().ok().filter(|count| *count <= REGEX_STATES_MAX)
    }
}
