//! One record: what it says, on what people disagree, who wrote what, and what the office says of it.

mod aside;
mod conflict;
mod decide;
mod reading;

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use parts::ui::{Badge, Banner, Button, ButtonKind, TextField, Tone};
use schemas::form::Form;

use super::Title;
use crate::answers::{path_label, written};
use crate::api::records::{self, Entry, RecordBody};
use crate::api::{Answer, Failure};
use crate::app::{Desk, Remote};
use crate::browser;
use crate::pieces::{loaded, state_words};
use crate::words::{date_time, say, t};

pub use aside::AsideCard;

/// A record with what is needed to read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// The record.
    pub body: RecordBody,
    /// Who wrote what, oldest first.
    pub entries: Vec<Entry>,
    /// Its form.
    pub form: Arc<Form>,
}

async fn fetch(desk: Desk, id: String, reason: String) -> Answer<Sheet> {
    let body = records::one(&id, &reason).await?;
    let entries = records::history(&id, &reason).await?;
    let form = desk.form(&body.kind, body.form).await?;
    Ok(Sheet { body, entries, form })
}

/// What the parts of a record's screen share.
#[derive(Clone, Copy)]
struct Around {
    desk: Desk,
    id: Signal<String>,
    sheet: Remote<Sheet>,
    /// Why a province officer reads what is personal.
    reason: RwSignal<String>,
    /// What changed under the reader's eyes.
    news: RwSignal<Vec<String>>,
    /// A newer sheet that waits until nobody types.
    newer: RwSignal<Option<Sheet>>,
    on_decided: Callback<()>,
}

impl Around {
    fn load(self) {
        let (id, reason) = (self.id.get_untracked(), self.reason.get_untracked());
        self.sheet.ask(self.desk, fetch(self.desk, id, reason));
    }

    /// Somebody else wrote meanwhile: reads again and says what is new.
    fn reload_with_news(self) {
        let (id, reason) = (self.id.get_untracked(), self.reason.get_untracked());
        spawn_local(async move {
            if let Ok(sheet) = fetch(self.desk, id, reason).await {
                self.take(sheet);
            }
        });
    }

    fn take(self, sheet: Sheet) {
        let before = self
            .sheet
            .value
            .try_get_untracked()
            .flatten()
            .filter(|before| before.body.id == sheet.body.id);
        let Some(before) = before else { return };
        self.news.set(news(&before, &sheet));
        self.newer.set(None);
        self.sheet.value.set(Some(sheet));
    }

    /// Looks whether this record is among those that changed. Lists are no reading of a person's data.
    fn look(self) {
        let Some(sheet) = self.sheet.value.get_untracked() else {
            return;
        };
        let last = sheet
            .entries
            .iter()
            .filter_map(|entry| entry.received_at.clone())
            .max();
        let filter = vec![
            ("kind", sheet.body.kind.clone()),
            ("updated_after", last.unwrap_or_default()),
            ("limit", "500".to_owned()),
        ];
        let (id, reason) = (sheet.body.id.clone(), self.reason.get_untracked());
        spawn_local(async move {
            let Ok(page) = records::list(filter).await else {
                return;
            };
            if !page.items.iter().any(|row| row.id == id) {
                return;
            }
            let Ok(newer) = fetch(self.desk, id, reason).await else {
                return;
            };
            if newer.body.heads == sheet.body.heads {
                return;
            }
            if browser::types_in(".record") {
                self.newer.try_set(Some(newer));
            } else {
                self.take(newer);
            }
        });
    }

    /// What to do when a decision was refused: on a record that changed, the new one is read.
    fn refused(self, failure: &Failure) {
        if matches!(failure.code.as_str(), "record_changed" | "conflict_unknown") {
            self.reload_with_news();
        }
    }
}

/// What one sheet says that the one before did not: `Sùng A Chứ: Nhu cầu vay vốn`.
fn news(before: &Sheet, after: &Sheet) -> Vec<String> {
    let known = |entry: &&Entry| !before.entries.iter().any(|old| old.change == entry.change);
    let fresh = after.entries.iter().filter(known);
    fresh
        .map(|entry| {
            let fields =
                written(&entry.changes).map(|(path, _)| path_label(&after.form, &after.body.data, path));
            let fields: Vec<String> = fields.collect();
            format!("{}: {}", entry.author, fields.join(", "))
        })
        .collect()
}

/// A record on a screen of its own.
#[component]
pub fn Alone() -> impl IntoView {
    let desk = Desk::here();
    let id = Memo::new(move |_| desk.place.with(|place| place.part(1).to_owned()));
    view! {
        <Title text=say("record.title")>
            <Button id="back" label=say("desk.back") kind=ButtonKind::Quiet
                on_click=move |()| parts::browser::history_back() />
        </Title>
        <Record id on_decided=|()| () />
    }
}

