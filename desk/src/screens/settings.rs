//! Language, colours, the own password.

use leptos::prelude::*;
use parts::ui::{Banner, Button, OptionItem, Section, TextField, Tone};

use super::{KEPT_LANGUAGE, KEPT_THEME, Title};
use crate::api::people::set_password;
use crate::app::{Desk, Doing};
use crate::browser;
use crate::pieces::{Pick, Said};
use crate::words::{Language, language, say, set_language, t};

/// The screen.
#[component]
pub fn Settings() -> impl IntoView {
    let theme = RwSignal::new(browser::kept(KEPT_THEME).unwrap_or_default());
    let languages = || {
        vec![
            OptionItem::new("vi", "Tiếng Việt"),
            OptionItem::new("en", "English"),
        ]
    };
    let themes = || {
        let option = |value: &str, key: &'static str| OptionItem::new(value, t(key, &[]));
        vec![
            option("", "desk.settings.theme_system"),
            option("light", "desk.settings.theme_light"),
            option("dark", "desk.settings.theme_dark"),
        ]
    };
    view! {
        <Title text=say("desk.room.settings") />
        <div class="narrow stack">
            <Section title=say("desk.settings.look")>
                <Pick id="language" label=say("desk.settings.language") options=Signal::derive(languages)
                    value=Signal::derive(|| language().code().to_owned())
                    on_pick=|code: String| {
                        browser::keep(KEPT_LANGUAGE, &code);
                        set_language(Language::from_code(&code));
                    } />
                <Pick id="theme" label=say("desk.settings.theme") options=Signal::derive(themes) value=theme
                    on_pick=move |chosen: String| {
                        browser::keep(KEPT_THEME, &chosen);
                        browser::apply_theme(&chosen);
                        theme.set(chosen);
                    } />
            </Section>
            <Section title=say("desk.settings.password")><OwnPassword /></Section>
        </div>
    }
}

#[component]
fn OwnPassword() -> impl IntoView {
    let desk = Desk::here();
    let (first, second) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let doing = Doing::new();
    let differs = Signal::derive(move || {
        let (first, second) = (first.get(), second.get());
        if !second.is_empty() && first != second {
            t("desk.settings.password_differs", &[])
        } else {
            String::new()
        }
    });
    let unfit = move || first.with(String::is_empty) || first.get() != second.get();
    let set = move || {
        let Some(me) = desk
            .session
            .with_untracked(|session| session.as_ref().map(|session| session.user.id.clone()))
        else {
            return;
        };
        doing.run(desk, set_password(me, first.get_untracked()), move |()| {
            // The server ended all sessions, this one too.
            desk.expired.set(true);
        });
    };
    view! {
        <Banner id="password:hint" tone=Tone::Info><p>{say("desk.settings.password_hint")}</p></Banner>
        <TextField id="password_new" label=say("desk.settings.password_new") value=first kind="password"
            autocomplete="new-password" />
        <TextField id="password_again" label=say("desk.settings.password_again") value=second kind="password"
            autocomplete="new-password" error=differs />
        <Said id="password:failed" failure=doing.failure />
        <div><Button id="password:set" label=say("desk.settings.password_set") busy=doing.busy
            disabled=Signal::derive(unfit) on_click=move |()| set() /></div>
    }
}
