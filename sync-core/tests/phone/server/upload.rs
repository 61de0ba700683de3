//! What comes up: envelopes into the log, and the receipts.

use std::collections::{BTreeMap, BTreeSet};

use sync_core::admit::{Candidate, Trust, Verdict};
use sync_core::envelope::{Envelope, EnvelopeError};
use sync_core::frame::{
    EnvelopeName, Frame, FrameReader, Hello, PROTOCOL, Receipt, Ruling, Updates, Welcome, write_frame,
};
use sync_core::id::{ChangeHash, DeviceId, RecordId};
use sync_core::pack::Item;
use sync_core::record::Record;

use super::Server;
impl Server {
    /// Answers one request.
    pub fn handle(&mut self, device: DeviceId, request: &[u8]) -> Vec<u8> {
        let (hello, receipts, failed) = self.upload(request);
        let mut frames = vec![Frame::Welcome(Welcome {
            protocol: PROTOCOL,
            epoch: vec![self.epoch],
            server_time_ms: self.now_ms,
            counter_high: self
                .log
                .keys()
                .filter(|name| name.device == device)
                .map(|name| name.counter)
                .max()
                .unwrap_or(0),
            want: self.forgotten(&hello),
        })];
        frames.extend(self.outside(device, &hello, &receipts));
        let asked = hello.unconfirmed.iter().filter_map(|one| {
            let (envelope, _) = self.log.get(&one.name)?;
            Some(if envelope.mark() == one.mark {
                self.receipt(one.name)
            } else {
                refused(one.name, EnvelopeError::CounterReused)
            })
        });
        let mut receipts = receipts;
        receipts.extend(asked);
        let kept = receipts.iter().filter(|receipt| receipt.refused.is_none());
        let held: BTreeSet<EnvelopeName> = kept.map(|receipt| receipt.name).collect();
        if !receipts.is_empty() {
            frames.push(Frame::Receipts(receipts));
        }
        frames.extend(failed.map(|code| Frame::Refusal(code.to_owned())));
        self.download(device, &hello, &held, &mut frames);
        let mut out = Vec::new();
        for frame in &frames {
            write_frame(&mut out, frame);
        }
        out
    }

    fn upload(&mut self, request: &[u8]) -> (Hello, Vec<Receipt>, Option<&'static str>) {
        let mut reader = FrameReader::default();
        reader.push(request);
        let mut hello = Hello::default();
        let mut names = Vec::new();
        let mut receipts = Vec::new();
        let failed = loop {
            match reader.next() {
                Ok(Some(Frame::Hello(first))) => hello = first,
                Ok(Some(Frame::Envelope(envelope))) => {
                    let name = envelope.name();
                    match self.take(envelope) {
                        Ok(()) => names.push(name),
                        Err(error) => receipts.push(refused(name, error)),
                    }
                }
                Ok(Some(Frame::Updates(updates))) => self.brought_back(&updates),
                Ok(Some(_)) => break Some("frame_malformed"),
                Ok(None) => break reader.finish().err().map(|error| error.code()),
                Err(error) => break Some(error.code()),
            }
        };
        self.last = Some((hello.clone(), names.len()));
        receipts.extend(names.into_iter().map(|name| self.receipt(name)));
        (hello, receipts, failed)
    }

    fn take(&mut self, envelope: Envelope) -> Result<(), EnvelopeError> {
        let name = envelope.name();
        let items = envelope.open(self.project, self.certs.get(&name.device))?;
        if let Some((known, _)) = self.log.get(&name) {
            return if known.signature == envelope.signature {
                Ok(())
            } else {
                Err(EnvelopeError::CounterReused)
            };
        }
        self.log.insert(name, (envelope, items.clone()));
        let mut by_record: BTreeMap<RecordId, Vec<Candidate>> = BTreeMap::new();
        for Item { record, hash, bytes } in items {
            by_record.entry(record).or_default().push(Candidate {
                hash,
                bytes,
                trust: Trust::Signed(name.device),
            });
        }
        for (record, candidates) in by_record {
            self.admit(record, candidates, Some(name));
        }
        Ok(())
    }

    fn brought_back(&mut self, updates: &Updates) {
        let Ok(batch) = updates.open(self.project, &self.public()) else {
            return;
        };
        let mut by_record: BTreeMap<RecordId, Vec<Candidate>> = BTreeMap::new();
        for Item { record, hash, bytes } in batch.changes {
            by_record.entry(record).or_default().push(Candidate {
                hash,
                bytes,
                trust: Trust::Vouched,
            });
        }
        for whole in batch.documents {
            let document = Record::load(whole.record, &whole.document).expect("we wrote it");
            let all = document.changes().into_iter();
            let all = all.map(|(hash, bytes)| Candidate {
                hash,
                bytes,
                trust: Trust::Vouched,
            });
            by_record.entry(whole.record).or_default().extend(all);
        }
        for (record, candidates) in by_record {
            self.admit(record, candidates, None);
        }
    }

    fn receipt(&self, name: EnvelopeName) -> Receipt {
        let mut receipt = Receipt {
            name,
            refused: None,
            waiting: Vec::new(),
            parked: Vec::new(),
        };
        for Item { record, hash, .. } in &self.log[&name].1 {
            match self.states.get(&(*record, *hash)) {
                Some(Verdict::Waiting) => receipt.waiting.push(*hash),
                Some(Verdict::Parked(reason)) => {
                    receipt.parked.push(Ruling {
                        record: *record,
                        change: *hash,
                        parked: Some(*reason),
                        replaced: None,
                    });
                }
                _ => {}
            }
        }
        receipt
    }

    /// Records the device wrote or asks for, and that are not its to hold.
    fn outside(&self, device: DeviceId, hello: &Hello, receipts: &[Receipt]) -> Option<Frame> {
        let asked = hello.unconfirmed.iter().map(|one| one.name);
        let names = receipts.iter().map(|receipt| receipt.name).chain(asked);
        let written = names
            .filter_map(|name| self.log.get(&name))
            .flat_map(|(_, items)| items.iter().map(|item| item.record));
        let held = hello.holdings.iter().map(|holding| holding.record);
        let records: BTreeSet<RecordId> = written.chain(held).chain(hello.want.iter().copied()).collect();
        self.left(device, &records)
    }

    fn forgotten(&self, hello: &Hello) -> Vec<RecordId> {
        // What it holds and set aside counts as lacking: an earlier epoch may have signed it as merged.
        let lacks = |record: RecordId, hash: &ChangeHash| {
            !matches!(
                self.states.get(&(record, *hash)),
                Some(Verdict::Applied | Verdict::Superseded)
            )
        };
        let holdings = hello.holdings.iter();
        holdings
            .filter(|one| one.heads.iter().any(|head| lacks(one.record, head)))
            .map(|one| one.record)
            .collect()
    }
}

fn refused(name: EnvelopeName, error: EnvelopeError) -> Receipt {
    Receipt {
        name,
        refused: Some(error.code().to_owned()),
        waiting: Vec::new(),
        parked: Vec::new(),
    }
}
