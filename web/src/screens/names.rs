//! Words for what lists show: choices of forms, units, titles of records, how far work has come.

use leptos::prelude::*;
use sync_core::id::RecordId;
use sync_core::record::REVIEW_STATE;

use super::duties::RETURNED;
use crate::phone::{Register, Summary};
use crate::ui::{Badge, Tone};
use crate::words::{language, t};

/// The label of a choice in the newest form of a kind; what is no choice is its own word.
#[must_use]
pub fn choice(register: &Register, kind: &str, field: &str, name: &str) -> String {
    let known = register.known().ok();
    let list = known.and_then(|known| known.catalog.form(kind)?.field(field)?.choices.clone());
    match list {
        Some(list) if !name.is_empty() => list.label(name, language().code()).to_owned(),
        _ => name.to_owned(),
    }
}

/// Every choice of a question with its label, in the order of the form.
#[must_use]
pub fn choices(register: &Register, kind: &str, field: &str) -> Vec<(String, String)> {
    let known = register.known().ok();
    let list = known.and_then(|known| known.catalog.form(kind)?.field(field)?.choices.clone());
    let list = list.iter().flat_map(|list| &list.choices);
    list.map(|choice| (choice.name.clone(), crate::words::label(&choice.label)))
        .collect()
}

/// The name of a unit; empty for none.
#[must_use]
pub fn unit(register: &Register, id: &str) -> String {
    let known = register.known().ok();
    let name = known.and_then(|known| known.units.get(id).map(|unit| unit.name.clone()));
    name.unwrap_or_default()
}

/// The title of a form.
#[must_use]
pub fn kind(register: &Register, kind: &str) -> String {
    let form = register.form(kind, None);
    form.map_or_else(|| kind.to_owned(), |form| crate::words::label(&form.title))
}

/// What a record is called in a list. Visits are named by what kind of visit it was.
#[must_use]
pub fn title(register: &Register, summary: &Summary) -> String {
    if summary.kind == "household_visit" {
        return choice(
            register,
            "household_visit",
            "visit_type",
            summary.fact("visit_type"),
        );
    }
    if summary.title.is_empty() {
        kind(register, &summary.kind)
    } else {
        summary.title.clone()
    }
}

/// The household that a record belongs to and its head's name; none if it is not here.
#[must_use]
pub fn household_of(register: &Register, summary: &Summary) -> Option<(RecordId, String)> {
    let id: RecordId = summary.fact("household_id").parse().ok()?;
    Some((id, register.index().get(id)?.title.clone()))
}

/// How a class looks: poverty asks to be seen.
#[must_use]
pub fn class_tone(class: &str) -> Tone {
    match class {
        "poor" => Tone::Bad,
        "near_poor" => Tone::Warn,
        "average" | "non_poor" => Tone::Good,
        _ => Tone::Plain,
    }
}

/// What a list says of a record beside its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// It was voided.
    Void,
    /// A household that lives here no more.
    Gone,
    /// Something of it was set aside.
    Parked,
    /// People disagree on a field.
    Disagreement,
    /// A reviewer asks for more.
    Returned,
    /// Something of it is not sent yet.
    Unsent,
    /// Something of it waits at the server.
    Waiting,
}

impl Mark {
    const fn words(self) -> (Tone, &'static str) {
        match self {
            Self::Void => (Tone::Plain, "record.mark.void"),
            Self::Gone => (Tone::Plain, "record.mark.gone"),
            Self::Parked => (Tone::Bad, "record.mark.parked"),
            Self::Disagreement => (Tone::Warn, "record.mark.disagreement"),
            Self::Returned => (Tone::Warn, "record.mark.returned"),
            Self::Unsent => (Tone::Info, "record.mark.unsent"),
            Self::Waiting => (Tone::Info, "record.mark.waiting"),
        }
    }
}

/// What is to be said of a record.
#[must_use]
pub fn marks(summary: &Summary) -> Vec<Mark> {
    let marks = [
        (!summary.fact("void_reason").is_empty(), Mark::Void),
        (!summary.parked.is_empty(), Mark::Parked),
        (summary.conflicts > 0, Mark::Disagreement),
        (summary.fact(REVIEW_STATE) == RETURNED, Mark::Returned),
        (summary.unsent > 0, Mark::Unsent),
        (summary.waiting && summary.unsent == 0, Mark::Waiting),
    ];
    let there = marks.into_iter().filter(|(is_there, _)| *is_there);
    there.map(|(_, mark)| mark).collect()
}

/// Marks as badges.
pub fn badges(marks: &[Mark]) -> impl IntoView + use<> {
    let badge = |mark: &Mark| {
        let (tone, key) = mark.words();
        view! { <Badge tone text=crate::words::say(key) /> }
    };
    marks.iter().map(badge).collect_view()
}

/// The class of a household as a badge; nothing for none.
pub fn class_badge(register: &Register, class: &str) -> Option<impl IntoView + use<>> {
    let words = choice(register, "household", "current_class", class);
    let tone = class_tone(class);
    (!words.is_empty()).then(|| view! { <Badge tone text=words /> })
}

/// Parts of one line, those that are empty left out.
#[must_use]
pub fn line(parts: &[String]) -> String {
    let parts: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" · ")
}

/// How far this record's work has come, in words.
#[must_use]
pub fn state(state: &str) -> String {
    t(&format!("record.state.{state}"), &[])
}
