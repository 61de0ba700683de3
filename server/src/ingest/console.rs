//! What an officer writes here: signed by the officer's console and taken in as everybody's work is.

use ed25519_dalek::SigningKey;
use sync_core::envelope::{Envelope, EnvelopeHead};
use sync_core::frame::Receipt;
use sync_core::id::DeviceId;
use sync_core::pack::Item;

use super::take;
use crate::app::App;
use crate::audit::AuditEntry;
use crate::merge::{Batch, Opened};
use crate::store::StoreError;
use crate::store::record::LogStore as _;

/// How often a number may be taken by another request of the same officer in between.
const TRIES: usize = 8;

/// Closes changes of a console into one envelope and takes it in, with `audit` in the same transaction. Blocks.
///
/// # Errors
/// When the store fails; then nothing was kept.
pub fn hand_in(
    app: &App,
    (device, key): (DeviceId, &SigningKey),
    items: &[Item],
    audit: &[AuditEntry],
) -> Result<Receipt, StoreError> {
    for _ in 0..TRIES {
        let head = EnvelopeHead {
            project: app.keys.project,
            device,
            counter: app.store.counter_high(device)? + 1,
            claimed_at_ms: app.clock.now().as_millisecond(),
        };
        let batch = Batch {
            envelopes: vec![Opened {
                envelope: Envelope::seal(head, items, key),
                items: items.to_vec(),
            }],
            ..Batch::default()
        };
        let receipt = take(app, device, &batch, audit)?.pop();
        if let Some(receipt) = receipt.filter(|receipt| receipt.refused.is_none()) {
            return Ok(receipt);
        }
    }
    Err(StoreError::Internal(
        "a console's number was taken every time".to_owned(),
    ))
}

/// Closes changes of a console that nobody else writes with into envelopes, a batch each, and takes all of them in with one
/// transaction. Returns how many changes were set aside or wait. Blocks.
///
/// # Errors
/// When the store fails, or somebody else did write with the console; then nothing was kept.
pub fn hand_in_all(
    app: &App,
    (device, key): (DeviceId, &SigningKey),
    batches: Vec<Vec<Item>>,
) -> Result<usize, StoreError> {
    let first = app.store.counter_high(device)? + 1;
    let claimed_at_ms = app.clock.now().as_millisecond();
    let sealed = (first..).zip(batches).map(|(counter, items)| {
        let head = EnvelopeHead {
            project: app.keys.project,
            device,
            counter,
            claimed_at_ms,
        };
        Opened {
            envelope: Envelope::seal(head, &items, key),
            items,
        }
    });
    let batch = Batch {
        envelopes: sealed.collect(),
        ..Batch::default()
    };
    let receipts = take(app, device, &batch, &[])?;
    if receipts.iter().any(|receipt| receipt.refused.is_some()) {
        return Err(StoreError::Internal("a console's number was taken".to_owned()));
    }
    let aside = receipts
        .iter()
        .map(|receipt| receipt.parked.len() + receipt.waiting.len());
    Ok(aside.sum())
}
