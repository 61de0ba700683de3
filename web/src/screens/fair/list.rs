//! The fairs of one's communes: today, coming, past.

use std::cmp::Reverse;

use jiff::civil::Date;
use leptos::prelude::*;
use leptos::task::spawn_local;
use schemas::expr::local_date;
use schemas::value::{Answers, Scalar};
use sync_core::id::RecordId;

use super::counts::{attendances_by_fair, stands};
use super::desk::ATTENDANCE;
use crate::app::{App, Screen};
use crate::browser;
use crate::phone::{Known, Register, RegisterError, Summary};
use crate::ui::{Badge, Button, EmptyState, Icon, List, ListRow, Page, Section, Tone, TopBar};
use crate::words::{self, count, date_time, language, say, t};

/// One line of the list.
#[derive(Clone, PartialEq, Eq)]
struct Line {
    id: RecordId,
    name: String,
    starts: String,
    venue: String,
    lifecycle: String,
    attendances: usize,
    from: Date,
    to: Date,
}

/// When a fair is, seen from today.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum When {
    Today,
    Coming,
    Past,
}

impl Line {
    fn of(id: RecordId, summary: &Summary, attendances: usize) -> Self {
        let day = |path: &str| local_date(summary.fact(path));
        let from = day("start_at").unwrap_or(Date::MAX);
        Self {
            id,
            name: summary.title.clone(),
            starts: summary.fact("start_at").to_owned(),
            venue: summary.fact("venue").to_owned(),
            lifecycle: summary.fact("lifecycle").to_owned(),
            attendances,
            from,
            to: day("end_at").unwrap_or(from).max(from),
        }
    }

    fn when(&self, today: Date) -> When {
        match (self.from > today, self.to < today) {
            (true, _) => When::Coming,
            (_, true) => When::Past,
            _ => When::Today,
        }
    }
}

/// The job fairs.
#[component]
pub fn Fairs() -> impl IntoView {
    let app = App::here();
    let lines = Memo::new(move |_| app.follow(read));
    let today = words::today((browser::clock())());
    let part = move |when: When| {
        Memo::new(move |_| {
            let mut lines = lines.get();
            lines.retain(|line| line.when(today) == when);
            match when {
                When::Past => lines.sort_by_key(|line| Reverse((line.to, line.id))),
                _ => lines.sort_by_key(|line| (line.from, line.id)),
            }
            lines
        })
    };
    view! {
        <TopBar title=say("fair.title") />
        <Page>
            <Button id="fair:new" label=say("fair.new") icon=Icon::Add wide=true on_click=move |()| begin(app) />
            <Show when=move || lines.with(Vec::is_empty)>
                <EmptyState title=say("fair.none") text=say("fair.none_text") />
            </Show>
            <Part title="fair.today" lines=part(When::Today) />
            <Part title="fair.coming" lines=part(When::Coming) />
            <Part title="fair.past" lines=part(When::Past) />
        </Page>
    }
}

/// Fairs of one time; nothing when there are none.
#[component]
fn Part(title: &'static str, lines: Memo<Vec<Line>>) -> impl IntoView {
    let app = App::here();
    let row = move |line: Line| {
        let (id, name) = (line.id, line.name.clone());
        let badge = {
            let lifecycle = StoredValue::new(line.lifecycle.clone());
            move || {
                let tone = lifecycle.with_value(|state| tone(state));
                view! { <Badge tone text=move || lifecycle.with_value(|state| state_words(app, state)) /> }
            }
        };
        let about = Signal::derive(move || {
            let when = [date_time(&line.starts), line.venue.clone()];
            let when: Vec<String> = when.into_iter().filter(|part| !part.is_empty()).collect();
            vec![
                when.join(" · "),
                t("fair.attendances", &[("n", &count(line.attendances))]),
            ]
        });
        view! {
            <ListRow id=format!("fair:{id}") title=name lines=about badge
                on_click=move |()| app.go(Screen::Fair(id)) />
        }
    };
    // A line that changed is drawn again: its key is all of it.
    let key = |line: &Line| {
        (
            line.id,
            line.attendances,
            line.name.clone(),
            line.lifecycle.clone(),
            line.starts.clone(),
        )
    };
    view! {
        <Show when=move || !lines.with(Vec::is_empty)>
            <Section title=say(title)>
                <List><For each=move || lines.get() key=key children=row /></List>
            </Section>
        </Show>
    }
}

