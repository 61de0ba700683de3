//! Which characters of a Rust source are code, comment and literal.

/// What a character of a source file belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// Everything that the compiler reads and that is not a literal.
    Code,
    /// Line, block and documentation comments.
    Comment,
    /// The inside and the quotes of string, byte-string and character literals.
    Literal,
}

/// The part of each character.
pub(super) fn of(chars: &[char]) -> Vec<Part> {
    let mut parts = vec![Part::Code; chars.len()];
    let mut at = 0;
    while at < chars.len() {
        let (end, part) = match (chars[at], chars.get(at + 1)) {
            ('/', Some('/')) => (line_end(chars, at), Part::Comment),
            ('/', Some('*')) => (block_end(chars, at), Part::Comment),
            ('"', _) => (string_end(chars, at), Part::Literal),
            ('r', Some('"' | '#')) if starts_raw(chars, at) => (raw_end(chars, at), Part::Literal),
            ('\'', _) => (quote_end(chars, at), Part::Literal),
            _ => (at + 1, Part::Code),
        };
        let end = end.min(chars.len());
        parts[at..end].fill(part);
        at = end;
    }
    parts
}

/// Whether the character can be part of a name.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn line_end(chars: &[char], from: usize) -> usize {
    (from..chars.len())
        .find(|at| chars[*at] == '\n')
        .unwrap_or(chars.len())
}

fn block_end(chars: &[char], from: usize) -> usize {
    let (mut at, mut depth) = (from, 0_usize);
    while at + 1 < chars.len() {
        match (chars[at], chars[at + 1]) {
            ('/', '*') => (depth, at) = (depth + 1, at + 2),
            ('*', '/') => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    chars.len()
}

fn string_end(chars: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// Whether the `r` at `at` begins a raw string; `b` and `c` may stand before it, another letter makes it a name.
fn starts_raw(chars: &[char], at: usize) -> bool {
    let in_name = at > 0 && is_word(chars[at - 1]) && !matches!(chars[at - 1], 'b' | 'c');
    !in_name && chars[at + 1..].iter().find(|c| **c != '#') == Some(&'"')
}

fn raw_end(chars: &[char], from: usize) -> usize {
    let hashes = chars[from + 1..].iter().take_while(|c| **c == '#').count();
    let closes = |at: &usize| {
        chars[*at] == '"'
            && chars.len() > at + hashes
            && chars[at + 1..=at + hashes].iter().all(|c| *c == '#')
    };
    let body = from + hashes + 2;
    (body..chars.len())
        .find(closes)
        .map_or(chars.len(), |at| at + hashes + 1)
}

/// The end of a character literal; a lifetime is over after its quote, and its name stays code.
fn quote_end(chars: &[char], from: usize) -> usize {
    match (chars.get(from + 1), chars.get(from + 2)) {
        (Some('\\'), _) => (from + 3..chars.len())
            .find(|at| chars[*at] == '\'')
            .map_or(chars.len(), |at| at + 1),
        (Some(_), Some('\'')) => from + 3,
        _ => from + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> String {
        let chars: Vec<char> = text.chars().collect();
        let kept = of(&chars)
            .into_iter()
            .zip(chars)
            .filter(|(part, _)| *part == Part::Code)
            .map(|(_, c)| c);
        kept.collect::<String>().trim().to_owned()
    }

    #[test]
    fn nested_block_comments_end_where_they_should() {
        assert_eq!(code("/* a /* b */ c */ real"), "real");
    }

    #[test]
    fn quotes_inside_literals_do_not_end_them() {
        assert_eq!(code(r"f('\'', '\u{1F4}', b'x') + g"), "f(, , b) + g");
        assert_eq!(code("f(\"a\\\"b\") + r##\"c\"#d\"## + e"), "f() +  + e");
    }

    #[test]
    fn what_never_ends_goes_to_the_end() {
        for text in ["\"abc", "/* abc", "r#\"abc\"", "'\\"] {
            assert_eq!(code(text), "", "{text}");
        }
    }
}
