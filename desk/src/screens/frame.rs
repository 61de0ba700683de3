//! What stands around every screen: the rail of rooms, who is signed in, the line of what was just said.

use leptos::prelude::*;
use parts::ui::{Button, ButtonKind, Toast};

use super::Screen;
use super::sign_in::Again;
use crate::api::queue::{Filter, KINDS};
use crate::app::{Desk, Room, first_room, rooms};
use crate::pieces::{Shape, ShapeView};
use crate::words::{count, name, say, t};

/// The desk of somebody who is signed in.
#[component]
pub fn Frame() -> impl IntoView {
    let desk = Desk::here();
    Effect::new(move |_| {
        desk.pulse.track();
        if rooms(&desk.role()).contains(&Room::Queue) {
            desk.count(Filter::default());
        }
    });
    let expired = move || desk.expired.get();
    view! {
        <a class="skip" href="#title" on:click=move |event| { event.prevent_default(); focus_title(); }>{say("desk.skip")}</a>
        <div class="desk" inert=expired>
            <Rail />
            <main class="desk-main"><Screen /></main>
        </div>
        <Show when=expired><Again /></Show>
        <Toast id="notice" text=desk.notice />
    }
}

fn focus_title() {
    use wasm_bindgen::JsCast as _;
    let title = document().get_element_by_id("title");
    if let Some(title) = title.and_then(|title| title.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = title.focus();
    }
}

#[component]
fn Rail() -> impl IntoView {
    let desk = Desk::here();
    // On a phone the rooms fold away; choosing one folds them again.
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        desk.place.track();
        open.set(false);
    });
    let here = Memo::new(move |_| {
        let room = desk.place.with(|place| place.part(0).to_owned());
        match room.as_str() {
            "" => first_room(&desk.role()).to_owned(),
            "record" => "records".to_owned(),
            "twins" => "queue".to_owned(),
            "person" => "people".to_owned(),
            _ => room,
        }
    });
    let waiting = move || {
        desk.counts
            .with(|counts| KINDS.iter().filter_map(|kind| counts.get(*kind)).sum::<usize>())
    };
    let door = move |room: &Room| {
        let room = *room;
        let key = room.name();
        let mark = (room == Room::Queue).then(|| {
            view! {
                <Show when=move || { waiting() > 0 }>
                    <span class="mark">
                        {move || count(waiting())}<span class="sr">" "{say("desk.waiting")}</span>
                    </span>
                </Show>
            }
        });
        view! {
            <li>
                <a class="door" href=format!("#{key}") data-id=format!("room:{key}")
                    aria-current=move || (here.get() == key).then_some("page")>
                    <ShapeView shape=shape(room) />
                    <span class="door-name">{move || name("desk.room", key)}</span>
                    {mark}
                </a>
            </li>
        }
    };
    let doors = move || rooms(&desk.role()).iter().map(door).collect_view();
    let person = move || {
        desk.session
            .with(|session| session.as_ref().map(|session| session.user.name.clone()))
    };
    let where_ = move || {
        desk.session.with(|session| {
            let units = session.iter().flat_map(|session| &session.units);
            let names: Vec<&str> = units.map(|unit| unit.name.as_str()).collect();
            if names.len() > 2 {
                t(
                    "desk.units_more",
                    &[("first", names[0]), ("n", &count(names.len() - 1))],
                )
            } else {
                names.join(", ")
            }
        })
    };
    view! {
        <header class="rail" class:open=move || open.get()>
            <div class="rail-top">
                <span class="rail-name">"Sổ Bản"</span>
                <span class="live" class:on=move || desk.live.get()>
                    {move || t(if desk.live.get() { "desk.live" } else { "desk.not_live" }, &[])}
                </span>
                <button type="button" class="icon-btn menu" data-id="menu" aria-expanded=move || open.get().to_string()
                    aria-controls="rooms" aria-label=say("desk.menu") on:click=move |_| open.update(|open| *open = !*open)>
                    <ShapeView shape=Shape::Menu />
                </button>
            </div>
            <nav class="rooms" id="rooms" aria-label=say("desk.rooms")>
                <ul>
                    {doors}
                    <li>
                        <a class="door" href="#settings" data-id="room:settings"
                            aria-current=move || (here.get() == "settings").then_some("page")>
                            <ShapeView shape=Shape::Gear /><span class="door-name">{say("desk.room.settings")}</span>
                        </a>
                    </li>
                </ul>
                <div class="who">
                    <strong>{person}</strong>
                    <span class="sub">{move || name("desk.role", &desk.role())}</span>
                    <span class="sub">{where_}</span>
                    <Button id="sign_out" label=say("desk.sign_out") kind=ButtonKind::Quiet
                        on_click=move |()| desk.stand_up() />
                </div>
            </nav>
        </header>
    }
}

const fn shape(room: Room) -> Shape {
    match room {
        Room::Queue => Shape::Tray,
        Room::Records => Shape::Book,
        Room::Reports => Shape::Chart,
        Room::Exports => Shape::Out,
        Room::People => Shape::People,
        Room::Devices => Shape::Phone,
        Room::Imports => Shape::In,
        Room::Audit => Shape::Ledger,
    }
}
