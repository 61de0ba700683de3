//! Tokens → tree. Recursive descent with a bound on depth and on the number of nodes.

use crate::expr::functions::{self, Function};
use crate::expr::regex::Pattern;
use crate::expr::token::{Token, tokens};
use crate::expr::{Ast, Operator};
use crate::form::limits::{EXPR_BYTES_MAX, EXPR_CHAIN_MAX, EXPR_DEPTH_MAX, EXPR_NODES_MAX};

/// Why a text is not an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at character {position}")]
pub struct SyntaxError {
    /// The character where reading stopped, from 1.
    pub position: usize,
    /// A stable word: `unexpected_character`, `unexpected_end`, `unexpected_token`,
    /// `unknown_function`, `wrong_arguments`, `bad_pattern`, `too_long`, `too_deep`.
    pub reason: &'static str,
}

impl SyntaxError {
    pub(crate) fn new(position: usize, reason: &'static str) -> Self {
        Self { position, reason }
    }
}

/// Binary operators by how tightly they bind, loosest first.
const LEVELS: [&[(&str, Operator)]; 6] = [
    &[("or", Operator::Or)],
    &[("and", Operator::And)],
    &[("=", Operator::Equal), ("!=", Operator::NotEqual)],
    &[
        ("<", Operator::Less),
        ("<=", Operator::LessOrEqual),
        (">", Operator::Greater),
        (">=", Operator::GreaterOrEqual),
    ],
    &[("+", Operator::Add), ("-", Operator::Subtract)],
    &[
        ("*", Operator::Multiply),
        ("div", Operator::Divide),
        ("mod", Operator::Remainder),
    ],
];

/// Parses a whole expression.
pub(crate) fn parse(source: &str) -> Result<Ast, SyntaxError> {
    if source.len() > EXPR_BYTES_MAX {
        return Err(SyntaxError::new(1, "too_long"));
    }
    let end = source.chars().count() + 1;
    let mut parser = Parser {
        tokens: tokens(source)?,
        at: 0,
        end,
        depth: 0,
        nodes: 0,
    };
    let ast = parser.binary(0)?;
    match parser.peek() {
        // A long chain leans left, and evaluating it recurses as deep as it is long.
        None if depth(&ast) > EXPR_CHAIN_MAX => Err(SyntaxError::new(1, "too_deep")),
        None => Ok(ast),
        Some(_) => Err(parser.error("unexpected_token")),
    }
}

