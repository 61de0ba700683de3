//! What goes down: certificates, units, verdicts, records.

use std::collections::{BTreeMap, BTreeSet};

use sync_core::cert::SignedCert;
use sync_core::frame::{
    Done, EnvelopeName, FeedPosition, Frame, Hello, Reference, UpdateBatch, Updates, Whole,
};
use sync_core::id::{ChangeHash, DeviceId, RecordId};
use sync_core::pack::Item;
use sync_core::policy::in_scope;
use sync_core::record::Record;

use super::Server;

/// Records in one frame: few, so that answers have many frames to be cut between.
const RECORDS_IN_FRAME: usize = 2;
/// Records in one answer; past it the device is asked to come again.
const RECORDS_IN_ANSWER: usize = 12;
const RULINGS: &[u8] = b"r";

/// Envelopes the device is known to hold: those it gets a receipt for.
pub(super) type Held = BTreeSet<EnvelopeName>;

impl Server {
    pub(super) fn download(&self, device: DeviceId, hello: &Hello, held: &Held, frames: &mut Vec<Frame>) {
        let fresh = hello.epoch != [self.epoch];
        let at = |feed: &[u8]| {
            let known = hello
                .cursor
                .iter()
                .find(|position| position.feed.as_slice() == feed);
            known.filter(|_| !fresh).map_or(0, |position| position.seq)
        };
        // Another territory is another feed: what came into it without changing is sent.
        let feed_key: Vec<u8> = self.certs[&device]
            .units
            .iter()
            .flat_map(|unit| *unit.bytes())
            .collect();
        let feed_key = feed_key.as_slice();
        // A record stands in the feed at its newest change only, so a pass over the feed sends what is
        // newer than the pass's beginning, however far the pass has come when the link breaks.
        let pass_key = [feed_key, b"pass"].concat();
        let (after, ruled) = (at(feed_key), at(RULINGS));
        let passed = at(&pass_key).max(after);
        let rulings: Vec<_> = self
            .rulings
            .iter()
            .filter(|(seq, to, _)| *seq > ruled && *to == device)
            .map(|(_, _, one)| one.clone())
            .collect();
        if !rulings.is_empty() {
            frames.extend(self.left(device, &rulings.iter().map(|one| one.record).collect()));
            frames.push(Frame::Rulings(rulings, position(RULINGS, self.seq)));
        }
        let certs: Vec<_> = self
            .certs
            .values()
            .filter(|cert| cert.serial > hello.certs_serial)
            .collect();
        if !certs.is_empty() {
            frames.push(Frame::Certs(
                certs
                    .iter()
                    .map(|cert| SignedCert::sign(cert, &self.key))
                    .collect(),
            ));
        }
        if let Some(units) = self.units.as_ref().filter(|_| hello.data_serial == 0) {
            let body = sync_core::compress::compress(units.as_bytes());
            frames.push(Frame::Reference(Reference {
                name: "units".to_owned(),
                serial: 1,
                body,
            }));
        }
        let wanted: Vec<_> = hello
            .want
            .iter()
            .filter(|record| self.reads(device, **record))
            .map(|record| self.whole(*record))
            .collect();
        if !wanted.is_empty() {
            frames.push(self.seal(
                UpdateBatch {
                    documents: wanted,
                    ..UpdateBatch::default()
                },
                Vec::new(),
            ));
        }
        let mut newest: BTreeMap<RecordId, u64> = BTreeMap::new();
        for (seq, record, ..) in self.feed.iter() {
            newest.insert(*record, *seq);
        }
        let mut order: Vec<(u64, RecordId)> = newest
            .into_iter()
            .map(|(record, seq)| (seq, record))
            .filter(|(seq, _)| *seq > passed)
            .collect();
        order.sort_unstable();
        let more = order.len() > RECORDS_IN_ANSWER;
        order.truncate(RECORDS_IN_ANSWER);
        let mut last = passed;
        for chunk in order.chunks(RECORDS_IN_FRAME) {
            last = chunk.last().map_or(last, |(seq, _)| *seq);
            let batch = self.batch(device, held, after, chunk.iter().map(|(_, record)| *record));
            if batch != UpdateBatch::default() {
                frames.push(self.seal(batch, vec![position(feed_key, after), position(&pass_key, last)]));
            }
        }
        let mut cursor = vec![
            position(feed_key, if more { after } else { self.seq }),
            position(RULINGS, self.seq),
        ];
        cursor.extend(more.then(|| position(&pass_key, last)));
        frames.push(Frame::Done(Done {
            cursor,
            certs_serial: self.certs.values().map(|cert| cert.serial).max().unwrap_or(0),
            data_serial: u64::from(self.units.is_some()),
            more,
        }));
    }

