//! The screens, and which one is shown.

mod audit;
mod bulk;
mod devices;
mod exports;
mod frame;
mod imports;
mod people;
mod person;
mod queue;
mod record;
mod records;
mod report;
mod reports;
mod settings;
mod sign_in;
mod twins;

use leptos::prelude::*;

use crate::app::{Desk, first_room};
use crate::browser;
use crate::words::{Language, language, set_language};

/// What this browser keeps about the desk: the language and the colours.
const KEPT_LANGUAGE: &str = "soban-desk-language";
const KEPT_THEME: &str = "soban-desk-theme";

/// Draws the desk.
pub fn start() {
    #[cfg(debug_assertions)]
    browser::tell_panics();
    if let Some(code) = browser::kept(KEPT_LANGUAGE) {
        set_language(Language::from_code(&code));
    }
    browser::apply_theme(&browser::kept(KEPT_THEME).unwrap_or_default());
    mount_to_body(Root);
}

#[component]
fn Root() -> impl IntoView {
    let desk = Desk::new();
    provide_context(desk);
    browser::listen("hashchange", move || {
        let place = crate::address::Place::from_hash(&browser::hash());
        if desk.place.with_untracked(|before| *before != place) {
            desk.place.set(place);
        }
    });
    Effect::new(|_| browser::set_page_language(language().code()));
    desk.begin();
    let who = Memo::new(move |_| {
        desk.session
            .with(|session| session.as_ref().map(|session| session.user.id.clone()))
    });
    move || match (desk.asked.get() || who.with(Option::is_some), who.get()) {
        (false, _) => view! { <main class="desk-wait"><parts::ui::Skeleton rows=3 /></main> }.into_any(),
        (true, None) => view! { <sign_in::SignIn /> }.into_any(),
        (true, Some(_)) => view! { <frame::Frame /> }.into_any(),
    }
}

/// The screen of the place one is at.
#[component]
fn Screen() -> impl IntoView {
    let desk = Desk::here();
    let room = Memo::new(move |_| {
        let room = desk.place.with(|place| place.part(0).to_owned());
        if room.is_empty() {
            first_room(&desk.role()).to_owned()
        } else {
            room
        }
    });
    move || match room.get().as_str() {
        "queue" => view! { <queue::Queue /> }.into_any(),
        "record" => view! { <record::Alone /> }.into_any(),
        "twins" => view! { <twins::Alone /> }.into_any(),
        "records" => view! { <records::Records /> }.into_any(),
        "reports" => view! { <reports::Reports /> }.into_any(),
        "exports" => view! { <exports::Exports /> }.into_any(),
        "people" => view! { <people::People /> }.into_any(),
        "person" => view! { <person::Person /> }.into_any(),
        "devices" => view! { <devices::Devices /> }.into_any(),
        "imports" => view! { <imports::Imports /> }.into_any(),
        "audit" => view! { <audit::Audit /> }.into_any(),
        _ => view! { <settings::Settings /> }.into_any(),
    }
}

/// The head of a screen: its title, and what can be done with all of it.
#[component]
fn Title(
    /// The title.
    #[prop(into)]
    text: leptos::text_prop::TextProp,
    /// Buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="head">
            <h1 id="title" tabindex="-1">{move || text.get()}</h1>
            <div class="head-acts">{children.map(|children| children())}</div>
        </header>
    }
}
