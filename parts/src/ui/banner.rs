//! What is said in passing: messages, marks, progress, numbers.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::{Icon, IconView};
use crate::words::say;

/// What a message or mark means; its shape says it too, not only its colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// Just words.
    #[default]
    Plain,
    /// Worth knowing.
    Info,
    /// Done, safe.
    Good,
    /// Look again.
    Warn,
    /// Wrong, refused.
    Bad,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Info => "info",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }

    const fn icon(self) -> Option<Icon> {
        match self {
            Self::Good => Some(Icon::Check),
            Self::Warn | Self::Bad => Some(Icon::Warn),
            Self::Plain | Self::Info => None,
        }
    }
}

/// A message in the page. What went wrong is read aloud at once, anything else when there is time.
#[component]
pub fn Banner(
    /// The `data-id`.
    #[prop(into)]
    id: String,
    /// What it means.
    #[prop(default = Tone::Info)]
    tone: Tone,
    /// A line above the words.
    #[prop(optional, into)]
    title: TextProp,
    /// The words.
    children: Children,
) -> impl IntoView {
    let role = if tone == Tone::Bad { "alert" } else { "status" };
    let no_title = {
        let title = title.clone();
        move || title.get().is_empty()
    };
    view! {
        <div class=format!("banner {}", tone.class()) role=role data-id=id>
            {tone.icon().map(|icon| view! { <IconView icon /> })}
            <div class="banner-in">
                <strong hidden=no_title>{move || title.get()}</strong>
                {children()}
            </div>
        </div>
    }
}

/// A mark of a word or two.
#[component]
pub fn Badge(
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    /// The words.
    #[prop(into)]
    text: TextProp,
) -> impl IntoView {
    view! { <span class=format!("badge {}", tone.class())>{move || text.get()}</span> }
}

/// How far something is, as a bar and in words.
#[component]
pub fn Progress(
    /// The `data-id`.
    #[prop(into)]
    id: String,
    /// From 0 to 1.
    #[prop(into)]
    value: Signal<f64>,
    /// The same in words.
    #[prop(into)]
    text: TextProp,
) -> impl IntoView {
    let dom = super::dom_id(&id);
    view! {
        <div class="progress">
            <label for=dom.clone()>{move || text.get()}</label>
            <progress id=dom data-id=id max="1" prop:value=move || value.get().clamp(0.0, 1.0)></progress>
        </div>
    }
}

/// A number and what it counts; a button when it leads somewhere.
#[component]
pub fn Stat(
    /// The `data-id`.
    #[prop(into)]
    id: String,
    /// The number, written.
    #[prop(into)]
    number: TextProp,
    /// What it counts.
    #[prop(into)]
    label: TextProp,
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    /// Runs when it is pressed.
    #[prop(optional, into)]
    on_click: Option<Callback<()>>,
) -> impl IntoView {
    let inside = view! {
        <strong class="stat-number">{move || number.get()}</strong>
        <span>{move || label.get()}</span>
    };
    let class = format!("stat {}", tone.class());
    match on_click {
        Some(on_click) => view! {
            <button type="button" class=class data-id=id on:click=move |_| on_click.run(())>{inside}</button>
        }
        .into_any(),
        None => view! { <div class=class data-id=id>{inside}</div> }.into_any(),
    }
}

/// Grey lines where something is about to stand.
#[component]
pub fn Skeleton(
    /// How many.
    #[prop(default = 4)]
    rows: usize,
) -> impl IntoView {
    let lines: Vec<_> = (0..rows).map(|_| view! { <div class="bone"></div> }).collect();
    view! {
        <div class="skeleton" aria-busy="true">
            <span class="sr" role="status">{say("ui.loading")}</span>
            {lines}
        </div>
    }
}

/// What a list says when there is nothing in it, and what to do about it.
#[component]
pub fn EmptyState(
    /// What is not there.
    #[prop(into)]
    title: TextProp,
    /// Why, or what to do.
    #[prop(optional, into)]
    text: TextProp,
    /// Buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty-title">{move || title.get()}</p>
            <p class="hint">{move || text.get()}</p>
            {children.map(|children| children())}
        </div>
    }
}

/// A line at the bottom that comes and goes: "đã lưu".
#[component]
pub fn Toast(
    /// The `data-id`.
    #[prop(into)]
    id: String,
    /// The words; empty for nothing.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    view! {
        <div class="toast" class:gone=move || text.get().is_empty() role="status" data-id=id>
            {move || text.get()}
        </div>
    }
}
