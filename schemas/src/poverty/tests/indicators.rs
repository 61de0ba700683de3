//! The six indicators that members decide, both ways and at their limits: annex of Decree 07/2021/NĐ-CP.

use super::*;

/// The couple with one more member.
fn with(third: Member) -> impl FnOnce(&mut AssessmentInput<'static>) {
    move |input| input.members.push(third)
}

fn text(code: &str) -> Option<String> {
    Some(code.to_owned())
}

#[test]
fn employment() {
    let jobless = |years| Member {
        employment: text("unemployed_wants_work"),
        able_to_work: Some(true),
        ..member("c", years)
    };
    let wage = |contract| Member {
        job_kind: text("wage"),
        has_contract: contract,
        ..member("c", 30)
    };
    for (case, third, expected) in [
        (
            "annex 1: a working-age member without work",
            jobless(30),
            Some(true),
        ),
        ("annex 1: from 15", jobless(15), Some(true)),
        ("annex 1: not under 15", jobless(14), Some(false)),
        (
            "Labour Code art. 169: a man of 61 works until 61 years 6 months in 2026",
            jobless(61),
            Some(true),
        ),
        (
            "Labour Code art. 169: a man of 62 is past working age in 2026",
            jobless(62),
            Some(false),
        ),
        (
            "Labour Code art. 169: a woman of 57 is past working age in 2026",
            Member {
                sex: Some(Sex::Female),
                ..jobless(57)
            },
            Some(false),
        ),
        (
            "Labour Code art. 169: a woman of 56 is not",
            Member {
                sex: Some(Sex::Female),
                ..jobless(56)
            },
            Some(true),
        ),
        (
            "annex 1: able only",
            Member {
                able_to_work: Some(false),
                ..jobless(30)
            },
            Some(false),
        ),
        (
            "annex 1: willing only",
            Member {
                employment: text("not_in_labour_force"),
                ..jobless(30)
            },
            Some(false),
        ),
        (
            "annex 1: wage work without a contract",
            wage(Some(false)),
            Some(true),
        ),
        (
            "annex 1: wage work with a contract",
            wage(Some(true)),
            Some(false),
        ),
        (
            "annex 1: seasonal work needs none",
            Member {
                job_kind: text("seasonal"),
                has_contract: Some(false),
                ..member("c", 30)
            },
            Some(false),
        ),
        ("not answered", wage(None), None),
        (
            "not answered",
            Member {
                employment: None,
                ..member("c", 30)
            },
            None,
        ),
        (
            "moved away, does not count",
            Member {
                gone: true,
                ..jobless(30)
            },
            Some(false),
        ),
    ] {
        assert_eq!(deprived("employment", with(third)), expected, "{case}");
    }
}

#[test]
fn dependents() {
    let allowance = |years| Member {
        monthly_allowance: true,
        ..member("c", years)
    };
    let set = |members: Vec<Member>| move |input: &mut AssessmentInput<'static>| input.members = members;
    for (case, members, expected) in [
        (
            "annex 2: exactly 50% is not more than 50%",
            vec![member("a", 40), member("c", 10)],
            Some(false),
        ),
        (
            "annex 2: two of three",
            vec![member("a", 40), member("c", 10), member("d", 3)],
            Some(true),
        ),
        (
            "annex 2: a child is under 16",
            vec![member("a", 40), member("c", 15), member("d", 15)],
            Some(true),
        ),
        (
            "annex 2: not a child at 16",
            vec![member("a", 40), member("c", 16), member("d", 15)],
            Some(false),
        ),
        (
            "annex 2: elderly on a monthly allowance",
            vec![allowance(60)],
            Some(true),
        ),
        ("annex 2: elderly from 60", vec![allowance(59)], Some(false)),
        (
            "annex 2: elderly without an allowance",
            vec![member("c", 80)],
            Some(false),
        ),
        (
            "annex 2: disabled on a monthly allowance",
            vec![Member {
                disabled: true,
                ..allowance(30)
            }],
            Some(true),
        ),
        (
            "annex 2: disabled without an allowance",
            vec![Member {
                disabled: true,
                ..member("c", 30)
            }],
            Some(false),
        ),
        ("nobody listed", vec![], None),
        (
            "an unknown birth can tip it",
            vec![
                member("a", 10),
                Member {
                    birth: None,
                    ..member("c", 30)
                },
            ],
            None,
        ),
        (
            "an unknown birth cannot tip it",
            vec![
                member("a", 40),
                member("b", 40),
                Member {
                    birth: None,
                    ..member("c", 30)
                },
            ],
            Some(false),
        ),
    ] {
        assert_eq!(deprived("dependents", set(members)), expected, "{case}");
    }
}

