//! The answer to one request, a frame at a time: the caller writes each before it asks for the next.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use minicbor::bytes::ByteVec;
use sync_core::compress::compress;
use sync_core::frame::{
    Done, EnvelopeName, FeedPosition, Frame, Hello, PROTOCOL, Reference, Ruling, Updates, Welcome,
};
use sync_core::id::{ChangeHash, RecordId};
use sync_core::limits::{RESPONSE_RAW_BYTES_TARGET, UNCONFIRMED_MAX, UPDATE_RECORDS_MAX};

use super::Holder;
use super::batch::{Filling, Wants};
use super::scope::{Feed, feeds};
use crate::app::App;
use crate::ingest::Uploaded;
use crate::store::record::{FeedEntry, FeedScope, LogStore, State};
use crate::store::{DeviceStore, FormRow, FormStore as _, StoreError};
use crate::territory::Units;

/// The name of the feed of verdicts.
const RULINGS: &[u8] = b"r";
/// Verdicts in one frame.
const RULINGS_MAX: usize = 500;
/// Certificates in one frame.
const CERTS_MAX: usize = 200;

/// What is still to be sent.
enum Step {
    Welcome,
    Outside,
    Receipts,
    Rulings,
    OwnCert,
    Certs,
    Units,
    Forms,
    Wanted,
    Feed(usize),
    Done,
}

/// The answer to one request, being written.
pub struct Answer {
    app: App,
    holder: Holder,
    hello: Hello,
    uploaded: Uploaded,
    /// Envelopes the device is known to hold: those it gets a receipt for.
    held: BTreeSet<EnvelopeName>,
    feeds: Vec<Feed>,
    cursor: BTreeMap<Vec<u8>, u64>,
    certs_serial: u64,
    data_serial: u64,
    territory: Arc<Units>,
    sent_bytes: usize,
    more: bool,
    steps: VecDeque<Step>,
}

impl Answer {
    /// Prepares the answer for the holder of a device. Blocks.
    ///
    /// # Errors
    /// When the store fails.
    pub fn new(app: App, holder: Holder, hello: Hello, uploaded: Uploaded) -> Result<Self, StoreError> {
        let territory = app.units()?;
        let feeds = if holder.is_off {
            Vec::new()
        } else {
            feeds(holder.role, &holder.units, &territory, &app.shared_kinds()?)
        };
        let fresh = hello.epoch != app.keys.epoch.as_slice();
        let mut cursor = BTreeMap::new();
        if !fresh {
            cursor.extend(
                hello
                    .cursor
                    .iter()
                    .map(|position| (position.feed.to_vec(), position.seq)),
            );
        }
        let mut steps = VecDeque::from([Step::Welcome, Step::Outside, Step::Receipts, Step::Rulings]);
        if holder.is_off {
            steps.push_back(Step::OwnCert);
        } else {
            steps.extend([Step::Certs, Step::Units, Step::Forms, Step::Wanted]);
            steps.extend((0..feeds.len()).map(Step::Feed));
        }
        steps.push_back(Step::Done);
        let (certs_serial, data_serial) = (hello.certs_serial, hello.data_serial);
        Ok(Self {
            app,
            holder,
            hello,
            uploaded,
            held: BTreeSet::new(),
            feeds,
            cursor,
            certs_serial,
            data_serial,
            territory,
            sent_bytes: 0,
            more: false,
            steps,
        })
    }

    /// The next frames to write; none when the answer is complete. Blocks.
    ///
    /// # Errors
    /// When the store fails.
    pub fn frames(&mut self) -> Result<Option<Vec<Frame>>, StoreError> {
        let Some(step) = self.steps.pop_front() else {
            return Ok(None);
        };
        let frames = match step {
            Step::Welcome => vec![self.welcome()?],
            Step::Outside => self.outside()?,
            Step::Receipts => self.receipts()?,
            Step::Rulings => self.rulings()?,
            Step::OwnCert => self.own_cert()?,
            Step::Certs => self.certs()?,
            Step::Units => self.units(),
            Step::Forms => self.forms()?,
            Step::Wanted => self.wanted()?,
            Step::Feed(number) => self.feed(number)?,
            Step::Done => vec![self.done()],
        };
        Ok(Some(frames))
    }

