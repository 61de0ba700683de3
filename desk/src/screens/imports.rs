//! Reading files in: first what would change and which rows cannot be read, then the change itself.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use parts::ui::{Banner, Button, ButtonKind, OptionItem, Stat, Tone};
use serde_json::Value;
use wasm_bindgen_futures::JsFuture;

use super::Title;
use crate::api::imports::{BadRow, Change, Imported, KINDS, import};
use crate::app::{Desk, Doing};
use crate::pieces::{Cell, Head, Pick, Row, Said, Table};
use crate::words::{count, name, say, t, titled};

#[derive(Clone)]
struct File {
    name: String,
    bytes: Vec<u8>,
}

/// The screen.
#[component]
pub fn Imports() -> impl IntoView {
    let desk = Desk::here();
    let doing = Doing::new();
    let kind = RwSignal::new(KINDS[0].to_owned());
    let file = RwSignal::new(None::<File>);
    let seen = RwSignal::new(None::<Imported>);
    let input = NodeRef::<html::Input>::new();
    let send = move |apply: bool| {
        let Some(file) = file.get_untracked() else { return };
        let act = import(kind.get_untracked(), file.name, file.bytes, apply);
        doing.run(desk, act, move |outcome: Imported| {
            if outcome.applied {
                desk.say(t("people.import_done", &[]));
            }
            seen.set(Some(outcome));
        });
    };
    let picked = move |_| {
        seen.set(None);
        file.set(None);
        let chosen = input
            .get()
            .and_then(|input| input.files())
            .and_then(|files| files.get(0));
        let Some(chosen) = chosen else { return };
        spawn_local(async move {
            let Ok(buffer) = JsFuture::from(chosen.array_buffer()).await else {
                return;
            };
            file.set(Some(File {
                name: chosen.name(),
                bytes: js_sys::Uint8Array::new(&buffer).to_vec(),
            }));
            send(false);
        });
    };
    let kinds = Signal::derive(|| {
        KINDS
            .map(|kind| OptionItem::new(kind, name("people.import_kind", kind)))
            .to_vec()
    });
    let applicable = move || {
        seen.with(|seen| {
            seen.as_ref()
                .is_some_and(|seen| !seen.applied && seen.summary.created + seen.summary.changed > 0)
        })
    };
    view! {
        <Title text=say("desk.room.imports") />
        <p class="hint">{say("people.import_hint")}</p>
        <div class="filters-bar">
            <Pick id="import:kind" label=say("people.import_what") options=kinds value=kind
                on_pick=move |chosen: String| { kind.set(chosen); seen.set(None); if file.with(Option::is_some) { send(false); } } />
            <div class="field">
                <label class="ask" for="import-file">{say("people.import_file")}</label>
                <input class="input" type="file" id="import-file" data-id="import:file" node_ref=input
                    accept=".csv,.xlsx,.json" on:change=picked />
            </div>
        </div>
        <Said id="import:failed" failure=doing.failure />
        <Show when=move || doing.busy.get()><parts::ui::Skeleton rows=3 /></Show>
        {move || seen.get().map(|seen| view! { <Outcome seen /> })}
        <Show when=applicable>
            <div class="actions">
                <Button id="import:apply" label=say("people.import_apply") kind=ButtonKind::Primary busy=doing.busy
                    on_click=move |()| send(true) />
            </div>
        </Show>
    }
}

#[component]
fn Outcome(seen: Imported) -> impl IntoView {
    let Imported {
        summary,
        changes,
        errors,
        applied,
    } = seen;
    let heads = |keys: &'static [&'static str]| {
        Signal::derive(move || {
            keys.iter()
                .map(|key| Head::new(t(key, &[])).still())
                .collect::<Vec<_>>()
        })
    };
    let bad: Vec<Row> = errors.iter().enumerate().map(bad_row).collect();
    let new: Vec<Row> = changes.iter().enumerate().map(change_row).collect();
    let (no_bad, no_new) = (bad.is_empty(), new.is_empty());
    view! {
        {applied.then(|| view! { <Banner id="import:done" tone=Tone::Good title=say("people.import_done")><span></span></Banner> })}
        <div class="stats">
            <Stat id="import:created" number=count(summary.created) label=say("people.import_created") tone=Tone::Good />
            <Stat id="import:changed" number=count(summary.changed) label=say("people.import_changed") tone=Tone::Info />
            <Stat id="import:unchanged" number=count(summary.unchanged) label=say("people.import_unchanged") />
            <Stat id="import:bad" number=count(summary.failed) label=say("people.import_failed") tone=Tone::Bad />
        </div>
        {(!no_bad).then(|| view! {
            <h2>{say("people.import_bad_rows")}</h2>
            <Table id="import:errors" caption=say("people.import_bad_rows") rows=Signal::derive(move || bad.clone())
                heads=heads(&["people.import_row", "people.import_column", "people.import_why"]) />
        })}
        {(!no_new).then(|| view! {
            <h2>{say("people.import_changes")}</h2>
            <Table id="import:changes" caption=say("people.import_changes") rows=Signal::derive(move || new.clone())
                heads=heads(&["people.import_row", "people.import_act", "people.import_id", "people.import_before", "people.import_after"]) />
        })}
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Object(fields) if fields.contains_key("vi") => titled(value),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| format!("{name}: {}", plain(value)))
            .collect::<Vec<_>>()
            .join("; "),
        other => other.to_string(),
    }
}

fn bad_row((at, bad): (usize, &BadRow)) -> Row {
    let why = plain(&bad.message);
    let why = if why.is_empty() { bad.code.clone() } else { why };
    Row::new(
        format!("bad{at}"),
        vec![
            Cell::text(plain(&bad.row)),
            Cell::text(plain(&bad.column)),
            Cell::text(why),
        ],
    )
}

fn change_row((at, change): (usize, &Change)) -> Row {
    let what = plain(&change.what);
    Row::new(
        format!("change{at}"),
        vec![
            Cell::text(plain(&change.row)),
            Cell::text(name("people.import_what_act", &what)),
            Cell::text(plain(&change.id)),
            Cell::text(plain(&change.before)),
            Cell::text(plain(&change.after)),
        ],
    )
}
