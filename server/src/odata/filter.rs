//! `$filter`: text → an expression over the columns of a set, of bounded size, and what it says of a row.
//!
//! In: the text of a client. Out: an [`Expr`], or where it cannot be understood. It never fails on a row: a comparison of
//! values that cannot be compared does not hold, and one with nothing follows OData 4.01 part 2, 5.1.1.1.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::Date;
use schemas::expr::LOCAL_OFFSET;

use crate::export::cell::Cell;

/// How two values stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// `eq`
    Eq,
    /// `ne`
    Ne,
    /// `gt`
    Gt,
    /// `ge`
    Ge,
    /// `lt`
    Lt,
    /// `le`
    Le,
}

/// What is asked about a text inside another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Search {
    /// `contains`
    Contains,
    /// `startswith`
    StartsWith,
    /// `endswith`
    EndsWith,
}

/// What is made of one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// `tolower`
    ToLower,
    /// `toupper`
    ToUpper,
    /// `year`
    Year,
    /// `month`
    Month,
    /// `day`
    Day,
}

/// Something with a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// The column at this position.
    Column(usize),
    /// A literal; `null` is [`Cell::Empty`].
    Literal(Cell),
    /// A function of one value.
    Call(Function, Box<Operand>),
}

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// One of them.
    Or(Vec<Expr>),
    /// All of them.
    And(Vec<Expr>),
    /// Not it.
    Not(Box<Expr>),
    /// A comparison.
    Compare(Op, Operand, Operand),
    /// Equal to one of these.
    In(Operand, Vec<Cell>),
    /// A text with another in it.
    Search(Search, Operand, Operand),
    /// A value that is itself true or false.
    Holds(Operand),
}

impl Expr {
    /// The columns it looks at, again and again where it does so.
    pub fn columns(&self, found: &mut Vec<usize>) {
        match self {
            Self::Or(all) | Self::And(all) => all.iter().for_each(|one| one.columns(found)),
            Self::Not(inner) => inner.columns(found),
            Self::Compare(_, left, right) | Self::Search(_, left, right) => {
                left.columns(found);
                right.columns(found);
            }
            Self::In(left, _) | Self::Holds(left) => left.columns(found),
        }
    }

    /// True if the row whose values `value` gives answers it.
    #[must_use]
    pub fn holds(&self, value: &dyn Fn(usize) -> Cell) -> bool {
        match self {
            Self::Or(all) => all.iter().any(|one| one.holds(value)),
            Self::And(all) => all.iter().all(|one| one.holds(value)),
            Self::Not(inner) => !inner.holds(value),
            Self::Compare(op, left, right) => compares(*op, &left.worth(value), &right.worth(value)),
            Self::In(left, list) => {
                let left = left.worth(value);
                list.iter().any(|one| compares(Op::Eq, &left, one))
            }
            Self::Search(search, left, right) => match (left.worth(value), right.worth(value)) {
                (Cell::Text(text), Cell::Text(part)) => match search {
                    Search::Contains => text.contains(&part),
                    Search::StartsWith => text.starts_with(&part),
                    Search::EndsWith => text.ends_with(&part),
                },
                _ => false,
            },
            Self::Holds(operand) => operand.worth(value) == Cell::Bool(true),
        }
    }
}

impl Operand {
    fn columns(&self, found: &mut Vec<usize>) {
        match self {
            Self::Column(at) => found.push(*at),
            Self::Literal(_) => (),
            Self::Call(_, inner) => inner.columns(found),
        }
    }

    fn worth(&self, value: &dyn Fn(usize) -> Cell) -> Cell {
        match self {
            Self::Column(at) => value(*at),
            Self::Literal(cell) => cell.clone(),
            Self::Call(function, inner) => call(*function, &inner.worth(value)),
        }
    }
}

fn call(function: Function, of: &Cell) -> Cell {
    let day = match of {
        Cell::Date(day) => Some(*day),
        Cell::Moment(moment) => Some(LOCAL_OFFSET.to_datetime(*moment).date()),
        _ => None,
    };
    let part = |part: fn(Date) -> i64| day.map_or(Cell::Empty, |day| Cell::Int(part(day)));
    match (function, of) {
        (Function::ToLower, Cell::Text(text)) => Cell::Text(text.to_lowercase()),
        (Function::ToUpper, Cell::Text(text)) => Cell::Text(text.to_uppercase()),
        (Function::ToLower | Function::ToUpper, _) => Cell::Empty,
        (Function::Year, _) => part(|day| day.year().into()),
        (Function::Month, _) => part(|day| day.month().into()),
        (Function::Day, _) => part(|day| day.day().into()),
    }
}

fn compares(op: Op, left: &Cell, right: &Cell) -> bool {
    let order = order(left, right);
    match op {
        Op::Eq => order == Some(Ordering::Equal),
        Op::Ne => order != Some(Ordering::Equal),
        _ if *left == Cell::Empty || *right == Cell::Empty => false,
        Op::Gt => order == Some(Ordering::Greater),
        Op::Ge => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        Op::Lt => order == Some(Ordering::Less),
        Op::Le => matches!(order, Some(Ordering::Less | Ordering::Equal)),
    }
}

/// How two values stand to each other, if they can be compared. Nothing equals nothing.
#[must_use]
pub fn order(left: &Cell, right: &Cell) -> Option<Ordering> {
    match (left, right) {
        (Cell::Empty, Cell::Empty) | (Cell::Masked, Cell::Masked) => Some(Ordering::Equal),
        (Cell::Text(a), Cell::Text(b)) => Some(a.cmp(b)),
        (Cell::Bool(a), Cell::Bool(b)) => Some(a.cmp(b)),
        (Cell::Int(a), Cell::Int(b)) => Some(a.cmp(b)),
        (Cell::Int(a), Cell::Decimal(b)) => (*a as f64).partial_cmp(b),
        (Cell::Decimal(a), Cell::Int(b)) => a.partial_cmp(&(*b as f64)),
        (Cell::Decimal(a), Cell::Decimal(b)) => a.partial_cmp(b),
        (Cell::Date(a), Cell::Date(b)) => Some(a.cmp(b)),
        (Cell::Moment(a), Cell::Moment(b)) => Some(a.cmp(b)),
        (Cell::Date(a), Cell::Moment(b)) => Some(midnight(*a)?.cmp(b)),
        (Cell::Moment(a), Cell::Date(b)) => Some(a.cmp(&midnight(*b)?)),
        _ => None,
    }
}

/// The moment a day begins here.
fn midnight(day: Date) -> Option<Timestamp> {
    LOCAL_OFFSET.to_timestamp(day.at(0, 0, 0, 0)).ok()
}
