//! What forms of this app look into: other records, units, people.

use std::rc::Rc;

use jiff::Timestamp;
use leptos::prelude::*;
use schemas::ethnic::ethnic_groups;
use schemas::eval::Lookup;
use schemas::poverty::{Method, Standards};
use schemas::round::{ReviewRound, rounds_open};
use schemas::unit::Unit;
use schemas::value::{Answers, Scalar};
use sync_core::id::RecordId;

use super::names;
use crate::fill::{Looking, rows};
use crate::phone::{Known, Register, Shelf, Summary};
use crate::ui::OptionItem;
use crate::words::{date, label, today};

/// Periodic rounds of so many years back may still be written down.
const YEARS_BACK: i16 = 1;

/// Looks into the open register.
#[derive(Clone)]
pub struct Eyes {
    register: Rc<Register>,
    known: Rc<Known>,
    kind: String,
    answers: Signal<Answers>,
    glass: Glass,
}

/// Records that were opened; another shelf in its place evaluates the form again.
#[derive(Clone, Copy)]
struct Glass(RwSignal<Shelf, LocalStorage>);

impl Lookup for Glass {
    fn value(&self, kind: &str, id: &str, path: &str) -> Option<Scalar> {
        self.0.with(|shelf| shelf.value(kind, id, path))
    }

    fn commune_of(&self, unit_id: &str) -> Option<String> {
        self.0.with(|shelf| shelf.commune_of(unit_id))
    }
}

impl Eyes {
    /// For a form of `kind` with these answers. `shelf` holds the records that it refers to.
    #[must_use]
    pub fn new(
        register: Rc<Register>,
        known: Rc<Known>,
        kind: &str,
        answers: Signal<Answers>,
        shelf: Shelf,
    ) -> Self {
        Self {
            register,
            known,
            kind: kind.to_owned(),
            answers,
            glass: Glass(RwSignal::new_local(shelf)),
        }
    }

    /// Puts other records before the form.
    pub fn put(&self, shelf: Shelf) {
        // A form that was closed meanwhile looks no more.
        let _ = self.glass.0.try_set(shelf);
    }

    fn summary(&self, id: &str) -> Option<Rc<Summary>> {
        self.register.index().get(id.parse().ok()?)
    }

    /// Units of the level that the question's path names; both levels where it names none.
    fn units(&self, path: &str) -> Vec<OptionItem> {
        let day = today(self.register.now());
        let leaf = path.rsplit('/').next().unwrap_or(path);
        let in_force = |unit: &&Unit| !unit.ended_before(day);
        let villages = self.known.villages();
        let communes = self.known.communes();
        let mut units = Vec::new();
        if !leaf.contains("commune") {
            units.extend(villages.into_iter().filter(in_force));
        }
        if !leaf.contains("village") {
            units.extend(communes.into_iter().filter(in_force));
        }
        let commune = |unit: &Unit| {
            let above = self.known.units.commune_of(&unit.id, None);
            above
                .filter(|above| above.id != unit.id)
                .map(Unit::full_name)
                .unwrap_or_default()
        };
        let several = units.windows(2).any(|pair| commune(pair[0]) != commune(pair[1]));
        // The commune is said only where it tells units apart.
        let option = |unit: &Unit| {
            let sub = if several { commune(unit) } else { String::new() };
            OptionItem::new(&unit.id, &unit.name).with_sub(sub)
        };
        units.into_iter().map(option).collect()
    }

    /// The members of the household that the form is, or names; of every household where it names none.
    fn members(&self, answers: &Answers) -> Vec<OptionItem> {
        if self.kind == "household" {
            return self.own_members();
        }
        let household = answers.get("household_id").and_then(Scalar::as_text);
        match household {
            Some(id) => {
                let summary = self.summary(id);
                summary.map_or_else(Vec::new, |summary| self.people(&summary, false))
            }
            None => {
                let index = self.register.index();
                let all = index.of_kind("household");
                all.flat_map(|(_, summary)| self.people(summary, true)).collect()
            }
        }
    }

    fn people(&self, household: &Summary, with_head: bool) -> Vec<OptionItem> {
        let option = |person: &crate::phone::Person| {
            let fact = |name: &str| person.facts.get(name).map_or("", String::as_str);
            let relation = names::choice(&self.register, "household_member", "relation", fact("relation"));
            let head = if with_head {
                household.title.clone()
            } else {
                String::new()
            };
            OptionItem::new(&person.id, &person.name).with_sub(names::line(&[
                relation,
                fact("birth_date").get(..4).unwrap_or_default().to_owned(),
                head,
            ]))
        };
        household.people.iter().map(option).collect()
    }

