//! Targets about households and their members.

use std::collections::BTreeSet;

use super::super::indicators::{ratio, spans};
use super::super::lines::{Line, Progress, Said, Shows};
use super::super::{Known, Seen};
use super::{of, shares};
use crate::plan::Target;
use crate::poverty::Class;
use crate::report::fact::{Measure, Survey, codes};
use crate::report::homes::Home;
use crate::report::job_fairs::is;
use crate::report::key::Key;
use crate::report::table::{Behind, Words};

impl Known<'_> {
    /// Households as they stand on the last day, in both spans alike; those that add something.
    fn standing(&self, amount: impl Fn(&Home) -> i64) -> Vec<Line> {
        let end = self.question.days.end;
        let present = self.homes.iter().filter(|home| home.present(end));
        let lines = present.map(|home| Line {
            place: home.place,
            within: [true; 2],
            #[allow(clippy::cast_precision_loss, reason = "members of a household are few")]
            amount: amount(home) as f64,
            who: None,
            record: home.record,
        });
        lines.filter(|line| line.amount != 0.0).collect()
    }

    fn home(&self, record: Key) -> Option<&Home> {
        let at = self
            .homes
            .binary_search_by_key(&record, |home| home.record)
            .ok()?;
        Some(&self.homes[at])
    }

    /// The household of a member, after merges.
    fn household_of(&self, member: Key) -> Option<Key> {
        let member = self.question.merged.member(member);
        let at = self.members.binary_search_by_key(&member, |(id, _)| *id).ok()?;
        Some(self.members[at].1)
    }
}

/// Insured people: as communes report them, or else of the households in the register.
pub(super) fn health_insured(known: &Known<'_>, target: &Target, out: &mut Progress<'_>) {
    let insured = known.standing(|home| home.people.insured);
    let all = known.standing(|home| home.people.insured_known);
    let members = shares(&insured, &all, Shows::Sum);
    let reported = spans(&known.question.days).map(|span| {
        let holding = known.holding(&target.indicator, span);
        let seens = holding.values().flatten().copied();
        ratio(seens, |seen| seen.body.denominator).map(|(part, whole)| part / whole * 100.0)
    });
    let by_communes = reported[1].is_some();
    let said = Said {
        note: Some(if by_communes {
            Words::code("note.reported_by_communes")
        } else {
            Words::code("note.members_only")
        }),
        ..Said::default()
    };
    let pair = if by_communes { reported } else { members };
    if !by_communes {
        out.note_behind(&target.id, &insured, Shows::Sum, None);
    }
    let behind = if by_communes {
        Behind::Nothing
    } else {
        Behind::Made
    };
    out.row(target, pair, behind, said);
    out.more_figure(target, "reported", "percent", reported, Behind::Nothing);
    out.more_figure(target, "members_share", "percent", members, Behind::Nothing);
    out.more(target, "members_insured", "people", &insured, Shows::Sum);
    out.more(target, "members_known", "people", &all, Shows::Sum);
}

/// Members aged 15 to 60 who can read and write, of those asked.
pub(super) fn literate(known: &Known<'_>, target: &Target, out: &mut Progress<'_>) {
    let literate = known.standing(|home| home.people.literate);
    let all = known.standing(|home| home.people.literate_known);
    let said = Said {
        note: Some(of(&literate, &all, Shows::Sum)),
        ..Said::default()
    };
    out.note_behind(&target.id, &literate, Shows::Sum, None);
    out.row(target, shares(&literate, &all, Shows::Sum), Behind::Made, said);
}

/// Poor and near-poor households with somebody in stable work, of those with somebody able to work.
pub(super) fn stable_workers(known: &Known<'_>, target: &Target, out: &mut Progress<'_>) {
    let end = known.question.days.end;
    let meant = |home: &Home| matches!(home.class(end), Class::Poor | Class::NearPoor);
    let one = |yes: bool| i64::from(yes);
    let able = known.standing(|home| one(meant(home) && home.people.able > 0));
    let stable = known.standing(|home| one(meant(home) && home.people.able > 0 && home.people.stable > 0));
    let none = known.standing(|home| one(meant(home) && home.people.able == 0));
    let said = Said {
        note: Some(of(&stable, &able, Shows::Records)),
        ..Said::default()
    };
    out.note_behind(&target.id, &stable, Shows::Records, None);
    out.row(target, shares(&stable, &able, Shows::Records), Behind::Made, said);
    out.more(target, "with_stable", "households", &stable, Shows::Records);
    out.more(target, "with_able", "households", &able, Shows::Records);
    out.more(target, "without_able", "households", &none, Shows::Records);
}

