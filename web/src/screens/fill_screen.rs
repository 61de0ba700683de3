//! A form begun: kept while it is typed, checked for being written twice, handed to the register.
//!
//! The way through: `open` reads the draft and what its form looks into; `desk` holds the filling and
//! is the only one that writes; `keeper` writes drafts one after the other; `head` and `indicators`
//! fill in what follows from other answers; `copy` takes over what rarely changes; `panel` shows what
//! a review proposes; `twice` asks whether the record is there already.

mod copy;
mod desk;
mod head;
mod indicators;
mod keeper;
mod open;
mod panel;
mod twice;

use leptos::prelude::*;
use leptos::task::spawn_local;
use schemas::value::Scalar;
use sync_core::id::RecordId;

use self::desk::Desk;
use self::open::{Opened, open};
use super::begin::is_review;
use super::names;
use crate::app::{App, Screen, error_words};
use crate::browser;
use crate::fill::{Fill, Locate};
use crate::phone::{Draft, Register};
use crate::ui::{
    Banner, Button, ButtonKind, Confirm, EmptyState, Icon, IconButton, Page, Skeleton, Tone, TopBar,
};
use crate::words::{say, t};

/// What nobody in the field is asked: it is worked out, or written by an act of its own.
const WITHOUT: [&str; 3] = ["commune_id_at_event", "void_reason", "head_member_id"];
/// What a form was begun about: the heading says it, and it is not asked again.
const ABOUT: [&str; 5] = [
    "household_id",
    "village_id",
    "visit_type",
    "visitor_id",
    "fair_id",
];

/// A form to fill.
#[component]
pub fn FillScreen(
    /// The draft.
    id: RecordId,
) -> impl IntoView {
    let app = App::here();
    let opened = RwSignal::new_local(None);
    spawn_local(async move {
        let Some(register) = app.register() else { return };
        // A screen that was left meanwhile shows nothing.
        let _ = opened.try_set(Some(open(register, id).await));
    });
    move || match opened.get() {
        None => view! { <Page><Skeleton rows=5 /></Page> }.into_any(),
        Some(Ok(Some(opened))) => view! { <Filling opened /> }.into_any(),
        Some(Ok(None)) => view! { <Missing text=t("visit.no_draft_text", &[]) /> }.into_any(),
        Some(Err(error)) => view! { <Missing text=error_words(&error) /> }.into_any(),
    }
}

#[component]
fn Missing(text: String) -> impl IntoView {
    let app = App::here();
    view! {
        <TopBar title=say("visit.title") on_back=move |()| app.back() />
        <Page>
            <EmptyState title=say("visit.no_draft") text>
                <Button id="fill:home" label=say("visit.go_home") on_click=move |()| app.go(Screen::Home) />
            </EmptyState>
        </Page>
    }
}

#[component]
fn Filling(opened: Opened) -> impl IntoView {
    let app = App::here();
    let desk = Desk::new(app, &opened);
    let Opened {
        register,
        draft,
        form,
        ..
    } = opened;
    let looking = desk.looking();
    let review = draft.kind == "household_visit"
        && draft
            .answers
            .get("visit_type")
            .and_then(|kind| kind.as_text())
            .is_some_and(is_review);
    let known = |path: &str| draft.answers.get(path).is_some_and(|value| !value.is_blank());
    let about = ABOUT
        .iter()
        .filter(|path| draft.kind != "household" && known(path));
    let about: Vec<String> = about.map(|path| (*path).to_owned()).collect();
    let mut without: Vec<String> = WITHOUT.iter().map(|path| (*path).to_owned()).collect();
    // Who looks at a record again wants to see whose it is; who begins one has just chosen it.
    let fixed = if draft.is_edit {
        about
    } else {
        without.extend(about);
        Vec::new()
    };
    let locate: Locate = Callback::new(|done: Callback<_>| {
        // Finding the place takes up to half a minute; who left meanwhile does not wait for it.
        spawn_local(async move {
            let _ = done.try_run(browser::locate().await);
        });
    });
    let row_id = {
        let work = desk.work;
        move |()| work.with_value(|work| work.register.new_id().to_string())
    };
    let (title, name) = heading(&register, &draft);
    view! {
        <TopBar title sub=name on_back=move |()| app.back()>
            <Discard desk />
        </TopBar>
        <Page>
            <NotKept desk />
            <NotSaved desk />
            {review.then(|| view! { <copy::CopyLast desk /><panel::Panel desk looking /> })}
            <Fill form answers=desk.answers page=desk.page looking locate saved=draft.before.clone() fixed without
                busy=desk.busy new_row_id=row_id on_change=move |()| desk.keep() on_submit=move |()| desk.send() />
            <twice::Twice desk />
        </Page>
    }
}

/// What is being written down, and about whom.
fn heading(register: &Register, draft: &Draft) -> (String, String) {
    let text = |path: &str| {
        draft
            .answers
            .get(path)
            .and_then(Scalar::as_text)
            .unwrap_or_default()
    };
    let visit = names::choice(register, "household_visit", "visit_type", text("visit_type"));
    let title = if visit.is_empty() {
        names::kind(register, &draft.kind)
    } else {
        visit
    };
    let village = names::unit(register, text("village_id"));
    let village = if draft.kind == "household" {
        String::new()
    } else {
        village
    };
    (title, names::line(&[draft.title.clone(), village]))
}

/// Throws the draft away, after asking.
#[component]
fn Discard(desk: Desk) -> impl IntoView {
    let ask = RwSignal::new(false);
    view! {
        <IconButton id="draft:drop" label=say("visit.discard") icon=Icon::Trash on_click=move |()| ask.set(true) />
        <Confirm id="draft:drop:ask" title=say("visit.discard_ask") text=say("visit.discard_text")
            yes=say("visit.discard") open=ask danger=true on_yes=move |()| desk.discard() />
    }
}

/// Says that what is typed stands on screen only.
#[component]
fn NotKept(desk: Desk) -> impl IntoView {
    let code = move || desk.not_kept.get().unwrap_or_default();
    let words = move || {
        let code = code();
        format!(
            "{} {}",
            crate::app::code_words(&code),
            t("visit.code", &[("code", &code)])
        )
    };
    view! {
        <Show when=move || desk.not_kept.with(Option::is_some)>
            <Banner id="draft:failed" tone=Tone::Bad title=say("visit.not_kept")>
                <p>{words}</p>
                <Button id="draft:retry" label=say("visit.keep_again") kind=ButtonKind::Primary
                    on_click=move |()| desk.keep() />
            </Banner>
        </Show>
    }
}

/// Says why the record was not written.
#[component]
fn NotSaved(desk: Desk) -> impl IntoView {
    view! {
        <Show when=move || desk.not_saved.with(|words| !words.is_empty())>
            <Banner id="fill:failed" tone=Tone::Bad title=say("visit.not_saved")>
                <p>{move || desk.not_saved.get()}</p>
            </Banner>
        </Show>
    }
}
