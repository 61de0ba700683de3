//! The adapter: flat answers of a household and a visit, as phones hold them.

use super::*;
use crate::value::{Answers, Scalar};

const A: &str = "0190b5d2-7c1a-7def-8a11-0123456789aa";
const B: &str = "0190b5d2-7c1a-7def-8a11-0123456789bb";

fn put(answers: &mut Answers, prefix: &str, fields: &[(&str, Scalar)]) {
    for (field, value) in fields {
        answers.insert(format!("{prefix}{field}"), value.clone());
    }
}

fn some_household() -> Answers {
    let mut answers = Answers::new();
    put(
        &mut answers,
        "",
        &[("$kind", "household".into()), ("area_type", "rural".into())],
    );
    for (id, born, precision) in [(A, "1986-01-01", "year"), (B, "2019-05-20", "day")] {
        put(
            &mut answers,
            &format!("members/{id}/"),
            &[
                ("birth_date", born.into()),
                ("birth_precision", precision.into()),
                ("sex", "female".into()),
                ("has_health_insurance", Scalar::Bool(true)),
                ("malnourished", Scalar::Bool(false)),
                ("able_to_work", Scalar::Bool(true)),
                ("employment_status", "employed".into()),
                ("job_kind", "farm_family".into()),
                ("schooling_now", "tieu_hoc".into()),
                ("education_level", "primary".into()),
                ("skill_level", "none".into()),
                ("disability", "none".into()),
                ("presence", "present".into()),
            ],
        );
    }
    answers
}

fn some_visit(visited_at: &str) -> Answers {
    let mut answers = Answers::new();
    put(
        &mut answers,
        "",
        &[
            ("visited_at", visited_at.into()),
            ("visit_type", "periodic_review".into()),
            ("score_a", Scalar::Int(120)),
            ("house_wall", "non_durable".into()),
            ("house_pillar", "non_durable".into()),
            ("house_roof", "durable".into()),
            ("house_area_m2", Scalar::Int(15)),
            ("water_source", "surface".into()),
            ("toilet_type", "pit_slab".into()),
            ("has_internet", Scalar::Bool(true)),
            ("devices/phone", Scalar::Bool(true)),
        ],
    );
    answers
}

fn run(household: &Answers, visit: &Answers) -> Assessment {
    assess_visit(household, visit, &[], Standards::built_in())
}

fn lacking(assessment: &Assessment) -> Vec<&str> {
    assessment
        .indicators
        .iter()
        .filter(|i| i.deprived == Some(true))
        .map(|i| i.code.as_str())
        .collect()
}

#[test]
fn a_visit_is_assessed_whole() {
    let assessment = run(&some_household(), &some_visit("2026-11-23T08:00:00+07:00"));
    assert_eq!(lacking(&assessment), ["housing_quality", "housing_area", "water"]);
    assert_eq!(
        (assessment.score_b, assessment.class_proposed),
        (30, Some(Class::Poor))
    );
    assert_eq!(assessment.transition, Some(Transition::FellNew));
    assert_eq!(assessment.standard_id.as_deref(), Some("VN-2022-2025"));
    assert_eq!(assessment.no_labour_capacity, Some(false));
    assert_eq!(codes(&assessment), Vec::<&str>::new());
}

#[test]
fn the_standard_changes_at_midnight_in_vietnam() {
    // Decree 351/2025: to 31/12/2026, and from 1/1/2027.
    for (visited_at, standard) in [
        ("2026-12-31T23:59:59+07:00", "VN-2022-2025"),
        ("2026-12-31T16:59:59Z", "VN-2022-2025"),
        ("2027-01-01T00:00:00+07:00", "VN-2027-2030"),
        ("2026-12-31T17:00:00Z", "VN-2027-2030"),
    ] {
        let assessment = run(&some_household(), &some_visit(visited_at));
        assert_eq!(assessment.standard_id.as_deref(), Some(standard), "{visited_at}");
        let provisional = codes(&assessment).contains(&"standard_provisional");
        assert_eq!(provisional, standard == "VN-2027-2030");
        assert_eq!(assessment.class_proposed, Some(Class::Poor));
    }
}

#[test]
fn a_visit_may_name_the_coming_standard() {
    // Domain §2.1: at a change, expect one visit with two assessments.
    let mut visit = some_visit("2026-11-23T08:00:00+07:00");
    put(&mut visit, "", &[("standard_id", "VN-2027-2030".into())]);
    let assessment = run(&some_household(), &visit);
    assert_eq!(assessment.standard_id.as_deref(), Some("VN-2027-2030"));
    assert_eq!(
        codes(&assessment),
        ["standard_not_in_force", "standard_provisional"]
    );
}

#[test]
fn rows_taken_out_and_members_gone_do_not_count() {
    for (path, value) in [
        (format!("members/{B}/$removed"), Scalar::Bool(true)),
        (format!("members/{B}/presence"), "moved".into()),
        (format!("members/{B}/presence"), "deceased".into()),
    ] {
        let mut household = some_household();
        household.insert(path, value);
        let assessment = run(&household, &some_visit("2026-11-23T08:00:00+07:00"));
        assert_eq!(
            lacking(&assessment),
            ["housing_quality", "water"],
            "15 m² are enough for one"
        );
        assert_eq!(assessment.class_proposed, Some(Class::NearPoor));
    }
}

#[test]
fn stated_indicators_and_the_recognised_class_are_read() {
    let mut visit = some_visit("2026-11-23T08:00:00+07:00");
    put(
        &mut visit,
        "",
        &[
            ("dep_water", Scalar::Bool(false)),
            ("area_type", "urban".into()),
            ("score_a", Scalar::Int(170)),
        ],
    );
    put(
        &mut visit,
        "",
        &[
            ("class_recognised", "near_poor".into()),
            ("decision_date", "2026-12-14".into()),
        ],
    );
    let history = [ClassRecord {
        class: Class::Poor,
        recognised_on: date(2025, 12, 10),
    }];
    let assessment = assess_visit(&some_household(), &visit, &history, Standards::built_in());
    assert_eq!(codes(&assessment), ["dep_note_missing"]);
    assert_eq!(
        assessment.class_proposed,
        Some(Class::NearPoor),
        "B = 20, urban limit 175"
    );
    assert_eq!(assessment.transition, Some(Transition::EscapedToNearPoor));
    assert_eq!(assessment.class_previous, Some(Class::Poor));
    assert_eq!(assessment.recently_escaped_until, Some(date(2029, 12, 14)));
}

#[test]
fn nothing_known_is_total() {
    let nothing = Answers::new();
    assert_eq!(codes(&run(&nothing, &nothing)), ["standard_unknown"]);
    let mut visit = Answers::new();
    put(&mut visit, "", &[("standard_id", "VN-2022-2025".into())]);
    assert_eq!(codes(&run(&nothing, &visit)), ["visit_date_missing"]);
    put(
        &mut visit,
        "",
        &[("visited_at", "2026-11-23T08:00:00+07:00".into())],
    );
    let assessment = run(&nothing, &visit);
    assert_eq!(
        (
            assessment.class_proposed,
            assessment.score_b,
            assessment.score_b_complete
        ),
        (None, 0, false)
    );
    assert!(
        codes(&assessment).contains(&"members_missing") && codes(&assessment).contains(&"score_a_missing")
    );
    put(&mut visit, "", &[("standard_id", "VN-1999".into())]);
    assert_eq!(codes(&run(&nothing, &visit)), ["standard_unknown"]);
}
