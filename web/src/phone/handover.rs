//! Handing on without a network: what the server has not confirmed, or all this phone holds, as a file.

use std::collections::BTreeSet;

use sync_core::cert::SignedCert;
use sync_core::frame::{Frame, write_frame};
use sync_core::id::{DeviceId, RecordId};
use sync_core::limits::UPLOAD_BYTES_MAX;
use sync_core::phone::{Arrival, BundleError, BundleReader, Origin, RoundState, bundle_end, bundle_start};

use super::{Register, RegisterError};
use crate::rows::{Rows as _, Shelf};

/// Certificates in one frame.
const CERTS_MAX: usize = 200;

/// What a bundle brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// Records that were brought or changed.
    pub records: BTreeSet<RecordId>,
    /// Records of which something still waits for its ancestors.
    pub waiting: BTreeSet<RecordId>,
    /// Codes of frames that were refused; the rest was taken in.
    pub refused: Vec<String>,
}

/// A bundle being written.
struct Parcel {
    bytes: Vec<u8>,
    frames: u64,
}

impl Parcel {
    fn add(&mut self, frame: &Frame) -> Result<(), BundleError> {
        write_frame(&mut self.bytes, frame);
        self.frames += 1;
        if self.bytes.len() as u64 > UPLOAD_BYTES_MAX {
            Err(BundleError::TooLarge)
        } else {
            Ok(())
        }
    }
}

impl Register {
    /// A bundle: what the server has not confirmed, of this phone and of those it carries for; with
    /// `all`, everything it can prove. The bytes, and how many records they speak of.
    ///
    /// # Errors
    /// When the phone is not enrolled, or it would be too large for one file.
    pub async fn export(&self, all: bool) -> Result<(Vec<u8>, usize), RegisterError> {
        self.seal().await?;
        let identity = self.known()?.identity.clone();
        // Nothing is taken away or added while it is packed.
        let _step = self.step.lock().await;
        let (names, frames) = {
            let index = self.index();
            if all {
                (index.envelopes_of(None), index.frames_of(None))
            } else {
                let open = index.open_envelopes();
                (open.into_iter().map(|open| open.name).collect(), Vec::new())
            }
        };
        let mut devices: BTreeSet<DeviceId> = names.iter().map(|name| name.device).collect();
        devices.insert(identity.device);
        let mut parcel = Parcel {
            bytes: bundle_start(identity.project, identity.device, self.now_ms()),
            frames: 1,
        };
        let mut certs = Vec::new();
        for (key, bytes) in self.rows.all(Shelf::Cert).await? {
            if all || devices.iter().any(|device| device.bytes().as_slice() == key) {
                certs.push(SignedCert::from_bytes(&bytes)?);
            }
        }
        for certs in certs.chunks(CERTS_MAX) {
            parcel.add(&Frame::Certs(certs.to_vec()))?;
        }
        let mut records = BTreeSet::new();
        for row in self.envelopes(names).await? {
            records.extend(&row.records);
            parcel.add(&Frame::Envelope(row.envelope))?;
        }
        for number in frames {
            let (mut updates, brings) = self.frame_kept(number).await?;
            updates.cursor.clear();
            records.extend(brings);
            parcel.add(&Frame::Updates(updates))?;
        }
        let Parcel { mut bytes, frames } = parcel;
        bytes.extend(bundle_end(frames));
        Ok((bytes, records.len()))
    }

    /// Takes a bundle in. Frames that are not authentic are refused one by one; what was read before
    /// damage is kept.
    ///
    /// # Errors
    /// When it is no bundle of this register, or is damaged.
    pub async fn import(&self, bytes: &[u8]) -> Result<Imported, RegisterError> {
        let mut reader = BundleReader::new(self.known()?.identity.project);
        reader.push(bytes)?;
        let mut sum = Imported::default();
        while let Some(frame) = reader.next_frame()? {
            self.bundled(frame, &mut sum).await?;
        }
        reader.finish()?;
        Ok(sum)
    }

    async fn bundled(&self, frame: Frame, sum: &mut Imported) -> Result<(), RegisterError> {
        let opened = {
            let known = self.known()?;
            let ground = known.ground();
            Arrival::open(&known.me(&ground), frame, Origin::Bundle)
        };
        let arrived = match opened {
            Ok(arrived) => arrived,
            Err(problem) => {
                sum.refused.push(problem.code().to_owned());
                return Ok(());
            }
        };
        let round = RoundState {
            now_ms: self.now_ms(),
            ..RoundState::default()
        };
        let told = self.take(arrived, &round).await?;
        for record in &told.records {
            sum.waiting.remove(record);
        }
        sum.records.extend(&told.records);
        sum.waiting.extend(&told.waiting);
        sum.refused
            .extend(told.refused.into_iter().map(|refusal| refusal.code));
        Ok(())
    }
}
