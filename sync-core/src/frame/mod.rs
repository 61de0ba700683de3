//! (4) What travels: frames that each stand alone, over HTTP or in a file.
//!
//! On the wire a frame is its body's length and CRC-32 (four bytes each, big-endian) and the body in
//! CBOR. A cut link costs the frame it was in. Decoding never panics and never holds more than one
//! frame; what it reads is not believed: signatures are checked where the content is used.

mod read;
mod update;

pub use read::{FrameError, FrameReader, write_frame};
pub use update::{UpdateBatch, UpdateError, Updates, Whole};

use minicbor::{Decode, Encode};

use crate::cert::SignedCert;
use crate::envelope::Envelope;
use crate::id::{ChangeHash, DeviceId, ProjectId, RecordId};
use crate::policy::ParkReason;

/// The version of this protocol; both sides say theirs in the first frame.
pub const PROTOCOL: u32 = 1;
/// The first bytes of a bundle file; the last one is the version of the format.
pub const BUNDLE_MAGIC: [u8; 9] = *b"SOBANBDL\x01";

/// A name of a stream of updates, chosen by the server and handed back as it is.
pub type FeedKey = minicbor::bytes::ByteVec;

/// How far a device has read each feed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct FeedPosition {
    /// Which feed.
    #[n(0)]
    pub feed: FeedKey,
    /// The last update taken in.
    #[n(1)]
    pub seq: u64,
}

/// Names one envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct EnvelopeName {
    /// Who signed it.
    #[n(0)]
    pub device: DeviceId,
    /// Its number.
    #[n(1)]
    pub counter: u64,
}

/// A device's first words.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub struct Hello {
    /// `PROTOCOL` of the device.
    #[n(0)]
    pub protocol: u32,
    /// The epoch of the server it last spoke with; empty before the first sync.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub epoch: Vec<u8>,
    /// How far it has read.
    #[n(2)]
    pub cursor: Vec<FeedPosition>,
    /// The newest certificate it has.
    #[n(3)]
    pub certs_serial: u64,
    /// The newest reference data (units, forms) it has.
    #[n(4)]
    pub data_serial: u64,
    /// Its clock, milliseconds since 1970.
    #[n(5)]
    pub claimed_at_ms: i64,
    /// It holds every envelope of its own up to this number.
    #[n(6)]
    pub own_known: u64,
    /// Envelopes it sent before and has no receipt for: does the server have them?
    #[n(7)]
    pub unconfirmed: Vec<Unconfirmed>,
    /// Records it cannot complete from its cursor and wants whole.
    #[n(8)]
    pub want: Vec<RecordId>,
    /// After an epoch changed: what it holds, so that the server can ask for what it forgot.
    #[n(9)]
    pub holdings: Vec<Holding>,
    /// The program's version, for the officer's list of devices.
    #[n(10)]
    pub program: String,
    /// How many changes wait on the device.
    #[n(11)]
    pub pending: u64,
}

/// An envelope a device asks about.
///
/// The number alone does not do: a phone restored from a copy may have closed another envelope under
/// the same number, and would take the receipt of the one for the other. The server answers with a
/// receipt if it holds this very envelope, with the refusal `counter_reused` if it holds another of
/// that name, and not at all if it holds none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Unconfirmed {
    /// Its name.
    #[n(0)]
    pub name: EnvelopeName,
    /// The first eight bytes of its signature.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub mark: [u8; 8],
}

/// One record a device holds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Holding {
    /// The record.
    #[n(0)]
    pub record: RecordId,
    /// Its heads.
    #[n(1)]
    pub heads: Vec<ChangeHash>,
}

/// The server's first words.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Welcome {
    /// `PROTOCOL` of the server.
    #[n(0)]
    pub protocol: u32,
    /// The epoch of this database; a restored backup has a new one.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub epoch: Vec<u8>,
    /// The server's clock, milliseconds since 1970.
    #[n(2)]
    pub server_time_ms: i64,
    /// The highest envelope number of this device the server holds.
    #[n(3)]
    pub counter_high: u64,
    /// Records of which the device holds something the server does not: please offer it again.
    #[n(4)]
    pub want: Vec<RecordId>,
}

/// The server's word on one envelope: it is on disk, or it is refused.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Receipt {
    /// Which envelope.
    #[n(0)]
    pub name: EnvelopeName,
    /// The code of the refusal; nothing of it was kept.
    #[n(1)]
    pub refused: Option<String>,
    /// Changes kept until their ancestors arrive.
    #[n(2)]
    pub waiting: Vec<ChangeHash>,
    /// Changes set aside, with the reason, or replaced. Everything not named here or in `waiting` is merged.
    #[n(3)]
    pub parked: Vec<Ruling>,
}

/// The server's word on one change.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Ruling {
    /// Its record.
    #[n(0)]
    pub record: RecordId,
    /// The change.
    #[n(1)]
    pub change: ChangeHash,
    /// `None`: merged after all, or replaced. Otherwise why it lies aside.
    #[n(2)]
    pub parked: Option<ParkReason>,
    /// `Some(true)`: its author wrote it again; it will never be merged.
    #[n(3)]
    pub replaced: Option<bool>,
}

/// Reference data that travels with sync: units, forms.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Reference {
    /// `units`, or `form:<id>@<version>`.
    #[n(0)]
    pub name: String,
    /// Rises with every change of any reference data.
    #[n(1)]
    pub serial: u64,
    /// The JSON, compressed by `compress`.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub body: Vec<u8>,
}

/// The server's last words.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub struct Done {
    /// Where every feed of the device stands now. A feed that is not named is no longer its own.
    #[n(0)]
    pub cursor: Vec<FeedPosition>,
    /// The newest certificate sent or known.
    #[n(1)]
    pub certs_serial: u64,
    /// The newest reference data sent or known.
    #[n(2)]
    pub data_serial: u64,
    /// There is more: ask again.
    #[n(3)]
    pub more: bool,
}

/// The first frame of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct BundleHead {
    /// The register it belongs to.
    #[n(0)]
    pub project: ProjectId,
    /// Who wrote the file. It proves nothing.
    #[n(1)]
    pub device: DeviceId,
    /// When, by that device's clock: milliseconds since 1970.
    #[n(2)]
    pub claimed_at_ms: i64,
}

/// One frame.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Frame {
    /// Device to server, first.
    #[n(0)]
    Hello(#[n(0)] Hello),
    /// A signed batch of changes.
    #[n(1)]
    Envelope(#[n(0)] Envelope),
    /// Server to device, first.
    #[n(2)]
    Welcome(#[n(0)] Welcome),
    /// What became of the envelopes.
    #[n(3)]
    Receipts(#[n(0)] Vec<Receipt>),
    /// Who the devices are.
    #[n(4)]
    Certs(#[n(0)] Vec<SignedCert>),
    /// Records as the server merged them, with its signature.
    #[n(5)]
    Updates(#[n(0)] Updates),
    /// What became of changes later than their receipt.
    #[n(6)]
    Rulings(#[n(0)] Vec<Ruling>, #[n(1)] FeedPosition),
    /// Units and forms.
    #[n(7)]
    Reference(#[n(0)] Reference),
    /// Server to device, last.
    #[n(8)]
    Done(#[n(0)] Done),
    /// Something in the request could not be read; what came before it is kept.
    #[n(9)]
    Refusal(#[n(0)] String),
    /// The first frame of a bundle.
    #[n(10)]
    BundleHead(#[n(0)] BundleHead),
    /// The last frame of a bundle: how many came before it, so that a cut file shows.
    #[n(11)]
    BundleEnd(#[n(0)] u64),
}
