//! What a record says, what is wrong with it, and who wrote what.

use leptos::prelude::*;
use parts::ui::{Badge, Tone};

use super::Sheet;
use crate::answers::{Line, parts, path_label, path_words, written};
use crate::app::Desk;
use crate::words::{count, date_time, say, t, titled};

/// This many changes of a history are shown at once.
const SHOWN: usize = 12;

/// Rules that answers break.
pub fn findings(sheet: &Sheet) -> AnyView {
    if sheet.body.findings.is_empty() {
        return ().into_any();
    }
    let line = |finding: &crate::api::records::Finding| {
        let weighs = finding.severity.as_str().unwrap_or("error") != "warning";
        let tone = if weighs { Tone::Bad } else { Tone::Warn };
        let word = if weighs {
            "record.wrong"
        } else {
            "record.look_again"
        };
        view! {
            <li>
                <Badge tone text=say(word) />
                <span>
                    <strong>{path_label(&sheet.form, &sheet.body.data, &finding.path)}</strong>": "
                    {titled(&finding.message)}
                </span>
            </li>
        }
    };
    let lines = sheet.body.findings.iter().map(line).collect_view();
    view! {
        <section class="block">
            <h3>{say("record.findings")}</h3>
            <ul class="findings" data-id="record:findings">{lines}</ul>
        </section>
    }
    .into_any()
}

/// The answers, part by part.
pub fn answers(desk: Desk, sheet: &Sheet) -> AnyView {
    let all = desk
        .known
        .with(|known| parts(&sheet.form, &sheet.body.data, known));
    let part = |part: crate::answers::Part| {
        let no_title = part.title.is_empty();
        view! {
            <section class="block">
                <h3 hidden=no_title>{part.title}</h3>
                <dl class="facts">{lines(part.lines)}</dl>
            </section>
        }
    };
    view! { <div class="parts" data-id="record:answers">{all.into_iter().map(part).collect_view()}</div> }
        .into_any()
}

fn lines(all: Vec<Line>) -> AnyView {
    let line = |line: Line| match line {
        Line::Answer {
            path,
            label,
            words,
            record,
        } => {
            let words = match record {
                Some(id) => {
                    view! { <a href=format!("#record/{id}")>{say("record.open_other")}</a> }.into_any()
                }
                None => words.into_any(),
            };
            view! { <div><dt>{label}</dt><dd data-id=path>{words}</dd></div> }.into_any()
        }
        Line::Row {
            heading,
            title,
            lines: inner,
        } => view! {
            <div class="whole">
                <dt class="sr">{heading}</dt>
                <dd><details><summary>{title}</summary><dl class="facts">{lines(inner)}</dl></details></dd>
            </div>
        }
        .into_any(),
    };
    all.into_iter().map(line).collect_view().into_any()
}

/// Who wrote what, newest first.
pub fn history(desk: Desk, sheet: &Sheet) -> AnyView {
    let entry = |entry: &crate::api::records::Entry| {
        let change = |(path, value): (&String, &serde_json::Value)| {
            let words = desk
                .known
                .with_untracked(|known| path_words(&sheet.form, path, value, known));
            let label = path_label(&sheet.form, &sheet.body.data, path);
            view! { <li><span class="sub">{label}": "</span>{words}</li> }
        };
        let received = entry.received_at.as_deref().map(|at| {
            let at = date_time(at);
            view! { <span class="sub">{t("record.received", &[("when", &at)])}</span> }
        });
        let all: Vec<_> = written(&entry.changes).map(change).collect();
        view! {
            <li>
                <p><strong>{entry.author.clone()}</strong>" · "{date_time(&entry.claimed_at)}" "{received}</p>
                <ul class="wrote">{all}</ul>
            </li>
        }
    };
    let mut entries = sheet.entries.iter().rev();
    let newest = entries.by_ref().take(SHOWN).map(entry).collect_view();
    let older: Vec<_> = entries.map(entry).collect();
    let older = (!older.is_empty()).then(|| {
        let n = count(older.len());
        view! {
            <details>
                <summary>{t("record.older", &[("n", &n)])}</summary>
                <ol class="history">{older}</ol>
            </details>
        }
    });
    view! {
        <section class="block">
            <h3>{say("record.history")}</h3>
            <ol class="history" data-id="record:history">{newest}</ol>
            {older}
        </section>
    }
    .into_any()
}
