//! The room around a screen: its top, its column, its way to the other screens.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::{Icon, IconButton, IconView};
use crate::words::{count, say, t};

/// The top of a screen: the way back, its title, what can be done with it.
#[component]
pub fn TopBar(
    /// The screen's title.
    #[prop(into)]
    title: TextProp,
    /// A line under it.
    #[prop(optional, into)]
    sub: TextProp,
    /// Runs when `back` is pressed; without it there is no way back. The button's `data-id` is `back`.
    #[prop(optional, into)]
    on_back: Option<Callback<()>>,
    /// Buttons at the right.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let no_sub = {
        let sub = sub.clone();
        move || sub.get().is_empty()
    };
    view! {
        <header class="top">
            {on_back.map(|on_back| view! {
                <IconButton id="back" label=say("ui.back") icon=Icon::Back on_click=on_back />
            })}
            <div class="top-words">
                <h1 tabindex="-1" id="title">{move || title.get()}</h1>
                <p class="sub" hidden=no_sub>{move || sub.get()}</p>
            </div>
            {children.map(|children| children())}
        </header>
    }
}

/// The column of a screen.
#[component]
pub fn Page(
    /// As wide as two columns.
    #[prop(optional)]
    wide: bool,
    /// The screen.
    children: Children,
) -> impl IntoView {
    view! { <main class="page" class:wide=wide>{children()}</main> }
}

/// A part of a screen under a heading.
#[component]
pub fn Section(
    /// The heading.
    #[prop(into)]
    title: TextProp,
    /// The part.
    children: Children,
) -> impl IntoView {
    view! { <section class="section"><h2>{move || title.get()}</h2>{children()}</section> }
}

/// A list and what is open of it: beside each other on wide screens, one of the two on phones.
#[component]
pub fn Split(
    /// Whether something is open; on a phone only that is shown then.
    #[prop(into)]
    opened: Signal<bool>,
    /// The list.
    #[prop(into)]
    list: ViewFn,
    /// What is open.
    #[prop(into)]
    detail: ViewFn,
) -> impl IntoView {
    view! {
        <div class="split" class:opened=move || opened.get()>
            <div class="split-list">{list.run()}</div>
            <div class="split-detail">{detail.run()}</div>
        </div>
    }
}

/// One of the main screens.
#[derive(Clone)]
pub struct Tab {
    /// The `data-id`, and what `current` is compared with.
    pub id: &'static str,
    /// Its name.
    pub label: TextProp,
    /// Its shape.
    pub icon: Icon,
    /// How much waits there; 0 shows nothing.
    pub count: Signal<usize>,
}

/// The way between the main screens: at the bottom on phones, at the side on wide screens.
#[component]
pub fn Nav(
    /// The screens.
    tabs: Vec<Tab>,
    /// The one that is open.
    #[prop(into)]
    current: Signal<String>,
    /// Runs with the id of the one that is pressed.
    #[prop(into)]
    on_pick: Callback<String>,
) -> impl IntoView {
    let tab = move |tab: Tab| {
        let Tab {
            id,
            label,
            icon,
            count: waiting,
        } = tab;
        let here = move || current.with(|current| current == id);
        let waiting_words = move || t("ui.waiting", &[("n", &count(waiting.get()))]);
        view! {
            <button type="button" class="tab" data-id=id aria-current=move || here().then_some("page")
                on:click=move |_| on_pick.run(id.to_owned())>
                <span class="tab-icon">
                    <IconView icon />
                    <Show when=move || { waiting.get() > 0 }>
                        <span class="dot" aria-hidden="true">{move || count(waiting.get())}</span>
                        <span class="sr">{waiting_words}</span>
                    </Show>
                </span>
                <span>{move || label.get()}</span>
            </button>
        }
    };
    view! { <nav class="nav" aria-label=say("ui.navigation")>{tabs.into_iter().map(tab).collect_view()}</nav> }
}
