//! The roll call: type a few letters, tap a person, next.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use schemas::text::fold_search;
use sync_core::id::RecordId;

use super::check_in::{CheckIn, person_line};
use super::counts::Entry;
use super::desk::{Desk, ROWS_MAX};
use super::entry::{EntrySheet, checked_in_line};
use super::people::Candidate;
use super::walk_in::WalkIn;
use crate::ui::{Badge, Button, Icon, List, ListRow, SearchField, Tone, focus};
use crate::words::{count, say, t};

/// What is open over the roll call.
#[derive(Clone, Copy, Default)]
struct Picked {
    person: RwSignal<Option<Arc<Candidate>>>,
    entry: RwSignal<Option<RecordId>>,
}

/// The roll call of a fair.
#[component]
pub(super) fn RollCall(desk: Desk) -> impl IntoView {
    let wanted = RwSignal::new(String::new());
    let walking_in = RwSignal::new(false);
    let picked = Picked::default();
    let found = Memo::new(move |_| {
        let wanted = fold_search(&wanted.get());
        desk.people
            .with(|people| people.find(&wanted, desk.today(), ROWS_MAX))
    });
    // Those who are in and on no list of this phone; the others stand among the people.
    let guests = Memo::new(move |_| {
        let wanted = fold_search(&wanted.get());
        let listed = |entry: &Entry| desk.people.with(|people| people.member(&entry.member).is_some());
        desk.roll
            .with(|roll| roll.find(&wanted, ROWS_MAX, |entry| !listed(entry)).0)
    });
    let next = Callback::new(move |()| {
        wanted.set(String::new());
        // A dialog that closes gives the focus back to what opened it; the search comes after that.
        set_timeout(|| focus("fair:search"), Duration::from_millis(50));
    });
    let more = move || {
        let left = found.with(|(shown, all)| all - shown.len());
        match left {
            0 if found.with(|(shown, _)| shown.is_empty()) => t("fair.nobody_found", &[]),
            0 => String::new(),
            _ => t("ui.more_found", &[("n", &count(left))]),
        }
    };
    view! {
        <SearchField id="fair:search" label=say("fair.search") value=wanted />
        <Button id="walkin:new" label=say("fair.walk_in.new") icon=Icon::Add wide=true
            on_click=move |()| walking_in.set(true) />
        <List>
            <For each=move || found.with(|found| found.0.clone()) key=|person| Arc::as_ptr(person) as usize
                children=move |person| view! { <PersonRow desk person picked /> } />
            <For each=move || guests.get() key=|(id, entry)| (*id, Arc::as_ptr(entry) as usize)
                children=move |(id, entry)| view! { <GuestRow desk id entry picked /> } />
        </List>
        <p class="hint" role="status">{more}</p>
        <CheckIn desk picked=picked.person on_done=next />
        <EntrySheet desk picked=picked.entry />
        <WalkIn desk open=walking_in searched=wanted on_done=next />
    }
}

/// Somebody from the lists.
#[component]
fn PersonRow(desk: Desk, person: Arc<Candidate>, picked: Picked) -> impl IntoView {
    let member = StoredValue::new(person.member.clone());
    let entry = Memo::new(move |_| {
        member.with_value(|member| desk.roll.with(|roll| roll.of_member(member).cloned()))
    });
    let lines = {
        let person = Arc::clone(&person);
        Signal::derive(move || {
            let is_in = entry.get().map(|(_, entry)| checked_in_line(desk, &entry));
            std::iter::once(person_line(&person)).chain(is_in).collect()
        })
    };
    let (id, title) = (format!("person:{}", person.member), person.name.clone());
    let tap = move |()| match entry.get_untracked() {
        Some((id, _)) => picked.entry.set(Some(id)),
        None => picked.person.set(Some(Arc::clone(&person))),
    };
    let badge = move || {
        view! { <Show when=move || entry.get().is_some()><Badge tone=Tone::Good text=say("fair.is_in") /></Show> }
    };
    view! { <ListRow id title lines badge on_click=tap /> }
}

/// Somebody who is in and on no list of this phone.
#[component]
fn GuestRow(desk: Desk, id: RecordId, entry: Arc<Entry>, picked: Picked) -> impl IntoView {
    let title = entry.name.clone();
    let lines = Signal::derive(move || {
        let year = entry.birth_year.map(|year| year.to_string()).unwrap_or_default();
        let village = desk.unit_name(&entry.village_id);
        let who = t("fair.guest_line", &[("year", &year), ("village", &village)]);
        vec![who, checked_in_line(desk, &entry)]
    });
    let badge = || view! { <Badge tone=Tone::Good text=say("fair.is_in") /> };
    view! {
        <ListRow id=format!("guest:{id}") title lines badge on_click=move |()| picked.entry.set(Some(id)) />
    }
}
