//! Files to take away, and the feed that Excel and Power BI read.

use leptos::prelude::*;
use parts::ui::{Banner, DateField, OptionItem, Section, TextField, Tone};

use super::Title;
use crate::address::asked;
use crate::app::Desk;
use crate::browser::address_of;
use crate::pieces::{Pick, UnitPick, state_words};
use crate::words::{name, read_date, say, t};

const FORMATS: [&str; 4] = ["xlsx", "csv", "geojson", "jsonl"];
const STATES: [&str; 5] = ["received", "edited", "has_issues", "approved", "locked"];

/// The screen.
#[component]
pub fn Exports() -> impl IntoView {
    let desk = Desk::here();
    let new = || RwSignal::new(String::new());
    let (kind, unit, state, from, to, reason) = (new(), new(), new(), new(), new(), new());
    let (format, labels) = (
        RwSignal::new(FORMATS[0].to_owned()),
        RwSignal::new("true".to_owned()),
    );
    let kinds = Signal::derive(move || {
        desk.known.with(|known| {
            let option = |form: &crate::api::reference::FormSummary| {
                OptionItem::new(&form.form_id, known.kind(&form.form_id))
            };
            known.kinds.iter().map(option).collect::<Vec<_>>()
        })
    });
    let chosen = Signal::derive(move || {
        let kind = kind.get();
        if kind.is_empty() {
            kinds.with(|kinds| kinds.first().map(|kind| kind.value.clone()).unwrap_or_default())
        } else {
            kind
        }
    });
    let formats = Signal::derive(|| {
        FORMATS
            .map(|format| OptionItem::new(format, name("export.format", format)))
            .to_vec()
    });
    let states = Signal::derive(|| {
        let mut options = vec![OptionItem::new("", t("records.any_state", &[]))];
        options.extend(STATES.map(|state| OptionItem::new(state, state_words(state).0)));
        options
    });
    let written = Signal::derive(|| {
        vec![
            OptionItem::new("true", t("export.labels", &[])),
            OptionItem::new("false", t("export.codes", &[])),
        ]
    });
    let day = |typed: RwSignal<String>| {
        typed.with(|typed| read_date(typed).map_or_else(String::new, |day| day.to_string()))
    };
    let href = move || {
        let path = format!("../api/v1/exports/{}.{}", chosen.get(), format.get());
        let (from, to, why) = (day(from), day(to), reason.get());
        asked(
            &path,
            &[
                ("unit", &unit.get()),
                ("from", &from),
                ("to", &to),
                ("state", &state.get()),
                ("labels", &labels.get()),
                ("reason", why.trim()),
            ],
        )
    };
    let feed = address_of("odata/");
    view! {
        <Title text=say("desk.room.exports") />
        <div class="columns">
            <div class="stack">
                <Section title=say("export.file")>
                    <Pick id="export:kind" label=say("desk.kind") options=kinds value=chosen on_pick=move |v: String| kind.set(v) />
                    <Pick id="export:format" label=say("export.format_ask") options=formats value=format on_pick=move |v: String| format.set(v) />
                    <UnitPick id="export:unit" value=unit on_pick=move |v: String| unit.set(v) />
                    <div class="pair">
                        <DateField id="export:from" label=say("export.from") value=from />
                        <DateField id="export:to" label=say("export.to") value=to />
                    </div>
                    <Pick id="export:state" label=say("records.state") options=states value=state on_pick=move |v: String| state.set(v) />
                    <Pick id="export:labels" label=say("export.written") options=written value=labels on_pick=move |v: String| labels.set(v) />
                    <TextField id="export:reason" label=say("export.reason") hint=say("export.reason_hint") value=reason />
                    <div><a class="btn primary" data-id="export:download" href=href download="">{say("export.download")}</a></div>
                </Section>
            </div>
            <div class="stack">
                <Section title=say("export.feed")>
                    <p>{say("export.feed_hint")}</p>
                    <p class="code" data-id="export:feed">{feed}</p>
                    <ol class="steps">
                        <li>{say("export.feed_1")}</li>
                        <li>{say("export.feed_2")}</li>
                        <li>{say("export.feed_3")}</li>
                        <li>{say("export.feed_4")}</li>
                    </ol>
                    <Banner id="export:audited" tone=Tone::Info><p>{say("export.audited")}</p></Banner>
                </Section>
            </div>
        </div>
    }
}
