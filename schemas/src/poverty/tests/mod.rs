//! Worked examples, each with the article it follows. Households here are invented.

mod classes;
mod houses;
mod indicators;
mod records;
mod standards;

use std::collections::BTreeMap;

use jiff::civil::{Date, date};

use super::*;
use crate::person::Sex;

/// The day of most examples: the periodic round of 2026.
const ON: Date = date(2026, 11, 23);

/// A standard by id.
fn standard(id: &str) -> &'static Standard {
    Standards::built_in().by_id(id).unwrap()
}

/// A member born so many years before [`ON`], on its very day, who lacks nothing.
fn member(id: &str, years: i16) -> Member {
    let date = date(ON.year() - years, ON.month(), ON.day());
    let schooling = match years {
        0..=2 => "none",
        3..=5 => "mam_non",
        6..=11 => "tieu_hoc",
        12..=15 => "thcs",
        _ => "none",
    };
    let adult = years >= 15;
    Member {
        id: id.to_owned(),
        birth: Some(Birth {
            date,
            precision: BirthPrecision::Day,
        }),
        sex: Some(Sex::Male),
        able_to_work: adult.then_some(years < 60),
        malnourished: Some(false),
        insured: Some(true),
        schooling: Some(schooling.to_owned()),
        education: Some(if years >= 18 { "upper_sec" } else { "lower_sec" }.to_owned()),
        skill: Some("none".to_owned()),
        employment: adult.then(|| "employed".to_owned()),
        job_kind: adult.then(|| "farm_family".to_owned()),
        ..Member::default()
    }
}

/// A house that lacks nothing, for two people.
fn house() -> House {
    House {
        durable: [Some(true); 3],
        area_m2: Some(40.0),
        water_source: Some("tap".into()),
        toilet_type: Some("septic".into()),
        has_internet: Some(true),
        devices: ["tv".to_owned()].into(),
    }
}

/// A couple of 30 and 40 that lacks nothing, in a rural area, with score A at the limit.
fn household() -> AssessmentInput<'static> {
    AssessmentInput {
        standards: Standards::built_in(),
        standard: standard("VN-2022-2025"),
        on: ON,
        area: Some(Area::Rural),
        score_a: Some(140),
        members: vec![member("a", 40), member("b", 31)],
        declared_count: None,
        house: house(),
        stated: BTreeMap::new(),
        dep_note: None,
        income_vnd: None,
        history: &[],
    }
}

fn codes(assessment: &Assessment) -> Vec<&str> {
    assessment
        .findings
        .iter()
        .map(|finding| finding.code.as_str())
        .collect()
}

/// What one indicator says of the couple after a change.
fn deprived(code: &str, change: impl FnOnce(&mut AssessmentInput<'static>)) -> Option<bool> {
    let mut input = household();
    change(&mut input);
    assess(&input).indicator(code).unwrap().deprived
}

#[test]
fn the_couple_that_lacks_nothing() {
    let assessment = assess(&household());
    let lacking: Vec<&str> = assessment
        .indicators
        .iter()
        .filter(|i| i.deprived != Some(false))
        .map(|i| i.code.as_str())
        .collect();
    assert_eq!(lacking, Vec::<&str>::new());
    assert_eq!((assessment.score_b, assessment.score_b_complete), (0, true));
    assert_eq!(assessment.class_proposed, Some(Class::NearPoor));
    assert_eq!((assessment.reasons.len(), codes(&assessment)), (0, vec![]));
}

#[test]
fn every_code_of_a_reason_or_finding_has_words() {
    for (code, vi, en) in wording::TABLE {
        let label = wording::words(code);
        assert!(label.get("vi") == *vi && label.get("en") == *en && vi != en);
        assert_eq!(
            wording::TABLE
                .iter()
                .filter(|(other, _, _)| other == code)
                .count(),
            1,
            "{code}"
        );
    }
    // A household about which nothing is known reaches most codes.
    let nothing = AssessmentInput {
        members: vec![],
        house: House::default(),
        area: None,
        score_a: None,
        ..household()
    };
    for finding in assess(&nothing).findings {
        assert_ne!(
            finding.message.get("vi"),
            finding.code,
            "no words for {}",
            finding.code
        );
    }
}
