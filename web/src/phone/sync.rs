//! One sync: rounds of one request each, every frame on disk before the next is looked at.

use std::collections::{BTreeMap, BTreeSet};

use sync_core::frame::{EnvelopeName, Frame, FrameReader, Holding, Reference, write_frame};
use sync_core::id::RecordId;
use sync_core::phone::{
    Arrival, Arrived, Origin, Outbox, Progress, RefusedEnvelope, Round, RoundState, Session, Told, receive,
    recheck, seal,
};
use sync_core::policy::ParkReason;

use super::net::{Net, NetError};
use super::{Register, RegisterError, random};
use crate::rows::{Put, Shelf};

/// Most records whose pending changes are closed in one transaction.
const SEAL_MAX: usize = 500;
/// Most records looked at in one transaction after the territory changed.
const RECHECK_MAX: usize = 200;

/// What one sync did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SyncReport {
    /// Records whose work is on the server's disk now.
    pub sent: BTreeSet<RecordId>,
    /// Records that were brought or changed.
    pub received: BTreeSet<RecordId>,
    /// What the server set aside, and why.
    pub parked: BTreeSet<(RecordId, ParkReason)>,
    /// Envelopes the server keeps nothing of, with its code.
    pub refused: BTreeMap<EnvelopeName, String>,
    /// Bytes of bodies sent.
    pub bytes_up: u64,
    /// Bytes of bodies received.
    pub bytes_down: u64,
    /// Requests made.
    pub round_trips: u32,
}

/// How far a sync has come, told while it runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SyncStep {
    /// Records handed in so far.
    pub sent: usize,
    /// Records brought so far.
    pub received: usize,
    /// Bytes received so far.
    pub bytes_down: u64,
}

impl SyncReport {
    fn note(&mut self, told: &Told) {
        self.sent.extend(&told.delivered);
        self.received.extend(&told.records);
        self.parked.extend(&told.parked);
        for RefusedEnvelope { name, code } in &told.refused {
            self.refused.insert(*name, code.clone());
        }
    }

    fn step(&self) -> SyncStep {
        SyncStep {
            sent: self.sent.len(),
            received: self.received.len(),
            bytes_down: self.bytes_down,
        }
    }
}

impl Register {
    /// Sends what the server has not, takes in what this phone has not, until both have everything.
    /// `on_step` hears how far it has come.
    ///
    /// # Errors
    /// When the server cannot be reached, refuses, or the connection breaks. What arrived before is
    /// kept, and the next sync goes on from there.
    pub async fn sync(&self, net: &dyn Net, on_step: &dyn Fn(SyncStep)) -> Result<SyncReport, RegisterError> {
        let token = self.text_meta("token").await?;
        let mut session = Session::new(env!("CARGO_PKG_VERSION"));
        let mut report = SyncReport::default();
        loop {
            self.seal().await?;
            let progress = self.progress()?;
            let outbox = self.outbox(&progress).await?;
            let Some(round) = session.plan(&progress, &outbox, self.now_ms()) else {
                break;
            };
            self.round(net, &token, &round, &mut session, &mut report, on_step)
                .await?;
            self.recheck().await?;
        }
        report.round_trips = session.rounds();
        Ok(report)
    }

    /// Closes what is pending into envelopes.
    pub(super) async fn seal(&self) -> Result<(), RegisterError> {
        let seed = self.seed().await?;
        loop {
            let _step = self.step.lock().await;
            let records = self.index().pending(SEAL_MAX);
            if records.is_empty() {
                return Ok(());
            }
            let known = self.known()?;
            let ground = known.ground();
            let loaded = self.load(&records, Vec::new()).await?;
            let commit = seal(&known.me(&ground), loaded, &seed, self.now_ms())?;
            if commit.envelopes.is_empty() {
                return Ok(());
            }
            self.commit(&commit).await?;
        }
    }

    /// After the territory changed: takes away what no longer belongs here. Runs after a whole answer,
    /// when certificates and units are both the newest.
    async fn recheck(&self) -> Result<(), RegisterError> {
        while let Some(after) = self.progress()?.recheck_after {
            let _step = self.step.lock().await;
            let page: BTreeSet<RecordId> = {
                let index = self.index();
                let later = index.all().map(|(id, _)| id).filter(|id| *id > after);
                later.take(RECHECK_MAX).collect()
            };
            let known = self.known()?;
            let ground = known.ground();
            let loaded = self.load(&page, Vec::new()).await?;
            let complete = page.len() < RECHECK_MAX;
            let commit = recheck(&known.me(&ground), loaded, complete, random())?;
            self.commit(&commit).await?;
        }
        Ok(())
    }

