//! One request as it arrives: bytes → frames → batches that are committed as they fill.
//!
//! What was read before a cut is committed, whatever comes after. Memory is bounded by one batch.

use std::collections::BTreeSet;

use sync_core::envelope::{Envelope, EnvelopeError};
use sync_core::frame::{EnvelopeName, Frame, FrameError, FrameReader, Hello, Receipt, Updates};
use sync_core::id::{DeviceId, RecordId};
use sync_core::limits::UPLOAD_BYTES_MAX;

use super::{heard, receipt, take};
use crate::app::App;
use crate::merge::{Batch, BroughtBack, Opened};
use crate::store::StoreError;
use crate::store::record::VouchedFrame;

/// A batch is committed when its envelopes pass this many bytes as sent. A device gets its work on
/// disk in steps of about thirty envelopes, and other devices get their turn in between.
const BATCH_BYTES: usize = 256 * 1024;

/// A request that is being read.
pub struct Upload {
    app: App,
    carrier: DeviceId,
    reader: FrameReader,
    hello: Option<Hello>,
    batch: Batch,
    batch_bytes: usize,
    bytes: u64,
    receipts: Vec<Receipt>,
    brought_back: BTreeSet<RecordId>,
    failed: Option<FrameError>,
}

/// What a request brought.
#[derive(Debug)]
pub struct Uploaded {
    /// The device's first words; none if not even they could be read.
    pub hello: Option<Hello>,
    /// A receipt for each envelope that was read.
    pub receipts: Vec<Receipt>,
    /// Records of which it brought updates back.
    pub brought_back: BTreeSet<RecordId>,
    /// What stopped the reading before the end.
    pub failed: Option<FrameError>,
}

impl Upload {
    /// Nothing read yet.
    #[must_use]
    pub fn new(app: App, carrier: DeviceId) -> Self {
        Self {
            app,
            carrier,
            reader: FrameReader::default(),
            hello: None,
            batch: Batch::default(),
            batch_bytes: 0,
            bytes: 0,
            receipts: Vec::new(),
            brought_back: BTreeSet::new(),
            failed: None,
        }
    }

    /// Takes the next bytes in. After damage the rest is ignored: there is no telling where a frame
    /// would begin. Blocks.
    ///
    /// # Errors
    /// When the store fails.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        if self.failed.is_some() {
            return Ok(());
        }
        self.bytes = self.bytes.saturating_add(bytes.len() as u64);
        if self.bytes > UPLOAD_BYTES_MAX {
            self.failed = Some(FrameError::TooLarge);
            return Ok(());
        }
        self.reader.push(bytes);
        loop {
            match self.reader.next() {
                Ok(Some(frame)) => self.frame(frame)?,
                Ok(None) => return Ok(()),
                Err(error) => {
                    self.failed = Some(error);
                    return Ok(());
                }
            }
        }
    }

    /// Commits what was read: the stream paused, ended or broke. Blocks.
    ///
    /// # Errors
    /// When the store fails.
    pub fn flush(&mut self) -> Result<(), StoreError> {
        let batch = std::mem::take(&mut self.batch);
        self.batch_bytes = 0;
        self.receipts.extend(take(&self.app, self.carrier, &batch, &[])?);
        Ok(())
    }

    /// The request ended, or broke off.
    ///
    /// # Errors
    /// When the store fails.
    pub fn finish(mut self) -> Result<Uploaded, StoreError> {
        self.flush()?;
        let failed = self.failed.or(self.reader.finish().err());
        Ok(Uploaded {
            hello: self.hello,
            receipts: self.receipts,
            brought_back: self.brought_back,
            failed,
        })
    }

    fn frame(&mut self, frame: Frame) -> Result<(), StoreError> {
        match frame {
            Frame::Hello(hello) if self.hello.is_none() => {
                // Before the work, so that one transaction takes both to the disk.
                heard(&self.app, self.carrier, &hello, 0);
                self.hello = Some(hello);
            }
            Frame::Envelope(envelope) if self.hello.is_some() => self.envelope(envelope)?,
            Frame::Updates(updates) if self.hello.is_some() => self.brought_back(&updates),
            _ => self.failed = Some(FrameError::Malformed),
        }
        Ok(())
    }

    fn envelope(&mut self, envelope: Envelope) -> Result<(), StoreError> {
        let directory = self.app.devices.current(&self.app.store)?;
        let device = envelope.head.device;
        let name = EnvelopeName {
            device,
            counter: envelope.head.counter,
        };
        match envelope.open(self.app.keys.project, directory.device(device)) {
            Ok(items) => {
                self.batch_bytes += envelope.body.len();
                self.batch.envelopes.push(Opened { envelope, items });
                if self.batch_bytes >= BATCH_BYTES {
                    self.flush()?;
                }
            }
            Err(error) => self.refuse(name, error),
        }
        Ok(())
    }

    fn refuse(&mut self, name: EnvelopeName, error: EnvelopeError) {
        tracing::warn!(device = %name.device, counter = name.counter, code = error.code(), "envelope refused");
        self.app
            .metrics
            .add("soban_envelopes_refused_total", &[("code", error.code())], 1);
        self.receipts.push(receipt::refused(name, error));
    }

    /// Updates we signed ourselves, before we were restored. Anything else is ignored: it proves nothing.
    fn brought_back(&mut self, updates: &Updates) {
        match updates.open(self.app.keys.project, &self.app.keys.public()) {
            Ok(batch) => {
                self.brought_back.extend(batch.records());
                let frame = VouchedFrame {
                    body: updates.body.clone(),
                    signature: updates.signature,
                };
                self.batch.brought_back.push(BroughtBack { frame, batch });
            }
            Err(error) => tracing::warn!(carrier = %self.carrier, %error, "updates not taken back"),
        }
    }
}
