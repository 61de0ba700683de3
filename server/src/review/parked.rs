//! An officer looks at a parked change and lets it through, or says no.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use sync_core::admit::Rules;
use sync_core::cert::Directory;
use sync_core::id::{Actor as ChangeActor, ChangeHash, RecordId, UnitId};
use sync_core::policy::{ParkReason, Role};
use sync_core::record::Record;

use super::same;
use crate::access::{AccessError, Keys, console_device};
use crate::app::App;
use crate::audit::{Action, Actor, AuditEntry};
use crate::merge::{Console, clear};
use crate::store::reader::{AsideSummary, Reach};
use crate::store::record::{Commit, Found, LogStore as _, MergeRequest, State};
use crate::store::{StoreError, User};
use crate::territory::Units;
use crate::view;

/// Why a decision about a parked change cannot be carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReviewError {
    /// The person may not decide this.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// There is no such parked change, or it was dealt with.
    #[error("there is no such parked change")]
    ParkedUnknown,
    /// Nobody's leave makes it somebody else's work, or a record of what is none.
    #[error("the change can never be let through")]
    ParkedForever,
    /// There is no such record, or it is not theirs to read.
    #[error("there is no such record")]
    RecordUnknown,
    /// Somebody wrote it since it was looked at.
    #[error("the record has changed since it was looked at")]
    RecordChanged,
    /// Nobody disagrees on that field, or not in that way.
    #[error("there is no such disagreement")]
    ConflictUnknown,
    /// The author is to be told why.
    #[error("a comment is missing")]
    CommentMissing,
    /// The comment is longer than so many characters.
    #[error("the comment is longer than {0} characters")]
    CommentTooLong(usize),
    /// The value is none of the field's.
    #[error("{0}")]
    ValueUnfit(String),
    /// The two records are of different kinds, or one and the same.
    #[error("the two records cannot be merged")]
    PairUnfit,
    /// One of the two stands for another already.
    #[error("one of the records is merged already")]
    AlreadyMerged,
    /// Nothing was said of the pair.
    #[error("nothing was said of the pair")]
    NothingToUndo,
    /// People still disagree on a field that asks for review.
    #[error("a disagreement is open")]
    ConflictOpen,
    /// More records at once than are decided about together.
    #[error("more than {0} records at once")]
    TooMany(usize),
    /// The officer may read the record but not write this.
    #[error("the decision was set aside: {}", .0.code())]
    NotTaken(ParkReason),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Lets a parked change through: merged now if it is sound, with everything that waited for it.
/// Returns what became of it. Blocks.
///
/// # Errors
/// When the person may not, the change is not parked, or it can never be let through.
pub fn admit(app: &App, user: &User, change: ChangeHash) -> Result<State, ReviewError> {
    let (record, reason) = find(app, user, change)?;
    if matches!(
        reason,
        ParkReason::ForeignActor | ParkReason::NotARecord | ParkReason::TooLarge
    ) {
        return Err(ReviewError::ParkedForever);
    }
    let now = app.clock.now();
    let directory = app.devices.current(&app.store)?;
    let territory = app.units()?;
    let catalog = app.catalog()?;
    let rules = Rules {
        directory: &directory,
        territory: &*territory,
        forms: &*catalog,
    };
    let mut became = State::Waiting;
    let (device, key) = console_device(&app.store, &app.keys, now, user)?;
    let console = Console {
        project: app.keys.project,
        device,
        key: &key,
        actor: ChangeActor::of(device, once(&app.keys, change)),
        at_ms: now.as_millisecond(),
    };
    decide(app, user, Action::ParkedAdmit, (record, change), &mut |found| {
        let key = &app.keys.record_key;
        let view = |merged: &Record| view::of(&catalog, &territory, key, merged, now);
        let commit = clear(found, (record, change), &console, &rules, &view)?;
        if let Some((_, _, state)) = commit.states.iter().find(|(_, hash, _)| *hash == change) {
            became = *state;
        }
        Ok(commit)
    })?;
    same::carry::carry(app, &[record])?;
    Ok(became)
}

