//! Small choices in one line: the browser's own list, which every keyboard and every phone knows.

use leptos::prelude::*;
use leptos::text_prop::TextProp;
use parts::ui::{OptionItem, Select, dom_id};

use crate::app::{Desk, unit_options};
use crate::words::say;

/// One of a few.
#[component]
pub fn Pick(
    /// The `data-id`.
    #[prop(into)]
    id: String,
    /// The question.
    #[prop(into)]
    label: TextProp,
    /// What there is to choose; an empty value stands for no choice.
    #[prop(into)]
    options: Signal<Vec<OptionItem>>,
    /// What is chosen.
    #[prop(into)]
    value: Signal<String>,
    /// Runs with the new choice.
    #[prop(into)]
    on_pick: Callback<String>,
) -> impl IntoView {
    let dom = dom_id(&id);
    let option = move |option: OptionItem| {
        let mine = option.value.clone();
        let selected = move || value.with(|value| *value == mine);
        view! { <option value=option.value.clone() prop:selected=selected>{option.label.clone()}</option> }
    };
    view! {
        <div class="field">
            <label class="ask" for=dom.clone()>{move || label.get()}</label>
            <select class="input" id=dom data-id=id on:change=move |event| on_pick.run(event_target_value(&event))>
                {move || options.get().into_iter().map(option).collect_view()}
            </select>
        </div>
    }
}

/// A unit within the scope of who is signed in, found by typing.
#[component]
pub fn UnitPick(
    /// The `data-id`.
    #[prop(into)]
    id: String,
    /// What is chosen: a UUID, or empty.
    #[prop(into)]
    value: Signal<String>,
    /// Runs with the new choice; empty when it is taken back.
    #[prop(into)]
    on_pick: Callback<String>,
    /// Whether villages may be chosen.
    #[prop(default = true)]
    villages: bool,
) -> impl IntoView {
    let desk = Desk::here();
    let options = Signal::derive(move || unit_options(desk, villages));
    let chosen = Signal::derive(move || Some(value.get()).filter(|unit| !unit.is_empty()));
    let shown = Signal::derive(move || {
        value.with(|unit| {
            if unit.is_empty() {
                crate::words::t("desk.all_units", &[])
            } else {
                desk.known.with(|known| known.unit_within(unit))
            }
        })
    });
    let pick = move |unit: Option<String>| on_pick.run(unit.unwrap_or_default());
    view! { <Select id label=say("desk.unit") options value=chosen shown=shown on_pick=pick /> }
}
