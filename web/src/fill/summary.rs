//! What is wrong, seen once before a record is sent.

use leptos::prelude::*;
use leptos::text_prop::TextProp;
use schemas::finding::Severity;

use super::form::Walk;
use super::issues::Issue;
use crate::ui::{Badge, Banner, Button, ButtonKind, ListRow, Tone, dom_id};
use crate::words::{count, label, say, t};

/// The summary: every finding leads to its question; sending is possible in spite of all but those
/// without which the record could not be told from others.
#[component]
pub(super) fn Summary(
    walk: Walk,
    on_submit: Callback<()>,
    busy: Signal<bool>,
    submit_label: TextProp,
) -> impl IntoView {
    let issues = walk.sheet.issues;
    let blocked = Memo::new(move |_| issues.with(|issues| issues.iter().any(|issue| issue.blocks)));
    let number = move || count(issues.with(Vec::len));
    let words = move || {
        t(
            if blocked.get() {
                "fill.blocked"
            } else {
                "fill.may_send"
            },
            &[("n", &number())],
        )
    };
    let anyway = move || {
        if issues.with(Vec::is_empty) {
            submit_label.get().into_owned()
        } else {
            t("fill.submit_anyway", &[("n", &number())])
        }
    };
    let anyway = StoredValue::new(TextProp::from(anyway));
    let send = move |()| {
        walk.reviewing.set(false);
        on_submit.run(());
    };
    let keep = move |()| {
        let first = issues.with_untracked(|issues| issues.first().cloned());
        match first {
            Some(issue) => walk.open_at(issue.page, &issue.path),
            None => walk.reviewing.set(false),
        }
    };
    view! {
        <section class="fill-page">
            <h2 tabindex="-1" id=dom_id("fill:summary") data-id="fill:summary">{say("fill.summary")}</h2>
            {move || {
                let tone = if blocked.get() { Tone::Bad } else { Tone::Warn };
                view! { <Banner id="fill:summary:why" tone><p>{words}</p></Banner> }
            }}
            <ul class="list">
                {move || issues.get().into_iter().map(|issue| row(walk, issue)).collect_view()}
            </ul>
        </section>
        <div class="fill-foot">
            <Button id="fill:keep_editing" label=say("fill.keep_editing") on_click=keep />
            <Show when=move || !blocked.get()>
                <Button id="fill:submit_anyway" label=anyway.get_value() kind=ButtonKind::Primary busy on_click=send />
            </Show>
        </div>
    }
}

fn row(walk: Walk, issue: Issue) -> impl IntoView {
    let (message, path) = (issue.message, issue.path.clone());
    let (tone, word) = match (issue.blocks, issue.severity) {
        (true, _) => (Tone::Bad, "fill.needed"),
        (false, Severity::Error) => (Tone::Bad, "fill.error"),
        (false, _) => (Tone::Warn, "fill.warning"),
    };
    view! {
        <ListRow id=format!("fill:finding:{}", issue.path) title=move || label(&message)
            badge=move || view! { <Badge tone text=say(word) /> }
            on_click=move |()| walk.open_at(issue.page, &path) />
    }
}