/// The second half of the console's actor for one decision. A change is let in once in an epoch, so no
/// number of this actor is ever used twice; and a decision that is repeated writes the same bytes.
fn once(keys: &Keys, change: ChangeHash) -> [u8; 8] {
    let hasher = Sha256::new().chain_update(b"soban console actor 1\n");
    let digest = hasher.chain_update(keys.epoch).chain_update(change.0).finalize();
    let mut half = [0; 8];
    half.copy_from_slice(&digest[..8]);
    half
}

/// Says no to a parked change: it stays in the log and is not offered again. Blocks.
///
/// # Errors
/// When the person may not, or the change is not parked.
pub fn dismiss(app: &App, user: &User, change: ChangeHash) -> Result<State, ReviewError> {
    let (record, _) = find(app, user, change)?;
    let became = State::Parked(ParkReason::Dismissed);
    decide(app, user, Action::ParkedDismiss, (record, change), &mut |_| {
        Ok(Commit {
            states: vec![(record, change, became)],
            ..Commit::default()
        })
    })?;
    Ok(became)
}

/// The record and reason of a change this officer may decide about.
fn find(app: &App, user: &User, change: ChangeHash) -> Result<(RecordId, ParkReason), ReviewError> {
    if user.role != Role::DistrictOfficer {
        return Err(AccessError::RoleForbidden.into());
    }
    let parked = app
        .store
        .parked(change)?
        .filter(|parked| parked.reason != Some(ParkReason::Dismissed));
    let parked = parked.ok_or(ReviewError::ParkedUnknown)?;
    let reason = parked.reason.ok_or(ReviewError::ParkedUnknown)?;
    if !Concern::of(app, user)?.is(&parked) {
        return Err(AccessError::OutOfScope.into());
    }
    Ok((parked.record, reason))
}

/// Says of parked changes whether they are one officer's business.
pub struct Concern {
    reach: Reach,
    own: Vec<UnitId>,
    units: Arc<Units>,
    directory: Arc<Directory>,
}

impl Concern {
    /// That of `user`. Blocks.
    ///
    /// # Errors
    /// When the store fails, or the role reads no records.
    pub fn of(app: &App, user: &User) -> Result<Self, AccessError> {
        let units = app.units()?;
        Ok(Self {
            reach: super::reach(user, &units, &app.shared_kinds()?)?,
            own: user.units.clone(),
            units,
            directory: app.devices.current(&app.store)?,
        })
    }

    /// True if the record lies in the review scope, or (where there is no record yet) the author does.
    #[must_use]
    pub fn is(&self, parked: &AsideSummary) -> bool {
        if let Some((unit, kind)) = &parked.home
            && self.reach.holds(*unit, kind)
        {
            return true;
        }
        let author = parked.signer.and_then(|signer| self.directory.device(signer));
        self.reach == Reach::All
            || author
                .is_some_and(|author| !author.units.is_empty() && self.units.within(&self.own, &author.units))
    }
}

fn decide(
    app: &App,
    user: &User,
    action: Action,
    (record, change): (RecordId, ChangeHash),
    work: &mut dyn FnMut(Found) -> Result<Commit, StoreError>,
) -> Result<(), ReviewError> {
    let now = app.clock.now();
    let (console, _) = console_device(&app.store, &app.keys, now, user)?;
    let request = MergeRequest {
        envelopes: Vec::new(),
        changes: [(record, change)].into(),
        records: [record].into(),
        carrier: console,
        received_at_ms: now.as_millisecond(),
    };
    let audit = AuditEntry::new(now, Actor::User(user.id), action, format!("change:{change}"))
        .with("record", record.to_string());
    app.store.merge(&request, vec![audit], work)?;
    app.live.changed();
    Ok(())
}
