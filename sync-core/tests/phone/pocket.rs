//! A phone whose store is a few maps: the smallest driver of `sync_core::phone`.

use std::collections::{BTreeMap, BTreeSet};

use sync_core::cert::{Directory, SignedCert};
use sync_core::frame::{EnvelopeName, Frame, FrameReader, Holding, Updates, write_frame};
use sync_core::id::{ChangeHash, DeviceId, RecordId};
use sync_core::phone::{
    Arrival, BundleError, BundleReader, ChangeRow, ChangeState, Commit, EnvelopeRow, EnvelopeState, Identity,
    Loaded, Me, NewRecord, OpenEnvelope, Origin, Outbox, Progress, RecordRow, RoundState, Session, Told,
    WriteError, bundle_end, bundle_start, public_key, receive, recheck, seal, write,
};
use sync_core::record::{Edit, Record};

use super::server::Server;
use crate::fixture;

/// What happens to a request on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Nothing.
    Good,
    /// The request never arrives.
    Dead,
    /// The server reads this many thousandths of the request, and nobody hears its answer.
    CutUp(usize),
    /// This many thousandths of the answer arrive.
    CutDown(usize),
}

#[derive(Clone)]
pub struct Pocket {
    pub identity: Identity,
    seed: [u8; 32],
    pub progress: Progress,
    pub records: BTreeMap<RecordId, RecordRow>,
    pub changes: BTreeMap<(RecordId, ChangeHash), ChangeRow>,
    pub envelopes: BTreeMap<EnvelopeName, EnvelopeRow>,
    pub frames: BTreeMap<u64, (Updates, BTreeSet<RecordId>)>,
    pub certs: BTreeMap<DeviceId, SignedCert>,
    pub directory: Directory,
    pub now_ms: i64,
    dice: u64,
    pub rounds: u32,
}

impl Pocket {
    /// Device `number` of the fixture, enrolled with `server`.
    pub fn enrolled(server: &mut Server, number: u128) -> Self {
        let seed = [number as u8 + 1; 32];
        let cert = fixture::directory()
            .device(fixture::device(number))
            .expect("a device of the fixture")
            .clone();
        assert_eq!(cert.public_key, public_key(&seed));
        let identity = Identity {
            project: server.project,
            project_key: [7; 32],
            server_public_key: server.public(),
            device: cert.device,
            user: cert.user,
        };
        let signed = server.certify(cert);
        let mut pocket = Self {
            identity,
            seed,
            progress: Progress::new([number as u8; 8]),
            records: BTreeMap::new(),
            changes: BTreeMap::new(),
            envelopes: BTreeMap::new(),
            frames: BTreeMap::new(),
            certs: BTreeMap::new(),
            directory: Directory::default(),
            now_ms: 1_750_000_000_000,
            dice: number as u64 * 1_000_003,
            rounds: 0,
        };
        pocket.learn(fixture::device(number), signed);
        pocket
    }

    fn learn(&mut self, device: DeviceId, cert: SignedCert) {
        let opened = cert
            .open(self.identity.project, &self.identity.server_public_key)
            .expect("signed");
        self.directory.learn(opened);
        self.certs.insert(device, cert);
    }

    fn random(&mut self) -> [u8; 8] {
        self.dice = self
            .dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.dice.to_be_bytes()
    }

    /// The same phone, but its next random numbers are others: a copy on other hardware.
    pub fn reroll(&mut self, salt: u64) {
        self.dice ^= salt.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn me(&self) -> Me<'_> {
        Me {
            identity: &self.identity,
            rules: fixture::rules(&self.directory),
        }
    }

    fn load(&self, records: &BTreeSet<RecordId>, envelopes: Vec<EnvelopeRow>) -> Loaded {
        Loaded {
            progress: self.progress.clone(),
            records: records
                .iter()
                .filter_map(|id| Some((*id, self.records.get(id)?.clone())))
                .collect(),
            changes: self
                .changes
                .values()
                .filter(|row| records.contains(&row.record))
                .cloned()
                .collect(),
            envelopes,
        }
    }

