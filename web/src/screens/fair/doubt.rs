//! "Cùng một người?": somebody like this one is in already, or on the lists. Names are shared by many,
//! so a person decides.

use std::sync::Arc;

use leptos::prelude::*;
use schemas::value::Scalar;
use sync_core::id::RecordId;

use super::counts::stands;
use super::desk::{Desk, Said};
use super::people::Candidate;
use crate::phone::{Draft, Register, RegisterError, Summary};
use crate::ui::{Button, Dialog, List, ListRow};
use crate::words::{clock, say, t};

/// Who it may be.
#[derive(Debug, Clone, PartialEq)]
enum Other {
    /// Somebody on the households' lists.
    Member(Arc<Candidate>),
    /// Somebody who is in: their name, and what tells them from others.
    In(RecordId, String, String),
}

/// One question about one draft.
#[derive(Clone)]
pub(super) struct Doubt {
    pub draft: Draft,
    others: Vec<Other>,
    done: Callback<()>,
}

impl Doubt {
    /// The question about this draft; the draft itself when there is none to ask.
    pub fn of(
        register: &Register,
        desk: Desk,
        draft: Draft,
        members: Vec<Arc<Candidate>>,
        done: Callback<()>,
    ) -> Result<Result<Self, Draft>, RegisterError> {
        let fair = desk.fair.to_string();
        let is_linked = draft.answers.contains_key("person_ref");
        let alike = register.duplicates(&draft)?.into_iter().filter(|other| {
            // Two different members are two people, whatever they are called.
            let another = is_linked && !other.summary.fact("person_ref").is_empty();
            stands(&other.summary) && other.summary.fact("fair_id") == fair && !another
        });
        let is_in = |person: &Arc<Candidate>| {
            let is_in = desk
                .roll
                .try_with_untracked(|roll| roll.of_member(&person.member).is_some());
            is_in == Some(true)
        };
        let members = members
            .into_iter()
            .filter(|person| !is_in(person))
            .map(Other::Member);
        let others: Vec<Other> = alike
            .map(|other| {
                Other::In(
                    other.id,
                    other.summary.title.clone(),
                    words_of(desk, &other.summary),
                )
            })
            .chain(members)
            .collect();
        Ok(if others.is_empty() {
            Err(draft)
        } else {
            Ok(Self { draft, others, done })
        })
    }

    fn name(&self) -> String {
        let name = self.draft.answers.get("full_name").and_then(Scalar::as_text);
        name.unwrap_or_default().to_owned()
    }

    /// What was said at the desk goes to the member's attendance.
    fn said(&self) -> Said {
        let text = |path: &str| {
            let value = self.draft.answers.get(path).and_then(Scalar::as_text);
            (path.to_owned(), value.unwrap_or_default().to_owned())
        };
        let needs = self
            .draft
            .answers
            .keys()
            .filter_map(|path| path.strip_prefix("needs/"));
        Said {
            needs: needs.map(str::to_owned).collect(),
            consent: self.draft.answers.get("consent_share_employer") == Some(&Scalar::Bool(true)),
            more: vec![text("phone"), text("id_number")],
        }
    }

    /// It is this one.
    fn same(&self, desk: Desk, other: &Other) {
        match other {
            Other::Member(person) => desk.check_in(Arc::clone(person), self.said(), true, self.done),
            Other::In(id, ..) => self.same_as_entry(desk, *id),
        }
    }

    /// They are in already. A member's check-in links the attendance to the list; a walk-in adds nothing.
    fn same_as_entry(&self, desk: Desk, id: RecordId) {
        let done = self.done;
        let links = ["person_ref", "hh_class_at_event"].into_iter();
        let links: Vec<_> = links
            .filter_map(|path| Some((path.to_owned(), self.draft.answers.get(path)?.clone())))
            .collect();
        let is_linked = self.draft.answers.contains_key("person_ref");
        let name = self.name();
        desk.work(async move |register| {
            if is_linked {
                register.set(id, links).await?;
            }
            desk.app.say(t("fair.is_in_already", &[("name", &name)]));
            done.try_run(());
            Ok(())
        });
    }
}

fn words_of(desk: Desk, summary: &Summary) -> String {
    let at = clock(summary.fact("checked_in_at")).unwrap_or_default();
    let village = desk.unit_name(summary.fact("residence_village_id"));
    let params = [
        ("year", summary.fact("birth_year")),
        ("village", &village),
        ("time", &at),
    ];
    t("fair.same.in_line", &params)
}

/// The question, while there is one.
#[component]
pub(super) fn DoubtDialog(desk: Desk) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(desk.doubt.with(Option::is_some)));
    let row = move |doubt: &Doubt, other: Other| {
        let (id, title, line) = match &other {
            Other::Member(person) => {
                let year = person.birth_year.map(|year| year.to_string()).unwrap_or_default();
                let params = [
                    ("year", year.as_str()),
                    ("village", &person.village),
                    ("head", &person.head),
                ];
                (
                    format!("same:{}", person.member),
                    person.name.clone(),
                    t("fair.same.member_line", &params),
                )
            }
            Other::In(id, name, line) => (format!("same:{id}"), name.clone(), line.clone()),
        };
        let doubt = doubt.clone();
        let pick = move |()| {
            desk.doubt.set(None);
            doubt.same(desk, &other);
        };
        view! { <ListRow id title lines=vec![line] on_click=pick /> }
    };
    let rows = move || {
        let doubt = desk.doubt.get()?;
        let others = doubt.others.clone().into_iter();
        Some(others.map(|other| row(&doubt, other)).collect_view())
    };
    let another = move |()| {
        if let Some(doubt) = desk.doubt.get_untracked() {
            desk.doubt.set(None);
            desk.save(doubt.draft, doubt.done);
        }
    };
    view! {
        <Dialog id="same" title=say("fair.same.title") open on_close=move |()| desk.doubt.set(None)>
            <p>{say("fair.same.text")}</p>
            <List>{rows}</List>
            <Button id="same:other" label=say("fair.same.other") wide=true on_click=another />
        </Dialog>
    }
}
