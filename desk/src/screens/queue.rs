//! What needs eyes: a kind at a time, from the keyboard. The list keeps its place; after a decision the next one opens.

use leptos::prelude::*;
use parts::ui::{Badge, Button, ButtonKind, Dialog, EmptyState, OptionItem, Tone};

use super::record::Record;
use super::twins::Twins;
use super::{Title, devices};
use crate::address::Place;
use crate::api::Page;
use crate::api::queue::{Filter, Item, KINDS, list};
use crate::app::{Desk, Remote};
use crate::browser::listen_keys;
use crate::pieces::{Pick, UnitPick, loaded, state_words};
use crate::words::{count, date_time, name, say, t};

mod parked;

/// The screen.
#[component]
pub fn Queue() -> impl IntoView {
    let desk = Desk::here();
    let kind = Memo::new(move |_| {
        desk.place.with(|place| {
            let kind = place.part(1);
            if KINDS.contains(&kind) { kind } else { KINDS[0] }.to_owned()
        })
    });
    let opened = Memo::new(move |_| desk.place.with(|place| place.part(2).to_owned()));
    let filter = Memo::new(move |_| {
        desk.place.with(|place| Filter {
            unit: place.get("unit").to_owned(),
            form: place.get("form").to_owned(),
            older_than_days: place.get("older").to_owned(),
        })
    });
    let page = Remote::<Page<Item>>::new();
    let ask = move || {
        let (kind, filter) = (kind.get_untracked(), filter.get_untracked());
        page.ask(desk, async move { list(&kind, &filter, "").await });
    };
    Effect::new(move |before: Option<(String, Filter)>| {
        desk.pulse.track();
        let now = (kind.get(), filter.get());
        if before.is_some_and(|before| before != now) {
            page.forget();
        }
        ask();
        desk.count(now.1.clone());
        now
    });
    let place_of = move |item: &str| {
        let kind = kind.get_untracked();
        let mut place = desk.place.get_untracked();
        place.path = vec!["queue".to_owned(), kind];
        if !item.is_empty() {
            place.path.push(item.to_owned());
        }
        place
    };
    let ids = move || {
        page.value.with_untracked(|page| {
            page.iter()
                .flat_map(|page| page.items.iter().map(Item::id))
                .collect::<Vec<_>>()
        })
    };
    // Where the keyboard stands; Enter opens it.
    let at = RwSignal::new(String::new());
    let move_by = move |step: isize| {
        let ids = ids();
        let here = ids.iter().position(|id| *id == at.get_untracked());
        let next = match here {
            Some(here) => here.saturating_add_signed(step).min(ids.len().saturating_sub(1)),
            None => 0,
        };
        if let Some(id) = ids.get(next) {
            at.set(id.clone());
            parts::ui::focus(&format!("item:{id}"));
        }
    };
    let decided = Callback::new(move |()| {
        let (ids, done) = (ids(), opened.get_untracked());
        let next = neighbour(&ids, &done);
        desk.replace(&place_of(&next));
        at.set(next);
        ask();
        desk.count(filter.get_untracked());
    });
    let help = RwSignal::new(false);
    let keys = listen_keys(move |key| {
        match key.name.as_str() {
            "j" | "ArrowDown" => move_by(1),
            "k" | "ArrowUp" => move_by(-1),
            "Enter" | "o" => {
                let id = at.get_untracked();
                if !id.is_empty() {
                    desk.go(&place_of(&id));
                }
            }
            "Escape" | "u" => desk.go(&place_of("")),
            "?" => help.set(true),
            digit => match digit
                .parse::<usize>()
                .ok()
                .and_then(|digit| KINDS.get(digit.checked_sub(1)?))
            {
                Some(kind) => desk.go(&Place::of(&["queue", kind])),
                None => return false,
            },
        }
        true
    });
    let keys = StoredValue::new_local(Some(keys));
    on_cleanup(move || keys.set_value(None));

    let tab = move |tab: &&'static str| {
        let tab = *tab;
        let number = move || desk.counts.with(|counts| counts.get(tab).copied());
        view! {
            <li>
                <a class="queue-tab" data-id=format!("queue:{tab}")
                    href=move || { let mut place = desk.place.get(); place.path = vec!["queue".to_owned(), tab.to_owned()]; place.href() }
                    aria-current=move || (kind.get() == tab).then_some("page")>
                    <span>{move || name("queue.kind", tab)}</span>
                    {move || number().map(|n| view! { <span class="mark" class:none=n == 0 data-id=format!("count:{tab}")>{count(n)}</span> })}
                </a>
            </li>
        }
    };
    let show = move |found: Page<Item>| {
        if found.items.is_empty() {
            return view! { <EmptyState title=say("queue.empty") text=say("queue.empty_hint") /> }.into_any();
        }
        let more = found.next.is_some();
        let row = move |item: Item| {
            let id = item.id();
            let (mine, current) = (id.clone(), id.clone());
            let href = place_of(&id).href();
            view! {
                <li>
                    <a class="item" id=parts::ui::dom_id(&format!("item:{id}")) data-id=format!("item:{id}") href=href
                        class:at=move || at.with(|at| *at == mine)
                        aria-current=move || opened.with(|opened| *opened == current).then_some("true")
                        on:focus=move |_| at.set(id.clone())>
                        {line(desk, &item)}
                    </a>
                </li>
            }
        };
        view! {
            <ol class="items" data-id="items">{found.items.into_iter().map(row).collect_view()}</ol>
            {more.then(|| view! { <p class="hint">{say("queue.more")}</p> })}
        }
        .into_any()
    };
    let detail = move || {
        let id = opened.get();
        if id.is_empty() {
            return view! { <div class="nothing"><p class="hint">{say("queue.choose")}</p></div> }.into_any();
        }
        match kind.get().as_str() {
            "duplicate" => {
                view! { <Twins id=Signal::derive(move || opened.get()) on_decided=decided /> }.into_any()
            }
            "parked" => view! { <parked::Parked id=opened page on_decided=decided /> }.into_any(),
            "device" => view! { <devices::OfQueue id=opened page /> }.into_any(),
            _ => view! { <Record id=opened on_decided=decided /> }.into_any(),
        }
    };
    let is_open = Memo::new(move |_| !opened.with(String::is_empty));
    let kind_again = Memo::new(move |_| (kind.get(), opened.get()));
    view! {
        <Title text=say("desk.room.queue")>
            <Button id="help" label=say("queue.keys") kind=ButtonKind::Quiet on_click=move |()| help.set(true) />
        </Title>
        <nav aria-label=say("queue.kinds")><ul class="queue-tabs">{KINDS.iter().map(tab).collect_view()}</ul></nav>
        <Filters filter kind />
        <div class="split desk-split" class:opened=move || is_open.get()>
            <div class="split-list">{loaded(page, ask, show)}</div>
            <div class="split-detail">
                <div class="only-phone">
                    <Button id="queue:back" label=say("queue.back") kind=ButtonKind::Quiet
                        on_click=move |()| desk.go(&place_of("")) />
                </div>
                {move || { kind_again.track(); detail() }}
            </div>
        </div>
        <Dialog id="keys" title=say("queue.keys") open=help><Keys /></Dialog>
    }
}

