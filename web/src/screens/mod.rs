//! What is on screen: one screen per file, and the room around them.
//!
//! A screen reads summaries through [`App::follow`], opens records when it is shown, and asks the register to
//! write. It holds no truth: closing it loses nothing but what was not typed into a draft.

mod begin;
mod duties;
mod enrol;
mod fair;
mod fill_screen;
mod home;
mod household;
mod households;
mod lock;
mod looking;
mod names;
mod record;
mod settings;
mod sync;
mod targets;
mod watch;

use leptos::prelude::*;

pub use watch::start;

use crate::app::{App, Screen};
use crate::ui::{Icon, Nav, Tab, Toast};
use crate::words::say;

/// The whole app.
#[component]
pub fn Root() -> impl IntoView {
    let app = App::new();
    provide_context(app);
    watch::watch(app);
    let shown = Memo::new(move |_| {
        app.version.track();
        let screen = app.screen.get();
        let inside = app.register().is_some_and(|register| register.is_enrolled());
        if screen.is_outside() || inside {
            screen
        } else {
            Screen::Lock
        }
    });
    // A form has the whole screen: its own buttons stand where the tabs would.
    let tabs = move || shown.with(|screen| !screen.is_outside() && !matches!(screen, Screen::Fill(_)));
    view! {
        {move || draw(shown.get())}
        <Show when=tabs><Tabs /></Show>
        <Toast id="notice" text=app.notice />
    }
}

fn draw(screen: Screen) -> AnyView {
    match screen {
        Screen::Enrol(code) => view! { <enrol::EnrolScreen code /> }.into_any(),
        Screen::Home => view! { <home::Home /> }.into_any(),
        Screen::Households => view! { <households::Households /> }.into_any(),
        Screen::Household(id) => view! { <household::Household id /> }.into_any(),
        Screen::Fill(id) => view! { <fill_screen::FillScreen id /> }.into_any(),
        Screen::Record(id) => view! { <record::RecordScreen id /> }.into_any(),
        Screen::Fairs => view! { <fair::Fairs /> }.into_any(),
        Screen::Fair(id) => view! { <fair::FairScreen id /> }.into_any(),
        Screen::Sync => view! { <sync::SyncScreen /> }.into_any(),
        Screen::Settings => view! { <settings::SettingsScreen /> }.into_any(),
        _ => view! { <lock::LockScreen /> }.into_any(),
    }
}

#[component]
fn Tabs() -> impl IntoView {
    let app = App::here();
    let waiting = Signal::derive(move || {
        app.follow(|register| {
            let own = register.known().ok().map(|known| known.identity.device);
            let counts = register.index().counts(own);
            counts.pending + counts.carried + counts.parked
        })
    });
    let none = Signal::derive(|| 0);
    let tab = |id, label: &'static str, icon, count| Tab {
        id,
        label: say(label).into(),
        icon,
        count,
    };
    let tabs = vec![
        tab("home", "ui.tab_home", Icon::Home, none),
        tab("households", "ui.tab_households", Icon::House, none),
        tab("fairs", "ui.tab_fairs", Icon::Fair, none),
        tab("sync", "ui.tab_sync", Icon::Sync, waiting),
    ];
    let pick = move |id: String| {
        if let Some(screen) = Screen::from_hash(&id) {
            app.go(screen);
        }
    };
    let current = Signal::derive(move || app.screen.get().tab().to_owned());
    view! { <Nav tabs current on_pick=Callback::new(pick) /> }
}
