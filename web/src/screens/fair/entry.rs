//! Somebody who is in: who checked them in and when, their record, and striking them off.

use std::sync::Arc;

use leptos::prelude::*;
use schemas::value::Scalar;
use sync_core::id::RecordId;

use super::counts::Entry;
use super::desk::Desk;
use crate::app::Screen;
use crate::ui::{Button, ButtonKind, ChoiceCards, Dialog, Icon, OptionItem, TextField};
use crate::words::{clock, say, t};

/// The reasons that are offered; a last one is typed.
const REASONS: [&str; 3] = ["fair.void.wrong_person", "fair.void.twice", "fair.void.left"];

/// The sheet; it is open while `picked` holds somebody.
#[component]
pub(super) fn EntrySheet(desk: Desk, picked: RwSignal<Option<RecordId>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let striking = RwSignal::new(false);
    Effect::new(move |_| {
        striking.set(false);
        open.set(picked.with(Option::is_some));
    });
    let entry = move || desk.roll.with(|roll| roll.get(picked.get()?).map(Arc::clone));
    let title = move || entry().map_or_else(String::new, |entry| entry.name.clone());
    let line = move || entry().map_or_else(String::new, |entry| checked_in_line(desk, &entry));
    let show = move |()| {
        if let Some(id) = picked.get_untracked() {
            picked.set(None);
            desk.app.go(Screen::Record(id));
        }
    };
    view! {
        <Dialog id="entry" title open on_close=move |()| picked.set(None)>
            <p>{line}</p>
            <Show when=move || !striking.get()>
                <div class="actions">
                    <Button id="entry:details" label=say("fair.details") icon=Icon::Person on_click=show />
                    <Button id="entry:undo" label=say("fair.undo") kind=ButtonKind::Danger icon=Icon::Trash
                        on_click=move |()| striking.set(true) />
                </div>
            </Show>
            <Show when=move || striking.get()><Strike desk picked /></Show>
        </Dialog>
    }
}

/// Who checked them in, and when.
pub(super) fn checked_in_line(desk: Desk, entry: &Entry) -> String {
    let time = clock(&entry.checked_in_at).unwrap_or_default();
    t(
        "fair.in_line",
        &[("time", &time), ("who", &desk.user_name(&entry.by))],
    )
}

/// Asks why, and strikes off. Nothing is deleted: the record stays, with the reason.
#[component]
fn Strike(desk: Desk, picked: RwSignal<Option<RecordId>>) -> impl IntoView {
    let reason = RwSignal::new(None::<String>);
    let typed = RwSignal::new(String::new());
    let checked = RwSignal::new(false);
    let options = Signal::derive(|| {
        let reasons = REASONS.into_iter().chain(["fair.void.other"]);
        reasons
            .map(|key| OptionItem::new(key, t(key, &[])))
            .collect::<Vec<_>>()
    });
    let is_other = move || reason.get().as_deref() == Some("fair.void.other");
    let words = move || match reason.get() {
        Some(key) if key != "fair.void.other" => t(&key, &[]),
        Some(_) => schemas::text::clean(&typed.get()),
        None => String::new(),
    };
    let error = Signal::derive(move || {
        if checked.get() && words().is_empty() {
            t("fair.void.missing", &[])
        } else {
            String::new()
        }
    });
    let strike = move |()| {
        checked.set(true);
        let (Some(id), why) = (picked.get_untracked(), untrack(words)) else {
            return;
        };
        if why.is_empty() {
            return;
        }
        desk.work(async move |register| {
            register
                .set(id, vec![("void_reason".to_owned(), Scalar::Text(why))])
                .await?;
            picked.set(None);
            desk.app.say(t("fair.void.done", &[]));
            Ok(())
        });
    };
    view! {
        <ChoiceCards id="entry:reason" label=say("fair.void.reason") options value=reason
            on_pick=move |picked| reason.set(picked) required=true error />
        <Show when=is_other>
            <TextField id="entry:reason_other" label=say("fair.void.other_words") value=typed required=true />
        </Show>
        <Button id="entry:undo:yes" label=say("fair.void.yes") kind=ButtonKind::Danger wide=true
            busy=desk.busy on_click=strike />
    }
}
