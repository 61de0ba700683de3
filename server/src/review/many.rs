//! The same said of many records at once, with a look at what would be taken.

use sync_core::id::{ChangeHash, RecordId};

use super::decide::said;
use super::{Desk, ReviewError, Verdict};
use crate::app::App;
use crate::audit::Action;
use crate::store::User;

/// Records decided about together.
pub const TOGETHER_MAX: usize = 500;

/// What becomes of one of them.
#[derive(Debug)]
pub struct Outcome {
    /// The record.
    pub id: RecordId,
    /// The name people know it by; empty if it is not theirs to read.
    pub title: String,
    /// Its review state before.
    pub before: String,
    /// Why nothing is said of it.
    pub refused: Option<ReviewError>,
}

/// Says the same of every record, about the heads that were looked at. Those that cannot be decided about are left out
/// and named; the others are decided in one envelope. With `preview` nothing is written. Blocks.
///
/// # Errors
/// When the person may not, a comment is missing, there are too many, or the store fails.
pub fn review_many(
    app: &App,
    user: &User,
    records: &[(RecordId, Vec<ChangeHash>)],
    (verdict, comment): (Verdict, &str),
    preview: bool,
) -> Result<Vec<Outcome>, ReviewError> {
    if records.len() > TOGETHER_MAX {
        return Err(ReviewError::TooMany(TOGETHER_MAX));
    }
    let edits = said(verdict, comment)?;
    let mut desk = Desk::of(app, user)?;
    let mut outcomes: Vec<Outcome> = Vec::new();
    let mut audit = Vec::new();
    for (id, seen) in records {
        if outcomes.iter().any(|known| known.id == *id) {
            continue;
        }
        let opened = desk.open(*id, seen).and_then(|(view, record)| {
            verdict.fits(&view)?;
            Ok((view, record))
        });
        match opened {
            Ok((view, mut record)) => {
                if !preview {
                    desk.write(&mut record, &edits)?;
                    audit.push(
                        desk.noted(Action::RecordReview, *id)
                            .with("state", verdict.name()),
                    );
                }
                outcomes.push(Outcome {
                    id: *id,
                    title: view.title,
                    before: view.state,
                    refused: None,
                });
            }
            Err(ReviewError::Store(error)) => return Err(error.into()),
            Err(refused) => outcomes.push(Outcome {
                id: *id,
                title: String::new(),
                before: String::new(),
                refused: Some(refused),
            }),
        }
    }
    desk.hand_in(&audit)?;
    Ok(outcomes)
}
