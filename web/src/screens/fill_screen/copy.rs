//! What the last review of a household said and rarely changes, taken over with one touch.

use leptos::prelude::*;
use leptos::task::spawn_local;
use schemas::value::{Answers, Scalar};
use sync_core::id::RecordId;

use super::desk::Desk;
use crate::phone::{Register, RegisterError};
use crate::screens::duties::stands;
use crate::ui::{Button, Icon};
use crate::words::{date, t};

/// What is taken over: the house, its water and toilet, and what people own stay as they are for
/// years, and are seen at a glance when they do not. Scores, indicators, causes and wishes are asked
/// anew each time: they are what a review is for.
const SLOW: [&str; 9] = [
    "area_type",
    "house_wall",
    "house_pillar",
    "house_roof",
    "house_area_m2",
    "water_source",
    "toilet_type",
    "has_internet",
    "devices",
];

/// The answers of an earlier visit that are taken over.
#[must_use]
pub fn slow_answers(visit: &Answers) -> Answers {
    let is_slow = |path: &str| {
        let question = path.split('/').next().unwrap_or(path);
        SLOW.contains(&question)
    };
    let kept = visit
        .iter()
        .filter(|(path, value)| is_slow(path) && !value.is_blank());
    kept.map(|(path, value)| (path.clone(), value.clone())).collect()
}

/// Offers to take over the answers of the newest visit that has some.
#[component]
pub fn CopyLast(desk: Desk) -> impl IntoView {
    let found: RwSignal<Option<(String, Answers)>> = RwSignal::new(None);
    let done = RwSignal::new(false);
    let (work, household) = (desk.work.get_value(), desk.household_id());
    spawn_local(async move {
        // Without it the button is missing; the form works all the same.
        let Some(household) = household else { return };
        if let Ok(Some(last)) = last_review(&work.register, household, work.id()).await {
            let _ = found.try_set(Some(last));
        }
    });
    let label = move || {
        let at = found.with(|found| found.as_ref().map(|(at, _)| date(at)));
        t("visit.copy_last", &[("date", &at.unwrap_or_default())])
    };
    let copy = move |()| {
        if let Some((_, answers)) = found.get_untracked() {
            desk.take_over(answers);
            done.set(true);
            desk.app.say(t("visit.copied", &[]));
        }
    };
    // On the first page only: later ones may hold answers that were looked at already.
    let shown = move || found.with(Option::is_some) && !done.get() && desk.page.get() == 0;
    view! {
        <Show when=shown>
            <Button id="visit:copy_last" label icon=Icon::Check wide=true on_click=copy />
        </Show>
    }
}

async fn last_review(
    register: &Register,
    household: RecordId,
    not: RecordId,
) -> Result<Option<(String, Answers)>, RegisterError> {
    let household = household.to_string();
    let mut visits: Vec<(String, RecordId)> = register
        .index()
        .of_kind("household_visit")
        .filter(|(id, visit)| *id != not && stands(visit) && visit.fact("household_id") == household)
        .map(|(id, visit)| (visit.fact("visited_at").to_owned(), id))
        .collect();
    visits.sort_by(|one, other| other.cmp(one));
    for (at, id) in visits {
        let answers = register.answers_of(id).await?.unwrap_or_default();
        let slow = slow_answers(&answers);
        // The area alone is known from the household.
        if slow.keys().any(|path| path != "area_type") {
            return Ok(Some((at, slow)));
        }
    }
    Ok(None)
}

/// Puts the answers that nobody gave yet; what was answered stays.
pub fn merge(answers: &mut Answers, slow: Answers) {
    let ticked = answers
        .range("devices/".to_owned()..)
        .any(|(path, _)| path.starts_with("devices/"));
    for (path, value) in slow {
        let blank = answers.get(&path).is_none_or(Scalar::is_blank);
        if blank && !(ticked && path.starts_with("devices/")) {
            answers.insert(path, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use schemas::catalog::Catalog;

    use super::*;

    #[test]
    fn slow_answers_are_questions_of_the_form() {
        let form = Catalog::builtin().form("household_visit").expect("built in");
        for name in SLOW {
            assert!(form.field(name).is_some(), "{name}");
        }
    }

    #[test]
    fn only_what_changes_slowly_is_taken_over() {
        let last = Answers::from([
            ("house_roof".to_owned(), "durable".into()),
            ("devices/tv".to_owned(), true.into()),
            ("devices/radio".to_owned(), true.into()),
            ("water_source".to_owned(), Scalar::Null),
            ("score_a".to_owned(), Scalar::Int(120)),
            ("dep_water".to_owned(), true.into()),
            ("aspirations".to_owned(), "vay vốn".into()),
        ]);
        let slow = slow_answers(&last);
        assert_eq!(
            slow.keys().collect::<Vec<_>>(),
            ["devices/radio", "devices/tv", "house_roof"]
        );
        let mut answers = Answers::from([
            ("house_roof".to_owned(), "non_durable".into()),
            ("devices/tv".to_owned(), true.into()),
        ]);
        merge(&mut answers, slow.clone());
        assert_eq!(answers.get("house_roof"), Some(&"non_durable".into()));
        assert!(!answers.contains_key("devices/radio"), "ticks were given already");
        let mut empty = Answers::new();
        merge(&mut empty, slow.clone());
        assert_eq!(empty, slow);
    }
}
