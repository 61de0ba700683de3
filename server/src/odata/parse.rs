//! Reads `$filter` and `$orderby`. Bounded: so many letters, so deep, and every letter is looked at a bounded number of
//! times.

use crate::export::cell::Cell;

use super::OdataError;
use super::filter::{Expr, Function, Op, Operand, Search};
use super::token::{Token, tokens};

/// Letters of a filter.
pub const FILTER_CHARS_MAX: usize = 4_000;
/// Brackets and `not` within each other.
const DEPTH_MAX: usize = 40;
/// Columns to order by.
const ORDER_MAX: usize = 8;

/// The filter that `text` says, over columns that `column` knows by name.
///
/// # Errors
/// What cannot be understood, and after what.
pub fn filter(text: &str, column: &dyn Fn(&str) -> Option<usize>) -> Result<Expr, OdataError> {
    let mut parser = Parser::new(text, column)?;
    let expr = parser.either(0)?;
    match parser.peek() {
        None => Ok(expr),
        Some(_) => Err(parser.unfit()),
    }
}

/// Columns to order by, each with whether it falls.
///
/// # Errors
/// As [`filter`].
pub fn orderby(text: &str, column: &dyn Fn(&str) -> Option<usize>) -> Result<Vec<(usize, bool)>, OdataError> {
    let unfit = || OdataError::Unfit(format!("$orderby: {text}"));
    let mut order = Vec::new();
    for part in text.split(',') {
        let mut words = part.split_whitespace();
        let name = words.next().ok_or_else(unfit)?;
        let falls = match (words.next(), words.next()) {
            (None | Some("asc"), None) => false,
            (Some("desc"), None) => true,
            _ => return Err(unfit()),
        };
        order.push((column(name).ok_or_else(unfit)?, falls));
        if order.len() > ORDER_MAX {
            return Err(unfit());
        }
    }
    Ok(order)
}

struct Parser<'a> {
    tokens: Vec<Token>,
    at: usize,
    column: &'a dyn Fn(&str) -> Option<usize>,
}

impl<'a> Parser<'a> {
    fn new(text: &str, column: &'a dyn Fn(&str) -> Option<usize>) -> Result<Self, OdataError> {
        if text.chars().count() > FILTER_CHARS_MAX {
            return Err(OdataError::Unfit(format!("$filter > {FILTER_CHARS_MAX}")));
        }
        Ok(Self {
            tokens: tokens(text)?,
            at: 0,
            column,
        })
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, wanted: &Token) -> bool {
        let is = self.peek() == Some(wanted);
        self.at += usize::from(is);
        is
    }

    fn word(&mut self, wanted: &str) -> bool {
        let is = matches!(self.peek(), Some(Token::Word(word)) if word == wanted);
        self.at += usize::from(is);
        is
    }

    fn expect(&mut self, wanted: &Token) -> Result<(), OdataError> {
        if self.take(wanted) {
            Ok(())
        } else {
            Err(self.unfit())
        }
    }

    fn unfit(&self) -> OdataError {
        let near = match self.peek() {
            None => "…".to_owned(),
            Some(Token::Word(word)) => word.clone(),
            Some(Token::Literal(_)) => "literal".to_owned(),
            Some(Token::Open) => "(".to_owned(),
            Some(Token::Close) => ")".to_owned(),
            Some(Token::Comma) => ",".to_owned(),
        };
        OdataError::Unfit(format!("$filter, {}: {near}", self.at + 1))
    }

    fn either(&mut self, depth: usize) -> Result<Expr, OdataError> {
        let mut all = vec![self.both(depth)?];
        while self.word("or") {
            all.push(self.both(depth)?);
        }
        Ok(single(all, Expr::Or))
    }

    fn both(&mut self, depth: usize) -> Result<Expr, OdataError> {
        let mut all = vec![self.one(depth)?];
        while self.word("and") {
            all.push(self.one(depth)?);
        }
        Ok(single(all, Expr::And))
    }

