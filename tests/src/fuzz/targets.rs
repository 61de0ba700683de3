//! The decoders, and what must hold of the outcome.

use ed25519_dalek::Signer;
use sync_core::admit::{Candidate, FormRules, Forms, Rules, Trust};
use sync_core::cert::Directory;
use sync_core::chunk;
use sync_core::envelope::Envelope;
use sync_core::frame::{Frame, FrameReader, Updates};
use sync_core::id::{Signature, UnitId};
use sync_core::pack::unpack;
use sync_core::policy::Territory;
use sync_core::record::{Edit, Record};
use sync_core::replica::Kept;

use super::Dice;
use super::inputs::{
    changes, damaged, damaged_change, damaged_envelope, damaged_expression, damaged_form, damaged_frames,
    damaged_updates, first_frame, golden, unsound_change,
};
use crate::corpus::{PROJECT, cert, key, public_key, record_id};

/// One decoder.
#[derive(Debug)]
pub struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    pub(super) make: fn(&mut Dice) -> Vec<u8>,
    pub(super) take: fn(&[u8]) -> Result<(), String>,
}

/// Every target.
pub static TARGETS: &[Target] = &[
    Target {
        name: "chunk",
        make: damaged_change,
        take: take_chunk,
    },
    Target {
        name: "admit",
        make: unsound_change,
        take: take_admit,
    },
    Target {
        name: "unpack",
        make: |dice| damaged("pack", dice),
        take: take_unpack,
    },
    Target {
        name: "frames",
        make: damaged_frames,
        take: take_frames,
    },
    Target {
        name: "envelope",
        make: damaged_envelope,
        take: take_envelope,
    },
    Target {
        name: "updates",
        make: damaged_updates,
        take: take_updates,
    },
    Target {
        name: "record",
        make: |dice| damaged("record", dice),
        take: take_record,
    },
    Target {
        name: "form",
        make: damaged_form,
        take: take_form,
    },
    Target {
        name: "expression",
        make: damaged_expression,
        take: take_expression,
    },
];

fn take_chunk(bytes: &[u8]) -> Result<(), String> {
    if let Ok((hash, parts)) = chunk::open(bytes) {
        let rebuilt = parts.rebuild();
        let same = rebuilt != bytes || chunk::open(&rebuilt).is_ok_and(|(again, _)| again == hash);
        return if same {
            Ok(())
        } else {
            Err("the same bytes have another hash".to_owned())
        };
    }
    Ok(())
}

struct Nowhere;

impl Territory for Nowhere {
    fn knows(&self, _: UnitId) -> bool {
        false
    }
    fn covers(&self, _: UnitId, _: UnitId) -> bool {
        false
    }
}

impl Forms for Nowhere {
    fn rules(&self, _: &str, _: u32) -> Option<&dyn FormRules> {
        None
    }
}

/// On every state of the golden record: refused, or taken and then still a sound document.
fn take_admit(bytes: &[u8]) -> Result<(), String> {
    let Ok((hash, _)) = chunk::open(bytes) else {
        return Ok(());
    };
    let directory = Directory::default();
    let rules = Rules {
        directory: &directory,
        territory: &Nowhere,
        forms: &Nowhere,
    };
    let mut kept = Kept::empty(record_id(1));
    for ancestor in changes() {
        let mut trial = kept.clone();
        let candidate = Candidate {
            hash,
            bytes: bytes.to_vec(),
            trust: Trust::Vouched,
        };
        trial.receive(vec![candidate], &rules);
        sound(&mut trial.record)?;
        kept.record.apply(&ancestor).map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn sound(record: &mut Record) -> Result<(), String> {
    let loaded = Record::load(record.id(), &record.save()).map_err(|error| error.to_string())?;
    let same = loaded.answers() == record.answers()
        && loaded.conflicts() == record.conflicts()
        && loaded.history() == record.history();
    if !same {
        return Err("the saved record reads differently".to_owned());
    }
    let edit = ("after".to_owned(), Edit::Put(schemas::value::Scalar::Int(1)));
    let actor = sync_core::id::Actor([5; 16]);
    record
        .edit(actor, 0, &[edit])
        .map(drop)
        .map_err(|error| error.to_string())
}

fn take_unpack(bytes: &[u8]) -> Result<(), String> {
    let items = unpack(bytes, 1000).unwrap_or_default();
    let wrong = items
        .iter()
        .any(|item| !chunk::open(&item.bytes).is_ok_and(|(hash, _)| hash == item.hash));
    if wrong {
        Err("a change under a hash that is not its own".to_owned())
    } else {
        Ok(())
    }
}

fn take_frames(bytes: &[u8]) -> Result<(), String> {
    let mut reader = FrameReader::default();
    for piece in bytes.chunks(7) {
        reader.push(piece);
        loop {
            match reader.next() {
                Ok(Some(Frame::Envelope(envelope))) => drop(envelope.open(PROJECT, Some(&cert(1)))),
                Ok(Some(Frame::Updates(updates))) => drop(updates.open(PROJECT, &public_key(100))),
                Ok(Some(Frame::Certs(certs))) => {
                    certs
                        .iter()
                        .for_each(|cert| drop(cert.open(PROJECT, &public_key(100))));
                }
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(_) => return Ok(()),
            }
        }
    }
    Ok(())
}

fn take_envelope(bytes: &[u8]) -> Result<(), String> {
    let Ok(envelope) = minicbor::decode::<Envelope>(bytes) else {
        return Ok(());
    };
    let Ok(opened) = envelope.open(PROJECT, Some(&cert(1))) else {
        return Ok(());
    };
    let Some(Frame::Envelope(golden)) = first_frame(&golden("envelope")) else {
        return Ok(());
    };
    let signed = golden
        .open(PROJECT, Some(&cert(1)))
        .map_err(|error| error.to_string())?;
    if opened == signed {
        Ok(())
    } else {
        Err("other changes under the same signature".to_owned())
    }
}

fn take_updates(body: &[u8]) -> Result<(), String> {
    let signature = Signature(key(100).sign(&[b"soban updates 1\n", body].concat()).to_bytes());
    let updates = Updates {
        body: body.to_vec(),
        signature,
        cursor: Vec::new(),
    };
    let Ok(batch) = updates.open(PROJECT, &public_key(100)) else {
        return Ok(());
    };
    for whole in batch.documents {
        take_record(&whole.document)?;
    }
    Ok(())
}

fn take_record(document: &[u8]) -> Result<(), String> {
    let Ok(record) = Record::load(record_id(1), document) else {
        return Ok(());
    };
    drop((
        record.answers(),
        record.conflicts(),
        record.history(),
        record.save(),
    ));
    Ok(())
}

fn take_form(bytes: &[u8]) -> Result<(), String> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Ok(());
    };
    drop(schemas::parse::parse(text));
    Ok(())
}

fn take_expression(bytes: &[u8]) -> Result<(), String> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Ok(());
    };
    drop(schemas::expr::Expr::parse(text));
    Ok(())
}
