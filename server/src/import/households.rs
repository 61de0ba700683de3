//! A list of households against the register: who is known, who is new, what differs.
//!
//! A household is known by its head's ID number, or by village, name and year of birth. What differs is written as an
//! ordinary change of the officer's console, like everything an officer writes.

mod village;

use std::collections::BTreeMap;

use schemas::key::weak_keys;
use schemas::text::fold;
use schemas::value::{Answers, Scalar};
use serde_json::{Map, Value};
use sync_core::envelope::batches;
use sync_core::id::{Actor as ChangeActor, RecordId, UnitId};
use sync_core::pack::Item;
use sync_core::record::{Edit, FORM, KIND, Record};

use self::village::{Villages, area};
use super::household_list::{self, Column, HouseholdList, HouseholdRow};
use super::limits::LIKE_MAX;
use super::{Change, ImportError, Report, RowError, What, Wish, table};
use crate::access::console_device;
use crate::app::App;
use crate::audit::{Action, Actor, AuditEntry};
use crate::entropy;
use crate::ingest;
use crate::review::reach;
use crate::store::reader::{Reach, RecordReader as _};
use crate::store::record::RecordView;
use crate::store::{LikenessStore as _, StoreError, User};
use crate::territory::{Units, today};

const HOUSEHOLD: &str = "household";
/// Where a merge says which record is the other one.
const SAME_AS: &str = "review/same_as";
/// Longest chain of merges that is followed.
const MERGES_MAX: usize = 8;

/// A row and what it would write.
struct Proposal {
    change: Change,
    record: RecordId,
    edits: Vec<(String, Edit)>,
    known: Option<RecordView>,
}

pub(super) fn households(app: &App, user: &User, bytes: &[u8], wish: &Wish) -> Result<Report, ImportError> {
    let table = table::read(bytes)?;
    let list = household_list::read(&table, today(app.clock.now()))?;
    let matching = Matching::new(app, user, &list)?;
    let mut report = Report {
        ignored: list.ignored.clone(),
        errors: list.errors.clone(),
        ..Report::default()
    };
    let mut proposals = Vec::new();
    let mut seen = BTreeMap::new();
    for row in &list.rows {
        match matching.propose(app, row, &mut seen)? {
            Ok(proposal) => proposals.push(proposal),
            Err(error) => report.errors.push(error),
        }
    }
    report.errors.sort_by_key(|error| error.row);
    report.changes = proposals.iter().map(|proposal| proposal.change.clone()).collect();
    if report.may_apply(wish)? {
        let parked = write(app, user, proposals, &report, wish)?;
        report.errors.extend(parked);
        report.applied = true;
    }
    Ok(report)
}

struct Matching<'a> {
    list: &'a HouseholdList,
    reach: Reach,
    units: std::sync::Arc<Units>,
    version: u32,
    villages: Villages,
}

/// Records that may be the same: id and title.
type Like = Vec<(String, String)>;

/// Rows seen so far, by the keys they are known by.
type Seen = BTreeMap<String, (usize, Option<String>)>;

impl<'a> Matching<'a> {
    fn new(app: &App, user: &User, list: &'a HouseholdList) -> Result<Self, ImportError> {
        let units = app.units()?;
        let missing = || StoreError::Internal("no form for households".to_owned());
        Ok(Self {
            list,
            reach: reach(user, &units, &app.shared_kinds()?)?,
            version: app.catalog()?.form(HOUSEHOLD).ok_or_else(missing)?.version(),
            villages: Villages::new(&units, user, today(app.clock.now())),
            units,
        })
    }

    fn propose(
        &self,
        app: &App,
        row: &HouseholdRow,
        seen: &mut Seen,
    ) -> Result<Result<Proposal, RowError>, ImportError> {
        let refused =
            |column, code: &str, value: &str| RowError::new(row.row, self.list.head(column), code, value);
        let village = match self.villages.named(&self.units, &row.village, &row.commune) {
            Ok(village) => village,
            Err(code) => return Ok(Err(refused(Column::Village, code, &row.village))),
        };
        let answers = self.answers(row, village);
        let catalog = app.catalog()?;
        let keys: Vec<String> = catalog
            .form(HOUSEHOLD)
            .map(|form| {
                weak_keys(form, &answers)
                    .into_iter()
                    .map(|key| key.store)
                    .collect()
            })
            .unwrap_or_default();
        for key in &keys {
            if let Some((other, id)) = seen.get(key)
                && (id.is_none() || row.id_number.is_none() || *id == row.id_number)
            {
                return Ok(Err(refused(Column::Name, "row_repeated", &other.to_string())));
            }
        }
        seen.extend(
            keys.iter()
                .map(|key| (key.clone(), (row.row, row.id_number.clone()))),
        );
        let (known, like) = self.known(app, row, &keys)?;
        if known.len() > 1 {
            return Ok(Err(refused(Column::Name, "household_ambiguous", &row.head_name)));
        }
        Ok(Ok(match known.into_iter().next() {
            Some(view) => self.changed(row, view, answers, like),
            None => self.created(app, row, answers, like),
        }))
    }

