//! The desk an officer writes at: records as they were looked at, and one signed envelope of all that was decided.

use ed25519_dalek::SigningKey;
use sync_core::id::{Actor as ChangeActor, ChangeHash, DeviceId, RecordId};
use sync_core::pack::Item;
use sync_core::policy::Role;
use sync_core::record::{Edit, Record};

use super::ReviewError;
use crate::access::{AccessError, console_device};
use crate::app::App;
use crate::audit::{Action, Actor, AuditEntry};
use crate::entropy;
use crate::ingest;
use crate::store::reader::{Reach, RecordReader as _};
use crate::store::record::RecordView;
use crate::store::{StoreError, User};

/// What one officer decides in one go.
pub(super) struct Desk<'a> {
    app: &'a App,
    user: &'a User,
    device: DeviceId,
    key: SigningKey,
    reach: Reach,
    items: Vec<Item>,
}

impl<'a> Desk<'a> {
    /// The desk of `user`.
    ///
    /// # Errors
    /// When the person does not review.
    pub(super) fn of(app: &'a App, user: &'a User) -> Result<Self, ReviewError> {
        if user.role != Role::DistrictOfficer {
            return Err(AccessError::RoleForbidden.into());
        }
        let (device, key) = console_device(&app.store, &app.keys, app.clock.now(), user)?;
        Ok(Self {
            app,
            user,
            device,
            key,
            reach: super::reach(user, &*app.units()?, &app.shared_kinds()?)?,
            items: Vec::new(),
        })
    }

    /// A record within reach, as it stands.
    ///
    /// # Errors
    /// When there is none.
    pub(super) fn find(&self, id: RecordId) -> Result<(RecordView, Record), ReviewError> {
        let view = self.app.store.one(&self.reach, id)?;
        let view = view.ok_or(ReviewError::RecordUnknown)?;
        let record =
            Record::load(id, &view.document).map_err(|error| StoreError::Damaged(error.to_string()))?;
        Ok((view, record))
    }

    /// The record as it was looked at. An officer decides about that: if it is another by now, it is looked at again.
    ///
    /// # Errors
    /// When there is none, or it has changed.
    pub(super) fn open(
        &self,
        id: RecordId,
        seen: &[ChangeHash],
    ) -> Result<(RecordView, Record), ReviewError> {
        let (view, record) = self.find(id)?;
        let mut seen = seen.to_vec();
        seen.sort_unstable();
        let mut heads = record.heads();
        heads.sort_unstable();
        if heads == seen {
            Ok((view, record))
        } else {
            Err(ReviewError::RecordChanged)
        }
    }

    /// Writes into a record what is to be handed in; nothing if it says so already. Returns the change.
    ///
    /// # Errors
    /// When the document takes no edit.
    pub(super) fn write(
        &mut self,
        record: &mut Record,
        edits: &[(String, Edit)],
    ) -> Result<Option<ChangeHash>, ReviewError> {
        let actor = ChangeActor::of(self.device, entropy::bytes());
        let change = record.edit(actor, self.app.clock.now().as_second(), edits);
        let change = change.map_err(|error| StoreError::Internal(error.to_string()))?;
        let Some((hash, bytes)) = change else {
            return Ok(None);
        };
        self.items.push(Item {
            record: record.id(),
            hash,
            bytes,
        });
        Ok(Some(hash))
    }

    /// An audit entry about a record.
    pub(super) fn noted(&self, action: Action, record: RecordId) -> AuditEntry {
        let now = self.app.clock.now();
        AuditEntry::new(now, Actor::User(self.user.id), action, format!("record:{record}"))
    }

    /// Signs what was written and takes it in, all or nothing, with its audit entries.
    ///
    /// # Errors
    /// When something of it may not be merged, or the store fails.
    pub(super) fn hand_in(self, audit: &[AuditEntry]) -> Result<(), ReviewError> {
        if self.items.is_empty() {
            return Ok(());
        }
        let receipt = ingest::hand_in(self.app, (self.device, &self.key), &self.items, audit)?;
        match receipt.parked.first().and_then(|ruling| ruling.parked) {
            Some(reason) => Err(ReviewError::NotTaken(reason)),
            None => Ok(()),
        }
    }
}
