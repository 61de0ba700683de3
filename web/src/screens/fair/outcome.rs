//! One person's outcomes: those that are noted, and one more.

use leptos::prelude::*;
use leptos::task::spawn_local;
use schemas::text::clean;
use schemas::value::{Answers, Scalar};
use sync_core::id::RecordId;

use super::desk::Desk;
use crate::fill::rows;
use crate::ui::{
    Button, ButtonKind, ChoiceCards, DateField, Dialog, OptionItem, Section, Select, Skeleton, TextField,
    focus,
};
use crate::words::{date, read_date, say, t};

/// Employers of the fair that are offered.
const EMPLOYERS_MAX: usize = 12;

/// The answers that the sheet reads: the attendance's and the fair's.
#[derive(Clone, Default, PartialEq)]
struct Read {
    attendance: Answers,
    employers: Vec<String>,
}

/// What is typed and tapped.
#[derive(Clone, Copy)]
struct Typed {
    code: RwSignal<Option<String>>,
    date: RwSignal<String>,
    employer: RwSignal<String>,
    note: RwSignal<String>,
    stage: RwSignal<Option<String>>,
    follow_up_on: RwSignal<String>,
    checked: RwSignal<bool>,
}

impl Typed {
    fn new(desk: Desk, attendance: &Answers) -> Self {
        let text = |path: &str| attendance.get(path).and_then(Scalar::as_text).map(str::to_owned);
        Self {
            code: RwSignal::default(),
            date: RwSignal::new(date(&desk.today().to_string())),
            employer: RwSignal::default(),
            note: RwSignal::default(),
            stage: RwSignal::new(text("overseas_stage").filter(|stage| !stage.is_empty())),
            follow_up_on: RwSignal::new(text("follow_up_on").map(|day| date(&day)).unwrap_or_default()),
            checked: RwSignal::default(),
        }
    }

    /// What must be written: a new row when an outcome was chosen, and what changed beside it.
    fn writes(&self, row: &str, before: &Answers) -> Vec<(String, Scalar)> {
        let mut writes = Vec::new();
        if let Some(code) = self.code.get() {
            let fields = [
                ("code", code),
                ("date", iso(&self.date.get())),
                ("employer", clean(&self.employer.get())),
                ("note", clean(&self.note.get())),
            ];
            let said = fields.into_iter().filter(|(_, text)| !text.is_empty());
            writes.extend(said.map(|(field, text)| (format!("outcomes/{row}/{field}"), Scalar::Text(text))));
        }
        let beside = [
            ("overseas_stage", self.stage.get().unwrap_or_default()),
            ("follow_up_on", iso(&self.follow_up_on.get())),
        ];
        for (path, text) in beside {
            let known = before.get(path).and_then(Scalar::as_text).unwrap_or_default();
            if text != known {
                let value = if text.is_empty() {
                    Scalar::Null
                } else {
                    Scalar::Text(text)
                };
                writes.push((path.to_owned(), value));
            }
        }
        writes
    }
}

/// A typed day as it is stored; empty for what is none.
fn iso(typed: &str) -> String {
    read_date(typed).map_or_else(String::new, |day| day.to_string())
}

/// The sheet; it is open while `picked` holds somebody.
#[component]
pub(super) fn OutcomeSheet(desk: Desk, picked: RwSignal<Option<RecordId>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let read = RwSignal::new(None::<(RecordId, Read)>);
    Effect::new(move |_| {
        let id = picked.get();
        read.set(None);
        open.set(id.is_some());
        if let Some(id) = id {
            load(desk, id, read);
        }
    });
    let title = move || {
        let entry = picked
            .get()
            .and_then(|id| desk.roll.with(|roll| roll.get(id).cloned()));
        entry.map_or_else(String::new, |entry| entry.name.clone())
    };
    view! {
        <Dialog id="outcome" title open tall=true on_close=move |()| picked.set(None)>
            {move || match read.get() {
                Some((id, read)) => view! { <Noting desk id read picked /> }.into_any(),
                None => view! { <Skeleton rows=3 /> }.into_any(),
            }}
        </Dialog>
    }
}

fn load(desk: Desk, id: RecordId, read: RwSignal<Option<(RecordId, Read)>>) {
    let Some(register) = desk.app.register() else {
        return;
    };
    spawn_local(async move {
        let shelf = match register.shelf([id, desk.fair]).await {
            Ok(shelf) => shelf,
            Err(error) => return desk.app.say_error(&error),
        };
        let attendance = shelf.answers(id).cloned().unwrap_or_default();
        let employers = shelf.answers(desk.fair).map(employers).unwrap_or_default();
        read.set(Some((
            id,
            Read {
                attendance,
                employers,
            },
        )));
    });
}

/// The names of the employers at the fair.
fn employers(fair: &Answers) -> Vec<String> {
    let rows = rows(fair, "employers").into_iter();
    let names = rows.filter_map(|row| fair.get(&format!("{row}name"))?.as_text().map(str::to_owned));
    names
        .filter(|name| !name.is_empty())
        .take(EMPLOYERS_MAX)
        .collect()
}

