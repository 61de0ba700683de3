//! The sheet of one person from the lists: what they want, and whether they agree.

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::prelude::*;

use super::desk::{Desk, Said};
use super::people::Candidate;
use crate::ui::{Button, ButtonKind, Checks, Dialog, Icon, YesNo, focus};
use crate::words::{say, t};

/// What is asked of everybody: needs and consent. Shared by the sheet and the walk-in form.
#[derive(Clone, Copy, Default)]
pub(super) struct Asked {
    pub needs: RwSignal<BTreeSet<String>>,
    pub consent: RwSignal<Option<bool>>,
    /// Saving was tried: what is missing is said.
    pub checked: RwSignal<bool>,
}

impl Asked {
    /// For the next person: nothing is carried over.
    pub fn clear(&self) {
        self.needs.update(BTreeSet::clear);
        self.consent.set(None);
        self.checked.set(false);
    }

    /// What was said, when all of it was; else the first piece that is missing gets the focus.
    pub fn said(&self, id: &str) -> Option<Said> {
        self.checked.set(true);
        let (needs, consent) = (self.needs.get_untracked(), self.consent.get_untracked());
        match consent {
            _ if needs.is_empty() => focus(&format!("{id}:needs")),
            None => focus(&format!("{id}:consent")),
            Some(consent) => {
                return Some(Said {
                    needs,
                    consent,
                    more: Vec::new(),
                });
            }
        }
        None
    }
}

/// Needs and consent.
#[component]
pub(super) fn Asking(
    desk: Desk,
    asked: Asked,
    /// The pieces are `<id>:same`, `<id>:needs`, `<id>:consent`.
    id: &'static str,
) -> impl IntoView {
    let options = Signal::derive(move || desk.choices("attendance_needs"));
    let tick = move |(need, on): (String, bool)| {
        asked.needs.update(|needs| {
            if on {
                needs.insert(need);
            } else {
                needs.remove(&need);
            }
        });
    };
    let can_repeat =
        move || asked.needs.with(BTreeSet::is_empty) && !desk.last_needs.with(BTreeSet::is_empty);
    let repeat = move || {
        let needs = desk.last_needs.get();
        let words: Vec<String> = needs
            .iter()
            .map(|need| desk.choice("attendance_needs", need))
            .collect();
        t("fair.same_needs", &[("needs", &words.join(", "))])
    };
    let missing = move |is: bool, key: &'static str| {
        if is && asked.checked.get() {
            t(key, &[])
        } else {
            String::new()
        }
    };
    let no_needs =
        Signal::derive(move || missing(asked.needs.with(BTreeSet::is_empty), "fair.needs_missing"));
    let no_consent = Signal::derive(move || missing(asked.consent.get().is_none(), "fair.consent_missing"));
    view! {
        <Show when=can_repeat>
            <Button id=format!("{id}:same") label=repeat wide=true
                on_click=move |()| asked.needs.set(desk.last_needs.get_untracked()) />
        </Show>
        <Checks id=format!("{id}:needs") label=say("fair.needs") options ticked=asked.needs
            on_tick=tick required=true error=no_needs />
        <YesNo id=format!("{id}:consent") label=say("fair.consent") hint=say("fair.consent_hint")
            value=asked.consent on_pick=move |answer| asked.consent.set(answer) required=true error=no_consent />
    }
}

/// The sheet; it is open while `picked` holds somebody.
#[component]
pub(super) fn CheckIn(
    desk: Desk,
    picked: RwSignal<Option<Arc<Candidate>>>,
    /// Runs once the person is in.
    on_done: Callback<()>,
) -> impl IntoView {
    let asked = Asked::default();
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        let somebody = picked.with(Option::is_some);
        asked.clear();
        open.set(somebody);
    });
    let title = move || {
        picked
            .get()
            .map_or_else(String::new, |person| person.name.clone())
    };
    let line = move || {
        picked
            .get()
            .map_or_else(String::new, |person| person_line(&person))
    };
    let class = move || {
        let class = picked
            .get()
            .map(|person| person.class.clone())
            .unwrap_or_default();
        if class.is_empty() {
            class
        } else {
            desk.choice("hh_class", &class)
        }
    };
    let done = Callback::new(move |()| {
        picked.set(None);
        on_done.run(());
    });
    let save = move |()| {
        let (Some(person), Some(said)) = (picked.get_untracked(), asked.said("checkin")) else {
            return;
        };
        desk.check_in(person, said, false, done);
    };
    view! {
        <Dialog id="checkin" title open on_close=move |()| picked.set(None)>
            <p class="sub">{line}</p>
            <p class="sub">{class}</p>
            <Asking desk asked id="checkin" />
            <div class="desk-foot">
                <Button id="checkin:save" label=say("fair.check_in") kind=ButtonKind::Primary wide=true
                    icon=Icon::Check busy=desk.busy on_click=save />
            </div>
        </Dialog>
    }
}

/// What tells a person from another of the same name: year, village, head of the household.
pub(super) fn person_line(person: &Candidate) -> String {
    let year = person.birth_year.map(|year| year.to_string()).unwrap_or_default();
    let params = [
        ("year", year.as_str()),
        ("village", &person.village),
        ("head", &person.head),
    ];
    t("fair.person_line", &params)
}
