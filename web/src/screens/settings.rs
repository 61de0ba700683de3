//! Language, PIN, what the browser keeps, and leaving.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::{App, code_words};
use crate::browser;
use crate::ui::{
    Banner, Button, ButtonKind, ChoiceCards, Confirm, Icon, OptionItem, Page, PinPad, Section, Tone, TopBar,
};
use crate::words::{Language, bytes, language, say, set_language, t};

/// The settings.
#[component]
pub fn SettingsScreen() -> impl IntoView {
    let app = App::here();
    view! {
        <TopBar title=say("settings.title") sub=holder on_back=Callback::new(move |()| app.back()) />
        <Page>
            <Look />
            <Idle />
            <Pin />
            <Storage />
            <Leaving />
            <p class="hint" data-id="version">{t("settings.version", &[("version", env!("CARGO_PKG_VERSION"))])}</p>
        </Page>
    }
}

fn holder() -> String {
    App::here().card().map_or_else(String::new, |card| card.name)
}

#[component]
fn Look() -> impl IntoView {
    let languages = Signal::derive(|| {
        vec![
            OptionItem::new("vi", "Tiếng Việt"),
            OptionItem::new("en", "English"),
        ]
    });
    let chosen = Signal::derive(|| Some(language().code().to_owned()));
    let pick = |code: Option<String>| {
        let language = Language::from_code(&code.unwrap_or_default());
        browser::keep("soban-language", language.code());
        browser::set_page_language(language.code());
        set_language(language);
    };
    let theme = RwSignal::new(browser::kept("soban-theme").unwrap_or_default());
    let themes = Signal::derive(|| {
        ["", "light", "dark"]
            .map(|name| {
                let key = if name.is_empty() {
                    "settings.theme_auto".to_owned()
                } else {
                    format!("settings.theme_{name}")
                };
                OptionItem::new(name, t(&key, &[]))
            })
            .to_vec()
    });
    let pick_theme = move |name: Option<String>| {
        let name = name.unwrap_or_default();
        browser::keep("soban-theme", &name);
        browser::apply_theme(&name);
        theme.set(name);
    };
    view! {
        <Section title=say("settings.look")>
            <ChoiceCards id="language" label=say("settings.language") options=languages value=chosen columns=true setting=true
                on_pick=Callback::new(pick) />
            <ChoiceCards id="theme" label=say("settings.theme") options=themes columns=true setting=true
                value=Signal::derive(move || Some(theme.get())) on_pick=Callback::new(pick_theme) />
        </Section>
    }
}

#[component]
fn Idle() -> impl IntoView {
    let app = App::here();
    let options = Signal::derive(|| {
        ["2", "5", "15"]
            .map(|minutes| OptionItem::new(minutes, t("settings.minutes", &[("n", minutes)])))
            .to_vec()
    });
    let value = Signal::derive(move || Some(app.idle_minutes.get().to_string()));
    let pick = move |minutes: Option<String>| {
        if let Some(minutes) = minutes.and_then(|minutes| minutes.parse().ok()) {
            browser::keep("soban-idle", &format!("{minutes}"));
            app.idle_minutes.set(minutes);
        }
    };
    view! {
        <Section title=say("settings.idle_title")>
            <ChoiceCards id="idle" label=say("settings.idle") options value columns=true setting=true on_pick=Callback::new(pick) />
            <Button id="lock" label=say("settings.lock_now") icon=Icon::Lock wide=true
                on_click=Callback::new(move |()| app.lock()) />
        </Section>
    }
}

#[component]
fn Pin() -> impl IntoView {
    let app = App::here();
    let changing = RwSignal::new(false);
    let (old, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let error = RwSignal::new(String::new());
    let old_done = RwSignal::new(false);
    let change = move |()| {
        let (old_pin, new_pin) = (old.get_untracked(), new.get_untracked());
        spawn_local(async move {
            browser::sleep_ms(30).await;
            match app.change_pin(&old_pin, &new_pin).await {
                Ok(()) => {
                    app.say(t("settings.pin_changed", &[]));
                    changing.set(false);
                }
                Err(failure) => error.set(code_words(&failure.code())),
            }
            old.set(String::new());
            new.set(String::new());
            old_done.set(false);
        });
    };
    let begin = move |()| {
        error.set(String::new());
        old_done.set(false);
        changing.set(true);
    };
    view! {
        <Section title=say("settings.pin")>
            <Show when=move || changing.get() fallback=move || view! {
                <Button id="pin:change" label=say("settings.change_pin") wide=true on_click=Callback::new(begin) />
            }>
                <Show when=move || old_done.get() fallback=move || view! {
                    <PinPad id="old_pin" label=say("settings.old_pin") value=old error
                        on_done=Callback::new(move |()| old_done.set(true)) />
                }>
                    <PinPad id="new_pin" label=say("lock.new_pin") hint=say("lock.new_pin_hint") value=new
                        on_done=Callback::new(change) />
                </Show>
            </Show>
        </Section>
    }
}

#[component]
fn Storage() -> impl IntoView {
    let app = App::here();
    let used = RwSignal::new(String::new());
    spawn_local(async move {
        let (usage, quota) = browser::storage_estimate().await;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "an estimate in bytes"
        )]
        let words = |number: f64| bytes(number as usize);
        used.set(t(
            "settings.used",
            &[("used", &words(usage)), ("quota", &words(quota))],
        ));
    });
    let promise = move || match app.persisted.get().as_str() {
        "granted" => t("settings.kept", &[]),
        "refused" => t("settings.not_kept", &[]),
        _ => t("settings.kept_unknown", &[]),
    };
    let ask = move |()| {
        spawn_local(async move { app.persisted.set(browser::wants_persistence().await) });
    };
    view! {
        <Section title=say("settings.storage")>
            <p data-id="persisted">{promise}</p>
            <p class="hint">{move || used.get()}</p>
            <Show when=move || app.persisted.get() != "granted">
                <Button id="persist" label=say("settings.ask_to_keep") wide=true on_click=Callback::new(ask) />
            </Show>
        </Section>
    }
}

#[component]
fn Leaving() -> impl IntoView {
    let app = App::here();
    let sure = RwSignal::new(false);
    let error = RwSignal::new(String::new());
    let remove = move |()| {
        spawn_local(async move {
            match app.remove_open().await {
                Ok(()) => app.say(t("settings.removed", &[])),
                Err(failure) => error.set(code_words(&failure.code())),
            }
        });
    };
    view! {
        <Section title=say("settings.leave_title")>
            <p class="hint">{say("settings.leave_hint")}</p>
            <Show when=move || !error.get().is_empty()>
                <Banner id="leave:error" tone=Tone::Warn><p>{move || error.get()}</p></Banner>
            </Show>
            <Button id="leave" label=say("settings.leave") kind=ButtonKind::Danger wide=true
                on_click=Callback::new(move |()| sure.set(true)) />
            <Confirm id="leave:sure" title=say("settings.leave_sure") text=say("settings.leave_sure_text")
                yes=say("settings.leave") open=sure danger=true on_yes=Callback::new(remove) />
        </Section>
    }
}
