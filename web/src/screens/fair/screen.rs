//! One fair: its counts, the roll call, and what came of it.

use leptos::prelude::*;
use schemas::expr::local_date;
use schemas::value::Scalar;
use sync_core::id::RecordId;

use super::counts::Counts;
use super::desk::Desk;
use super::doubt::DoubtDialog;
use super::results::Results;
use super::roll::RollCall;
use crate::app::{App, Screen};
use crate::ui::{Banner, Button, EmptyState, Icon, IconButton, Page, Stat, Tone, TopBar};
use crate::words::{count, date_time, say, t};

/// What the screen says of the fair itself.
#[derive(Clone, Default, PartialEq)]
struct Fair {
    name: String,
    sub: String,
    lifecycle: String,
    starts: String,
    ends: String,
    declared: Option<usize>,
}

impl Fair {
    fn read(app: App, id: RecordId) -> Option<Self> {
        app.follow(|register| {
            let summary = register
                .index()
                .get(id)
                .filter(|summary| summary.kind == "job_fair")?;
            let parts = [
                date_time(summary.fact("start_at")),
                summary.fact("venue").to_owned(),
            ];
            let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            Some(Self {
                name: summary.title.clone(),
                sub: parts.join(" · "),
                lifecycle: summary.fact("lifecycle").to_owned(),
                starts: summary.fact("start_at").to_owned(),
                ends: summary.fact("end_at").to_owned(),
                declared: summary.fact("headcount_declared").parse().ok(),
            })
        })
    }
}

/// The roll call of one fair and what came of it.
#[component]
pub fn FairScreen(id: RecordId) -> impl IntoView {
    let app = App::here();
    let fair = Memo::new(move |_| Fair::read(app, id));
    let there = Memo::new(move |_| fair.with(Option::is_some));
    let name = move || fair.get().map_or_else(|| t("fair.title", &[]), |fair| fair.name);
    let sub = move || fair.get().map(|fair| fair.sub).unwrap_or_default();
    view! {
        <TopBar title=name sub on_back=move |()| app.back()>
            <IconButton id="fair:details" label=say("fair.fair_details") icon=Icon::Edit
                on_click=move |()| app.go(Screen::Record(id)) />
        </TopBar>
        <Page>
            {move || if there.get() {
                view! { <Inside id fair /> }.into_any()
            } else {
                view! { <EmptyState title=say("fair.not_here") /> }.into_any()
            }}
        </Page>
    }
}

#[component]
fn Inside(id: RecordId, fair: Memo<Option<Fair>>) -> impl IntoView {
    let desk = Desk::new(App::here(), id);
    let results = RwSignal::new(false);
    view! {
        <Numbers desk />
        <Held desk fair />
        <div class="segments" role="group" aria-label=say("fair.parts")>
            <Segment id="fair:tab:roll" label="fair.tab_roll" is=false shown=results />
            <Segment id="fair:tab:results" label="fair.tab_results" is=true shown=results />
        </div>
        {move || if results.get() {
            view! { <Results desk /> }.into_any()
        } else {
            view! { <RollCall desk /> }.into_any()
        }}
        <DoubtDialog desk />
    }
}

/// One of the two parts.
#[component]
fn Segment(id: &'static str, label: &'static str, is: bool, shown: RwSignal<bool>) -> impl IntoView {
    let pressed = move || if shown.get() == is { "true" } else { "false" };
    view! {
        <button type="button" class="btn" data-id=id aria-pressed=pressed on:click=move |_| shown.set(is)>
            {say(label)}
        </button>
    }
}

/// The counts; they follow every check-in, and what other phones brought.
#[component]
fn Numbers(desk: Desk) -> impl IntoView {
    let number = move |of: fn(&Counts) -> usize| move || count(desk.roll.with(|roll| of(&roll.counts)));
    view! {
        <div class="stats tally" role="status">
            <Stat id="fair:count:all" number=number(|counts| counts.attendances) label=say("fair.count_all") />
            <Stat id="fair:count:women" number=number(|counts| counts.women) label=say("fair.count_women") />
            <Stat id="fair:count:minority" number=number(|counts| counts.minority) label=say("fair.count_minority") />
            <Stat id="fair:count:poor" number=number(|counts| counts.poor) label=say("fair.count_poor") />
            <Stat id="fair:count:near_poor" number=number(|counts| counts.near_poor) label=say("fair.count_near_poor") />
        </div>
    }
}

/// What the fair's own record should say by now: that it was held, and as many people as came.
#[component]
fn Held(desk: Desk, fair: Memo<Option<Fair>>) -> impl IntoView {
    let on = move |moment: fn(&Fair) -> &str| {
        let day = fair.with(|fair| fair.as_ref().and_then(|fair| local_date(moment(fair))));
        day.map(|day| day.cmp(&desk.today()))
    };
    let is_planned = move || fair.with(|fair| fair.as_ref().is_some_and(|fair| fair.lifecycle == "planned"));
    let has_begun = move || on(|fair| &fair.starts).is_some_and(std::cmp::Ordering::is_le);
    let is_over = move || on(|fair| &fair.ends).is_some_and(std::cmp::Ordering::is_lt);
    let here = move || desk.roll.with(|roll| roll.counts.attendances);
    let declared = move || fair.with(|fair| fair.as_ref().and_then(|fair| fair.declared));
    let differs = move || is_over() && declared().is_some_and(|declared| declared != here());
    let held = move |()| {
        desk.work(async move |register| {
            register
                .set(desk.fair, vec![("lifecycle".to_owned(), Scalar::from("held"))])
                .await?;
            desk.app.say(t("fair.held_noted", &[]));
            Ok(())
        });
    };
    let differ_words = move || {
        let params = [
            ("declared", count(declared().unwrap_or_default())),
            ("here", count(here())),
        ];
        t(
            "fair.declared_differs",
            &params.each_ref().map(|(name, text)| (*name, text.as_str())),
        )
    };
    view! {
        <Show when=move || is_planned() && has_begun()>
            <Banner id="fair:planned">
                <p>{say("fair.still_planned")}</p>
                <Button id="fair:held" label=say("fair.held") busy=desk.busy on_click=held />
            </Banner>
        </Show>
        <Show when=differs>
            <Banner id="fair:declared" tone=Tone::Warn><p>{differ_words}</p></Banner>
        </Show>
    }
}
