//! What an officer says about a record: its state, and which of several values stands. An ordinary edit, signed by the
//! officer's console, so it reaches every phone like any other.

use schemas::answer::{Edit as Answer, edits_from_text};
use schemas::text::clean_lines;
use schemas::value::Scalar;
use sync_core::id::{Actor as ChangeActor, ChangeHash, RecordId};
use sync_core::pack::Item;
use sync_core::policy::Role;
use sync_core::record::{Conflict, Edit, REVIEW_STATE, Record};

use super::ReviewError;
use crate::access::{AccessError, console_device};
use crate::app::App;
use crate::audit::{Action, Actor, AuditEntry};
use crate::entropy;
use crate::ingest;
use crate::store::reader::RecordReader as _;
use crate::store::record::RecordView;
use crate::store::{StoreError, User};

/// Where an officer writes why.
const COMMENT: &str = "review/comment";
/// Longest comment, in characters.
const COMMENT_MAX: usize = 2_000;

/// What an officer says of a record (ODK Central's words).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It stands.
    Approved,
    /// Its author is asked for more; the comment says for what.
    HasIssues,
    /// It does not stand; the comment says why.
    Rejected,
}

impl Verdict {
    /// The verdict of that stable name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Approved, Self::HasIssues, Self::Rejected];
        all.into_iter().find(|verdict| verdict.name() == name)
    }

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::HasIssues => "has_issues",
            Self::Rejected => "rejected",
        }
    }
}

/// Which value of a field stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// The one that this change wrote.
    Keep(ChangeHash),
    /// A third one, as typed.
    Value(String),
}

/// Says what `seen`, the heads somebody looked at, is worth. Blocks.
///
/// # Errors
/// When the person may not, the record is not theirs to read or is another by now, or a comment is missing.
pub fn review(
    app: &App,
    user: &User,
    (id, seen): (RecordId, &[ChangeHash]),
    verdict: Verdict,
    comment: &str,
) -> Result<(), ReviewError> {
    let comment = clean_lines(comment);
    if comment.is_empty() && verdict != Verdict::Approved {
        return Err(ReviewError::CommentMissing);
    }
    if comment.chars().count() > COMMENT_MAX {
        return Err(ReviewError::CommentTooLong(COMMENT_MAX));
    }
    let (_, mut record) = open(app, user, id, seen)?;
    let said = if comment.is_empty() {
        Edit::Delete
    } else {
        Edit::Put(Scalar::Text(comment))
    };
    let edits = [
        (REVIEW_STATE.to_owned(), Edit::Put(verdict.name().into())),
        (COMMENT.to_owned(), said),
    ];
    let audit = AuditEntry::new(
        app.clock.now(),
        Actor::User(user.id),
        Action::RecordReview,
        format!("record:{id}"),
    )
    .with("state", verdict.name());
    write(app, user, &mut record, &edits, audit)
}

/// Says which value of `path` stands. Blocks.
///
/// # Errors
/// As [`review`], and when nobody disagrees on the field, or the value does not fit it.
pub fn resolve(
    app: &App,
    user: &User,
    (id, seen): (RecordId, &[ChangeHash]),
    path: &str,
    settled: &Settled,
) -> Result<(), ReviewError> {
    let (view, mut record) = open(app, user, id, seen)?;
    let conflict = record
        .conflicts()
        .into_iter()
        .find(|conflict| conflict.path == path);
    let conflict = conflict.ok_or(ReviewError::ConflictUnknown)?;
    let edits = match settled {
        Settled::Keep(change) => vec![(path.to_owned(), Edit::Put(kept(conflict, *change)?))],
        Settled::Value(text) => typed(app, &view, path, text)?,
    };
    let audit = AuditEntry::new(
        app.clock.now(),
        Actor::User(user.id),
        Action::ConflictResolve,
        format!("record:{id}"),
    )
    .with("path", path);
    write(app, user, &mut record, &edits, audit)
}

fn kept(conflict: Conflict, change: ChangeHash) -> Result<Scalar, ReviewError> {
    let mut rivals = conflict.rivals.into_iter();
    let rival = rivals.find(|rival| rival.change == change);
    Ok(rival.ok_or(ReviewError::ConflictUnknown)?.value)
}

fn typed(app: &App, view: &RecordView, path: &str, text: &str) -> Result<Vec<(String, Edit)>, ReviewError> {
    let catalog = app.catalog()?;
    let form = catalog.version_or_newest(&view.kind, Some(view.form));
    let form = form.ok_or(ReviewError::ConflictUnknown)?;
    let edits =
        edits_from_text(form, path, text).map_err(|error| ReviewError::ValueUnfit(error.to_string()))?;
    let edit = |(path, answer)| match answer {
        Answer::Put(value) => (path, Edit::Put(value)),
        Answer::Delete => (path, Edit::Delete),
    };
    Ok(edits.into_iter().map(edit).collect())
}

/// The record as `user` saw it. An officer decides about what was looked at: if it is another by now, it is looked at
/// again.
fn open(
    app: &App,
    user: &User,
    id: RecordId,
    seen: &[ChangeHash],
) -> Result<(RecordView, Record), ReviewError> {
    if user.role != Role::DistrictOfficer {
        return Err(AccessError::RoleForbidden.into());
    }
    let reach = super::reach(user, &*app.units()?, &app.shared_kinds()?)?;
    let view = app.store.one(&reach, id)?.ok_or(ReviewError::RecordUnknown)?;
    let record = Record::load(id, &view.document).map_err(|error| StoreError::Damaged(error.to_string()))?;
    let mut seen = seen.to_vec();
    seen.sort_unstable();
    let mut heads = record.heads();
    heads.sort_unstable();
    if heads != seen {
        return Err(ReviewError::RecordChanged);
    }
    Ok((view, record))
}

fn write(
    app: &App,
    user: &User,
    record: &mut Record,
    edits: &[(String, Edit)],
    audit: AuditEntry,
) -> Result<(), ReviewError> {
    let now = app.clock.now();
    let (device, key) = console_device(&app.store, &app.keys, now, user)?;
    let actor = ChangeActor::of(device, entropy::bytes());
    let change = record.edit(actor, now.as_second(), edits);
    let change = change.map_err(|error| StoreError::Internal(error.to_string()))?;
    let Some((hash, bytes)) = change else {
        return Ok(());
    };
    let item = Item {
        record: record.id(),
        hash,
        bytes,
    };
    let receipt = ingest::hand_in(app, (device, &key), &[item], &[audit])?;
    match receipt.parked.first().and_then(|ruling| ruling.parked) {
        Some(reason) => Err(ReviewError::NotTaken(reason)),
        None => Ok(()),
    }
}
