//! Which kind of visit is to be written down.

use leptos::prelude::*;

use super::Home;
use crate::screens::begin::{begin_visit, is_review, round_for};
use crate::screens::names;
use crate::ui::{Button, ButtonKind, Dialog, Icon, List, ListRow};
use crate::words::{date, label, say, t, today};

/// The button that begins a visit, and the choice behind it.
#[component]
pub(super) fn VisitButton(home: Home) -> impl IntoView {
    let open = RwSignal::new(false);
    let types = move || {
        home.app
            .follow(|register| names::choices(register, "household_visit", "visit_type"))
    };
    view! {
        <Button id="visit:new" label=say("household.visit") icon=Icon::Visit kind=ButtonKind::Primary
            on_click=move |()| open.set(true) />
        <Dialog id="visit:type" title=say("household.visit_type") open>
            <List>{move || types().into_iter().map(|(name, words)| kind(home, name, words)).collect_view()}</List>
        </Dialog>
    }
}

fn kind(home: Home, name: String, words: String) -> impl IntoView {
    let lines = round_line(home, &name).into_iter().collect::<Vec<_>>();
    let id = format!("visit:type:{name}");
    view! {
        <ListRow id title=words lines on_click=move |()| begin_visit(home.app, home.id, name.clone()) />
    }
}

/// The round that a review would be made in, or that none is open.
fn round_line(home: Home, visit_type: &str) -> Option<String> {
    if !is_review(visit_type) {
        return None;
    }
    let now = home.app.register()?.now();
    Some(match round_for(visit_type, today(now)) {
        Some(round) => {
            let (from, to) = (date(&round.from.to_string()), date(&round.to.to_string()));
            t(
                "household.round",
                &[("round", &label(&round.label())), ("from", &from), ("to", &to)],
            )
        }
        None => t("household.no_round", &[]),
    })
}
