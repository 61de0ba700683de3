//! What can be done with a record: edited, voided, brought back.

use leptos::prelude::*;
use leptos::task::spawn_local;
use schemas::value::Scalar;
use sync_core::id::RecordId;
use sync_core::record::KIND;

use super::{Handle, Shown};
use crate::app::{App, error_words};
use crate::phone::HistoryLine;
use crate::screens::begin::begin_edit;
use crate::ui::{Banner, Button, ButtonKind, Dialog, Icon, TextField, Tone};
use crate::words::{say, t};

/// The field that voids a record.
const REASON: &str = "void_reason";

/// Edit and void, as far as the holder may.
#[component]
pub(super) fn Actions(shown: Handle) -> impl IntoView {
    let shown = shown.get_value();
    let app = App::here();
    let id = shown.view.id;
    let known = shown
        .form
        .as_ref()
        .is_some_and(|form| form.field(REASON).is_some());
    let stands = shown.text(REASON).is_empty();
    let may = shown.may_write(REASON);
    let own = is_own(&shown);
    let edit = (may && stands && shown.form.is_some()).then(|| {
        view! {
            <Button id="record:edit" label=say("record.edit") icon=Icon::Edit on_click=move |()| begin_edit(app, id) />
        }
    });
    // What others wrote is theirs to void, or a reviewer's.
    let void = (may && stands && known && own).then(|| view! { <Void id /> });
    let only_read = (!may).then(|| view! { <p class="hint">{say("record.only_read")}</p> });
    view! { {edit}{void}{only_read} }
}

/// True for a record that the holder made on this phone.
fn is_own(shown: &Shown) -> bool {
    let wrote = shown
        .register
        .index()
        .get(shown.view.id)
        .is_some_and(|summary| summary.own);
    let known = shown.register.known().ok();
    let me = known.and_then(|known| Some(known.cert()?.user_name.clone()));
    let creates = |line: &&HistoryLine| line.writes.iter().any(|(path, _)| path == KIND);
    let maker = shown
        .view
        .history
        .iter()
        .find(creates)
        .and_then(|line| line.author.clone());
    wrote && me.is_some() && maker == me
}

#[component]
fn Void(id: RecordId) -> impl IntoView {
    let app = App::here();
    let open = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let error = RwSignal::new(String::new());
    let void = move |()| {
        let words = schemas::text::clean(&reason.get_untracked());
        if words.is_empty() {
            error.set(t("record.void_needs_reason", &[]));
            return;
        }
        let Some(register) = app.register() else { return };
        busy.set(true);
        spawn_local(async move {
            match register
                .set(id, vec![(REASON.to_owned(), Scalar::Text(words))])
                .await
            {
                Ok(()) => {
                    let _ = open.try_set(false);
                    app.say(t("record.voided", &[]));
                    app.sync_if_due();
                }
                Err(problem) => drop(error.try_set(error_words(&problem))),
            }
            let _ = busy.try_set(false);
        });
    };
    view! {
        <Button id="record:void" label=say("record.void") kind=ButtonKind::Quiet icon=Icon::Trash
            on_click=move |()| open.set(true) />
        <Dialog id="record:void:ask" title=say("record.void") open>
            <p>{say("record.void_text")}</p>
            <TextField id="record:void_reason" label=say("record.void_reason") value=reason error required=true
                multiline=true />
            <Button id="record:void:yes" label=say("record.void") kind=ButtonKind::Danger wide=true busy on_click=void />
        </Dialog>
    }
}

/// That it was voided, why, and the way back.
#[component]
pub(super) fn Voided(shown: Handle) -> impl IntoView {
    let shown = shown.get_value();
    let app = App::here();
    let reason = shown.text(REASON).to_owned();
    if reason.is_empty() {
        return None;
    }
    let id = shown.view.id;
    let back = move |()| {
        let Some(register) = app.register() else { return };
        spawn_local(async move {
            match register.set(id, vec![(REASON.to_owned(), Scalar::Null)]).await {
                Ok(()) => app.say(t("record.back", &[])),
                Err(error) => app.say_error(&error),
            }
        });
    };
    let back = shown
        .may_write(REASON)
        .then(|| view! { <Button id="record:unvoid" label=say("record.unvoid") on_click=back /> });
    Some(view! {
        <Banner id="record:voided" tone=Tone::Warn title=say("record.is_void")><p>{reason}</p>{back}</Banner>
    })
}
