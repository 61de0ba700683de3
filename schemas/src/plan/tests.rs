use jiff::civil::date;

use super::*;
use crate::unit::{UNITS_JSON, UnitTree};

#[test]
fn the_plan_has_ten_communes_that_exist() {
    let plan = Plan::plan_2024();
    let tree = UnitTree::from_json(UNITS_JSON).unwrap();
    assert_eq!(plan.scope.len(), 10);
    for scope in &plan.scope {
        let unit = tree.by_code(&scope.official_code, date(2024, 12, 31)).unwrap();
        assert_eq!((&unit.id, &unit.name), (&scope.unit_id, &scope.name));
        assert_eq!(scope.sponsor_agency, None);
    }
}

#[test]
fn twenty_two_targets_with_the_numbers_of_the_plan() {
    let plan = Plan::plan_2024();
    let ids: Vec<&str> = plan.targets.iter().map(|target| target.id.as_str()).collect();
    let expected: Vec<String> = (1..=22).map(|n| format!("T{n}")).collect();
    assert_eq!(ids, expected);
    for (id, op, value) in [
        ("T1", TargetOp::AtLeast, Some(10.77)),
        ("T2", TargetOp::AtLeast, Some(1.0)),
        ("T3", TargetOp::AtLeast, Some(100.0)),
        ("T7", TargetOp::AtLeast, Some(2.0)),
        ("T8", TargetOp::Report, None),
        ("T9", TargetOp::AtLeast, Some(10.0)),
        ("T10", TargetOp::Between, Some(300.0)),
        ("T12", TargetOp::About, Some(500.0)),
        ("T13", TargetOp::AtLeast, Some(15.0)),
        ("T14", TargetOp::IsTrue, None),
        ("T15", TargetOp::AtMost, Some(0.0)),
    ] {
        let target = plan.target(id).unwrap();
        assert_eq!((target.op, target.value), (op, value), "{id}");
    }
    assert_eq!(plan.target("T10").unwrap().value_to, Some(350.0));
    assert_eq!(plan.target("T1").unwrap().setting("aggregate"), Some("pooled"));
    assert_eq!(
        plan.target("T9").unwrap().setting_list("fair_types"),
        ["transaction", "festival", "conference"]
    );
    assert!(plan.unit_targets.is_empty(), "annexes 01 and 02 are not at hand");
}

#[test]
fn reaching_a_target() {
    let plan = Plan::plan_2024();
    let reached = |id: &str, value| plan.target(id).unwrap().reached(value);
    assert_eq!(reached("T1", 11.06), Some(true));
    assert_eq!(reached("T1", 10.76), Some(false));
    assert_eq!(reached("T10", 300.0), Some(true));
    assert_eq!(reached("T10", 299.0), Some(false));
    assert_eq!(reached("T15", 0.0), Some(true));
    assert_eq!(reached("T15", 1.0), Some(false));
    assert_eq!(reached("T8", 40.0), None);
    assert_eq!(plan.target("T9").unwrap().percent_of_plan(5.0), Some(50.0));
    assert_eq!(plan.target("T15").unwrap().percent_of_plan(0.0), None);
}

#[test]
fn targets_and_catalogue_name_each_other() {
    let plan = Plan::plan_2024();
    for indicator in &plan.catalogue {
        for id in &indicator.targets {
            let target = plan.target(id).unwrap();
            assert!(
                target.captured_by.iter().any(|kind| kind == "commune_indicator"),
                "{id} {}",
                indicator.code
            );
        }
        assert_eq!(
            indicator.kind == IndicatorKind::Ratio,
            !indicator.denominator_label.is_empty(),
            "{}",
            indicator.code
        );
    }
    for target in plan
        .targets
        .iter()
        .filter(|target| target.captured_by == ["commune_indicator"])
    {
        assert!(plan.indicator(&target.indicator).is_some(), "{}", target.id);
    }
}

#[test]
fn every_target_has_words_and_a_source() {
    let plan = Plan::plan_2024();
    for target in &plan.targets {
        assert!(
            target.label.has("vi")
                && target.label.has("en")
                && !target.phrase.is_empty()
                && !target.formula.is_empty()
        );
        assert!(target.source.contains("domain §1.1"), "{}", target.id);
    }
}
