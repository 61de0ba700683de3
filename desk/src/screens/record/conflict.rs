//! On what people disagree: the values side by side, and which of them stands.

use std::collections::BTreeMap;

use leptos::prelude::*;
use parts::ui::{Badge, Button, ButtonKind, OptionItem, TextField, Tone};
use schemas::form::{FieldKind, Form};

use super::{Around, Sheet};
use crate::answers::{path_label, path_words};
use crate::api::records::{Conflict, Rival, Settle, resolve};
use crate::app::Doing;
use crate::pieces::{Pick, Said};
use crate::words::{date_time, label, say, t};

/// Third values as they are typed, by field: they outlive a reading of the record.
#[derive(Clone, Copy)]
pub struct Typed {
    owner: StoredValue<Option<Owner>>,
    fields: StoredValue<BTreeMap<String, RwSignal<String>>>,
}

impl Typed {
    /// Nothing is typed yet. What is typed lives as long as whoever calls this.
    pub fn new() -> Self {
        Self {
            owner: StoredValue::new(Owner::current()),
            fields: StoredValue::new(BTreeMap::new()),
        }
    }

    fn field(self, path: &str) -> RwSignal<String> {
        if let Some(field) = self.fields.with_value(|fields| fields.get(path).copied()) {
            return field;
        }
        let made = self.owner.with_value(|owner| {
            let owner = owner.as_ref();
            owner.map(|owner| owner.with(|| RwSignal::new(String::new())))
        });
        let field = made.unwrap_or_else(|| RwSignal::new(String::new()));
        self.fields.update_value(|fields| {
            fields.insert(path.to_owned(), field);
        });
        field
    }
}

/// All disagreements of a record; those that somebody has to decide first.
pub fn conflicts(around: Around, sheet: &Sheet, typed: Typed, decides: bool) -> AnyView {
    if sheet.body.conflicts.is_empty() {
        return ().into_any();
    }
    let mut all: Vec<&Conflict> = sheet.body.conflicts.iter().collect();
    all.sort_by_key(|conflict| !conflict.review);
    let each = all
        .into_iter()
        .map(|conflict| one(around, sheet, conflict, typed, decides));
    let each = each.collect_view();
    view! {
        <section class="block" data-id="record:conflicts">
            <h3>{say("record.conflicts")}</h3>
            <p class="hint">{say("record.conflicts_hint")}</p>
            {each}
        </section>
    }
    .into_any()
}

fn one(around: Around, sheet: &Sheet, conflict: &Conflict, typed: Typed, decides: bool) -> AnyView {
    let path = conflict.path.clone();
    let doing = Doing::new();
    let third = typed.field(&path);
    let comment = typed.field(&format!("{path} comment"));
    let heads = sheet.body.heads.clone();
    let settle = {
        let path = path.clone();
        Callback::new(move |settle: Settle| {
            let (id, path, heads) = (around.id.get_untracked(), path.clone(), heads.clone());
            let said = comment.get_untracked();
            let act = async move {
                let answer = resolve(id, path, settle, said, heads).await;
                if let Err(failure) = &answer {
                    around.refused(failure);
                }
                answer
            };
            doing.run(around.desk, act, move |()| {
                around.desk.say(t("record.settled", &[]));
                third.set(String::new());
                comment.set(String::new());
                around.news.set(Vec::new());
                around.load();
                around.on_decided.run(());
            });
        })
    };
    let shown = conflict.values.iter().enumerate().map(|(at, rival)| {
        let words = around
            .desk
            .known
            .with_untracked(|known| path_words(&sheet.form, &conflict.path, &rival.value, known));
        value(rival, words, at, &path, settle, decides, doing)
    });
    let shown = shown.collect_view();
    let other = decides.then(|| {
        let send = move |()| {
            let value = third.get_untracked();
            settle.run(Settle::Value(value));
        };
        let empty = Signal::derive(move || third.with(|third| third.trim().is_empty()));
        view! {
            <details class="third">
                <summary>{say("record.third")}</summary>
                <div class="inline">
                    {third_field(&sheet.form, &path, third)}
                    <Button id=format!("third:{path}:save") label=say("record.third_save") disabled=empty
                        busy=doing.busy on_click=send />
                </div>
                <TextField id=format!("why:{path}") label=say("record.comment_optional") value=comment />
            </details>
        }
    });
    let mark = conflict
        .review
        .then(|| view! { <Badge tone=Tone::Warn text=say("record.needs_you") /> });
    view! {
        <div class="conflict" data-id=format!("conflict:{path}")>
            <h4>{path_label(&sheet.form, &sheet.body.data, &conflict.path)}" "{mark}</h4>
            <div class="rivals">{shown}</div>
            {other}
            <Said id=format!("conflict:{path}:failed") failure=doing.failure />
        </div>
    }
    .into_any()
}

fn value(
    rival: &Rival,
    words: String,
    at: usize,
    path: &str,
    settle: Callback<Settle>,
    decides: bool,
    doing: Doing,
) -> AnyView {
    let change = rival.change.clone();
    let received = rival.received_at.as_deref().map_or_else(String::new, date_time);
    let device = rival.device.clone().map(|device| {
        view! { <div><dt>{say("record.device")}</dt><dd class="code">{short(&device)}</dd></div> }
    });
    let keep = decides.then(|| {
        view! {
            <Button id=format!("keep:{path}:{at}") label=say("record.keep") kind=ButtonKind::Plain busy=doing.busy
                on_click=move |()| settle.run(Settle::Keep(change.clone())) />
        }
    });
    let now = (at == 0).then(|| view! { <Badge tone=Tone::Info text=say("record.shown_now") /> });
    view! {
        <div class="rival">
            <p class="rival-value">{words}</p>
            {now}
            <dl class="small-facts">
                <div><dt>{say("record.author")}</dt><dd>{rival.author.clone()}</dd></div>
                {device}
                <div><dt>{say("record.claimed")}</dt><dd>{date_time(&rival.claimed_at)}</dd></div>
                <div><dt>{say("record.received_at")}</dt><dd>{received}</dd></div>
            </dl>
            {keep}
        </div>
    }
    .into_any()
}

fn short(id: &str) -> String {
    id.chars().take(8).collect()
}

/// A third value, asked the way the form asks it.
fn third_field(form: &Form, path: &str, value: RwSignal<String>) -> AnyView {
    let id = format!("third:{path}");
    let field = form.resolve(path).and_then(|resolved| resolved.field());
    let mut options = vec![OptionItem::new("", "–")];
    match field.map(|field| &field.kind) {
        Some(FieldKind::SelectOne(_)) => {
            let choices = field.and_then(|field| field.choices.clone());
            let all = choices.iter().flat_map(|list| &list.choices);
            options.extend(all.map(|choice| OptionItem::new(&choice.name, label(&choice.label))));
        }
        Some(FieldKind::Boolean | FieldKind::SelectMultiple(_)) => {
            options.push(OptionItem::new("true", t("ui.yes", &[])));
            options.push(OptionItem::new("false", t("ui.no", &[])));
        }
        _ => return view! { <TextField id label=say("record.third_value") value /> }.into_any(),
    }
    let options = Signal::derive(move || options.clone());
    view! {
        <Pick id label=say("record.third_value") options value on_pick=move |chosen: String| value.set(chosen) />
    }
    .into_any()
}
