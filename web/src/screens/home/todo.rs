//! Whom to visit, whom to see again, which fair is next.

use jiff::civil::Date;
use leptos::prelude::*;

use crate::app::{App, Screen};
use crate::screens::duties::{Due, Duties};
use crate::screens::households::{self, Filter};
use crate::ui::{Button, Icon, IconView, List, ListRow, Section};
use crate::words::{count, date, label, say, t, today};

/// Rows of a kind drawn before somebody asks for more.
const SHOWN: usize = 5;

/// What is to be done.
#[component]
pub(super) fn ToDo(duties: Memo<Duties>) -> impl IntoView {
    let nothing = move || {
        duties.with(|duties| {
            duties.unvisited.is_empty()
                && duties.due.is_empty()
                && duties.follow_up.is_empty()
                && duties.returned.is_empty()
                && duties.fairs.is_empty()
        })
    };
    view! {
        <Section title=say("home.todo")>
            <Show when=nothing>
                <p class="calm" data-id="todo:nothing"><IconView icon=Icon::Check />{say("home.nothing")}</p>
            </Show>
            <List>
                <Rows duties what=What::Returned />
                <Unvisited duties />
                <Rows duties what=What::Visit />
                <Rows duties what=What::FollowUp />
                <Rows duties what=What::Fair />
            </List>
        </Section>
    }
}

#[component]
fn Unvisited(duties: Memo<Duties>) -> impl IntoView {
    let app = App::here();
    let number = move || duties.with(|duties| duties.unvisited.len());
    let title = move || t("home.unvisited", &[("n", &count(number()))]);
    let lines = Signal::derive(move || {
        duties.with(|duties| {
            let since = match (&duties.round, duties.since) {
                (Some(round), Some(since)) => t(
                    "home.in_round",
                    &[("round", &label(round)), ("from", &date(&since.to_string()))],
                ),
                _ => t("home.in_days", &[]),
            };
            let whose = if duties.of_territory {
                "home.of_territory"
            } else {
                "home.of_mine"
            };
            vec![since, t(whose, &[("n", &count(duties.mine))])]
        })
    });
    let open = move |()| {
        let filter = Filter {
            mine: duties.with_untracked(|duties| !duties.of_territory),
            unvisited: true,
            ..Filter::default()
        };
        households::open(app, filter);
    };
    view! {
        <Show when=move || { number() > 0 }>
            <ListRow id="todo:unvisited" title lines on_click=open />
        </Show>
    }
}

/// A kind of duty with a day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Returned,
    Visit,
    FollowUp,
    Fair,
}

impl What {
    fn of(self, duties: &Duties) -> Vec<Due> {
        match self {
            Self::Returned => duties.returned.clone(),
            Self::Visit => duties.due.clone(),
            Self::FollowUp => duties.follow_up.clone(),
            Self::Fair => duties.fairs.clone(),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Returned => "returned",
            Self::Visit => "due",
            Self::FollowUp => "follow",
            Self::Fair => "fair",
        }
    }

    /// What it is, and when.
    fn line(self, on: Date, today: Date) -> String {
        let day = date(&on.to_string());
        let late = on.until(today).map_or(0, |span| span.get_days());
        let when = match late {
            0 => t("home.when_today", &[]),
            1.. => t("home.when_late", &[("date", &day), ("n", &late.to_string())]),
            _ => t("home.when_day", &[("date", &day)]),
        };
        t(&format!("home.{}", self.name()), &[("when", &when)])
    }

    const fn screen(self, due: &Due) -> Screen {
        match self {
            Self::Visit => Screen::Household(due.record),
            Self::Returned | Self::FollowUp => Screen::Record(due.record),
            Self::Fair => Screen::Fair(due.record),
        }
    }
}

#[component]
fn Rows(duties: Memo<Duties>, what: What) -> impl IntoView {
    let app = App::here();
    let all = RwSignal::new(false);
    let found = Memo::new(move |_| duties.with(|duties| what.of(duties)));
    let row = move |due: Due| {
        let now = app.follow(|register| Some(today(register.now())));
        let line = now.map(|now| what.line(due.on, now)).unwrap_or_default();
        let (id, screen) = (format!("todo:{}:{}", what.name(), due.record), what.screen(&due));
        view! { <ListRow id title=due.title lines=vec![line] on_click=move |()| app.go(screen.clone()) /> }
    };
    let rows = move || {
        let most = if all.get() { usize::MAX } else { SHOWN };
        found.get().into_iter().take(most).map(row).collect_view()
    };
    let more = move || found.with(Vec::len).saturating_sub(SHOWN);
    view! {
        {rows}
        <Show when=move || { more() > 0 && !all.get() }>
            <li><Button id=format!("todo:{}:more", what.name()) label=move || t("home.more", &[("n", &count(more()))])
                on_click=move |()| all.set(true) /></li>
        </Show>
    }
}
