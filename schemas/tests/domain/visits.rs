//! What the visit form works out is what the poverty rules say (domain §2.3, §8.3).

use jiff::civil::date;
use schemas::poverty::{Class, ClassRecord, Standards, assess_visit};
use schemas::value::{Answers, Scalar};
use serde_json::{Value, json};

use super::{HOUSEHOLD, World, form, found};
use crate::support::answers;

const INDICATORS: [&str; 12] = [
    "employment",
    "dependents",
    "nutrition",
    "health_insurance",
    "adult_education",
    "child_schooling",
    "housing_quality",
    "housing_area",
    "water",
    "toilet",
    "telecom",
    "info_device",
];

/// A review visit with this many indicators stated as deprived.
fn review(standard: &str, area: &str, score_a: i64, deprived: usize) -> Answers {
    let mut visit = answers(json!({
        "household_id": HOUSEHOLD, "visit_type": "periodic_review", "outcome": "met",
        "review_round_id": "periodic-2026", "standard_id": standard, "visited_at": "2026-11-23T07:30:00+07:00",
        "area_type": area, "score_a": score_a, "request_form": false, "dep_note": "ví dụ",
    }));
    for (index, code) in INDICATORS.iter().enumerate() {
        visit.insert(format!("dep_{code}"), Scalar::Bool(index < deprived));
    }
    visit
}

fn computed(world: &World, visit: &Answers, field: &str) -> Option<String> {
    let value = world.run("household_visit", visit).computed.get(field).cloned()?;
    value.as_text().map(str::to_owned)
}

#[test]
fn form_and_rules_propose_the_same_class() {
    let world = World::new(json!({}));
    for standard in ["VN-2022-2025", "VN-2027-2030", "VN-2016-2020"] {
        for area in ["rural", "urban"] {
            for score_a in [0, 140, 141, 175, 176, 500] {
                for deprived in 0..=12 {
                    let visit = review(standard, area, score_a, deprived);
                    let rules = assess_visit(&Answers::new(), &visit, &[], Standards::built_in());
                    let by_rules = rules.class_proposed.map(|class| class.code().to_owned());
                    let by_form = computed(&world, &visit, "class_proposed");
                    assert_eq!(
                        by_form, by_rules,
                        "{standard} {area} A={score_a} {deprived} deprived"
                    );
                    let score_b = world
                        .run("household_visit", &visit)
                        .computed
                        .get("score_b")
                        .cloned();
                    assert_eq!(score_b, by_rules.map(|_| Scalar::Int(rules.score_b)));
                }
            }
        }
    }
}

#[test]
fn form_and_rules_agree_on_what_changed() {
    let history = |previous: Option<Class>, ever_poor: bool| {
        let record = |class, year| ClassRecord {
            class,
            recognised_on: date(year, 12, 10),
        };
        let early = ever_poor.then(|| record(Class::Poor, 2022));
        early
            .into_iter()
            .chain(previous.map(|class| record(class, 2025)))
            .collect::<Vec<_>>()
    };
    for previous in [
        None,
        Some(Class::Poor),
        Some(Class::NearPoor),
        Some(Class::NonPoor),
        Some(Class::Average),
    ] {
        for ever_poor in [false, true] {
            // A household that was poor before and has left it has a day until which it counts so.
            let until = (ever_poor && previous != Some(Class::Poor)).then_some("2028-12-10");
            let world = World::new(json!({"recently_escaped_until": until}));
            for (score_a, deprived) in [(100, 3), (100, 0), (200, 0)] {
                let mut visit = review("VN-2022-2025", "rural", score_a, deprived);
                if let Some(class) = previous {
                    visit.insert("class_previous".into(), class.code().into());
                }
                let rules = assess_visit(
                    &Answers::new(),
                    &visit,
                    &history(previous, ever_poor),
                    Standards::built_in(),
                );
                let by_rules = rules.transition.map(|transition| transition.code().to_owned());
                if previous.is_none() && ever_poor {
                    continue; // Then the earlier record is the previous one.
                }
                assert_eq!(
                    computed(&world, &visit, "transition"),
                    by_rules,
                    "{previous:?} {ever_poor} A={score_a}"
                );
            }
        }
    }
}

#[test]
fn the_class_stays_open_while_an_answer_is_missing() {
    let world = World::new(json!({}));
    for missing in ["score_a", "area_type", "dep_water"] {
        let mut visit = review("VN-2022-2025", "rural", 100, 3);
        visit.remove(missing);
        assert_eq!(computed(&world, &visit, "class_proposed"), None, "{missing}");
    }
}

/// The findings of a visit with these answers.
fn of(record: Value) -> Vec<String> {
    found(&World::new(json!({})).run("household_visit", &answers(record)))
}

