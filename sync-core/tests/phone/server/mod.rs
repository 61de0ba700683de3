//! A server as small as can be: a log in memory, the core's own merging, the frames of the protocol.

mod download;
mod upload;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ed25519_dalek::SigningKey;
use sync_core::admit::{Candidate, Forms, Rules, Trust, Verdict};
use sync_core::cert::{DeviceCert, Directory, SignedCert};
use sync_core::envelope::Envelope;
use sync_core::frame::{EnvelopeName, Hello, Ruling};
use sync_core::id::{ChangeHash, DeviceId, ProjectId, PublicKey, RecordId, UnitId};
use sync_core::pack::Item;
use sync_core::policy::{ParkReason, Territory, in_scope};
use sync_core::record::{Edit, Record};
use sync_core::replica::Kept;

#[derive(Clone)]
pub struct Server {
    pub key: SigningKey,
    pub project: ProjectId,
    pub epoch: u8,
    pub now_ms: i64,
    pub certs: BTreeMap<DeviceId, DeviceCert>,
    pub log: BTreeMap<EnvelopeName, (Envelope, Vec<Item>)>,
    pub records: BTreeMap<RecordId, Kept>,
    pub states: BTreeMap<(RecordId, ChangeHash), Verdict>,
    /// Applied changes with their place in the feed and the envelope they came in.
    feed: Vec<(u64, RecordId, ChangeHash, Option<EnvelopeName>, i64)>,
    rulings: Vec<(u64, DeviceId, Ruling)>,
    seq: u64,
    console: u64,
    territory: Arc<dyn Territory + Send + Sync>,
    forms: Arc<dyn Forms + Send + Sync>,
    unit_field: fn(&str) -> &'static str,
    /// Units, as phones get them.
    pub units: Option<String>,
    /// What the last request said and how many envelopes it brought.
    pub last: Option<(Hello, usize)>,
}

impl Server {
    pub fn new(
        project: ProjectId,
        territory: Arc<dyn Territory + Send + Sync>,
        forms: Arc<dyn Forms + Send + Sync>,
        unit_field: fn(&str) -> &'static str,
    ) -> Self {
        Self {
            key: SigningKey::from_bytes(&[200; 32]),
            project,
            epoch: 1,
            now_ms: 1_760_000_000_000,
            certs: BTreeMap::new(),
            log: BTreeMap::new(),
            records: BTreeMap::new(),
            states: BTreeMap::new(),
            feed: Vec::new(),
            rulings: Vec::new(),
            seq: 0,
            console: 0,
            territory,
            forms,
            unit_field,
            units: None,
            last: None,
        }
    }

    pub fn public(&self) -> PublicKey {
        PublicKey(self.key.verifying_key().to_bytes())
    }

    /// A certificate as it is handed out; a later one replaces it.
    pub fn certify(&mut self, mut cert: DeviceCert) -> SignedCert {
        self.seq += 1;
        cert.serial = self.seq;
        self.certs.insert(cert.device, cert.clone());
        SignedCert::sign(&cert, &self.key)
    }

    pub fn revoke(&mut self, device: DeviceId) {
        let mut cert = self.certs[&device].clone();
        cert.revoked = true;
        self.certify(cert);
    }

    fn directory(&self) -> Directory {
        self.certs.values().cloned().collect()
    }