fn tone(lifecycle: &str) -> Tone {
    match lifecycle {
        "held" => Tone::Good,
        "postponed" | "cancelled" => Tone::Warn,
        _ => Tone::Info,
    }
}

fn state_words(app: App, lifecycle: &str) -> String {
    let language = language().code();
    let known = app.register().and_then(|register| register.known().ok());
    let form = known.as_ref().and_then(|known| known.catalog.form("job_fair"));
    let list = form.and_then(|form| form.lists().get("fair_lifecycle"));
    list.map_or_else(
        || lifecycle.to_owned(),
        |list| list.label(lifecycle, language).to_owned(),
    )
}

fn read(register: &Register) -> Vec<Line> {
    let Ok(known) = register.known() else {
        return Vec::new();
    };
    let index = register.index();
    let counts = attendances_by_fair(index.of_kind(ATTENDANCE).map(|(_, summary)| &**summary));
    let ours = index
        .of_kind("job_fair")
        .filter(|(_, fair)| stands(fair) && is_ours(&known, fair));
    ours.map(|(id, fair)| Line::of(id, fair, counts.get(&id.to_string()).copied().unwrap_or_default()))
        .collect()
}

/// Hosted by one of the holder's communes, or by what one of them was before a merger.
fn is_ours(known: &Known, fair: &Summary) -> bool {
    let host = fair.fact("host_commune_id");
    let covers = |unit: &str| known.units.covers(unit, host);
    known.own_units.iter().any(|own| covers(&own.to_string()))
        || known.communes().iter().any(|commune| covers(&commune.id))
}

fn begin(app: App) {
    let Some(register) = app.register() else { return };
    spawn_local(async move {
        match new_fair(&register).await {
            Ok(id) => app.go(Screen::Fill(id)),
            Err(error) => app.say_error(&error),
        }
    });
}

/// A new draft of a fair, hosted by the holder's commune when that is one only.
async fn new_fair(register: &Register) -> Result<RecordId, RegisterError> {
    let known = register.known()?;
    let mut answers = Answers::from([("lifecycle".to_owned(), Scalar::from("planned"))]);
    if let [commune] = known.communes().as_slice() {
        answers.insert("host_commune_id".to_owned(), Scalar::Text(commune.id.clone()));
    }
    let shelf = register.shelf([]).await?;
    let draft = register.begin("job_fair", answers, &shelf)?;
    register.keep_draft(&draft).await?;
    Ok(draft.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fair_is_today_on_each_of_its_days() {
        let fair = |start: &str, end: &str| {
            let facts = [("start_at", start), ("end_at", end)];
            let facts = facts.map(|(path, value)| (path.to_owned(), value.to_owned()));
            let id = "01900000-0000-7000-8000-000000000001".parse().expect("an id");
            Line::of(
                id,
                &Summary {
                    facts: facts.into(),
                    ..Summary::default()
                },
                0,
            )
        };
        let today = jiff::civil::date(2026, 8, 5);
        for (start, end, when) in [
            (
                "2026-08-05T08:00:00+07:00",
                "2026-08-05T16:00:00+07:00",
                When::Today,
            ),
            (
                "2026-08-04T08:00:00+07:00",
                "2026-08-06T16:00:00+07:00",
                When::Today,
            ),
            (
                "2026-08-06T08:00:00+07:00",
                "2026-08-06T16:00:00+07:00",
                When::Coming,
            ),
            (
                "2026-08-04T08:00:00+07:00",
                "2026-08-04T16:00:00+07:00",
                When::Past,
            ),
            ("2026-08-04T08:00:00+07:00", "", When::Past),
            ("", "", When::Coming),
        ] {
            assert_eq!(fair(start, end).when(today), when, "{start} {end}");
        }
    }
}
