//! Any record: what it says, how far it has come, where people disagree, what happened to it.

mod act;
mod disagree;
mod history;
mod wording;

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use schemas::eval::{Context, evaluate};
use schemas::finding::Severity;
use schemas::form::Form;
use schemas::value::{Answers, Scalar};
use sync_core::id::RecordId;
use sync_core::policy::ParkReason;

use self::act::{Actions, Voided};
use self::disagree::Disagreements;
use self::history::History;
use super::looking::Eyes;
use super::names;
use crate::app::{App, Screen, error_words};
use crate::fill::{Answered, Look};
use crate::phone::{Known, RecordView, Register, RegisterError, Shelf};
use crate::ui::{Badge, Banner, Button, ButtonKind, EmptyState, Icon, Page, Section, Skeleton, Tone, TopBar};
use crate::words::{label, say, t};

/// Questions whose answers are other records that a form looks into.
const REFERS: [&str; 3] = ["household_id", "related_household_id", "fair_id"];

/// A record, read.
#[derive(Clone)]
struct Read {
    register: Rc<Register>,
    known: Rc<Known>,
    view: Rc<RecordView>,
    /// The records it refers to.
    shelf: Shelf,
}

/// A record on screen.
#[derive(Clone)]
struct Shown {
    register: Rc<Register>,
    view: Rc<RecordView>,
    /// Its form; none when this phone does not have it.
    form: Option<Arc<Form>>,
    look: Look,
}

/// A [`Shown`] that can be handed through a view.
type Handle = StoredValue<Shown, LocalStorage>;

impl Shown {
    fn text(&self, path: &str) -> &str {
        self.view
            .answers
            .get(path)
            .and_then(Scalar::as_text)
            .unwrap_or_default()
    }

    fn may_write(&self, path: &str) -> bool {
        self.register.may_write(&self.view.kind, &self.view.answers, path)
    }
}

/// Any record.
#[component]
pub fn RecordScreen(
    /// Which.
    id: RecordId,
) -> impl IntoView {
    let app = App::here();
    let shown: RwSignal<Option<Result<Read, RegisterError>>, LocalStorage> = RwSignal::new_local(None);
    Effect::new(move |_| {
        app.version.track();
        let Some(register) = app.register() else { return };
        spawn_local(async move {
            // A screen that was left meanwhile shows nothing.
            let _ = shown.try_set(Some(open(register, id).await));
        });
    });
    move || match shown.get() {
        None => view! { <Page><Skeleton rows=5 /></Page> }.into_any(),
        Some(Ok(read)) => view! { <Open read /> }.into_any(),
        Some(Err(error)) => view! {
            <TopBar title=say("record.title") on_back=move |()| app.back() />
            <Page>{aside(app, id)}<EmptyState title=error_words(&error) /></Page>
        }
        .into_any(),
    }
}

async fn open(register: Rc<Register>, id: RecordId) -> Result<Read, RegisterError> {
    let view = register.record(id).await?;
    let refers = REFERS
        .iter()
        .filter_map(|path| view.answers.get(*path)?.as_text()?.parse().ok());
    Ok(Read {
        shelf: register.shelf(refers.collect::<Vec<RecordId>>()).await?,
        known: register.known()?,
        view: Rc::new(view),
        register,
    })
}

#[component]
fn Open(read: Read) -> impl IntoView {
    let app = App::here();
    let Read {
        register,
        known,
        view,
        shelf,
    } = read;
    let answers = Signal::stored(view.answers.clone());
    let eyes = Eyes::new(Rc::clone(&register), known, &view.kind, answers, shelf);
    let shown = Shown {
        form: register.form(&view.kind, view.version),
        look: Look::new(eyes),
        view,
        register,
    };
    let (title, about) = headings(&shown);
    let name = about.as_ref().map(|(_, name)| name.clone()).unwrap_or_default();
    let sub = names::line(&[name, names::kind(&shown.register, &shown.view.kind)]);
    let to_household = match shown.view.kind.as_str() {
        "household" => Some(shown.view.id),
        _ => about.map(|(id, _)| id),
    };
    let household = to_household.map(|id| {
        view! {
            <Button id="record:household" label=say("record.household") icon=Icon::House kind=ButtonKind::Quiet
                on_click=move |()| app.go(Screen::Household(id)) />
        }
    });
    let shown: Handle = StoredValue::new_local(shown);
    view! {
        <TopBar title sub on_back=move |()| app.back() />
        <Page wide=true>
            <State shown />
            <Merged shown />
            <Voided shown />
            <Parked shown />
            <Reviewed shown />
            <div class="actions"><Actions shown />{household}</div>
            <div class="columns">
                <div><Disagreements shown /><Says shown /></div>
                <div><Findings shown /><History shown /></div>
            </div>
        </Page>
    }
}

/// What the record is called, and the household it is about.
fn headings(shown: &Shown) -> (String, Option<(RecordId, String)>) {
    let summary = shown.register.index().get(shown.view.id);
    match summary {
        Some(summary) => (
            names::title(&shown.register, &summary),
            names::household_of(&shown.register, &summary),
        ),
        None => (shown.view.title.clone(), None),
    }
}