fn depth(ast: &Ast) -> usize {
    let mut deepest = 0;
    ast.children(&mut |child| deepest = deepest.max(depth(child)));
    deepest + 1
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    at: usize,
    end: usize,
    depth: usize,
    nodes: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(_, token)| token)
    }

    fn position(&self) -> usize {
        self.tokens
            .get(self.at)
            .map_or(self.end, |(position, _)| *position)
    }

    fn error(&self, reason: &'static str) -> SyntaxError {
        let reason = if self.peek().is_none() && reason == "unexpected_token" {
            "unexpected_end"
        } else {
            reason
        };
        SyntaxError::new(self.position(), reason)
    }

    fn eat(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(found)) if *found == sign);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), SyntaxError> {
        if self.eat(sign) {
            Ok(())
        } else {
            Err(self.error("unexpected_token"))
        }
    }

    fn count_node(&mut self) -> Result<(), SyntaxError> {
        self.nodes += 1;
        if self.nodes > EXPR_NODES_MAX {
            Err(self.error("too_long"))
        } else {
            Ok(())
        }
    }

    /// Runs one nested piece, refusing to go deeper than the stack is known to hold.
    fn nested<T>(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<T, SyntaxError>,
    ) -> Result<T, SyntaxError> {
        if self.depth >= EXPR_DEPTH_MAX {
            return Err(self.error("too_deep"));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn binary(&mut self, level: usize) -> Result<Ast, SyntaxError> {
        let Some(operators) = LEVELS.get(level) else {
            return self.unary();
        };
        let mut left = self.binary(level + 1)?;
        while let Some(operator) = self.operator(operators) {
            self.count_node()?;
            let right = self.binary(level + 1)?;
            left = Ast::Binary(operator, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn operator(&mut self, operators: &[(&str, Operator)]) -> Option<Operator> {
        let text = match self.peek()? {
            Token::Sign(sign) => *sign,
            Token::Word(word) => word.as_str(),
            _ => return None,
        };
        let (_, operator) = operators.iter().find(|(name, _)| *name == text)?;
        self.at += 1;
        Some(*operator)
    }

    fn unary(&mut self) -> Result<Ast, SyntaxError> {
        if self.eat("-") {
            self.count_node()?;
            return self.nested(|parser| Ok(Ast::Negate(Box::new(parser.unary()?))));
        }
        self.primary()
    }

    fn primary(&mut self) -> Result<Ast, SyntaxError> {
        self.count_node()?;
        if self.eat("(") {
            let inner = self.nested(|parser| parser.binary(0))?;
            self.expect(")")?;
            return Ok(inner);
        }
        let Some(token) = self.peek().cloned() else {
            return Err(self.error("unexpected_token"));
        };
        match token {
            Token::Number(number) => self.take(Ast::Number(number)),
            Token::Text(text) => self.take(Ast::Text(text)),
            Token::Dot => self.take(Ast::This),
            Token::Name(name) => {
                self.at += 1;
                self.name(name)
            }
            Token::Word(word) => {
                let called = matches!(self.tokens.get(self.at + 1), Some((_, Token::Sign("("))));
                if called {
                    self.nested(|parser| parser.call(&word))
                } else {
                    self.column(word)
                }
            }
            Token::DotDot | Token::Sign(_) => Err(self.error("unexpected_token")),
        }
    }

    fn take(&mut self, ast: Ast) -> Result<Ast, SyntaxError> {
        self.at += 1;
        Ok(ast)
    }

    fn column(&mut self, word: String) -> Result<Ast, SyntaxError> {
        if crate::id::is_name(&word) && !matches!(word.as_str(), "and" | "or" | "div" | "mod") {
            self.take(Ast::Column(word))
        } else {
            Err(self.error("unexpected_token"))
        }
    }

    fn name(&mut self, name: String) -> Result<Ast, SyntaxError> {
        if !self.eat("[") {
            return Ok(Ast::Name(name));
        }
        let predicate = self.nested(|parser| parser.binary(0))?;
        self.expect("]")?;
        Ok(Ast::Filter(name, Box::new(predicate)))
    }

    fn call(&mut self, word: &str) -> Result<Ast, SyntaxError> {
        let start = self.position();
        self.at += 2;
        if word == "position" {
            if self.peek() == Some(&Token::DotDot) {
                self.at += 1;
            }
            self.expect(")")?;
            return Ok(Ast::Position);
        }
        let mut arguments = Vec::new();
        if !self.eat(")") {
            loop {
                arguments.push(self.binary(0)?);
                if self.eat(")") {
                    break;
                }
                self.expect(",")?;
            }
        }
        finish_call(word, arguments, start)
    }
}

/// Checks the number of arguments and compiles what can be compiled now.
fn finish_call(word: &str, mut arguments: Vec<Ast>, start: usize) -> Result<Ast, SyntaxError> {
    let wrong = || SyntaxError::new(start, "wrong_arguments");
    let given = arguments.len();
    match word {
        "once" => match (arguments.pop(), given) {
            (Some(inner), 1) => Ok(Ast::Once(Box::new(inner))),
            _ => Err(wrong()),
        },
        "regex" => match (arguments.pop(), arguments.pop(), given) {
            (Some(Ast::Text(pattern)), Some(text), 2) => {
                let pattern =
                    Pattern::parse(&pattern).ok_or_else(|| SyntaxError::new(start, "bad_pattern"))?;
                Ok(Ast::Matches(Box::new(text), pattern))
            }
            _ => Err(wrong()),
        },
        "lookup" => match (arguments.pop(), arguments.pop(), given) {
            (Some(Ast::Text(path)), Some(Ast::Name(name)), 2) => Ok(Ast::Lookup(name, path)),
            _ => Err(wrong()),
        },
        _ => {
            let (function, counts): (Function, _) =
                functions::by_name(word).ok_or_else(|| SyntaxError::new(start, "unknown_function"))?;
            if counts.contains(&given) {
                Ok(Ast::Call(function, arguments))
            } else {
                Err(wrong())
            }
        }
    }
}

#[cfg(test)]
mod tests;