    async fn outbox(&self, progress: &Progress) -> Result<Outbox, RegisterError> {
        let most = Session::holdings_max();
        let compared: Vec<RecordId> = match progress.comparing_after {
            Some(after) => {
                let index = self.index();
                let later = index.all().map(|(id, _)| id).filter(|id| *id > after);
                later.take(most).collect()
            }
            None => progress.compare.iter().take(most).copied().collect(),
        };
        let mut holdings = Vec::new();
        for (record, cell) in self.cells(&compared.into_iter().collect()).await? {
            let heads = match cell {
                Some(cell) => cell.row().open(record)?.record.heads(),
                None => Vec::new(),
            };
            holdings.push(Holding { record, heads });
        }
        let index = self.index();
        Ok(Outbox {
            open: index.open_envelopes(),
            holdings,
            unconfirmed_changes: index.counts(None).pending_changes,
        })
    }

    async fn round(
        &self,
        net: &dyn Net,
        token: &str,
        round: &Round,
        session: &mut Session,
        report: &mut SyncReport,
        on_step: &dyn Fn(SyncStep),
    ) -> Result<(), RegisterError> {
        let body = self.request(round).await?;
        report.bytes_up += body.len() as u64;
        let mut answer = net.sync(token.to_owned(), body).await?;
        let mut frames = FrameReader::default();
        let mut done = false;
        loop {
            while let Some(frame) = frames.next()? {
                let told = self.frame(frame, &session.round(self.now_ms())).await?;
                done |= told.done;
                session.told(&told);
                report.note(&told);
                on_step(report.step());
            }
            let bytes = match answer.next().await {
                // Everything was said; how the connection ended after that does not matter.
                Err(_) if done => None,
                bytes => bytes?,
            };
            let Some(bytes) = bytes else { break };
            report.bytes_down += bytes.len() as u64;
            frames.push(&bytes);
        }
        frames.finish()?;
        if done {
            Ok(())
        } else {
            Err(NetError::Cut("the answer ended too early".to_owned()).into())
        }
    }

    /// The body of a request. What it sends is noted as attempted before this returns.
    async fn request(&self, round: &Round) -> Result<Vec<u8>, RegisterError> {
        let mut body = Vec::new();
        write_frame(&mut body, &Frame::Hello(round.hello.clone()));
        let mut names: Vec<EnvelopeName> = round.send.clone();
        let (offered, frames) = {
            let index = self.index();
            let nothing = round.offer.is_empty();
            let of = |offer| {
                if nothing {
                    Vec::new()
                } else {
                    index.envelopes_of(Some(offer))
                }
            };
            let frames = if nothing {
                Vec::new()
            } else {
                index.frames_of(Some(&round.offer))
            };
            (of(&round.offer), frames)
        };
        names.extend(offered.into_iter().filter(|name| !round.send.contains(name)));
        let _step = self.step.lock().await;
        self.mark_attempted(&names).await?;
        for row in self.envelopes(names).await? {
            write_frame(&mut body, &Frame::Envelope(row.envelope));
        }
        for number in frames {
            let (mut updates, _) = self.frame_kept(number).await?;
            updates.cursor.clear();
            write_frame(&mut body, &Frame::Updates(updates));
        }
        Ok(body)
    }

    async fn frame(&self, frame: Frame, round: &RoundState<'_>) -> Result<Told, RegisterError> {
        let arrived = {
            let known = self.known()?;
            let ground = known.ground();
            Arrival::open(&known.me(&ground), frame, Origin::Server)?
        };
        self.take(arrived, round).await
    }

    /// Takes one frame in: content and cursor in one transaction.
    pub(super) async fn take(&self, arrived: Arrived, round: &RoundState<'_>) -> Result<Told, RegisterError> {
        let _step = self.step.lock().await;
        let known = self.known()?;
        let ground = known.ground();
        let envelopes = self.envelopes(arrived.envelopes()).await?;
        let records = arrived.records(&envelopes);
        let loaded = self.load(&records, envelopes).await?;
        let learns = matches!(arrived.arrival, Arrival::Certs(_) | Arrival::Reference(_));
        let (commit, told) = receive(&known.me(&ground), loaded, arrived, round, random())?;
        // Summaries are worked out with the forms: when those change, they are old.
        let is_form = |reference: &Reference| reference.name.starts_with("form:");
        let forms = commit.reference.iter().any(is_form);
        let old = forms.then(|| Put::gone(Shelf::Meta, b"summary_version"));
        self.commit_with(&commit, old.into_iter().collect()).await?;
        if learns {
            self.refresh().await?;
            self.refold_if_older().await?;
        }
        Ok(told)
    }
}
