//! Rules about members: who of them makes the household deprived.

use super::super::age::Age;
use super::super::household::Member;
use super::super::rule::{AdultBand, ChildBand};
use super::super::wording;
use super::{Derived, Reason, Seen};

/// What a rule says about one member.
pub(super) enum Says {
    /// The rule is not about this member, or the member is well.
    Well,
    /// This field decides that the household is deprived.
    Deprived(&'static str, &'static str),
    /// This field is not answered.
    Missing(&'static str),
}

/// Questions about a member's age, which remember whether the day of birth mattered.
pub(super) struct Limits {
    pub(super) age: Age,
    pub(super) open: bool,
}

impl Limits {
    pub(super) fn reaches_months(&mut self, months: i32) -> bool {
        self.open |= self.age.is_open_at_months(months);
        self.age.is_from_months(months)
    }

    pub(super) fn under_months(&mut self, months: i32) -> bool {
        !self.reaches_months(months)
    }

    pub(super) fn reaches(&mut self, years: i32) -> bool {
        self.reaches_months(years * 12)
    }

    pub(super) fn under(&mut self, years: i32) -> bool {
        !self.reaches(years)
    }

    pub(super) fn within(&mut self, from: i32, under: i32) -> bool {
        self.reaches(from) && self.under(under)
    }
}

/// Deprived when the rule says so of any member; not known while it may still say so of one.
pub(super) fn any_member(seen: Seen, mut says: impl FnMut(&Member, &mut Limits) -> Says) -> Derived {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    let mut derived = Derived::default();
    for member in seen.members {
        let Some(age) = member.age(seen.on) else {
            missing.push(of_member(member, "birth_date", "answer_missing"));
            continue;
        };
        let mut limits = Limits { age, open: false };
        match says(member, &mut limits) {
            Says::Well => {}
            Says::Deprived(field, code) => found.push(of_member(member, field, code)),
            Says::Missing(field) => missing.push(of_member(member, field, "answer_missing")),
        }
        if limits.open {
            derived.uncertain_ages.push(member.id.clone());
        }
    }
    derived.deprived = match (found.is_empty(), missing.is_empty()) {
        (false, _) => Some(true),
        (true, false) => None,
        (true, true) => (!seen.members.is_empty()).then_some(false),
    };
    derived.reasons = if found.is_empty() { missing } else { found };
    derived
}

pub(super) fn work(member: &Member, without_work: &[String], contract_needed: &[String]) -> Says {
    let Some(able) = member.able_to_work else {
        return Says::Missing("able_to_work");
    };
    let Some(status) = &member.employment else {
        return Says::Missing("employment_status");
    };
    if able && without_work.contains(status) {
        return Says::Deprived("employment_status", "without_work");
    }
    let needs_contract = member
        .job_kind
        .as_ref()
        .is_some_and(|kind| contract_needed.contains(kind));
    if status != "employed" || !needs_contract {
        return Says::Well;
    }
    flag(
        member.has_contract,
        false,
        "has_contract",
        "wage_without_contract",
    )
}

pub(super) fn flag(answer: Option<bool>, bad: bool, field: &'static str, code: &'static str) -> Says {
    match answer {
        None => Says::Missing(field),
        Some(answer) if answer == bad => Says::Deprived(field, code),
        Some(_) => Says::Well,
    }
}

pub(super) fn adult_level(member: &Member, band: &AdultBand) -> Says {
    let among = |answer: &Option<String>, good: &[String]| {
        answer.as_ref().is_some_and(|answer| good.contains(answer))
    };
    if among(&member.schooling, &band.schooling)
        || among(&member.education, &band.education)
        || among(&member.skill, &band.skill)
    {
        return Says::Well;
    }
    match (&member.schooling, &member.education, &member.skill) {
        (None, _, _) => Says::Missing("schooling_now"),
        (_, None, _) => Says::Missing("education_level"),
        (_, _, None) => Says::Missing("skill_level"),
        _ => Says::Deprived("education_level", "below_adult_level"),
    }
}

pub(super) fn child_level(member: &Member, band: &ChildBand) -> Says {
    match &member.schooling {
        None => Says::Missing("schooling_now"),
        Some(schooling) if band.schooling.contains(schooling) => Says::Well,
        Some(_) => Says::Deprived("schooling_now", "not_at_child_level"),
    }
}

/// Dependents against all members: a share, so every member's answers count.
pub(super) fn dependents(seen: Seen, child_under: i32, elderly_from: i32, more_than_percent: i64) -> Derived {
    let mut derived = Derived::default();
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for member in seen.members {
        let Some(age) = member.age(seen.on) else {
            missing.push(of_member(member, "birth_date", "answer_missing"));
            continue;
        };
        let mut limits = Limits { age, open: false };
        let child = limits.under(child_under);
        // Only who is on an allowance can turn into a dependent by age.
        let elderly_or_disabled =
            member.monthly_allowance && (member.disabled || limits.reaches(elderly_from));
        if child {
            found.push(of_member(member, "birth_date", "dependent"));
        } else if elderly_or_disabled {
            found.push(of_member(member, "monthly_allowance", "dependent"));
        }
        if limits.open {
            derived.uncertain_ages.push(member.id.clone());
        }
    }
    let all = seen.members.len();
    let more = |dependents: usize| share_is_more(dependents, all, more_than_percent);
    derived.deprived = match (more(found.len()), more(found.len() + missing.len())) {
        _ if all == 0 => None,
        (true, _) => Some(true),
        (false, false) => Some(false),
        (false, true) => None,
    };
    derived.reasons = match derived.deprived {
        Some(true) => found,
        Some(false) => Vec::new(),
        None => missing,
    };
    derived
}

/// In whole numbers, so that exactly half is exactly half.
fn share_is_more(part: usize, whole: usize, percent: i64) -> bool {
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    number(part).saturating_mul(100) > number(whole).saturating_mul(percent)
}

fn of_member(member: &Member, field: &str, code: &'static str) -> Reason {
    Reason {
        path: member.path(field),
        code,
        member: Some(member.id.clone()),
        message: wording::words(code),
    }
}
