//! What lists show of a record, worked out once when the record changes.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use minicbor::{Decode, Encode};
use schemas::eval::{Context, Lookup, evaluate};
use schemas::form::Form;
use schemas::key::weak_keys;
use schemas::path::REMOVED;
use schemas::project::display;
use schemas::reference::reference_value;
use schemas::value::{Answers, Scalar};
use sync_core::id::RecordId;
use sync_core::phone::{ChangeRow, ChangeState, shown, standing};
use sync_core::policy::ParkReason;
use sync_core::record::{KIND, REVIEW_STATE, Record, SAME_AS};

use super::Known;
use super::cell::RecordCell;
use crate::fill::rows;
use crate::rows::RowsError;

/// Rises when summaries are worked out otherwise: then all are worked out again.
pub(super) const SUMMARY_VERSION: u8 = 4;

/// Answers that lists need, by kind; how the review of a record stands, of every kind, beside them.
const FACTS: [(&str, &[&str]); 6] = [
    (
        "household",
        &[
            "village_id",
            "head_name",
            "head_birth_year",
            "ethnicity_code",
            "current_class",
            "helper_user_id",
            "move_status",
            "recently_escaped_until",
            "no_labour_capacity",
        ],
    ),
    (
        "household_visit",
        &[
            "household_id",
            "village_id",
            "visit_type",
            "review_round_id",
            "standard_id",
            "visited_at",
            "visitor_id",
            "outcome",
            "next_visit_on",
            "class_proposed",
            "class_recognised",
            "decision_date",
        ],
    ),
    (
        "job_fair",
        &[
            "code",
            "fair_type",
            "name",
            "venue",
            "host_commune_id",
            "start_at",
            "end_at",
            "lifecycle",
            "headcount_declared",
        ],
    ),
    (
        "job_fair_attendance",
        &[
            "fair_id",
            "person_ref",
            "full_name",
            "sex",
            "birth_year",
            "residence_village_id",
            "ethnicity_code",
            "hh_class_at_event",
            "checked_in_at",
            "registered_by",
            "overseas_stage",
            "follow_up_on",
        ],
    ),
    (
        "support_measure",
        &[
            "household_id",
            "person_ref",
            "kind",
            "programme",
            "amount_vnd",
            "provided_on",
            "stage",
        ],
    ),
    (
        "commune_indicator",
        &[
            "unit_id",
            "code",
            "period",
            "value_num",
            "value_bool",
            "denominator",
        ],
    ),
];

/// Somebody of a household, as lists show them.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Person {
    /// The id of the row.
    #[n(0)]
    pub id: String,
    /// Full name.
    #[n(1)]
    pub name: String,
    /// Other short answers of the row, by field name.
    #[n(2)]
    pub facts: BTreeMap<String, String>,
}

/// Fields of a member that lists and targets need.
const PERSON_FACTS: [&str; 11] = [
    "relation",
    "sex",
    "birth_date",
    "ethnicity_code",
    "presence",
    "able_to_work",
    "employment_status",
    "stable_income",
    "has_health_insurance",
    "literate",
    "disability",
];

/// A record as lists show it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct Summary {
    /// The id of its form.
    #[n(0)]
    pub kind: String,
    /// The name people know it by; empty if it has none.
    #[n(1)]
    pub title: String,
    /// Short answers by path, as text: `true`, `12`, `2024-10-05`.
    #[n(2)]
    pub facts: BTreeMap<String, String>,
    /// The people of a household.
    #[n(3)]
    pub people: Vec<Person>,
    /// The keys under which likely duplicates find it.
    #[n(4)]
    pub weak: Vec<String>,
    /// Fields on which people disagree and somebody has to decide (`conflict: review`).
    #[n(5)]
    pub conflicts: u32,
    /// Changes of this phone without the server's word.
    #[n(6)]
    pub unsent: u32,
    /// Some of them are in no envelope yet.
    #[n(7)]
    pub pending: bool,
    /// Something of this phone's waits at the server for what it builds on.
    #[n(8)]
    pub waiting: bool,
    /// Why something of this phone's may not be merged.
    #[n(9)]
    pub parked: Vec<ParkReason>,
    /// This phone wrote to it.
    #[n(10)]
    pub own: bool,
    /// `parked`, `pending`, `waiting` or `confirmed`.
    #[n(11)]
    pub state: String,
    /// Members' folded names and the title, to search in.
    #[n(12)]
    pub search: String,
    /// Sorts people the Vietnamese way: by given name.
    #[n(13)]
    pub sort: String,
    /// Nothing of it can be shown: it left, or waits for what it builds on. Only what became of this
    /// phone's work on it is known, and lists of its kind leave it out.
    #[n(14)]
    pub blank: bool,
    /// The household that stands for the one it names, where an officer found both to be one. The index knows.
    #[cbor(skip)]
    pub household: Option<String>,
}

