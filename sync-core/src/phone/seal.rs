//! (3) Pending changes into signed envelopes, numbered on from the last.

use ed25519_dalek::SigningKey;

use super::desk::{Commit, Desk, Loaded};
use super::rows::RowError;
use super::state::{ChangeRow, ChangeState, EnvelopeRow, EnvelopeState, Me};
use crate::envelope::{Envelope, EnvelopeHead, batches};
use crate::id::PublicKey;
use crate::pack::Item;

/// The public key of the device key that grows from `seed`.
#[must_use]
pub fn public_key(seed: &[u8; 32]) -> PublicKey {
    PublicKey(SigningKey::from_bytes(seed).verifying_key().to_bytes())
}

/// Closes the pending changes among `loaded.changes`, oldest first. Once written, an envelope is
/// never made again: it is sent as the same bytes until the server has said what became of it.
/// `seed` is this device's own key.
///
/// # Errors
/// When the phone's own store is damaged.
pub fn seal(me: &Me<'_>, loaded: Loaded, seed: &[u8; 32], now_ms: i64) -> Result<Commit, RowError> {
    let mut pending: Vec<ChangeRow> = loaded
        .changes
        .iter()
        .filter(|row| row.own && row.state == ChangeState::Pending)
        .cloned()
        .collect();
    pending.sort_by_key(|row| row.order);
    let key = SigningKey::from_bytes(seed);
    let random = loaded.progress.actor_random;
    let mut desk = Desk::open(loaded)?;
    let items = pending.iter().filter_map(|row| item(&desk, row)).collect();
    for batch in batches(items) {
        let counter = desk.progress.next_counter;
        desk.progress.next_counter += 1;
        // Unless something of ours is at the server and not here: then that is still to come.
        if desk.progress.own_known == counter - 1 {
            desk.progress.own_known = counter;
        }
        let head = EnvelopeHead {
            project: me.identity.project,
            device: me.identity.device,
            counter,
            claimed_at_ms: now_ms,
        };
        let envelope = Envelope::seal(head, &batch, &key);
        for item in &batch {
            if let Some(row) = desk.row_mut(item.record, item.hash) {
                row.state = ChangeState::Sealed;
                row.counter = Some(counter);
            }
        }
        let order = desk.progress.take_order();
        desk.put_envelope(EnvelopeRow {
            name: envelope.name(),
            order,
            envelope,
            records: batch.iter().map(|item| item.record).collect(),
            attempted: false,
            state: EnvelopeState::Open,
        });
    }
    Ok(desk.finish(random))
}

fn item(desk: &Desk, row: &ChangeRow) -> Option<Item> {
    let kept = &desk.peek(row.record)?.kept;
    let aside = || kept.aside.get(&row.hash).map(|aside| aside.bytes.clone());
    let bytes = kept.record.change(&row.hash).or_else(aside)?;
    Some(Item {
        record: row.record,
        hash: row.hash,
        bytes,
    })
}
