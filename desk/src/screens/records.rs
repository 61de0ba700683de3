//! All records within reach: searched by name, filtered, a page at a time; several approved at once.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use parts::ui::{Button, ButtonKind, EmptyState, OptionItem, SearchField};

use super::Title;
use super::bulk::Bulk;
use crate::address::Place;
use crate::api::Page;
use crate::api::records::{RecordRow, list};
use crate::app::{Desk, Remote};
use crate::pieces::{Cell, Head, Pick, Row, Table, UnitPick, loaded, state_words};
use crate::words::{count, say, t};

/// Review states, in the order in which a record goes through them.
const STATES: [&str; 7] = [
    "received",
    "edited",
    "has_issues",
    "approved",
    "rejected",
    "locked",
    "void",
];
const ROWS: &str = "50";

/// The screen.
#[component]
pub fn Records() -> impl IntoView {
    let desk = Desk::here();
    let page = Remote::<Page<RecordRow>>::new();
    let asked = Memo::new(move |_| desk.place.with(|place| place.query.clone()));
    let ask = move || {
        let asked = asked.get_untracked();
        let of = |name: &str| asked.get(name).cloned().unwrap_or_default();
        let filter = vec![
            ("q", of("q")),
            ("kind", of("kind")),
            ("unit", of("unit")),
            ("state", of("state")),
            ("limit", ROWS.to_owned()),
            ("cursor", of("from")),
        ];
        page.ask(desk, list(filter));
    };
    let chosen = RwSignal::new(BTreeSet::<String>::new());
    Effect::new(move |before: Option<BTreeMap<String, String>>| {
        desk.pulse.track();
        let now = asked.get();
        if before.is_some_and(|before| before != now) {
            page.forget();
            chosen.set(BTreeSet::new());
        }
        ask();
        now
    });
    let set = move |name: &'static str| {
        move |value: String| desk.replace(&desk.place.get_untracked().with("from", "").with(name, &value))
    };
    let words = RwSignal::new(desk.place.with_untracked(|place| place.get("q").to_owned()));
    let of = move |name: &'static str| {
        Signal::derive(move || asked.with(|asked| asked.get(name).cloned().unwrap_or_default()))
    };
    let kinds = Signal::derive(move || {
        let mut options = vec![OptionItem::new("", t("desk.all_kinds", &[]))];
        desk.known.with(|known| {
            options.extend(
                known
                    .kinds
                    .iter()
                    .map(|form| OptionItem::new(&form.form_id, known.kind(&form.form_id))),
            );
        });
        options
    });
    let states = Signal::derive(move || {
        let mut options = vec![OptionItem::new("", t("records.any_state", &[]))];
        options.extend(STATES.map(|state| OptionItem::new(state, state_words(state).0)));
        options
    });
    let decides = Memo::new(move |_| desk.role() == "district_officer");
    let bulk = RwSignal::new(false);
    let show = move |found: Page<RecordRow>| {
        if found.items.is_empty() {
            return view! { <EmptyState title=say("records.empty") text=say("records.empty_hint") /> }
                .into_any();
        }
        let names: BTreeMap<String, String> = found
            .items
            .iter()
            .map(|row| (row.id.clone(), row.title.clone()))
            .collect();
        let items = found.items.clone();
        let rows = Signal::derive(move || {
            desk.known
                .with(|known| items.iter().map(|row| record_row(known, row)).collect::<Vec<_>>())
        });
        let all: Vec<String> = found.items.iter().map(|row| row.id.clone()).collect();
        let everything = {
            let all = all.clone();
            move |_| {
                chosen.update(|chosen| {
                    if all.iter().all(|id| chosen.contains(id)) {
                        chosen.clear();
                    } else {
                        chosen.extend(all.iter().cloned());
                    }
                })
            }
        };
        let pick = move |id: &str| {
            let (mine, toggled) = (id.to_owned(), id.to_owned());
            let name = names.get(id).cloned().unwrap_or_default();
            let ticked = move || chosen.with(|chosen| chosen.contains(&mine));
            let toggle = move |event| {
                let ticked = event_target_checked(&event);
                chosen.update(|chosen| {
                    if ticked {
                        chosen.insert(toggled.clone());
                    } else {
                        chosen.remove(&toggled);
                    }
                });
            };
            view! {
                <input type="checkbox" class="tick" data-id=format!("tick:{id}") aria-label=t("records.tick", &[("name", &name)])
                    prop:checked=ticked on:change=toggle />
            }
            .into_any()
        };
        let rows_of_page = found.items.clone();
        let picked = Memo::new(move |_: Option<&Vec<RecordRow>>| {
            chosen.with(|chosen| {
                rows_of_page
                    .iter()
                    .filter(|row| chosen.contains(&row.id))
                    .cloned()
                    .collect::<Vec<_>>()
            })
        });
        let table = if decides.get_untracked() {
            view! {
                <div class="bulk-bar">
                    <Button id="tick:all" label=say("records.tick_all") kind=ButtonKind::Quiet on_click=everything />
                    <span role="status">{move || t("records.ticked", &[("n", &count(chosen.with(BTreeSet::len)))])}</span>
                    <Button id="bulk" label=say("records.approve_ticked") disabled=Signal::derive(move || chosen.with(BTreeSet::is_empty))
                        on_click=move |()| bulk.set(true) />
                </div>
                <Bulk open=bulk rows=picked on_done=move |()| { chosen.set(BTreeSet::new()); ask(); } />
                <Table id="records" caption=say("desk.room.records") heads=heads() rows last=pick />
            }
            .into_any()
        } else {
            view! { <Table id="records" caption=say("desk.room.records") heads=heads() rows /> }.into_any()
        };
        let next = found.next.clone();
        let more = next.map(|next| {
            let place = desk.place.get_untracked().with("from", &next);
            view! { <a class="btn" data-id="next" href=place.href()>{say("desk.next")}</a> }
        });
        let first = desk.place.with_untracked(|place| !place.get("from").is_empty());
        let first = first.then(|| {
            let place = desk.place.get_untracked().with("from", "");
            view! { <a class="btn" data-id="first" href=place.href()>{say("desk.first")}</a> }
        });
        view! { {table}<div class="pager">{first}{more}</div> }.into_any()
    };
    view! {
        <Title text=say("desk.room.records") />
        <div class="filters-bar" role="search">
            <div class="field">
                <span class="ask" aria-hidden="true">{say("records.search")}</span>
                <SearchField id="search" label=say("records.search_hint") value=words on_input=set("q") />
            </div>
            <Pick id="filter:kind" label=say("desk.kind") options=kinds value=of("kind") on_pick=set("kind") />
            <UnitPick id="filter:unit" value=of("unit") on_pick=set("unit") />
            <Pick id="filter:state" label=say("records.state") options=states value=of("state") on_pick=set("state") />
        </div>
        {loaded(page, ask, show)}
    }
}

/// The heads of a list of records.
pub fn heads() -> Signal<Vec<Head>> {
    Signal::derive(|| {
        [
            "records.name",
            "desk.kind",
            "desk.unit",
            "records.state",
            "records.updated",
        ]
        .map(|key| Head::new(t(key, &[])))
        .to_vec()
    })
}

/// A record as a row.
pub fn record_row(known: &crate::app::Known, row: &RecordRow) -> Row {
    let (state, tone) = state_words(&row.state);
    let mut marks = Vec::new();
    if row.conflict.as_deref() == Some("hard") {
        marks.push(t("queue.kind.conflict", &[]));
    }
    if row.findings > 0 {
        marks.push(t("queue.findings", &[("n", &row.findings.to_string())]));
    }
    let title = if row.title.is_empty() { "–" } else { &row.title };
    Row::new(
        &row.id,
        vec![
            Cell::person(title)
                .to(Place::of(&["record", &row.id]).href())
                .under(marks.join(" · ")),
            Cell::text(known.kind(&row.kind)),
            Cell::text(known.unit_within(row.unit.as_deref().unwrap_or_default())),
            Cell::text(state).toned(tone),
            Cell::moment(&row.updated_at),
        ],
    )
}
