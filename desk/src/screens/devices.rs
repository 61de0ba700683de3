//! Devices: when each was last heard of, what it still holds, whose it is.

use std::collections::BTreeMap;

use leptos::prelude::*;
use parts::ui::{Button, ButtonKind, Confirm, EmptyState, Tone};

use super::Title;
use crate::api::Page;
use crate::api::people::{Device, User, devices, revoke, users};
use crate::api::queue::Item;
use crate::app::{Desk, Doing, Remote};
use crate::pieces::{Cell, Head, Row, Said, Table, loaded};
use crate::words::{date_time, name, number, say, t};

/// A clock that differs by more than this is said.
const SKEW_S: f64 = 120.0;

/// The screen.
#[component]
pub fn Devices() -> impl IntoView {
    let desk = Desk::here();
    let found = Remote::<(Vec<Device>, Vec<User>)>::new();
    let ask = move || {
        found.ask(desk, async move { Ok((devices("").await?, users().await?)) });
    };
    Effect::new(move |_| {
        desk.devices.track();
        ask();
    });
    let asked = RwSignal::new(None::<String>);
    let show = move |(devices, users): (Vec<Device>, Vec<User>)| {
        if devices.is_empty() {
            return view! { <EmptyState title=say("people.no_devices") /> }.into_any();
        }
        let names: BTreeMap<String, String> = users.into_iter().map(|user| (user.id, user.name)).collect();
        view! { <List devices names asked /> }.into_any()
    };
    view! {
        <Title text=say("desk.room.devices") />
        <Revoke asked on_done=move |()| ask() />
        {loaded(found, ask, show)}
    }
}

/// Devices as a table.
#[component]
pub fn List(
    /// The devices.
    devices: Vec<Device>,
    /// The names of people by id.
    names: BTreeMap<String, String>,
    /// The one that is to be revoked.
    asked: RwSignal<Option<String>>,
) -> impl IntoView {
    let heads = Signal::derive(|| {
        vec![
            Head::new(t("people.holder", &[])),
            Head::new(t("people.device", &[])),
            Head::new(t("people.last_sync", &[])),
            Head::new(t("people.version", &[])),
            Head::number(t("people.pending", &[])),
            Head::new(t("people.clock", &[])),
            Head::new(t("people.state", &[])),
        ]
    });
    let alive: BTreeMap<String, bool> = devices
        .iter()
        .map(|device| {
            (
                device.id.clone(),
                device.revoked_at.is_none() && device.kind != "console",
            )
        })
        .collect();
    let rows = Signal::derive(move || {
        devices
            .iter()
            .map(|device| row(device, &names))
            .collect::<Vec<_>>()
    });
    let last = move |id: &str| {
        let (data, id) = (format!("revoke:{id}"), id.to_owned());
        if !alive.get(&id).copied().unwrap_or_default() {
            return ().into_any();
        }
        view! {
            <Button id=data label=say("people.revoke") kind=ButtonKind::Quiet
                on_click=move |()| asked.set(Some(id.clone())) />
        }
        .into_any()
    };
    view! { <Table id="devices" caption=say("desk.room.devices") heads rows last /> }
}

fn row(device: &Device, names: &BTreeMap<String, String>) -> Row {
    let holder = names
        .get(&device.user_id)
        .cloned()
        .unwrap_or_else(|| device.holder());
    let last = device.last_sync_at.as_deref().unwrap_or_default();
    let last = if last.is_empty() {
        Cell::text(t("people.never", &[]))
    } else {
        Cell::moment(last)
    };
    let clock = match device.clock_skew_s {
        Some(skew) if skew.abs() > SKEW_S => {
            let minutes = number((skew / 60.0).round());
            Cell::text(t("people.skew", &[("minutes", &minutes)])).toned(Tone::Warn)
        }
        Some(_) => Cell::text(t("people.clock_right", &[])),
        None => Cell::text("–"),
    };
    let state = match &device.revoked_at {
        Some(at) => Cell::text(t("people.revoked", &[]))
            .toned(Tone::Bad)
            .under(date_time(at)),
        None => Cell::text(name("people.device_kind", &device.kind)),
    };
    #[expect(clippy::cast_precision_loss, reason = "no phone holds so many")]
    let pending = device.pending.map_or_else(
        || Cell::number("–", -1.0),
        |pending| Cell::number(pending.to_string(), pending as f64),
    );
    Row::new(
        &device.id,
        vec![
            Cell::person(holder).to(format!("#person/{}", device.user_id)),
            Cell::text(&device.name),
            last,
            Cell::text(device.version.clone().unwrap_or_else(|| "–".to_owned())),
            pending,
            clock,
            state,
        ],
    )
}

/// Asks before a device is revoked.
#[component]
pub fn Revoke(
    /// The device, while it is asked.
    asked: RwSignal<Option<String>>,
    /// Runs after it was done.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    let desk = Desk::here();
    let doing = Doing::new();
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        if asked.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            asked.set(None);
        }
    });
    let device = StoredValue::new(String::new());
    Effect::new(move |_| {
        if let Some(id) = asked.get() {
            device.set_value(id);
        }
    });
    let yes = move |()| {
        doing.run(desk, revoke(device.get_value()), move |()| {
            desk.say(t("people.revoke_done", &[]));
            on_done.run(());
        });
    };
    view! {
        <Said id="revoke:failed" failure=doing.failure />
        <Confirm id="revoke" title=say("people.revoke_sure") text=say("people.revoke_hint") yes=say("people.revoke")
            open on_yes=yes danger=true />
    }
}

/// A silent device of the queue: whose it is and what to do.
#[component]
pub fn OfQueue(id: Memo<String>, page: crate::app::Remote<Page<Item>>) -> impl IntoView {
    let found = move || {
        let wanted = id.get();
        page.value.with(|page| {
            let items = page.iter().flat_map(|page| &page.items);
            items.into_iter().find_map(|item| match item {
                Item::Device { device } if device.id == wanted => Some(device.clone()),
                _ => None,
            })
        })
    };
    let card = |device: Device| {
        let holder = device.user_id.clone();
        let names = BTreeMap::new();
        let asked = RwSignal::new(None);
        view! {
            <article class="record">
                <header class="record-head"><h2>{device.holder()}</h2><p class="sub">{device.name.clone()}</p></header>
                <p>{say("people.silent_hint")}</p>
                <p><a href=format!("#person/{holder}")>{say("people.open_person")}</a></p>
                <Revoke asked on_done=|()| () />
                <List devices=vec![device] names asked />
            </article>
        }
    };
    move || found().map(card)
}
