//! Handing in, handing over, and what was set aside.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sync_core::id::RecordId;
use sync_core::policy::ParkReason;

use crate::app::{App, Screen, error_words};
use crate::browser;
use crate::phone::Counts;
use crate::ui::{
    Badge, Banner, Button, ButtonKind, EmptyState, Icon, IconButton, List, ListRow, Page, Progress, Section,
    Stat, Tone, TopBar,
};
use crate::words::{bytes, count, say, t, when};

/// The sync screen.
#[component]
pub fn SyncScreen() -> impl IntoView {
    let app = App::here();
    let counts = Memo::new(move |_| {
        app.follow(|register| {
            let own = register.known().ok().map(|known| known.identity.device);
            register.index().counts(own)
        })
    });
    view! {
        <TopBar title=say("sync.title") sub=place>
            <IconButton id="settings" label=say("settings.title") icon=Icon::Settings
                on_click=Callback::new(move |()| app.go(Screen::Settings)) />
        </TopBar>
        <Page>
            <Now counts />
            <Aside />
            <HandOver counts />
        </Page>
    }
}

/// Where the holder works.
fn place() -> String {
    let app = App::here();
    app.follow(|register| {
        let Ok(known) = register.known() else {
            return String::new();
        };
        let names = known
            .own_units
            .iter()
            .filter_map(|id| known.units.get(&id.to_string()));
        names
            .map(schemas::unit::Unit::full_name)
            .collect::<Vec<_>>()
            .join(", ")
    })
}

#[component]
fn Now(counts: Memo<Counts>) -> impl IntoView {
    let app = App::here();
    let running = Signal::derive(move || app.sync.with(|sync| sync.running.is_some()));
    let last = move || {
        app.sync
            .with(|sync| sync.last.as_ref().map(App::sync_words))
            .unwrap_or_default()
    };
    let failed = move || app.sync.with(|sync| matches!(sync.last, Some(Err(_))));
    let cost = move || {
        let spent = app.sync.with(|sync| match &sync.last {
            Some(Ok(report)) => Some(report.bytes_up + report.bytes_down),
            _ => None,
        });
        spent.map(|spent| {
            t(
                "sync.cost",
                &[("bytes", &bytes(usize::try_from(spent).unwrap_or(usize::MAX)))],
            )
        })
    };
    let synced = move || {
        app.follow(|register| {
            let at = register.index().synced_at_ms()?;
            let at = jiff::Timestamp::from_millisecond(at).ok()?;
            Some(t("sync.last", &[("when", &when(at, register.now()))]))
        })
        .unwrap_or_else(|| t("sync.never", &[]))
    };
    let step = Signal::derive(move || {
        let step = app.sync.with(|sync| sync.running).unwrap_or_default();
        t(
            "sync.step",
            &[("sent", &count(step.sent)), ("received", &count(step.received))],
        )
    });
    let number = move |read: fn(&Counts) -> usize| Signal::derive(move || count(counts.with(read)));
    view! {
        <Section title=say("sync.now_title")>
            <div class="stats">
                <Stat id="count:pending" number=number(|counts| counts.pending) label=say("sync.pending") />
                <Stat id="count:confirmed" number=number(|counts| counts.confirmed) label=say("sync.confirmed") />
                <Stat id="count:records" number=number(|counts| counts.records) label=say("sync.records") />
            </div>
            <Button id="sync:now" label=say("sync.now") kind=ButtonKind::Primary icon=Icon::Sync wide=true busy=running
                on_click=Callback::new(move |()| app.sync_now(true)) />
            <Show when=move || running.get()>
                <Progress id="sync:step" value=Signal::derive(|| 0.5) text=step />
            </Show>
            <p data-id="sync:last" class:err=failed role="status">{last}</p>
            <p class="hint" data-id="sync:when">{synced}" "{cost}</p>
            <Clock />
            <Refused />
        </Section>
    }
}

/// The clock, when it is wrong enough to matter.
#[component]
fn Clock() -> impl IntoView {
    let app = App::here();
    let skew = move || {
        app.follow(|register| register.index().clock_skew_ms())
            .unwrap_or_default()
    };
    let wrong = move || skew().abs() > 5 * 60 * 1000;
    let words = move || {
        let minutes = skew().abs() / 60_000;
        let ahead = if skew() > 0 {
            "sync.clock_ahead"
        } else {
            "sync.clock_behind"
        };
        t(ahead, &[("time", &span(minutes))])
    };
    view! {
        <Show when=wrong>
            <Banner id="clock" tone=Tone::Warn title=say("sync.clock_wrong")><p>{words}</p></Banner>
        </Show>
    }
}

