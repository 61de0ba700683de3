//! Who did what, when.

use leptos::prelude::*;
use parts::ui::{EmptyState, TextField};

use super::Title;
use crate::api::Page;
use crate::api::audit::{Line, list};
use crate::app::{Desk, Remote};
use crate::pieces::{Cell, Head, Row, Table, loaded};
use crate::words::{name, say, t};

/// The screen.
#[component]
pub fn Audit() -> impl IntoView {
    let desk = Desk::here();
    let page = Remote::<Page<Line>>::new();
    let of = move |name: &'static str| desk.place.with(|place| place.get(name).to_owned());
    let asked = Memo::new(move |_| (of("action"), of("target"), of("from")));
    let ask = move || {
        let (action, target, from) = asked.get_untracked();
        page.ask(desk, list(action, target, from));
    };
    Effect::new(move |_| {
        asked.track();
        page.forget();
        ask();
    });
    let (action, target) = (
        RwSignal::new(asked.get_untracked().0),
        RwSignal::new(asked.get_untracked().1),
    );
    let set = move |name: &'static str, typed: RwSignal<String>| {
        move |()| {
            let value = typed.get_untracked();
            desk.replace(
                &desk
                    .place
                    .get_untracked()
                    .with("from", "")
                    .with(name, value.trim()),
            );
        }
    };
    let heads = Signal::derive(|| {
        [
            "audit.at",
            "audit.action",
            "audit.actor",
            "audit.target",
            "audit.details",
        ]
        .map(|key| Head::new(t(key, &[])).still())
        .to_vec()
    });
    let show = move |found: Page<Line>| {
        if found.items.is_empty() {
            return view! { <EmptyState title=say("audit.empty") /> }.into_any();
        }
        let rows: Vec<Row> = found.items.iter().map(row).collect();
        let next = found.next.map(|next| {
            let place = desk.place.get_untracked().with("from", &next);
            view! { <a class="btn" data-id="next" href=place.href()>{say("desk.next")}</a> }
        });
        view! {
            <Table id="audit" caption=say("desk.room.audit") heads rows=Signal::derive(move || rows.clone()) />
            <div class="pager">{next}</div>
        }
        .into_any()
    };
    view! {
        <Title text=say("desk.room.audit") />
        <form class="filters-bar" role="search" on:submit=|event| event.prevent_default()>
            <TextField id="filter:action" label=say("audit.filter_action") value=action placeholder="record_read"
                on_blur=set("action", action) />
            <TextField id="filter:target" label=say("audit.filter_target") value=target placeholder="record:…"
                on_blur=set("target", target) />
        </form>
        {loaded(page, ask, show)}
    }
}

fn row(line: &Line) -> Row {
    let details = line.details.as_object().into_iter().flatten();
    let details: Vec<String> = details
        .filter(|(_, value)| value.as_str() != Some(""))
        .map(|(name, value)| {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            format!("{name}: {value}")
        })
        .collect();
    let target = match line.target.strip_prefix("record:") {
        Some(id) => Cell::text(&line.target).to(format!("#audit?target=record%3A{id}")),
        None => Cell::text(&line.target),
    };
    Row::new(
        line.seq.to_string(),
        vec![
            Cell::moment(&line.at),
            Cell::text(name("audit.act", &line.action)),
            Cell::text(&line.actor),
            target,
            Cell::text(details.join("; ")),
        ],
    )
}