/// A record.
#[component]
pub fn Record(
    /// Its id.
    #[prop(into)]
    id: Signal<String>,
    /// Runs after something was decided about it as a whole.
    #[prop(into)]
    on_decided: Callback<()>,
) -> impl IntoView {
    let desk = Desk::here();
    let around = Around {
        desk,
        id,
        sheet: Remote::new(),
        reason: RwSignal::new(String::new()),
        news: RwSignal::new(Vec::new()),
        newer: RwSignal::new(None),
        on_decided,
    };
    Effect::new(move |_| {
        if !id.get().is_empty() {
            around.sheet.forget();
            around.news.set(Vec::new());
            around.newer.set(None);
            around.reason.set(String::new());
            around.load();
        }
    });
    Effect::new(move |before: Option<u32>| {
        let pulse = desk.pulse.get();
        if before.is_some_and(|before| before != pulse) {
            around.look();
        }
        pulse
    });
    let typed = conflict::Typed::new();
    let show = move |sheet: Sheet| {
        let decides = desk.role() == "district_officer" && !sheet.body.masked;
        view! {
            <Head sheet=sheet.clone() />
            {sheet.body.masked.then(|| view! { <Unmask around /> })}
            {conflict::conflicts(around, &sheet, typed, decides)}
            {reading::findings(&sheet)}
            {aside::asides(around, &sheet, decides)}
            {reading::answers(desk, &sheet)}
            {reading::history(desk, &sheet)}
        }
        .into_any()
    };
    let decides = Memo::new(move |_| {
        desk.role() == "district_officer"
            && around
                .sheet
                .value
                .with(|sheet| sheet.as_ref().is_some_and(|sheet| !sheet.body.masked))
    });
    view! {
        <article class="record" data-id="record">
            <News around />
            {loaded(around.sheet, move || around.load(), show)}
            <Show when=move || decides.get()><decide::Decide around /></Show>
        </article>
    }
}

#[component]
fn Head(sheet: Sheet) -> impl IntoView {
    let desk = Desk::here();
    let (state, tone) = state_words(&sheet.body.state);
    let kind = sheet.body.kind.clone();
    let unit = sheet.body.unit.clone().unwrap_or_default();
    let where_ = move || {
        desk.known
            .with(|known| [known.kind(&kind), known.unit_within(&unit)].join(" · "))
    };
    let comment = sheet.body.data["review/comment"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let said = (!comment.is_empty()).then(|| {
        view! { <p class="said"><span class="sub">{say("record.review_comment")}": "</span>{comment}</p> }
    });
    let by = sheet.entries.first().map(|entry| {
        let params = [
            ("who", entry.author.as_str()),
            ("when", &date_time(&entry.claimed_at)),
        ];
        t("record.created", &params)
    });
    let merged = sheet.body.same_as.clone().map(|other| {
        view! {
            <p class="said">{say("record.merged_into")}". "<a href=format!("#record/{other}")>{say("record.open_survivor")}</a></p>
        }
    });
    let stands = (!sheet.body.stands_for.is_empty()).then(|| {
        let n = sheet.body.stands_for.len().to_string();
        view! { <p class="sub">{t("record.stands_for", &[("n", &n)])}</p> }
    });
    view! {
        <header class="record-head">
            <h2 data-id="record:title">{sheet.body.title.clone()}</h2>
            <span data-id="record:state"><Badge tone text=state /></span>
            <p class="sub">{where_}</p>
            <p class="sub">{by}</p>
            {said}
            {merged}
            {stands}
        </header>
    }
}

/// What changed since somebody began to read.
#[component]
fn News(around: Around) -> impl IntoView {
    let changed = move || around.news.with(|news| !news.is_empty());
    let waits = move || around.newer.with(Option::is_some);
    let line = |line: String| view! { <li>{line}</li> };
    let load = move |()| {
        if let Some(sheet) = around.newer.get_untracked() {
            around.take(sheet);
        }
    };
    view! {
        <Show when=changed>
            <Banner id="record:news" tone=Tone::Warn title=say("record.news")>
                <ul class="bullets">{move || around.news.get().into_iter().map(line).collect_view()}</ul>
            </Banner>
        </Show>
        <Show when=waits>
            <Banner id="record:newer" tone=Tone::Info title=say("record.newer")>
                <div><Button id="record:load" label=say("record.load") on_click=load /></div>
            </Banner>
        </Show>
    }
}

/// Personal answers are hidden until somebody says why they need them.
#[component]
fn Unmask(around: Around) -> impl IntoView {
    let why = RwSignal::new(String::new());
    let open = move |()| {
        let reason = why.get_untracked().trim().to_owned();
        if !reason.is_empty() {
            around.reason.set(reason);
            around.load();
        }
    };
    view! {
        <Banner id="record:masked" tone=Tone::Info title=say("record.masked")>
            <p>{say("record.masked_hint")}</p>
            <div class="inline">
                <TextField id="reason" label=say("record.reason") value=why />
                <Button id="unmask" label=say("record.unmask") on_click=open
                    disabled=Signal::derive(move || why.with(|why| why.trim().is_empty())) />
            </div>
        </Banner>
    }
}
