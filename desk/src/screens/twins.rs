//! Two records that look alike: what each says, why they may be one, which stays and with which answers.

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::prelude::*;
use parts::ui::{Badge, Banner, Button, ButtonKind, Confirm, Tone};
use schemas::form::Form;
use serde_json::Value;

use super::Title;
use crate::answers::path_words;
use crate::api::Answer;
use crate::api::duplicates::{Compared, Pair, Seen, dismiss, merge, one, undo};
use crate::app::{Desk, Doing, Remote};
use crate::browser::listen_keys;
use crate::pieces::{Said, loaded};
use crate::words::{date_time, say, t, titled};

/// A pair on a screen of its own.
#[component]
pub fn Alone() -> impl IntoView {
    let desk = Desk::here();
    let id = Memo::new(move |_| desk.place.with(|place| place.part(1).to_owned()));
    view! {
        <Title text=say("twin.title") />
        <Twins id on_decided=|()| () />
    }
}

/// A pair and the form that says what its answers mean.
#[derive(Debug, Clone, PartialEq)]
struct Known {
    pair: Pair,
    form: Arc<Form>,
}

async fn fetch(desk: Desk, id: String) -> Answer<Known> {
    let pair = one(&id).await?;
    let kind = &pair.first.record.kind;
    let kinds = crate::api::reference::forms().await?;
    let version = kinds
        .iter()
        .find(|form| form.form_id == *kind)
        .map_or(1, |form| form.version);
    let form = desk.form(kind, version).await?;
    Ok(Known { pair, form })
}

#[derive(Clone, Copy)]
struct Choice {
    /// Whether the second record stays.
    second_stays: RwSignal<bool>,
    /// Answers to take from the one that goes.
    take: RwSignal<BTreeSet<String>>,
}

/// A pair.
#[component]
pub fn Twins(
    /// `<first>~<second>`.
    #[prop(into)]
    id: Signal<String>,
    /// Runs after it was decided.
    #[prop(into)]
    on_decided: Callback<()>,
) -> impl IntoView {
    let desk = Desk::here();
    let found = Remote::<Known>::new();
    let choice = Choice {
        second_stays: RwSignal::new(false),
        take: RwSignal::new(BTreeSet::new()),
    };
    let doing = Doing::new();
    let asking = RwSignal::new(false);
    let load = move || {
        let id = id.get_untracked();
        found.ask(desk, fetch(desk, id));
    };
    Effect::new(move |_| {
        if !id.get().is_empty() {
            found.forget();
            choice.second_stays.set(false);
            choice.take.set(BTreeSet::new());
            load();
        }
    });
    let join = move |()| {
        let Some(Known { pair, .. }) = found.value.get_untracked() else {
            return;
        };
        let stays = choice.second_stays.get_untracked();
        let survivor = if stays {
            pair.second.record.id
        } else {
            pair.first.record.id
        };
        let heads = (pair.first.heads, pair.second.heads);
        let take: Vec<String> = choice.take.get_untracked().into_iter().collect();
        doing.run(
            desk,
            merge(id.get_untracked(), survivor, heads, take),
            move |_| {
                desk.say(t("twin.merged", &[]));
                load();
                on_decided.run(());
            },
        );
    };
    let apart = move || {
        doing.run(desk, dismiss(id.get_untracked()), move |()| {
            desk.say(t("twin.apart_said", &[]));
            load();
            on_decided.run(());
        });
    };
    let back = move || {
        doing.run(desk, undo(id.get_untracked()), move |()| {
            desk.say(t("twin.undone", &[]));
            load();
        });
    };
    let keys = listen_keys(move |key| {
        match key.name.as_str() {
            "m" => asking.set(true),
            "d" => apart(),
            _ => return false,
        }
        true
    });
    let keys = StoredValue::new_local(Some(keys));
    on_cleanup(move || keys.set_value(None));
    let show = move |Known { pair, form }: Known| {
        let proposed = pair.state.is_empty() || pair.state == "proposed";
        let merged = pair.state == "merged";
        view! {
            <header class="record-head"><h2>{say("twin.question")}</h2></header>
            {evidence(&pair)}
            {(!proposed).then(|| view! {
                <Banner id="twin:state" tone=Tone::Good
                    title=say(if merged { "twin.is_merged" } else { "twin.is_apart" })>
                    <div><Button id="undo" label=say("twin.undo") busy=doing.busy on_click=move |()| back() /></div>
                </Banner>
            })}
            {comparison(desk, &pair, &form, choice, proposed)}
            {people(&pair)}
            {proposed.then(|| view! {
                <footer class="decide">
                    <Said id="twin:failed" failure=doing.failure />
                    <div class="verdicts">
                        <Button id="merge" label=say("twin.merge") kind=ButtonKind::Primary busy=doing.busy
                            on_click=move |()| asking.set(true) />
                        <Button id="apart" label=say("twin.apart") busy=doing.busy on_click=move |()| apart() />
                    </div>
                </footer>
            })}
        }
        .into_any()
    };
    view! {
        <article class="record" data-id="twins">
            {loaded(found, load, show)}
            <Confirm id="merge:sure" title=say("twin.sure") text=say("twin.sure_hint") yes=say("twin.merge")
                open=asking on_yes=join />
        </article>
    }
}

