//! One household: who lives there, how it was classed, who visited, what it was given.

mod begin_visit;
mod history;
mod members;

use leptos::prelude::*;
use leptos::task::spawn_local;
use schemas::value::{Answers, Scalar};
use sync_core::id::RecordId;

use self::begin_visit::VisitButton;
use self::history::{Classes, Supports, Visits};
use self::members::Members;
use super::begin::begin_edit;
use super::names;
use crate::app::{App, Screen};
use crate::phone::Summary;
use crate::ui::{Banner, Button, ButtonKind, EmptyState, Icon, Page, Section, Tone, TopBar};
use crate::words::{date, say, t};

/// The household of a screen.
#[derive(Clone, Copy)]
struct Home {
    app: App,
    id: RecordId,
    /// Its summary; none when it is not on this phone.
    summary: Memo<Option<Summary>>,
}

impl Home {
    /// A short answer.
    fn fact(&self, path: &str) -> String {
        self.summary.with(|summary| {
            summary
                .as_ref()
                .map_or_else(String::new, |summary| summary.fact(path).to_owned())
        })
    }
}

/// The records of a kind that belong to a household, newest first by the field that says when.
fn records_of(app: App, household: RecordId, kind: &str, when: &str) -> Vec<(RecordId, Summary)> {
    let household = household.to_string();
    let mut found = app.follow(|register| {
        let index = register.index();
        let of = index
            .of_kind(kind)
            .filter(|(_, record)| record.fact("household_id") == household);
        of.map(|(id, record)| (id, (**record).clone()))
            .collect::<Vec<_>>()
    });
    found.sort_by(|(one_id, one), (id, other)| (other.fact(when), id).cmp(&(one.fact(when), one_id)));
    found
}

/// One household.
#[component]
pub fn Household(
    /// Which.
    id: RecordId,
) -> impl IntoView {
    let app = App::here();
    // An address from before two households were found to be one leads to the one that stands.
    let id = app
        .follow(|register| Some(register.index().stands_for(id)))
        .unwrap_or(id);
    let summary =
        Memo::new(move |_| app.follow(|register| register.index().get(id).map(|summary| (*summary).clone())));
    let home = Home { app, id, summary };
    let title =
        move || summary.with(|summary| summary.as_ref().map_or_else(String::new, |one| one.title.clone()));
    let place = move || app.follow(|register| names::unit(register, &home.fact("village_id")));
    let there = Memo::new(move |_| summary.with(Option::is_some));
    view! {
        <TopBar title sub=place on_back=move |()| app.back() />
        {move || if there.get() {
            view! { <Sheet home /> }.into_any()
        } else {
            view! { <Page><EmptyState title=say("error.unknown_record") /></Page> }.into_any()
        }}
    }
}

#[component]
fn Sheet(home: Home) -> impl IntoView {
    let Home { app, id, .. } = home;
    view! {
        <Page wide=true>
            <Badges home />
            <Disagreements home />
            <Gone home />
            <div class="actions">
                <VisitButton home />
                <Button id="household:edit" label=say("household.edit") icon=Icon::Edit
                    on_click=move |()| begin_edit(app, id) />
                <Button id="household:record" label=say("household.record") kind=ButtonKind::Quiet icon=Icon::List
                    on_click=move |()| app.go(Screen::Record(id)) />
            </div>
            <div class="columns">
                <div><Members home /><About home /></div>
                <div><Visits home /><Supports home /><Classes home /></div>
            </div>
        </Page>
    }
}

#[component]
fn Badges(home: Home) -> impl IntoView {
    let class = move || {
        home.app.version.track();
        let register = home.app.register()?;
        names::class_badge(&register, &home.fact("current_class"))
    };
    let marks = move || {
        home.summary
            .with(|summary| summary.as_ref().map(names::marks))
            .unwrap_or_default()
    };
    let until = move || {
        let until = home.fact("recently_escaped_until");
        (!until.is_empty()).then(|| t("household.escaped_until", &[("date", &date(&until))]))
    };
    let unable = move || {
        let summary = home.summary;
        summary.with(|summary| {
            summary
                .as_ref()
                .is_some_and(|one| members::nobody_is_able(&one.people))
        })
    };
    view! {
        <p class="badges" data-id="household:class">
            {class}
            {move || until().map(|words| view! { <crate::ui::Badge tone=Tone::Info text=words /> })}
            <Show when=unable><crate::ui::Badge tone=Tone::Plain text=say("household.unable") /></Show>
            {move || names::badges(&marks())}
        </p>
    }
}

#[component]
fn Disagreements(home: Home) -> impl IntoView {
    let Home { app, id, summary } = home;
    let number = move || summary.with(|summary| summary.as_ref().map_or(0, |summary| summary.conflicts));
    let words = move || t("household.disagreements", &[("n", &number().to_string())]);
    view! {
        <Show when=move || { number() > 0 }>
            <Banner id="household:disagreements" tone=Tone::Warn title=say("record.disagreements")>
                <p>{words}</p>
                <Button id="household:settle" label=say("household.settle") on_click=move |()| app.go(Screen::Record(id)) />
            </Banner>
        </Show>
    }
}

/// A household that lives here no more says so before anything is written about it.
#[component]
fn Gone(home: Home) -> impl IntoView {
    let gone = move || {
        matches!(
            home.fact("move_status").as_str(),
            "moved_out" | "merged" | "dissolved"
        )
    };
    let words = move || {
        home.app
            .follow(|register| names::choice(register, "household", "move_status", &home.fact("move_status")))
    };
    view! {
        <Show when=gone><Banner id="household:gone" tone=Tone::Info><p>{words}</p></Banner></Show>
    }
}

/// What is not in the summary: where exactly, by which phone, who helps.
#[component]
fn About(home: Home) -> impl IntoView {
    let Home { app, id, .. } = home;
    let answers = RwSignal::new(Answers::new());
    Effect::new(move |_| {
        app.version.track();
        let Some(register) = app.register() else { return };
        spawn_local(async move {
            // A record that cannot be read shows its summary only.
            if let Ok(Some(read)) = register.answers_of(id).await {
                let _ = answers.try_set(read);
            }
        });
    });
    let text = move |path: &str| {
        answers.with(|answers| {
            answers
                .get(path)
                .and_then(Scalar::as_text)
                .unwrap_or_default()
                .to_owned()
        })
    };
    let helper = move || {
        let helper = home.fact("helper_user_id");
        let known = app.register().and_then(|register| register.known().ok());
        let name = known.and_then(|known| {
            let mut certs = known.directory.iter();
            Some(
                certs
                    .find(|cert| cert.user.to_string() == helper)?
                    .user_name
                    .clone(),
            )
        });
        name.unwrap_or_default()
    };
    let lines = move || {
        let phone = text("phone");
        let number = phone.clone();
        let phone = (!phone.is_empty())
            .then(|| view! { <div><dt>{t("household.phone", &[])}</dt><dd><a data-id="household:call" href=format!("tel:{phone}")>{number}</a></dd></div> });
        let line = |key: &'static str, words: String| {
            (!words.is_empty()).then(|| view! { <div><dt>{t(key, &[])}</dt><dd>{words}</dd></div> })
        };
        let some = phone.is_some() || !text("address_detail").is_empty() || !helper().is_empty();
        let lines = view! {
            {phone}
            {line("household.address", text("address_detail"))}
            {line("household.helper", helper())}
            {line("household.certificate", text("certificate_no"))}
        };
        some.then(|| {
            view! {
                <Section title=say("household.about")><dl class="answers">{lines}</dl></Section>
            }
        })
    };
    view! { {lines} }
}
