//! What waits to be sent, and the button that sends it.

use leptos::prelude::*;

use crate::app::{App, Screen};
use crate::phone::Counts;
use crate::ui::{Button, ButtonKind, Icon, Section, Stat, Tone};
use crate::words::{count, say, t, when};

/// What waits, and what was handed in.
#[component]
pub(super) fn Sending() -> impl IntoView {
    let app = App::here();
    let counts = Memo::new(move |_| {
        app.follow(|register| {
            let own = register.known().ok().map(|known| known.identity.device);
            register.index().counts(own)
        })
    });
    let number = move |read: fn(&Counts) -> usize| Signal::derive(move || count(counts.with(read)));
    let parked = move || counts.with(|counts| counts.parked > 0);
    let waiting = move || counts.with(|counts| counts.waiting > 0);
    let open = move |()| app.go(Screen::Sync);
    view! {
        <Section title=say("home.sending")>
            <div class="stats">
                <Stat id="home:pending" number=number(|counts| counts.pending) label=say("home.pending") />
                <Stat id="home:confirmed" number=number(|counts| counts.confirmed) label=say("home.confirmed")
                    tone=Tone::Good />
                <Show when=waiting>
                    <Stat id="home:waiting" number=number(|counts| counts.waiting) label=say("home.waiting") />
                </Show>
                <Show when=parked>
                    <Stat id="home:parked" number=number(|counts| counts.parked) label=say("home.parked")
                        tone=Tone::Warn on_click=open />
                </Show>
            </div>
            <SyncButton />
        </Section>
    }
}

#[component]
fn SyncButton() -> impl IntoView {
    let app = App::here();
    let running = Signal::derive(move || app.sync.with(|sync| sync.running.is_some()));
    let failed = move || app.sync.with(|sync| matches!(sync.last, Some(Err(_))));
    let last = move || {
        let last = app.sync.with(|sync| sync.last.as_ref().map(App::sync_words));
        last.unwrap_or_default()
    };
    let synced = move || {
        let synced = app.follow(|register| {
            let at = jiff::Timestamp::from_millisecond(register.index().synced_at_ms()?).ok()?;
            Some(t("sync.last", &[("when", &when(at, register.now()))]))
        });
        synced.unwrap_or_else(|| t("sync.never", &[]))
    };
    view! {
        <Button id="sync:now" label=say("sync.now") kind=ButtonKind::Primary icon=Icon::Sync wide=true busy=running
            on_click=move |()| app.sync_now(true) />
        <p data-id="home:last" class:err=failed role="status">{last}</p>
        <p class="hint" data-id="home:synced">{synced}</p>
    }
}
