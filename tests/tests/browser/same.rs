//! One property over both builds: what a form says of a record in the browser is what it says on the server.

use std::cell::RefCell;
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use schemas::catalog::BUILTIN;
use schemas::form::{Field, FieldKind, Form};
use schemas::parse::parse;
use schemas::path::REMOVED;
use schemas::project::json;
use schemas::value::{Answers, Scalar};
use serde_json::Value;
use tests::browser::WebPhone;
use tests::programs::Demo;

/// Rounds, and records of every form in one round.
const ROUNDS: u32 = 16;
const RECORDS: usize = 12;

const ROWS: [&str; 3] = [
    "0190b5d2-7c1a-7def-8a11-0123456789aa",
    "0190b5d2-7c1a-7def-8a11-0123456789bb",
    "0190b5d2-7c1a-7def-8a11-0123456789cc",
];

/// What people type: composed and decomposed, numbers as text, names that are looked up.
const TEXTS: [&str; 16] = [
    "Giàng A Páo",
    "Gia\u{300}ng A Pa\u{301}o",
    "  thào   thị súa ",
    "ĐẶNG THỊ Ế",
    "Đ\u{103}\u{323}ng",
    "010090001234",
    "012345678",
    "0912345678",
    "+84 912 345 678",
    "08",
    "VN-2022-2025",
    "met",
    "2026-02-29",
    "Mỹ Linh 🌾",
    "ﬁ ② Å",
    "",
];

const DAYS: [&str; 6] = [
    "1950-01-01",
    "2024-02-29",
    "2011-11-24",
    "2026-12-31",
    "2023-02-30",
    "24/11/2026",
];

const MOMENTS: [&str; 5] = [
    "2026-11-23T08:00:00+07:00",
    "2026-11-23T23:30:00Z",
    "2026-01-01T00:00:00+07:00",
    "2024-02-29T24:00:00+07:00",
    "2026-11-23",
];

/// The next number of a series.
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb)
}

fn picked<T: Copy>(list: &[T], seed: u64) -> T {
    list[usize::try_from(seed % list.len() as u64).expect("small")]
}

fn number(seed: u64) -> i64 {
    let small = i64::try_from(seed % 2_000).expect("small");
    picked(
        &[small - 500, small, small * 100_000, i64::MAX, i64::MIN],
        seed >> 16,
    )
}

/// A value, mostly one that fits the field.
fn value(field: &Field, seed: u64, typed: &str) -> Scalar {
    let text = |text: &str| Scalar::Text(text.to_owned());
    let choice = |seed: u64| {
        let choices = field.choices.iter().flat_map(|list| &list.choices);
        let names: Vec<&str> = choices.map(|choice| choice.name.as_str()).collect();
        text(if names.is_empty() {
            typed
        } else {
            picked(&names, seed)
        })
    };
    let (how, seed) = (seed % 16, mixed(seed));
    match (&field.kind, how) {
        (_, 0) => Scalar::Null,
        (_, 1) => text(typed),
        (_, 2) => Scalar::Int(number(seed)),
        (FieldKind::Integer | FieldKind::Money, _) => Scalar::Int(number(seed)),
        (FieldKind::Decimal, _) => {
            Scalar::Decimal(f64::from(u32::try_from(seed >> 40).expect("small")) / 1e3 - 5e3)
        }
        (FieldKind::Boolean, _) => Scalar::Bool(seed.is_multiple_of(2)),
        (FieldKind::Date, _) => text(picked(&DAYS, seed)),
        (FieldKind::DateTime, _) => text(picked(&MOMENTS, seed)),
        (FieldKind::SelectOne(_), _) => choice(seed),
        (FieldKind::Geopoint, _) => text(picked(&["22.5 103.75 1500 8", "22.5 103.75", "91 0 0 0"], seed)),
        (FieldKind::Reference(kind), _) if kind == "poverty_standard" => text("VN-2022-2025"),
        (FieldKind::Reference(_), _) => text(picked(&ROWS, seed)),
        _ => text(picked(&TEXTS, seed)),
    }
}

