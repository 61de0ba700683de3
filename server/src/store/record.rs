//! The log of changes, the records merged from it, and the questions sync asks of both.

use std::collections::{BTreeMap, BTreeSet};

use schemas::report::Fact;
use sync_core::admit::Verdict;
use sync_core::envelope::EnvelopeHead;
use sync_core::frame::EnvelopeName;
use sync_core::id::{ChangeHash, DeviceId, RecordId, Signature, UnitId};
use sync_core::policy::ParkReason;
use sync_core::replica::Kept;

use super::StoreError;
use super::reader::AsideSummary;
use crate::audit::AuditEntry;

/// What became of a change, as logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Part of its record.
    Applied,
    /// Kept until its ancestors arrive.
    Waiting,
    /// Kept whole, not merged.
    Parked(ParkReason),
    /// Its author wrote it again on other ground.
    Superseded,
}

impl State {
    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Waiting => "waiting",
            Self::Parked(_) => "parked",
            Self::Superseded => "superseded",
        }
    }

    /// Why it is parked, if it is.
    #[must_use]
    pub const fn reason(self) -> Option<ParkReason> {
        match self {
            Self::Parked(reason) => Some(reason),
            Self::Applied | Self::Waiting | Self::Superseded => None,
        }
    }
}

impl From<Verdict> for State {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Applied | Verdict::Known => Self::Applied,
            Verdict::Waiting => Self::Waiting,
            Verdict::Parked(reason) => Self::Parked(reason),
            Verdict::Superseded => Self::Superseded,
        }
    }
}

/// An envelope in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedEnvelope {
    /// What was signed.
    pub head: EnvelopeHead,
    /// By the device.
    pub signature: Signature,
    /// Its changes in order.
    pub items: Vec<(RecordId, ChangeHash)>,
}

/// A change on its way into the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChange {
    /// Its record.
    pub record: RecordId,
    /// Its hash.
    pub hash: ChangeHash,
    /// The raw change.
    pub bytes: Vec<u8>,
    /// Where it came from.
    pub source: Source,
    /// When the server received it first, milliseconds since 1970.
    pub received_at_ms: i64,
}

/// Where a change came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// An envelope of this log.
    Envelope(EnvelopeName),
    /// Updates this server signed in an earlier epoch, by their signature.
    Vouched(Signature),
}

/// Updates a device brought back after this server was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VouchedFrame {
    /// The signed body.
    pub body: Vec<u8>,
    /// Our own signature.
    pub signature: Signature,
}

/// A record as it is stored for reading: derived from its document and its form.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordView {
    /// The record.
    pub id: RecordId,
    /// The id of its form.
    pub kind: String,
    /// The version of its form.
    pub form: u32,
    /// The unit it belongs to.
    pub unit: Option<UnitId>,
    /// The document.
    pub document: Vec<u8>,
    /// Its newest changes, in hash order.
    pub heads: Vec<ChangeHash>,
    /// The shown value of every path, as a JSON object.
    pub answers: String,
    /// The name people know it by.
    pub title: String,
    /// Sorts titles as Vietnamese names are sorted.
    pub sort_key: Vec<u8>,
    /// Folded words it is found by.
    pub search: String,
    /// Review state.
    pub state: String,
    /// Open disagreements, as JSON.
    pub conflicts: String,
    /// `soft`, `hard` or none.
    pub conflict: Option<&'static str>,
    /// Rules its answers break, as JSON.
    pub findings: String,
    /// The record that stands for this one.
    pub same_as: Option<RecordId>,
    /// Records of which an officer said that they are others.
    pub not_same: Vec<RecordId>,
    /// Weak keys it is stored under.
    pub weak_keys: Vec<String>,
    /// Weak keys under which records like it are found.
    pub weak_lookups: Vec<WeakLookup>,
    /// What reports need of it; none in data of a version that had no reports.
    pub fact: Option<Fact>,
}