    /// What the row says, by field. What it does not say is not asked.
    fn answers(&self, row: &HouseholdRow, village: UnitId) -> Answers {
        let mut answers = Answers::new();
        let mut put = |path: &str, value: Option<Scalar>| {
            if let Some(value) = value {
                answers.insert(path.to_owned(), value);
            }
        };
        put("village_id", Some(village.to_string().as_str().into()));
        put("head_name", Some(row.head_name.as_str().into()));
        put("head_birth_year", row.birth_year().map(Scalar::Int));
        put("head_id_number", row.id_number.as_deref().map(Into::into));
        put("phone", row.phone.as_deref().map(Into::into));
        put("ethnicity_code", row.ethnicity.as_deref().map(Into::into));
        put("declared_count", row.count.map(Scalar::Int));
        put("current_class", row.class.map(Into::into));
        answers
    }

    /// Households that the row speaks of, and those that may only be like it. An ID number says more than a name: who
    /// has another number is somebody else.
    fn known(
        &self,
        app: &App,
        row: &HouseholdRow,
        keys: &[String],
    ) -> Result<(Vec<RecordView>, Like), ImportError> {
        let mut found = BTreeMap::new();
        for id in app.store.records_under(HOUSEHOLD, keys)? {
            if let Some(view) = self.survivor(app, id)? {
                found.insert(view.id, view);
            }
        }
        let number = |view: &RecordView| {
            let answers: Map<String, Value> = serde_json::from_str(&view.answers).unwrap_or_default();
            answers
                .get("head_id_number")
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let views: Vec<RecordView> = found.into_values().collect();
        let by_number = views
            .iter()
            .any(|view| row.id_number.is_some() && number(view) == row.id_number);
        let is_it = |view: &RecordView| match (number(view), &row.id_number) {
            (Some(its), Some(ours)) => its == *ours,
            _ => !by_number,
        };
        let (known, like): (Vec<_>, Vec<_>) = views.into_iter().partition(is_it);
        let like = like.into_iter().take(LIKE_MAX);
        Ok((
            known,
            like.map(|view| (view.id.to_string(), view.title)).collect(),
        ))
    }

    /// The record that counts for `id`, if it is within reach and counts at all.
    fn survivor(&self, app: &App, mut id: RecordId) -> Result<Option<RecordView>, ImportError> {
        for _ in 0..MERGES_MAX {
            let Some(view) = app.store.one(&self.reach, id)? else {
                return Ok(None);
            };
            let answers: Map<String, Value> = serde_json::from_str(&view.answers).unwrap_or_default();
            match answers.get(SAME_AS).and_then(Value::as_str).map(str::parse) {
                Some(Ok(other)) => id = other,
                _ if matches!(view.state.as_str(), "void" | "rejected") => return Ok(None),
                _ => return Ok(Some(view)),
            }
        }
        Ok(None)
    }

    fn changed(&self, row: &HouseholdRow, view: RecordView, answers: Answers, like: Like) -> Proposal {
        let known: Map<String, Value> = serde_json::from_str(&view.answers).unwrap_or_default();
        let (mut before, mut after, mut edits) = (Map::new(), Map::new(), Vec::new());
        for (path, value) in answers {
            let (is, said) = (known.get(&path).cloned().unwrap_or(Value::Null), json(&value));
            let only_spelt =
                path == "head_name" && is.as_str().is_some_and(|is| fold(is) == fold(&row.head_name));
            if is == said || only_spelt {
                continue;
            }
            before.insert(path.clone(), is);
            after.insert(path.clone(), said);
            edits.push((path, Edit::Put(value)));
        }
        let what = if edits.is_empty() {
            What::Unchanged
        } else {
            What::Changed
        };
        Proposal {
            change: Change {
                row: row.row,
                what,
                id: view.id.to_string(),
                title: view.title.clone(),
                before,
                after,
                like,
            },
            record: view.id,
            edits,
            known: Some(view),
        }
    }

    fn created(&self, app: &App, row: &HouseholdRow, mut answers: Answers, like: Like) -> Proposal {
        let after = answers
            .iter()
            .map(|(path, value)| (path.clone(), json(value)))
            .collect();
        let village = answers.get("village_id").and_then(Scalar::as_text);
        if let Some(area) = village.and_then(|id| area(&self.units, id)) {
            answers.insert("area_type".to_owned(), area.into());
        }
        answers.insert("move_status".to_owned(), "resident".into());
        let now = app.clock.now();
        let head = entropy::id(now).to_string();
        answers.insert("head_member_id".to_owned(), head.as_str().into());
        let mut member = |field: &str, value: Option<Scalar>| {
            if let Some(value) = value {
                answers.insert(format!("members/{head}/{field}"), value);
            }
        };
        member("full_name", Some(row.head_name.as_str().into()));
        member("relation", Some("head".into()));
        member("presence", Some("present".into()));
        member("sex", row.sex.map(Into::into));
        member(
            "birth_date",
            row.birth.map(|birth| birth.on.to_string().as_str().into()),
        );
        member("birth_precision", row.birth.map(|birth| birth.precision.into()));
        member("ethnicity_code", row.ethnicity.as_deref().map(Into::into));
        member("id_number", row.id_number.as_deref().map(Into::into));
        let mut edits = vec![
            (KIND.to_owned(), Edit::Put(HOUSEHOLD.into())),
            (FORM.to_owned(), Edit::Put(Scalar::Int(i64::from(self.version)))),
        ];
        edits.extend(answers.into_iter().map(|(path, value)| (path, Edit::Put(value))));
        Proposal {
            change: Change {
                row: row.row,
                what: What::Created,
                id: String::new(),
                title: row.head_name.clone(),
                before: Map::new(),
                after,
                like,
            },
            record: RecordId(entropy::id(now)),
            edits,
            known: None,
        }
    }
}

fn json(value: &Scalar) -> Value {
    match value {
        Scalar::Null => Value::Null,
        Scalar::Bool(value) => Value::from(*value),
        Scalar::Int(number) => Value::from(*number),
        Scalar::Decimal(number) => Value::from(*number),
        Scalar::Text(text) => Value::from(text.as_str()),
    }
}

/// Hands the changes in, signed by the officer's console. Returns what was set aside all the same.
fn write(
    app: &App,
    user: &User,
    proposals: Vec<Proposal>,
    report: &Report,
    wish: &Wish,
) -> Result<Vec<RowError>, ImportError> {
    let now = app.clock.now();
    let (device, key) = console_device(&app.store, &app.keys, now, user)?;
    let actor = ChangeActor::of(device, entropy::bytes());
    let (mut items, mut rows) = (Vec::new(), BTreeMap::new());
    for proposal in proposals {
        let mut record = match &proposal.known {
            Some(view) => Record::load(view.id, &view.document)
                .map_err(|error| StoreError::Damaged(error.to_string()))?,
            None => Record::empty(proposal.record),
        };
        let change = record.edit(actor, now.as_second(), &proposal.edits);
        let change = change.map_err(|error| StoreError::Internal(error.to_string()))?;
        let Some((hash, bytes)) = change else { continue };
        rows.insert(proposal.record, proposal.change.row);
        items.push(Item {
            record: proposal.record,
            hash,
            bytes,
        });
    }
    let audit = AuditEntry::new(now, Actor::User(user.id), Action::HouseholdsImport, "households")
        .with("file", wish.name.as_str())
        .with("created", report.count(What::Created))
        .with("changed", report.count(What::Changed))
        .with("failed", report.failed());
    let mut audit = vec![audit];
    let mut parked = Vec::new();
    for items in batches(items) {
        let receipt = ingest::hand_in(app, (device, &key), &items, &std::mem::take(&mut audit))?;
        for ruling in receipt.parked {
            let row = rows.get(&ruling.record).copied().unwrap_or(0);
            let reason = ruling.parked.map_or("", |reason| reason.code());
            parked.push(RowError::new(row, "", "row_parked", reason));
        }
    }
    Ok(parked)
}
