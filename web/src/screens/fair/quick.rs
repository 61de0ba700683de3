//! One of many, with the likely ones as cards: what the last people said is one tap away.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use crate::ui::{ChoiceCards, OptionItem, Select};

/// Cards for the likely values, and a button that finds any other.
#[component]
pub(super) fn QuickPick(
    /// The cards are `<id>=<value>`, the button for others `<id>:other`.
    #[prop(into)]
    id: String,
    #[prop(into)] label: TextProp,
    /// Words of the button for others.
    #[prop(into)]
    other: TextProp,
    /// The likely values.
    #[prop(into)]
    likely: Signal<Vec<OptionItem>>,
    /// All values.
    #[prop(into)]
    all: Signal<Vec<OptionItem>>,
    value: RwSignal<Option<String>>,
    /// Runs after a choice.
    #[prop(into)]
    on_picked: Callback<()>,
    #[prop(optional, into)] error: Signal<String>,
) -> impl IntoView {
    let pick = move |choice: Option<String>| {
        value.set(choice);
        on_picked.run(());
    };
    let is_likely =
        move |choice: &str| likely.with(|likely| likely.iter().any(|option| option.value == choice));
    let elsewhere = Signal::derive(move || value.get().filter(|choice| !is_likely(choice)));
    let shown = Signal::derive(move || match elsewhere.get() {
        Some(choice) => all.with(|all| {
            let found = all.iter().find(|option| option.value == choice);
            found.map_or_else(String::new, |option| option.label.clone())
        }),
        None => String::new(),
    });
    view! {
        <ChoiceCards id=id.clone() label options=likely value on_pick=pick required=true error columns=true />
        <Select id=format!("{id}:other") label=other options=all value=elsewhere on_pick=pick shown />
    }
}
