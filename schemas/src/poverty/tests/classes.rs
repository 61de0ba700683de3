//! Scores, classes and transitions: Circular 07/2021/TT-BLĐTBXH and domain §2.3.

use super::*;

/// So many indicators stated as deprived, all others as not, with a reason given.
fn stating(input: &mut AssessmentInput<'static>, count: usize) {
    for (index, indicator) in input.standards.indicators(input.standard).iter().enumerate() {
        input.stated.insert(indicator.code.clone(), index < count);
    }
    input.dep_note = Some("ví dụ".into());
}

#[test]
fn class_by_the_two_scores() {
    for (case, area, score_a, deprived, expected) in [
        (
            "Circular 07/2021: rural A = 140 is up to the limit",
            Area::Rural,
            140,
            3,
            Class::Poor,
        ),
        (
            "Circular 07/2021: rural A = 141 is above",
            Area::Rural,
            141,
            3,
            Class::NonPoor,
        ),
        (
            "Circular 07/2021: urban A = 175 is up to the limit",
            Area::Urban,
            175,
            3,
            Class::Poor,
        ),
        (
            "Circular 07/2021: urban A = 176 is above",
            Area::Urban,
            176,
            3,
            Class::NonPoor,
        ),
        (
            "Circular 07/2021: rural households are not measured by the urban limit",
            Area::Rural,
            175,
            12,
            Class::NonPoor,
        ),
        (
            "Circular 07/2021: B = 30 is poor",
            Area::Rural,
            100,
            3,
            Class::Poor,
        ),
        (
            "Circular 07/2021: B = 20 is near-poor",
            Area::Rural,
            100,
            2,
            Class::NearPoor,
        ),
        (
            "Decree 07/2021 art. 3: near-poor with no deprivation at all",
            Area::Rural,
            0,
            0,
            Class::NearPoor,
        ),
        (
            "Circular 07/2021: B = 120 above the income limit is not poor",
            Area::Rural,
            141,
            12,
            Class::NonPoor,
        ),
    ] {
        let mut input = household();
        (input.area, input.score_a) = (Some(area), Some(score_a));
        stating(&mut input, deprived);
        let assessment = assess(&input);
        assert_eq!(assessment.class_proposed, Some(expected), "{case}");
        assert_eq!(
            assessment.score_b,
            10 * i64::try_from(deprived).unwrap(),
            "{case}"
        );
    }
}

#[test]
fn an_open_indicator_leaves_the_class_open_only_where_it_could_change() {
    let open = |score_a, deprived| {
        let mut input = household();
        input.score_a = Some(score_a);
        stating(&mut input, deprived);
        input.stated.remove("info_device");
        (input.house.has_internet, input.house.devices) = (None, Default::default());
        assess(&input)
    };
    let assessment = open(100, 2);
    assert_eq!((assessment.class_proposed, assessment.transition), (None, None));
    assert_eq!((assessment.score_b, assessment.score_b_complete), (20, false));
    assert!(codes(&assessment).contains(&"indicator_unknown"));
    assert_eq!(open(100, 3).class_proposed, Some(Class::Poor), "B is 30 already");
    assert_eq!(open(141, 2).class_proposed, Some(Class::NonPoor), "A is above");
}

#[test]
fn an_override_needs_a_note() {
    // Domain §8.3: dep_* are prefilled from members and house; an override needs dep_note.
    let stated = |value, note: Option<&str>| {
        let mut input = household();
        input.stated.insert("water".into(), value);
        input.dep_note = note.map(str::to_owned);
        assess(&input)
    };
    let silent = stated(true, None);
    let water = silent.indicator("water").unwrap();
    assert_eq!(
        (water.stated, water.derived, water.deprived),
        (Some(true), Some(false), Some(true))
    );
    assert_eq!(silent.findings[0].path, "dep_water");
    assert_eq!(codes(&silent), ["dep_note_missing"]);
    assert_eq!(codes(&stated(true, Some("  "))), ["dep_note_missing"]);
    assert_eq!(
        codes(&stated(true, Some("Mùa khô không có nước"))),
        Vec::<&str>::new()
    );
    assert_eq!(
        codes(&stated(false, None)),
        Vec::<&str>::new(),
        "agreement needs none"
    );
}

#[test]
fn transitions() {
    use Class::{Average, NearPoor, NonPoor, Poor, Unclassified};
    for (previous, ever_poor, new, expected) in [
        (Some(Poor), true, Poor, Transition::StayPoor),
        (Some(Poor), true, NearPoor, Transition::EscapedToNearPoor),
        (Some(Poor), true, NonPoor, Transition::Escaped),
        (Some(Poor), true, Average, Transition::Escaped),
        (Some(NearPoor), false, Poor, Transition::FellNew),
        (Some(NearPoor), true, Poor, Transition::FellAgain),
        (Some(NonPoor), false, Poor, Transition::FellNew),
        (Some(NonPoor), true, Poor, Transition::FellAgain),
        (None, false, Poor, Transition::FellNew),
        (Some(Unclassified), false, Poor, Transition::FellNew),
        (Some(NearPoor), false, NearPoor, Transition::StayNearPoor),
        (Some(NearPoor), false, NonPoor, Transition::LeftNearPoor),
        (Some(NonPoor), false, NonPoor, Transition::None),
        (Some(NonPoor), false, NearPoor, Transition::None),
        (None, false, NonPoor, Transition::None),
        (Some(Poor), true, Unclassified, Transition::None),
    ] {
        assert_eq!(
            transition(previous, ever_poor, new),
            expected,
            "{previous:?} {ever_poor} {new:?}"
        );
    }
}