/// A weak key under which records like one are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeakLookup {
    /// The key.
    pub key: String,
    /// Keys that are near it serve as well (`schemas::key::is_near`).
    pub near: bool,
}

/// What a merge needs to see.
#[derive(Debug, Default)]
pub struct Found {
    /// Those of the asked envelopes that are in the log.
    pub envelopes: BTreeMap<EnvelopeName, LoggedEnvelope>,
    /// Every asked record; one nobody has written yet is empty.
    pub records: BTreeMap<RecordId, Kept>,
    /// The highest envelope number of the device that hands in.
    pub counter_high: u64,
    /// Those of the asked records' changes that are in the log, applied ones of the asked hashes too.
    pub logged: BTreeSet<(RecordId, ChangeHash)>,
}

/// What a merge writes, all or nothing.
#[derive(Debug, Default)]
pub struct Commit {
    /// Envelopes that were not in the log.
    pub envelopes: Vec<LoggedEnvelope>,
    /// All envelopes that were handed in, for who carried them.
    pub carried: Vec<EnvelopeName>,
    /// Updates brought back.
    pub vouched: Vec<VouchedFrame>,
    /// Changes that were not in the log.
    pub changes: Vec<NewChange>,
    /// What became of changes, new and old; applied ones in the order they were applied.
    pub states: Vec<(RecordId, ChangeHash, State)>,
    /// Changes an officer let through.
    pub cleared: Vec<(RecordId, ChangeHash)>,
    /// Records that differ from before.
    pub views: Vec<RecordView>,
}

/// What the merge asks for and who asks.
#[derive(Debug, Clone)]
pub struct MergeRequest {
    /// Envelopes handed in.
    pub envelopes: Vec<EnvelopeName>,
    /// Changes handed in.
    pub changes: BTreeSet<(RecordId, ChangeHash)>,
    /// Records touched.
    pub records: BTreeSet<RecordId>,
    /// The device that handed them in.
    pub carrier: DeviceId,
    /// Now, milliseconds since 1970.
    pub received_at_ms: i64,
}

/// What the log says of one envelope's changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvelopeOutcome {
    /// Which envelope.
    pub name: EnvelopeName,
    /// By its device.
    pub signature: Signature,
    /// Every change of it and what became of it.
    pub states: Vec<(RecordId, ChangeHash, State)>,
}

/// Records under some units, and perhaps only those of some kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedScope {
    /// The units, each named by itself.
    pub units: Vec<UnitId>,
    /// Only records of these kinds; all if none.
    pub kinds: Option<Vec<String>>,
}

/// A record that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedEntry {
    /// It has changes up to `seq`.
    Changed {
        /// The record.
        record: RecordId,
        /// Its newest change.
        seq: u64,
        /// When it came to its unit.
        entered: u64,
    },
    /// It left the unit.
    Gone {
        /// The record.
        record: RecordId,
        /// When.
        seq: u64,
    },
}

impl FeedEntry {
    /// Its place in the feed.
    #[must_use]
    pub const fn seq(&self) -> u64 {
        match self {
            Self::Changed { seq, .. } | Self::Gone { seq, .. } => *seq,
        }
    }
}

/// A change as logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedChange {
    /// Its hash.
    pub hash: ChangeHash,
    /// The raw change.
    pub bytes: Vec<u8>,
    /// Its place in the feed.
    pub seq: u64,
    /// The envelope it first came in.
    pub envelope: Option<EnvelopeName>,
    /// When, milliseconds since 1970.
    pub received_at_ms: i64,
}

/// A verdict that came after the receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedRuling {
    /// Its place.
    pub seq: u64,
    /// The record.
    pub record: RecordId,
    /// The change.
    pub change: ChangeHash,
    /// What became of it: never waiting.
    pub became: State,
}

