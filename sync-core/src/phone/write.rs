//! (1) An edit by the person who holds the phone: checked, written, pending.

use schemas::value::Scalar;

use super::desk::{Commit, Desk, Loaded};
use super::rows::RowError;
use super::state::{ChangeRow, ChangeState, Me};
use super::view::shown;
use crate::admit::{Candidate, Trust, Verdict};
use crate::id::{ChangeHash, RecordId};
use crate::policy::ParkReason;
use crate::record::{Edit, FORM, KIND, RecordError};
use crate::replica::Verdicts;

/// Names of more changes than this do not fit a change's message.
const REPLACED_MAX: usize = 200;

/// What a record is when it is written first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRecord {
    /// The id of its form.
    pub kind: String,
    /// The version of its form.
    pub form: u32,
}

/// An edit that was not made. Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// There is no such record here.
    #[error("there is no record {0} on this device")]
    Unknown(RecordId),
    /// The id belongs to a record of another kind.
    #[error("record {0} is of another kind")]
    OtherKind(RecordId),
    /// The server would not merge it, and says so here for the same reason.
    #[error("the edit may not be made: {}", .0.code())]
    NotAllowed(ParkReason),
    /// The phone's own store is damaged.
    #[error(transparent)]
    Damaged(#[from] RowError),
}

impl From<RecordError> for WriteError {
    fn from(error: RecordError) -> Self {
        Self::Damaged(error.into())
    }
}

/// Writes `edits` to a record as one change, claimed at `now_ms`. `new` says what the record is if
/// it does not exist yet; one that exists takes the edits all the same, for two people may have
/// registered one thing. Returns no change if nothing would differ.
///
/// What the server set aside of a record that it has nothing else of is written again together with
/// the edits, in place of it: correcting the reason is enough to let it through.
///
/// # Errors
/// Why the edit was not made.
pub fn write(
    me: &Me<'_>,
    loaded: Loaded,
    record: RecordId,
    new: Option<&NewRecord>,
    edits: Vec<(String, Edit)>,
    now_ms: i64,
) -> Result<(Commit, Option<ChangeHash>), WriteError> {
    let random = loaded.progress.actor_random;
    let mut desk = Desk::open(loaded)?;
    let gone = desk
        .peek(record)
        .is_some_and(|sheet| sheet.gone && sheet.kept.record.is_empty());
    if gone {
        return Err(WriteError::Unknown(record));
    }
    let (edits, replaced) = complete(&mut desk, record, new, edits)?;
    let actor = me.actor(desk.progress.actor_random);
    let time_s = now_ms.div_euclid(1000);
    let mut draft = desk.sheet(record).kept.record.clone();
    let Some((hash, bytes)) = draft.edit_replacing(actor, time_s, &edits, &replaced)? else {
        return Ok((Commit::default(), None));
    };
    let device = me.identity.device;
    let candidate = Candidate {
        hash,
        bytes,
        trust: Trust::Signed(device),
    };
    let told = |verdicts: &Verdicts| verdicts.iter().find(|(told, _)| *told == hash).map(|told| told.1);
    let mut verdicts = desk.sheet(record).kept.receive(vec![candidate], &me.rules);
    if told(&verdicts) == Some(Verdict::Parked(ParkReason::Locked)) {
        // A request for a change: it stands here, as what this phone asks for, until an officer decides.
        verdicts = desk.sheet(record).kept.clear(hash, &me.rules);
    }
    match told(&verdicts) {
        Some(Verdict::Applied | Verdict::Known) => {}
        Some(Verdict::Parked(reason)) => return Err(WriteError::NotAllowed(reason)),
        _ => return Err(RecordError::Refused(record).into()),
    }
    for old in replaced {
        desk.sheet(record).kept.aside.remove(&old);
        desk.mark(record, old, ChangeState::Superseded);
    }
    desk.note(record, &verdicts);
    desk.insert_row(ChangeRow::pending(record, hash, time_s));
    Ok((desk.finish(random), Some(hash)))
}

/// Edits with what a record needs to stand alone, and the changes they stand for.
type Complete = (Vec<(String, Edit)>, Vec<ChangeHash>);

fn complete(
    desk: &mut Desk,
    record: RecordId,
    new: Option<&NewRecord>,
    edits: Vec<(String, Edit)>,
) -> Result<Complete, WriteError> {
    let kept = desk.peek(record).map(|sheet| &sheet.kept);
    let draft = kept.map(shown);
    let kind = draft.as_ref().and_then(|draft| draft.get(KIND));
    match (kind, new) {
        (None, None) => Err(WriteError::Unknown(record)),
        (None, Some(NewRecord { kind, form })) => {
            let mut all = vec![
                (KIND.to_owned(), Edit::Put(Scalar::Text(kind.clone()))),
                (FORM.to_owned(), Edit::Put(Scalar::Int(i64::from(*form)))),
            ];
            all.extend(edits);
            Ok((all, Vec::new()))
        }
        (Some(known), Some(NewRecord { kind, .. })) if known.as_text() != Some(kind) => {
            Err(WriteError::OtherKind(record))
        }
        (Some(_), _) => {
            let merged = kept.is_some_and(|kept| kept.record.get(KIND).is_some());
            match (merged, kept, draft) {
                (false, Some(kept), Some(draft)) => {
                    let aside = kept.aside.keys().copied();
                    let own = |hash: &ChangeHash| desk.row(record, *hash).is_some_and(|row| row.own);
                    let replaced = aside.filter(own).take(REPLACED_MAX).collect();
                    let mut all: Vec<_> = draft
                        .answers()
                        .into_iter()
                        .map(|(path, value)| (path, Edit::Put(value)))
                        .collect();
                    all.extend(edits);
                    Ok((all, replaced))
                }
                _ => Ok((edits, Vec::new())),
            }
        }
    }
}
