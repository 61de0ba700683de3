//! Text of an expression → tokens with the character position of each.

use crate::expr::SyntaxError;

/// One token.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    Number(f64),
    Text(String),
    /// `${name}`
    Name(String),
    /// A word: a function, an operator (`and`), or a column.
    Word(String),
    /// `.`
    Dot,
    /// `..`
    DotDot,
    /// One of `= != < <= > >= + - * ( ) [ ] ,`
    Sign(&'static str),
}

/// Longest first, so that `<=` is not read as `<`.
const SIGNS: [&str; 14] = [
    "!=", "<=", ">=", "=", "<", ">", "+", "-", "*", "(", ")", "[", "]", ",",
];

/// Splits an expression; positions count characters from 1.
pub(crate) fn tokens(source: &str) -> Result<Vec<(usize, Token)>, SyntaxError> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = source[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let position = source[..at].chars().count() + 1;
        let (token, len) =
            token(&source[at..]).ok_or_else(|| SyntaxError::new(position, "unexpected_character"))?;
        found.push((position, token));
        at += len;
    }
    Ok(found)
}

/// The token at the start of the text and its length in bytes.
fn token(text: &str) -> Option<(Token, usize)> {
    let first = text.chars().next()?;
    if first == '\'' || first == '"' {
        let end = text[1..].find(first)? + 1;
        return Some((Token::Text(text[1..end].to_owned()), end + 1));
    }
    if let Some(rest) = text.strip_prefix("${") {
        let end = rest.find('}')?;
        let name = rest[..end].trim();
        return crate::id::is_name(name).then(|| (Token::Name(name.to_owned()), end + 3));
    }
    let second_is_digit = text[first.len_utf8()..].starts_with(|c: char| c.is_ascii_digit());
    if first.is_ascii_digit() || (first == '.' && second_is_digit) {
        return number(text);
    }
    if text.starts_with("..") {
        return Some((Token::DotDot, 2));
    }
    if first == '.' {
        return Some((Token::Dot, 1));
    }
    if first.is_ascii_alphabetic() || first == '_' {
        let len = text
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')))
            .unwrap_or(text.len());
        return Some((Token::Word(text[..len].to_owned()), len));
    }
    let sign = SIGNS.iter().find(|sign| text.starts_with(**sign))?;
    Some((Token::Sign(sign), sign.len()))
}

fn number(text: &str) -> Option<(Token, usize)> {
    let mut dots = 0;
    let len = text
        .find(|c: char| {
            dots += usize::from(c == '.');
            !(c.is_ascii_digit() || (c == '.' && dots < 2))
        })
        .unwrap_or(text.len());
    let number: f64 = text[..len].parse().ok()?;
    number.is_finite().then_some((Token::Number(number), len))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits() {
        let found: Vec<Token> = tokens("${a}>=.5 and not(. != 'ộ')")
            .unwrap()
            .into_iter()
            .map(|(_, token)| token)
            .collect();
        let word = |text: &str| Token::Word(text.into());
        assert_eq!(
            found,
            [
                Token::Name("a".into()),
                Token::Sign(">="),
                Token::Number(0.5),
                word("and"),
                word("not"),
                Token::Sign("("),
                Token::Dot,
                Token::Sign("!="),
                Token::Text("ộ".into()),
                Token::Sign(")"),
            ]
        );
        assert_eq!(tokens("'ộ' ?").unwrap_err().position, 5);
        assert_eq!(tokens("'open").unwrap_err().position, 1);
        assert_eq!(tokens("position(..)").unwrap()[2].1, Token::DotDot);
    }
}