    fn welcome(&self) -> Result<Frame, StoreError> {
        Ok(Frame::Welcome(Welcome {
            protocol: PROTOCOL,
            epoch: self.app.keys.epoch.to_vec(),
            server_time_ms: self.app.clock.now().as_millisecond(),
            counter_high: self.app.store.counter_high(self.holder.device)?,
            want: self.forgotten()?.into_iter().collect(),
        }))
    }

    /// Records of which the device names a head that is not merged here: offered again, it may be what
    /// something waits for.
    fn forgotten(&self) -> Result<BTreeSet<RecordId>, StoreError> {
        let holdings = self.hello.holdings.iter();
        let heads: Vec<(RecordId, ChangeHash)> = holdings
            .flat_map(|holding| holding.heads.iter().map(|head| (holding.record, *head)))
            .collect();
        self.app.store.unsettled(&heads)
    }

    /// Records the device wrote, holds or asks for, and that are not its to hold: its own edit may have
    /// joined a record of another unit, whose feed it never sees. Goes before the receipts, so that an
    /// answer that is cut does not leave it with a copy nobody keeps up to date.
    fn outside(&mut self) -> Result<Vec<Frame>, StoreError> {
        if self.holder.is_off {
            return Ok(Vec::new());
        }
        let uploaded = self.uploaded.receipts.iter().map(|receipt| receipt.name);
        let asked = self
            .hello
            .unconfirmed
            .iter()
            .take(UNCONFIRMED_MAX)
            .map(|one| one.name);
        let names: Vec<EnvelopeName> = uploaded.chain(asked).collect();
        let mut records = BTreeSet::new();
        if !names.is_empty() {
            records = self.app.store.records_of(&names)?;
        }
        records.extend(self.hello.holdings.iter().map(|holding| holding.record));
        records.extend(self.hello.want.iter().take(UPDATE_RECORDS_MAX));
        records.extend(&self.uploaded.brought_back);
        if records.is_empty() {
            return Ok(Vec::new());
        }
        self.left(&records)
    }

    /// Tells that those of `records` that lie in none of the device's units are not its to hold.
    fn left(&mut self, records: &BTreeSet<RecordId>) -> Result<Vec<Frame>, StoreError> {
        let scopes: Vec<FeedScope> = self.feeds.iter().map(|feed| feed.scope.clone()).collect();
        let mut filling = Filling::default();
        for record in self.app.store.outside(&scopes, records)? {
            filling.gone(record);
        }
        if filling.is_empty() {
            return Ok(Vec::new());
        }
        Ok(vec![self.seal(&filling, Vec::new())])
    }

    fn receipts(&mut self) -> Result<Vec<Frame>, StoreError> {
        let mut receipts = std::mem::take(&mut self.uploaded.receipts);
        receipts.extend(crate::ingest::receipts(
            &self.app,
            self.holder.device,
            &self.hello.unconfirmed,
        )?);
        let kept = receipts.iter().filter(|receipt| receipt.refused.is_none());
        self.held = kept.map(|receipt| receipt.name).collect();
        self.heard()?;
        let mut frames = Vec::new();
        if !receipts.is_empty() {
            frames.push(Frame::Receipts(receipts));
        }
        if let Some(error) = self.uploaded.failed {
            frames.push(Frame::Refusal(error.code().to_owned()));
        }
        Ok(frames)
    }

    /// Notes how the device stands now that it has these receipts, and tells those who look on.
    fn heard(&self) -> Result<(), StoreError> {
        let device = self.holder.device;
        let own = self.held.iter().filter(|name| name.device == device);
        let own: Vec<EnvelopeName> = own.copied().collect();
        if self.hello.pending > 0 && !own.is_empty() {
            let outcomes = self.app.store.outcomes(&own)?;
            let confirmed = outcomes.iter().map(|outcome| outcome.states.len()).sum::<usize>();
            crate::ingest::heard(&self.app, device, &self.hello, confirmed as u64);
        }
        self.app.live.synced(device);
        Ok(())
    }