    fn with_rules<T>(&mut self, act: impl FnOnce(&mut Self, &Rules<'_>) -> T) -> T {
        let (directory, territory, forms) = (
            self.directory(),
            Arc::clone(&self.territory),
            Arc::clone(&self.forms),
        );
        act(
            self,
            &Rules {
                directory: &directory,
                territory: &*territory,
                forms: &*forms,
            },
        )
    }

    /// An edit by an officer's console.
    pub fn officer_edits(&mut self, officer: DeviceId, record: RecordId, edits: &[(String, Edit)]) {
        self.console += 1;
        let actor = sync_core::id::Actor::of(officer, self.console.to_be_bytes());
        let mut draft = self
            .records
            .get(&record)
            .expect("the record is there")
            .record
            .clone();
        let made = draft
            .edit(actor, self.now_ms / 1000, edits)
            .expect("a sound edit");
        if let Some((hash, bytes)) = made {
            self.admit(
                record,
                vec![Candidate {
                    hash,
                    bytes,
                    trust: Trust::Signed(officer),
                }],
                None,
            );
        }
    }

    /// An officer lets a parked change in, or says no for good.
    pub fn decide(&mut self, record: RecordId, change: ChangeHash, let_in: bool) {
        if let_in {
            self.with_rules(|server, rules| {
                let verdicts = server
                    .records
                    .get_mut(&record)
                    .expect("the record is there")
                    .clear(change, rules);
                server.note(record, &verdicts, None);
            });
        } else {
            self.states
                .insert((record, change), Verdict::Parked(ParkReason::Dismissed));
            self.rule(record, change, Some(ParkReason::Dismissed));
        }
    }

    /// As if the change had been parked when it arrived: takes it out, and what was written on top.
    pub fn decide_on_arrival(&mut self, record: RecordId, change: ChangeHash, reason: ParkReason) {
        let kept = self.records.get_mut(&record).expect("the record is there");
        let before: BTreeSet<_> = kept.record.changes().into_iter().map(|(hash, _)| hash).collect();
        let nobody = sync_core::id::Actor([0; 16]);
        kept.set_aside(
            &BTreeMap::from([(change, reason)]),
            nobody.tag(),
            nobody,
            |_, _| Trust::Vouched,
        )
        .expect("sound");
        let out: BTreeSet<_> = before.into_iter().filter(|hash| !kept.record.has(hash)).collect();
        self.feed
            .retain(|(_, of, hash, ..)| *of != record || !out.contains(hash));
        for hash in out {
            let verdict = if hash == change {
                Verdict::Parked(reason)
            } else {
                Verdict::Waiting
            };
            self.states.insert((record, hash), verdict);
        }
    }

    fn rule(&mut self, record: RecordId, change: ChangeHash, parked: Option<ParkReason>) {
        for device in self.certs.keys().copied().collect::<Vec<_>>() {
            self.seq += 1;
            self.rulings.push((
                self.seq,
                device,
                Ruling {
                    record,
                    change,
                    parked,
                    replaced: None,
                },
            ));
        }
    }

    fn admit(&mut self, record: RecordId, candidates: Vec<Candidate>, envelope: Option<EnvelopeName>) {
        self.with_rules(|server, rules| {
            let kept = server
                .records
                .entry(record)
                .or_insert_with(|| Kept::empty(record));
            let verdicts = kept.receive(candidates, rules);
            server.note(record, &verdicts, envelope);
        });
    }

    fn note(&mut self, record: RecordId, verdicts: &[(ChangeHash, Verdict)], envelope: Option<EnvelopeName>) {
        for (hash, verdict) in verdicts {
            let before = self.states.get(&(record, *hash)).copied();
            if matches!(verdict, Verdict::Applied) {
                self.seq += 1;
                let from = self.log.iter().find(|(_, (_, items))| {
                    items
                        .iter()
                        .any(|item| item.record == record && item.hash == *hash)
                });
                let name = from.map(|(name, _)| *name).or(envelope);
                self.feed
                    .push((self.seq, record, *hash, name, self.now_ms / 1000));
            }
            let verdict = if *verdict == Verdict::Known {
                Verdict::Applied
            } else {
                *verdict
            };
            // A change that lay aside and no longer does, or the other way round: its device hears of it.
            if before.is_some_and(|before| before != verdict) {
                let parked = match verdict {
                    Verdict::Parked(reason) => Some(reason),
                    _ => None,
                };
                if verdict != Verdict::Waiting {
                    self.rule(record, *hash, parked);
                }
            }
            self.states.insert((record, *hash), verdict);
        }
    }

    /// The values of a record, as the server shows them.
    pub fn record(&self, record: RecordId) -> Option<&Record> {
        self.records
            .get(&record)
            .map(|kept| &kept.record)
            .filter(|record| !record.is_empty())
    }

    /// A copy made earlier comes back, under a new epoch.
    pub fn restore(&mut self, earlier: Self) {
        let epoch = self.epoch + 1;
        let (seq, certs) = (self.seq, self.certs.clone());
        *self = earlier;
        // Who the devices are was written again by the administrator; their work was not.
        self.certs = certs;
        self.seq = seq.max(self.seq);
        self.epoch = epoch;
    }

    fn unit_of(&self, record: &Record) -> Option<(UnitId, bool)> {
        let (kind, version) = record.form()?;
        let form = self.forms.rules(&kind, version)?;
        let unit = record.get((self.unit_field)(&kind))?.as_text()?.parse().ok()?;
        Some((unit, form.shared_in_commune()))
    }

    /// True if the record is the device's to read.
    pub fn reads(&self, device: DeviceId, record: RecordId) -> bool {
        let Some(cert) = self.certs.get(&device) else {
            return false;
        };
        let unit = self.record(record).and_then(|record| self.unit_of(record));
        unit.is_some_and(|(unit, shared)| in_scope(&cert.units, unit, shared, &*self.territory))
    }
}
