//! One sync: rounds of one request each, every frame on disk before the next is looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use serde_json::{Value, json};
use sync_core::frame::{Frame, FrameReader, Holding, write_frame};
use sync_core::id::RecordId;
use sync_core::phone::{
    Arrival, Arrived, Origin, Outbox, Progress, RefusedEnvelope, Round, RoundState, Session, Told, receive,
    recheck, seal,
};
use sync_core::policy::ParkReason;

use crate::error::DeviceError;
use crate::phone::Phone;
use crate::store::StoreError;
use crate::transport::{Transport, TransportError};

/// Most pending changes closed in one transaction.
const SEAL_MAX: usize = 2_000;
/// Most records looked at in one transaction after the territory changed.
const RECHECK_MAX: usize = 500;
/// Bytes read from the network at a time.
const READ_BYTES: usize = 16 * 1024;

/// What one sync did.
#[derive(Debug, Default)]
struct Report {
    sent: BTreeSet<RecordId>,
    received: BTreeSet<RecordId>,
    parked: BTreeSet<(RecordId, ParkReason)>,
    refused: BTreeMap<(sync_core::frame::EnvelopeName, String), ()>,
    warnings: Vec<String>,
    bytes_up: u64,
    bytes_down: u64,
}

impl Report {
    fn note(&mut self, told: &Told) {
        self.sent.extend(&told.delivered);
        self.received.extend(&told.records);
        self.parked.extend(&told.parked);
        for RefusedEnvelope { name, code } in &told.refused {
            self.refused.insert((*name, code.clone()), ());
        }
        self.warnings.extend(told.refusal.clone());
    }
}

impl Phone {
    /// Sends what the server has not, takes in what this phone has not, until both have everything.
    ///
    /// # Errors
    /// When the server cannot be reached, refuses, or the connection breaks. What arrived before is
    /// kept, and the next sync goes on from there.
    pub fn sync(&mut self, transport: &mut dyn Transport, language: &str) -> Result<Value, DeviceError> {
        self.known()?;
        let token = self.text_meta("token")?;
        let mut session = Session::new(env!("CARGO_PKG_VERSION"));
        let mut report = Report::default();
        loop {
            self.seal()?;
            let progress = self.store.progress()?;
            let outbox = self.outbox(&progress)?;
            let Some(round) = session.plan(&progress, &outbox, self.now_ms()) else {
                break;
            };
            self.round(transport, &token, &round, &mut session, &mut report)?;
            self.recheck()?;
        }
        self.told(&report, session.rounds(), language)
    }

    /// Closes what is pending into envelopes.
    pub(crate) fn seal(&mut self) -> Result<(), DeviceError> {
        let seed = self.seed()?;
        loop {
            let records = self.store.pending_records(SEAL_MAX)?;
            if records.is_empty() {
                return Ok(());
            }
            let known = self.known()?;
            let ground = known.ground();
            let loaded = self.store.load(&records, Vec::new())?;
            let commit = seal(&known.me(&ground), loaded, &seed, self.now_ms()).map_err(StoreError::from)?;
            if commit.envelopes.is_empty() {
                return Ok(());
            }
            self.commit(&commit)?;
        }
    }

    /// After the territory changed: takes away what no longer belongs here. Runs after a whole answer,
    /// when certificates and units are both the newest.
    fn recheck(&mut self) -> Result<(), DeviceError> {
        while let Some(after) = self.store.progress()?.recheck_after {
            let page: BTreeSet<RecordId> = self
                .store
                .ids(None, Some(after), RECHECK_MAX)?
                .into_iter()
                .collect();
            let random = self.random();
            let known = self.known()?;
            let ground = known.ground();
            let loaded = self.store.load(&page, Vec::new())?;
            let complete = page.len() < RECHECK_MAX;
            let commit = recheck(&known.me(&ground), loaded, complete, random).map_err(StoreError::from)?;
            self.commit(&commit)?;
        }
        Ok(())
    }

    fn outbox(&self, progress: &Progress) -> Result<Outbox, DeviceError> {
        let compared: Vec<RecordId> = match progress.comparing_after {
            Some(after) => self.store.ids(None, Some(after), Session::holdings_max())?,
            None => progress
                .compare
                .iter()
                .take(Session::holdings_max())
                .copied()
                .collect(),
        };
        let mut holdings = Vec::new();
        for record in compared {
            let heads = match self.store.record(record)? {
                Some(row) => row.open(record).map_err(StoreError::from)?.record.heads(),
                None => Vec::new(),
            };
            holdings.push(Holding { record, heads });
        }
        let unconfirmed_changes = self.store.pending_changes()?;
        Ok(Outbox {
            open: self.store.open_envelopes()?,
            holdings,
            unconfirmed_changes,
        })
    }