/// The one after what was decided; the one before at the end of the list.
fn neighbour(ids: &[String], done: &str) -> String {
    let Some(at) = ids.iter().position(|id| id == done) else {
        return String::new();
    };
    let next = ids.get(at + 1).or_else(|| ids.get(at.checked_sub(1)?));
    next.cloned().unwrap_or_default()
}

#[component]
fn Filters(filter: Memo<Filter>, kind: Memo<String>) -> impl IntoView {
    let desk = Desk::here();
    let set = move |name: &'static str| {
        move |value: String| {
            let mut place = desk.place.get_untracked().with(name, &value);
            place.path.truncate(2);
            desk.go(&place);
        }
    };
    let forms = Signal::derive(move || {
        let mut options = vec![OptionItem::new("", t("desk.all_kinds", &[]))];
        desk.known.with(|known| {
            options.extend(
                known
                    .kinds
                    .iter()
                    .map(|form| OptionItem::new(&form.form_id, known.kind(&form.form_id))),
            );
        });
        options
    });
    let ages = Signal::derive(move || {
        let mut options = vec![OptionItem::new("", t("queue.any_age", &[]))];
        options
            .extend([3, 7, 14, 30].map(|days| {
                OptionItem::new(days.to_string(), t("queue.older", &[("n", &days.to_string())]))
            }));
        options
    });
    view! {
        <div class="filters-bar" role="search">
            <UnitPick id="filter:unit" value=Signal::derive(move || filter.get().unit) on_pick=set("unit") />
            <Show when=move || kind.get() != "device">
                <Pick id="filter:form" label=say("desk.kind") options=forms
                    value=Signal::derive(move || filter.get().form) on_pick=set("form") />
            </Show>
            <Pick id="filter:age" label=say("queue.age") options=ages
                value=Signal::derive(move || filter.get().older_than_days) on_pick=set("older") />
        </div>
    }
}

