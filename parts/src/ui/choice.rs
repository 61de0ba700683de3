//! Choosing: one of a few, several of a few, yes or no.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::{Frame, dom_id};
use crate::words::{say, t};

/// One thing to choose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OptionItem {
    /// What is stored.
    pub value: String,
    /// What is read.
    pub label: String,
    /// A second line; empty for none.
    pub sub: String,
}

impl OptionItem {
    /// An option of one line.
    #[must_use]
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            sub: String::new(),
        }
    }

    /// The same with a second line.
    #[must_use]
    pub fn with_sub(self, sub: impl Into<String>) -> Self {
        Self {
            sub: sub.into(),
            ..self
        }
    }
}

/// One of a few, each a large card. Arrow keys move among them, as among any radio buttons.
#[component]
pub fn ChoiceCards(
    /// The `data-id` of the group; a card's is `<id>=<value>`.
    #[prop(into)]
    id: String,
    /// The question.
    #[prop(into)]
    label: TextProp,
    /// What there is to choose.
    #[prop(into)]
    options: Signal<Vec<OptionItem>>,
    /// What is chosen.
    #[prop(into)]
    value: Signal<Option<String>>,
    /// Runs with the new choice; `None` when it is taken back.
    #[prop(into)]
    on_pick: Callback<Option<String>>,
    /// Help under the question.
    #[prop(optional, into)]
    hint: TextProp,
    /// What is wrong; empty for nothing.
    #[prop(optional, into)]
    error: Signal<String>,
    /// Whether an answer must be there; one that need not can be taken back.
    #[prop(optional, into)]
    required: Signal<bool>,
    /// Two cards beside each other.
    #[prop(optional)]
    columns: bool,
    /// A setting: one of them always holds, so none can be taken back.
    #[prop(optional)]
    setting: bool,
) -> impl IntoView {
    let name = dom_id(&id);
    let card = {
        let id = id.clone();
        move |option: OptionItem| {
            let (mine, picked) = (option.value.clone(), option.value.clone());
            let checked = move || value.with(|value| value.as_deref() == Some(&mine));
            view! {
                <label class="card">
                    <input type="radio" name=name.clone() data-id=format!("{id}={}", option.value)
                        prop:checked=checked on:change=move |_| on_pick.run(Some(picked.clone())) />
                    <Words option />
                </label>
            }
        }
    };
    let can_clear = move || !setting && !required.get() && value.with(Option::is_some);
    view! {
        <Frame id=id.clone() label hint error required group="radiogroup">
            <div class="cards" class:two=columns>
                <For each=move || options.get() key=OptionItem::clone children=card />
            </div>
            <Show when=can_clear>
                <button type="button" class="link" data-id=format!("{id}:clear")
                    on:click=move |_| on_pick.run(None)>{say("ui.clear")}</button>
            </Show>
        </Frame>
    }
}

impl std::hash::Hash for OptionItem {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

/// The words of a card.
#[component]
fn Words(option: OptionItem) -> impl IntoView {
    let sub = (!option.sub.is_empty()).then(|| view! { <span class="sub">{option.sub}</span> });
    view! { <span class="words"><span>{option.label}</span>{sub}</span> }
}

/// Có or Không, as two large cards.
#[component]
pub fn YesNo(
    /// The `data-id` of the group; the cards' are `<id>=true` and `<id>=false`.
    #[prop(into)]
    id: String,
    /// The question.
    #[prop(into)]
    label: TextProp,
    /// The answer.
    #[prop(into)]
    value: Signal<Option<bool>>,
    /// Runs with the new answer; `None` when it is taken back.
    #[prop(into)]
    on_pick: Callback<Option<bool>>,
    /// Help under the question.
    #[prop(optional, into)]
    hint: TextProp,
    /// What is wrong; empty for nothing.
    #[prop(optional, into)]
    error: Signal<String>,
    /// Whether an answer must be there.
    #[prop(optional, into)]
    required: Signal<bool>,
) -> impl IntoView {
    let options = Signal::derive(|| {
        vec![
            OptionItem::new("true", t("ui.yes", &[])),
            OptionItem::new("false", t("ui.no", &[])),
        ]
    });
    let chosen = Signal::derive(move || value.get().map(|yes| yes.to_string()));
    let picked = move |answer: Option<String>| on_pick.run(answer.map(|answer| answer == "true"));
    view! {
        <ChoiceCards id label options value=chosen on_pick=picked hint error required columns=true />
    }
}

/// Several of a few, each a large card with a tick.
#[component]
pub fn Checks(
    /// The `data-id` of the group; a card's is `<id>=<value>`.
    #[prop(into)]
    id: String,
    /// The question.
    #[prop(into)]
    label: TextProp,
    /// What there is to tick.
    #[prop(into)]
    options: Signal<Vec<OptionItem>>,
    /// What is ticked.
    #[prop(into)]
    ticked: Signal<BTreeSet<String>>,
    /// Runs with an option and whether it is ticked now.
    #[prop(into)]
    on_tick: Callback<(String, bool)>,
    /// Help under the question.
    #[prop(optional, into)]
    hint: TextProp,
    /// What is wrong; empty for nothing.
    #[prop(optional, into)]
    error: Signal<String>,
    /// Whether at least one must be ticked.
    #[prop(optional, into)]
    required: Signal<bool>,
) -> impl IntoView {
    let card = {
        let id = id.clone();
        move |option: OptionItem| {
            let (mine, tick) = (option.value.clone(), option.value.clone());
            let checked = move || ticked.with(|ticked| ticked.contains(&mine));
            let ticked_now = move |event| on_tick.run((tick.clone(), event_target_checked(&event)));
            view! {
                <label class="card">
                    <input type="checkbox" data-id=format!("{id}={}", option.value) prop:checked=checked
                        on:change=ticked_now />
                    <Words option />
                </label>
            }
        }
    };
    view! {
        <Frame id=id.clone() label hint error required group="group">
            <div class="cards">
                <For each=move || options.get() key=OptionItem::clone children=card />
            </div>
        </Frame>
    }
}
