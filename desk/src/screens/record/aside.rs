//! Changes that were set aside: what was written, by whom, why it is not in the record, and whether it shall be.

use leptos::prelude::*;
use parts::ui::{Badge, Button, Tone};
use schemas::form::Form;
use serde_json::Value;
use std::sync::Arc;

use super::{Around, Sheet};
use crate::answers::{path_label, path_words, written};
use crate::api::queue::decide_parked;
use crate::api::records::Aside;
use crate::app::{Desk, Doing};
use crate::pieces::Said;
use crate::words::{date_time, name, say, t};

/// What lies beside a record.
pub fn asides(around: Around, sheet: &Sheet, decides: bool) -> AnyView {
    if sheet.body.aside.is_empty() {
        return ().into_any();
    }
    let form = Some((Arc::clone(&sheet.form), sheet.body.data.clone()));
    let decided = Callback::new(move |()| {
        around.load();
        around.on_decided.run(());
    });
    let card = |aside: &Aside| {
        view! { <AsideCard aside=aside.clone() form=form.clone() decides on_decided=decided /> }
    };
    let cards = sheet.body.aside.iter().map(card).collect_view();
    view! {
        <section class="block">
            <h3>{say("record.aside")}</h3>
            {cards}
        </section>
    }
    .into_any()
}

/// One change that was set aside.
#[component]
pub fn AsideCard(
    /// The change.
    aside: Aside,
    /// The form and the answers of its record, where they are known.
    form: Option<(Arc<Form>, Value)>,
    /// Whether who looks may decide.
    decides: bool,
    /// Runs after it was decided.
    on_decided: Callback<()>,
) -> impl IntoView {
    let desk = Desk::here();
    let doing = Doing::new();
    let change = aside.change.clone();
    let decide = Callback::new(move |admit: bool| {
        let change = change.clone();
        doing.run(desk, decide_parked(change, admit), move |()| {
            let said = if admit {
                "record.admitted"
            } else {
                "record.dismissed"
            };
            desk.say(t(said, &[]));
            on_decided.run(());
        });
    });
    let line = |(path, value): (&String, &Value)| {
        let (label, words) = match &form {
            Some((form, data)) => (
                path_label(form, data, path),
                desk.known
                    .with_untracked(|known| path_words(form, path, value, known)),
            ),
            None => (
                path.clone(),
                value.as_str().map_or_else(|| value.to_string(), str::to_owned),
            ),
        };
        view! { <div><dt>{label}</dt><dd>{words}</dd></div> }
    };
    let lines: Vec<_> = written(&aside.changes).map(line).collect();
    let wants = aside.reason.as_deref() == Some("locked");
    let kind = if wants {
        "record.change_request"
    } else {
        "record.set_aside"
    };
    let why = match (&aside.message, &aside.reason) {
        (Some(message), _) => message.clone(),
        (None, Some(reason)) => name("record.park", reason),
        (None, None) => t("record.waits", &[]),
    };
    let parked = aside.reason.is_some();
    let key = aside.change.clone();
    let buttons = (decides && parked).then(move || {
        view! {
            <div class="actions">
                <Button id=format!("dismiss:{key}") label=say("record.dismiss") busy=doing.busy
                    on_click=move |()| decide.run(false) />
                <Button id=format!("admit:{key}") label=say("record.admit") busy=doing.busy
                    on_click=move |()| decide.run(true) />
            </div>
        }
    });
    let params = [
        ("who", aside.author.as_str()),
        ("when", &date_time(&aside.received_at)),
    ];
    view! {
        <div class="aside" data-id=format!("aside:{}", aside.change)>
            <p><Badge tone=Tone::Warn text=say(kind) />" "{t("record.wrote_at", &params)}</p>
            <p>{why}</p>
            <dl class="facts">{lines}</dl>
            {buttons}
            <Said id="aside:failed" failure=doing.failure />
        </div>
    }
}