impl Summary {
    /// A short answer; empty if there is none.
    #[must_use]
    pub fn fact(&self, path: &str) -> &str {
        match &self.household {
            Some(household) if path == "household_id" => household,
            _ => self.named(path),
        }
    }

    /// The record that stands for this one, where an officer found both to be one.
    pub(super) fn same_as(&self) -> Option<RecordId> {
        self.named(SAME_AS).parse().ok()
    }

    /// The household that it names itself.
    pub(super) fn own_household(&self) -> Option<RecordId> {
        self.named("household_id").parse().ok()
    }

    fn named(&self, path: &str) -> &str {
        self.facts.get(path).map_or("", String::as_str)
    }

    /// What lists show of a record; `None` for one that is not here, or is nothing yet.
    pub(super) fn of(known: &Known, id: RecordId, cell: &RecordCell) -> Result<Option<Self>, RowsError> {
        let row = cell.row();
        let kept = row
            .open(id)
            .map_err(|error| RowsError::Damaged(error.to_string()))?;
        let record = shown(&kept);
        let rows = cell.changes(id);
        let kind = record
            .get(KIND)
            .and_then(|kind| kind.as_text().map(str::to_owned));
        let blank = kind.is_none();
        let Some(kind) = kind.or(row.kind) else {
            return Ok(None);
        };
        // A record that left is not shown, unless something of this phone's may still come of it.
        if row.gone && !rows.iter().any(|row| row.own && counts(row.state)) {
            return Ok(None);
        }
        let form = known.form_of(&record);
        let raw = record.answers();
        let (answers, weak) = match form {
            Some(form) => worked_out(known, form, &raw, written_at(&rows)),
            None => (raw, Vec::new()),
        };
        let title = form.map_or_else(String::new, |form| title_of(form, &answers));
        let reviewed = answers.contains_key(REVIEW_STATE);
        let mut facts = BTreeMap::new();
        let wanted = FACTS
            .iter()
            .find(|(name, _)| *name == kind)
            .map_or(&[][..], |(_, paths)| paths);
        if reviewed {
            facts.insert(REVIEW_STATE.to_owned(), record.review_state());
        }
        for path in wanted.iter().chain(&["void_reason", SAME_AS]) {
            if let Some(value) = answers.get(*path).filter(|value| !value.is_blank()) {
                facts.insert((*path).to_owned(), plain(value));
            }
        }
        let outcomes = outcomes_of(&answers);
        if !outcomes.is_empty() {
            facts.insert("outcomes".to_owned(), outcomes);
        }
        let people = people_of(&answers);
        let names = people.iter().map(|person| person.name.as_str());
        let all_names: Vec<&str> = std::iter::once(title.as_str()).chain(names).collect();
        Ok(Some(Self {
            search: schemas::text::fold_search(&all_names.join(" | ")),
            sort: schemas::text::person_sort_key(&title),
            conflicts: to_decide(&record, form),
            kind,
            title,
            facts,
            people,
            weak,
            blank,
            ..Self::of_work(&rows)
        }))
    }