    fn rulings(&mut self) -> Result<Vec<Frame>, StoreError> {
        let after = self.cursor.get(RULINGS).copied().unwrap_or(0);
        let rulings = self.app.store.rulings(self.holder.device, after, RULINGS_MAX)?;
        let Some(last) = rulings.last() else {
            return Ok(Vec::new());
        };
        let seq = last.seq;
        if rulings.len() == RULINGS_MAX {
            self.steps.push_front(Step::Rulings);
        }
        self.cursor.insert(RULINGS.to_vec(), seq);
        // An officer may have let in what makes a record of another unit: no feed tells of that.
        let records = rulings.iter().map(|ruling| ruling.record).collect();
        let mut frames = if self.holder.is_off {
            Vec::new()
        } else {
            self.left(&records)?
        };
        let rulings = rulings
            .into_iter()
            .map(|ruling| Ruling {
                record: ruling.record,
                change: ruling.change,
                parked: ruling.became.reason(),
                replaced: (ruling.became == State::Superseded).then_some(true),
            })
            .collect();
        frames.push(Frame::Rulings(rulings, position(RULINGS, seq)));
        Ok(frames)
    }

    /// The certificate that says this device was turned off.
    fn own_cert(&self) -> Result<Vec<Frame>, StoreError> {
        let stored = self.app.store.cert(self.holder.device)?;
        Ok(stored
            .into_iter()
            .map(|stored| Frame::Certs(vec![stored.cert]))
            .collect())
    }

    /// Certificates of the whole register: few, small, and needed to judge a bundle from anywhere.
    fn certs(&mut self) -> Result<Vec<Frame>, StoreError> {
        let certs = self.app.store.certs_since(self.certs_serial, CERTS_MAX)?;
        let Some(last) = certs.last() else {
            return Ok(Vec::new());
        };
        self.certs_serial = last.serial;
        if certs.len() == CERTS_MAX {
            self.steps.push_front(Step::Certs);
        }
        if certs.iter().any(|stored| stored.device == self.holder.device) {
            // Whose units changed needs the units around them; so does one who knew a later register
            // that was replaced by a backup.
            self.data_serial = 0;
        }
        Ok(vec![Frame::Certs(
            certs.into_iter().map(|stored| stored.cert).collect(),
        )])
    }

    fn units(&mut self) -> Vec<Frame> {
        let serial = self.territory.version();
        if serial <= self.data_serial {
            return Vec::new();
        }
        let body = compress(self.territory.json_around(&self.holder.units).as_bytes());
        vec![Frame::Reference(Reference {
            name: "units".to_owned(),
            serial,
            body,
        })]
    }

    /// Imported forms the device has not got. All of them every time: they are few, and without the last one a
    /// phone cannot read what comes after.
    fn forms(&mut self) -> Result<Vec<Frame>, StoreError> {
        let known = self.data_serial;
        self.data_serial = known.max(self.territory.version());
        if self.app.store.forms_version()? <= known {
            return Ok(Vec::new());
        }
        let (version, rows) = self.app.store.forms_after(known)?;
        self.data_serial = self.data_serial.max(version);
        let frame = |row: FormRow| {
            Frame::Reference(Reference {
                name: format!("form:{}", row.name()),
                serial: row.serial,
                body: compress(row.body.as_bytes()),
            })
        };
        Ok(rows.into_iter().map(frame).collect())
    }

    /// Records the device asked for whole, if they are its to read.
    fn wanted(&mut self) -> Result<Vec<Frame>, StoreError> {
        let mut filling = Filling::default();
        for record in self.hello.want.iter().take(UPDATE_RECORDS_MAX) {
            if self.feeds.iter().any(|feed| self.holds(&feed.scope, *record)) {
                let changes = self.app.store.changes_after(*record, 0)?;
                filling.whole(*record, &changes)?;
            }
        }
        Ok(if filling.is_empty() {
            Vec::new()
        } else {
            vec![self.seal(&filling, Vec::new())]
        })
    }

