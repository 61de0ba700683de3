//! What comes down from the server, or out of a bundle, and what a phone makes of it.
//!
//! In: a frame that was opened and checked, and the rows it touches. Out: a commit that holds its
//! content together with its cursor, and what to tell. Frames may repeat and come in any order.

mod envelopes;
mod receipts;
mod scope;
mod updates;

use std::collections::BTreeSet;

pub use scope::recheck;

use super::desk::{Commit, Desk, Loaded};
use super::rows::RowError;
use super::state::{EnvelopeRow, Me};
use crate::cert::{DeviceCert, SignedCert};
use crate::envelope::{Envelope, EnvelopeError};
use crate::frame::{
    Done, EnvelopeName, FeedPosition, Frame, Receipt, Reference, Ruling, UpdateBatch, Updates, Welcome,
};
use crate::id::RecordId;
use crate::pack::Item;
use crate::policy::ParkReason;

/// Which way a frame came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// In the server's answer: its cursors are about this phone.
    Server,
    /// In a bundle: its cursors are about another phone.
    Bundle,
}

/// A frame, opened and checked: nothing in it is believed for any other reason than its signature.
#[derive(Debug, Clone)]
pub struct Arrived {
    /// Which way it came.
    pub origin: Origin,
    /// What it is.
    pub arrival: Arrival,
}

/// The kinds of frames a phone takes in.
#[derive(Debug, Clone)]
pub enum Arrival {
    /// The server's first words.
    Welcome(Welcome),
    /// What became of envelopes.
    Receipts(Vec<Receipt>),
    /// What became of changes later.
    Rulings(Vec<Ruling>, FeedPosition),
    /// Who the devices are.
    Certs(Vec<(DeviceCert, SignedCert)>),
    /// Units or a form.
    Reference(Reference),
    /// Records as the server merged them.
    Updates(UpdateBatch, Updates),
    /// Another phone's work, on its way to the server.
    Envelope(Envelope, Vec<Item>),
    /// The server's last words.
    Done(Done),
    /// The server could not read something of the request.
    Refusal(String),
}

/// A frame that cannot be used. The rest of the stream can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameProblem {
    /// An envelope that is not authentic.
    #[error("{1}")]
    Envelope(EnvelopeName, EnvelopeError),
    /// Updates the server did not sign.
    #[error("the updates cannot be used")]
    Updates,
    /// Certificates the server did not sign.
    #[error("a certificate cannot be used")]
    Certs,
    /// A frame that does not belong here.
    #[error("a frame stands where it does not belong")]
    OutOfPlace,
}

impl FrameProblem {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Envelope(_, error) => error.code(),
            Self::Updates => "updates_not_signed",
            Self::Certs => "cert_not_signed",
            Self::OutOfPlace => "frame_out_of_place",
        }
    }
}

impl Arrival {
    /// Checks signatures and takes a frame apart.
    ///
    /// # Errors
    /// Why the frame cannot be used.
    pub fn open(me: &Me<'_>, frame: Frame, origin: Origin) -> Result<Arrived, FrameProblem> {
        let identity = me.identity;
        let arrival = match (frame, origin) {
            (Frame::Certs(certs), _) => Self::Certs(open_certs(me, certs)?),
            (Frame::Updates(updates), _) => {
                let batch = updates.open(identity.project, &identity.server_public_key);
                Self::Updates(batch.map_err(|_| FrameProblem::Updates)?, updates)
            }
            (Frame::Envelope(envelope), Origin::Bundle) => {
                let device = envelope.head.device;
                let name = EnvelopeName {
                    device,
                    counter: envelope.head.counter,
                };
                let items = envelope.open(identity.project, me.rules.directory.device(device));
                Self::Envelope(
                    envelope,
                    items.map_err(|error| FrameProblem::Envelope(name, error))?,
                )
            }
            (Frame::Welcome(welcome), Origin::Server) => Self::Welcome(welcome),
            (Frame::Receipts(receipts), Origin::Server) => Self::Receipts(receipts),
            (Frame::Rulings(rulings, position), Origin::Server) => Self::Rulings(rulings, position),
            (Frame::Reference(reference), Origin::Server) => Self::Reference(reference),
            (Frame::Done(done), Origin::Server) => Self::Done(done),
            (Frame::Refusal(code), Origin::Server) => Self::Refusal(code),
            _ => return Err(FrameProblem::OutOfPlace),
        };
        Ok(Arrived { origin, arrival })
    }
}

