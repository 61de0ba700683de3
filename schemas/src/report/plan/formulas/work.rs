//! Targets about job fairs, training and work abroad.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Known;
use super::super::lines::{Line, Progress, Said, Shows};
use crate::plan::Target;
use crate::poverty::Class;
use crate::report::fact::{Attendance, class, codes};
use crate::report::homes::minority;
use crate::report::job_fairs::is;
use crate::report::key::Key;
use crate::report::persons::Persons;
use crate::report::table::{Behind, Words};

/// The types of fair a target is about, as numbers.
fn types(target: &Target) -> Vec<u8> {
    let named = target.setting_list("fair_types");
    named
        .into_iter()
        .filter_map(|name| codes::number(&codes::FAIR_TYPES, name))
        .collect()
}

/// Fairs of these types that were held.
fn held(known: &Known<'_>, types: &[u8], amount: impl Fn(&crate::report::fact::Fair) -> i64) -> Vec<Line> {
    let fairs = known.gathered.fairs.iter().filter(|seen| {
        let meant = seen.body.fair_type.is_some_and(|kind| types.contains(&kind));
        meant && is(&codes::FAIR_LIFECYCLES, seen.body.lifecycle, "held")
    });
    #[allow(clippy::cast_precision_loss, reason = "people at a fair are few")]
    let lines =
        fairs.filter_map(|seen| seen.amount(&known.question.days, seen.day, amount(&seen.body) as f64));
    lines.collect()
}

/// Fairs held, and in how many communes.
pub(super) fn fairs_held(known: &Known<'_>, target: &Target, out: &mut Progress<'_>) {
    let types = types(target);
    let fairs = held(known, &types, |_| 1);
    out.target(target, &fairs, Shows::Records, Said::default());
    let communes = [0, 1].map(|span| {
        let places = fairs.iter().filter(|line| line.within[span]);
        let places: BTreeSet<usize> = places.map(|line| line.place).collect();
        Some(super::reported::count(places.len()))
    });
    out.more_figure(target, "communes", "communes", communes, Behind::Nothing);
    if codes::number(&codes::FAIR_TYPES, "career_guidance").is_some_and(|kind| types.contains(&kind)) {
        let pupils = held(known, &types, |fair| fair.pupils);
        out.more(target, "pupils", "people", &pupils, Shows::Sum);
    }
}

/// Attendances at the fairs the plan counts, and the distinct persons they are of.
pub(super) fn attendances(known: &Known<'_>, target: &Target, out: &mut Progress<'_>) {
    let fairs = known.question.plan.targets.iter();
    let fairs = fairs.filter(|other| other.formula == "fairs_held" && other.value.is_some());
    let counted: BTreeSet<u8> = fairs.flat_map(types).collect();
    let mut persons = Persons::default();
    let mut came: Vec<(Line, &Attendance)> = Vec::new();
    let mut somebodies = Vec::new();
    for seen in &known.gathered.attendances {
        let fair = seen.body.fair.map(|fair| known.question.merged.record(fair));
        let kind = fair.and_then(|fair| *known.fair_types.get(&fair)?);
        if kind.is_some_and(|kind| counted.contains(&kind))
            && let Some(line) = seen.line(&known.question.days, seen.day)
        {
            somebodies.push(persons.of(known.question.merged, seen.record, &seen.body.person));
            came.push((line, &seen.body));
        }
    }
    for ((line, _), somebody) in came.iter_mut().zip(&somebodies) {
        line.who = Some(persons.name(*somebody));
    }
    let lines = |counts: &dyn Fn(&Attendance) -> bool| -> Vec<Line> {
        let counted = came.iter().filter(|(_, attendance)| counts(attendance));
        counted.map(|(line, _)| *line).collect()
    };
    out.target(target, &lines(&|_| true), Shows::Records, Said::default());
    out.more(target, "persons", "people", &lines(&|_| true), Shows::Distinct);
    let women = lines(&|attendance| attendance.person.woman);
    out.more(target, "women", "attendances", &women, Shows::Records);
    let minority = lines(&|attendance| minority(attendance.person.ethnicity));
    out.more(target, "minority", "attendances", &minority, Shows::Records);
    let poor = lines(&|attendance| matches!(class(attendance.class), Some(Class::Poor | Class::NearPoor)));
    out.more(target, "poor_near_poor", "attendances", &poor, Shows::Records);
}