    fn holds(&self, scope: &FeedScope, record: RecordId) -> bool {
        self.app.store.in_feed(scope, record).unwrap_or(false)
    }

    /// The next frame of a feed. A record stands in the feed at its newest change only, so a pass over
    /// the feed sends what is newer than where the pass began, however far it has come: a record that
    /// changed early and late would lose the early change otherwise. The cursor holds both places
    /// until the pass is through.
    fn feed(&mut self, number: usize) -> Result<Vec<Frame>, StoreError> {
        let Feed { key, scope } = self.feeds[number].clone();
        let pass = pass_of(&key);
        let base = self.cursor.get(&key).copied().unwrap_or(0);
        let passed = self.cursor.get(&pass).copied().unwrap_or(0).max(base);
        if self.sent_bytes >= RESPONSE_RAW_BYTES_TARGET {
            self.more = true;
            return Ok(Vec::new());
        }
        let entries = self.app.store.feed(&scope, passed, UPDATE_RECORDS_MAX)?;
        let mut through = entries.len() < UPDATE_RECORDS_MAX;
        let mut filling = Filling::default();
        let mut seq = passed;
        for entry in entries {
            if filling.is_full() {
                through = false;
                break;
            }
            seq = entry.seq();
            self.entry(&mut filling, &entry, base)?;
        }
        let places = if through {
            self.cursor.remove(&pass);
            self.cursor.insert(key.clone(), seq);
            vec![position(&key, seq), position(&pass, seq)]
        } else {
            self.cursor.insert(pass.clone(), seq);
            self.steps.push_front(Step::Feed(number));
            vec![position(&key, base), position(&pass, seq)]
        };
        Ok(if filling.is_empty() {
            Vec::new()
        } else {
            vec![self.seal(&filling, places)]
        })
    }

    fn entry(&self, filling: &mut Filling, entry: &FeedEntry, after: u64) -> Result<(), StoreError> {
        match *entry {
            FeedEntry::Changed { record, entered, .. } => {
                let wants = Wants {
                    after,
                    device: self.holder.device,
                    held: &self.held,
                };
                filling.record(&self.app.store, record, entered, wants)
            }
            FeedEntry::Gone { record, .. } => {
                if !self.feeds.iter().any(|feed| self.holds(&feed.scope, record)) {
                    filling.gone(record);
                }
                Ok(())
            }
        }
    }

    fn seal(&mut self, filling: &Filling, cursor: Vec<FeedPosition>) -> Frame {
        let updates = Updates::seal(
            self.app.keys.project,
            &filling.batch,
            cursor,
            &self.app.keys.signing,
        );
        self.sent_bytes += updates.body.len();
        Frame::Updates(updates)
    }

    fn done(&self) -> Frame {
        let mut cursor = Vec::new();
        for feed in &self.feeds {
            cursor.push(position(
                &feed.key,
                self.cursor.get(&feed.key).copied().unwrap_or(0),
            ));
            let pass = pass_of(&feed.key);
            cursor.extend(self.cursor.get(&pass).map(|seq| position(&pass, *seq)));
        }
        if let Some(seq) = self.cursor.get(RULINGS) {
            cursor.push(position(RULINGS, *seq));
        }
        Frame::Done(Done {
            cursor,
            certs_serial: self.certs_serial,
            data_serial: self.data_serial,
            more: self.more,
        })
    }
}

/// The name under which a cursor keeps how far an unfinished pass over a feed has come.
fn pass_of(feed: &[u8]) -> Vec<u8> {
    [feed, b"pass"].concat()
}

fn position(feed: &[u8], seq: u64) -> FeedPosition {
    FeedPosition {
        feed: ByteVec::from(feed.to_vec()),
        seq,
    }
}
