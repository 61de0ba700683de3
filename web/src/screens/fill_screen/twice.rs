//! Asks whether a record that is about to be written is there already.

use leptos::prelude::*;
use schemas::key::strong_key;
use sync_core::id::RecordId;
use sync_core::strong::record_id;

use super::desk::Desk;
use crate::app::Screen;
use crate::phone::{Draft, Duplicate, Register, Summary};
use crate::screens::duties::stands;
use crate::screens::names;
use crate::ui::{Button, ButtonKind, Dialog};
use crate::words::{say, t};

/// A record that may be the same, in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Alike {
    id: RecordId,
    /// It is the same by its key: what is written goes into it.
    is_same: bool,
    is_household: bool,
    title: String,
    place: String,
    agrees: String,
}

/// Says what agrees, in the words of the form.
pub fn describe(register: &Register, draft: &Draft, found: Vec<Duplicate>) -> Vec<Alike> {
    let same = same_by_key(register, draft);
    let form = register.form(&draft.kind, Some(draft.version));
    let code = crate::words::language().code();
    let alike = |duplicate: Duplicate| {
        let summary = &duplicate.summary;
        let label = |field: &String| {
            let form = form.as_ref();
            form.map_or_else(
                || field.clone(),
                |form| schemas::project::label(form, field, code),
            )
        };
        let fields: Vec<String> = duplicate.fields.iter().map(label).collect();
        let village = ["village_id", "residence_village_id", "host_commune_id"];
        let village = village
            .into_iter()
            .map(|path| summary.fact(path))
            .find(|id| !id.is_empty());
        let day = ["visited_at", "provided_on", "start_at", "checked_in_at"];
        let day = day
            .into_iter()
            .map(|path| summary.fact(path))
            .find(|at| !at.is_empty());
        let household = names::household_of(register, summary).map(|(_, name)| name);
        let place = names::line(&[
            household.unwrap_or_default(),
            names::unit(register, village.unwrap_or_default()),
            crate::words::date_time(day.unwrap_or_default()),
        ]);
        Alike {
            id: duplicate.id,
            is_same: same.as_ref().is_some_and(|same| same.id == duplicate.id),
            is_household: summary.kind == "household",
            title: names::title(register, summary),
            place,
            agrees: t("visit.agrees", &[("fields", &fields.join(", "))]),
        }
    };
    let others = found.into_iter().filter(|other| {
        let is_same = same.as_ref().is_some_and(|same| same.id == other.id);
        !is_same && may_be_same(draft, &other.summary)
    });
    same.clone().into_iter().chain(others).map(alike).collect()
}

/// The record that has the draft's key already: two phones write one record of the same visit.
fn same_by_key(register: &Register, draft: &Draft) -> Option<Duplicate> {
    let known = register.known().ok()?;
    let form = known
        .catalog
        .version_or_newest(&draft.kind, Some(draft.version))?;
    let key = strong_key(form, &draft.answers)?;
    let id = record_id(&known.identity.project_key, &draft.kind, &key);
    let position = key.split('|').next()?.parse::<usize>().ok()?;
    let parts = form.settings.strong_key.get(position)?;
    Some(Duplicate {
        summary: register.index().get(id)?,
        fields: parts.iter().map(|part| part.field.clone()).collect(),
        id,
    })
}

/// A record that was voided is no other one, and neither is a visit of another kind on the same day.
fn may_be_same(draft: &Draft, other: &Summary) -> bool {
    let kind = draft
        .answers
        .get("visit_type")
        .and_then(schemas::value::Scalar::as_text);
    stands(other) && kind.is_none_or(|kind| kind == other.fact("visit_type"))
}

/// The question, when there is one.
#[component]
pub fn Twice(desk: Desk) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        if desk.alike.with(|alike| !alike.is_empty()) {
            open.set(true);
        }
    });
    let closed = move |()| desk.alike.set(Vec::new());
    let joins = move || desk.alike.with(|alike| alike.iter().any(|one| one.is_same));
    let words = move |what: &str| match joins() {
        true => t(&format!("visit.{what}.joined"), &[]),
        false => t(&format!("visit.{what}.{}", kind(desk)), &[]),
    };
    let title = move || words("same");
    let other = move || words("other");
    let hint = move || {
        t(
            if joins() {
                "visit.join_hint"
            } else {
                "visit.same_hint"
            },
            &[],
        )
    };
    let save = move |()| {
        open.set(false);
        desk.save();
    };
    view! {
        <Dialog id="duplicates" title open on_close=closed>
            <p class="hint">{hint}</p>
            <ul class="list">{move || desk.alike.get().into_iter().map(|one| row(desk, one)).collect_view()}</ul>
            <Button id="duplicate:other" label=other kind=ButtonKind::Primary wide=true on_click=save />
        </Dialog>
    }
}

fn row(desk: Desk, alike: Alike) -> impl IntoView {
    let Alike {
        id,
        is_same: _,
        is_household,
        title,
        place,
        agrees,
    } = alike;
    let screen = if is_household {
        Screen::Household(id)
    } else {
        Screen::Record(id)
    };
    view! {
        <li class="entry" data-id=format!("duplicate:{id}")>
            <strong>{title}</strong>
            <span class="sub">{place}</span>
            <span class="sub">{agrees}</span>
            <Button id=format!("duplicate:open:{id}") label=say("visit.open_existing")
                on_click=move |()| desk.app.go(screen.clone()) />
        </li>
    }
}

/// Whose words are used: those of the kinds that have some, else those of any record.
fn kind(desk: Desk) -> &'static str {
    let known = ["household", "household_visit", "job_fair_attendance"];
    desk.work.with_value(|work| {
        known
            .into_iter()
            .find(|name| *name == work.kind())
            .unwrap_or("any")
    })
}