    fn one(&mut self, depth: usize) -> Result<Expr, OdataError> {
        if depth > DEPTH_MAX {
            return Err(OdataError::Unfit(format!("$filter: ( × {DEPTH_MAX}")));
        }
        if self.word("not") {
            return Ok(Expr::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.take(&Token::Open) {
            let inner = self.either(depth + 1)?;
            self.expect(&Token::Close)?;
            return Ok(inner);
        }
        if let Some(search) = self.search(depth)? {
            // `contains(…) eq true` is how some clients say `contains(…)`.
            return self.perhaps_compared(search);
        }
        let left = self.operand(depth)?;
        if self.word("in") {
            return self.list(left);
        }
        match self.op() {
            Some(op) => Ok(Expr::Compare(op, left, self.operand(depth)?)),
            None => Ok(Expr::Holds(left)),
        }
    }

    fn perhaps_compared(&mut self, search: Expr) -> Result<Expr, OdataError> {
        let Some(op) = self.op() else { return Ok(search) };
        let right = self.operand(0)?;
        match (op, right) {
            (Op::Eq, Operand::Literal(Cell::Bool(true))) | (Op::Ne, Operand::Literal(Cell::Bool(false))) => {
                Ok(search)
            }
            (Op::Eq, Operand::Literal(Cell::Bool(false))) | (Op::Ne, Operand::Literal(Cell::Bool(true))) => {
                Ok(Expr::Not(Box::new(search)))
            }
            _ => Err(self.unfit()),
        }
    }

    fn op(&mut self) -> Option<Op> {
        let ops = [
            ("eq", Op::Eq),
            ("ne", Op::Ne),
            ("gt", Op::Gt),
            ("ge", Op::Ge),
            ("lt", Op::Lt),
            ("le", Op::Le),
        ];
        ops.into_iter()
            .find(|(name, _)| self.word(name))
            .map(|(_, op)| op)
    }

    fn list(&mut self, left: Operand) -> Result<Expr, OdataError> {
        self.expect(&Token::Open)?;
        let mut list = Vec::new();
        loop {
            match self.peek().cloned() {
                Some(Token::Literal(cell)) => list.push(cell),
                _ => return Err(self.unfit()),
            }
            self.at += 1;
            if !self.take(&Token::Comma) {
                break;
            }
        }
        self.expect(&Token::Close)?;
        Ok(Expr::In(left, list))
    }

    fn is_call(&self) -> bool {
        self.tokens.get(self.at + 1) == Some(&Token::Open)
    }

    fn search(&mut self, depth: usize) -> Result<Option<Expr>, OdataError> {
        let searches = [
            ("contains", Search::Contains),
            ("startswith", Search::StartsWith),
            ("endswith", Search::EndsWith),
        ];
        if !self.is_call() {
            return Ok(None);
        }
        let found = searches.into_iter().find(|(name, _)| self.word(name));
        let Some((_, search)) = found else { return Ok(None) };
        self.expect(&Token::Open)?;
        let left = self.operand(depth + 1)?;
        self.expect(&Token::Comma)?;
        let right = self.operand(depth + 1)?;
        self.expect(&Token::Close)?;
        Ok(Some(Expr::Search(search, left, right)))
    }

    fn operand(&mut self, depth: usize) -> Result<Operand, OdataError> {
        if depth > DEPTH_MAX {
            return Err(self.unfit());
        }
        match self.peek().cloned() {
            Some(Token::Literal(cell)) => {
                self.at += 1;
                Ok(Operand::Literal(cell))
            }
            Some(Token::Word(word)) if self.is_call() => {
                let function = function(&word).ok_or_else(|| self.unfit())?;
                self.at += 2;
                let inner = self.operand(depth + 1)?;
                self.expect(&Token::Close)?;
                Ok(Operand::Call(function, Box::new(inner)))
            }
            Some(Token::Word(word)) => {
                let column = (self.column)(&word).ok_or_else(|| self.unfit())?;
                self.at += 1;
                Ok(Operand::Column(column))
            }
            Some(Token::Open | Token::Close | Token::Comma) | None => Err(self.unfit()),
        }
    }
}

fn single(mut all: Vec<Expr>, many: fn(Vec<Expr>) -> Expr) -> Expr {
    match (all.len(), all.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            all.extend(last);
            many(all)
        }
    }
}

fn function(name: &str) -> Option<Function> {
    Some(match name {
        "tolower" => Function::ToLower,
        "toupper" => Function::ToUpper,
        "year" => Function::Year,
        "month" => Function::Month,
        "day" => Function::Day,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NAMES: [&str; 4] = ["name", "age", "poor", "seen_at"];

    fn column(name: &str) -> Option<usize> {
        NAMES.iter().position(|known| *known == name)
    }

    fn row(at: usize) -> Cell {
        match at {
            0 => Cell::Text("Giàng A Sình".to_owned()),
            1 => Cell::Int(41),
            2 => Cell::Bool(true),
            _ => Cell::Moment("2024-03-05T20:00:00Z".parse().expect("a moment")),
        }
    }

    fn holds(text: &str) -> bool {
        filter(text, &column)
            .unwrap_or_else(|error| panic!("{text}: {error}"))
            .holds(&row)
    }

    #[test]
    fn what_holds_of_a_row() {
        for text in [
            "name eq 'Giàng A Sình'",
            "age gt 40 and age le 41",
            "age ge 40.5",
            "not (age lt 41) and poor",
            "poor eq true or age eq 1",
            "age eq 1 or age eq 2 or age eq 41",
            "contains(name, 'A S')",
            "contains(tolower(name),'giàng') eq true",
            "startswith(name,'Giàng') and not endswith(name,'x')",
            "name ne null and not (name eq null)",
            "age in (1, 41)",
            "seen_at gt 2024-03-05 and seen_at lt 2024-03-07",
            "year(seen_at) eq 2024 and month(seen_at) eq 3 and day(seen_at) eq 6",
            "seen_at eq 2024-03-05T20:00:00Z",
            "name ne 5",
        ] {
            assert!(holds(text), "{text}");
        }
        for text in [
            "age eq null",
            "age gt null",
            "name eq 5",
            "name eq 'O''Neil'",
            "not poor",
            "age in (1,2)",
        ] {
            assert!(!holds(text), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_understood() {
        let deep = format!("{}poor{}", "(".repeat(60), ")".repeat(60));
        let long = "poor or ".repeat(600) + "poor";
        for text in [
            "",
            "name",
            "nobody eq 1",
            "name eq",
            "eq 1",
            "(age eq 1",
            "age eq 1)",
            "age eq 'x",
            "age ~ 1",
            "sqrt(age) eq 1",
            "contains(name)",
            "age in ()",
            "age eq 1 2",
            "age eq 1e999",
            "age eq 2024-13-01",
            "not",
            deep.as_str(),
            long.as_str(),
        ] {
            let parsed = filter(text, &column);
            let bare = matches!(parsed, Ok(Expr::Holds(_)));
            assert!(parsed.is_err() || (bare && text == "name"), "{text}");
        }
        assert!(orderby("age desc,name", &column).is_ok_and(|order| order == [(1, true), (0, false)]));
        for text in ["", "age up", "nobody", "age,,name"] {
            assert!(orderby(text, &column).is_err(), "{text}");
        }
    }

    proptest! {
        /// Any text is understood or refused, and what is understood says yes or no to any row.
        #[test]
        fn parsing_is_total(text in "\\PC{0,200}|((name|age|poor|eq|ne|and|or|not|in|null|contains|year|'x'|[0-9]{1,3}|\\(|\\)|,| ){0,40})") {
            if let Ok(expr) = filter(&text, &column) {
                let _ = expr.holds(&row);
                let _ = expr.holds(&|_| Cell::Empty);
                let mut columns = Vec::new();
                expr.columns(&mut columns);
                prop_assert!(columns.iter().all(|at| *at < NAMES.len()));
            }
            let _ = orderby(&text, &column);
        }

        /// A quoted text is itself, whatever stands in it.
        #[test]
        fn quotes_hold_any_text(text in "\\PC{0,40}") {
            let written = format!("name eq '{}'", text.replace('\'', "''"));
            let parsed = filter(&written, &column);
            prop_assert_eq!(parsed.ok(), Some(Expr::Compare(Op::Eq, Operand::Column(0), Operand::Literal(Cell::Text(text)))));
        }
    }
}
