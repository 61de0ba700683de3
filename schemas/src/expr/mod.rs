//! Expressions: the XLSForm subset, parsed once, total, with the same answer on every machine.
//!
//! - A name is `${x}`; `.` is the answer itself; in a choice filter a bare word is a column of the
//!   choice. `${members}[${able_to_work} = 'true']` keeps the rows for which the predicate holds.
//! - Nothing fails. An impossible operation (text in arithmetic, division by zero, a date that
//!   does not exist, a result too large) is blank.
//! - A blank on either side of `= != < <= > >=` makes it false, with two exceptions: blank `=`
//!   blank is true, and comparing with the literal `''` asks whether there is an answer.
//! - Numbers are double precision. Text that is a number counts as one in arithmetic and in
//!   `< <= > >=`; text that is a date or moment counts as days since 1970 there. `=` between two
//!   texts compares texts, unless both are dates or moments.
//! - `true()` equals a stored `true` and the text `'true'`.
//! - Days and clock times are those of Vietnam, UTC+7, wherever the machine stands.
//!
//! | functions | |
//! |---|---|
//! | choosing | `if(c, a, b)` `coalesce(…)` `once(x)` `not` `true()` `false()` `boolean` |
//! | multiple choice | `selected(${f}, 'a')` `count-selected` `selected-at(${f}, 0)` |
//! | text | `string` `string-length` `substr(t, from, to)` `concat` `join(separator, …)` `contains` `starts-with` `ends-with` `normalize-space` `regex(t, 'pattern')` |
//! | numbers | `number` `int` `round(x, digits)` `abs` `min` `max` `sum` `count` `count-non-empty` |
//! | rows | `position(..)`; `sum(${f})`, `count(${repeat})` from outside the repeat |
//! | dates | `today()` `now()` `date` `date-time` `decimal-date-time` `format-date(d, '%d/%m/%Y')` `year` `month` `day` |
//! | ours | `age-in-years(d)` or `age-in-years(d, on)`, `add-days(d, n)` `add-months(d, n)` `days-between(from, to)` `lookup(${reference}, 'path')` |

mod datetime;
mod eval;
mod functions;
mod parse;
pub mod regex;
mod token;
mod value;

pub use self::datetime::{
    LOCAL_OFFSET, format_date, is_date, is_date_time, local_clock, local_date, local_date_time,
};
pub(crate) use self::datetime::{date as parse_date, date_time as parse_date_time, write_date_time};
pub use self::eval::{Env, evaluate};
pub use self::parse::SyntaxError;
pub use self::value::{Entry, RowRef, Value};
pub(crate) use self::value::{decimal, exact_integer};

use self::functions::Function;
use self::regex::Pattern;

/// A parsed expression and the text it came from. Two are equal when their texts are.
#[derive(Debug, Clone)]
pub struct Expr {
    source: String,
    ast: Ast,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Expr {
    /// Parses an expression.
    ///
    /// # Errors
    /// What is wrong and at which character, when the text is not an expression or is too large.
    pub fn parse(source: &str) -> Result<Self, SyntaxError> {
        let ast = parse::parse(source)?;
        Ok(Self {
            source: source.to_owned(),
            ast,
        })
    }

    /// The text it was parsed from.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Every `${name}` in it, in order of appearance.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        collect(&self.ast, &mut |ast| match ast {
            Ast::Name(name) | Ast::Filter(name, _) | Ast::Lookup(name, _) => names.push(name),
            _ => {}
        });
        names
    }

    /// Every bare word in it: columns of a choice.
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        let mut columns = Vec::new();
        collect(&self.ast, &mut |ast| {
            if let Ast::Column(name) = ast {
                columns.push(name.as_str());
            }
        });
        columns
    }

    /// Fields that `lookup(${field}, …)` follows to another record.
    #[must_use]
    pub fn lookups(&self) -> Vec<&str> {
        let mut fields = Vec::new();
        collect(&self.ast, &mut |ast| {
            if let Ast::Lookup(name, _) = ast {
                fields.push(name.as_str());
            }
        });
        fields
    }

    pub(crate) fn ast(&self) -> &Ast {
        &self.ast
    }
}

fn collect<'a>(ast: &'a Ast, seen: &mut dyn FnMut(&'a Ast)) {
    seen(ast);
    ast.children(&mut |child| collect(child, seen));
}

/// The tree of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Ast {
    Number(f64),
    Text(String),
    /// `${name}`
    Name(String),
    /// A bare word: a column of the choice being filtered.
    Column(String),
    /// `.`
    This,
    /// `position(..)`
    Position,
    /// `once(x)`: what is stored already, else `x`.
    Once(Box<Ast>),
    Negate(Box<Ast>),
    Binary(Operator, Box<Ast>, Box<Ast>),
    Call(Function, Vec<Ast>),
    /// `regex(text, 'pattern')`, the pattern compiled.
    Matches(Box<Ast>, Pattern),
    /// `lookup(${name}, 'path')`
    Lookup(String, String),
    /// `${name}[predicate]`
    Filter(String, Box<Ast>),
}

/// What stands between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Ast {
    /// Calls `seen` for what stands directly inside.
    pub(crate) fn children<'a>(&'a self, seen: &mut dyn FnMut(&'a Ast)) {
        match self {
            Self::Number(_)
            | Self::Text(_)
            | Self::Column(_)
            | Self::This
            | Self::Position
            | Self::Name(_)
            | Self::Lookup(_, _) => {}
            Self::Once(inner) | Self::Negate(inner) | Self::Matches(inner, _) => seen(inner),
            Self::Filter(_, predicate) => seen(predicate),
            Self::Binary(_, left, right) => {
                seen(left);
                seen(right);
            }
            Self::Call(_, arguments) => arguments.iter().for_each(seen),
        }
    }
}