fn span(minutes: i64) -> String {
    let words = |key, n: i64| t(key, &[("n", &n.to_string())]);
    match minutes {
        0..=119 => words("sync.minutes", minutes),
        120..=2_879 => words("sync.hours", minutes / 60),
        _ => words("sync.days", minutes / 1_440),
    }
}

/// Envelopes the server keeps nothing of: rare, and never silent.
#[component]
fn Refused() -> impl IntoView {
    let app = App::here();
    let codes = move || {
        app.sync.with(|sync| match &sync.last {
            Some(Ok(report)) => report.refused.values().cloned().collect::<Vec<_>>(),
            _ => Vec::new(),
        })
    };
    view! {
        <Show when=move || !codes().is_empty()>
            <Banner id="refused" tone=Tone::Bad title=say("sync.refused")>
                <p>{move || codes().join(", ")}</p>
            </Banner>
        </Show>
    }
}

/// What the server set aside of the holder's work.
#[component]
fn Aside() -> impl IntoView {
    let app = App::here();
    let parked = Memo::new(move |_| app.follow(|register| register.index().parked()));
    let row = move |(id, reason): (RecordId, ParkReason)| {
        let title = app.follow(|register| {
            let summary = register.index().get(id)?;
            Some(if summary.title.is_empty() {
                summary.kind.clone()
            } else {
                summary.title.clone()
            })
        });
        let lines = Signal::derive(move || vec![t(&format!("error.not_allowed.{}", reason.code()), &[])]);
        view! {
            <ListRow id=format!("parked:{id}") title=title.unwrap_or_default() lines
                badge=move || view! { <Badge tone=Tone::Warn text=say("sync.parked_badge") /> }
                on_click=Callback::new(move |()| app.go(Screen::Record(id))) />
        }
    };
    view! {
        <Show when=move || parked.with(|parked| !parked.is_empty())>
            <Section title=say("sync.parked_title")>
                <p class="hint">{say("sync.parked_hint")}</p>
                <List>{move || parked.get().into_iter().map(row).collect_view()}</List>
            </Section>
        </Show>
    }
}

/// Handing on without a network.
#[component]
fn HandOver(counts: Memo<Counts>) -> impl IntoView {
    let app = App::here();
    let busy = RwSignal::new(false);
    let send = move |all: bool| {
        busy.set(true);
        spawn_local(async move {
            if let Some(register) = app.register() {
                match register.export(all).await {
                    Ok((_, 0)) => app.say(t("sync.nothing_to_hand_over", &[])),
                    Ok((file, records)) => {
                        let name = file_name(&register.now());
                        if browser::hand_over(&name, &file).await {
                            app.say(t("sync.handed_over", &[("n", &count(records)), ("name", &name)]));
                        }
                    }
                    Err(error) => app.say_error(&error),
                }
            }
            busy.set(false);
        });
    };
    let take = move |event: leptos::ev::Event| {
        busy.set(true);
        spawn_local(async move {
            if let (Some(register), Some(file)) = (app.register(), browser::picked_file(event).await) {
                app.say(match register.import(&file).await {
                    Ok(brought) => {
                        let (records, refused) = (count(brought.records.len()), count(brought.refused.len()));
                        let key = if brought.refused.is_empty() {
                            "sync.taken"
                        } else {
                            "sync.taken_some"
                        };
                        t(key, &[("n", &records), ("refused", &refused)])
                    }
                    Err(error) => error_words(&error),
                });
            }
            busy.set(false);
        });
    };
    let carried = move || counts.with(|counts| counts.carried);
    view! {
        <Section title=say("sync.hand_over_title")>
            <p class="hint">{say("sync.hand_over_hint")}</p>
            <Show when=move || { carried() > 0 }>
                <p data-id="carried">{move || t("sync.carried", &[("n", &count(carried()))])}</p>
            </Show>
            <Button id="bundle:export" label=say("sync.export") wide=true busy on_click=Callback::new(move |()| send(false)) />
            <Button id="bundle:export_all" label=say("sync.export_all") kind=ButtonKind::Quiet wide=true busy
                on_click=Callback::new(move |()| send(true)) />
            <input id="bundle-file" data-id="bundle:import" class="sr" type="file" on:change=take />
            <label class="btn wide" for="bundle-file">{say("sync.import")}</label>
            <Show when=move || counts.with(|counts| counts.records == 0)>
                <EmptyState title=say("sync.empty") />
            </Show>
        </Section>
    }
}

/// `so-ban-20240805-1430.soban`: sorts by time, and says nothing of who or where.
fn file_name(now: &jiff::Timestamp) -> String {
    let local = schemas::expr::LOCAL_OFFSET.to_datetime(*now);
    schemas::expr::format_date(local, "so-ban-%Y%m%d-%H%M.soban")
}