    /// Tells that those of `records` that lie in none of the device's units are not its to hold.
    pub(super) fn left(&self, device: DeviceId, records: &BTreeSet<RecordId>) -> Option<Frame> {
        let lies = |record: &RecordId| {
            let kept = self.records.get(record);
            kept.is_some_and(|kept| self.unit_of(&kept.record).is_some())
        };
        let gone: Vec<RecordId> = records
            .iter()
            .copied()
            .filter(|record| lies(record) && !self.reads(device, *record))
            .collect();
        let batch = UpdateBatch {
            gone,
            ..UpdateBatch::default()
        };
        (!batch.gone.is_empty()).then(|| self.seal(batch, Vec::new()))
    }

    fn batch(
        &self,
        device: DeviceId,
        held: &Held,
        after: u64,
        records: impl Iterator<Item = RecordId>,
    ) -> UpdateBatch {
        let mut batch = UpdateBatch::default();
        for record in records {
            if !self.reads(device, record) {
                batch.gone.push(record);
                continue;
            }
            let all: Vec<_> = self.feed.iter().filter(|(_, of, ..)| *of == record).collect();
            let came_in = self.entered(device, record);
            if (came_in > after && came_in > all[0].0) || (after == 0 && all.len() > 4) {
                batch.documents.push(self.whole(record));
                continue;
            }
            for (seq, _, hash, name, at) in all {
                let sent_back = name.is_some_and(|name| name.device == device && held.contains(&name));
                if (*seq > after || came_in > after) && !sent_back {
                    let bytes = self.records[&record]
                        .record
                        .change(hash)
                        .expect("an applied change");
                    batch.changes.push(Item {
                        record,
                        hash: *hash,
                        bytes,
                    });
                    batch.received_at_s.push(*at);
                }
            }
        }
        batch
    }

    /// The place in the feed since which the device may read the record.
    fn entered(&self, device: DeviceId, record: RecordId) -> u64 {
        let Some(cert) = self.certs.get(&device) else {
            return 0;
        };
        let mut replay = Record::empty(record);
        let mut entered = 0;
        let mut inside = false;
        for (seq, _, hash, ..) in self.feed.iter().filter(|(_, of, ..)| *of == record) {
            let bytes = self.records[&record]
                .record
                .change(hash)
                .expect("an applied change");
            replay.apply(&bytes).expect("in order");
            let unit = self.unit_of(&replay);
            let now =
                unit.is_some_and(|(unit, shared)| in_scope(&cert.units, unit, shared, &*self.territory));
            if now && !inside {
                entered = *seq;
            }
            inside = now;
        }
        entered
    }

    fn whole(&self, record: RecordId) -> Whole {
        let document = &self.records[&record].record;
        let at = |hash: &ChangeHash| {
            self.feed
                .iter()
                .find(|(_, of, one, ..)| *of == record && one == hash)
                .map_or(0, |(.., at)| *at)
        };
        let received_at_s = document.history().iter().map(|entry| at(&entry.change)).collect();
        Whole {
            record,
            document: document.save(),
            received_at_s,
        }
    }

    fn seal(&self, batch: UpdateBatch, cursor: Vec<FeedPosition>) -> Frame {
        Frame::Updates(Updates::seal(self.project, &batch, cursor, &self.key))
    }
}

fn position(feed: &[u8], seq: u64) -> FeedPosition {
    FeedPosition {
        feed: feed.to_vec().into(),
        seq,
    }
}
