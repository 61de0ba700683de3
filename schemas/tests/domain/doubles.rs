//! How much two records look like one, and which of their people are the same.

use proptest::prelude::*;
use schemas::key::{is_near, weak_keys};
use schemas::likeness::{Sign, likeness, same_people};
use schemas::value::Answers;
use serde_json::{Value, json};

use super::form;
use crate::support::{A, B, C, answers};

fn household(name: &str, year: i64, more: Value) -> Answers {
    let mut record = json!({"village_id": "v", "head_name": name, "head_birth_year": year});
    record
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    answers(record)
}

fn signs(first: &Answers, second: &Answers) -> (u8, Vec<Sign>) {
    let found = likeness(form("household"), first, second, false);
    (found.score, found.signs)
}

/// True if a key of one is, or is near, a key of the other.
fn proposed(first: &Answers, second: &Answers) -> bool {
    let (ours, theirs) = (
        weak_keys(form("household"), first),
        weak_keys(form("household"), second),
    );
    ours.iter().any(|key| {
        let alike = |stored: &str| {
            key.lookups
                .iter()
                .any(|lookup| lookup == stored || (key.near && is_near(lookup, stored)))
        };
        theirs.iter().any(|other| alike(&other.store))
    })
}

#[test]
fn a_slip_of_the_pen_is_noticed_and_another_name_is_not() {
    let named = |name: &str| household(name, 1980, json!({}));
    let hoa = named("Giàng Thị Hoa Mai");
    for (name, found) in [
        ("Giàng Thị Hoa Mại", true),
        ("Giang Thi Hoa Nai", true),
        ("Giàng Thị Hao Mai", true),
        ("Giàng Thị Sua Mo", false),
        ("Thào Thị Hoa Mai", false),
    ] {
        assert_eq!(proposed(&hoa, &named(name)), found, "{name}");
    }
    // In a short name one letter is another name: Ma A Su and Ma A Sa are two people.
    assert!(!is_near("2|v|1980|lu", "2|v|1980|ly"));
    assert!(is_near("2|v|1980|ma a de", "2|v|1980|ma a da"));
    assert!(
        !is_near("2|v|1980|ma a de", "2|w|1980|ma a de"),
        "another village"
    );
}

#[test]
fn a_number_of_a_member_finds_the_other_household() {
    let with = |row: &str| {
        household(
            "A",
            1950,
            json!({format!("members/{row}/id_number"): "010090000123"}),
        )
    };
    let other = household("B", 1960, json!({"head_id_number": "010090000123"}));
    assert!(proposed(&with(A), &with(B)));
    assert!(proposed(&with(A), &other), "a head here is a member there");
    let gone = household(
        "A",
        1950,
        json!({format!("members/{A}/id_number"): "010090000123", format!("members/{A}/$removed"): true}),
    );
    assert!(!proposed(&gone, &other), "a row that was taken out");
    let (score, found) = signs(&with(A), &other);
    assert!(
        found.contains(&Sign::SameIdNumber) && score > 30,
        "{score} {found:?}"
    );
}

#[test]
fn what_speaks_against_counts() {
    let a = household("Sùng A Páo", 1980, json!({"head_id_number": "010080000001"}));
    let same = household("Sùng A Páo", 1980, json!({}));
    let other = household("Sùng A Páo", 1980, json!({"head_id_number": "010080000002"}));
    assert!(signs(&a, &same).0 > signs(&a, &other).0);
    assert!(signs(&a, &other).1.contains(&Sign::OtherIdNumber));
}

#[test]
fn people_are_paired_once() {
    let person = |row: &str, name: &str, born: &str, number: &str| {
        json!({
            format!("members/{row}/full_name"): name, format!("members/{row}/birth_date"): born,
            format!("members/{row}/id_number"): number,
        })
    };
    let home = |people: &[Value]| {
        let mut record = json!({});
        for person in people {
            record
                .as_object_mut()
                .unwrap()
                .extend(person.as_object().unwrap().clone());
        }
        answers(record)
    };
    let ours = home(&[
        person(A, "Thào Thị Súa", "1990-01-01", ""),
        person(B, "Thào A Lử", "2010-05-05", "010090000123"),
    ]);
    // The number says who it is, whatever the name; two of one name and year are not both the same person.
    let theirs = home(&[
        person(A, "Thào A Lự", "2010-05-05", "010090000123"),
        person(B, "THAO THI SUA", "1990-09-09", ""),
        person(C, "Thào Thị Súa", "1990-01-01", ""),
    ]);
    let pairs = same_people(&ours, &theirs);
    assert_eq!(
        pairs,
        [(A.to_owned(), B.to_owned()), (B.to_owned(), A.to_owned())]
    );
}

fn records() -> impl Strategy<Value = Answers> {
    let name = proptest::sample::select(vec![
        "Ma A Đề",
        "Ma A Dê",
        "Giàng Thị Hoa Mai",
        "Giàng Thị Hoa",
        "",
    ]);
    let number = proptest::sample::select(vec!["", "010090000123", "010090000124"]);
    (name, 1979..1982i64, number, proptest::bool::ANY).prop_map(|(name, year, number, member)| {
        let field = if member {
            format!("members/{A}/id_number")
        } else {
            "head_id_number".to_owned()
        };
        household(name, year, json!({field: number}))
    })
}

proptest! {
    #[test]
    fn likeness_is_the_same_from_both_sides(one in records(), other in records()) {
        let form = form("household");
        prop_assert_eq!(likeness(form, &one, &other, true), likeness(form, &other, &one, true));
        prop_assert_eq!(proposed(&one, &other), proposed(&other, &one));
        let swapped: Vec<_> = same_people(&other, &one).into_iter().map(|(a, b)| (b, a)).collect();
        prop_assert_eq!(same_people(&one, &other), swapped);
    }
}
