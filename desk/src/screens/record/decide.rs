//! What the office says of the record: it stands, it goes back, it does not stand; the books close.

use leptos::prelude::*;
use parts::ui::{Button, ButtonKind, TextField, focus};

use super::Around;
use crate::api::Failure;
use crate::api::records::review;
use crate::app::Doing;
use crate::browser::listen_keys;
use crate::pieces::Said;
use crate::words::{name, say, t};

/// Verdicts that need words for the author.
const NEED_WORDS: [&str; 3] = ["has_issues", "rejected", "void"];

/// The bar at the foot of a record.
#[component]
pub fn Decide(around: Around) -> impl IntoView {
    let comment = RwSignal::new(String::new());
    let doing = Doing::new();
    let state = Memo::new(move |_| {
        let sheet = around.sheet.value;
        sheet.with(|sheet| {
            sheet
                .as_ref()
                .map_or_else(String::new, |sheet| sheet.body.state.clone())
        })
    });
    // Another record asks for other words.
    Effect::new(move |_| {
        around.id.track();
        comment.set(String::new());
        doing.failure.set(None);
    });
    let decide = move |verdict: &'static str| {
        let Some(heads) = around
            .sheet
            .value
            .with_untracked(|sheet| sheet.as_ref().map(|sheet| sheet.body.heads.clone()))
        else {
            return;
        };
        let said = comment.get_untracked().trim().to_owned();
        if NEED_WORDS.contains(&verdict) && said.is_empty() {
            doing.failure.set(Some(Failure {
                code: "comment_missing".to_owned(),
                title: t("record.comment_missing", &[]),
                hint: t("record.comment_missing_hint", &[]),
            }));
            focus("comment");
            return;
        }
        let id = around.id.get_untracked();
        let act = async move {
            let answer = review(id, verdict, said, heads).await;
            if let Err(failure) = &answer {
                around.refused(failure);
            }
            answer
        };
        doing.run(around.desk, act, move |()| {
            let words = name("desk.state", verdict);
            around.desk.say(t("record.decided", &[("state", &words)]));
            comment.set(String::new());
            around.news.set(Vec::new());
            around.load();
            around.on_decided.run(());
        });
    };
    let keys = listen_keys(move |key| {
        let verdict = match key.name.as_str() {
            "a" => "approved",
            "r" => "has_issues",
            "x" => "rejected",
            "l" => "locked",
            "c" => {
                focus("comment");
                return true;
            }
            _ => return false,
        };
        decide(verdict);
        true
    });
    let keys = StoredValue::new_local(Some(keys));
    on_cleanup(move || keys.set_value(None));
    let locked = move || state.with(|state| state == "locked");
    let approved = move || state.with(|state| state == "approved");
    view! {
        <footer class="decide">
            <TextField id="comment" label=say("record.comment") value=comment />
            <Said id="decide:failed" failure=doing.failure />
            <div class="verdicts">
                <Button id="approve" label=say("record.approve") kind=ButtonKind::Primary busy=doing.busy
                    disabled=Signal::derive(approved) on_click=move |()| decide("approved") />
                <Button id="return" label=say("record.return") busy=doing.busy
                    on_click=move |()| decide("has_issues") />
                <Button id="reject" label=say("record.reject") kind=ButtonKind::Danger busy=doing.busy
                    on_click=move |()| decide("rejected") />
                <Button id="lock" label=say("record.lock") kind=ButtonKind::Quiet busy=doing.busy
                    disabled=Signal::derive(locked) on_click=move |()| decide("locked") />
                <Button id="void" label=say("record.void") kind=ButtonKind::Quiet busy=doing.busy
                    on_click=move |()| decide("void") />
            </div>
        </footer>
    }
}
