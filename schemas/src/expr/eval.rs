//! The worth of a tree. Recursion is as deep as the parser allowed; steps are counted by the
//! environment, so that many expressions over many rows share one bound.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::expr::functions;
use crate::expr::value::compare;
use crate::expr::{Ast, Entry, Expr, Operator, Value};

/// What an expression can ask about the place where it stands.
pub trait Env {
    /// The local day.
    fn today(&self) -> Date;
    /// The moment.
    fn now(&self) -> Timestamp;
    /// `${name}`.
    fn value(&self, name: &str) -> Value;
    /// `.`: the answer itself.
    fn this(&self) -> Value;
    /// A bare word: a column of the choice being filtered.
    fn column(&self, name: &str) -> Value;
    /// Which row of its repeat the expression stands in, from 1.
    fn position(&self) -> Option<usize>;
    /// A value of the record that `${name}` refers to.
    fn lookup(&self, name: &str, path: &str) -> Value;
    /// Runs `test` with the environment of a row, where `.` is the entry's value.
    fn inside(&self, entry: &Entry, test: &mut dyn FnMut(&dyn Env) -> bool) -> bool;
    /// Counts one step; false when no more may be taken.
    fn spend(&self) -> bool;
}

/// The worth of an expression in an environment. Total: it never fails.
#[must_use]
pub fn evaluate(expr: &Expr, env: &dyn Env) -> Value {
    worth(expr.ast(), env)
}

fn worth(ast: &Ast, env: &dyn Env) -> Value {
    if !env.spend() {
        return Value::Blank;
    }
    match ast {
        Ast::Number(number) => Value::number(*number),
        Ast::Text(text) => Value::text(text.as_str()),
        Ast::Name(name) => env.value(name),
        Ast::Column(name) => env.column(name),
        Ast::This => env.this(),
        Ast::Position => match env.position() {
            // Rows are counted in hundreds; the cast is exact.
            Some(position) => Value::number(position as f64),
            None => Value::Blank,
        },
        Ast::Once(inner) => match env.this() {
            stored if !stored.is_blank() => stored,
            _ => worth(inner, env),
        },
        Ast::Negate(inner) => match worth(inner, env).as_number() {
            Some(number) => Value::number(-number),
            None => Value::Blank,
        },
        Ast::Binary(operator, left, right) => binary(*operator, left, right, env),
        Ast::Call(function, arguments) => functions::call(*function, arguments, env, &worth),
        Ast::Matches(text, pattern) => match worth(text, env) {
            blank if blank.is_blank() => Value::Bool(false),
            text => Value::Bool(pattern.matches(&text.as_text())),
        },
        Ast::Lookup(name, path) => env.lookup(name, path),
        Ast::Filter(name, predicate) => filter(env.value(name), predicate, env),
    }
}

fn binary(operator: Operator, left: &Ast, right: &Ast, env: &dyn Env) -> Value {
    match operator {
        Operator::Or => Value::Bool(worth(left, env).truth() || worth(right, env).truth()),
        Operator::And => Value::Bool(worth(left, env).truth() && worth(right, env).truth()),
        Operator::Equal | Operator::NotEqual if is_empty(left) || is_empty(right) => {
            let blank = worth(left, env).is_blank() && worth(right, env).is_blank();
            Value::Bool(blank == (operator == Operator::Equal))
        }
        Operator::Equal
        | Operator::NotEqual
        | Operator::Less
        | Operator::LessOrEqual
        | Operator::Greater
        | Operator::GreaterOrEqual => Value::Bool(compare(operator, &worth(left, env), &worth(right, env))),
        _ => {
            let pair = (worth(left, env).as_number(), worth(right, env).as_number());
            let (Some(left), Some(right)) = pair else {
                return Value::Blank;
            };
            Value::number(match operator {
                Operator::Add => left + right,
                Operator::Subtract => left - right,
                Operator::Multiply => left * right,
                Operator::Divide => left / right,
                _ => left % right,
            })
        }
    }
}

/// True for the literal `''`, which asks whether there is an answer.
fn is_empty(ast: &Ast) -> bool {
    matches!(ast, Ast::Text(text) if text.is_empty())
}

/// Keeps the entries for which the predicate is true; a number keeps the entry of that position.
fn filter(nodes: Value, predicate: &Ast, env: &dyn Env) -> Value {
    let Value::Nodes(entries) = nodes else {
        return Value::Blank;
    };
    let mut position = 0.0;
    let kept = entries.into_iter().filter(|entry| {
        position += 1.0;
        env.inside(entry, &mut |inner| match worth(predicate, inner) {
            Value::Number(wanted) => wanted == position,
            other => other.truth(),
        })
    });
    Value::Nodes(kept.collect())
}
