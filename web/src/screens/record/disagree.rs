//! Fields on which people disagree, and settling them.

use jiff::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use schemas::value::Scalar;

use super::{Handle, Shown, wording};
use crate::app::App;
use crate::phone::{Disagreement, RivalView};
use crate::ui::{Button, Confirm, Section};
use crate::words::{moment, say, t};

/// What is about to be kept.
type Chosen = RwSignal<Option<(String, Scalar, String)>>;

/// The disagreements; nothing when there is none.
#[component]
pub(super) fn Disagreements(shown: Handle) -> impl IntoView {
    let shown = shown.get_value();
    let app = App::here();
    if shown.view.disagreements.is_empty() {
        return None;
    }
    let id = shown.view.id;
    let chosen: Chosen = RwSignal::new(None);
    let ask = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let text = move || {
        let value = chosen.with(|chosen| chosen.as_ref().map(|(_, _, words)| words.clone()));
        value.unwrap_or_default()
    };
    let settle = move |()| {
        let (Some(register), Some((path, value, _))) = (app.register(), chosen.get_untracked()) else {
            return;
        };
        busy.set(true);
        spawn_local(async move {
            match register.set(id, vec![(path, value)]).await {
                Ok(()) => {
                    app.say(t("record.settled", &[]));
                    app.sync_if_due();
                }
                Err(error) => app.say_error(&error),
            }
            // After a commit the screen is drawn anew, and this part may be gone.
            let _ = busy.try_set(false);
        });
    };
    let each = shown.view.disagreements.clone().into_iter();
    let each = each
        .map(|disagreement| one(&shown, disagreement, chosen, ask, busy))
        .collect_view();
    Some(view! {
        <Section title=say("record.disagreements")>
            <p class="hint">{say("record.disagreements_hint")}</p>
            {each}
        </Section>
        <Confirm id="settle:ask" title=say("record.settle_ask") text yes=say("record.keep") open=ask on_yes=settle />
    })
}

fn one(
    shown: &Shown,
    disagreement: Disagreement,
    chosen: Chosen,
    ask: RwSignal<bool>,
    busy: RwSignal<bool>,
) -> impl IntoView + use<> {
    let Disagreement {
        path,
        rivals,
        may_settle,
    } = disagreement;
    let heading = match &shown.form {
        Some(form) => wording::question(form, &shown.view.answers, &path),
        None => path.clone(),
    };
    let row = |(n, rival): (usize, RivalView)| {
        let words = value_words(shown, &path, &rival.value);
        let by = by(&rival);
        let kept = t("record.settle_text", &[("field", &heading), ("value", &words)]);
        let value = rival.value;
        let (data, at) = (format!("settle:{path}:{n}"), path.clone());
        let pick = move |()| {
            chosen.set(Some((at.clone(), value.clone(), kept.clone())));
            ask.set(true);
        };
        let button =
            may_settle.then(|| view! { <Button id=data label=say("record.keep") busy on_click=pick /> });
        let now = (n == 0).then(|| view! { <span class="sub">{t("record.shown_now", &[])}</span> });
        view! { <li class="entry"><strong>{words}</strong><span class="sub">{by}</span>{now}{button}</li> }
    };
    let rows = rivals.into_iter().enumerate().map(row).collect_view();
    view! {
        <div data-id=format!("disagreement:{path}")>
            <h3>{heading}</h3>
            <ul class="list">{rows}</ul>
            <p class="hint" hidden=may_settle>{say("record.reviewer_settles")}</p>
        </div>
    }
}

fn value_words(shown: &Shown, path: &str, value: &Scalar) -> String {
    match &shown.form {
        Some(form) => wording::value(form, &shown.view.answers, path, value, &*shown.look.get()),
        None => wording::plain(value),
    }
}

fn by(rival: &RivalView) -> String {
    let who = rival.author.clone().unwrap_or_else(|| t("record.somebody", &[]));
    let when = Timestamp::from_second(rival.claimed_at_s)
        .map(moment)
        .unwrap_or_default();
    t("record.by", &[("who", &who), ("when", &when)])
}
