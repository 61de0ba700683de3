//! Doubles: an officer says that two records are one, that they are not, or that it was a mistake.
//!
//! Nothing is deleted. The record that loses says which one stands for it (`review/same_as`), and whatever refers to it
//! counts for that one. What the survivor lacks is written into it; what a phone that has not heard writes into the loser
//! later is carried over ([`carry`]). Undo takes back what the merge wrote and nobody wrote over.

pub mod carry;
mod combine;
mod compare;
mod undo;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

use schemas::likeness::same_people;
use schemas::value::{Answers, Scalar};
use sync_core::id::{ChangeHash, RecordId};
use sync_core::record::{Edit, MERGE_WROTE, MERGED_AT, NOT_SAME, Record, SAME_AS, SAME_MEMBER};

pub use compare::{Comparison, FieldPair, PersonPair, Standing, compare};

use super::decide::{COMMENT, checked};
use super::{Desk, ReviewError};
use crate::app::App;
use crate::audit::Action;
use crate::store::User;

/// What an officer says about a pair.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The record that stands for both.
    pub survivor: RecordId,
    /// Paths of the other whose answers stand although the survivor has others.
    pub take: BTreeSet<String>,
    /// Why.
    pub comment: String,
}

/// A pair as it was looked at: each record with its heads.
pub type Seen<'a> = [(RecordId, &'a [ChangeHash]); 2];

/// Makes one record stand for both. Returns the one that no longer stands for itself. Blocks.
///
/// # Errors
/// When the person may not, one of them is another by now, they are of different kinds, or one is merged already.
pub fn merge(app: &App, user: &User, seen: Seen<'_>, choice: &Choice) -> Result<RecordId, ReviewError> {
    let _alone = app.sameness.lock().unwrap_or_else(PoisonError::into_inner);
    let comment = checked(&choice.comment)?;
    let mut desk = Desk::of(app, user)?;
    let [(first, first_heads), (second, second_heads)] = seen;
    let (of, mut one) = desk.open(first, first_heads)?;
    let (and, mut other) = desk.open(second, second_heads)?;
    if of.kind != and.kind || first == second {
        return Err(ReviewError::PairUnfit);
    }
    if one.same_as().is_some() || other.same_as().is_some() {
        return Err(ReviewError::AlreadyMerged);
    }
    let (survivor, loser) = match choice.survivor {
        id if id == first => (&mut one, &mut other),
        id if id == second => (&mut other, &mut one),
        _ => return Err(ReviewError::PairUnfit),
    };
    let (kept, given) = (survivor.answers(), loser.answers());
    let people: BTreeMap<String, String> = same_people(&given, &kept).into_iter().collect();
    let edits = combine::combine(&kept, &given, &people, &choice.take);
    let wrote = desk.write(survivor, &edits)?;
    let said = losing(survivor, wrote, &people, comment);
    desk.write(loser, &said)?;
    let loser = loser.id();
    let audit = desk
        .noted(Action::RecordMerge, loser)
        .with("survivor", choice.survivor.to_string())
        .with("taken", edits.len());
    desk.hand_in(&[audit])?;
    Ok(loser)
}

/// What the losing record says from now on.
fn losing(
    survivor: &Record,
    wrote: Option<ChangeHash>,
    people: &BTreeMap<String, String>,
    comment: String,
) -> Vec<(String, Edit)> {
    let heads: Vec<String> = survivor.heads().iter().map(ChangeHash::to_hex).collect();
    let mut edits = vec![
        (
            SAME_AS.to_owned(),
            Edit::Put(Scalar::Text(survivor.id().to_string())),
        ),
        (MERGED_AT.to_owned(), Edit::Put(Scalar::Text(heads.join(" ")))),
    ];
    if let Some(wrote) = wrote {
        edits.push((MERGE_WROTE.to_owned(), Edit::Put(Scalar::Text(wrote.to_hex()))));
    }
    if !comment.is_empty() {
        edits.push((COMMENT.to_owned(), Edit::Put(Scalar::Text(comment))));
    }
    edits.extend(people.iter().map(|(ours, theirs)| {
        let path = format!("{SAME_MEMBER}{ours}");
        (path, Edit::Put(Scalar::Text(theirs.clone())))
    }));
    edits
}

/// Remembers that two records are not the same. Blocks.
///
/// # Errors
/// When the person may not, or one of them is not within reach.
pub fn dismiss(
    app: &App,
    user: &User,
    (first, second): (RecordId, RecordId),
    comment: &str,
) -> Result<(), ReviewError> {
    let comment = checked(comment)?;
    let mut desk = Desk::of(app, user)?;
    let (_, mut record) = desk.find(first)?;
    desk.find(second)?;
    let edit = (format!("{NOT_SAME}{second}"), Edit::Put(Scalar::Bool(true)));
    desk.write(&mut record, &[edit])?;
    let audit = desk
        .noted(Action::DuplicateDismiss, first)
        .with("other", second.to_string())
        .with("comment", comment);
    desk.hand_in(&[audit])
}

/// Takes back what was said of a pair: merged records stand for themselves again, and a pair that was dismissed is
/// proposed again. Blocks.
///
/// # Errors
/// When the person may not, one of them is not within reach, or nothing was said of them.
pub fn undo(app: &App, user: &User, (first, second): (RecordId, RecordId)) -> Result<(), ReviewError> {
    let _alone = app.sameness.lock().unwrap_or_else(PoisonError::into_inner);
    let mut desk = Desk::of(app, user)?;
    let (_, mut one) = desk.find(first)?;
    let (_, mut other) = desk.find(second)?;
    let (survivor, loser) = if other.same_as() == Some(first) {
        (&mut one, &mut other)
    } else if one.same_as() == Some(second) {
        (&mut other, &mut one)
    } else {
        return undo_dismissal(desk, one, second);
    };
    let edits = undo::reverted(survivor, loser)?;
    desk.write(survivor, &edits)?;
    let said: Vec<(String, Edit)> = loser
        .answers()
        .into_keys()
        .filter(|path| {
            [SAME_AS, MERGED_AT, MERGE_WROTE].contains(&path.as_str()) || path.starts_with(SAME_MEMBER)
        })
        .map(|path| (path, Edit::Delete))
        .collect();
    desk.write(loser, &said)?;
    let audit = desk
        .noted(Action::RecordMergeUndo, loser.id())
        .with("survivor", survivor.id().to_string());
    desk.hand_in(&[audit])
}

fn undo_dismissal(mut desk: Desk<'_>, mut one: Record, other: RecordId) -> Result<(), ReviewError> {
    let path = format!("{NOT_SAME}{other}");
    if one.get(&path) != Some(Scalar::Bool(true)) {
        return Err(ReviewError::NothingToUndo);
    }
    desk.write(&mut one, &[(path, Edit::Delete)])?;
    let audit = desk
        .noted(Action::RecordMergeUndo, one.id())
        .with("other", other.to_string());
    desk.hand_in(&[audit])
}

/// Rows of a merged record and the rows of the survivor that they are.
fn people_of(loser: &Answers) -> BTreeMap<String, String> {
    let marked = loser.range(SAME_MEMBER.to_owned()..).map_while(|(path, value)| {
        let row = path.strip_prefix(SAME_MEMBER)?;
        Some((row.to_owned(), value.as_text().unwrap_or_default().to_owned()))
    });
    marked.collect()
}
