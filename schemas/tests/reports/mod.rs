//! Reports as folds: the order of facts never matters, parts sum to the whole, and a count is the number of the
//! records behind it.

mod facts;

use proptest::prelude::*;
use schemas::plan::Plan;
use schemas::report::{
    Around, Asked, Behind, Body, Fact, Finished, Merged, Period, Question, Report, Scope, ScopeKind, Value,
    Want, day_number, fact,
};
use schemas::unit::{DEMO_VILLAGES_JSON, UNITS_JSON, UnitTree};

use self::facts::Dice;

fn scope() -> Scope {
    let tree =
        UnitTree::from_json_files(&[UNITS_JSON, DEMO_VILLAGES_JSON]).expect("the units that come with it");
    let asked = Asked {
        kind: ScopeKind::Plan,
        plan: Plan::plan_2024(),
        within: None,
        on: "2025-12-31".parse().expect("a day"),
        by_village: true,
    };
    Scope::of(&tree, &asked)
}

fn period() -> Period {
    Period::year(2025, "2025-12-31".parse().expect("a day"))
}

fn count(report: Report, scope: &Scope, facts: &[Fact], want: Option<&Want>) -> Finished {
    let merged = Merged::of(facts.iter().filter(|fact| fact.same_as.is_some()));
    let around = Around::default();
    let question = Question {
        scope,
        days: period().days(),
        merged: &merged,
        plan: Plan::plan_2024(),
        approved_only: false,
        want,
    };
    let mut fold = report.fold(question, &around);
    let (kinds, all) = (fold.kinds(), fold.sees_all());
    for fact in facts.iter().filter(|fact| kinds.contains(&fact.body.kind())) {
        if all || question.counts(fact) {
            fold.add(fact);
        }
    }
    fold.finish()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_facts_never_matters(seed: u64) {
        let scope = scope();
        let mut facts = facts::some(seed, 160);
        let first: Vec<Finished> = Report::ALL.iter().map(|report| count(*report, &scope, &facts, None)).collect();
        let mut dice = Dice::new(seed.wrapping_add(1));
        for at in (1..facts.len()).rev() {
            facts.swap(at, dice.below(at + 1));
        }
        for (report, first) in Report::ALL.iter().zip(first) {
            prop_assert_eq!(first, count(*report, &scope, &facts, None));
        }
    }

    #[test]
    fn parts_sum_to_the_whole(seed: u64) {
        let scope = scope();
        let facts = facts::some(seed, 160);
        for report in [Report::PovertyReview, Report::Deprivation, Report::Causes, Report::JobFairs, Report::DataQuality] {
            let table = count(report, &scope, &facts, None).table;
            for (at, column) in table.columns.iter().enumerate() {
                let ints = |level: u8| -> i64 {
                    let rows = table.rows.iter().filter(|row| row.level == level);
                    rows.map(|row| match row.cells[at] {
                        ref cell if cell.behind != Behind::Counted => 0,
                        ref cell => if let Value::Int(number) = cell.value { number } else { 0 },
                    }).sum()
                };
                prop_assert_eq!(ints(2), ints(0), "{} {}", report.code(), column.key);
                if report == Report::PovertyReview {
                    prop_assert_eq!(ints(1), ints(0), "{} {}", report.code(), column.key);
                }
            }
            prop_assert!(table.checks.iter().all(|check| check.ok), "{:?}", table.checks);
        }
    }

    #[test]
    fn a_count_is_the_number_of_the_records_behind_it(seed: u64) {
        let scope = scope();
        let facts = facts::some(seed, 120);
        for report in Report::ALL {
            let table = count(*report, &scope, &facts, None).table;
            for row in &table.rows {
                for (column, cell) in table.columns.iter().zip(&row.cells) {
                    let want = Want { row: row.key.clone(), column: column.key.clone() };
                    let Value::Int(number) = cell.value else { continue };
                    if cell.behind == Behind::Nothing || number == 0 {
                        continue;
                    }
                    let behind = count(*report, &scope, &facts, Some(&want)).behind;
                    let behind = behind.map(|records| i64::try_from(records.len()).expect("few"));
                    if cell.behind == Behind::Counted {
                        prop_assert_eq!(behind, Some(number), "{} {:?}", report.code(), want);
                    } else {
                        prop_assert!(behind.is_some_and(|found| found > 0), "{} {:?}", report.code(), want);
                    }
                }
            }
        }
    }

    #[test]
    fn a_fact_is_read_as_it_was_written(seed: u64) {
        for fact in facts::some(seed, 80) {
            let read = Body::decode(fact.body.kind() as u8, &fact.body.encode()).expect("sound bytes");
            prop_assert_eq!(read, fact.body);
        }
    }

    #[test]
    fn damaged_facts_are_refused_or_read_as_something(kind in 0u8..14, bytes: Vec<u8>) {
        // Never a panic: a damaged file must not take the server down.
        let _ = Body::decode(kind, &bytes);
    }
}

#[test]
fn a_record_that_lost_a_merge_counts_as_its_survivor() {
    let scope = scope();
    let mut facts = facts::some(11, 200);
    let before = count(Report::PovertyReview, &scope, &facts, None).table;
    let homes: Vec<usize> = (0..facts.len())
        .filter(|at| matches!(&facts[*at].body, Body::Household(home) if home.until.is_none() && home.since.is_none()))
        .filter(|at| !facts[*at].state.is_out() && facts[*at].same_as.is_none())
        .collect();
    let survivor = facts[homes[1]].record;
    facts[homes[0]].same_as = Some(survivor);
    let after = count(Report::PovertyReview, &scope, &facts, None).table;
    let total = |table: &schemas::report::Table| table.int("total", "households").expect("a number");
    assert_eq!(total(&before) - 1, total(&after));
}

#[test]
fn a_household_fact_holds_no_name_and_no_number() {
    let record = facts::household_answers();
    let source = schemas::report::Source {
        record: facts::key(1),
        kind: "household",
        answers: &record,
        state: "received",
        unit: None,
        conflict: None,
        findings: 0,
        seal: &|_| facts::key(9),
    };
    let made = fact(&source);
    let bytes = made.body.encode();
    for secret in ["Giàng", "010203004567", "0912345678"] {
        let found = bytes
            .windows(secret.len())
            .any(|window| window == secret.as_bytes());
        assert!(!found, "{secret} stands in a fact");
    }
    let Body::Household(home) = made.body else {
        panic!("a household")
    };
    assert_eq!(home.members.len(), 1);
    assert_eq!(home.woman_head, Some(true));
    assert_eq!(
        home.members[0].born,
        Some(day_number("1980-01-01".parse().expect("a day")))
    );
}
