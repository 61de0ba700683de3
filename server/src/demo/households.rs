//! Invented households, drawn from a seed: pure, and the same on every machine.

use schemas::unit::Level;
use schemas::value::{Answers, Scalar};

use super::HOUSEHOLDS_PER_VILLAGE;
use super::draw::Draw;
use super::names::{self, People};
use crate::territory::Units;

/// The year the households are drawn for: that of the plan.
const YEAR: i64 = 2024;

/// Invented households of every invented village, as the records they would be. Each says
/// `$invented`.
#[must_use]
pub fn households(seed: u64, units: &Units) -> Vec<(&'static str, Answers)> {
    let villages = units
        .tree()
        .iter()
        .filter(|unit| unit.level == Level::Village && unit.invented);
    villages
        .flat_map(|village| {
            // Each village draws for itself, so that one more village changes no other.
            let own = village.id.bytes().fold(seed, |mix, byte| {
                mix.wrapping_mul(31).wrapping_add(u64::from(byte))
            });
            let mut draw = Draw::new(own);
            let drawn: Vec<_> = (0..HOUSEHOLDS_PER_VILLAGE)
                .map(|_| ("household", household(&mut draw, &village.id)))
                .collect();
            drawn
        })
        .collect()
}

/// A person of the household being drawn.
struct Member {
    name: String,
    relation: &'static str,
    woman: bool,
    birth_year: i64,
}

/// A household of a village.
pub(super) fn household(draw: &mut Draw, village: &str) -> Answers {
    let people = names::people(draw);
    let members = family(draw, people);
    let mut answers = Answers::new();
    let mut put = |path: &str, value: Scalar| answers.insert(path.to_owned(), value);
    put("$invented", Scalar::Bool(true));
    put("village_id", village.into());
    put("head_name", members[0].name.as_str().into());
    put("head_birth_year", Scalar::Int(members[0].birth_year));
    put("area_type", "rural".into());
    put("ethnicity_code", people.code.into());
    put("declared_count", Scalar::Int(members.len() as i64));
    put(
        "current_class",
        draw.one(&[
            "poor",
            "poor",
            "poor",
            "near_poor",
            "near_poor",
            "average",
            "unclassified",
        ])
        .into(),
    );
    put("move_status", "resident".into());
    put("livestock", Scalar::Int(draw.between(0, 9)));
    put(
        "roof",
        draw.one(&["tile", "fibro_cement", "fibro_cement", "metal_sheet", "wood"])
            .into(),
    );
    for (position, member) in members.iter().enumerate() {
        let id = draw.uuid();
        if position == 0 {
            put("head_member_id", id.to_string().as_str().into());
        }
        for (field, value) in person(draw, people, member) {
            put(&format!("members/{id}/{field}"), value);
        }
    }
    answers
}

fn family(draw: &mut Draw, people: People) -> Vec<Member> {
    let clan = people.clan(draw);
    let head_born = draw.between(1955, 1998);
    let widow = draw.chance(12);
    let mut members = vec![Member {
        name: format!("{clan} {}", people.given(draw, widow)),
        relation: "head",
        woman: widow,
        birth_year: head_born,
    }];
    if !widow {
        // Women keep their own clan (domain §5).
        let born = head_born + draw.between(-2, 5);
        members.push(Member {
            name: people.name(draw, true),
            relation: "spouse",
            woman: true,
            birth_year: born,
        });
    }
    for _ in 0..draw.between(1, 5) {
        let woman = draw.chance(50);
        let name = format!("{clan} {}", people.given(draw, woman));
        let birth_year = (head_born + draw.between(19, 36)).min(YEAR - 1);
        members.push(Member {
            name,
            relation: "child",
            woman,
            birth_year,
        });
    }
    members
}

/// The answers about one person, by field.
fn person(draw: &mut Draw, people: People, member: &Member) -> Vec<(&'static str, Scalar)> {
    let age = YEAR - member.birth_year;
    let known_to_the_day = age < 20;
    let (month, day) = if known_to_the_day {
        (draw.between(1, 12), draw.between(1, 28))
    } else {
        (1, 1)
    };
    let mut answers: Vec<(&'static str, Scalar)> = vec![
        ("full_name", member.name.as_str().into()),
        ("relation", member.relation.into()),
        ("sex", if member.woman { "female" } else { "male" }.into()),
        (
            "birth_date",
            format!("{:04}-{month:02}-{day:02}", member.birth_year)
                .as_str()
                .into(),
        ),
        (
            "birth_precision",
            if known_to_the_day { "day" } else { "year" }.into(),
        ),
        ("ethnicity_code", people.code.into()),
        ("has_health_insurance", Scalar::Bool(draw.chance(93))),
        ("presence", "present".into()),
    ];
    if (3..=30).contains(&age) {
        answers.push(("schooling_now", schooling(age).into()));
    }
    if age >= 15 {
        answers.extend(grown_up(draw, age));
    } else {
        answers.push(("malnourished", Scalar::Bool(draw.chance(22))));
    }
    answers
}

fn schooling(age: i64) -> &'static str {
    match age {
        3..=5 => "mam_non",
        6..=10 => "tieu_hoc",
        11..=14 => "thcs",
        _ => "none",
    }
}

fn grown_up(draw: &mut Draw, age: i64) -> Vec<(&'static str, Scalar)> {
    let able = age < 65 || draw.chance(30);
    let mut answers = vec![
        (
            "literate",
            Scalar::Bool(draw.chance(if age < 40 { 92 } else { 60 })),
        ),
        (
            "education_level",
            draw.one(&["none", "primary_incomplete", "primary", "primary", "lower_sec"])
                .into(),
        ),
        (
            "skill_level",
            draw.one(&["none", "none", "none", "no_certificate", "under_3_months"])
                .into(),
        ),
        ("able_to_work", Scalar::Bool(able)),
    ];
    if able {
        answers.push(("employment_status", "employed".into()));
        answers.push(("job_kind", "farm_family".into()));
        answers.push(("work_place", "in_commune".into()));
        answers.push(("stable_income", Scalar::Bool(draw.chance(15))));
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas::catalog::Catalog;

    fn drawn(seed: u64) -> Vec<(&'static str, Answers)> {
        households(
            seed,
            &Units::of(crate::demo::tree().expect("the unit files fit together"), 0),
        )
    }

    #[test]
    fn the_same_seed_draws_the_same_households() {
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
    }

    #[test]
    fn every_household_says_that_it_is_invented_and_fits_the_form() {
        let form = Catalog::builtin()
            .form("household")
            .expect("there is a form for households");
        let households = drawn(crate::demo::SEED);
        assert!(households.len() > 200, "{}", households.len());
        for (kind, answers) in households {
            assert_eq!(kind, "household");
            assert_eq!(answers.get("$invented"), Some(&Scalar::Bool(true)));
            for path in answers.keys().filter(|path| !path.starts_with('$')) {
                let parts: Vec<&str> = path.split('/').collect();
                let field = if let [repeat, _, field] = parts[..] {
                    format!("{repeat}/{field}")
                } else {
                    path.clone()
                };
                assert!(
                    form.by_schema_path(&field).is_some(),
                    "{field} is no field of a household"
                );
            }
        }
    }
}
