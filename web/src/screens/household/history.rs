//! What happened to a household: visits, support received, classes.

use leptos::prelude::*;
use sync_core::id::RecordId;

use super::{Home, records_of};
use crate::app::Screen;
use crate::phone::Summary;
use crate::screens::begin::begin_support;
use crate::screens::duties::stands;
use crate::screens::names;
use crate::ui::{Button, Icon, List, ListRow, Section};
use crate::words::{count, date, date_time, money, say, t};

/// Visits drawn before somebody asks for more.
const SHOWN: usize = 10;

/// Visits, newest first.
#[component]
pub(super) fn Visits(home: Home) -> impl IntoView {
    let visits = Memo::new(move |_| records_of(home.app, home.id, "household_visit", "visited_at"));
    let all = RwSignal::new(false);
    let none = move || visits.with(Vec::is_empty);
    let more = move || visits.with(Vec::len).saturating_sub(SHOWN);
    let rows = move || {
        let most = if all.get() { usize::MAX } else { SHOWN };
        visits
            .get()
            .into_iter()
            .take(most)
            .map(|(id, visit)| visit_row(home, id, visit))
            .collect_view()
    };
    view! {
        <Section title=say("household.visits")>
            <p class="hint" hidden=move || !none()>{say("household.no_visits")}</p>
            <List>{rows}</List>
            <Show when=move || { more() > 0 && !all.get() }>
                <Button id="visits:more" label=move || t("household.more", &[("n", &count(more()))]) wide=true
                    on_click=move |()| all.set(true) />
            </Show>
        </Section>
    }
}

fn visit_row(home: Home, id: RecordId, visit: Summary) -> impl IntoView {
    let app = home.app;
    let marks = names::marks(&visit);
    let register = app.register();
    let word = |field: &str| {
        let register = register.as_ref();
        register.map_or_else(String::new, |register| {
            names::choice(register, "household_visit", field, visit.fact(field))
        })
    };
    let next = visit.fact("next_visit_on");
    let next = (!next.is_empty()).then(|| t("household.next", &[("date", &date(next))]));
    let class = match (word("class_recognised"), word("class_proposed")) {
        (recognised, _) if !recognised.is_empty() => t("household.recognised", &[("class", &recognised)]),
        (_, proposed) if !proposed.is_empty() => t("household.proposed", &[("class", &proposed)]),
        _ => String::new(),
    };
    let second = names::line(&[class, next.unwrap_or_default()]);
    let mut lines = vec![names::line(&[
        date_time(visit.fact("visited_at")),
        word("outcome"),
    ])];
    lines.extend((!second.is_empty()).then_some(second));
    view! {
        <ListRow id=format!("visit:{id}") title=word("visit_type") lines badge=move || names::badges(&marks)
            on_click=move |()| app.go(Screen::Record(id)) />
    }
}

/// Support that was given, newest first.
#[component]
pub(super) fn Supports(home: Home) -> impl IntoView {
    let Home {
        app, id: household, ..
    } = home;
    let supports = Memo::new(move |_| records_of(app, household, "support_measure", "provided_on"));
    let none = move || supports.with(Vec::is_empty);
    let row = move |(id, support): (RecordId, Summary)| {
        let register = app.register();
        let word = |field: &str| {
            let register = register.as_ref();
            register.map_or_else(String::new, |register| {
                names::choice(register, "support_measure", field, support.fact(field))
            })
        };
        let amount = support.fact("amount_vnd").parse().map(money).unwrap_or_default();
        let when = names::line(&[date(support.fact("provided_on")), word("stage"), amount]);
        let marks = names::marks(&support);
        let title = names::line(&[word("kind"), support.title.clone()]);
        view! {
            <ListRow id=format!("support:{id}") title lines=vec![when] badge=move || names::badges(&marks)
                on_click=move |()| app.go(Screen::Record(id)) />
        }
    };
    view! {
        <Section title=say("household.supports")>
            <p class="hint" hidden=move || !none()>{say("household.no_supports")}</p>
            <List>{move || supports.get().into_iter().map(row).collect_view()}</List>
            <Button id="support:new" label=say("household.support_new") icon=Icon::Add
                on_click=move |()| begin_support(app, household) />
        </Section>
    }
}

/// The class it stands under, and those recognised before.
#[component]
pub(super) fn Classes(home: Home) -> impl IntoView {
    let recognised = Memo::new(move |_| {
        let visits = records_of(home.app, home.id, "household_visit", "decision_date");
        recognised(visits.into_iter().map(|(_, visit)| visit))
    });
    let word = move |class: &str| {
        home.app
            .follow(|register| names::choice(register, "household", "current_class", class))
    };
    let current = move || {
        let class = home.fact("current_class");
        if class.is_empty() {
            t("household.class_unknown", &[])
        } else {
            word(&class)
        }
    };
    let lines = move || {
        let line = |(day, class): (String, String)| view! { <div><dt>{date(&day)}</dt><dd>{word(&class)}</dd></div> };
        recognised.get().into_iter().map(line).collect_view()
    };
    view! {
        <Section title=say("household.classes")>
            <dl class="answers">
                <div><dt>{say("household.class_now")}</dt><dd data-id="household:class_now">{current}</dd></div>
                {lines}
            </dl>
        </Section>
    }
}

/// Days of decision and what was recognised, newest first; one decision is one line, though a visit
/// may have been written under two standards.
fn recognised(visits: impl Iterator<Item = Summary>) -> Vec<(String, String)> {
    let decided = visits.filter(stands).map(|visit| {
        let both = (visit.fact("decision_date"), visit.fact("class_recognised"));
        (both.0.to_owned(), both.1.to_owned())
    });
    let mut decided: Vec<_> = decided.filter(|(_, class)| !class.is_empty()).collect();
    decided.sort_by(|one, other| other.cmp(one));
    decided.dedup();
    decided
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screens::duties::tests::record;

    #[test]
    fn recognised_classes_newest_first() {
        let visit = |day: &str, class: &str, void: &str| {
            let facts = [
                ("decision_date", day),
                ("class_recognised", class),
                ("void_reason", void),
            ];
            record("household_visit", "", &facts)
        };
        let visits = [
            visit("2024-12-20", "poor", ""),
            visit("2025-12-20", "near_poor", ""),
            visit("2025-12-20", "near_poor", ""),
            visit("2026-01-20", "non_poor", "nhầm hộ"),
            visit("", "", ""),
        ];
        let found = recognised(visits.into_iter());
        let found: Vec<_> = found
            .iter()
            .map(|(day, class)| (day.as_str(), class.as_str()))
            .collect();
        assert_eq!(found, [("2025-12-20", "near_poor"), ("2024-12-20", "poor")]);
    }
}