/// How far the work on it has come.
#[component]
fn State(shown: Handle) -> impl IntoView {
    let shown = shown.get_value();
    let tone = match shown.view.state {
        "parked" => Tone::Bad,
        "confirmed" => Tone::Good,
        _ => Tone::Info,
    };
    let state = shown.view.state;
    view! {
        <p class="badges" data-id="record:state" data-state=state>
            <Badge tone text=move || names::state(state) />
        </p>
    }
}

/// That another record stands for this one, and the way to it.
#[component]
fn Merged(shown: Handle) -> impl IntoView {
    let app = App::here();
    let shown = shown.get_value();
    let stands = shown.register.index().stands_for(shown.view.id);
    let title = shown.register.index().get(stands)?.title.clone();
    (stands != shown.view.id).then(|| {
        view! {
            <Banner id="record:merged-banner" title=say("record.merged")>{title}</Banner>
            <Button id="record:merged" label=say("record.open_merged") kind=ButtonKind::Quiet
                on_click=move |()| app.go(Screen::Record(stands)) />
        }
    })
}

/// What was set aside: why, and what to do.
#[component]
fn Parked(shown: Handle) -> impl IntoView {
    let shown = shown.get_value();
    let mut reasons = shown.view.parked.clone();
    reasons.sort();
    reasons.dedup();
    reasons.into_iter().map(why_parked).collect_view()
}

/// The same of a record that went with its village: what was set aside of it is named all the same.
fn aside(app: App, id: RecordId) -> impl IntoView {
    let parked = app.follow(|register| register.index().parked());
    let reasons = parked.into_iter().filter(|(parked, _)| *parked == id);
    reasons.map(|(_, reason)| why_parked(reason)).collect_view()
}

fn why_parked(reason: ParkReason) -> impl IntoView {
    let code = reason.code();
    view! {
        <Banner id=format!("record:parked:{code}") tone=Tone::Bad title=t(&format!("record.park.{code}"), &[])>
            <p>{t(&format!("record.park_hint.{code}"), &[])}</p>
        </Banner>
    }
}

/// What a reviewer said of it, and the way to answer.
#[component]
fn Reviewed(shown: Handle) -> impl IntoView {
    let shown = shown.get_value();
    let app = App::here();
    let id = shown.view.id;
    let state = shown.view.review.clone();
    if state == "received" {
        return None;
    }
    let comment = shown.text("review/comment").to_owned();
    let returned = state == "has_issues";
    let tone = match state.as_str() {
        "approved" => Tone::Good,
        "rejected" => Tone::Bad,
        "has_issues" => Tone::Warn,
        _ => Tone::Info,
    };
    let words = t(&format!("record.review.{state}"), &[]);
    let fix = (returned && shown.may_write("void_reason")).then(|| {
        view! {
            <Button id="record:fix" label=say("record.fix") kind=ButtonKind::Primary icon=Icon::Edit
                on_click=move |()| super::begin::begin_edit(app, id) />
        }
    });
    Some(view! {
        <Banner id="record:review" tone title=words>
            <p data-id="record:comment">{comment}</p>
            {fix}
        </Banner>
    })
}

/// The answers. Without its form a record still shows what it holds.
#[component]
fn Says(shown: Handle) -> impl IntoView {
    let shown = shown.get_value();
    let answers = shown.view.answers.clone();
    match shown.form {
        Some(form) => {
            let looking = shown.look;
            view! { <div class="stack" data-id="record:answers"><Answered form answers looking /></div> }
                .into_any()
        }
        None => view! { <Section title=say("record.answers")><Raw answers /></Section> }.into_any(),
    }
}

#[component]
fn Raw(answers: Answers) -> impl IntoView {
    let line = |(path, value): (String, Scalar)| {
        let value = wording::plain(&value);
        view! { <div><dt>{path}</dt><dd>{value}</dd></div> }
    };
    view! {
        <p class="hint">{say("error.unknown_form")}</p>
        <dl class="answers">{answers.into_iter().map(line).collect_view()}</dl>
    }
}

/// What the form finds wrong with it.
#[component]
fn Findings(shown: Handle) -> impl IntoView {
    let shown = shown.get_value();
    let form = shown.form.clone()?;
    let looking = shown.look.get();
    let user = looking.user();
    let context = Context::at(looking.now())
        .with_user(&user)
        .with_lookup(looking.lookup());
    let findings = evaluate(&form, &shown.view.answers, &context)
        .findings
        .into_iter();
    let mut findings: Vec<_> = findings
        .filter(|finding| finding.severity > Severity::Info)
        .collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    if findings.is_empty() {
        return None;
    }
    let row = |finding: schemas::finding::Finding| {
        let words = wording::finding(
            &form,
            &shown.view.answers,
            &finding.path,
            &label(&finding.message),
        );
        view! { <li data-id=format!("record:finding:{}", finding.path)>{words}</li> }
    };
    let rows = findings.into_iter().map(row).collect_view();
    Some(view! {
        <Section title=say("record.findings")>
            <ul class="bullets">{rows}</ul>
        </Section>
    })
}
