//! What came of a fair: everybody who was there, with the furthest outcome.

use std::sync::Arc;

use leptos::prelude::*;
use schemas::text::fold_search;
use sync_core::id::RecordId;

use super::counts::Entry;
use super::desk::{Desk, ROWS_MAX};
use super::outcome::OutcomeSheet;
use crate::ui::{Badge, EmptyState, List, ListRow, SearchField, Tone};
use crate::words::{count, date, say, t};

/// The list of results.
#[component]
pub(super) fn Results(desk: Desk) -> impl IntoView {
    let wanted = RwSignal::new(String::new());
    let picked = RwSignal::new(None::<RecordId>);
    let found = Memo::new(move |_| {
        let wanted = fold_search(&wanted.get());
        desk.roll.with(|roll| roll.find(&wanted, ROWS_MAX, |_| true))
    });
    let more = move || match found.with(|(shown, all)| all - shown.len()) {
        0 => String::new(),
        left => t("ui.more_found", &[("n", &count(left))]),
    };
    view! {
        <SearchField id="results:search" label=say("fair.search") value=wanted />
        <Show when=move || found.with(|(_, all)| *all == 0)>
            <EmptyState title=say("fair.nobody_in") />
        </Show>
        <List>
            <For each=move || found.with(|found| found.0.clone()) key=|(id, entry)| (*id, Arc::as_ptr(entry) as usize)
                children=move |(id, entry)| view! { <ResultRow desk id entry picked /> } />
        </List>
        <p class="hint" role="status">{more}</p>
        <OutcomeSheet desk picked />
    }
}

#[component]
fn ResultRow(
    desk: Desk,
    id: RecordId,
    entry: Arc<Entry>,
    picked: RwSignal<Option<RecordId>>,
) -> impl IntoView {
    let title = entry.name.clone();
    let outcome = entry.outcome.clone();
    let badge = move || {
        let outcome = outcome.clone();
        let tone = if matches!(outcome.as_str(), "hired" | "started_work") {
            Tone::Good
        } else {
            Tone::Info
        };
        (!outcome.is_empty())
            .then(|| view! { <Badge tone text=move || desk.choice("outcome_code", &outcome) /> })
    };
    let lines = Signal::derive(move || {
        let year = entry.birth_year.map(|year| year.to_string()).unwrap_or_default();
        let who = t(
            "fair.guest_line",
            &[("year", &year), ("village", &desk.unit_name(&entry.village_id))],
        );
        let stage = (!entry.stage.is_empty()).then(|| desk.choice("overseas_stage", &entry.stage));
        let follow = (!entry.follow_up_on.is_empty())
            .then(|| t("fair.follow_up_line", &[("day", &date(&entry.follow_up_on))]));
        [Some(who), stage, follow].into_iter().flatten().collect()
    });
    view! { <ListRow id=format!("result:{id}") title lines badge on_click=move |()| picked.set(Some(id)) /> }
}
