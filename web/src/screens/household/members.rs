//! The members of a household.

use jiff::civil::Date;
use leptos::prelude::*;
use schemas::expr::local_date;

use super::Home;
use crate::phone::{Person, Register};
use crate::screens::names;
use crate::ui::Section;
use crate::words::{count, say, t, today};

/// The members: the head first, then by age.
#[component]
pub(super) fn Members(home: Home) -> impl IntoView {
    let people = Memo::new(move |_| {
        let people = home
            .summary
            .with(|summary| summary.as_ref().map(|one| one.people.clone()));
        sorted(people.unwrap_or_default())
    });
    let title = move || {
        let there = people.with(|people| people.iter().filter(|person| is_there(person)).count());
        t("household.members", &[("n", &count(there))])
    };
    let nobody = move || people.with(Vec::is_empty);
    let rows = move || {
        home.app.version.track();
        let register = home.app.register();
        register.map(|register| {
            let people = people.get().into_iter();
            people.map(|person| row(&register, &person)).collect_view()
        })
    };
    view! {
        <Section title>
            <p class="hint" hidden=move || !nobody()>{say("household.no_members")}</p>
            <ul class="list">{rows}</ul>
        </Section>
    }
}

fn row(register: &Register, person: &Person) -> impl IntoView + use<> {
    let fact = |name: &str| person.facts.get(name).map_or("", String::as_str);
    let word = |field: &str| names::choice(register, "household_member", field, fact(field));
    let on = today(register.now());
    let gone = (!is_there(person) || fact("presence").starts_with("away")).then(|| word("presence"));
    let first = names::line(&[word("relation"), word("sex"), born(fact("birth_date"), on)]);
    let insurance = match fact("has_health_insurance") {
        "true" => t("household.insured", &[]),
        "false" => t("household.uninsured", &[]),
        _ => String::new(),
    };
    let able = match fact("able_to_work") {
        "true" => word("employment_status"),
        "false" => t("household.not_able", &[]),
        _ => String::new(),
    };
    let stable = (fact("stable_income") == "true").then(|| t("household.stable", &[]));
    let second = names::line(&[
        gone.unwrap_or_default(),
        insurance,
        able,
        stable.unwrap_or_default(),
    ]);
    let name = person.name.clone();
    view! {
        <li class="entry" data-id=format!("member:{}", person.id)>
            <span class="row-title">{name}</span>
            <span class="sub">{first}</span>
            <span class="sub">{second}</span>
        </li>
    }
}

/// The year of birth and the age; ages of people who know their year only may be one year off.
fn born(birth_date: &str, on: Date) -> String {
    let Some(born) = local_date(birth_date) else {
        return String::new();
    };
    let age = age(born, on).to_string();
    t(
        "household.born",
        &[("year", &born.year().to_string()), ("age", &age)],
    )
}

fn age(born: Date, on: Date) -> i16 {
    let before = (on.month(), on.day()) < (born.month(), born.day());
    on.year() - born.year() - i16::from(before)
}

/// True when it was asked, and nobody who is there is able to work.
pub(super) fn nobody_is_able(people: &[Person]) -> bool {
    let there = || people.iter().filter(|person| is_there(person));
    let mut answers = there().filter_map(|person| person.facts.get("able_to_work"));
    let asked = there().any(|person| person.facts.contains_key("able_to_work"));
    asked && answers.all(|able| able != "true")
}

fn is_there(person: &Person) -> bool {
    let presence = person.facts.get("presence").map(String::as_str);
    !matches!(presence, Some("moved" | "deceased"))
}

/// The head first, those who are gone last, the others from old to young.
fn sorted(mut people: Vec<Person>) -> Vec<Person> {
    people.sort_by_key(|person| {
        let head = person
            .facts
            .get("relation")
            .is_some_and(|relation| relation == "head");
        let born = person
            .facts
            .get("birth_date")
            .cloned()
            .unwrap_or_else(|| "9999".to_owned());
        (!is_there(person), !head, born, person.id.clone())
    });
    people
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn person(name: &str, facts: &[(&str, &str)]) -> Person {
        let facts = facts
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Person {
            id: name.to_owned(),
            name: name.to_owned(),
            facts: facts.collect(),
        }
    }

    #[test]
    fn the_head_comes_first() {
        let people = vec![
            person("son", &[("relation", "child"), ("birth_date", "2010-01-01")]),
            person(
                "dead",
                &[
                    ("relation", "parent"),
                    ("birth_date", "1930-01-01"),
                    ("presence", "deceased"),
                ],
            ),
            person("head", &[("relation", "head"), ("birth_date", "1980-01-01")]),
            person("mother", &[("relation", "parent"), ("birth_date", "1950-01-01")]),
        ];
        let names: Vec<_> = sorted(people).into_iter().map(|person| person.name).collect();
        assert_eq!(names, ["head", "mother", "son", "dead"]);
    }

    #[test]
    fn nobody_is_able_only_when_it_was_asked() {
        let able = |answer: &str| person(answer, &[("able_to_work", answer)]);
        assert!(nobody_is_able(&[able("false"), person("child", &[])]));
        assert!(!nobody_is_able(&[able("false"), able("true")]));
        assert!(!nobody_is_able(&[person("child", &[])]));
    }

    #[test]
    fn ages_are_completed_years() {
        assert_eq!(age(date(1980, 11, 24), date(2026, 11, 23)), 45);
        assert_eq!(age(date(1980, 11, 23), date(2026, 11, 23)), 46);
    }
}