#[component]
fn Noting(desk: Desk, id: RecordId, read: Read, picked: RwSignal<Option<RecordId>>) -> impl IntoView {
    let typed = Typed::new(desk, &read.attendance);
    let codes = Signal::derive(move || desk.choices("outcome_code"));
    let stages = Signal::derive(move || desk.choices("overseas_stage"));
    let offered: Vec<OptionItem> = read
        .employers
        .iter()
        .map(|name| OptionItem::new(name, name))
        .collect();
    let none_offered = offered.is_empty();
    let offered = Signal::stored(offered);
    let employer = Signal::derive(move || Some(typed.employer.get()));
    let name_employer = move |name: Option<String>| typed.employer.set(name.unwrap_or_default());
    let noted = StoredValue::new(read.attendance);
    let missing = move || untrack(|| typed.writes("", &noted.get_value())).is_empty();
    let error = Signal::derive(move || {
        if typed.checked.get() && typed.code.get().is_none() && missing() {
            t("fair.outcome.missing", &[])
        } else {
            String::new()
        }
    });
    let today = desk.today();
    let bad_date = move || {
        let day = read_date(&typed.date.get());
        typed.code.get().is_some() && day.is_none_or(|day| day > today)
    };
    let bad_follow_up = move || {
        let text = typed.follow_up_on.get();
        !text.trim().is_empty() && read_date(&text).is_none()
    };
    let wrong = move |is: bool| {
        if typed.checked.get() && is {
            t("fair.outcome.date_wrong", &[])
        } else {
            String::new()
        }
    };
    let date_error = Signal::derive(move || wrong(bad_date()));
    let follow_up_error = Signal::derive(move || wrong(bad_follow_up()));
    let save = move |()| {
        typed.checked.set(true);
        if untrack(bad_date) {
            return focus("outcome:date");
        }
        if untrack(bad_follow_up) {
            return focus("outcome:follow_up_on");
        }
        let Some(register) = desk.app.register() else {
            return;
        };
        let row = register.new_id().to_string();
        let writes = untrack(|| typed.writes(&row, &noted.get_value()));
        if writes.is_empty() {
            return focus("outcome:code");
        }
        desk.work(async move |register| {
            register.set(id, writes).await?;
            picked.set(None);
            desk.app.say(t("fair.outcome.saved", &[]));
            Ok(())
        });
    };
    view! {
        <Noted desk noted />
        <ChoiceCards id="outcome:code" label=say("fair.outcome.code") options=codes value=typed.code
            on_pick=move |code| typed.code.set(code) error />
        <DateField id="outcome:date" label=say("fair.outcome.date") value=typed.date error=date_error />
        <Show when=move || !none_offered>
            <ChoiceCards id="outcome:employers" label=say("fair.outcome.employers") options=offered
                value=employer on_pick=name_employer columns=true required=true />
        </Show>
        <TextField id="outcome:employer" label=say("fair.outcome.employer") value=typed.employer />
        <TextField id="outcome:note" label=say("fair.outcome.note") value=typed.note multiline=true />
        <Select id="outcome:stage" label=say("fair.outcome.stage") options=stages value=typed.stage
            on_pick=move |stage| typed.stage.set(stage) />
        <DateField id="outcome:follow_up_on" label=say("fair.outcome.follow_up_on") value=typed.follow_up_on error=follow_up_error />
        <Button id="outcome:save" label=say("fair.outcome.save") kind=ButtonKind::Primary wide=true
            busy=desk.busy on_click=save />
    }
}

/// The outcomes that are noted already, the oldest first.
#[component]
fn Noted(desk: Desk, noted: StoredValue<Answers>) -> impl IntoView {
    let lines = move || {
        noted.with_value(|answers| {
            let text = |path: String| {
                answers
                    .get(&path)
                    .and_then(Scalar::as_text)
                    .unwrap_or_default()
                    .to_owned()
            };
            let mut lines: Vec<(String, String)> = rows(answers, "outcomes")
                .into_iter()
                .map(|row| {
                    let day = text(format!("{row}date"));
                    let parts = [
                        date(&day),
                        desk.choice("outcome_code", &text(format!("{row}code"))),
                        text(format!("{row}employer")),
                    ];
                    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
                    (day, parts.join(" · "))
                })
                .collect();
            lines.sort();
            lines
                .into_iter()
                .map(|(_, line)| view! { <li>{line}</li> })
                .collect_view()
        })
    };
    view! { <Section title=say("fair.outcome.noted")><ul class="noted">{lines}</ul></Section> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn employers_that_were_taken_out_are_not_offered() {
        let row = |n: u8, field: &str| format!("employers/01900000-0000-7000-8000-00000000000{n}/{field}");
        let fair = Answers::from([
            (row(1, "name"), "Công ty May Lào Cai".into()),
            (row(2, "name"), "Công ty khác".into()),
            (row(2, schemas::path::REMOVED), Scalar::Bool(true)),
        ]);
        assert_eq!(employers(&fair), ["Công ty May Lào Cai"]);
    }
}
