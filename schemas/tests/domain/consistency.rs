//! What stands in several places is the same in all of them.

use std::collections::BTreeMap;

use schemas::catalog::Catalog;
use schemas::ethnic::ethnic_groups;
use schemas::plan::{IndicatorKind, Plan};
use schemas::poverty::{Class, Rule, Standards, Transition};

use super::form;

fn codes(kind: &str, list: &str) -> Vec<String> {
    let choices = &form(kind).lists()[list].choices;
    choices.iter().map(|choice| choice.name.clone()).collect()
}

#[test]
fn one_list_has_one_meaning_in_all_forms() {
    let mut known = BTreeMap::new();
    for form in Catalog::builtin().iter() {
        for (name, list) in form.lists() {
            let first = known
                .entry(name.clone())
                .or_insert_with(|| (form.form_id().to_owned(), list.clone()));
            assert_eq!(
                &first.1,
                list,
                "list {name} of {} and {}",
                first.0,
                form.form_id()
            );
        }
    }
}

#[test]
fn ethnic_groups_of_forms_are_those_of_the_list() {
    for kind in [
        "household",
        "household_member",
        "job_fair_attendance",
        "labour_survey",
        "vocational_enrolment",
    ] {
        let choices = &form(kind).lists()["ethnicity"].choices;
        assert_eq!(choices.len(), ethnic_groups().len());
        for (choice, group) in choices.iter().zip(ethnic_groups()) {
            assert_eq!((&choice.name, &choice.label), (&group.code, &group.label));
        }
    }
}

#[test]
fn indicators_of_the_form_are_those_of_the_plan() {
    let plan: Vec<String> = Plan::plan_2024()
        .catalogue
        .iter()
        .map(|indicator| indicator.code.clone())
        .collect();
    assert_eq!(codes("commune_indicator", "indicator_code"), plan);
    for choice in &form("commune_indicator").lists()["indicator_code"].choices {
        assert_eq!(
            choice.label,
            Plan::plan_2024().indicator(&choice.name).unwrap().label
        );
    }
}

#[test]
fn each_indicator_asks_for_its_kind_of_value() {
    let world = super::World::new(serde_json::json!({}));
    for indicator in &Plan::plan_2024().catalogue {
        let record = crate::support::answers(serde_json::json!({"code": indicator.code}));
        let visible = world.run("commune_indicator", &record).visible;
        let asked = ["value_num", "denominator", "value_bool"].map(|field| visible.contains(field));
        let expected = match indicator.kind {
            IndicatorKind::Ratio => [true, true, false],
            IndicatorKind::Number => [true, false, false],
            IndicatorKind::Bool => [false, false, true],
            IndicatorKind::Text => [false, false, false],
        };
        assert_eq!(asked, expected, "{}", indicator.code);
    }
}

#[test]
fn targets_name_kinds_choices_and_settings_that_exist() {
    for target in &Plan::plan_2024().targets {
        for kind in &target.captured_by {
            assert!(Catalog::builtin().form(kind).is_some(), "{} {kind}", target.id);
        }
        for fair_type in target.setting_list("fair_types") {
            assert!(
                codes("job_fair", "fair_type")
                    .iter()
                    .any(|code| code == fair_type)
            );
        }
        for class in target.setting_list("classes") {
            assert!(Class::parse(class).is_some());
        }
        if let Some(measure) = target.setting("kind") {
            assert!(
                codes("support_measure", "measure_kind")
                    .iter()
                    .any(|code| code == measure)
            );
        }
    }
}

#[test]
fn classes_and_transitions_of_the_form_are_those_of_the_rules() {
    for code in codes("household_visit", "hh_class") {
        assert_eq!(Class::parse(&code).unwrap().code(), code);
    }
    let all = [
        Transition::StayPoor,
        Transition::EscapedToNearPoor,
        Transition::Escaped,
        Transition::FellNew,
        Transition::FellAgain,
        Transition::StayNearPoor,
        Transition::LeftNearPoor,
        Transition::None,
    ];
    assert_eq!(
        codes("household_visit", "transition"),
        all.map(|transition| transition.code().to_owned())
    );
}

#[test]
fn rules_name_only_answers_that_forms_offer() {
    let standards = Standards::built_in();
    let offered = |kind: &str, list: &str, wanted: &[String]| {
        let codes = codes(kind, list);
        for code in wanted {
            assert!(codes.contains(code), "{list} has no {code}");
        }
    };
    for indicator in standards.indicator_sets.iter().flat_map(|set| &set.indicators) {
        let field = format!("dep_{}", indicator.code);
        assert!(form("household_visit").field(&field).is_some(), "{field}");
        match &indicator.rule {
            Rule::WithoutWork {
                without_work,
                contract_needed,
                ..
            } => {
                offered("household_member", "employment_status", without_work);
                offered("household_member", "job_kind", contract_needed);
            }
            Rule::AdultLevel { bands } => {
                for band in bands {
                    offered("household_member", "schooling_now", &band.schooling);
                    offered("household_member", "education_level", &band.education);
                    offered("household_member", "skill_level", &band.skill);
                }
            }
            Rule::ChildLevel { bands } => {
                for band in bands {
                    offered("household_member", "schooling_now", &band.schooling);
                }
            }
            Rule::AnswerAmong { field, good } => offered("household_visit", field, good),
            Rule::NoDevice { shared, personal } => {
                offered("household_visit", "devices", shared);
                offered("household_visit", "devices", personal);
            }
            Rule::Dependents { .. }
            | Rule::MalnourishedChild { .. }
            | Rule::Uninsured { .. }
            | Rule::Structure { .. }
            | Rule::AreaPerPerson { .. }
            | Rule::NoInternet => {}
        }
    }
}
