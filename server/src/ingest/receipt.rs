//! The server's word on an envelope, read from the log: asked again, it answers as things stand now.

use sync_core::envelope::EnvelopeError;
use sync_core::frame::{EnvelopeName, Receipt, Ruling};

use crate::store::StoreError;
use crate::store::record::{EnvelopeOutcome, LogStore, State};

/// Receipts for those of `names` that are in the log.
pub(super) fn of(store: &impl LogStore, names: &[EnvelopeName]) -> Result<Vec<Receipt>, StoreError> {
    Ok(store.outcomes(names)?.into_iter().map(from_outcome).collect())
}

/// The receipt for an envelope nothing was kept of.
pub(super) fn refused(name: EnvelopeName, error: EnvelopeError) -> Receipt {
    Receipt {
        name,
        refused: Some(error.code().to_owned()),
        waiting: Vec::new(),
        parked: Vec::new(),
    }
}

pub(super) fn from_outcome(outcome: EnvelopeOutcome) -> Receipt {
    let mut receipt = Receipt {
        name: outcome.name,
        refused: None,
        waiting: Vec::new(),
        parked: Vec::new(),
    };
    for (record, change, state) in outcome.states {
        match state {
            State::Applied => {}
            State::Waiting => receipt.waiting.push(change),
            State::Parked(reason) => receipt.parked.push(Ruling {
                record,
                change,
                parked: Some(reason),
                replaced: None,
            }),
            State::Superseded => receipt.parked.push(Ruling {
                record,
                change,
                parked: None,
                replaced: Some(true),
            }),
        }
    }
    receipt
}
