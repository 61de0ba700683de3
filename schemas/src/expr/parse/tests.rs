//! Trees, positions of errors, bounds.

use super::*;
use crate::expr::Expr;

#[test]
fn precedence() {
    let same = [
        ("1 + 2 * 3", "1 + (2 * 3)"),
        ("1 - 2 - 3", "(1 - 2) - 3"),
        ("1 = 2 or 3 < 4 and 5 > 6", "(1 = 2) or ((3 < 4) and (5 > 6))"),
        ("-1 + 2", "(-1) + 2"),
        ("10 div 2 mod 3", "(10 div 2) mod 3"),
        ("1 < 2 = 3 < 4", "(1 < 2) = (3 < 4)"),
    ];
    for (short, long) in same {
        assert_eq!(parse(short), parse(long), "{short}");
    }
}

#[test]
fn errors_say_where() {
    for (text, position, reason) in [
        ("", 1, "unexpected_end"),
        ("1 +", 4, "unexpected_end"),
        ("1 2", 3, "unexpected_token"),
        ("(1", 3, "unexpected_end"),
        ("nope(1)", 1, "unknown_function"),
        ("1 + round(1)", 5, "wrong_arguments"),
        ("regex(., '[')", 1, "bad_pattern"),
        ("regex(., ${x})", 1, "wrong_arguments"),
        ("${a b}", 1, "unexpected_character"),
        ("..", 1, "unexpected_token"),
        ("a and", 6, "unexpected_end"),
        ("${x} = ộ", 8, "unexpected_character"),
    ] {
        assert_eq!(parse(text), Err(SyntaxError::new(position, reason)), "{text}");
    }
}

#[test]
fn bounded() {
    assert_eq!(parse(&"(".repeat(1000)).unwrap_err().reason, "too_deep");
    assert_eq!(parse(&"-".repeat(1000)).unwrap_err().reason, "too_deep");
    assert_eq!(parse(&("1+".repeat(300) + "1")).unwrap_err().reason, "too_deep");
    assert_eq!(
        parse(&" ".repeat(EXPR_BYTES_MAX + 1)).unwrap_err().reason,
        "too_long"
    );
    let wide = format!("concat({}1)", "1,".repeat(EXPR_NODES_MAX));
    assert_eq!(parse(&wide).unwrap_err().reason, "too_long");
}

#[test]
fn names_and_columns() {
    let expr = Expr::parse("${a} + count(${b}[${c} = d]) + lookup(${e}, 'x')").unwrap();
    assert_eq!(expr.names(), ["a", "b", "c", "e"]);
    assert_eq!(expr.columns(), ["d"]);
    assert_eq!(expr.lookups(), ["e"]);
}