    fn round(
        &mut self,
        transport: &mut dyn Transport,
        token: &str,
        round: &Round,
        session: &mut Session,
        report: &mut Report,
    ) -> Result<(), DeviceError> {
        let body = self.request(round)?;
        let reply = transport.sync(token, &body)?;
        report.bytes_up += body.len() as u64 + reply.head_bytes_up;
        report.bytes_down += reply.head_bytes_down;
        let mut stream = reply.body;
        let mut frames = FrameReader::default();
        let mut buffer = vec![0; READ_BYTES];
        let mut done = false;
        loop {
            while let Some(frame) = frames.next().map_err(DeviceError::Stream)? {
                let told = self.frame(frame, &session.round(self.now_ms()))?;
                done |= told.done;
                session.told(&told);
                report.note(&told);
            }
            let read = match stream.read(&mut buffer) {
                // Everything was said; how the connection ended after that does not matter.
                Err(_) if done => 0,
                read => read.map_err(|error| TransportError::Cut(error.to_string()))?,
            };
            if read == 0 {
                break;
            }
            report.bytes_down += read as u64;
            frames.push(&buffer[..read]);
        }
        frames.finish().map_err(DeviceError::Stream)?;
        if done {
            Ok(())
        } else {
            Err(TransportError::Cut("the answer ended too early".to_owned()).into())
        }
    }

    /// The body of a request. What it sends is noted as attempted before this returns.
    fn request(&mut self, round: &Round) -> Result<Vec<u8>, DeviceError> {
        let mut body = Vec::new();
        write_frame(&mut body, &Frame::Hello(round.hello.clone()));
        let mut names: BTreeSet<_> = round.send.iter().copied().collect();
        let offered = self.store.envelopes_touching(&round.offer)?;
        let offered: Vec<_> = offered.into_iter().filter(|name| names.insert(*name)).collect();
        self.store
            .mark_attempted(&names.into_iter().collect::<Vec<_>>())?;
        for row in self.store.envelopes(round.send.iter().copied().chain(offered))? {
            write_frame(&mut body, &Frame::Envelope(row.envelope));
        }
        for id in self.store.frames(Some(&round.offer))? {
            let (mut updates, _) = self.store.frame(id)?;
            updates.cursor.clear();
            write_frame(&mut body, &Frame::Updates(updates));
        }
        Ok(body)
    }

    fn frame(&mut self, frame: Frame, round: &RoundState<'_>) -> Result<Told, DeviceError> {
        let known = self.known()?;
        let ground = known.ground();
        let arrived = Arrival::open(&known.me(&ground), frame, Origin::Server)?;
        self.take(arrived, round)
    }

    /// Takes one frame in: content and cursor in one transaction.
    pub(crate) fn take(&mut self, arrived: Arrived, round: &RoundState<'_>) -> Result<Told, DeviceError> {
        let random = self.random();
        let known = self.known()?;
        let ground = known.ground();
        let envelopes = self.store.envelopes(arrived.envelopes())?;
        let records = arrived.records(&envelopes);
        let loaded = self.store.load(&records, envelopes)?;
        let learns = matches!(arrived.arrival, Arrival::Certs(_) | Arrival::Reference(_));
        let (commit, told) =
            receive(&known.me(&ground), loaded, arrived, round, random).map_err(StoreError::from)?;
        self.commit(&commit)?;
        if learns {
            self.refresh()?;
        }
        Ok(told)
    }

    fn told(&self, report: &Report, round_trips: u32, language: &str) -> Result<Value, DeviceError> {
        let mut parked = Vec::new();
        for (record, reason) in &report.parked {
            parked.push(self.parked_entry(*record, *reason, language)?);
        }
        let refused: Vec<_> = report
            .refused
            .keys()
            .map(|(name, code)| json!({ "device": name.device, "counter": name.counter, "code": code }))
            .collect();
        let counts = self.store.counts()?;
        Ok(json!({
            "sent": report.sent.len(),
            "received": report.received.len(),
            "parked": parked,
            "waiting": counts.waiting,
            "pending": counts.pending,
            "refused": refused,
            "warnings": report.warnings,
            "bytes_up": report.bytes_up,
            "bytes_down": report.bytes_down,
            "round_trips": round_trips,
        }))
    }
}