fn record(class: Class, recognised_on: Date) -> ClassRecord {
    ClassRecord { class, recognised_on }
}

#[test]
fn transitions_come_from_the_history_in_any_order() {
    static HISTORY: [ClassRecord; 2] = [
        ClassRecord {
            class: Class::NonPoor,
            recognised_on: date(2024, 12, 10),
        },
        ClassRecord {
            class: Class::Poor,
            recognised_on: date(2022, 12, 10),
        },
    ];
    let mut input = household();
    input.history = &HISTORY;
    stating(&mut input, 3);
    let assessment = assess(&input);
    assert_eq!(assessment.class_previous, Some(Class::NonPoor));
    assert_eq!(assessment.transition, Some(Transition::FellAgain));
}

#[test]
fn recently_escaped_for_36_months() {
    // Domain §2.3: 36 months from the recognition.
    let escape = date(2024, 12, 10);
    let until = |records: &[ClassRecord]| recently_escaped_until(records, 36);
    let poor = record(Class::Poor, date(2022, 12, 10));
    assert_eq!(
        until(&[poor.clone(), record(Class::NonPoor, escape)]),
        Some(date(2027, 12, 10))
    );
    assert_eq!(
        until(&[poor.clone(), record(Class::NearPoor, escape)]),
        Some(date(2027, 12, 10)),
        "near-poor has left too"
    );
    let later = record(Class::NonPoor, date(2025, 12, 10));
    assert_eq!(
        until(&[later, poor.clone(), record(Class::NonPoor, escape)]),
        Some(date(2027, 12, 10)),
        "counted once"
    );
    assert_eq!(
        until(&[
            poor.clone(),
            record(Class::NonPoor, escape),
            record(Class::Poor, date(2025, 12, 10))
        ]),
        None
    );
    assert_eq!(
        until(&[
            record(Class::NearPoor, escape),
            record(Class::NonPoor, date(2025, 12, 10))
        ]),
        None,
        "never poor"
    );
    assert_eq!(until(&[]), None);
    assert_eq!(
        until(&[poor, record(Class::NonPoor, date(2023, 8, 31))]),
        Some(date(2026, 8, 31))
    );
}

#[test]
fn no_labour_capacity() {
    let able = |id: &str, years, able_to_work| Member {
        able_to_work,
        ..member(id, years)
    };
    for (case, members, expected) in [
        ("an able adult", vec![able("a", 40, Some(true))], Some(false)),
        (
            "only elderly and children",
            vec![able("a", 80, Some(false)), member("b", 8)],
            Some(true),
        ),
        (
            "under working age never counts",
            vec![able("a", 80, Some(false)), able("b", 14, Some(true))],
            Some(true),
        ),
        (
            "the able member moved away",
            vec![
                Member {
                    gone: true,
                    ..able("a", 40, Some(true))
                },
                able("b", 80, Some(false)),
            ],
            Some(true),
        ),
        ("not answered", vec![able("a", 40, None)], None),
        ("nobody listed", vec![], None),
    ] {
        let assessment = assess(&AssessmentInput {
            members,
            ..household()
        });
        assert_eq!(assessment.no_labour_capacity, expected, "{case}");
    }
}

#[test]
fn income_bands() {
    // Decree 07/2021 art. 3: average is above 1.5 to 2.25 million rural, above 2 to 3 million urban.
    let band = |id, area, income| standard(id).income_band(area, income);
    for (area, income, expected) in [
        (Area::Rural, 1_500_000, IncomeBand::UpToLine),
        (Area::Rural, 1_500_001, IncomeBand::Average),
        (Area::Rural, 2_250_000, IncomeBand::Average),
        (Area::Rural, 2_250_001, IncomeBand::Above),
        (Area::Urban, 2_000_000, IncomeBand::UpToLine),
        (Area::Urban, 3_000_000, IncomeBand::Average),
        (Area::Urban, 3_000_001, IncomeBand::Above),
    ] {
        assert_eq!(
            band("VN-2022-2025", area, income),
            Some(expected),
            "{area:?} {income}"
        );
    }
    assert_eq!(
        band("VN-2027-2030", Area::Rural, 2_200_000),
        Some(IncomeBand::UpToLine),
        "Decree 351/2025"
    );
    assert_eq!(
        band("VN-2027-2030", Area::Rural, 2_200_001),
        None,
        "the upper end was not seen"
    );
}
