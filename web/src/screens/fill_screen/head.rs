//! The head of a household stands twice in its record: by name for lists, and as one of its members.
//! What is typed in one place is put into the other. Pure.

use std::collections::BTreeMap;

use schemas::value::{Answers, Scalar};

use crate::fill::rows;

/// What the program put in by itself, by path: it follows its source until a person writes there.
pub type Filled = BTreeMap<String, Scalar>;

/// What lists show of the head, and the same in the member's row.
const TWICE: [(&str, &str); 3] = [
    ("head_name", "full_name"),
    ("head_id_number", "id_number"),
    ("ethnicity_code", "ethnicity_code"),
];

/// Puts the head's answers where they are missing, and names the head. True if anything changed.
pub fn follow(answers: &mut Answers, filled: &mut Filled) -> bool {
    let Some(row) = only_head(answers) else {
        return false;
    };
    let before = answers.clone();
    let id = row
        .trim_start_matches("members/")
        .trim_end_matches('/')
        .to_owned();
    let named = answers
        .get("head_member_id")
        .and_then(Scalar::as_text)
        .map(str::to_owned);
    if named.is_some_and(|named| named != id) {
        succeed(answers, &row);
    }
    answers.insert("head_member_id".to_owned(), Scalar::Text(id));
    for (of_household, of_member) in TWICE {
        fill(answers, filled, &format!("{row}{of_member}"), of_household);
    }
    birth(answers, filled, &row);
    *answers != before
}

/// The row of the head, when there is exactly one who is there.
fn only_head(answers: &Answers) -> Option<String> {
    let says = |row: &str, field: &str, value: &str| {
        answers.get(&format!("{row}{field}")).and_then(Scalar::as_text) == Some(value)
    };
    let heads = rows(answers, "members").into_iter().filter(|row| {
        says(row, "relation", "head") && !says(row, "presence", "moved") && !says(row, "presence", "deceased")
    });
    let mut heads = heads.collect::<Vec<_>>().into_iter();
    heads.next().filter(|_| heads.next().is_none())
}

/// Another member became the head: lists show the new one.
fn succeed(answers: &mut Answers, row: &str) {
    for (of_household, of_member) in TWICE {
        match answers.get(&format!("{row}{of_member}")).cloned() {
            Some(value) if !value.is_blank() => answers.insert(of_household.to_owned(), value),
            _ if of_household == "head_id_number" => answers.remove(of_household),
            _ => None,
        };
    }
    let born = answers.get(&format!("{row}birth_date")).and_then(Scalar::as_text);
    if let Some(year) = born.and_then(|born| born.get(..4)?.parse().ok()) {
        answers.insert("head_birth_year".to_owned(), Scalar::Int(year));
    }
}

/// Puts an answer of the household into the member's row, unless a person wrote there.
fn fill(answers: &mut Answers, filled: &mut Filled, path: &str, from: &str) {
    let Some(value) = answers.get(from).filter(|value| !value.is_blank()).cloned() else {
        return;
    };
    put(answers, filled, path, value);
}

/// Puts what the program worked out, unless a person wrote there.
pub fn put(answers: &mut Answers, filled: &mut Filled, path: &str, value: Scalar) {
    let there = answers.get(path).filter(|value| !value.is_blank());
    if there.is_none() || there == filled.get(path) {
        answers.insert(path.to_owned(), value.clone());
        filled.insert(path.to_owned(), value);
    }
}

/// Only the year is asked of the head; the row says that no more is known.
fn birth(answers: &mut Answers, filled: &mut Filled, row: &str) {
    let Some(Scalar::Int(year)) = answers.get("head_birth_year").cloned() else {
        return;
    };
    let (born, exact) = (format!("{row}birth_date"), format!("{row}birth_precision"));
    let written = answers.get(&born).filter(|value| !value.is_blank());
    if written.is_none() || written == filled.get(&born) {
        put(answers, filled, &born, Scalar::Text(format!("{year:04}-01-01")));
        put(answers, filled, &exact, "year".into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "0190b5d2-7c1a-7def-8a11-0123456789aa";
    const B: &str = "0190b5d2-7c1a-7def-8a11-0123456789bb";

    fn text(answers: &Answers, path: &str) -> String {
        answers
            .get(path)
            .and_then(Scalar::as_text)
            .unwrap_or_default()
            .to_owned()
    }

    fn new_household() -> Answers {
        Answers::from([
            ("head_name".to_owned(), "Giàng A Páo".into()),
            ("head_birth_year".to_owned(), Scalar::Int(1980)),
            (format!("members/{A}/relation"), "head".into()),
        ])
    }

    #[test]
    fn the_head_is_typed_once() {
        let (mut answers, mut filled) = (new_household(), Filled::new());
        assert!(follow(&mut answers, &mut filled));
        assert_eq!(text(&answers, "head_member_id"), A);
        assert_eq!(text(&answers, &format!("members/{A}/full_name")), "Giàng A Páo");
        assert_eq!(text(&answers, &format!("members/{A}/birth_date")), "1980-01-01");
        assert_eq!(text(&answers, &format!("members/{A}/birth_precision")), "year");
        answers.insert("head_name".to_owned(), "Giàng A Phủ".into());
        assert!(follow(&mut answers, &mut filled));
        assert_eq!(text(&answers, &format!("members/{A}/full_name")), "Giàng A Phủ");
        assert!(!follow(&mut answers, &mut filled));
    }

    #[test]
    fn what_a_person_wrote_stays() {
        let (mut answers, mut filled) = (new_household(), Filled::new());
        answers.insert(format!("members/{A}/full_name"), "Giàng A Páo (tên khác)".into());
        answers.insert(format!("members/{A}/birth_date"), "1980-05-05".into());
        assert!(follow(&mut answers, &mut filled));
        assert_eq!(
            text(&answers, &format!("members/{A}/full_name")),
            "Giàng A Páo (tên khác)"
        );
        assert_eq!(text(&answers, &format!("members/{A}/birth_date")), "1980-05-05");
        assert_eq!(text(&answers, &format!("members/{A}/birth_precision")), "");
    }

    #[test]
    fn the_next_head_stands_in_lists() {
        let (mut answers, mut filled) = (new_household(), Filled::new());
        follow(&mut answers, &mut filled);
        answers.insert(format!("members/{A}/presence"), "deceased".into());
        answers.insert(format!("members/{B}/relation"), "head".into());
        answers.insert(format!("members/{B}/full_name"), "Thào Thị Súa".into());
        answers.insert(format!("members/{B}/birth_date"), "1984-01-01".into());
        assert!(follow(&mut answers, &mut filled));
        assert_eq!(text(&answers, "head_member_id"), B);
        assert_eq!(text(&answers, "head_name"), "Thào Thị Súa");
        assert_eq!(answers.get("head_birth_year"), Some(&Scalar::Int(1984)));
        assert_eq!(text(&answers, &format!("members/{A}/full_name")), "Giàng A Páo");
    }

    #[test]
    fn two_heads_are_nobody() {
        let (mut answers, mut filled) = (new_household(), Filled::new());
        answers.insert(format!("members/{B}/relation"), "head".into());
        assert!(!follow(&mut answers, &mut filled));
        assert!(!answers.contains_key("head_member_id"));
    }
}