impl Known<'_> {
    /// Support of the kind a target is about, by household, at one of these stages.
    fn support<'s>(&'s self, target: &Target, stages: &'s [&str]) -> Vec<(&'s Seen<Measure>, Line)> {
        let kind = target
            .setting("kind")
            .and_then(|kind| codes::number(&codes::MEASURES, kind));
        let own = self.gathered.measures.iter().filter(move |seen| {
            let stage = stages
                .iter()
                .any(|stage| is(&codes::STAGES, seen.body.stage, stage));
            kind.is_some() && seen.body.kind == kind && stage
        });
        let lines = own.filter_map(|seen| {
            let household = seen.body.household.map(|key| self.question.merged.record(key));
            let household = household.or_else(|| self.household_of(seen.body.member?));
            let line = seen.line(&self.question.days, seen.day)?;
            Some((
                seen,
                Line {
                    who: household.or(seen.body.member).or(Some(seen.record)),
                    ..line
                },
            ))
        });
        lines.collect()
    }
}

/// Households that got support, and those with somebody old or disabled among them.
pub(super) fn households_supported(known: &Known<'_>, target: &Target, out: &mut Progress<'_>) {
    let lines = |stages| -> Vec<Line> {
        let support = known.support(target, stages);
        support.into_iter().map(|(_, line)| line).collect()
    };
    let given = lines(&["delivered"]);
    let frail = |line: &&Line| {
        let home = line.who.and_then(|who| known.home(who));
        home.is_some_and(|home| home.people.frail > 0)
    };
    let frail: Vec<Line> = given.iter().filter(frail).copied().collect();
    out.target(target, &given, Shows::Distinct, Said::default());
    out.more(target, "frail", "households", &frail, Shows::Distinct);
    out.more(
        target,
        "in_progress",
        "households",
        &lines(&["in_progress"]),
        Shows::Distinct,
    );
}

/// Loans and what they come to.
pub(super) fn loans(known: &Known<'_>, target: &Target, out: &mut Progress<'_>) {
    let lines: Vec<Line> = known
        .support(target, &["delivered"])
        .into_iter()
        .map(|(seen, line)| Line {
            #[allow(clippy::cast_precision_loss, reason = "đồng of a loan stay far below 2^52")]
            amount: seen.body.amount_vnd as f64,
            ..line
        })
        .collect();
    out.target(target, &lines, Shows::Sum, Said::default());
    out.more(target, "loans", "loans", &lines, Shows::Records);
    out.more(target, "borrowers", "households", &lines, Shows::Distinct);
}

/// Whether a survey counts.
type Counts = fn(&Survey) -> bool;

/// Households with somebody surveyed, of all households; and what those without work want.
pub(super) fn surveyed_households(known: &Known<'_>, target: &Target, out: &mut Progress<'_>) {
    let days = &known.question.days;
    let surveys = known.gathered.surveys.iter();
    let surveys: Vec<_> = surveys
        .filter_map(|seen| {
            let household = seen
                .body
                .person
                .member
                .and_then(|member| known.household_of(member));
            let line = seen.line(days, seen.day)?;
            Some((
                seen,
                Line {
                    who: household,
                    ..line
                },
            ))
        })
        .collect();
    let households: Vec<Line> = surveys.iter().map(|(_, line)| *line).collect();
    let all = known.standing(|_| 1);
    let whole = all.len();
    let surveyed: BTreeSet<Key> = households
        .iter()
        .filter(|line| line.within[1])
        .filter_map(|line| line.who)
        .collect();
    let params = [("part", surveyed.len().to_string()), ("whole", whole.to_string())];
    let said = Said {
        percent: (whole > 0)
            .then(|| super::reported::count(surveyed.len()) / super::reported::count(whole) * 100.0),
        note: Some(Words::with("note.part_of_whole", params)),
        ..Said::default()
    };
    out.target(target, &households, Shows::Distinct, said);
    let mut persons = crate::report::persons::Persons::default();
    let people: Vec<_> = surveys
        .iter()
        .map(|(seen, line)| {
            let somebody = persons.of(known.question.merged, seen.record, &seen.body.person);
            (*seen, *line, somebody)
        })
        .collect();
    let asked: [(&str, Counts); 3] = [
        ("surveyed", |_| true),
        ("jobless_training", |survey| {
            survey.jobless && survey.wants_training
        }),
        ("jobless_job", |survey| survey.jobless && survey.wants_job),
    ];
    for (name, counts) in asked {
        let lines: Vec<Line> = people
            .iter()
            .filter(|(seen, ..)| counts(&seen.body))
            .map(|(_, line, somebody)| Line {
                who: Some(persons.name(*somebody)),
                ..*line
            })
            .collect();
        out.more(target, name, "people", &lines, Shows::Distinct);
    }
}
