//! How much two records look like one, and by what: for people who decide, never instead of them.
//!
//! Homonyms are common and numbers are mistyped (domain §5), so no single sign proves anything. Numbers of identity
//! weigh most; names, years and places add up; what contradicts takes away.

use std::collections::BTreeSet;

use crate::form::Form;
use crate::key::is_near;
use crate::path::{FieldPath, REMOVED};
use crate::text::fold;
use crate::value::{Answers, Scalar};

/// One thing that speaks for two records being one, or against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// The same 12 digits stand in both.
    SameIdNumber,
    /// Both give numbers of identity, and none is in both.
    OtherIdNumber,
    /// The same name, marks and capitals aside.
    SameName,
    /// A name with a slip of the pen.
    NearName,
    /// Another name.
    OtherName,
    /// The same year of birth.
    SameBirthYear,
    /// A year of birth one off.
    NearBirthYear,
    /// Another year of birth.
    OtherBirthYear,
    /// The same unit.
    SameUnit,
    /// The same phone, which families share.
    SamePhone,
    /// Not the same sex.
    OtherSex,
    /// People of the same name and year of birth live in both.
    SharedMembers,
    /// A key of the form that proposes likely doubles is the same.
    SameKey,
}

impl Sign {
    /// The stable name; `likeness_<code>` are its words.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::SameIdNumber => "same_id_number",
            Self::OtherIdNumber => "other_id_number",
            Self::SameName => "same_name",
            Self::NearName => "near_name",
            Self::OtherName => "other_name",
            Self::SameBirthYear => "same_birth_year",
            Self::NearBirthYear => "near_birth_year",
            Self::OtherBirthYear => "other_birth_year",
            Self::SameUnit => "same_unit",
            Self::SamePhone => "same_phone",
            Self::OtherSex => "other_sex",
            Self::SharedMembers => "shared_members",
            Self::SameKey => "same_key",
        }
    }

    /// Points out of a hundred that it adds.
    const fn weight(self) -> i32 {
        match self {
            Self::SameIdNumber => 80,
            Self::OtherIdNumber => -50,
            Self::SameName | Self::SameKey => 35,
            Self::NearName => 25,
            Self::OtherName => -20,
            Self::SameBirthYear => 20,
            Self::NearBirthYear | Self::SameUnit | Self::SamePhone => 10,
            Self::OtherBirthYear => -15,
            Self::OtherSex => -30,
            Self::SharedMembers => 20,
        }
    }

    /// True for what hardly happens by chance.
    #[must_use]
    pub const fn is_strong(self) -> bool {
        matches!(self, Self::SameIdNumber)
    }
}

/// How much two records look like one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// From 0, nothing speaks for it, to 100.
    pub score: u8,
    /// What speaks for it and against it, in order of weight.
    pub signs: Vec<Sign>,
}

/// Fields by what they say about a person; the same names in every form.
const ID_NUMBERS: [&str; 2] = ["head_id_number", "id_number"];
const NAMES: [&str; 2] = ["head_name", "full_name"];
const BIRTHS: [&str; 3] = ["head_birth_year", "birth_year", "birth_date"];

/// Compares two records of one form. `keyed`: they share a key of the form, though perhaps of nothing that is known
/// here.
#[must_use]
pub fn likeness(form: &Form, first: &Answers, second: &Answers, keyed: bool) -> Likeness {
    let mut signs = Vec::new();
    let numbers = |answers| every(answers, &ID_NUMBERS);
    let (ours, theirs) = (numbers(first), numbers(second));
    if !ours.is_disjoint(&theirs) {
        signs.push(Sign::SameIdNumber);
    } else if !ours.is_empty() && !theirs.is_empty() {
        signs.push(Sign::OtherIdNumber);
    }
    if let (Some(ours), Some(theirs)) = (one(first, &NAMES), one(second, &NAMES)) {
        let (ours, theirs) = (fold(&ours), fold(&theirs));
        signs.push(if ours == theirs {
            Sign::SameName
        } else if is_near(&ours, &theirs) {
            Sign::NearName
        } else {
            Sign::OtherName
        });
    }
    if let (Some(ours), Some(theirs)) = (year(first), year(second)) {
        signs.push(match ours.abs_diff(theirs) {
            0 => Sign::SameBirthYear,
            1 => Sign::NearBirthYear,
            _ => Sign::OtherBirthYear,
        });
    }
    let same = |field: &str| {
        let (ours, theirs) = (first.get(field)?, second.get(field)?);
        (!ours.is_blank() && !theirs.is_blank()).then(|| ours == theirs)
    };
    if form.settings.unit.as_deref().and_then(same) == Some(true) {
        signs.push(Sign::SameUnit);
    }
    if same("phone") == Some(true) {
        signs.push(Sign::SamePhone);
    }
    if same("sex") == Some(false) {
        signs.push(Sign::OtherSex);
    }
    if !people(first).is_disjoint(&people(second)) {
        signs.push(Sign::SharedMembers);
    }
    let known = |sign: &Sign| matches!(sign, Sign::SameIdNumber | Sign::SameName | Sign::NearName);
    if keyed && !signs.iter().any(known) {
        signs.push(Sign::SameKey);
    }
    signs.sort_by_key(|sign| (-sign.weight(), *sign));
    let score = signs.iter().map(|sign| sign.weight()).sum::<i32>().clamp(0, 100);
    Likeness {
        score: u8::try_from(score).unwrap_or(100),
        signs,
    }
}

