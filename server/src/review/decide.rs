//! What an officer says about a record: its state, and which of several values stands. An ordinary edit, signed by the
//! officer's console, so it reaches every phone like any other.

use schemas::answer::{Edit as Answer, edits_from_text};
use schemas::path::{PathClass, path_class};
use schemas::text::clean_lines;
use schemas::value::Scalar;
use sync_core::id::{ChangeHash, RecordId};
use sync_core::record::{Conflict, Edit, REVIEW_STATE};

use super::{Desk, ReviewError};
use crate::app::App;
use crate::audit::Action;
use crate::store::User;
use crate::store::record::RecordView;

/// Where an officer writes why.
pub(super) const COMMENT: &str = "review/comment";
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
    /// It stands and is closed (khóa sổ): what anybody writes from now on is a request.
    Locked,
    /// It is void (hủy bản ghi), counted nowhere and closed; the comment says why.
    Void,
}

impl Verdict {
    /// The verdict of that stable name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [
            Self::Approved,
            Self::HasIssues,
            Self::Rejected,
            Self::Locked,
            Self::Void,
        ];
        all.into_iter().find(|verdict| verdict.name() == name)
    }

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::HasIssues => "has_issues",
            Self::Rejected => "rejected",
            Self::Locked => "locked",
            Self::Void => "void",
        }
    }

    /// Whether it can be said of a record as it stands: nobody approves or closes what people still disagree about.
    ///
    /// # Errors
    /// When a disagreement is open that somebody has to decide.
    pub(super) fn fits(self, view: &RecordView) -> Result<(), ReviewError> {
        let settles = matches!(self, Self::Approved | Self::Locked);
        if settles && view.conflict == Some("hard") {
            Err(ReviewError::ConflictOpen)
        } else {
            Ok(())
        }
    }

    /// True if people are owed a reason.
    #[must_use]
    pub const fn asks_why(self) -> bool {
        matches!(self, Self::HasIssues | Self::Rejected | Self::Void)
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
    let edits = said(verdict, comment)?;
    let mut desk = Desk::of(app, user)?;
    let (view, mut record) = desk.open(id, seen)?;
    verdict.fits(&view)?;
    desk.write(&mut record, &edits)?;
    let audit = desk.noted(Action::RecordReview, id).with("state", verdict.name());
    desk.hand_in(&[audit])
}

/// What a verdict writes into a record.
///
/// # Errors
/// When a comment is missing or too long.
pub(super) fn said(verdict: Verdict, comment: &str) -> Result<Vec<(String, Edit)>, ReviewError> {
    let comment = checked(comment)?;
    if comment.is_empty() && verdict.asks_why() {
        return Err(ReviewError::CommentMissing);
    }
    Ok(vec![
        (REVIEW_STATE.to_owned(), Edit::Put(verdict.name().into())),
        (COMMENT.to_owned(), comment_edit(comment)),
    ])
}

/// A comment as it is kept.
///
/// # Errors
/// When it is too long.
pub(super) fn checked(comment: &str) -> Result<String, ReviewError> {
    let comment = clean_lines(comment);
    if comment.chars().count() > COMMENT_MAX {
        return Err(ReviewError::CommentTooLong(COMMENT_MAX));
    }
    Ok(comment)
}

fn comment_edit(comment: String) -> Edit {
    if comment.is_empty() {
        Edit::Delete
    } else {
        Edit::Put(Scalar::Text(comment))
    }
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
    comment: &str,
) -> Result<(), ReviewError> {
    let mut desk = Desk::of(app, user)?;
    let comment = checked(comment)?;
    let (view, mut record) = desk.open(id, seen)?;
    let conflict = record
        .conflicts()
        .into_iter()
        .find(|conflict| conflict.path == path);
    let conflict = conflict.ok_or(ReviewError::ConflictUnknown)?;
    let mut edits = match settled {
        Settled::Keep(change) => vec![(path.to_owned(), Edit::Put(kept(conflict, *change)?))],
        Settled::Value(text) => typed(app, &view, path, text)?,
    };
    if !comment.is_empty() {
        edits.push((COMMENT.to_owned(), comment_edit(comment)));
    }
    desk.write(&mut record, &edits)?;
    let audit = desk.noted(Action::ConflictResolve, id).with("path", path);
    desk.hand_in(&[audit])
}

/// Corrects answers, as typed: an edit like any other, of fields that only a reviewing officer writes too. Blocks.
///
/// # Errors
/// As [`review`], and when a value does not fit its field.
pub fn correct(
    app: &App,
    user: &User,
    (id, seen): (RecordId, &[ChangeHash]),
    answers: &[(String, String)],
) -> Result<(), ReviewError> {
    let mut desk = Desk::of(app, user)?;
    let (view, mut record) = desk.open(id, seen)?;
    let mut edits = Vec::new();
    for (path, text) in answers {
        if path_class(path) != PathClass::Field {
            return Err(ReviewError::ValueUnfit(path.clone()));
        }
        edits.extend(typed(app, &view, path, text)?);
    }
    desk.write(&mut record, &edits)?;
    let paths: Vec<&str> = answers.iter().map(|(path, _)| path.as_str()).collect();
    let audit = desk
        .noted(Action::RecordCorrect, id)
        .with("paths", paths.join(" "));
    desk.hand_in(&[audit])
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
