//! Every change of a record, newest first.

use jiff::Timestamp;
use leptos::prelude::*;
use schemas::form::Form;
use schemas::path::FieldPath;
use schemas::value::{Answers, Scalar};
use sync_core::record::KIND;

use super::{Handle, Shown, wording};
use crate::phone::HistoryLine;
use crate::ui::Section;
use crate::words::{count, moment, say, t};

/// Lines of one change drawn before it is unfolded.
const SHOWN: usize = 4;
/// Changes drawn: the story of a record that many people wrote is long, and its end is what matters.
const CHANGES: usize = 50;

/// What happened to the record.
#[component]
pub(super) fn History(shown: Handle) -> impl IntoView {
    let shown = shown.get_value();
    let changes = changes(&shown);
    let older = changes.len().saturating_sub(CHANGES);
    let rows = changes
        .into_iter()
        .take(CHANGES)
        .enumerate()
        .map(|(at, change)| row(at, change));
    view! {
        <Section title=say("record.history")>
            <ol class="history">{rows.collect_view()}</ol>
            <p class="hint" hidden=older == 0>{t("record.older", &[("n", &count(older))])}</p>
        </Section>
    }
}

struct Change {
    heading: String,
    lines: Vec<String>,
}

fn row(at: usize, change: Change) -> impl IntoView {
    let number = change.lines.len();
    let lines = change
        .lines
        .into_iter()
        .map(|line| view! { <li>{line}</li> })
        .collect_view();
    let lines = view! { <ul class="bullets">{lines}</ul> };
    let inside = if number > SHOWN {
        let more = t("record.lines", &[("n", &count(number))]);
        view! {
            <details><summary data-id=format!("history:{at}:open")>{more}</summary>{lines}</details>
        }
        .into_any()
    } else {
        lines.into_any()
    };
    view! { <li data-id=format!("history:{at}")><strong>{change.heading}</strong>{inside}</li> }
}

/// The changes with what each found there. Of fields that a change does not write, names of rows for one, the
/// values are followed from the first change on.
fn changes(shown: &Shown) -> Vec<Change> {
    let mut before = Answers::new();
    let mut changes = Vec::new();
    for line in &shown.view.history {
        for (path, _) in &line.writes {
            match line.found.get(path) {
                Some(found) => before.insert(path.clone(), found.clone()),
                None => before.remove(path),
            };
        }
        let lines = match &shown.form {
            Some(form) => lines(shown, form, &before, line),
            None => line.writes.iter().map(|(path, _)| path.clone()).collect(),
        };
        let creates = line.writes.iter().any(|(path, _)| path == KIND);
        changes.push(Change {
            heading: heading(line, creates),
            lines,
        });
        for (path, value) in &line.writes {
            before.insert(path.clone(), value.clone().unwrap_or(Scalar::Null));
        }
    }
    changes.reverse();
    changes
}

fn lines(shown: &Shown, form: &Form, before: &Answers, line: &HistoryLine) -> Vec<String> {
    // A row that is new has its name in the same change.
    let mut known = before.clone();
    let names = line
        .writes
        .iter()
        .filter(|(path, _)| path.ends_with("/full_name") && !known.contains_key(path));
    let names: Vec<_> = names.cloned().collect();
    known.extend(names.into_iter().filter_map(|(path, value)| Some((path, value?))));
    let mut writes: Vec<_> = line.writes.iter().collect();
    writes.sort_by_cached_key(|(path, _)| place(form, path));
    let words = writes.into_iter().filter_map(|(path, after)| {
        let known = if path.ends_with("/full_name") {
            before
        } else {
            &known
        };
        wording::write(form, known, path, after.as_ref(), &*shown.look.get())
    });
    words.collect()
}

/// Where a path stands in the form: the record's own questions first, then row by row.
fn place(form: &Form, path: &str) -> (String, usize) {
    let row = FieldPath::parse(path).map_or("", |parsed| &path[..parsed.prefix_len]);
    let item = form.resolve(path).map_or(usize::MAX, |resolved| resolved.item);
    (row.to_owned(), item)
}

/// When and who; when the server had it, if that was on another day.
fn heading(line: &HistoryLine, creates: bool) -> String {
    let at = |seconds: i64| Timestamp::from_second(seconds).map(moment).unwrap_or_default();
    let who = line.author.clone().unwrap_or_else(|| t("record.somebody", &[]));
    let key = if creates {
        "record.created"
    } else {
        "record.edited"
    };
    let heading = t(key, &[("when", &at(line.claimed_at_s)), ("who", &who)]);
    const DAY_S: i64 = 24 * 60 * 60;
    match line.received_at_s {
        Some(received) if (received - line.claimed_at_s).abs() > DAY_S => {
            format!("{heading} {}", t("record.received", &[("when", &at(received))]))
        }
        Some(_) => heading,
        None => format!("{heading} {}", t("record.not_received", &[])),
    }
}