fn open_certs(me: &Me<'_>, certs: Vec<SignedCert>) -> Result<Vec<(DeviceCert, SignedCert)>, FrameProblem> {
    let identity = me.identity;
    let open = |signed: SignedCert| {
        Some((
            signed.open(identity.project, &identity.server_public_key).ok()?,
            signed,
        ))
    };
    certs
        .into_iter()
        .map(open)
        .collect::<Option<_>>()
        .ok_or(FrameProblem::Certs)
}

impl Arrived {
    /// The envelopes whose rows the step needs.
    #[must_use]
    pub fn envelopes(&self) -> BTreeSet<EnvelopeName> {
        match &self.arrival {
            Arrival::Receipts(receipts) => receipts.iter().map(|receipt| receipt.name).collect(),
            Arrival::Envelope(envelope, _) => BTreeSet::from([envelope.name()]),
            _ => BTreeSet::new(),
        }
    }

    /// The records whose rows the step needs, given the envelopes that were found.
    #[must_use]
    pub fn records(&self, envelopes: &[EnvelopeRow]) -> BTreeSet<RecordId> {
        match &self.arrival {
            Arrival::Receipts(_) => envelopes
                .iter()
                .flat_map(|row| row.records.iter().copied())
                .collect(),
            Arrival::Rulings(rulings, _) => rulings.iter().map(|ruling| ruling.record).collect(),
            Arrival::Updates(batch, _) => batch.records(),
            Arrival::Envelope(_, items) => items.iter().map(|item| item.record).collect(),
            _ => BTreeSet::new(),
        }
    }
}

/// What a step has to tell beside its commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Records that were brought or changed by what arrived.
    pub records: BTreeSet<RecordId>,
    /// Records of which something still waits for its ancestors.
    pub waiting: BTreeSet<RecordId>,
    /// Records whose envelopes are on the server's disk now, merged or set aside.
    pub delivered: BTreeSet<RecordId>,
    /// Changes of this phone, or carried by it, that the server set aside now.
    pub parked: Vec<(RecordId, ParkReason)>,
    /// Envelopes the server keeps nothing of.
    pub refused: Vec<RefusedEnvelope>,
    /// Records the server forgot and asks for.
    pub offer: BTreeSet<RecordId>,
    /// The server's clock, milliseconds since 1970.
    pub server_time_ms: Option<i64>,
    /// The server asks to come again at once.
    pub more: bool,
    /// The conversation is complete.
    pub done: bool,
    /// The server could not read something of the request.
    pub refusal: Option<String>,
    /// The envelope was known here already, or brought nothing for this phone.
    pub ignored: bool,
    /// Cursors of this round no longer say what this phone has: do not keep them.
    pub hold_cursor: bool,
}

/// An envelope the server keeps nothing of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedEnvelope {
    /// Which.
    pub name: EnvelopeName,
    /// The code that says why.
    pub code: String,
}

/// Takes in one frame, loaded with the rows that [`Arrived::envelopes`] and [`Arrived::records`] name.
///
/// # Errors
/// When the phone's own store is damaged. The commit is then not written and nothing is lost.
pub fn receive(
    me: &Me<'_>,
    loaded: Loaded,
    arrived: Arrived,
    round: &RoundState<'_>,
    random: [u8; 8],
) -> Result<(Commit, Told), RowError> {
    let mut desk = Desk::open(loaded)?;
    let mut told = Told::default();
    match arrived.arrival {
        Arrival::Welcome(welcome) => welcomed(&mut desk, &mut told, welcome, round.now_ms, random),
        Arrival::Receipts(receipts) => {
            for receipt in receipts {
                receipts::receipt(me, &mut desk, &mut told, receipt, round, random)?;
            }
        }
        Arrival::Rulings(rulings, position) => {
            receipts::rulings(me, &mut desk, &mut told, rulings, random)?;
            advance(&mut desk, round, &[position]);
        }
        Arrival::Certs(certs) => scope::learn(me, &mut desk, &mut told, certs),
        Arrival::Reference(reference) => scope::refer(me, &mut desk, &mut told, reference),
        Arrival::Updates(batch, updates) => {
            if arrived.origin == Origin::Server {
                advance(&mut desk, round, &updates.cursor);
            }
            updates::updates(
                me,
                &mut desk,
                &mut told,
                (updates, batch),
                arrived.origin,
                round,
                random,
            )?;
        }
        Arrival::Envelope(envelope, items) => {
            envelopes::envelope(me, &mut desk, &mut told, envelope, items, random);
        }
        Arrival::Done(done) => finished(&mut desk, &mut told, done, round),
        Arrival::Refusal(code) => told.refusal = Some(code),
    }
    Ok((desk.finish(random), told))
}