    fn commit(&mut self, commit: Commit) {
        if commit.forget_confirmations {
            for row in self.envelopes.values_mut() {
                (row.state, row.attempted) = (EnvelopeState::Open, true);
            }
            for row in self
                .changes
                .values_mut()
                .filter(|row| row.own && row.counter.is_some())
            {
                if matches!(row.state, ChangeState::Confirmed | ChangeState::Waiting) {
                    row.state = ChangeState::Sealed;
                }
            }
        }
        for id in commit.removed {
            self.records.remove(&id);
            self.changes.retain(|(record, _), _| *record != id);
        }
        self.records.extend(commit.records);
        self.changes.extend(
            commit
                .changes
                .into_iter()
                .map(|row| ((row.record, row.hash), row)),
        );
        for name in commit.envelopes_removed {
            self.envelopes.remove(&name);
        }
        self.envelopes
            .extend(commit.envelopes.into_iter().map(|row| (row.name, row)));
        for (device, cert) in commit.certs {
            self.learn(device, cert);
        }
        if let Some(frame) = commit.frame {
            for (_, records) in self.frames.values_mut() {
                records.retain(|record| !frame.replaces.contains(record));
            }
            self.frames.retain(|_, (_, records)| !records.is_empty());
            if let Some(updates) = frame.updates {
                let id = self.frames.keys().next_back().map_or(1, |last| last + 1);
                self.frames.insert(id, (updates, frame.records));
            }
        }
        self.progress = commit.progress.unwrap_or_else(|| self.progress.clone());
    }

    /// Writes to a record, creating a household of `village` if it is not there.
    pub fn write(
        &mut self,
        record: RecordId,
        village: Option<u128>,
        edits: &[(String, Edit)],
    ) -> Result<Option<ChangeHash>, WriteError> {
        let new = village.map(|_| NewRecord {
            kind: "household".to_owned(),
            form: 1,
        });
        let mut all: Vec<_> = village
            .map(|village| fixture::put("village_id", fixture::unit(village).to_string().as_str()))
            .into_iter()
            .collect();
        all.extend_from_slice(edits);
        let loaded = self.load(&BTreeSet::from([record]), Vec::new());
        let (commit, change) = write(&self.me(), loaded, record, new.as_ref(), all, self.now_ms)?;
        if change.is_some() {
            self.commit(commit);
        }
        Ok(change)
    }

    pub fn set(&mut self, record: RecordId, path: &str, value: i64) -> Option<ChangeHash> {
        self.now_ms += 1_000;
        self.write(
            record,
            None,
            &[fixture::put(path, schemas::value::Scalar::Int(value))],
        )
        .expect("an allowed edit")
    }

    pub fn seal(&mut self) {
        let pending = self
            .changes
            .values()
            .filter(|row| row.own && row.state == ChangeState::Pending);
        let records: BTreeSet<_> = pending.map(|row| row.record).collect();
        let loaded = self.load(&records, Vec::new());
        let commit = seal(&self.me(), loaded, &self.seed, self.now_ms).expect("a sound store");
        self.commit(commit);
    }

    fn outbox(&self) -> Outbox {
        let mut open: Vec<_> = self
            .envelopes
            .values()
            .filter(|row| row.state == EnvelopeState::Open)
            .collect();
        open.sort_by_key(|row| row.order);
        let open = open.into_iter().map(|row| OpenEnvelope {
            name: row.name,
            attempted: row.attempted,
            bytes_len: row.envelope.body.len(),
            mark: row.envelope.mark(),
        });
        let compared: Vec<RecordId> = match self.progress.comparing_after {
            Some(after) => self.records.keys().filter(|id| **id > after).copied().collect(),
            None => self.progress.compare.iter().copied().collect(),
        };
        let heads = |id: &RecordId| {
            let row = self.records.get(id);
            row.map_or_else(Vec::new, |row| {
                row.open(*id).expect("a sound store").record.heads()
            })
        };
        let holdings = compared
            .iter()
            .map(|id| Holding {
                record: *id,
                heads: heads(id),
            })
            .collect();
        Outbox {
            open: open.collect(),
            holdings,
            unconfirmed_changes: 0,
        }
    }

    /// One sync; false if the link broke it.
    pub fn sync(&mut self, server: &mut Server, link: Link) -> bool {
        let mut session = Session::new("test");
        self.rounds = 0;
        loop {
            self.seal();
            let Some(round) = session.plan(&self.progress, &self.outbox(), self.now_ms) else {
                return true;
            };
            self.rounds += 1;
            assert!(self.rounds < 50, "a sync ends");
            let mut request = Vec::new();
            write_frame(&mut request, &Frame::Hello(round.hello.clone()));
            let touching = |row: &&EnvelopeRow| row.records.iter().any(|record| round.offer.contains(record));
            let offered: Vec<_> = self
                .envelopes
                .values()
                .filter(touching)
                .map(|row| row.name)
                .collect();
            let mut names = BTreeSet::new();
            for name in round
                .send
                .iter()
                .chain(&offered)
                .filter(|name| names.insert(**name))
            {
                let row = self.envelopes.get_mut(name).expect("a planned envelope");
                row.attempted = true;
                write_frame(&mut request, &Frame::Envelope(row.envelope.clone()));
            }
            for (updates, records) in self.frames.values() {
                if records.iter().any(|record| round.offer.contains(record)) {
                    write_frame(&mut request, &Frame::Updates(updates.clone()));
                }
            }
            if !self.converse(server, link, &request, &mut session) {
                return false;
            }
            self.recheck();
        }
    }

