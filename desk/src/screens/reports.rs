//! The reports there are, and what they can be asked.

use std::collections::BTreeMap;

use leptos::prelude::*;
use parts::ui::{DateField, EmptyState, OptionItem, Skeleton};

use super::Title;
use super::report::Report;
use crate::address::Place;
use crate::api::reports::{Summary, list};
use crate::app::{Desk, Remote};
use crate::browser::today;
use crate::pieces::{Pick, UnitPick, loaded};
use crate::words::{date, read_date, say, t, titled};

/// What stands in the address of a report and goes to the server as it is.
const PARAMETERS: [&str; 7] = ["unit", "scope", "as_of", "from", "to", "year", "basis"];

/// The screen: the list, and one report beside it or over it.
#[component]
pub fn Reports() -> impl IntoView {
    let desk = Desk::here();
    let all = Remote::<Vec<Summary>>::new();
    let ask = move || all.ask(desk, list());
    Effect::new(move |_| ask());
    let name = Memo::new(move |_| desk.place.with(|place| place.part(1).to_owned()));
    let asked = Memo::new(move |_| {
        desk.place.with(|place| {
            let of = |name: &&str| (place.get(name).to_owned(), (*name).to_owned());
            let pairs = PARAMETERS.iter().map(of).filter(|(value, _)| !value.is_empty());
            pairs
                .map(|(value, name)| (name, value))
                .collect::<BTreeMap<_, _>>()
        })
    });
    let show = move |all: Vec<Summary>| {
        if all.is_empty() {
            return view! { <EmptyState title=say("report.none") /> }.into_any();
        }
        let card = |report: Summary| {
            let (mine, href) = (report.name.clone(), Place::of(&["reports", &report.name]).href());
            view! {
                <li><a class="report-card" data-id=format!("report:{mine}") href=href>
                    <strong>{titled(&report.title)}</strong>
                    <span class="sub">{crate::words::name("report.about", &mine)}</span>
                </a></li>
            }
        };
        view! { <ul class="report-cards">{all.into_iter().map(card).collect_view()}</ul> }.into_any()
    };
    let is_open = Memo::new(move |_| !name.with(String::is_empty));
    let summary = Memo::new(move |_| {
        let wanted = name.get();
        all.value.with(|all| {
            let found = all.iter().flatten().find(|report| report.name == wanted);
            found.cloned()
        })
    });
    let title = Signal::derive(move || {
        summary
            .with(|summary| summary.as_ref().map(|summary| titled(&summary.title)))
            .unwrap_or_else(|| t("desk.room.reports", &[]))
    });
    view! {
        <Title text=title>
            <Show when=move || is_open.get()>
                <a class="btn quiet" href="#reports" data-id="reports:all">{say("report.all")}</a>
            </Show>
        </Title>
        <Show when=move || is_open.get() fallback=move || view! { <div>{loaded(all, ask, show)}</div> }>
            <Show when=move || summary.with(Option::is_some) fallback=|| view! { <Skeleton rows=2 /> }>
                <Parameters summary asked />
            </Show>
            <Report name asked />
        </Show>
    }
}

#[component]
fn Parameters(summary: Memo<Option<Summary>>, asked: Memo<BTreeMap<String, String>>) -> impl IntoView {
    let desk = Desk::here();
    let takes = move |name: &'static str| {
        move || summary.with(|summary| summary.as_ref().is_some_and(|summary| summary.takes(name)))
    };
    let of = move |name: &'static str| {
        Signal::derive(move || asked.with(|asked| asked.get(name).cloned().unwrap_or_default()))
    };
    let set = move |name: &'static str| {
        move |value: String| desk.replace(&desk.place.get_untracked().with(name, &value))
    };
    let years = Signal::derive(|| {
        let this = today().year();
        let mut options = vec![OptionItem::new("", t("report.year_any", &[]))];
        options.extend(
            (2021..=this)
                .rev()
                .map(|year| OptionItem::new(year.to_string(), year.to_string())),
        );
        options
    });
    let scopes = Signal::derive(|| {
        vec![
            OptionItem::new("", t("report.scope_plan", &[])),
            OptionItem::new("units", t("report.scope_units", &[])),
        ]
    });
    let bases = Signal::derive(|| {
        vec![
            OptionItem::new("", t("report.basis_all", &[])),
            OptionItem::new("approved", t("report.basis_approved", &[])),
        ]
    });
    let day = move |name: &'static str| {
        let typed = RwSignal::new(date(&of(name).get_untracked()));
        let left = move || {
            let typed = typed.get_untracked();
            let day = read_date(&typed).map_or_else(String::new, |day| day.to_string());
            if day != of(name).get_untracked() && (typed.trim().is_empty() || !day.is_empty()) {
                set(name)(day);
            }
        };
        (typed, left)
    };
    let (from, from_left) = day("from");
    let (to, to_left) = day("to");
    let (as_of, as_of_left) = day("as_of");
    view! {
        <div class="filters-bar no-print" role="search">
            <Show when=takes("year")>
                <Pick id="report:year" label=say("report.year") options=years value=of("year") on_pick=set("year") />
            </Show>
            <Show when=takes("from")>
                <DateField id="report:from" label=say("export.from") value=from on_blur=move |()| from_left() />
                <DateField id="report:to" label=say("export.to") value=to on_blur=move |()| to_left() />
            </Show>
            <Show when=takes("as_of")>
                <DateField id="report:as_of" label=say("report.as_of") value=as_of on_blur=move |()| as_of_left() />
            </Show>
            <Show when=takes("scope")>
                <Pick id="report:scope" label=say("report.scope") options=scopes value=of("scope") on_pick=set("scope") />
            </Show>
            <Show when=takes("unit")>
                <UnitPick id="report:unit" value=of("unit") on_pick=set("unit") villages=false />
            </Show>
            <Show when=takes("basis")>
                <Pick id="report:basis" label=say("report.basis") options=bases value=of("basis") on_pick=set("basis") />
            </Show>
        </div>
    }
}
