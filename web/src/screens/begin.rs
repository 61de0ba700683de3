//! Forms begun: what is known already is in them when they open.

use std::future::Future;
use std::rc::Rc;

use jiff::civil::Date;
use leptos::task::spawn_local;
use schemas::path::REMOVED;
use schemas::poverty::Standards;
use schemas::round::{ReviewRound, RoundKind, rounds_open};
use schemas::value::{Answers, Scalar};
use sync_core::id::RecordId;

use crate::app::{App, Screen};
use crate::phone::{Draft, Register, RegisterError};
use crate::words::{t, today};

/// True for the kinds of visit that assess a household.
#[must_use]
pub fn is_review(visit_type: &str) -> bool {
    matches!(visit_type, "periodic_review" | "regular_review" | "recheck")
}

/// Begins to write down a visit to a household; goes on with the one that was begun, if any.
pub fn begin_visit(app: App, household: RecordId, visit_type: String) {
    begin(app, move |register| async move {
        let known = visit_known(household, &visit_type, today(register.now()));
        let same = |draft: &Draft| {
            draft.kind == "household_visit"
                && ["household_id", "visit_type"]
                    .iter()
                    .all(|path| draft.answers.get(*path) == known.get(*path))
        };
        match begun(&register, same).await? {
            Some(id) => {
                app.say(t("visit.going_on", &[]));
                Ok(id)
            }
            None => about(&register, "household_visit", household, known.clone()).await,
        }
    });
}

/// What a visit says before anybody asked a question. A review is made in the round that is open,
/// under the standard in force on its day.
fn visit_known(household: RecordId, visit_type: &str, on: Date) -> Answers {
    let mut known = Answers::new();
    let mut put = |path: &str, text: &str| known.insert(path.to_owned(), Scalar::from(text));
    put("household_id", &household.to_string());
    put("visit_type", visit_type);
    if is_review(visit_type) {
        if let Some(round) = round_for(visit_type, on) {
            put("review_round_id", &round.id);
        }
        if let Some(standard) = Standards::built_in().standard_for(on) {
            put("standard_id", &standard.id);
        }
    }
    known
}

/// The open round that a kind of visit belongs to; a re-check belongs to whatever is open.
#[must_use]
pub fn round_for(visit_type: &str, on: Date) -> Option<ReviewRound> {
    let fits = |round: &ReviewRound| match visit_type {
        "periodic_review" => round.kind == RoundKind::Periodic,
        "regular_review" => round.kind == RoundKind::Regular,
        "recheck" => true,
        _ => false,
    };
    rounds_open(on).into_iter().find(fits)
}

/// Begins to write down a support that a household was given.
pub fn begin_support(app: App, household: RecordId) {
    begin(app, move |register| async move {
        let id = Scalar::Text(household.to_string());
        let same =
            |draft: &Draft| draft.kind == "support_measure" && draft.answers.get("household_id") == Some(&id);
        match begun(&register, same).await? {
            Some(id) => {
                app.say(t("visit.going_on", &[]));
                Ok(id)
            }
            None => {
                let known = Answers::from([("household_id".to_owned(), id.clone())]);
                about(&register, "support_measure", household, known).await
            }
        }
    });
}

/// Begins to register a household. Its head is the first of its members.
pub fn begin_household(app: App) {
    begin(app, move |register| async move {
        let head = register.new_id();
        let mut known = Answers::new();
        let mut put = |path: &str, value: Scalar| known.insert(path.to_owned(), value);
        put("move_status", "resident".into());
        put("current_class", "unclassified".into());
        put(&format!("members/{head}/{REMOVED}"), false.into());
        put(&format!("members/{head}/relation"), "head".into());
        put(&format!("members/{head}/presence"), "present".into());
        if let Some(area) = area(&register) {
            put("area_type", area.into());
        }
        let shelf = register.shelf([]).await?;
        keep(&register, register.begin("household", known, &shelf)?).await
    });
}

/// Rural or urban, where the holder works in one commune only: a xã is rural.
fn area(register: &Register) -> Option<&'static str> {
    let known = register.known().ok()?;
    match known.communes().as_slice() {
        [commune] if commune.kind == "xã" => Some("rural"),
        [_] => Some("urban"),
        _ => None,
    }
}

/// Opens a record to be edited; goes on with the edit that was begun, if any.
pub fn begin_edit(app: App, record: RecordId) {
    begin(app, move |register| async move {
        match begun(&register, |draft| draft.id == record).await? {
            Some(id) => {
                app.say(t("visit.going_on", &[]));
                Ok(id)
            }
            None => keep(&register, register.begin_edit(record).await?).await,
        }
    });
}

/// Does the beginning, then opens the form or says what went wrong.
fn begin<F>(app: App, beginning: impl FnOnce(Rc<Register>) -> F + 'static)
where
    F: Future<Output = Result<RecordId, RegisterError>>,
{
    let Some(register) = app.register() else { return };
    spawn_local(async move {
        match beginning(register).await {
            Ok(id) => app.go(Screen::Fill(id)),
            Err(error) => app.say_error(&error),
        }
    });
}

async fn begun(
    register: &Register,
    same: impl Fn(&Draft) -> bool,
) -> Result<Option<RecordId>, RegisterError> {
    let drafts = register.drafts().await?;
    Ok(drafts.iter().find(|draft| same(draft)).map(|draft| draft.id))
}

/// A new form about a household, named after it.
async fn about(
    register: &Register,
    kind: &str,
    household: RecordId,
    known: Answers,
) -> Result<RecordId, RegisterError> {
    let shelf = register.shelf([household]).await?;
    let mut draft = register.begin(kind, known, &shelf)?;
    let summary = register.index().get(household);
    draft.title = summary.map_or_else(String::new, |summary| summary.title.clone());
    keep(register, draft).await
}

async fn keep(register: &Register, draft: Draft) -> Result<RecordId, RegisterError> {
    register.keep_draft(&draft).await?;
    Ok(draft.id)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_review_knows_its_round_and_standard() {
        let id: RecordId = "01900000-0000-7000-8000-000000000001".parse().expect("an id");
        let said = |visit_type: &str, on: Date, path: &str| {
            let known = visit_known(id, visit_type, on);
            known
                .get(path)
                .and_then(|value| value.as_text().map(str::to_owned))
                .unwrap_or_default()
        };
        let autumn = date(2026, 11, 23);
        for (visit_type, on, round, standard) in [
            ("periodic_review", autumn, "periodic-2026", "VN-2022-2025"),
            ("regular_review", autumn, "regular-2026-11", "VN-2022-2025"),
            ("recheck", autumn, "periodic-2026", "VN-2022-2025"),
            ("periodic_review", date(2026, 6, 1), "", "VN-2022-2025"),
            (
                "regular_review",
                date(2027, 1, 20),
                "regular-2027-01",
                "VN-2027-2030",
            ),
            ("support", autumn, "", ""),
        ] {
            assert_eq!(
                said(visit_type, on, "review_round_id"),
                round,
                "{visit_type} {on}"
            );
            assert_eq!(said(visit_type, on, "standard_id"), standard, "{visit_type} {on}");
            assert_eq!(said(visit_type, on, "visit_type"), visit_type);
        }
    }
}
