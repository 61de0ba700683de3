//! How far the plan has come, by the records on this phone.

use leptos::prelude::*;
use schemas::plan::{Plan, Target};

use crate::app::App;
use crate::screens::duties::{Duties, Records};
use crate::screens::names;
use crate::screens::targets::{Share, Targets, targets};
use crate::ui::{Progress, Section};
use crate::words::{count, label, number, say, t};

/// The targets that a cadre's own records say something about.
#[component]
pub(super) fn TargetsPart(duties: Memo<Duties>) -> impl IntoView {
    let app = App::here();
    let plan = Plan::plan_2024();
    let found = Memo::new(move |_| {
        app.follow(|register| {
            let index = register.index();
            duties.with(|duties| targets(&Records::of(&index), duties, plan))
        })
    });
    let lines = move || found.with(|found| lines(found, plan));
    let line = |line: Line| {
        let share = line.share.map(|share| {
            let words = share_words(share);
            view! { <Progress id=format!("target:{}:bar", line.id) value=share.ratio() text=words /> }
        });
        view! {
            <div class="target" data-id=format!("target:{}", line.id)>
                <h3>{line.title}</h3>
                {share}
                {line.words.into_iter().map(|words| view! { <p class="sub">{words}</p> }).collect_view()}
            </div>
        }
    };
    view! {
        <Section title=say("home.targets")>
            <p class="hint">{t("home.targets_hint", &[("plan", &label(&plan.title))])}</p>
            {move || lines().into_iter().map(line).collect_view()}
        </Section>
    }
}

/// One target in words.
struct Line {
    id: &'static str,
    title: String,
    share: Option<Share>,
    words: Vec<String>,
}

fn lines(found: &Targets, plan: &Plan) -> Vec<Line> {
    let title = |id: &str| {
        plan.target(id)
            .map_or_else(|| id.to_owned(), |target| label(&target.label))
    };
    let source = || t("home.source", &[]);
    let asked = |id: &str| {
        let asked = plan.target(id).map(asked).unwrap_or_default();
        names::line(&[asked, source()])
    };
    let n = |n: usize| count(n);
    let none_able = (found.none_able > 0).then(|| t("home.none_able", &[("n", &n(found.none_able))]));
    let not_known = (found.not_known > 0).then(|| t("home.not_known", &[("n", &n(found.not_known))]));
    let mut work = vec![asked("T11")];
    work.extend(none_able.into_iter().chain(not_known));
    let fairs = t(
        "home.fairs",
        &[("n", &n(found.fairs_held)), ("communes", &n(found.fair_communes))],
    );
    vec![
        Line {
            id: "visits",
            title: t("home.visits", &[]),
            share: Some(found.visited),
            words: vec![source()],
        },
        Line {
            id: "T11",
            title: title("T11"),
            share: Some(found.stable_work),
            words: work,
        },
        Line {
            id: "T5",
            title: title("T5"),
            share: Some(found.insured),
            words: vec![asked("T5"), t("home.insured_note", &[])],
        },
        Line {
            id: "T9",
            title: title("T9"),
            share: None,
            words: vec![fairs, asked("T9")],
        },
        Line {
            id: "T10",
            title: title("T10"),
            share: None,
            words: vec![
                t("home.attendances", &[("n", &n(found.attendances))]),
                asked("T10"),
            ],
        },
    ]
}

/// What the whole plan asks.
fn asked(target: &Target) -> String {
    let value = |value: Option<f64>| value.map(number).unwrap_or_default();
    let from = value(target.value);
    let asked = match target.value_to {
        Some(to) => format!("{from}–{}", number(to)),
        None => from,
    };
    let unit = label(&target.unit);
    let asked = if unit == "%" {
        format!("{asked}%")
    } else {
        format!("{asked} {unit}")
    };
    t("home.asked", &[("n", &asked)])
}

/// `12/40 (30%)`; nothing of nothing has no percentage.
fn share_words(share: Share) -> String {
    let (done, of) = (count(share.done), count(share.of));
    if share.of == 0 {
        return t("home.share_none", &[]);
    }
    let percent = number((share.ratio() * 1000.0).round() / 10.0);
    t("home.share", &[("n", &done), ("of", &of), ("percent", &percent)])
}
