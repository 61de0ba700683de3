//! People: who works in the register, with which role and where; adding somebody.

use leptos::prelude::*;
use parts::ui::{Button, ButtonKind, Dialog, EmptyState, OptionItem, SearchField, Select, TextField, Tone};
use schemas::text::fold_search;
use serde_json::json;

use super::Title;
use crate::api::people::{User, create, users};
use crate::app::{Desk, Doing, Remote, unit_options};
use crate::pieces::{Cell, Head, Pick, Row, Said, Table, loaded};
use crate::words::{name, say, t};

/// Every role, from the field upwards.
pub const ROLES: [&str; 6] = [
    "village_head",
    "commune_cadre",
    "district_officer",
    "province_officer",
    "observer",
    "admin",
];

/// Roles that somebody may give.
fn roles(mine: &str) -> Vec<OptionItem> {
    let given: &[&str] = if mine == "admin" { &ROLES } else { &ROLES[..2] };
    given
        .iter()
        .map(|role| OptionItem::new(*role, name("desk.role", role)))
        .collect()
}

/// The screen.
#[component]
pub fn People() -> impl IntoView {
    let desk = Desk::here();
    let found = Remote::<Vec<User>>::new();
    let ask = move || found.ask(desk, users());
    Effect::new(move |_| ask());
    let words = RwSignal::new(String::new());
    let adding = RwSignal::new(false);
    let heads = Signal::derive(|| {
        [
            "people.name",
            "people.login",
            "people.role",
            "people.where",
            "people.state",
        ]
        .map(|key| Head::new(t(key, &[])))
        .to_vec()
    });
    let show = move |users: Vec<User>| {
        if users.is_empty() {
            return view! { <EmptyState title=say("people.empty") /> }.into_any();
        }
        let rows = Signal::derive(move || {
            let wanted = fold_search(&words.get());
            let fits = |user: &&User| {
                let text = fold_search(&format!("{} {}", user.name, user.login));
                wanted.split_whitespace().all(|word| text.contains(word))
            };
            users.iter().filter(fits).map(row).collect::<Vec<_>>()
        });
        view! { <Table id="people" caption=say("desk.room.people") heads rows /> }.into_any()
    };
    view! {
        <Title text=say("desk.room.people")>
            <Button id="person:new" label=say("people.add") kind=ButtonKind::Primary
                on_click=move |()| adding.set(true) />
        </Title>
        <div class="filters-bar" role="search">
            <div class="field">
                <span class="ask" aria-hidden="true">{say("records.search")}</span>
                <SearchField id="search" label=say("records.search_hint") value=words />
            </div>
        </div>
        {loaded(found, ask, show)}
        <Dialog id="person:add" title=say("people.add") open=adding>
            <Add on_done=move |user: User| {
                adding.set(false);
                desk.say(t("people.added", &[("name", &user.name)]));
                desk.go(&crate::address::Place::of(&["person", &user.id]));
            } />
        </Dialog>
    }
}

fn row(user: &User) -> Row {
    let units: Vec<&str> = user.units.iter().map(|unit| unit.name.as_str()).collect();
    let state = match &user.disabled_at {
        Some(_) => Cell::text(t("people.off", &[])).toned(Tone::Bad),
        None => Cell::text(t("people.on", &[])).toned(Tone::Good),
    };
    Row::new(
        &user.id,
        vec![
            Cell::person(&user.name).to(format!("#person/{}", user.id)),
            Cell::text(&user.login),
            Cell::text(name("desk.role", &user.role)),
            Cell::text(units.join(", ")),
            state,
        ],
    )
}

#[component]
fn Add(#[prop(into)] on_done: Callback<User>) -> impl IntoView {
    let desk = Desk::here();
    let doing = Doing::new();
    let new = || RwSignal::new(String::new());
    let (login, called, password) = (new(), new(), new());
    let role = RwSignal::new(ROLES[1].to_owned());
    let units = RwSignal::new(Vec::<String>::new());
    let add = move |()| {
        let mut body = json!({
            "login": login.get_untracked().trim(),
            "name": called.get_untracked().trim(),
            "role": role.get_untracked(),
            "units": units.get_untracked(),
        });
        if !password.with_untracked(String::is_empty) {
            body["password"] = password.get_untracked().into();
        }
        doing.run(desk, create(body), move |user| on_done.run(user));
    };
    let signs_in = move || role.with(|role| !ROLES[..2].contains(&role.as_str()));
    view! {
        <TextField id="person:name" label=say("people.name") value=called capitals=true required=true />
        <TextField id="person:login" label=say("people.login") hint=say("people.login_hint") value=login required=true />
        <Pick id="person:role" label=say("people.role") value=role on_pick=move |chosen: String| role.set(chosen)
            options=Signal::derive(move || roles(&desk.role())) />
        <UnitList units />
        <Show when=signs_in>
            <TextField id="person:password" label=say("people.password") hint=say("people.password_hint")
                value=password kind="password" autocomplete="new-password" />
        </Show>
        <Said id="person:failed" failure=doing.failure />
        <div class="actions">
            <Button id="person:save" label=say("people.add") kind=ButtonKind::Primary busy=doing.busy on_click=add />
        </div>
    }
}

/// Units somebody works in: one after another is added, each can be taken away.
#[component]
pub fn UnitList(
    /// UUIDs.
    units: RwSignal<Vec<String>>,
) -> impl IntoView {
    let desk = Desk::here();
    let options = Signal::derive(move || unit_options(desk, true));
    let add = move |unit: Option<String>| {
        units.update(|units| {
            units.extend(unit.filter(|unit| !units.contains(unit)));
        });
    };
    let line = move |unit: String| {
        let (id, gone) = (unit.clone(), unit.clone());
        let take = move |()| units.update(|units| units.retain(|unit| *unit != gone));
        view! {
            <li class="bulk-item">
                <span>{move || desk.known.with(|known| known.unit_within(&unit))}</span>
                <Button id=format!("unit:{id}:remove") label=say("people.unit_remove") kind=ButtonKind::Quiet on_click=take />
            </li>
        }
    };
    let none = Signal::derive(|| None::<String>);
    view! {
        <Select id="person:unit" label=say("people.unit_add") options value=none on_pick=add />
        <ul class="list"><For each=move || units.get() key=String::clone children=line /></ul>
    }
}
