//! (5) Frames from a device → the log, and a receipt for each envelope.
//!
//! In: the frames of one request or bundle, as they arrive. Out: receipts, given only for what is on
//! disk. Envelopes that are not authentic are refused one by one; the others go on. A request that
//! is cut or damaged keeps what came before. It does not know how updates go down: see `publish`.

mod console;
mod heard;
mod known;
mod receipt;
mod upload;

pub use console::{hand_in, hand_in_all};
pub use heard::heard;
pub use known::KnownDevices;
pub use upload::{Upload, Uploaded};

use std::collections::BTreeMap;

use sync_core::admit::Rules;
use sync_core::envelope::EnvelopeError;
use sync_core::frame::{EnvelopeName, Receipt, Unconfirmed};
use sync_core::id::DeviceId;
use sync_core::limits::UNCONFIRMED_MAX;

use crate::app::App;
use crate::audit::{Action, Actor, AuditEntry};
use crate::merge::{Batch, merge};
use crate::review::same;
use crate::store::StoreError;
use crate::store::record::{Commit, EnvelopeOutcome, LogStore as _};
use crate::view;

/// Logs and merges a batch in one transaction, with what `also` is to be audited, and returns its receipts. Blocks.
///
/// # Errors
/// When the store fails; then nothing of the batch was kept.
pub fn take(
    app: &App,
    carrier: DeviceId,
    batch: &Batch,
    also: &[AuditEntry],
) -> Result<Vec<Receipt>, StoreError> {
    let now = app.clock.now();
    let names: Vec<EnvelopeName> = batch.envelopes.iter().map(crate::merge::Opened::name).collect();
    if names.is_empty() && batch.brought_back.is_empty() {
        return Ok(Vec::new());
    }
    let request = batch.request(carrier, now.as_millisecond());
    let directory = app.devices.current(&app.store)?;
    let territory = app.units()?;
    let catalog = app.catalog()?;
    let rules = Rules {
        directory: &directory,
        territory: &*territory,
        forms: &*catalog,
    };
    let audit = AuditEntry::new(
        now,
        Actor::Device(carrier),
        Action::SyncUpload,
        format!("device:{carrier}"),
    )
    .with("envelopes", names.len())
    .with("changes", request.changes.len());
    let mut reused = Vec::new();
    let mut losers = Vec::new();
    let audit = std::iter::once(audit).chain(also.iter().cloned()).collect();
    app.store.merge(&request, audit, &mut |found| {
        let merged = merge(batch, found, &rules, now.as_millisecond(), &|record| {
            view::of(&catalog, &territory, &app.keys.record_key, record, now)
        });
        reused.extend(merged.reused);
        let merged_away = merged.commit.views.iter().filter(|view| view.same_as.is_some());
        losers.extend(merged_away.map(|view| view.id));
        Ok(merged.commit)
    })?;
    // What a phone wrote into a copy that another record stands for goes over there. It is safe in the log already.
    same::carry::carry(app, &losers)?;
    app.live.changed();
    app.metrics
        .add("soban_envelopes_received_total", &[], names.len() as u64);
    let mut receipts: Vec<Receipt> = reused
        .iter()
        .map(|name| receipt::refused(*name, EnvelopeError::CounterReused))
        .collect();
    let kept: Vec<EnvelopeName> = names.into_iter().filter(|name| !reused.contains(name)).collect();
    receipts.extend(receipt::of(&app.store, &kept)?);
    Ok(receipts)
}

/// Receipts for those of `asked` that are in the log. Nothing is said of the others; one whose
/// number stands for another envelope is refused as reused. `holder` is told from now on what becomes
/// of them, also of those that only another device handed in.
///
/// # Errors
/// When the store fails.
pub fn receipts(app: &App, holder: DeviceId, asked: &[Unconfirmed]) -> Result<Vec<Receipt>, StoreError> {
    let asked = &asked[..asked.len().min(UNCONFIRMED_MAX)];
    let marks: BTreeMap<EnvelopeName, [u8; 8]> = asked.iter().map(|one| (one.name, one.mark)).collect();
    let names: Vec<EnvelopeName> = marks.keys().copied().collect();
    note_holder(app, holder, &names)?;
    let known = |outcome: &EnvelopeOutcome| {
        marks
            .get(&outcome.name)
            .is_some_and(|mark| outcome.signature.0.starts_with(mark))
    };
    let answer = |outcome: EnvelopeOutcome| {
        if known(&outcome) {
            receipt::from_outcome(outcome)
        } else {
            receipt::refused(outcome.name, EnvelopeError::CounterReused)
        }
    };
    Ok(app.store.outcomes(&names)?.into_iter().map(answer).collect())
}

/// Before the outcomes are read, so that no verdict falls between the receipt and the rulings.
fn note_holder(app: &App, holder: DeviceId, names: &[EnvelopeName]) -> Result<(), StoreError> {
    let carried = app.store.not_carried(names, holder)?;
    if carried.is_empty() {
        return Ok(());
    }
    let now = app.clock.now();
    let target = format!("device:{holder}");
    let audit =
        AuditEntry::new(now, Actor::Device(holder), Action::SyncUpload, target).with("held", carried.len());
    let request = Batch::default().request(holder, now.as_millisecond());
    let commit = Commit {
        carried,
        ..Commit::default()
    };
    let mut commit = Some(commit);
    app.store.merge(&request, vec![audit], &mut |_| {
        Ok(commit.take().unwrap_or_default())
    })
}
