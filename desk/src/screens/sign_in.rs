//! Signing in: with the whole page before, and over the page when a session ended in the middle of work.

use leptos::prelude::*;
use parts::ui::{Button, ButtonKind, TextField};

use crate::api::session::sign_in;
use crate::app::{Desk, Doing};
use crate::pieces::Said;
use crate::words::{say, t};

/// The whole page.
#[component]
pub fn SignIn() -> impl IntoView {
    let desk = Desk::here();
    view! {
        <main class="sign-in">
            <div class="sign-in-card">
                <h1>"Sổ Bản"</h1>
                <p class="hint">{say("desk.sign_in.what")}</p>
                <p class="err" role="alert" hidden=move || desk.notice.get().is_empty()>{move || desk.notice.get()}</p>
                <Credentials />
            </div>
        </main>
    }
}

/// Over the page: what somebody was doing stays where it is.
#[component]
pub fn Again() -> impl IntoView {
    view! {
        <div class="sign-in over" role="dialog" aria-modal="true" aria-labelledby="again-title">
            <div class="sign-in-card">
                <h2 id="again-title">{say("desk.sign_in.expired")}</h2>
                <p class="hint">{say("desk.sign_in.expired_hint")}</p>
                <Credentials />
            </div>
        </div>
    }
}

#[component]
fn Credentials() -> impl IntoView {
    let desk = Desk::here();
    let before = desk
        .session
        .with_untracked(|session| session.as_ref().map(|session| session.user.login.clone()));
    let login = RwSignal::new(before.unwrap_or_default());
    let password = RwSignal::new(String::new());
    let doing = Doing::new();
    let enter = move || {
        let (name, word) = (login.get_untracked().trim().to_owned(), password.get_untracked());
        if name.is_empty() || word.is_empty() {
            let missing = crate::api::Failure {
                code: String::new(),
                title: t("desk.sign_in.missing", &[]),
                hint: String::new(),
            };
            doing.failure.set(Some(missing));
            return;
        }
        doing.run(desk, sign_in(name, word), move |session| desk.sit_down(session));
    };
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); enter(); }>
            <TextField id="login" label=say("desk.sign_in.login") value=login autocomplete="username" />
            <TextField id="password" label=say("desk.sign_in.password") value=password kind="password"
                autocomplete="current-password" />
            <Said id="sign_in:failed" failure=doing.failure />
            <Button id="sign_in" label=say("desk.sign_in.enter") kind=ButtonKind::Primary busy=doing.busy wide=true
                on_click=move |()| enter() />
            // Enter in a field submits; the button above is what people see.
            <input type="submit" class="sr" tabindex="-1" aria-hidden="true" value="" />
        </form>
    }
}
