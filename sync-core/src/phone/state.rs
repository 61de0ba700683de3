//! What a phone keeps, as plain values: who it is, how far it has come, and its rows.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};

use super::rows::RowError;
use crate::admit::Rules;
use crate::cert::{DeviceCert, SignedCert};
use crate::envelope::Envelope;
use crate::frame::{EnvelopeName, FeedPosition, Updates};
use crate::id::{Actor, ChangeHash, DeviceId, ProjectId, PublicKey, RecordId, UserId};
use crate::policy::ParkReason;

/// Who this phone is, as enrolment said. Role and units are not here: they stand in its newest
/// certificate, which may change.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Identity {
    /// The register.
    #[n(0)]
    pub project: ProjectId,
    /// The key of deterministic record ids.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub project_key: [u8; 32],
    /// The key the server signs certificates and updates with.
    #[n(2)]
    pub server_public_key: PublicKey,
    /// This device.
    #[n(3)]
    pub device: DeviceId,
    /// The person who holds it.
    #[n(4)]
    pub user: UserId,
}

/// How far this phone has come. Written in the same transaction as what it speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Progress {
    /// The epoch of the server it last spoke with; empty before the first sync.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub epoch: Vec<u8>,
    /// How far each feed has been taken in.
    #[n(1)]
    pub cursor: Vec<FeedPosition>,
    /// The newest certificate taken in.
    #[n(2)]
    pub certs_serial: u64,
    /// The newest reference data taken in.
    #[n(3)]
    pub data_serial: u64,
    /// It holds every envelope of its own up to this number.
    #[n(4)]
    pub own_known: u64,
    /// The number of the next envelope it closes.
    #[n(5)]
    pub next_counter: u64,
    /// The second half of its present actor.
    #[cbor(n(6), with = "minicbor::bytes")]
    pub actor_random: [u8; 8],
    /// The place of the next row in the order of writing.
    #[n(7)]
    pub next_order: u64,
    /// How far its clock is ahead of the server's, as last measured, in milliseconds.
    #[n(8)]
    pub clock_skew_ms: Option<i64>,
    /// Records to ask for whole.
    #[n(9)]
    pub wanted: BTreeSet<RecordId>,
    /// Records after this id are still to be compared with a server whose epoch changed.
    #[n(10)]
    pub comparing_after: Option<RecordId>,
    /// The server's clock at the last completed sync, milliseconds since 1970.
    #[n(11)]
    pub synced_at_ms: Option<i64>,
    /// The territory changed: records after this id are still to be looked at, whether they stay.
    #[n(12)]
    pub recheck_after: Option<RecordId>,
    /// Records with work of this phone were taken away since it last read everything.
    #[n(13)]
    pub dropped_own: bool,
    /// Records to be compared with what the server has: those it asked for, until they were offered; and
    /// those a bundle brought with an old word of it, for it may have been restored since, or have sent
    /// the record elsewhere.
    #[n(14)]
    pub compare: BTreeSet<RecordId>,
}

impl Progress {
    /// A phone that has not done anything yet.
    #[must_use]
    pub fn new(actor_random: [u8; 8]) -> Self {
        Self {
            epoch: Vec::new(),
            cursor: Vec::new(),
            certs_serial: 0,
            data_serial: 0,
            own_known: 0,
            next_counter: 1,
            actor_random,
            next_order: 1,
            clock_skew_ms: None,
            wanted: BTreeSet::new(),
            comparing_after: None,
            synced_at_ms: None,
            recheck_after: None,
            dropped_own: false,
            compare: BTreeSet::new(),
        }
    }

    /// The next place in the order of writing.
    pub(super) fn take_order(&mut self) -> u64 {
        let order = self.next_order;
        self.next_order += 1;
        order
    }

    /// Moves one feed on.
    pub(super) fn advance(&mut self, position: &FeedPosition) {
        match self.cursor.iter_mut().find(|known| known.feed == position.feed) {
            Some(known) => known.seq = position.seq,
            None => self.cursor.push(position.clone()),
        }
    }
}

