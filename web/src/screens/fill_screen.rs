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
use sync_core::id::RecordId;

use self::desk::Desk;
use self::open::{Opened, open};
use super::begin::is_review;
use super::names;
use crate::app::{App, Screen, error_words};
use crate::browser;
use crate::fill::{Fill, Locate};
use crate::ui::{
    Banner, Button, ButtonKind, Confirm, EmptyState, Icon, IconButton, Page, Skeleton, Tone, TopBar,
};
use crate::words::{say, t};

/// What nobody in the field is asked: it is worked out, or written by an act of its own.
const WITHOUT: [&str; 3] = ["commune_id_at_event", "void_reason", "head_member_id"];
/// What a form was begun about: shown, and not asked again.
const FIXED: [&str; 5] = ["household_id", "village_id", "visit_type", "visitor_id", "fair_id"];

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
    let Opened { register, draft, form, .. } = opened;
    let looking = desk.looking();
    let review = draft.kind == "household_visit"
        && draft.answers.get("visit_type").and_then(|kind| kind.as_text()).is_some_and(is_review);
    let known = |path: &&str| draft.answers.get(**path).is_some_and(|value| !value.is_blank());
    let fixed: Vec<String> = match draft.kind.as_str() {
        "household" => Vec::new(),
        _ => FIXED.iter().filter(known).map(|path| (*path).to_owned()).collect(),
    };
    let without = WITHOUT.iter().map(|path| (*path).to_owned()).collect();
    let locate: Locate = Callback::new(|done: Callback<_>| {
        spawn_local(async move { done.run(browser::locate().await) });
    });
    let row_id = {
        let work = desk.work;
        move |()| work.with_value(|work| work.register.new_id().to_string())
    };
    let kind = names::kind(&register, &draft.kind);
    let (title, name) = (kind, draft.title.clone());
    view! {
        <TopBar title sub=name on_back=move |()| app.back()>
            <Discard desk />
        </TopBar>
        <Page>
            <NotKept desk />
            <NotSaved desk />
            {review.then(|| view! { <copy::CopyLast desk /><panel::Panel desk /> })}
            <Fill form answers=desk.answers page=desk.page looking locate saved=draft.before.clone() fixed without
                busy=desk.busy new_row_id=row_id on_change=move |()| desk.keep() on_submit=move |()| desk.send() />
            <twice::Twice desk />
        </Page>
    }
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
        format!("{} {}", crate::app::code_words(&code), t("visit.code", &[("code", &code)]))
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