/// A record of this form: of every field in every row nothing, something that fits, or something odd.
fn record(form: &Form, seeds: &[u64], typed: &str) -> Answers {
    let mut answers = Answers::new();
    let mut state = seeds.len() as u64;
    let mut next = |at: usize| {
        state = mixed(state ^ seeds[at % seeds.len()]);
        state
    };
    for (at, (schema_path, field)) in form.fields().enumerate() {
        let rows = schema_path.matches('/').count();
        for row in ROWS.iter().take(1 + 2 * rows.min(1)) {
            let path = schema_path.replace('/', &format!("/{row}/"));
            let seed = next(at);
            if seed.is_multiple_of(4) {
                continue;
            }
            if field.kind.is_multiple() {
                let choices = field.choices.iter().flat_map(|list| &list.choices);
                for choice in
                    choices.filter(|choice| mixed(seed ^ choice.name.len() as u64).is_multiple_of(3))
                {
                    answers.insert(format!("{path}/{}", choice.name), Scalar::Bool(true));
                }
            } else if field.kind.takes_answer() {
                answers.insert(path.clone(), value(field, seed >> 2, typed));
            }
            if let Some((row, _)) = path.rsplit_once('/').filter(|_| seed % 97 == 1) {
                answers.insert(format!("{row}/{REMOVED}"), Scalar::Bool(true));
            }
        }
    }
    answers.insert("of_no_form".to_owned(), Scalar::Int(1));
    answers
}

fn as_json(answers: &Answers) -> Value {
    let answers = answers.iter().map(|(path, value)| (path.clone(), json(value)));
    Value::Object(answers.collect())
}

#[test]
fn a_form_says_the_same_in_the_browser_and_on_the_server() {
    let demo = Demo::start();
    let phone = WebPhone::new(&demo.url);
    phone.open("");
    phone.see("code");
    let in_browser = |form: &str, records: &str, now_ms: f64| {
        let script = "const [form, records, now, done] = arguments;
            import(document.getElementById('glue').href)
                .then((app) => done(app.what_is_said(form, records, now)), (error) => done(String(error)))";
        let arguments = [form.into(), records.into(), now_ms.into()];
        let said = phone.session().run_async(script, &arguments);
        said.expect("the app answers")
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let mut runner = TestRunner::new(Config {
        cases: ROUNDS,
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    });
    let seeds = prop::collection::vec(any::<u64>(), 1..40);
    let round = (
        prop::collection::vec((seeds, any::<String>()), RECORDS),
        // From the middle of 2024 to the end of 2028, in seconds.
        1_720_000_000..1_861_900_000_u32,
    );
    let codes: RefCell<BTreeSet<String>> = RefCell::default();
    let outcome = runner.run(&round, |(records, now)| {
        let now_ms = f64::from(now) * 1e3;
        for (name, form) in BUILTIN {
            let (parsed, _) = parse(form).expect("a form");
            let records = records
                .iter()
                .map(|(seeds, typed)| as_json(&record(&parsed, seeds, typed)));
            let records = Value::Array(records.collect()).to_string();
            let (here, there) = (
                web::said::what_is_said(form, &records, now_ms),
                in_browser(form, &records, now_ms),
            );
            let read = |text: &str| {
                serde_json::from_str::<Vec<Value>>(text)
                    .map_err(|error| TestCaseError::fail(format!("{name}: {error}: {text}")))
            };
            let (here, there) = (read(&here)?, read(&there)?);
            prop_assert_eq!(here.len(), RECORDS);
            let findings = here
                .iter()
                .flat_map(|said| said["findings"].as_array().into_iter().flatten());
            let found = findings.filter_map(|finding| finding[1].as_str().map(str::to_owned));
            codes.borrow_mut().extend(found);
            prop_assert_eq!(here, there, "{}", name);
        }
        Ok(())
    });
    outcome.expect("both say the same");
    let codes = codes.into_inner();
    assert!(codes.len() >= 8, "the records were too well-behaved: {codes:?}");
}
