//! One sync, round by round: what to ask, what to send, and when it is over.
//!
//! In: how far the phone has come and what lies in its outbox. Out: the next round, or none. What
//! may have reached the server is asked about before anything is sent, so that a cut link never
//! costs the same upload twice. Nothing is sent twice in one sync, so it ends.

use std::collections::BTreeSet;

use super::receive::{RoundState, Told};
use super::state::Progress;
use crate::frame::{EnvelopeName, Hello, Holding, PROTOCOL, Unconfirmed};
use crate::id::RecordId;
use crate::limits;

/// Most envelopes sent in one round: their receipts fit what a link buffers while we still send.
const ROUND_ENVELOPES_MAX: usize = 256;
/// Most envelope bytes sent in one round.
const ROUND_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most records asked for whole in one round.
const WANTED_MAX: usize = 200;
/// Most records compared in one round after the server's epoch changed.
const HOLDINGS_MAX: usize = 5_000;
/// Most records answered to the server in one round after it forgot them.
const OFFER_MAX: usize = 200;
/// Requests of one sync that the server could not read to their end before it stops.
const REFUSALS_MAX: u32 = 3;
/// A sync that has not ended by then stops; the next one goes on where it was.
const ROUNDS_MAX: u32 = 1_000;

/// An envelope without the server's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenEnvelope {
    /// Which.
    pub name: EnvelopeName,
    /// It may have reached the server.
    pub attempted: bool,
    /// Its length as sent.
    pub bytes_len: usize,
    /// The first bytes of its signature.
    pub mark: [u8; 8],
}

/// What the driver finds before a round. All pending changes were closed into envelopes.
#[derive(Debug, Clone, Default)]
pub struct Outbox {
    /// Open envelopes, own and carried, oldest first.
    pub open: Vec<OpenEnvelope>,
    /// After an epoch changed: the records after `Progress::comparing_after`, by id; else those of
    /// `Progress::compare`. At most [`Session::holdings_max`] of them.
    pub holdings: Vec<Holding>,
    /// How many changes have no word from the server.
    pub unconfirmed_changes: u64,
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// The first frame.
    pub hello: Hello,
    /// Envelopes to send, in this order. Mark them attempted on disk before the first byte goes.
    pub send: Vec<EnvelopeName>,
    /// Records the server forgot: send every envelope and every kept frame of updates that touches
    /// them.
    pub offer: BTreeSet<RecordId>,
}

/// One sync in progress. It lives in memory only: a sync that was cut begins anew.
#[derive(Debug, Clone, Default)]
pub struct Session {
    program: String,
    rounds: u32,
    more: bool,
    hold_cursor: bool,
    settled: bool,
    server_time_ms: i64,
    asked: BTreeSet<EnvelopeName>,
    sent: BTreeSet<EnvelopeName>,
    wanted: BTreeSet<RecordId>,
    wanted_now: BTreeSet<RecordId>,
    compared: Option<(RecordId, bool)>,
    compared_some: BTreeSet<RecordId>,
    forgotten: BTreeSet<RecordId>,
    forgotten_now: BTreeSet<RecordId>,
    refused_now: bool,
    refusals: u32,
    offered: BTreeSet<RecordId>,
}

impl Session {
    /// A sync that begins. `program` is the program's version.
    #[must_use]
    pub fn new(program: &str) -> Self {
        Self {
            program: program.to_owned(),
            ..Self::default()
        }
    }

    /// Most holdings to load for one round.
    #[must_use]
    pub const fn holdings_max() -> usize {
        HOLDINGS_MAX
    }

