//! What a review proposes while it is filled: score B, class, what changes, and why.

use leptos::prelude::*;
use schemas::poverty::Assessment;
use schemas::value::Answers;

use super::desk::Desk;
use crate::fill::Look;
use crate::screens::names;
use crate::ui::{Badge, Tone};
use crate::words::{label, say, t};

/// Answers that an assessment reads; typing wishes works nothing out.
const READS: [&str; 5] = ["house_", "dep_", "devices/", "score_a", "meeting_"];
/// The same, whole names.
const READS_ALSO: [&str; 10] = [
    "household_id",
    "visited_at",
    "visit_type",
    "standard_id",
    "outcome",
    "area_type",
    "water_source",
    "toilet_type",
    "has_internet",
    "self_income_vnd",
];

/// The proposal as it stands.
#[component]
pub fn Panel(
    desk: Desk,
    /// The names of members.
    looking: Look,
) -> impl IntoView {
    let read = Memo::new(move |_| desk.answers.with(relevant));
    let assessment = Memo::new(move |_| {
        let work = desk.work.get_value();
        read.with(|answers| work.assessment(answers))
    });
    let score = move || {
        assessment.with(|found| {
            let key = if found.score_b_complete {
                "visit.score_b"
            } else {
                "visit.score_b_open"
            };
            let open = found
                .indicators
                .iter()
                .filter(|indicator| indicator.deprived.is_none());
            let open = open.count().to_string();
            t(key, &[("b", &found.score_b.to_string()), ("open", &open)])
        })
    };
    view! {
        <details class="panel" data-id="visit:panel">
            <summary data-id="visit:panel:open">
                <span class="panel-score" data-id="visit:score_b">{score}</span>
                {move || assessment.with(|found| proposed(desk, found))}
            </summary>
            {move || assessment.with(|found| why(desk, looking, found))}
        </details>
    }
}

fn relevant(answers: &Answers) -> Answers {
    let is_read =
        |path: &str| READS_ALSO.contains(&path) || READS.iter().any(|start| path.starts_with(start));
    let read = answers.iter().filter(|(path, _)| is_read(path));
    read.map(|(path, value)| (path.clone(), value.clone())).collect()
}

/// The class as a badge; that it is not known yet is said too.
fn proposed(desk: Desk, found: &Assessment) -> impl IntoView + use<> {
    let register = &desk.work.get_value().register;
    match found.class_proposed {
        Some(class) => {
            let words = names::choice(register, "household", "current_class", class.code());
            view! { <Badge tone=names::class_tone(class.code()) text=words /> }.into_any()
        }
        None => view! { <Badge tone=Tone::Plain text=say("visit.class_open") /> }.into_any(),
    }
}

fn why(desk: Desk, looking: Look, found: &Assessment) -> impl IntoView + use<> {
    let work = desk.work.get_value();
    let class = |class: Option<schemas::poverty::Class>| {
        class.map(|class| names::choice(&work.register, "household", "current_class", class.code()))
    };
    let transition = found
        .transition
        .map(|transition| names::choice(&work.register, "household_visit", "transition", transition.code()));
    let lines = [
        ("visit.class_proposed", class(found.class_proposed)),
        ("visit.class_previous", class(found.class_previous)),
        ("visit.transition", transition),
    ];
    let line = |(key, words): (&'static str, Option<String>)| {
        words.map(|words| view! { <div><dt>{t(key, &[])}</dt><dd>{words}</dd></div> })
    };
    let findings: Vec<String> = found
        .findings
        .iter()
        .map(|finding| label(&finding.message))
        .collect();
    let reasons = reasons(looking, found);
    let none = reasons.is_empty();
    view! {
        <p class="hint">{t("visit.prefilled_note", &[])}</p>
        <dl class="answers">{lines.into_iter().map(line).collect_view()}</dl>
        <h3 hidden=none>{t("visit.why", &[])}</h3>
        <ul class="bullets">{reasons.into_iter().map(|reason| view! { <li>{reason}</li> }).collect_view()}</ul>
        <ul class="bullets hint">
            {once_each(findings).into_iter().map(|finding| view! { <li>{finding}</li> }).collect_view()}
        </ul>
    }
}

/// Every deprived or open indicator with what decided it, about whom.
fn reasons(looking: Look, found: &Assessment) -> Vec<String> {
    let looking = looking.get();
    let open_or_deprived = found
        .indicators
        .iter()
        .filter(|indicator| indicator.deprived != Some(false));
    let words = open_or_deprived.flat_map(|indicator| {
        let name = label(&indicator.label);
        let stated = indicator.reasons.is_empty() && indicator.deprived == Some(true);
        let stated = stated.then(|| t("visit.stated", &[("indicator", &name)]));
        let because = |reason: &schemas::poverty::Reason| {
            let who = reason
                .member
                .as_ref()
                .and_then(|id| looking.label("household_member", id));
            let message = label(&reason.message);
            match who {
                Some(who) => t(
                    "visit.reason_of",
                    &[("indicator", &name), ("who", &who), ("why", &message)],
                ),
                None => t("visit.reason", &[("indicator", &name), ("why", &message)]),
            }
        };
        let reasons: Vec<String> = indicator.reasons.iter().map(because).collect();
        reasons.into_iter().chain(stated)
    });
    once_each(words.collect())
}

/// The same words are said once: an open indicator may lack several answers.
fn once_each(words: Vec<String>) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    for word in words {
        if !said.contains(&word) {
            said.push(word);
        }
    }
    said
}