/// Persons who completed a class, each once whatever the classes; and those who enrolled.
pub(super) fn persons_trained(known: &Known<'_>, target: &Target, out: &mut Progress<'_>) {
    let courses = known.gathered.courses.iter();
    let courses: BTreeMap<Key, _> = courses.map(|seen| (seen.record, seen)).collect();
    let mut persons = Persons::default();
    let mut learners = Vec::new();
    for seen in &known.gathered.enrolments {
        let course = seen
            .body
            .course
            .map(|course| known.question.merged.record(course));
        let Some(course) = course.and_then(|course| courses.get(&course)) else {
            continue;
        };
        let somebody = persons.of(known.question.merged, seen.record, &seen.body.person);
        let days = &known.question.days;
        let completed = is(&codes::RESULTS, seen.body.result, "completed");
        let ended = seen
            .line(days, course.body.end.or(course.day))
            .filter(|_| completed);
        learners.push((somebody, seen.line(days, course.day), ended));
    }
    let of_persons = |line: Option<Line>, somebody| {
        line.map(|line| Line {
            who: Some(persons.name(somebody)),
            ..line
        })
    };
    let begun: Vec<Line> = learners
        .iter()
        .filter_map(|(somebody, begun, _)| of_persons(*begun, *somebody))
        .collect();
    let ended: Vec<Line> = learners
        .iter()
        .filter_map(|(somebody, _, ended)| of_persons(*ended, *somebody))
        .collect();
    out.target(target, &ended, Shows::Distinct, Said::default());
    out.more(target, "completions", "completions", &ended, Shows::Records);
    out.more(target, "enrolled", "people", &begun, Shows::Distinct);
}

/// Classes opened, and those finished.
pub(super) fn classes_opened(known: &Known<'_>, target: &Target, out: &mut Progress<'_>) {
    let days = &known.question.days;
    let in_state = |state: Option<u8>, words: &[&str]| {
        words
            .iter()
            .any(|word| is(&codes::COURSE_LIFECYCLES, state, word))
    };
    let courses = known.gathered.courses.iter();
    let opened: Vec<Line> = courses
        .clone()
        .filter(|seen| in_state(seen.body.lifecycle, &["running", "finished"]))
        .filter_map(|seen| seen.line(days, seen.day))
        .collect();
    let finished: Vec<Line> = courses
        .filter(|seen| in_state(seen.body.lifecycle, &["finished"]))
        .filter_map(|seen| seen.line(days, seen.body.end))
        .collect();
    out.target(target, &opened, Shows::Records, Said::default());
    out.more(target, "finished", "classes", &finished, Shows::Records);
}

/// Persons on the way abroad by the furthest stage they reached; the target counts those who left.
pub(super) fn overseas(known: &Known<'_>, target: &Target, out: &mut Progress<'_>) {
    let days = &known.question.days;
    let mut persons = Persons::default();
    let mut seen = Vec::new();
    for one in &known.gathered.attendances {
        if let (Some(stage), Some(line)) = (one.body.overseas, one.line(days, one.day)) {
            seen.push((
                persons.of(known.question.merged, one.record, &one.body.person),
                stage,
                line,
            ));
        }
    }
    for one in &known.gathered.surveys {
        if let (Some(stage), Some(line)) = (one.body.overseas, one.line(days, one.day)) {
            seen.push((
                persons.of(known.question.merged, one.record, &one.body.person),
                stage,
                line,
            ));
        }
    }
    // Per span the furthest stage: within a period somebody may only have registered who later left.
    let furthest = |span: usize| {
        let mut stages: BTreeMap<Key, u8> = BTreeMap::new();
        for (somebody, stage, _) in seen.iter().filter(|(.., line)| line.within[span]) {
            let best = stages.entry(persons.name(*somebody)).or_insert(*stage);
            *best = (*best).max(*stage);
        }
        stages
    };
    let furthest = [furthest(0), furthest(1)];
    let lines = |reached: &dyn Fn(u8) -> bool| -> Vec<Line> {
        let own = seen.iter().map(|(somebody, stage, line)| {
            let who = persons.name(*somebody);
            let counts = |span: usize| {
                let best = furthest[span].get(&who);
                line.within[span] && best == Some(stage) && best.is_some_and(|best| reached(*best))
            };
            Line {
                who: Some(who),
                within: [counts(0), counts(1)],
                ..*line
            }
        });
        own.collect()
    };
    let departed = codes::number(&codes::OVERSEAS, "departed").unwrap_or(u8::MAX);
    let said = Said {
        note: Some(Words::code("note.overseas_left")),
        ..Said::default()
    };
    out.target(target, &lines(&|stage| stage >= departed), Shows::Distinct, said);
    for (at, name) in codes::OVERSEAS.iter().enumerate() {
        let lines = lines(&|stage| usize::from(stage) == at);
        out.more(
            target,
            &format!("overseas_{name}"),
            "people",
            &lines,
            Shows::Distinct,
        );
    }
}