macro_rules! stored_as_bytes {
    ($($name:ident),*) => {$(
        impl $name {
            /// As stored.
            #[must_use]
            pub fn to_bytes(&self) -> Vec<u8> {
                minicbor::to_vec(self).unwrap_or_default()
            }

            /// Reads what [`Self::to_bytes`] wrote.
            ///
            /// # Errors
            /// When the store is damaged.
            pub fn from_bytes(bytes: &[u8]) -> Result<Self, RowError> {
                minicbor::decode(bytes).map_err(|_| RowError::State)
            }
        }
    )*};
}
stored_as_bytes!(Identity, Progress, Envelope, SignedCert, Updates);

/// Everything a step must know about this phone beside the rows it touches.
#[derive(Clone, Copy)]
pub struct Me<'a> {
    /// Who this phone is.
    pub identity: &'a Identity,
    /// Who the devices are, which unit lies where, and the forms.
    pub rules: Rules<'a>,
}

impl Me<'_> {
    /// This phone's newest certificate.
    #[must_use]
    pub fn cert(&self) -> Option<&DeviceCert> {
        self.rules.directory.device(self.identity.device)
    }

    /// This phone's actor with that second half.
    #[must_use]
    pub fn actor(&self, random: [u8; 8]) -> Actor {
        Actor::of(self.identity.device, random)
    }
}

/// One record, as stored: both byte strings are opaque to the driver.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordRow {
    /// Its kind, once known.
    pub kind: Option<String>,
    /// The merged document; empty while nothing of it is merged.
    pub document: Vec<u8>,
    /// Changes that lie beside it, encoded.
    pub aside: Vec<u8>,
    /// It left this phone's units: to be removed when nothing of it is unsent.
    pub gone: bool,
}

/// What is known of one change. Its key is (record, hash): the same change may stand in two records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRow {
    /// The record.
    pub record: RecordId,
    /// The change.
    pub hash: ChangeHash,
    /// Its place in the order in which this phone learnt of changes.
    pub order: u64,
    /// This phone wrote it.
    pub own: bool,
    /// The number of the author's envelope that holds it, if one lies here.
    pub counter: Option<u64>,
    /// What became of it.
    pub state: ChangeState,
    /// When, as its author's clock said: seconds since 1970.
    pub claimed_at_s: i64,
    /// When the server received it, seconds since 1970.
    pub received_at_s: Option<i64>,
}

/// What became of a change, as far as this phone knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeState {
    /// Written here, in no envelope yet.
    Pending,
    /// In an envelope; no word from the server.
    Sealed,
    /// The server has merged it.
    Confirmed,
    /// Kept until its ancestors arrive: at the server if it is ours, here if it is another's.
    Waiting,
    /// Kept whole, not merged.
    Parked(ParkReason),
    /// Written again on other ground.
    Superseded,
}

impl ChangeState {
    /// The stable name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sealed => "sealed",
            Self::Confirmed => "confirmed",
            Self::Waiting => "waiting",
            Self::Parked(_) => "parked",
            Self::Superseded => "superseded",
        }
    }

    /// The state of that name; `reason` is asked for `parked` only.
    #[must_use]
    pub fn from_name(name: &str, reason: Option<&str>) -> Option<Self> {
        Some(match name {
            "pending" => Self::Pending,
            "sealed" => Self::Sealed,
            "confirmed" => Self::Confirmed,
            "waiting" => Self::Waiting,
            "parked" => Self::Parked(ParkReason::from_code(reason?)?),
            "superseded" => Self::Superseded,
            _ => return None,
        })
    }

    /// True while the server has not said a word about it.
    #[must_use]
    pub const fn is_unsent(self) -> bool {
        matches!(self, Self::Pending | Self::Sealed)
    }
}

/// An envelope this phone keeps: its own, or one it carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvelopeRow {
    /// Who signed it and its number.
    pub name: EnvelopeName,
    /// Its place in the order in which this phone came to hold envelopes.
    pub order: u64,
    /// The envelope, always sent as these bytes.
    pub envelope: Envelope,
    /// The records it touches.
    pub records: BTreeSet<RecordId>,
    /// It may have reached the server: ask before sending it again.
    pub attempted: bool,
    /// What became of it.
    pub state: EnvelopeState,
}

/// What became of an envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnvelopeState {
    /// No word from the server.
    Open,
    /// On the server's disk.
    Receipted,
    /// The server keeps nothing of it, with the code that says why.
    Refused(String),
}