/// The log and what sync asks of it.
pub trait LogStore {
    /// Shows `work` what it asked for and writes what it answers, in one transaction with its audit
    /// entries: on disk when this returns.
    fn merge(
        &self,
        request: &MergeRequest,
        audit: Vec<AuditEntry>,
        work: &mut dyn FnMut(Found) -> Result<Commit, StoreError>,
    ) -> Result<(), StoreError>;

    /// What became of those of `names` that are in the log.
    fn outcomes(&self, names: &[EnvelopeName]) -> Result<Vec<EnvelopeOutcome>, StoreError>;

    /// The highest envelope number of a device.
    fn counter_high(&self, device: DeviceId) -> Result<u64, StoreError>;

    /// The feed's entries after `after`, in order.
    fn feed(&self, scope: &FeedScope, after: u64, limit: usize) -> Result<Vec<FeedEntry>, StoreError>;

    /// The records that those of `names` that are in the log touch.
    fn records_of(&self, names: &[EnvelopeName]) -> Result<BTreeSet<RecordId>, StoreError>;

    /// Those of `names` that are in the log and that `device` is not known to hold.
    fn not_carried(&self, names: &[EnvelopeName], device: DeviceId) -> Result<Vec<EnvelopeName>, StoreError>;

    /// Those of `records` that belong to some unit now, and to none of these scopes.
    fn outside(
        &self,
        scopes: &[FeedScope],
        records: &BTreeSet<RecordId>,
    ) -> Result<Vec<RecordId>, StoreError>;

    /// True if the record belongs to that scope now.
    fn in_feed(&self, scope: &FeedScope, record: RecordId) -> Result<bool, StoreError>;

    /// Applied changes of a record after `after`, in the order they were applied.
    fn changes_after(&self, record: RecordId, after: u64) -> Result<Vec<LoggedChange>, StoreError>;

    /// Verdicts for a device after `after`.
    fn rulings(&self, device: DeviceId, after: u64, limit: usize) -> Result<Vec<LoggedRuling>, StoreError>;

    /// The records of those of the changes that are not merged: not in the log, or
    /// aside or replaced in it.
    fn unsettled(&self, asked: &[(RecordId, ChangeHash)]) -> Result<BTreeSet<RecordId>, StoreError>;

    /// A parked change.
    fn parked(&self, hash: ChangeHash) -> Result<Option<AsideSummary>, StoreError>;
}

/// A change with everything the log says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedFull {
    /// Its hash.
    pub hash: ChangeHash,
    /// The raw change.
    pub bytes: Vec<u8>,
    /// Where it came from.
    pub source: Source,
    /// What became of it.
    pub state: State,
    /// Its place in the feed, once applied.
    pub seq: Option<u64>,
    /// When it was received, milliseconds since 1970.
    pub received_at_ms: i64,
    /// When it found its place, milliseconds since 1970.
    pub settled_at_ms: i64,
}

/// The whole log, for those who prove or rebuild what is derived from it.
pub trait ArchiveStore {
    /// Ids of records in the log after `after`, in id order.
    fn logged_records(&self, after: Option<RecordId>, limit: usize) -> Result<Vec<RecordId>, StoreError>;

    /// Everything logged of a record: applied changes in their order, then the others.
    fn log_of(&self, record: RecordId) -> Result<Vec<LoggedFull>, StoreError>;

    /// Envelopes after the `after`th, with their places.
    fn envelopes_after(&self, after: i64, limit: usize) -> Result<Vec<(i64, LoggedEnvelope)>, StoreError>;

    /// True if the change is in the log.
    fn has_change(&self, record: RecordId, hash: ChangeHash) -> Result<bool, StoreError>;

    /// What is stored of a record for reading.
    fn view(&self, record: RecordId) -> Result<Option<RecordView>, StoreError>;

    /// Replaces what is stored of records for reading, in one transaction. Their places in the feeds stay.
    fn replace_views(&self, views: &[(RecordId, Option<RecordView>)]) -> Result<(), StoreError>;
}
