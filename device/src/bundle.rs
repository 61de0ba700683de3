//! Handing on without a network: everything a phone has not had confirmed, or all it holds, in a file.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;

use serde_json::{Value, json};
use sync_core::cert::SignedCert;
use sync_core::frame::{Frame, write_frame};
use sync_core::id::DeviceId;
use sync_core::limits::UPLOAD_BYTES_MAX;
use sync_core::phone::{
    Arrival, BundleError, BundleReader, FrameProblem, Origin, RoundState, bundle_end, bundle_start,
};

use crate::error::DeviceError;
use crate::messages;
use crate::phone::Phone;

/// Certificates in one frame.
const CERTS_MAX: usize = 200;
/// Bytes read from the file at a time.
const READ_BYTES: usize = 64 * 1024;

/// A bundle being written.
struct Parcel {
    bytes: Vec<u8>,
    frames: u64,
}

impl Parcel {
    fn add(&mut self, frame: &Frame) -> Result<(), DeviceError> {
        write_frame(&mut self.bytes, frame);
        self.frames += 1;
        if self.bytes.len() as u64 > UPLOAD_BYTES_MAX {
            Err(BundleError::TooLarge.into())
        } else {
            Ok(())
        }
    }
}

impl Phone {
    /// Writes a bundle: what the server has not confirmed, of this phone and of those it carries for;
    /// with `all`, everything it can prove.
    ///
    /// # Errors
    /// When the phone is not enrolled or the file cannot be written; an older file of that name is
    /// then intact.
    pub fn export(&mut self, file: &Path, all: bool) -> Result<Value, DeviceError> {
        self.seal()?;
        let identity = self.known()?.identity.clone();
        let names = match all {
            true => self.store.all_envelopes()?,
            false => self
                .store
                .open_envelopes()?
                .into_iter()
                .map(|open| open.name)
                .collect(),
        };
        let mut devices: BTreeSet<DeviceId> = names.iter().map(|name| name.device).collect();
        devices.insert(identity.device);
        let mut parcel = Parcel {
            bytes: bundle_start(identity.project, identity.device, self.now_ms()),
            frames: 1,
        };
        let certs: Vec<SignedCert> = self
            .store
            .certs()?
            .into_iter()
            .filter(|cert| {
                let device = cert
                    .open(identity.project, &identity.server_public_key)
                    .map(|cert| cert.device);
                all || device.is_ok_and(|device| devices.contains(&device))
            })
            .collect();
        for certs in certs.chunks(CERTS_MAX) {
            parcel.add(&Frame::Certs(certs.to_vec()))?;
        }
        let mut records = BTreeSet::new();
        for name in names {
            for row in self.store.envelopes([name])? {
                records.extend(&row.records);
                parcel.add(&Frame::Envelope(row.envelope))?;
            }
        }
        for id in if all { self.store.frames(None)? } else { Vec::new() } {
            let (mut updates, brings) = self.store.frame(id)?;
            updates.cursor.clear();
            records.extend(brings);
            parcel.add(&Frame::Updates(updates))?;
        }
        let Parcel { mut bytes, frames } = parcel;
        bytes.extend(bundle_end(frames));
        write_whole(file, &bytes).map_err(|error| DeviceError::file(file, &error))?;
        Ok(json!({ "records": records.len(), "bytes": bytes.len() }))
    }

    /// Takes a bundle in. Frames that are not authentic are refused one by one; what was read before
    /// damage is kept.
    ///
    /// # Errors
    /// When the file cannot be read, is no bundle of this project, or is damaged.
    pub fn import(&mut self, file: &Path, language: &str) -> Result<Value, DeviceError> {
        let mut reader = BundleReader::new(self.known()?.identity.project);
        let mut source = File::open(file).map_err(|error| DeviceError::file(file, &error))?;
        let mut buffer = vec![0; READ_BYTES];
        let mut told = Imported::default();
        loop {
            let read = source
                .read(&mut buffer)
                .map_err(|error| DeviceError::file(file, &error))?;
            if read == 0 {
                break;
            }
            reader.push(&buffer[..read])?;
            while let Some(frame) = reader.next_frame()? {
                self.bundled(frame, &mut told, language)?;
            }
        }
        reader.finish()?;
        Ok(json!({
            "records": told.records.len(),
            "waiting": told.waiting.len(),
            "ignored": told.ignored,
            "refused": told.refused,
        }))
    }

    fn bundled(&mut self, frame: Frame, sum: &mut Imported, language: &str) -> Result<(), DeviceError> {
        let known = self.known()?;
        let ground = known.ground();
        let arrived = match Arrival::open(&known.me(&ground), frame, Origin::Bundle) {
            Ok(arrived) => arrived,
            Err(problem) => {
                sum.refused.push(refused(problem, language));
                return Ok(());
            }
        };
        let round = RoundState {
            now_ms: self.now_ms(),
            ..RoundState::default()
        };
        let told = self.take(arrived, &round)?;
        for record in &told.records {
            sum.waiting.remove(record);
        }
        sum.records.extend(&told.records);
        sum.waiting.extend(&told.waiting);
        sum.ignored += u64::from(told.ignored);
        for refusal in told.refused {
            let code = refusal.code;
            sum.refused.push(json!({
                "device": refusal.name.device, "counter": refusal.name.counter, "code": code,
                "message": messages::text(language, &format!("error.{code}"), &[]),
            }));
        }
        Ok(())
    }
}

#[derive(Default)]
struct Imported {
    records: BTreeSet<sync_core::id::RecordId>,
    waiting: BTreeSet<sync_core::id::RecordId>,
    ignored: u64,
    refused: Vec<Value>,
}

fn refused(problem: FrameProblem, language: &str) -> Value {
    let mut refused = json!({
        "code": problem.code(),
        "message": messages::text(language, &format!("error.{}", problem.code()), &[]),
    });
    if let FrameProblem::Envelope(name, _) = problem {
        refused["device"] = json!(name.device);
        refused["counter"] = json!(name.counter);
    }
    refused
}

/// Writes beside the file and puts it in place when it is whole and on disk.
fn write_whole(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(".part");
    let write = || {
        let mut part = File::create(&beside)?;
        part.write_all(bytes)?;
        part.sync_all()?;
        std::fs::rename(&beside, file)
    };
    write().inspect_err(|_| drop(std::fs::remove_file(&beside)))
}