    fn recheck(&mut self) {
        while let Some(after) = self.progress.recheck_after {
            let page: BTreeSet<_> = self
                .records
                .keys()
                .filter(|id| **id > after)
                .take(2)
                .copied()
                .collect();
            let random = self.random();
            let loaded = self.load(&page, Vec::new());
            let commit = recheck(&self.me(), loaded, page.len() < 2, random).expect("a sound store");
            self.commit(commit);
        }
    }

    fn converse(&mut self, server: &mut Server, link: Link, request: &[u8], session: &mut Session) -> bool {
        let device = self.identity.device;
        let part = |bytes: &[u8], thousandths: usize| bytes.len() * thousandths.min(1_000) / 1_000;
        let answer = match link {
            Link::Dead => return false,
            Link::CutUp(at) => {
                server.handle(device, &request[..part(request, at)]);
                return false;
            }
            Link::Good | Link::CutDown(_) => server.handle(device, request),
        };
        let answer = match link {
            Link::CutDown(at) => &answer[..part(&answer, at)],
            _ => &answer,
        };
        let mut reader = FrameReader::default();
        let mut done = false;
        // Pieces of an odd size, as a network gives them.
        for piece in answer.chunks(37) {
            reader.push(piece);
            while let Some(frame) = reader.next().expect("the server writes sound frames") {
                let arrived =
                    Arrival::open(&self.me(), frame, Origin::Server).expect("the server's own words");
                let told = self.take(arrived, &session.round(self.now_ms));
                done |= told.done;
                session.told(&told);
            }
        }
        done
    }

    fn take(&mut self, arrived: sync_core::phone::Arrived, round: &RoundState<'_>) -> Told {
        let random = self.random();
        let envelopes: Vec<_> = arrived
            .envelopes()
            .iter()
            .filter_map(|name| self.envelopes.get(name).cloned())
            .collect();
        let loaded = self.load(&arrived.records(&envelopes), envelopes);
        let (commit, told) = receive(&self.me(), loaded, arrived, round, random).expect("a sound store");
        self.commit(commit);
        told
    }

    /// A bundle of what is open, or of everything.
    pub fn export(&mut self, all: bool) -> Vec<u8> {
        self.seal();
        let mut out = bundle_start(self.identity.project, self.identity.device, self.now_ms);
        let mut frames = vec![Frame::Certs(self.certs.values().cloned().collect())];
        let mut rows: Vec<_> = self
            .envelopes
            .values()
            .filter(|row| all || row.state == EnvelopeState::Open)
            .collect();
        rows.sort_by_key(|row| row.order);
        frames.extend(rows.into_iter().map(|row| Frame::Envelope(row.envelope.clone())));
        if all {
            frames.extend(
                self.frames
                    .values()
                    .map(|(updates, _)| Frame::Updates(updates.clone())),
            );
        }
        for frame in &frames {
            write_frame(&mut out, frame);
        }
        out.extend(bundle_end(frames.len() as u64 + 1));
        out
    }

    /// Takes a bundle in; the codes of what was refused.
    pub fn import(&mut self, bundle: &[u8]) -> Result<Vec<&'static str>, BundleError> {
        let mut reader = BundleReader::new(self.identity.project);
        let mut refused = Vec::new();
        for piece in bundle.chunks(41) {
            reader.push(piece)?;
            while let Some(frame) = reader.next_frame()? {
                match Arrival::open(&self.me(), frame, Origin::Bundle) {
                    Ok(arrived) => drop(self.take(arrived, &RoundState::default())),
                    Err(problem) => refused.push(problem.code()),
                }
            }
        }
        reader.finish()?;
        Ok(refused)
    }

    pub fn record(&self, id: RecordId) -> Option<Record> {
        let record = self.records.get(&id)?.open(id).expect("a sound store").record;
        (!record.is_empty()).then_some(record)
    }

    pub fn int(&self, id: RecordId, path: &str) -> Option<i64> {
        match self.record(id)?.get(path)? {
            schemas::value::Scalar::Int(value) => Some(value),
            _ => None,
        }
    }

    pub fn rows(&self, id: RecordId) -> Vec<ChangeRow> {
        self.changes
            .values()
            .filter(|row| row.record == id)
            .cloned()
            .collect()
    }

    /// The states of this phone's own changes to a record, in the order it wrote them.
    pub fn states(&self, id: RecordId) -> Vec<ChangeState> {
        let mut rows: Vec<_> = self.rows(id).into_iter().filter(|row| row.own).collect();
        rows.sort_by_key(|row| row.order);
        rows.into_iter().map(|row| row.state).collect()
    }
}