fn evidence(pair: &Pair) -> AnyView {
    let line = |one: &crate::api::duplicates::Evidence| {
        let strong = one.strength == "strong";
        let (tone, word) = if strong {
            (Tone::Bad, "twin.strong")
        } else {
            (Tone::Warn, "twin.weak")
        };
        view! { <li><Badge tone text=say(word) />" "{titled(&one.message)}</li> }
    };
    let lines = pair.evidence.iter().map(line).collect_view();
    let score = format!("{:.0}", pair.score);
    view! {
        <section class="block">
            <h3>{say("twin.why")}" "<Badge tone=Tone::Info text=t("queue.score", &[("n", &score)]) /></h3>
            <ul class="findings" data-id="twin:evidence">{lines}</ul>
        </section>
    }
    .into_any()
}

/// Both side by side, answer by answer; those that differ first.
fn comparison(desk: Desk, pair: &Pair, form: &Form, choice: Choice, chooses: bool) -> AnyView {
    let head = |second: bool, seen: Seen| {
        let stays = move || choice.second_stays.get() == second;
        let body = seen.record;
        let unit = body.unit.clone().unwrap_or_default();
        let params = [
            ("who", seen.author.as_str()),
            ("when", &date_time(&seen.created_at)),
        ];
        let by = t("record.created", &params);
        let pick = move |_| {
            choice.second_stays.set(second);
            choice.take.set(BTreeSet::new());
        };
        let radio = chooses.then(|| {
            let id = if second { "stays:second" } else { "stays:first" };
            view! {
                <label class="stays"><input type="radio" name="stays" data-id=id prop:checked=stays on:change=pick />
                    {say("twin.stays")}</label>
            }
        });
        view! {
            <th scope="col">
                <a href=format!("#record/{}", body.id)>{body.title.clone()}</a>
                <span class="sub">{move || desk.known.with(|known| known.unit_within(&unit))}</span>
                <span class="sub">{by}</span>
                {radio}
            </th>
        }
    };
    let mut fields: Vec<&Compared> = pair.fields.iter().collect();
    fields.sort_by_key(|field| field.same);
    let row = |field: &Compared| {
        let path = field.path.clone();
        let (mine, toggle) = (path.clone(), path.clone());
        let differs = !field.same;
        let words = |value: &Value| {
            desk.known
                .with_untracked(|known| path_words(form, &field.path, value, known))
        };
        let taken = move || choice.take.with(|take| take.contains(&mine));
        let press = move |event| {
            let ticked = event_target_checked(&event);
            choice.take.update(|take| {
                if ticked {
                    take.insert(toggle.clone());
                } else {
                    take.remove(&toggle);
                }
            });
        };
        let label = titled(&field.label);
        let label = if label.is_empty() {
            field.path.clone()
        } else {
            label
        };
        let named = format!("{}: {label}", t("twin.take", &[]));
        let tick = (chooses && differs).then(|| {
            view! {
                <input type="checkbox" data-id=format!("take:{path}") aria-label=named prop:checked=taken on:change=press />
            }
        });
        view! {
            <tr class:differs=differs>
                <th scope="row">{label}</th>
                <td>{words(&field.first)}</td>
                <td>{words(&field.second)}</td>
                <td>{tick}</td>
            </tr>
        }
    };
    view! {
        <div class="sheet" tabindex="0" role="region" aria-label=say("twin.compared")>
            <table class="table compared">
                <thead><tr>
                    <th scope="col"><span class="sr">{say("twin.field")}</span></th>
                    {head(false, pair.first.clone())}
                    {head(true, pair.second.clone())}
                    <th scope="col">{say("twin.take")}</th>
                </tr></thead>
                <tbody>{fields.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Whose names stand in which of the two.
fn people(pair: &Pair) -> AnyView {
    if pair.members.is_empty() {
        return ().into_any();
    }
    let line = |person: &crate::api::duplicates::PersonPair| {
        let (tone, word) = match (&person.first, &person.second) {
            (Some(_), Some(_)) => (Tone::Warn, "twin.in_both"),
            (Some(_), None) => (Tone::Info, "twin.in_first"),
            _ => (Tone::Info, "twin.in_second"),
        };
        view! { <li><Badge tone text=say(word) />" "<span>{person.name.clone()}</span></li> }
    };
    let lines = pair.members.iter().map(line).collect_view();
    view! {
        <section class="block">
            <h3>{say("twin.people")}</h3>
            <ul class="findings" data-id="twin:people">{lines}</ul>
        </section>
    }
    .into_any()
}