#[component]
fn Keys() -> impl IntoView {
    let keys = [
        ("j  k", "queue.key.move"),
        ("Enter", "queue.key.open"),
        ("u  Esc", "queue.key.close"),
        ("1 – 6", "queue.key.kind"),
        ("a", "queue.key.approve"),
        ("r", "queue.key.return"),
        ("x", "queue.key.reject"),
        ("l", "queue.key.lock"),
        ("c", "queue.key.comment"),
        ("m  d", "queue.key.twins"),
        ("?", "queue.key.help"),
    ];
    let line = |(key, words): (&'static str, &'static str)| {
        view! { <div><dt><kbd>{key}</kbd></dt><dd>{t(words, &[])}</dd></div> }
    };
    view! { <dl class="keys">{keys.into_iter().map(line).collect_view()}</dl> }
}

/// An item of the list.
fn line(desk: Desk, item: &Item) -> AnyView {
    let record = |record: &crate::api::records::RecordRow| {
        let (kind, unit) = (record.kind.clone(), record.unit.clone().unwrap_or_default());
        let (state, tone) = state_words(&record.state);
        let findings = (record.findings > 0).then(|| {
            let n = record.findings.to_string();
            view! { <Badge tone=Tone::Warn text=t("queue.findings", &[("n", &n)]) /> }
        });
        view! {
            <span class="item-title">{record.title.clone()}</span>
            <span class="sub">
                {move || desk.known.with(|known| [known.kind(&kind), known.unit_within(&unit)].join(" · "))}
            </span>
            <span class="item-marks"><Badge tone text=state />{findings}
                <span class="sub">{date_time(&record.updated_at)}</span></span>
        }
        .into_any()
    };
    match item {
        Item::Conflict { record: row } | Item::Finding { record: row } | Item::Edited { record: row } => {
            record(row)
        }
        Item::Duplicate {
            first, second, score, ..
        } => {
            let unit = first.unit.clone().unwrap_or_default();
            let score = (*score > 0.0).then(|| {
                let score = format!("{score:.0}");
                view! { <Badge tone=Tone::Warn text=t("queue.score", &[("n", &score)]) /> }
            });
            view! {
                <span class="item-title">{first.title.clone()}</span>
                <span class="item-title second">{second.title.clone()}</span>
                <span class="sub">{move || desk.known.with(|known| known.unit_within(&unit))}</span>
                <span class="item-marks">{score}</span>
            }
            .into_any()
        }
        Item::Parked { change } => {
            let wants = change.reason.as_deref() == Some("locked");
            let kind = if wants {
                "record.change_request"
            } else {
                "record.set_aside"
            };
            view! {
                <span class="item-title">{change.author.clone()}</span>
                <span class="sub">{change.message.clone().unwrap_or_default()}</span>
                <span class="item-marks"><Badge tone=Tone::Warn text=say(kind) />
                    <span class="sub">{date_time(&change.received_at)}</span></span>
            }
            .into_any()
        }
        Item::Device { device } => {
            let last = device.last_sync_at.clone().unwrap_or_default();
            view! {
                <span class="item-title">{device.holder()}</span>
                <span class="sub">{device.name.clone()}</span>
                <span class="item-marks"><Badge tone=Tone::Warn text=say("queue.silent") />
                    <span class="sub">{date_time(&last)}</span></span>
            }
            .into_any()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_decision_comes_the_next_one() {
        let ids: Vec<String> = ["a", "b", "c"].map(str::to_owned).to_vec();
        assert_eq!(neighbour(&ids, "a"), "b");
        assert_eq!(neighbour(&ids, "c"), "b");
        assert_eq!(neighbour(&ids[..1], "a"), "");
        assert_eq!(neighbour(&ids, "x"), "");
    }
}
