//! What an expression can be worth, and how one kind of value becomes another.

use std::cmp::Ordering;

use crate::expr::Operator;
use crate::expr::datetime;
use crate::form::ScopeId;
use crate::form::limits::EXPR_TEXT_BYTES_MAX;
use crate::value::Scalar;

/// The worth of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// No answer, or an impossible operation.
    Blank,
    /// True or false.
    Bool(bool),
    /// A finite number.
    Number(f64),
    /// Text that is not empty; dates and moments are text.
    Text(String),
    /// The rows of a repeat, or one field of them.
    Nodes(Vec<Entry>),
}

/// One row, or one field of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Where it stands.
    pub row: RowRef,
    /// The field's value; blank for a whole row.
    pub value: Value,
}

/// A row of a repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowRef {
    /// The scope of the names inside the row.
    pub scope: ScopeId,
    /// The path in front of them: `members/<uuid>/`.
    pub prefix: String,
    /// Which row of its repeat it is, from 1.
    pub position: usize,
}

impl Value {
    /// A number, blank when it is not finite.
    pub(crate) fn number(number: f64) -> Self {
        if number.is_finite() {
            Self::Number(number)
        } else {
            Self::Blank
        }
    }

    /// Text, blank when it is empty or longer than an expression may build.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() || text.len() > EXPR_TEXT_BYTES_MAX {
            Self::Blank
        } else {
            Self::Text(text)
        }
    }

    /// True for no answer. A node set is blank when it has no first value.
    pub(crate) fn is_blank(&self) -> bool {
        matches!(self.first(), Self::Blank)
    }

    /// The value itself, or the first answered value of a node set.
    pub(crate) fn first(&self) -> &Self {
        match self {
            Self::Nodes(entries) => entries
                .iter()
                .map(|entry| &entry.value)
                .find(|value| **value != Self::Blank)
                .unwrap_or(&Self::Blank),
            other => other,
        }
    }

    /// Whether it counts as true: blank, zero and the text `false` do not; a node set does when it
    /// has entries.
    #[must_use]
    pub fn truth(&self) -> bool {
        match self {
            Self::Blank => false,
            Self::Bool(value) => *value,
            Self::Number(number) => *number != 0.0,
            Self::Text(text) => text != "false",
            Self::Nodes(entries) => !entries.is_empty(),
        }
    }

    /// As a number: truth is 1 or 0; a date is its days since 1970; other text must be a decimal.
    pub(crate) fn as_number(&self) -> Option<f64> {
        match self.first() {
            Self::Bool(value) => Some(f64::from(u8::from(*value))),
            Self::Number(number) => Some(*number),
            Self::Text(text) => decimal(text).or_else(|| datetime::days(text)),
            Self::Blank | Self::Nodes(_) => None,
        }
    }

    /// As text: blank is empty, a whole number has no point.
    pub(crate) fn as_text(&self) -> String {
        match self.first() {
            Self::Bool(value) => value.to_string(),
            Self::Number(number) => number_text(*number),
            Self::Text(text) => text.clone(),
            Self::Blank | Self::Nodes(_) => String::new(),
        }
    }

    /// Every value: one for a scalar, all for a node set.
    pub(crate) fn each(&self) -> Vec<&Self> {
        match self {
            Self::Nodes(entries) => entries.iter().map(|entry| &entry.value).collect(),
            other => vec![other],
        }
    }

    /// As a stored scalar; whole numbers become integers. Blank is `None`.
    #[must_use]
    pub fn to_scalar(&self) -> Option<Scalar> {
        match self.first() {
            Self::Bool(value) => Some(Scalar::Bool(*value)),
            Self::Number(number) => Some(match exact_integer(*number) {
                Some(whole) => Scalar::Int(whole),
                None => Scalar::Decimal(*number),
            }),
            Self::Text(text) => Some(Scalar::Text(text.clone())),
            Self::Blank | Self::Nodes(_) => None,
        }
    }
}

impl From<&Scalar> for Value {
    fn from(scalar: &Scalar) -> Self {
        match scalar {
            Scalar::Null => Self::Blank,
            Scalar::Bool(value) => Self::Bool(*value),
            // Beyond 2^53 the nearest double is meant; no field holds such amounts.
            Scalar::Int(whole) => Self::Number(*whole as f64),
            Scalar::Decimal(number) => Self::number(*number),
            Scalar::Text(text) if text.is_empty() => Self::Blank,
            Scalar::Text(text) => Self::Text(text.clone()),
        }
    }
}

/// The integer that a double is exactly.
pub(crate) fn exact_integer(number: f64) -> Option<i64> {
    // Below 2^53 every whole double is an i64, so the cast is exact.
    (number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0).then_some(number as i64)
}

fn number_text(number: f64) -> String {
    match exact_integer(number) {
        Some(whole) => whole.to_string(),
        None => number.to_string(),
    }
}

/// A decimal as people write it in a form: digits, perhaps a sign and a point; no exponent, no
/// `inf`, which the standard parser would take.
pub(crate) fn decimal(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number: f64 = if plain { text.parse().ok()? } else { return None };
    number.is_finite().then_some(number)
}

/// `= != < <= > >=`. A node set is compared entry by entry; one that holds is enough.
pub(crate) fn compare(operator: Operator, left: &Value, right: &Value) -> bool {
    if let Value::Nodes(_) = left {
        return left.each().iter().any(|left| compare(operator, left, right));
    }
    if let Value::Nodes(_) = right {
        return right.each().iter().any(|right| compare(operator, left, right));
    }
    match (left, right) {
        (Value::Blank, Value::Blank) => operator == Operator::Equal,
        (Value::Blank, _) | (_, Value::Blank) => false,
        _ => match operator {
            Operator::Equal => equal(left, right),
            Operator::NotEqual => !equal(left, right),
            Operator::Less => order(left, right).is_some_and(Ordering::is_lt),
            Operator::LessOrEqual => order(left, right).is_some_and(Ordering::is_le),
            Operator::Greater => order(left, right).is_some_and(Ordering::is_gt),
            Operator::GreaterOrEqual => order(left, right).is_some_and(Ordering::is_ge),
            _ => false,
        },
    }
}

fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Bool(truth), other) | (other, Value::Bool(truth)) => match other {
            Value::Bool(other) => truth == other,
            Value::Text(text) => *text == truth.to_string(),
            other => other.as_number() == Some(f64::from(u8::from(*truth))),
        },
        (Value::Text(left), Value::Text(right)) => {
            left == right
                || matches!((datetime::days(left), datetime::days(right)), (Some(a), Some(b)) if a == b)
        }
        _ => order(left, right) == Some(Ordering::Equal),
    }
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    left.as_number()?.partial_cmp(&right.as_number()?)
}
