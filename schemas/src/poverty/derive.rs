//! One rule, one household: deprived, not deprived, or not known, and why.

mod house;
mod member;

use jiff::civil::Date;

use self::house::{area, of_house, structure};
use self::member::{Limits, Says, adult_level, any_member, child_level, dependents, flag, work};
use super::household::{House, Member};
use super::rule::Rule;
use super::standard::Retirement;
use crate::form::Label;

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen<'a> {
    /// Members who count.
    pub members: &'a [&'a Member],
    /// How many people live in the house.
    pub people: usize,
    pub house: &'a House,
    pub on: Date,
    pub retirement: &'a Retirement,
}

/// Why an indicator came out as it did: the answer that decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The path of the answer: in the household's record when it begins with `members/`, else in
    /// the visit's.
    pub path: String,
    /// A stable code: `uninsured`, `area_too_small`, `answer_missing` …
    pub code: &'static str,
    /// The member's row, when it is about a member.
    pub member: Option<String>,
    /// The words.
    pub message: Label,
}

/// What members and house say about an indicator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Derived {
    /// `None` while an answer that decides is missing.
    pub deprived: Option<bool>,
    /// What made it deprived; for an open indicator, which answers are missing.
    pub reasons: Vec<Reason>,
    /// Members whose day of birth could change it.
    pub uncertain_ages: Vec<String>,
}

pub(super) fn derive(rule: &Rule, seen: Seen) -> Derived {
    match rule {
        Rule::WithoutWork {
            age_from,
            without_work,
            contract_needed,
        } => {
            let working_age = |member: &Member, limits: &mut Limits| {
                let retired = seen.retirement.months(seen.on.year(), member.sex);
                limits.reaches(*age_from) && limits.under_months(retired)
            };
            any_member(seen, |member, limits| {
                if member.able_to_work == Some(false) || !working_age(member, limits) {
                    return Says::Well;
                }
                work(member, without_work, contract_needed)
            })
        }
        Rule::Dependents {
            child_under,
            elderly_from,
            more_than_percent,
        } => dependents(seen, *child_under, *elderly_from, *more_than_percent),
        Rule::MalnourishedChild { child_under } => any_member(seen, |member, limits| {
            if !limits.under(*child_under) {
                return Says::Well;
            }
            flag(member.malnourished, true, "malnourished", "malnourished")
        }),
        Rule::Uninsured { age_from } => any_member(seen, |member, limits| {
            if !limits.reaches(*age_from) {
                return Says::Well;
            }
            flag(member.insured, false, "has_health_insurance", "uninsured")
        }),
        Rule::AdultLevel { bands } => any_member(seen, |member, limits| {
            match bands.iter().find(|band| limits.within(band.from, band.under)) {
                Some(band) => adult_level(member, band),
                None => Says::Well,
            }
        }),
        Rule::ChildLevel { bands } => any_member(seen, |member, limits| {
            match bands.iter().find(|band| limits.within(band.from, band.under)) {
                Some(band) => child_level(member, band),
                None => Says::Well,
            }
        }),
        Rule::Structure { non_durable_min } => structure(seen.house, *non_durable_min),
        Rule::AreaPerPerson { m2_min } => area(seen, *m2_min),
        Rule::AnswerAmong { field, good } => {
            let answer = match field.as_str() {
                "water_source" => seen.house.water_source.as_ref(),
                "toilet_type" => seen.house.toilet_type.as_ref(),
                _ => None,
            };
            of_house(
                answer.map(|answer| !good.contains(answer)),
                field,
                "not_good_source",
            )
        }
        Rule::NoInternet => of_house(
            seen.house.has_internet.map(|uses| !uses),
            "has_internet",
            "no_internet",
        ),
        Rule::NoDevice { shared, personal } => {
            let known = |device: &String| shared.contains(device) || personal.contains(device);
            let none = !seen.house.devices.iter().any(known);
            // An empty list alone may be a page nobody opened; the question before it tells.
            let asked = !none || seen.house.has_internet.is_some();
            of_house(asked.then_some(none), "devices", "no_device")
        }
    }
}
