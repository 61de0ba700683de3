//! Safety: what must be true after every step, whatever happened.

use std::collections::BTreeSet;

use device::store::Store;
use server::app::App;
use server::store::record::{ArchiveStore as _, LogStore as _};
use server::view::rebuild;
use sync_core::id::{Actor, actor_tag};
use sync_core::phone::{ChangeState, EnvelopeState};
use sync_core::record::Record;

use super::cast::Handset;
use super::play::{Sim, short};

/// Steps between two looks at the whole register.
const CHECK_EVERY: u32 = 40;

impl Sim {
    /// What must hold after every step.
    ///
    /// # Errors
    /// What does not.
    pub fn safe(&self) -> Result<(), String> {
        for handset in &self.phones {
            let synced = handset.synced_epoch == Some(self.office.app().keys.epoch);
            if synced && !handset.imported {
                acknowledged_is_logged(self.office.app(), handset)?;
                receipts_are_logged(self.office.app(), handset)?;
            }
            no_false_conflict(handset)?;
        }
        if self.at.is_multiple_of(CHECK_EVERY) {
            self.register_is_sound()?;
        }
        Ok(())
    }

    /// The log, and everything derived from it, by `soban check`; and every change in it stands
    /// under the device that wrote it.
    pub(super) fn register_is_sound(&self) -> Result<(), String> {
        let app = self.office.app();
        let report =
            rebuild::check(app).map_err(|error| format!("the register cannot be checked: {error:?}"))?;
        if !report.is_sound() {
            return Err(format!("the register is not sound: {report:?}"));
        }
        let directory = app
            .devices
            .current(&app.store)
            .map_err(|error| format!("{error:?}"))?;
        for id in app
            .store
            .logged_records(None, usize::MAX >> 1)
            .map_err(|error| format!("{error:?}"))?
        {
            for change in app.store.log_of(id).map_err(|error| format!("{error:?}"))? {
                let Ok((_, parts)) = sync_core::chunk::open(&change.bytes) else {
                    return Err(format!("a change of {} cannot be read", short(id)));
                };
                let tag = Actor::from_slice(parts.actor).map(|actor| actor.tag());
                // A change of an officer's console, or of a record that left a phone at once, is in no ledger.
                let wrote = self.ledger.get(&(id, change.hash)).copied();
                let author = wrote.or_else(|| directory.by_tag(tag?).map(|cert| cert.device));
                if author.is_none_or(|device| Some(actor_tag(device)) != tag) {
                    return Err(format!(
                        "{:?} of {} is attributed to another than {wrote:?}",
                        change.hash,
                        short(id)
                    ));
                }
            }
        }
        Ok(())
    }
}

/// Nothing a phone was told is safe is missing in the log, unless it asks about that again already.
fn acknowledged_is_logged(app: &App, handset: &Handset) -> Result<(), String> {
    let store = handset.phone().store();
    let open = store.open_envelopes().map_err(|error| format!("{error:?}"))?;
    let asked = |counter: u64| {
        open.iter()
            .any(|open| open.name.device == handset.device && open.name.counter == counter)
    };
    for id in handset.records() {
        for row in store.changes_of(id).map_err(|error| format!("{error:?}"))? {
            let safe = matches!(row.state, ChangeState::Confirmed | ChangeState::Parked(_));
            let told = row.own && safe && row.counter.is_some_and(|counter| !asked(counter));
            let logged = || app.store.has_change(id, row.hash).unwrap_or(false);
            if told && !logged() {
                return Err(format!(
                    "{} was told that {:?} of {} is {}, and the log does not have it",
                    handset.name,
                    row.hash,
                    short(id),
                    row.state.name()
                ));
            }
        }
    }
    Ok(())
}

/// Every envelope a phone need not send any more lies in the log: itself, or all that it holds.
fn receipts_are_logged(app: &App, handset: &Handset) -> Result<(), String> {
    let store: &Store = handset.phone().store();
    let failed = |error| format!("{error:?}");
    for name in store.all_envelopes().map_err(failed)? {
        for row in store.envelopes([name]).map_err(failed)? {
            if row.state != EnvelopeState::Receipted {
                continue;
            }
            let logged = app
                .store
                .outcomes(&[name])
                .map_err(|error| format!("{error:?}"))?;
            let items = row.envelope.items().unwrap_or_default();
            let all = || {
                items
                    .iter()
                    .all(|item| app.store.has_change(item.record, item.hash).unwrap_or(false))
            };
            if !logged
                .iter()
                .any(|outcome| outcome.signature == row.envelope.signature)
                && !all()
            {
                return Err(format!(
                    "{} has a receipt for {name:?}, and the log does not have it",
                    handset.name
                ));
            }
        }
    }
    Ok(())
}

/// No replica shows a disagreement between equal values.
fn no_false_conflict(handset: &Handset) -> Result<(), String> {
    for id in handset.records() {
        let Some(record) = merged(handset, id)? else {
            continue;
        };
        for conflict in record.conflicts() {
            let values: BTreeSet<String> = conflict
                .rivals
                .iter()
                .map(|rival| format!("{:?}", rival.value))
                .collect();
            if values.len() != conflict.rivals.len() || values.len() < 2 {
                return Err(format!(
                    "{} shows a false conflict at {} of {}",
                    handset.name,
                    conflict.path,
                    short(id)
                ));
            }
        }
    }
    Ok(())
}

/// What a phone has merged of a record; none if nothing.
pub(super) fn merged(handset: &Handset, id: sync_core::id::RecordId) -> Result<Option<Record>, String> {
    let row = handset
        .phone()
        .store()
        .record(id)
        .map_err(|error| format!("{error:?}"))?;
    let Some(row) = row else { return Ok(None) };
    let kept = row
        .open(id)
        .map_err(|error| format!("{} holds a damaged record: {error:?}", handset.name))?;
    Ok((!kept.record.is_empty()).then_some(kept.record))
}
