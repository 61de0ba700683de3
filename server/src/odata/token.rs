//! The words, signs and literals of a `$filter`.

use super::OdataError;
use crate::export::cell::Cell;

/// A piece of a filter.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Word(String),
    Literal(Cell),
    Open,
    Close,
    Comma,
}

/// The pieces of a text, in order.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, OdataError> {
    let unfit =
        |rest: &str| OdataError::Unfit(format!("$filter: {}", rest.chars().take(20).collect::<String>()));
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(letter) = rest.chars().next() {
        let (token, length) = match letter {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            '\'' => quoted(rest).ok_or_else(|| unfit(rest))?,
            _ => {
                let length = rest.find(|letter: char| !in_word(letter)).unwrap_or(rest.len());
                let word = &rest[..length];
                (literal_or_word(word).ok_or_else(|| unfit(rest))?, length)
            }
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

fn in_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | ':' | '-' | '+')
}

/// A text in quotes and how many bytes it takes; a quote in it is doubled.
fn quoted(rest: &str) -> Option<(Token, usize)> {
    let mut text = String::new();
    let mut letters = rest.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter != '\'' {
            text.push(letter);
        } else if letters.peek().is_some_and(|(_, next)| *next == '\'') {
            letters.next();
            text.push('\'');
        } else {
            return Some((Token::Literal(Cell::Text(text)), at + 1));
        }
    }
    None
}

fn literal_or_word(word: &str) -> Option<Token> {
    let first = word.chars().next()?;
    let cell = match word {
        "null" => Some(Cell::Empty),
        "true" => Some(Cell::Bool(true)),
        "false" => Some(Cell::Bool(false)),
        _ if first.is_ascii_digit() || first == '-' => Some(number_or_time(word)?),
        _ => None,
    };
    match cell {
        Some(cell) => Some(Token::Literal(cell)),
        None if first.is_ascii_alphabetic() || first == '_' => Some(Token::Word(word.to_owned())),
        None => None,
    }
}

fn number_or_time(word: &str) -> Option<Cell> {
    if let Ok(number) = word.parse() {
        return Some(Cell::Int(number));
    }
    // A day is no decimal number, and a decimal number is no day.
    if let Ok(day) = word.parse::<jiff::civil::Date>()
        && word.len() == 10
    {
        return Some(Cell::Date(day));
    }
    if word.contains('T') {
        return word.parse().ok().map(Cell::Moment);
    }
    let number: f64 = word.parse().ok()?;
    number.is_finite().then_some(Cell::Decimal(number))
}
