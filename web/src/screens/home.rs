//! What is to be done, what waits to be sent, and how far the plan has come.

mod drafts;
mod sending;
mod targets;
mod todo;

use leptos::prelude::*;

use self::drafts::Drafts;
use self::sending::Sending;
use self::targets::TargetsPart;
use self::todo::ToDo;
use super::duties::{Duties, Holder, Records, duties};
use crate::app::App;
use crate::browser;
use crate::phone::Register;
use crate::ui::{Banner, Button, ButtonKind, Page, Tone, TopBar};
use crate::words::{say, t, today};

/// Further off than this the clock of a phone is wrong.
const SKEW_MAX_MS: i64 = 5 * 60 * 1000;

/// The first screen.
#[component]
pub fn Home() -> impl IntoView {
    let app = App::here();
    super::households::forget();
    let duties: Memo<Duties> = Memo::new(move |_| {
        app.follow(|register| {
            let index = register.index();
            duties(&Records::of(&index), &Holder::of(register), today(register.now()))
        })
    });
    let greeting = move || app.follow(|register| t("home.greeting", &[("name", &name(register))]));
    view! {
        <TopBar title=greeting sub=move || app.follow(place) />
        <Page wide=true>
            <Notices />
            <div class="columns">
                <div><ToDo duties /><Drafts /></div>
                <div><Sending /><TargetsPart duties /></div>
            </div>
        </Page>
    }
}

/// The holder's name.
fn name(register: &Register) -> String {
    let known = register.known().ok();
    let name = known.and_then(|known| Some(known.cert()?.user_name.clone()));
    name.unwrap_or_default()
}

/// The holder's role and units.
fn place(register: &Register) -> String {
    let Ok(known) = register.known() else {
        return String::new();
    };
    let units = known
        .own_units
        .iter()
        .filter_map(|id| known.units.get(&id.to_string()));
    let units: Vec<String> = units.map(schemas::unit::Unit::full_name).collect();
    let role = known
        .cert()
        .map(|cert| t(&format!("home.role.{}", cert.role.name()), &[]));
    super::names::line(&[role.unwrap_or_default(), units.join(", ")])
}

/// What is wrong with the phone, or new in the app.
#[component]
fn Notices() -> impl IntoView {
    let app = App::here();
    let skewed = move || {
        let skew = app.follow(|register| register.index().clock_skew_ms());
        skew.is_some_and(|skew| skew.abs() > SKEW_MAX_MS)
    };
    view! {
        <Show when=skewed>
            <Banner id="home:clock" tone=Tone::Warn title=say("home.clock_wrong")>
                <p>{say("home.clock_text")}</p>
            </Banner>
        </Show>
        <Show when=move || app.update_ready.get()>
            <Banner id="home:update" tone=Tone::Info title=say("home.update")>
                <p>{say("home.update_text")}</p>
                <Button id="home:restart" label=say("home.restart") kind=ButtonKind::Primary
                    on_click=move |()| browser::reload_for_update() />
            </Banner>
        </Show>
    }
}