    /// The next round; `None` when everything has been said.
    pub fn plan(&mut self, progress: &Progress, outbox: &Outbox, now_ms: i64) -> Option<Round> {
        let uncertain: Vec<_> = outbox
            .open
            .iter()
            .filter(|open| {
                open.attempted && !self.asked.contains(&open.name) && !self.sent.contains(&open.name)
            })
            .take(limits::UNCONFIRMED_MAX)
            .collect();
        let send = self.to_send(outbox, uncertain.is_empty());
        let offer: BTreeSet<_> = self
            .forgotten
            .difference(&self.offered)
            .take(OFFER_MAX)
            .copied()
            .collect();
        let want: BTreeSet<_> = progress
            .wanted
            .difference(&self.wanted)
            .take(WANTED_MAX)
            .copied()
            .collect();
        let something = !send.is_empty()
            || !uncertain.is_empty()
            || !offer.is_empty()
            || !want.is_empty()
            || !progress.compare.is_empty()
            || progress.comparing_after.is_some();
        if self.rounds >= ROUNDS_MAX
            || self.refusals >= REFUSALS_MAX
            || (self.rounds > 0 && !self.more && !something)
        {
            return None;
        }
        self.rounds += 1;
        self.more = false;
        self.hold_cursor = false;
        self.forgotten_now.clear();
        self.refused_now = false;
        self.asked.extend(uncertain.iter().map(|open| open.name));
        self.sent.extend(send.iter().copied());
        self.settled = outbox.open.iter().all(|open| self.sent.contains(&open.name));
        self.offered.extend(&offer);
        self.wanted.extend(&want);
        self.wanted_now.clone_from(&want);
        let complete = outbox.holdings.len() < HOLDINGS_MAX;
        let compared = outbox.holdings.iter().map(|holding| holding.record);
        self.compared_some = compared
            .filter(|record| progress.compare.contains(record))
            .collect();
        self.compared = progress.comparing_after.map(|after| {
            (
                outbox.holdings.last().map_or(after, |holding| holding.record),
                complete,
            )
        });
        let hello = Hello {
            protocol: PROTOCOL,
            epoch: progress.epoch.clone(),
            cursor: progress.cursor.clone(),
            certs_serial: progress.certs_serial,
            data_serial: progress.data_serial,
            claimed_at_ms: now_ms,
            own_known: progress.own_known,
            unconfirmed: uncertain
                .iter()
                .map(|open| Unconfirmed {
                    name: open.name,
                    mark: open.mark,
                })
                .collect(),
            want: want.into_iter().collect(),
            holdings: outbox.holdings.clone(),
            program: self.program.clone(),
            pending: outbox.unconfirmed_changes,
        };
        Some(Round { hello, send, offer })
    }

    /// What was asked about and got no receipt is sent first; what is new only when nothing is
    /// uncertain, so that a phone's envelopes arrive in order.
    fn to_send(&self, outbox: &Outbox, certain: bool) -> Vec<EnvelopeName> {
        let mut bytes = 0;
        let mut send = Vec::new();
        let ready = |open: &&OpenEnvelope| {
            !self.sent.contains(&open.name)
                && if open.attempted {
                    self.asked.contains(&open.name)
                } else {
                    certain
                }
        };
        for open in outbox.open.iter().filter(ready).take(ROUND_ENVELOPES_MAX) {
            bytes += open.bytes_len;
            if bytes > ROUND_BYTES_MAX && !send.is_empty() {
                break;
            }
            send.push(open.name);
        }
        send
    }

    /// Takes note of what a frame of the running round told.
    pub fn told(&mut self, told: &Told) {
        self.more |= told.more;
        self.hold_cursor |= told.hold_cursor;
        self.server_time_ms = told.server_time_ms.unwrap_or(self.server_time_ms);
        self.forgotten.extend(&told.offer);
        self.refused_now |= told.refusal.is_some();
        self.refusals += u32::from(told.refusal.is_some());
        self.forgotten_now.extend(told.offer.difference(&self.offered));
    }

    /// What `receive` must know of the running round.
    #[must_use]
    pub fn round(&self, now_ms: i64) -> RoundState<'_> {
        RoundState {
            now_ms,
            server_time_ms: self.server_time_ms,
            hold_cursor: self.hold_cursor,
            settled: self.settled,
            asked: Some(&self.wanted_now),
            // What was offered may be in the part that the server could not read.
            compared: self.compared.filter(|_| !self.refused_now),
            compared_some: Some(&self.compared_some).filter(|_| !self.refused_now),
            forgotten: Some(&self.forgotten_now),
        }
    }

    /// How many requests were made.
    #[must_use]
    pub const fn rounds(&self) -> u32 {
        self.rounds
    }
}
