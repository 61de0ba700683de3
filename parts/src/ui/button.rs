//! Buttons.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::{Icon, IconView};
use crate::words::say;

/// How much a button asks to be pressed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one thing to do here.
    Primary,
    /// One of several.
    #[default]
    Plain,
    /// Hardly there: a way out, a detail.
    Quiet,
    /// Takes something away.
    Danger,
}

impl ButtonKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "btn primary",
            Self::Plain => "btn",
            Self::Quiet => "btn quiet",
            Self::Danger => "btn danger",
        }
    }
}

/// A button with words.
///
/// While `busy`, it says so and presses do nothing, but it keeps the focus and its place.
#[component]
pub fn Button(
    /// The `data-id`.
    #[prop(into)]
    id: String,
    /// What it does.
    #[prop(into)]
    label: TextProp,
    /// Runs when it is pressed.
    #[prop(into)]
    on_click: Callback<()>,
    /// How much it asks to be pressed.
    #[prop(optional)]
    kind: ButtonKind,
    /// True while what it started is going on.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// True while it cannot be pressed; say why beside it.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// As wide as the column.
    #[prop(optional)]
    wide: bool,
    /// A shape before the words.
    #[prop(optional, into)]
    icon: Option<Icon>,
) -> impl IntoView {
    let press = move |_| {
        if !busy.get_untracked() {
            on_click.run(());
        }
    };
    view! {
        <button type="button" class=kind.class() class:wide=wide class:busy=move || busy.get()
            id=super::dom_id(&id) data-id=id.clone() disabled=move || disabled.get()
            aria-busy=move || busy.get().then_some("true") on:click=press>
            {icon.map(|icon| view! { <IconView icon /> })}
            <span>{move || label.get()}</span>
            <Show when=move || busy.get()>
                <span class="spin" aria-hidden="true"></span>
                <span class="sr" role="status">{say("ui.busy")}</span>
            </Show>
        </button>
    }
}

/// A button that is only a shape; its words are read aloud.
#[component]
pub fn IconButton(
    /// The `data-id`.
    #[prop(into)]
    id: String,
    /// What it does.
    #[prop(into)]
    label: TextProp,
    /// The shape.
    icon: Icon,
    /// Runs when it is pressed.
    #[prop(into)]
    on_click: Callback<()>,
) -> impl IntoView {
    view! {
        <button type="button" class="icon-btn" id=super::dom_id(&id) data-id=id.clone()
            aria-label=move || label.get() on:click=move |_| on_click.run(())>
            <IconView icon />
        </button>
    }
}
