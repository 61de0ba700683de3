//! Forms begun and not sent.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sync_core::id::RecordId;

use crate::app::{App, Screen};
use crate::phone::Draft;
use crate::screens::names;
use crate::ui::{Button, ButtonKind, Confirm, Icon, List, ListRow, Section};
use crate::words::{say, t, when};

/// The drafts; nothing when there is none.
#[component]
pub(super) fn Drafts() -> impl IntoView {
    let app = App::here();
    let drafts: RwSignal<Vec<Draft>> = RwSignal::new(Vec::new());
    let changed = RwSignal::new(());
    Effect::new(move |_| {
        app.version.track();
        changed.track();
        let Some(register) = app.register() else { return };
        spawn_local(async move {
            match register.drafts().await {
                Ok(found) => drop(drafts.try_set(found)),
                Err(error) => app.say_error(&error),
            }
        });
    });
    let asked: RwSignal<Option<RecordId>> = RwSignal::new(None);
    let ask = RwSignal::new(false);
    let discard = move |()| {
        let (Some(register), Some(id)) = (app.register(), asked.get_untracked()) else {
            return;
        };
        spawn_local(async move {
            if let Err(error) = register.drop_draft(id).await {
                app.say_error(&error);
            }
            let _ = changed.try_set(());
        });
    };
    let row = move |draft: Draft| view! { <Row draft asked ask /> };
    view! {
        <Show when=move || drafts.with(|drafts| !drafts.is_empty())>
            <Section title=say("home.drafts")>
                <p class="hint">{say("home.drafts_hint")}</p>
                <List>{move || drafts.get().into_iter().map(row).collect_view()}</List>
            </Section>
        </Show>
        <Confirm id="draft:discard" title=say("visit.discard_ask") text=say("visit.discard_text")
            yes=say("visit.discard") open=ask danger=true on_yes=discard />
    }
}

#[component]
fn Row(draft: Draft, asked: RwSignal<Option<RecordId>>, ask: RwSignal<bool>) -> impl IntoView {
    let app = App::here();
    let id = draft.id;
    let kind = app.follow(|register| {
        let visit = draft.answers.get("visit_type").and_then(|kind| kind.as_text());
        match visit.filter(|_| draft.kind == "household_visit") {
            Some(visit) => names::choice(register, "household_visit", "visit_type", visit),
            None => names::kind(register, &draft.kind),
        }
    });
    let edited = if draft.is_edit {
        t("home.editing", &[])
    } else {
        String::new()
    };
    let at = jiff::Timestamp::from_millisecond(draft.typed_at_ms).ok();
    let at = at.and_then(|at| app.register().map(|register| when(at, register.now())));
    let title = if draft.title.is_empty() {
        kind.clone()
    } else {
        draft.title
    };
    let lines = vec![names::line(&[kind, edited, at.unwrap_or_default()])];
    let drop = move |()| {
        asked.set(Some(id));
        ask.set(true);
    };
    view! {
        <ListRow id=format!("draft:{id}") title lines on_click=move |()| app.go(Screen::Fill(id)) />
        <li class="row-aside">
            <Button id=format!("draft:{id}:drop") label=say("visit.discard") kind=ButtonKind::Quiet icon=Icon::Trash
                on_click=drop />
        </li>
    }
}
