//! Every function, one table per kind.

use serde_json::{Value, json};

use super::table;

const BLANK: Value = Value::Null;

#[test]
fn choosing() {
    table(&[
        ("if(true(), 'a', 'b')", json!("a")),
        ("if(${blank}, 'a', 'b')", json!("b")),
        ("coalesce(${blank}, '', ${n}, 1)", json!(7)),
        ("coalesce(${blank})", BLANK),
        ("not(${b})", json!(false)),
        ("not(${blank})", json!(true)),
        ("boolean('x')", json!(true)),
        ("boolean('false')", json!(false)),
        ("boolean(0)", json!(false)),
        ("once(5)", json!(5)),
    ]);
}

#[test]
fn ticked_choices() {
    table(&[
        ("selected(${needs}, 'credit')", json!(true)),
        ("selected(${needs}, 'cred')", json!(false)),
        ("selected(${needs}, 'land')", json!(false)),
        ("selected(${blank}, '')", json!(false)),
        ("count-selected(${needs})", json!(2)),
        ("count-selected(${blank})", json!(0)),
        ("selected-at(${needs}, 0)", json!("credit")),
        ("selected-at(${needs}, 1)", json!("job")),
        ("selected-at(${needs}, 2)", BLANK),
        ("selected-at(${needs}, -1)", BLANK),
        ("${needs}", json!("credit job")),
    ]);
}

#[test]
fn texts() {
    table(&[
        ("string(${n})", json!("7")),
        ("string(${d})", json!("2.5")),
        ("string(${b})", json!("true")),
        ("string-length(${t})", json!(12)),
        ("string-length(${blank})", json!(0)),
        ("substr(${t}, 6)", json!("A Sình")),
        ("substr(${t}, 0, 5)", json!("Giàng")),
        ("substr(${t}, 5, 2)", BLANK),
        ("substr(${t}, -1)", BLANK),
        ("substr(${t}, 99)", BLANK),
        ("concat(${n}, '-', ${blank}, 'x')", json!("7-x")),
        ("join(', ', ${n}, ${blank}, 'x')", json!("7, x")),
        ("contains(${t}, 'A S')", json!(true)),
        ("contains(${t}, 'a s')", json!(false)),
        ("starts-with(${t}, 'Giàng')", json!(true)),
        ("ends-with(${t}, \"Sình\")", json!(true)),
        ("normalize-space('  a   b ')", json!("a b")),
        ("regex(${t}, '\\w+( \\w+)+')", json!(true)),
        ("regex(${n}, '[0-6]')", json!(false)),
        ("regex(${blank}, '.*')", json!(false)),
    ]);
}

#[test]
fn numbers() {
    table(&[
        ("number('12.50')", json!(12.5)),
        ("number('x')", BLANK),
        ("number('1e5')", BLANK),
        ("number('inf')", BLANK),
        ("number(true())", json!(1)),
        ("int(7.9)", json!(7)),
        ("int(-7.9)", json!(-7)),
        ("round(2.345, 2)", json!(2.35)),
        ("round(2.5, 0)", json!(3)),
        ("round(-2.5, 0)", json!(-2)),
        ("round(1234, -2)", json!(1200)),
        ("abs(-3)", json!(3)),
        ("min(3, ${blank}, 2)", json!(2)),
        ("max(3, ${n})", json!(7)),
        ("max(${blank})", BLANK),
        ("sum(1, ${blank}, 2)", json!(3)),
        ("sum(${blank})", json!(0)),
        ("count(${n})", json!(1)),
        ("count(${blank})", json!(0)),
        ("count-non-empty(${n})", json!(1)),
    ]);
}

#[test]
fn arithmetic() {
    table(&[
        ("1 + 2 * 3", json!(7)),
        ("7 div 2", json!(3.5)),
        ("7 mod 4", json!(3)),
        ("-7 mod 4", json!(-3)),
        ("1 div 0", BLANK),
        ("1 mod 0", BLANK),
        ("${n} - -1", json!(8)),
        ("-${blank}", BLANK),
        ("1 + ${blank}", BLANK),
        ("1 + 'x'", BLANK),
        ("1 + '2'", json!(3)),
        ("99999999 * 99999999", json!(9_999_999_800_000_001.0)),
        ("0.1 + 0.2", json!(0.1 + 0.2)),
        (". + 1", BLANK),
    ]);
}

#[test]
fn dates() {
    table(&[
        ("today()", json!("2024-03-05")),
        ("now()", json!("2024-03-05T08:30:00+07:00")),
        ("date(${at})", json!("2024-03-01")),
        ("date('2024-03-01T18:00:00Z')", json!("2024-03-02")),
        ("date('2024-02-30')", BLANK),
        ("date(0)", json!("1970-01-01")),
        ("date-time(${day})", json!("2000-03-06T00:00:00+07:00")),
        ("date-time(0.5)", json!("1970-01-01T12:00:00+07:00")),
        ("decimal-date-time('1970-01-02')", json!(1)),
        ("decimal-date-time('1970-01-01T06:00:00')", json!(0.25)),
        ("decimal-date-time(${blank})", BLANK),
        ("format-date(${at}, '%d/%m/%Y %H:%M')", json!("01/03/2024 23:30")),
        ("format-date(${day}, '%e/%n/%y')", json!("6/3/00")),
        ("format-date('x', '%Y')", BLANK),
        ("age-in-years(${day})", json!(23)),
        ("age-in-years(${day}, '2024-03-06')", json!(24)),
        ("age-in-years('2025-01-01')", BLANK),
        ("age-in-years('2004-02-29', '2023-02-28')", json!(18)),
        ("age-in-years('2004-02-29', '2023-03-01')", json!(19)),
        ("add-days(today(), 30)", json!("2024-04-04")),
        ("add-days('9999-12-31', 1)", BLANK),
        ("add-days(today(), 999999999999)", BLANK),
        ("add-months('2024-01-31', 1)", json!("2024-02-29")),
        ("add-months(today(), 36)", json!("2027-03-05")),
        ("days-between('2024-02-28', '2024-03-01')", json!(2)),
        ("days-between(today(), ${day})", json!(-8765)),
        ("year(${day})", json!(2000)),
        ("month(${at})", json!(3)),
        ("day(${at})", json!(1)),
        ("today() - date('2024-03-01')", json!(4)),
    ]);
}
