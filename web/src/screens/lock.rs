//! Who are you, and your PIN.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::{App, OpenFailure, Screen, code_words};
use crate::ui::{Banner, Button, ButtonKind, Icon, List, ListRow, Page, PinPad, Section, Tone, TopBar};
use crate::vault::Card;
use crate::words::{say, t};

/// The people on this phone, and the PIN of the one that is picked.
#[component]
pub fn LockScreen() -> impl IntoView {
    let app = App::here();
    let picked = RwSignal::new(None::<Card>);
    // One person: their PIN is asked at once.
    Effect::new(move |_| {
        let only = app.cards.with(|cards| match cards.as_slice() {
            [card] if !card.name.is_empty() => Some(card.clone()),
            _ => None,
        });
        picked.set(only);
    });
    view! {
        <TopBar title=say("lock.title") sub=say("lock.sub") />
        <Page>
            {move || match picked.get() {
                Some(card) => view! { <Unlock card picked /> }.into_any(),
                None => view! { <People picked /> }.into_any(),
            }}
        </Page>
    }
}

#[component]
fn People(picked: RwSignal<Option<Card>>) -> impl IntoView {
    let app = App::here();
    let row = move |card: Card| {
        let id = format!("person:{}", card.name);
        let (title, unfinished) = match card.name.as_str() {
            "" => (t("lock.unfinished", &[]), true),
            name => (name.to_owned(), false),
        };
        let pick = move |()| {
            if unfinished {
                app.go(Screen::Enrol(String::new()));
            } else {
                picked.set(Some(card.clone()));
            }
        };
        view! { <ListRow id title on_click=Callback::new(pick) /> }
    };
    view! {
        <Section title=say("lock.people")>
            <List>{move || app.cards.get().into_iter().map(row).collect_view()}</List>
        </Section>
        <Button id="enrol:new" label=say("lock.add_person") icon=Icon::Add kind=ButtonKind::Plain wide=true
            on_click=Callback::new(move |()| app.go(Screen::Enrol(String::new()))) />
    }
}

#[component]
fn Unlock(card: Card, picked: RwSignal<Option<Card>>) -> impl IntoView {
    let app = App::here();
    let pin = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(String::new());
    let elsewhere = RwSignal::new(false);
    let name = card.name.clone();
    let open = move |take_over: bool| {
        let card = card.clone();
        busy.set(true);
        error.set(String::new());
        let typed = pin.get_untracked();
        spawn_local(async move {
            // The screen says that it works before argon2id holds it for a moment.
            crate::browser::sleep_ms(30).await;
            match app.unlock(&card, &typed, take_over).await {
                Ok(()) => {
                    app.say(String::new());
                    app.go(after_unlock(app));
                    app.sync_if_due();
                }
                Err(failure) => {
                    elsewhere.set(failure == OpenFailure::Elsewhere);
                    error.set(code_words(&failure.code()));
                    if failure != OpenFailure::Elsewhere {
                        pin.set(String::new());
                    }
                }
            }
            busy.set(false);
        });
    };
    let open = StoredValue::new_local(open);
    let others = move || app.cards.with(|cards| cards.len() > 1);
    view! {
        <h2>{name}</h2>
        <PinPad id="pin" label=say("lock.pin") value=pin error busy done=say("lock.open")
            on_done=Callback::new(move |()| open.with_value(|open| open(false))) />
        <Show when=move || elsewhere.get()>
            <Banner id="elsewhere" tone=Tone::Warn title=say("lock.elsewhere")>
                <Button id="take_over" label=say("lock.take_over")
                    on_click=Callback::new(move |()| open.with_value(|open| open(true))) />
            </Banner>
        </Show>
        <div class="actions">
            <Show when=others>
                <Button id="person:other" label=say("lock.other_person") kind=ButtonKind::Quiet
                    on_click=Callback::new(move |()| picked.set(None)) />
            </Show>
            <Button id="enrol:new" label=say("lock.add_person") kind=ButtonKind::Quiet
                on_click=Callback::new(move |()| app.go(Screen::Enrol(String::new()))) />
        </div>
        <p class="hint">{say("lock.forgotten")}</p>
    }
}

/// Where the person was before it locked, else what is to be done.
fn after_unlock(app: App) -> Screen {
    let screen = app.screen.get_untracked();
    if app.is_filled() && !screen.is_outside() {
        screen
    } else {
        Screen::Home
    }
}
