//! One record, opened to be read: values, disagreements, history, how far its work has come.

use std::collections::{BTreeMap, BTreeSet};

use schemas::poverty::{Assessment, ClassRecord, Standards, assess_visit, class_history};
use schemas::value::{Answers, Scalar};
use sync_core::id::{Actor, ChangeHash, RecordId};
use sync_core::phone::{history, shown, standing};
use sync_core::policy::{Closed, ParkReason, Role, Touch, may_merge};
use sync_core::record::KIND;

use super::{Register, RegisterError};

/// A record as people read it.
#[derive(Debug, Clone)]
pub struct RecordView {
    /// Its id.
    pub id: RecordId,
    /// The id of its form.
    pub kind: String,
    /// The version of its form.
    pub version: Option<u32>,
    /// The name people know it by.
    pub title: String,
    /// Its answers by path.
    pub answers: Answers,
    /// How its review stands ([`sync_core::record::Record::review_state`]).
    pub review: String,
    /// Fields on which people disagree.
    pub disagreements: Vec<Disagreement>,
    /// Every change, in the order every replica shows alike.
    pub history: Vec<HistoryLine>,
    /// `parked`, `pending`, `waiting` or `confirmed`.
    pub state: &'static str,
    /// Why something of it may not be merged.
    pub parked: Vec<ParkReason>,
}

/// Two or more values for one field.
#[derive(Debug, Clone, PartialEq)]
pub struct Disagreement {
    /// The field's path.
    pub path: String,
    /// The values, the one that is shown first.
    pub rivals: Vec<RivalView>,
    /// The holder of this phone may settle it by writing the field again.
    pub may_settle: bool,
}

/// One of the values.
#[derive(Debug, Clone, PartialEq)]
pub struct RivalView {
    /// The value; none if it was cleared.
    pub value: Scalar,
    /// Who wrote it; none if this phone does not know the device.
    pub author: Option<String>,
    /// When, as the author's clock said: seconds since 1970.
    pub claimed_at_s: i64,
}

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryLine {
    /// The change.
    pub change: ChangeHash,
    /// Who wrote it; none if this phone does not know the device.
    pub author: Option<String>,
    /// When, as the author's clock said: seconds since 1970.
    pub claimed_at_s: i64,
    /// When the server received it, seconds since 1970.
    pub received_at_s: Option<i64>,
    /// What it wrote, by path; none is an unticked option.
    pub writes: Vec<(String, Option<Scalar>)>,
    /// What its author found in those fields; one that was empty is left out.
    pub found: BTreeMap<String, Scalar>,
}

impl Register {
    /// Opens a record to be read.
    ///
    /// # Errors
    /// When there is no such record here.
    pub async fn record(&self, id: RecordId) -> Result<RecordView, RegisterError> {
        let cell = self.cells(&BTreeSet::from([id])).await?.remove(&id).flatten();
        let cell = cell.ok_or(RegisterError::UnknownRecord(id))?;
        let record = shown(&cell.row().open(id)?);
        let Some(kind) = record
            .get(KIND)
            .and_then(|kind| kind.as_text().map(str::to_owned))
        else {
            return Err(RegisterError::UnknownRecord(id));
        };
        let rows = cell.changes(id);
        let known = self.known()?;
        let ground = known.ground();
        let me = known.me(&ground);
        let name = |actor: Actor| me.author(actor).map(|author| author.name);
        let answers = record.answers();
        let conflicts = record.conflicts().into_iter();
        let disagreements = conflicts.map(|conflict| Disagreement {
            may_settle: self.may_write(&kind, &answers, &conflict.path),
            rivals: conflict
                .rivals
                .iter()
                .map(|rival| RivalView {
                    value: rival.value.clone(),
                    author: name(rival.actor),
                    claimed_at_s: rival.time_s,
                })
                .collect(),
            path: conflict.path,
        });
        let disagreements = disagreements.collect();
        let entries = history(&me, &record, &rows).into_iter();
        let history = entries.map(|entry| HistoryLine {
            change: entry.change,
            author: entry.author.map(|author| author.name),
            claimed_at_s: entry.claimed_at_s,
            received_at_s: entry.received_at_s,
            writes: entry.writes,
            found: entry.found,
        });
        let standing = standing(&rows);
        Ok(RecordView {
            id,
            version: record.form().map(|(_, version)| version),
            title: self
                .index()
                .get(id)
                .map_or_else(String::new, |summary| summary.title.clone()),
            review: record.review_state(),
            disagreements,
            history: history.collect(),
            state: standing.state,
            parked: standing.parked.iter().map(|(_, reason)| *reason).collect(),
            kind,
            answers,
        })
    }

    /// True if the server would take the holder's edit of this field: the core's own rule, asked early.
    #[must_use]
    pub fn may_write(&self, kind: &str, answers: &Answers, path: &str) -> bool {
        let Ok(known) = self.known() else { return false };
        let (Some(cert), Some(form)) = (known.cert(), known.catalog.form(kind)) else {
            return false;
        };
        let unit = form.settings.unit.as_ref().and_then(|field| answers.get(field));
        let unit = unit.and_then(|value| value.as_text()?.parse().ok());
        let Some(rules) = sync_core::admit::Forms::rules(&known.catalog, kind, form.version()) else {
            return false;
        };
        let touch = Touch {
            kind,
            shared: rules.shared_in_commune(),
            unit_before: unit,
            unit_after: unit,
            reviewer_field: rules.writer_is_reviewer(path),
            // An edit of a closed record is a request, which anybody may make.
            closed: Closed::No,
        };
        may_merge(cert, &touch, &known.ground()).is_ok()
    }

    /// The holder's role; none before enrolment.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        Some(self.known().ok()?.cert()?.role)
    }

    /// What a review visit with these answers proposes, given the household's.
    #[must_use]
    pub fn assessment(&self, visit: &Answers, household: &Answers) -> Assessment {
        let of = visit
            .get("household_id")
            .and_then(Scalar::as_text)
            .unwrap_or_default();
        let index = self.index();
        let visits = index
            .of_kind("household_visit")
            .filter(|(_, summary)| summary.fact("household_id") == of);
        let recognised = visits.filter_map(|(_, summary)| {
            ClassRecord::read(
                Some(summary.fact("class_recognised")),
                Some(summary.fact("decision_date")),
            )
        });
        let history = class_history(visit, household, recognised);
        assess_visit(household, visit, &history, Standards::built_in())
    }

    /// The form a record of this kind and version opens in.
    #[must_use]
    pub fn form(&self, kind: &str, version: Option<u32>) -> Option<std::sync::Arc<schemas::form::Form>> {
        let known = self.known().ok()?;
        let form = known.catalog.version_or_newest(kind, version)?;
        Some(std::sync::Arc::new(form.clone()))
    }

    /// The answers of a record, without its history; none if it is not here.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn answers_of(&self, id: RecordId) -> Result<Option<Answers>, RegisterError> {
        let cell = self.cells(&BTreeSet::from([id])).await?.remove(&id).flatten();
        let Some(cell) = cell else { return Ok(None) };
        let record = shown(&cell.row().open(id)?);
        let known = self.known()?;
        Ok(known.form_of(&record).map(|_| record.answers()))
    }
}