/// Rows of two households that are the same person: by number of identity, or by name and year of birth. Each row is
/// named once; pairs of (row of `first`, row of `second`).
#[must_use]
pub fn same_people(first: &Answers, second: &Answers) -> Vec<(String, String)> {
    let (ours, theirs) = (rows(first), rows(second));
    let mut pairs = Vec::new();
    let (mut used, mut taken) = (BTreeSet::new(), BTreeSet::new());
    for by_number in [true, false] {
        for person in &ours {
            let is = |other: &&Person| {
                let numbers = (&person.id_number, &other.id_number);
                match numbers {
                    (Some(ours), Some(theirs)) => ours == theirs,
                    _ => !by_number && person.called() == other.called() && person.called().is_some(),
                }
            };
            if used.contains(&person.row) {
                continue;
            }
            let free = theirs.iter().filter(|other| !taken.contains(&other.row));
            if let Some(other) = free.into_iter().find(is) {
                used.insert(person.row.clone());
                taken.insert(other.row.clone());
                pairs.push((person.row.clone(), other.row.clone()));
            }
        }
    }
    pairs.sort_unstable();
    pairs
}

/// A row of people inside a record.
#[derive(Debug, Default)]
struct Person {
    row: String,
    id_number: Option<String>,
    name: Option<String>,
    year: Option<i64>,
}

impl Person {
    /// The folded name with the year of birth, if both are known.
    fn called(&self) -> Option<(&str, i64)> {
        Some((self.name.as_deref()?, self.year?))
    }
}

fn rows(answers: &Answers) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    for (path, value) in answers {
        let Some(field) = FieldPath::parse(path) else {
            continue;
        };
        let [step] = field.rows.as_slice() else { continue };
        let removed = format!("{}/{}/{REMOVED}", step.repeat, step.row);
        if answers.get(&removed) == Some(&Scalar::Bool(true)) {
            continue;
        }
        if people.last().is_none_or(|person| person.row != step.row) {
            people.push(Person {
                row: step.row.to_owned(),
                ..Person::default()
            });
        }
        let Some(person) = people.last_mut() else { continue };
        let text = || value.as_text().filter(|text| !text.is_empty());
        match field.leaf {
            "id_number" => person.id_number = text().map(str::to_owned),
            "full_name" => person.name = text().map(fold),
            "birth_date" | "birth_year" => person.year = year_of(value),
            _ => {}
        }
    }
    people
}

/// Names with years of birth of the people inside a record.
fn people(answers: &Answers) -> BTreeSet<(String, i64)> {
    let people = rows(answers).into_iter();
    people
        .filter_map(|person| Some((person.name?, person.year?)))
        .collect()
}

/// The answers to fields of these names, in rows too.
fn every(answers: &Answers, names: &[&str]) -> BTreeSet<String> {
    let named = |path: &str| {
        let leaf = path.rsplit('/').next().unwrap_or(path);
        names.contains(&leaf)
    };
    let texts = answers.iter().filter(|(path, _)| named(path));
    texts
        .filter_map(|(_, value)| value.as_text())
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .collect()
}

fn one(answers: &Answers, names: &[&str]) -> Option<String> {
    let mut found = names.iter().filter_map(|name| answers.get(*name)?.as_text());
    found.find(|text| !text.is_empty()).map(str::to_owned)
}

fn year(answers: &Answers) -> Option<i64> {
    BIRTHS.iter().find_map(|name| year_of(answers.get(*name)?))
}

fn year_of(value: &Scalar) -> Option<i64> {
    match value {
        Scalar::Int(year) => Some(*year),
        Scalar::Text(day) => day.get(..4)?.parse().ok(),
        _ => None,
    }
}
