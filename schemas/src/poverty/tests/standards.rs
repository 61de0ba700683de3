//! The standards as data: Decree 07/2021, Decree 351/2025.

use super::*;

#[test]
fn standards_by_day() {
    let id = |on| {
        Standards::built_in()
            .standard_for(on)
            .map(|standard| standard.id.as_str())
    };
    for (case, on, expected) in [
        ("QĐ 59/2015, last day", date(2021, 12, 31), Some("VN-2016-2020")),
        (
            "Decree 07/2021, first day",
            date(2022, 1, 1),
            Some("VN-2022-2025"),
        ),
        (
            "Decree 351/2025 extends it through 2026",
            date(2026, 1, 1),
            Some("VN-2022-2025"),
        ),
        (
            "Decree 351/2025, last day of the extension",
            date(2026, 12, 31),
            Some("VN-2022-2025"),
        ),
        (
            "Decree 351/2025, first day",
            date(2027, 1, 1),
            Some("VN-2027-2030"),
        ),
        (
            "Decree 351/2025, last day",
            date(2030, 12, 31),
            Some("VN-2027-2030"),
        ),
        ("nothing known", date(2031, 1, 1), None),
    ] {
        assert_eq!(id(on), expected, "{case}");
    }
}

#[test]
fn figures_of_the_decrees() {
    let standard = standard("VN-2022-2025");
    assert_eq!(
        (standard.income_line_vnd.rural, standard.income_line_vnd.urban),
        (1_500_000, 2_000_000)
    );
    let limit = standard.score_a_max.as_ref().unwrap();
    assert_eq!((limit.rural, limit.urban), (140, 175));
    assert_eq!(standard.poor_score_b_min(), Some(30));
    assert!(!standard.is_provisional());
    let next = super::standard("VN-2027-2030");
    assert_eq!(
        (next.income_line_vnd.rural, next.income_line_vnd.urban),
        (2_200_000, 2_800_000)
    );
    assert!(next.is_provisional(), "its score limits are carried over");
    assert_eq!(super::standard("VN-2016-2020").method, Method::Other);
}

#[test]
fn indicators_in_the_order_of_the_annex() {
    let standards = Standards::built_in();
    let codes: Vec<&str> = standards
        .indicators(standard("VN-2022-2025"))
        .iter()
        .map(|i| i.code.as_str())
        .collect();
    assert_eq!(
        codes,
        [
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
            "info_device"
        ]
    );
    for standard in &standards.standards {
        for indicator in standards.indicators(standard) {
            assert!(indicator.label.has("vi") && indicator.label.has("en"));
            assert!(
                standards
                    .dimensions
                    .iter()
                    .any(|dimension| dimension.code == indicator.dimension)
            );
        }
    }
    assert_eq!(standards.dimensions.len(), 6);
}

#[test]
fn every_figure_says_its_source_and_how_sure_it_is() {
    let json: serde_json::Value = serde_json::from_str(include_str!("../../../data/standards.json")).unwrap();
    for standard in json["standards"].as_array().unwrap() {
        for (name, figure) in standard
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, figure)| figure.is_object())
        {
            if name != "label" {
                assert!(
                    figure["source"].is_string() && figure["certainty"].is_string(),
                    "{name}"
                );
            }
        }
    }
}

#[test]
fn what_forms_look_up() {
    let value = |path: &str| Standards::built_in().value("VN-2022-2025", path);
    assert_eq!(value("score_a_max/rural"), Some(crate::value::Scalar::Int(140)));
    assert_eq!(value("score_a_max/urban"), Some(crate::value::Scalar::Int(175)));
    assert_eq!(value("poor_score_b_min"), Some(crate::value::Scalar::Int(30)));
    assert_eq!(value("points_per_indicator"), Some(crate::value::Scalar::Int(10)));
    assert_eq!(value("valid_to"), Some("2026-12-31".into()));
    assert_eq!(value("score_a_max"), None);
    assert_eq!(
        Standards::built_in().value("VN-2016-2020", "score_a_max/rural"),
        None
    );
    assert_eq!(Standards::built_in().value("nothing", "valid_to"), None);
}

#[test]
fn retirement_rises_to_62_and_60() {
    // Labour Code 2019 art. 169: men 62 from 2028, women 60 from 2035.
    let months = |year, sex| Standards::built_in().retirement.months(year, Some(sex));
    assert_eq!(
        (months(2021, Sex::Male), months(2021, Sex::Female)),
        (60 * 12 + 3, 55 * 12 + 4)
    );
    assert_eq!(
        (months(2026, Sex::Male), months(2026, Sex::Female)),
        (61 * 12 + 6, 57 * 12)
    );
    assert_eq!(
        (months(2028, Sex::Male), months(2034, Sex::Female)),
        (62 * 12, 59 * 12 + 8)
    );
    assert_eq!(
        (months(2040, Sex::Male), months(2040, Sex::Female)),
        (62 * 12, 60 * 12)
    );
    assert_eq!(Standards::built_in().retirement.months(2026, None), 61 * 12 + 6);
}

#[test]
fn an_earlier_standard_is_not_computed() {
    let assessment = assess(&AssessmentInput {
        standard: standard("VN-2016-2020"),
        ..household()
    });
    assert_eq!(assessment.class_proposed, None);
    assert_eq!(
        codes(&assessment),
        ["standard_not_in_force", "standard_not_computable"]
    );
}