    /// The members that are being typed right now. Typing a name does not list them again.
    fn own_members(&self) -> Vec<OptionItem> {
        self.answers.with_untracked(|answers| {
            let text = |path: String| answers.get(&path).and_then(Scalar::as_text).unwrap_or_default();
            let option = |row: String| {
                let id = row.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
                let relation = text(format!("{row}relation"));
                let relation = names::choice(&self.register, "household_member", "relation", relation);
                OptionItem::new(id, text(format!("{row}full_name"))).with_sub(relation)
            };
            rows(answers, "members").into_iter().map(option).collect()
        })
    }

    fn households(&self) -> Vec<OptionItem> {
        let index = self.register.index();
        let mut found: Vec<_> = index.of_kind("household").collect();
        found.sort_by(|(_, one), (_, other)| one.sort.cmp(&other.sort));
        let option = |(id, summary): (RecordId, &Rc<Summary>)| {
            let village = names::unit(&self.register, summary.fact("village_id"));
            OptionItem::new(id.to_string(), &summary.title).with_sub(village)
        };
        found.into_iter().map(option).collect()
    }

    /// Rounds that are open, and those that were: a paper may be written down late.
    fn rounds(&self) -> Vec<OptionItem> {
        let day = today(self.register.now());
        let past = (0..=YEARS_BACK).filter_map(|years| ReviewRound::periodic(day.year() - years));
        let last_month = day.first_of_month().yesterday().ok();
        let regular = last_month.and_then(|day| ReviewRound::regular(day.year(), day.month()));
        let mut found = rounds_open(day);
        for round in past.chain(regular) {
            if round.from <= day && found.iter().all(|known| known.id != round.id) {
                found.push(round);
            }
        }
        let span = |round: &ReviewRound| {
            format!(
                "{} – {}",
                date(&round.from.to_string()),
                date(&round.to.to_string())
            )
        };
        let option =
            |round: ReviewRound| OptionItem::new(&round.id, label(&round.label())).with_sub(span(&round));
        found.into_iter().map(option).collect()
    }

    fn users(&self) -> Vec<OptionItem> {
        let certs = self.known.directory.iter();
        let people: std::collections::BTreeMap<String, String> = certs
            .filter(|cert| !cert.revoked)
            .map(|cert| (cert.user.to_string(), cert.user_name.clone()))
            .collect();
        let mut options: Vec<OptionItem> = people
            .into_iter()
            .map(|(id, name)| OptionItem::new(id, name))
            .collect();
        options.sort_by_cached_key(|option| schemas::text::person_sort_key(&option.label));
        options
    }
}

impl Looking for Eyes {
    fn now(&self) -> Timestamp {
        self.register.now()
    }

    fn user(&self) -> String {
        self.known.identity.user.to_string()
    }

    fn lookup(&self) -> &dyn Lookup {
        &self.glass
    }

    fn options(&self, kind: &str, path: &str, answers: &Answers) -> Vec<OptionItem> {
        match kind {
            "admin_unit" => self.units(path),
            "household_member" => self.members(answers),
            "household" => self.households(),
            "review_round" => self.rounds(),
            "poverty_standard" => standards(),
            "user" => self.users(),
            "ethnic_group" => ethnic_groups()
                .iter()
                .map(|group| OptionItem::new(&group.code, label(&group.label)))
                .collect(),
            other => {
                let index = self.register.index();
                let all = index.of_kind(other);
                all.map(|(id, summary)| OptionItem::new(id.to_string(), &summary.title))
                    .collect()
            }
        }
    }

    fn label(&self, kind: &str, id: &str) -> Option<String> {
        match kind {
            "household_member" if self.kind == "household" => {
                let own = self.own_members().into_iter().find(|option| option.value == id);
                own.map(|option| option.label)
            }
            "household_member" => {
                let index = self.register.index();
                let mut people = index
                    .of_kind("household")
                    .flat_map(|(_, summary)| &summary.people);
                people
                    .find(|person| person.id == id)
                    .map(|person| person.name.clone())
            }
            "user" => {
                let mut certs = self.known.directory.iter();
                let cert = certs.find(|cert| cert.user.to_string() == id)?;
                Some(cert.user_name.clone())
            }
            "review_round" => ReviewRound::by_id(id).map(|round| label(&round.label())),
            "poverty_standard" => Standards::built_in()
                .by_id(id)
                .map(|standard| label(&standard.label)),
            "admin_unit" | "ethnic_group" => None,
            _ => self
                .summary(id)
                .map(|summary| names::title(&self.register, &summary)),
        }
    }
}

/// Standards that this program can compute.
fn standards() -> Vec<OptionItem> {
    let standards = Standards::built_in().standards.iter();
    let computed = standards.filter(|standard| standard.method == Method::ScoreAB);
    computed
        .map(|standard| OptionItem::new(&standard.id, label(&standard.label)))
        .collect()
}