#[test]
fn nutrition() {
    let child = |years, malnourished| Member {
        malnourished,
        ..member("c", years)
    };
    for (case, third, expected) in [
        (
            "annex 3: a child stunted or underweight",
            child(4, Some(true)),
            Some(true),
        ),
        ("annex 3: a child who is well", child(4, Some(false)), Some(false)),
        ("annex 3: under 16", child(15, Some(true)), Some(true)),
        ("annex 3: not at 16", child(16, Some(true)), Some(false)),
        ("not answered of a child", child(4, None), None),
        ("not answered of an adult", child(30, None), Some(false)),
    ] {
        assert_eq!(deprived("nutrition", with(third)), expected, "{case}");
    }
}

#[test]
fn health_insurance() {
    let person = |years, insured| Member {
        insured,
        ..member("c", years)
    };
    for (case, third, expected) in [
        ("annex 4: a member without", person(30, Some(false)), Some(true)),
        ("annex 4: everybody with", person(30, Some(true)), Some(false)),
        ("annex 4: from 6", person(6, Some(false)), Some(true)),
        ("annex 4: not under 6", person(5, Some(false)), Some(false)),
        ("not answered", person(30, None), None),
    ] {
        assert_eq!(deprived("health_insurance", with(third)), expected, "{case}");
    }
    let both = |input: &mut AssessmentInput<'static>| {
        input.members.extend([
            person(30, None),
            Member {
                id: "d".into(),
                ..person(30, Some(false))
            },
        ]);
    };
    assert_eq!(
        deprived("health_insurance", both),
        Some(true),
        "one member without decides, whatever is open"
    );
}

#[test]
fn adult_education() {
    let adult = |years, schooling: &str, education: &str, skill: &str| Member {
        schooling: text(schooling),
        education: text(education),
        skill: text(skill),
        ..member("c", years)
    };
    for (case, third, expected) in [
        (
            "annex 5: 18-30 below THPT",
            adult(20, "none", "lower_sec", "none"),
            Some(true),
        ),
        (
            "annex 5: 18-30 with THPT",
            adult(20, "none", "upper_sec", "none"),
            Some(false),
        ),
        (
            "annex 5: 18-30 in THPT",
            adult(18, "thpt", "lower_sec", "none"),
            Some(false),
        ),
        (
            "annex 5: 18-30 with sơ cấp",
            adult(20, "none", "primary", "so_cap"),
            Some(false),
        ),
        (
            "annex 5: 18-30 learning a trade",
            adult(20, "nghe", "primary", "none"),
            Some(false),
        ),
        (
            "annex 5: trained on the job with certificate",
            adult(20, "none", "primary", "under_3_months"),
            Some(false),
        ),
        (
            "annex 5: trained without certificate",
            adult(20, "none", "primary", "no_certificate"),
            Some(true),
        ),
        (
            "annex 5: 16-<18 with THCS",
            adult(16, "none", "lower_sec", "none"),
            Some(false),
        ),
        (
            "annex 5: 16-<18 in THCS",
            adult(17, "thcs", "primary", "none"),
            Some(false),
        ),
        (
            "annex 5: 16-<18 below THCS",
            adult(17, "none", "primary", "none"),
            Some(true),
        ),
        (
            "annex 5: THCS is not enough from 18",
            adult(18, "none", "lower_sec", "none"),
            Some(true),
        ),
        (
            "annex 5: 30 counts",
            adult(30, "none", "primary", "none"),
            Some(true),
        ),
        (
            "annex 5: 31 does not",
            adult(31, "none", "primary", "none"),
            Some(false),
        ),
        (
            "annex 5: 15 does not",
            adult(15, "none", "primary", "none"),
            Some(false),
        ),
        (
            "not answered",
            Member {
                education: None,
                ..adult(20, "none", "primary", "none")
            },
            None,
        ),
    ] {
        assert_eq!(deprived("adult_education", with(third)), expected, "{case}");
    }
}

