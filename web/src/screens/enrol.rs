//! A new person on this phone: the code, a PIN, and what arrives.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::{App, OpenFailure, Screen, code_words};
use crate::browser;
use crate::ui::{Banner, Button, ButtonKind, Icon, Page, PinPad, Progress, Section, TextField, Tone, TopBar};
use crate::words::{count, say, t};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Code,
    Pin,
    Again,
    Arriving,
}

/// Comes in with a code.
#[component]
pub fn EnrolScreen(code: String) -> impl IntoView {
    let app = App::here();
    let code = RwSignal::new(code);
    let step = RwSignal::new(Step::Code);
    let pin = RwSignal::new(String::new());
    let again = RwSignal::new(String::new());
    let error = RwSignal::new(String::new());
    let arrive = move || {
        step.set(Step::Arriving);
        error.set(String::new());
        let (code, pin) = (code.get_untracked(), pin.get_untracked());
        spawn_local(async move {
            browser::sleep_ms(30).await;
            if let Err(failure) = come_in(app, &code, &pin).await {
                error.set(code_words(&failure.code()));
                if !app.register().is_some_and(|register| register.is_enrolled()) {
                    step.set(Step::Code);
                }
            }
        });
    };
    let pin_typed = move |()| {
        error.set(String::new());
        step.set(Step::Again);
    };
    let again_typed = move |()| {
        if again.get_untracked() == pin.get_untracked() {
            arrive();
        } else {
            error.set(t("lock.pins_differ", &[]));
            pin.set(String::new());
            step.set(Step::Pin);
        }
        again.set(String::new());
    };
    let back = move |()| app.go(Screen::Lock);
    view! {
        <TopBar title=say("lock.enrol_title") sub=say("lock.enrol_sub") on_back=Callback::new(back) />
        <Page>
            {move || match step.get() {
                Step::Code => view! { <CodeStep code error step /> }.into_any(),
                Step::Pin => view! {
                    <PinPad id="new_pin" label=say("lock.new_pin") hint=say("lock.new_pin_hint") value=pin error
                        on_done=Callback::new(pin_typed) />
                }.into_any(),
                Step::Again => view! {
                    <PinPad id="pin_again" label=say("lock.pin_again") value=again error on_done=Callback::new(again_typed) />
                }.into_any(),
                Step::Arriving => view! { <Arriving error again=Callback::new(move |()| arrive()) /> }.into_any(),
            }}
        </Page>
    }
}

async fn come_in(app: App, code: &str, pin: &str) -> Result<(), OpenFailure> {
    if !app.register().is_some_and(|register| register.is_enrolled()) {
        app.enrol(code.trim(), pin).await?;
    }
    // Broke off before: the register is open and goes on where it was.
    match app.sync_once().await {
        Some(Err(error)) => Err(error.into()),
        _ => {
            app.persisted.set(browser::wants_persistence().await);
            app.go(Screen::Home);
            Ok(())
        }
    }
}

#[component]
fn CodeStep(code: RwSignal<String>, error: RwSignal<String>, step: RwSignal<Step>) -> impl IntoView {
    let scanning = RwSignal::new(false);
    let next = move |()| {
        if code.with_untracked(|code| code.trim().is_empty()) {
            error.set(t("lock.code_missing", &[]));
        } else {
            error.set(String::new());
            step.set(Step::Pin);
        }
    };
    view! {
        <Section title=say("lock.code_title")>
            <TextField id="code" label=say("lock.code") hint=say("lock.code_hint") value=code error autocomplete="off" capitals=true />
            <Show when=move || scanning.get()><Scanner code scanning step /></Show>
            <Show when=browser::can_scan>
                <Button id="code:scan" label=say("lock.scan") kind=ButtonKind::Plain wide=true
                    on_click=Callback::new(move |()| scanning.set(true)) />
            </Show>
            <Button id="code:next" label=say("ui.continue") kind=ButtonKind::Primary icon=Icon::Next wide=true
                on_click=Callback::new(next) />
        </Section>
        <p class="hint">{say("lock.privacy")}</p>
    }
}

/// The camera, until it reads a code.
#[component]
fn Scanner(code: RwSignal<String>, scanning: RwSignal<bool>, step: RwSignal<Step>) -> impl IntoView {
    let video = NodeRef::<html::Video>::new();
    let app = App::here();
    Effect::new(move |_| {
        let Some(element) = video.get() else { return };
        spawn_local(async move {
            match browser::scan(&element.into()).await {
                Ok(Some(text)) => {
                    // The QR holds the link; a bare code is taken as it is.
                    let read = text.split_once('#').and_then(|(_, hash)| Screen::from_hash(hash));
                    code.set(match read {
                        Some(Screen::Enrol(code)) => code,
                        _ => text,
                    });
                    step.set(Step::Pin);
                }
                Ok(None) => {}
                Err(name) => app.say(t("lock.no_camera", &[("name", &name)])),
            }
            scanning.try_set(false);
        });
    });
    view! { <video node_ref=video class="scanner" muted playsinline aria-label=say("lock.camera")></video> }
}

#[component]
fn Arriving(error: RwSignal<String>, again: Callback<()>) -> impl IntoView {
    let app = App::here();
    let arrived = move || app.follow(|register| register.index().counts(None).records);
    let enrolled = move || app.follow(crate::phone::Register::is_enrolled);
    let words = Signal::derive(move || {
        if enrolled() {
            t("lock.arriving", &[("n", &count(arrived()))])
        } else {
            t("lock.making_key", &[])
        }
    });
    // How many will come is not known before they are here; the bar only says that something moves.
    let value = Signal::derive(move || if enrolled() { 0.6 } else { 0.2 });
    let broken = move || !error.get().is_empty();
    view! {
        <Progress id="arriving" value text=words />
        <Show when=broken>
            <Banner id="broken" tone=Tone::Bad title=move || error.get()>
                <p>{say("lock.goes_on")}</p>
                <Button id="arriving:again" label=say("lock.try_again") on_click=again />
            </Banner>
        </Show>
    }
}