#[test]
fn a_support_visit_needs_little() {
    let visit = |more: Value| {
        let mut record = json!({
            "household_id": HOUSEHOLD, "village_id": HOUSEHOLD, "visit_type": "support", "outcome": "met",
            "visited_at": "2026-11-23T07:30:00+07:00", "visitor_id": HOUSEHOLD, "aspirations": "Muốn học nghề",
        });
        record
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        of(record)
    };
    assert_eq!(visit(json!({})), Vec::<String>::new());
    assert_eq!(visit(json!({"aspirations": null})), ["aspirations required"]);
    assert_eq!(
        visit(json!({"outcome": "absent", "aspirations": null})),
        Vec::<String>::new(),
        "nobody home"
    );
    assert_eq!(
        visit(json!({"next_visit_on": "2026-11-23"})),
        ["next_visit_on constraint"]
    );
    assert_eq!(
        visit(json!({"next_visit_on": "2026-11-24"})),
        Vec::<String>::new()
    );
    // The device's clock may be a day ahead, not more.
    assert_eq!(
        visit(json!({"visited_at": "2026-11-24T07:30:00+07:00"})),
        Vec::<String>::new()
    );
    assert_eq!(
        visit(json!({"visited_at": "2026-11-25T07:30:00+07:00"})),
        ["visited_at constraint"]
    );
}

#[test]
fn a_review_asks_for_everything_the_rules_need() {
    let record = json!({
        "household_id": HOUSEHOLD, "village_id": HOUSEHOLD, "visit_type": "periodic_review", "outcome": "met",
        "visited_at": "2026-11-23T07:30:00+07:00", "visitor_id": HOUSEHOLD,
    });
    let findings = of(record);
    for field in [
        "review_round_id",
        "standard_id",
        "area_type",
        "request_form",
        "score_a",
        "house_wall",
        "house_pillar",
        "house_roof",
        "house_area_m2",
        "water_source",
        "toilet_type",
        "has_internet",
    ] {
        assert!(findings.contains(&format!("{field} required")), "{field}");
    }
    for code in INDICATORS {
        assert!(findings.contains(&format!("dep_{code} required")), "{code}");
    }
}

#[test]
fn a_poor_household_has_causes_and_a_round_has_days() {
    let world = World::new(json!({}));
    let poor = review("VN-2022-2025", "rural", 100, 3);
    assert!(found(&world.run("household_visit", &poor)).contains(&"poverty_causes required".to_owned()));
    let mut other = poor.clone();
    other.insert("poverty_causes/other".into(), Scalar::Bool(true));
    let findings = found(&world.run("household_visit", &other));
    assert!(
        findings.contains(&"other_text required".to_owned())
            && !findings.contains(&"poverty_causes required".to_owned())
    );
    let mut early = poor;
    early.insert("review_round_id".into(), "regular-2026-03".into());
    assert!(found(&world.run("household_visit", &early)).contains(&"review_round_id constraint".to_owned()));
}

#[test]
fn the_procedure_goes_in_order() {
    let world = World::new(json!({}));
    let with = |more: Value| {
        let mut visit = review("VN-2022-2025", "rural", 200, 0);
        visit.extend(answers(more));
        let all = found(&world.run("household_visit", &visit));
        let about = |finding: &String| {
            ["meeting", "posted", "decision"]
                .iter()
                .any(|word| finding.starts_with(word))
        };
        all.into_iter().filter(about).collect::<Vec<_>>()
    };
    let meeting = json!({"meeting_date": "2026-11-20", "meeting_total": 40, "meeting_agree": 20, "posted_from": "2026-11-20"});
    let changed = |field: &str, value: Value| {
        let mut record = meeting.clone();
        record.as_object_mut().unwrap().insert(field.to_owned(), value);
        record
    };
    assert_eq!(with(meeting.clone()), Vec::<String>::new());
    assert_eq!(
        with(changed("meeting_agree", json!(19))),
        ["meeting_agree constraint"],
        "at least half"
    );
    assert_eq!(
        with(changed("meeting_agree", json!(41))),
        ["meeting_agree constraint"]
    );
    assert_eq!(
        with(changed("meeting_date", json!(null))),
        ["meeting_date required"]
    );
    assert_eq!(
        with(changed("posted_to", json!("2026-11-21"))),
        ["posted_to constraint"]
    );
    assert_eq!(
        with(json!({"class_recognised": "non_poor"})),
        [
            "posted_from required",
            "posted_to required",
            "decision_no required",
            "decision_date required"
        ]
    );
}

#[test]
fn prefills_of_a_visit() {
    let world = World::new(json!({"village_id": "v", "area_type": "rural", "current_class": "poor"}));
    let context = schemas::eval::Context::at(super::NOW.parse().unwrap())
        .with_lookup(&world)
        .with_user(HOUSEHOLD);
    let filled_of = |visit_type: &str| -> Answers {
        let typed = answers(json!({"household_id": HOUSEHOLD, "visit_type": visit_type, "outcome": "met"}));
        schemas::eval::prefill(form("household_visit"), &typed, &context)
            .into_iter()
            .collect()
    };
    let support = filled_of("support");
    assert_eq!(
        support.get("area_type"),
        None,
        "a support visit does not ask for it"
    );
    assert_eq!(support.get("visitor_id"), Some(&HOUSEHOLD.into()));
    let filled = filled_of("periodic_review");
    assert_eq!(filled.get("area_type"), Some(&"rural".into()));
    assert_eq!(filled.get("class_previous"), Some(&"poor".into()));
    assert_eq!(filled.get("visitor_id"), Some(&HOUSEHOLD.into()));
    assert_eq!(
        filled.get("visited_at"),
        Some(&"2026-11-23T08:00:00+07:00".into())
    );
}