    /// How far this phone's work on the record has come.
    fn of_work(rows: &[ChangeRow]) -> Self {
        let own = || rows.iter().filter(|row| row.own);
        Self {
            unsent: u32::try_from(own().filter(|row| row.state.is_unsent()).count()).unwrap_or(u32::MAX),
            pending: own().any(|row| row.state == ChangeState::Pending),
            waiting: own().any(|row| row.state == ChangeState::Waiting),
            parked: own()
                .filter_map(|row| match row.state {
                    ChangeState::Parked(reason) => Some(reason),
                    _ => None,
                })
                .collect(),
            own: own().next().is_some(),
            state: standing(rows).state.to_owned(),
            ..Self::default()
        }
    }
}

const fn counts(state: ChangeState) -> bool {
    matches!(
        state,
        ChangeState::Pending | ChangeState::Sealed | ChangeState::Waiting | ChangeState::Parked(_)
    )
}

/// When the record was last written, as its authors' clocks said: the day its form is asked about, so that
/// summaries that are worked out again are the same.
fn written_at(rows: &[ChangeRow]) -> Timestamp {
    let newest = rows.iter().map(|row| row.claimed_at_s).max();
    let newest = newest.and_then(|at| Timestamp::from_second(at).ok());
    newest.unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The answers with what the form works out, and the weak keys, which do not depend on the moment.
fn worked_out(known: &Known, form: &Form, answers: &Answers, at: Timestamp) -> (Answers, Vec<String>) {
    let context = Context::at(at);
    let merged = evaluate(form, answers, &context.with_lookup(&Reference(known))).merged(answers);
    let weak = weak_keys(form, &merged)
        .into_iter()
        .map(|key| key.store)
        .collect();
    (merged, weak)
}

/// What every phone knows: units, standards, rounds. Other records are not opened for a summary.
struct Reference<'a>(&'a Known);

impl Lookup for Reference<'_> {
    fn value(&self, kind: &str, id: &str, path: &str) -> Option<Scalar> {
        reference_value(&self.0.units, kind, id, path)
    }

    fn commune_of(&self, unit_id: &str) -> Option<String> {
        Some(self.0.units.commune_of(unit_id, None)?.id.clone())
    }
}

/// On how many fields people disagree so that somebody has to decide.
fn to_decide(record: &Record, form: Option<&Form>) -> u32 {
    let conflicts = record.conflicts();
    let asks = |path: &str| form.is_none_or(|form| form.asks_for_review(path));
    let number = conflicts.iter().filter(|conflict| asks(&conflict.path)).count();
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn title_of(form: &Form, answers: &Answers) -> String {
    let name = form.settings.title_field.as_deref();
    let shown = name.and_then(|name| Some((form.field(name)?, answers.get(name)?)));
    shown.map_or_else(String::new, |(field, value)| display(field, value, "vi"))
}

fn people_of(answers: &Answers) -> Vec<Person> {
    let mut people: BTreeMap<String, Person> = BTreeMap::new();
    for (path, value) in answers.range("members/".to_owned().."members0".to_owned()) {
        let mut parts = path.split('/').skip(1);
        let (Some(id), Some(field), None) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        let person = people.entry(id.to_owned()).or_insert_with(|| Person {
            id: id.to_owned(),
            name: String::new(),
            facts: BTreeMap::new(),
        });
        if field == "full_name" {
            person.name = plain(value);
        } else if PERSON_FACTS.contains(&field) && !value.is_blank() {
            person.facts.insert(field.to_owned(), plain(value));
        }
    }
    let stands = |person: &Person| {
        let removed = answers.get(&format!("members/{}/{REMOVED}", person.id));
        removed != Some(&Scalar::Bool(true)) && !person.name.is_empty()
    };
    people.into_values().filter(stands).collect()
}

/// The codes of the outcomes of an attendance, once each, with spaces between.
fn outcomes_of(answers: &Answers) -> String {
    let rows = rows(answers, "outcomes").into_iter();
    let codes: BTreeSet<&str> = rows
        .filter_map(|row| answers.get(&format!("{row}code"))?.as_text())
        .collect();
    codes.into_iter().collect::<Vec<_>>().join(" ")
}

fn plain(value: &Scalar) -> String {
    match value {
        Scalar::Null => String::new(),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Int(number) => number.to_string(),
        Scalar::Decimal(number) => number.to_string(),
        Scalar::Text(text) => text.clone(),
    }
}