/// What of the running round a step must know. A bundle has none: its `Default` does.
#[derive(Debug, Clone, Copy, Default)]
pub struct RoundState<'a> {
    /// This phone's clock, milliseconds since 1970.
    pub now_ms: i64,
    /// The server's clock as the round began, milliseconds since 1970.
    pub server_time_ms: i64,
    /// Cursors are not kept in this round.
    pub hold_cursor: bool,
    /// Every open envelope was sent in this round.
    pub settled: bool,
    /// Records this round asked for whole.
    pub asked: Option<&'a BTreeSet<RecordId>>,
    /// The last record compared in this round, and whether that was the last of all.
    pub compared: Option<(RecordId, bool)>,
    /// Single records that were compared in this round.
    pub compared_some: Option<&'a BTreeSet<RecordId>>,
    /// Records the server asked for in this round and was not offered before.
    pub forgotten: Option<&'a BTreeSet<RecordId>>,
}

fn advance(desk: &mut Desk, round: &RoundState<'_>, cursor: &[FeedPosition]) {
    if !round.hold_cursor {
        for position in cursor {
            desk.progress.advance(position);
        }
    }
}

fn welcomed(desk: &mut Desk, told: &mut Told, welcome: Welcome, now_ms: i64, random: [u8; 8]) {
    let progress = &mut desk.progress;
    progress.clock_skew_ms = Some(now_ms.saturating_sub(welcome.server_time_ms));
    told.server_time_ms = Some(welcome.server_time_ms);
    told.offer = welcome.want.into_iter().collect();
    progress.compare.extend(&told.offer);
    if progress.epoch != welcome.epoch {
        if !progress.epoch.is_empty() {
            // The server was restored: what it confirmed since may be forgotten. Everything is asked
            // about again, and every record compared, a page at a time.
            progress.cursor.clear();
            progress.comparing_after = Some(RecordId(uuid::Uuid::nil()));
            desk.commit.forget_confirmations = true;
            scope::reread_own(progress, told);
        }
        progress.epoch = welcome.epoch;
    }
    if welcome.counter_high >= progress.next_counter {
        // The server knows envelopes of ours that we do not: this phone was restored from a copy, or
        // copied. Its numbers and its actor are the other one's too.
        progress.next_counter = welcome.counter_high + 1;
        progress.actor_random = random;
    }
}

fn finished(desk: &mut Desk, told: &mut Told, done: Done, round: &RoundState<'_>) {
    let progress = &mut desk.progress;
    if !round.hold_cursor {
        progress.cursor = done.cursor;
        if !done.more && round.settled {
            // The server had all our envelopes when it looked for what we lack: now we hold them all.
            progress.own_known = progress.next_counter - 1;
        }
    }
    progress.certs_serial = done.certs_serial;
    progress.data_serial = done.data_serial;
    for record in round.asked.into_iter().flatten() {
        progress.wanted.remove(record);
    }
    // What the server asks for stays to be compared until it was offered and that was looked at.
    let forgotten = |record: &RecordId| {
        round
            .forgotten
            .is_some_and(|forgotten| forgotten.contains(record))
    };
    for record in round
        .compared_some
        .into_iter()
        .flatten()
        .filter(|record| !forgotten(record))
    {
        progress.compare.remove(record);
    }
    if let Some((last, complete)) = round.compared {
        progress.comparing_after = if complete { None } else { Some(last) };
    }
    progress.synced_at_ms = Some(round.server_time_ms);
    told.more = done.more;
    told.done = true;
}
