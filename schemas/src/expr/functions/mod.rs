//! The functions of expressions: one table of names and argument counts, one file per kind.

mod dates;
mod numbers;
mod texts;

use std::ops::RangeInclusive;

use crate::expr::{Ast, Env, Value};

/// How the worth of an argument is found.
pub(crate) type Worth<'a> = &'a dyn Fn(&Ast, &dyn Env) -> Value;

/// A function that is called with the worth of its arguments; the others are trees of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    If,
    Coalesce,
    Not,
    True,
    False,
    Boolean,
    Today,
    Now,
    Text(texts::Texts),
    Number(numbers::Numbers),
    Date(dates::Dates),
}

/// As many arguments as an expression can hold.
const MANY: usize = usize::MAX;

/// The function of a name and how many arguments it takes.
pub(crate) fn by_name(name: &str) -> Option<(Function, RangeInclusive<usize>)> {
    let own = match name {
        "if" => Some((Function::If, 3..=3)),
        "coalesce" => Some((Function::Coalesce, 1..=MANY)),
        "not" => Some((Function::Not, 1..=1)),
        "true" => Some((Function::True, 0..=0)),
        "false" => Some((Function::False, 0..=0)),
        "boolean" => Some((Function::Boolean, 1..=1)),
        "today" => Some((Function::Today, 0..=0)),
        "now" => Some((Function::Now, 0..=0)),
        _ => None,
    };
    own.or_else(|| texts::by_name(name).map(|(function, counts)| (Function::Text(function), counts)))
        .or_else(|| numbers::by_name(name).map(|(function, counts)| (Function::Number(function), counts)))
        .or_else(|| dates::by_name(name).map(|(function, counts)| (Function::Date(function), counts)))
}

/// Calls a function. `if` and `coalesce` look only at the arguments they need.
pub(crate) fn call(function: Function, arguments: &[Ast], env: &dyn Env, worth: Worth) -> Value {
    let at = |index: usize| arguments.get(index).map_or(Value::Blank, |ast| worth(ast, env));
    let all = || {
        arguments
            .iter()
            .map(|ast| worth(ast, env))
            .collect::<Vec<Value>>()
    };
    match function {
        Function::If => at(if at(0).truth() { 1 } else { 2 }),
        Function::Coalesce => arguments
            .iter()
            .map(|ast| worth(ast, env))
            .find(|value| !value.is_blank())
            .unwrap_or(Value::Blank),
        Function::Not => Value::Bool(!at(0).truth()),
        Function::True => Value::Bool(true),
        Function::False => Value::Bool(false),
        Function::Boolean => Value::Bool(at(0).truth()),
        Function::Today => Value::text(env.today().to_string()),
        Function::Now => Value::text(crate::expr::local_date_time(env.now())),
        Function::Text(function) => texts::call(function, &all()),
        Function::Number(function) => numbers::call(function, &all()),
        Function::Date(function) => dates::call(function, &all(), env),
    }
}
