//! What needs eyes, and how much of it: counts are the lengths of the lists.

use schemas::likeness::{Likeness, likeness};
use schemas::value::Answers;
use sync_core::id::{RecordId, UnitId};

use super::{Concern, ReviewError};
use crate::app::App;
use crate::store::User;
use crate::store::reader::{
    AsideSummary, DuplicatePair, Eyes, PairQuery, Reach, RecordQuery, RecordReader as _, RecordSummary,
};

/// Parked changes looked through in one step.
const PARKED_PAGE: usize = 500;

/// Which part of the queue somebody works through.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What the asker may read.
    pub reach: Reach,
    /// Only records of this form.
    pub form: Option<String>,
    /// Only records of these units.
    pub units: Option<Vec<UnitId>>,
    /// Only what has stood since then, milliseconds since 1970.
    pub before_ms: Option<i64>,
}

/// How much of each kind needs eyes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records with a disagreement that somebody has to decide.
    pub conflict: u64,
    /// Pairs of records that look alike.
    pub duplicate: u64,
    /// Records whose answers break a rule.
    pub finding: u64,
    /// Changes that were set aside.
    pub parked: u64,
    /// Records written after a decision.
    pub edited: u64,
}

/// A pair with how alike it is.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The records.
    pub pair: DuplicatePair,
    /// How alike they are, and by what.
    pub likeness: Likeness,
}

/// Records that somebody has to look at, after the place `after`. Blocks.
///
/// # Errors
/// When the store fails.
pub fn records(
    app: &App,
    wanted: &Wanted,
    eyes: Eyes,
    after: i64,
    limit: usize,
) -> Result<Vec<RecordSummary>, ReviewError> {
    Ok(app.store.list(&question(wanted, eyes, after, limit))?)
}

fn question(wanted: &Wanted, eyes: Eyes, after: i64, limit: usize) -> RecordQuery {
    RecordQuery {
        reach: wanted.reach.clone(),
        kind: wanted.form.clone(),
        units: wanted.units.clone(),
        state: None,
        words: Vec::new(),
        updated_after_ms: None,
        updated_before_ms: wanted.before_ms,
        eyes: Some(eyes),
        merged: false,
        after,
        limit,
    }
}

/// Pairs that look alike, after the pair `after`. Blocks.
///
/// # Errors
/// When the store fails.
pub fn pairs(
    app: &App,
    wanted: &Wanted,
    after: Option<(RecordId, RecordId)>,
    limit: usize,
) -> Result<Vec<Pair>, ReviewError> {
    let catalog = app.catalog()?;
    let pairs = app.store.duplicates(&pair_question(wanted, after, limit))?;
    let like = |pair: DuplicatePair| {
        let form = catalog.form(&pair.first.kind)?;
        let read = |json: &str| serde_json::from_str::<Answers>(json).unwrap_or_default();
        let likeness = likeness(form, &read(&pair.answers.0), &read(&pair.answers.1), true);
        Some(Pair { pair, likeness })
    };
    Ok(pairs.into_iter().filter_map(like).collect())
}

fn pair_question(wanted: &Wanted, after: Option<(RecordId, RecordId)>, limit: usize) -> PairQuery {
    PairQuery {
        reach: wanted.reach.clone(),
        kind: wanted.form.clone(),
        units: wanted.units.clone(),
        updated_before_ms: wanted.before_ms,
        after,
        limit,
    }
}

/// Changes that were set aside and are this officer's business, after the place `after`. Blocks.
///
/// # Errors
/// When the store fails, or the role reads no records.
pub fn parked(
    app: &App,
    user: &User,
    wanted: &Wanted,
    mut after: i64,
    limit: usize,
) -> Result<Vec<AsideSummary>, ReviewError> {
    let concern = Concern::of(app, user)?;
    let mut found = Vec::new();
    while found.len() < limit {
        let page = app.store.parked_changes(after, PARKED_PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.place;
        let ours = page
            .into_iter()
            .filter(|change| wanted.asks_for(change) && concern.is(change));
        found.extend(ours);
    }
    found.truncate(limit);
    Ok(found)
}

impl Wanted {
    fn asks_for(&self, change: &AsideSummary) -> bool {
        let home = change.home.as_ref();
        let unit = home.and_then(|(unit, _)| *unit);
        let of_form = |form: &String| home.is_some_and(|(_, kind)| kind == form);
        self.form.as_ref().is_none_or(of_form)
            && self
                .units
                .as_ref()
                .is_none_or(|units| unit.is_some_and(|unit| units.contains(&unit)))
            && self
                .before_ms
                .is_none_or(|before| change.received_at_ms <= before)
    }
}

/// How much there is of everything. Blocks.
///
/// # Errors
/// When the store fails, or the role reads no records.
pub fn counts(app: &App, user: &User, wanted: &Wanted) -> Result<Counts, ReviewError> {
    let records = |eyes| app.store.count(&question(wanted, eyes, 0, 0));
    Ok(Counts {
        conflict: records(Eyes::Conflict)?,
        finding: records(Eyes::Finding)?,
        edited: records(Eyes::Edited)?,
        duplicate: app.store.count_duplicates(&pair_question(wanted, None, 0))?,
        parked: parked(app, user, wanted, 0, usize::MAX)?.len() as u64,
    })
}