#[test]
fn child_schooling() {
    let child = |years, schooling: &str| Member {
        schooling: text(schooling),
        ..member("c", years)
    };
    for (case, third, expected) in [
        ("annex 6: 3-<6 in mầm non", child(3, "mam_non"), Some(false)),
        ("annex 6: 3-<6 not at school", child(3, "none"), Some(true)),
        ("annex 6: not under 3", child(2, "none"), Some(false)),
        ("annex 6: 6-<12 in tiểu học", child(6, "tieu_hoc"), Some(false)),
        ("annex 6: 6-<12 still in mầm non", child(6, "mam_non"), Some(true)),
        ("annex 6: 12-<16 in THCS", child(12, "thcs"), Some(false)),
        (
            "annex 6: 12-<16 still in tiểu học",
            child(12, "tieu_hoc"),
            Some(true),
        ),
        (
            "annex 6: 15 in THPT is ahead, not deprived",
            child(15, "thpt"),
            Some(false),
        ),
        ("annex 6: 15 not at school", child(15, "none"), Some(true)),
        ("annex 6: not at 16", child(16, "none"), Some(false)),
        (
            "not answered",
            Member {
                schooling: None,
                ..child(8, "none")
            },
            None,
        ),
    ] {
        assert_eq!(deprived("child_schooling", with(third)), expected, "{case}");
    }
}

#[test]
fn reasons_name_the_member_and_the_answer() {
    let mut input = household();
    input.members.push(Member {
        insured: Some(false),
        ..member("c", 30)
    });
    input.house.water_source = text("surface");
    let assessment = assess(&input);
    let reasons: Vec<(&str, &str, Option<&str>)> = assessment
        .reasons
        .iter()
        .map(|r| (r.path.as_str(), r.code, r.member.as_deref()))
        .collect();
    assert_eq!(
        reasons,
        [
            ("members/c/has_health_insurance", "uninsured", Some("c")),
            ("water_source", "not_good_source", None),
        ]
    );
    assert!(
        assessment
            .reasons
            .iter()
            .all(|reason| reason.message.has("vi") && reason.message.has("en"))
    );
}

#[test]
fn ages_near_a_limit_are_to_be_verified() {
    // Domain §5: age from the year when the precision is the year; near 15, 16 and 60 it is flagged.
    let born = |year, precision| Member {
        birth: Some(Birth {
            date: date(year, 1, 1),
            precision,
        }),
        malnourished: Some(true),
        ..member("c", 30)
    };
    for (year, precision, expected, flagged) in [
        (2010, BirthPrecision::Year, Some(false), true),
        (2010, BirthPrecision::Day, Some(false), false),
        (2011, BirthPrecision::Year, Some(true), true), // 15: working age begins
        (2012, BirthPrecision::Year, Some(true), false),
        (1986, BirthPrecision::Year, Some(false), false),
    ] {
        let mut input = household();
        input.members.push(born(year, precision));
        let assessment = assess(&input);
        assert_eq!(
            assessment.indicator("nutrition").unwrap().deprived,
            expected,
            "{year}"
        );
        assert_eq!(
            codes(&assessment).contains(&"age_uncertain"),
            flagged,
            "{year} {precision:?}"
        );
    }
}
