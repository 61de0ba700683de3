//! Several records approved at once, after a look at what would become of each.

use leptos::prelude::*;
use parts::ui::{Badge, Button, ButtonKind, Dialog, Tone};

use crate::api::Answer;
use crate::api::records::{Bulk as Outcome, BulkItem, RecordRow, one, review_all};
use crate::app::{Desk, Doing};
use crate::pieces::{Said, state_words};
use crate::words::{count, name, say, t};

type Items = Vec<(String, Vec<String>)>;

/// The heads of each record: as the list told them, else as the record says now.
async fn with_heads(rows: Vec<RecordRow>) -> Answer<Items> {
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let heads = if row.heads.is_empty() {
            one(&row.id, "").await?.heads
        } else {
            row.heads
        };
        items.push((row.id, heads));
    }
    Ok(items)
}

/// The dialog; opening it asks for the preview.
#[component]
pub fn Bulk(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What was chosen.
    rows: Memo<Vec<RecordRow>>,
    /// Runs after it was done.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    let desk = Desk::here();
    let doing = Doing::new();
    let seen = RwSignal::new(None::<(Items, Outcome)>);
    Effect::new(move |_| {
        if !open.get() {
            seen.set(None);
            return;
        }
        let rows = rows.get_untracked();
        let look = async move {
            let items = with_heads(rows).await?;
            let outcome = review_all(items.clone(), "approved", true).await?;
            Ok((items, outcome))
        };
        doing.run(desk, look, move |found| seen.set(Some(found)));
    });
    let approve = move |()| {
        let Some((items, _)) = seen.get_untracked() else {
            return;
        };
        doing.run(
            desk,
            review_all(items, "approved", false),
            move |outcome: Outcome| {
                open.set(false);
                desk.say(t("records.bulk_done", &[("n", &count(outcome.taken))]));
                on_done.run(());
            },
        );
    };
    let line = |item: BulkItem| {
        let (state, tone) = state_words(&item.state_before);
        let what = match &item.code {
            Some(code) => view! { <Badge tone=Tone::Warn text=item.message.clone().unwrap_or_else(|| name("records.code", code)) /> }.into_any(),
            None => view! { <span><Badge tone text=state />" → "<Badge tone=Tone::Good text=say("desk.state.approved") /></span> }.into_any(),
        };
        view! { <li class="bulk-item"><span>{item.title}</span>{what}</li> }
    };
    let would = move || {
        seen.with(|seen| {
            seen.as_ref().map_or(0, |(_, outcome)| {
                outcome.items.iter().filter(|item| item.code.is_none()).count()
            })
        })
    };
    view! {
        <Dialog id="bulk:preview" title=say("records.bulk") open>
            <p class="hint">{say("records.bulk_hint")}</p>
            <Show when=move || seen.with(Option::is_none) && doing.busy.get()><parts::ui::Skeleton rows=3 /></Show>
            <ul class="list" data-id="bulk:items">
                {move || seen.with(|seen| seen.iter().flat_map(|(_, outcome)| outcome.items.clone()).map(line).collect_view())}
            </ul>
            <Said id="bulk:failed" failure=doing.failure />
            <div class="actions">
                <Button id="bulk:cancel" label=say("ui.cancel") on_click=move |()| open.set(false) />
                <Button id="bulk:approve" kind=ButtonKind::Primary busy=doing.busy on_click=approve
                    disabled=Signal::derive(move || would() == 0)
                    label=Signal::derive(move || t("records.bulk_approve", &[("n", &count(would()))])) />
            </div>
        </Dialog>
    }
}
