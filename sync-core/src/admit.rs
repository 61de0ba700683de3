//! (5) What becomes of each change: applied, waiting, parked or superseded. The same rules everywhere.
//!
//! In: a record as it stands, the changes it waits for or set aside, and what just arrived. Out:
//! the record with everything applied that may be, and a verdict for each change. Arrival order
//! does not matter to the values: a change is judged when its ancestors are here, and not before.
//! It knows nothing of stores, envelopes or sockets.

use std::collections::BTreeSet;

use crate::cert::{DeviceCert, Directory};
use crate::chunk::{self, ChangeParts, ChunkError};
use crate::id::{Actor, ChangeHash, DeviceId, UnitId, actor_tag};
use crate::policy::{Closed, ParkReason, Territory, Touch, may_merge};
use crate::record::{
    FORM, KIND, OrderError, Past, REVIEW_STATE, Record, ShapeError, Written, is_closed, replaced_by,
};
use schemas::path::{PathClass, path_class};
use schemas::value::Scalar;

/// What a form says that matters to admission. `schemas::catalog` answers it.
pub trait Forms {
    /// The rules of `kind` at `version`; `None` if this replica does not have them.
    fn rules(&self, kind: &str, version: u32) -> Option<&dyn FormRules>;
}

/// The part of a form that rights depend on.
pub trait FormRules {
    /// The path of the field that says which unit the record belongs to.
    fn unit_field(&self) -> &str;
    /// Everybody in the commune of that unit shares the record.
    fn shared_in_commune(&self) -> bool;
    /// True if only a reviewing officer writes `path`.
    fn writer_is_reviewer(&self, path: &str) -> bool;
}

/// What admission needs to know beside the record.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// Who the devices are.
    pub directory: &'a Directory,
    /// Which unit lies under which.
    pub territory: &'a dyn Territory,
    /// The forms.
    pub forms: &'a dyn Forms,
}

/// A change to be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its hash.
    pub hash: ChangeHash,
    /// Its raw bytes, already through `chunk::open`.
    pub bytes: Vec<u8>,
    /// Why it is believed.
    pub trust: Trust,
}

/// Why a change is believed, and how much is still asked of it. Soundness is always asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// It came in an envelope this device signed: it must be that device's, and within its rights.
    Signed(DeviceId),
    /// The same, but an officer let it through: rights are not asked again.
    Cleared(DeviceId),
    /// The server merged it and says so with its own signature.
    Vouched,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Part of the record now.
    Applied,
    /// It was already part of the record.
    Known,
    /// Kept until its ancestors arrive.
    Waiting,
    /// Kept whole, not merged.
    Parked(ParkReason),
    /// Its author wrote it again on other ground; this one is never applied.
    Superseded,
}

/// The outcome for one record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Admission {
    /// Every candidate with its verdict; applied ones in the order they were applied.
    pub verdicts: Vec<(ChangeHash, Verdict)>,
    /// Changes named as replaced by something applied now. They are superseded if they are the same
    /// device's (`Past::replaced`).
    pub superseded: BTreeSet<ChangeHash>,
}

/// Judges and applies `candidates` (what arrived and what was waiting) to `record`.
pub fn admit(record: &mut Record, candidates: Vec<Candidate>, rules: &Rules<'_>) -> Admission {
    let mut admission = Admission::default();
    let mut seen = BTreeSet::new();
    let mut opened = Vec::new();
    for candidate in &candidates {
        if !seen.insert(candidate.hash) {
            continue;
        }
        match chunk::open(&candidate.bytes) {
            Ok((hash, parts)) if hash == candidate.hash => opened.push(Opened { candidate, parts }),
            Err(ChunkError::TooLarge) => admission.park(candidate, ParkReason::TooLarge),
            Ok(_) | Err(ChunkError::Malformed | ChunkError::BadChecksum) => {
                admission.park(candidate, ParkReason::NotARecord);
            }
        }
    }
    // What another of them replaces comes last, so that the order of arrival decides nothing here.
    let replaced: BTreeSet<_> = opened
        .iter()
        .flat_map(|opened| replaced_by(opened.parts.message))
        .collect();
    opened.sort_by_key(|opened| replaced.contains(&opened.candidate.hash));
    let mut judge = Judge {
        past: Past::of(record),
        record,
        rules,
    };
    loop {
        let before = opened.len();
        opened.retain(|opened| match judge.verdict(opened) {
            Some(verdict) => {
                if verdict == Verdict::Applied {
                    admission.superseded.extend(replaced_by(opened.parts.message));
                }
                admission.verdicts.push((opened.candidate.hash, verdict));
                false
            }
            None => true,
        });
        if opened.len() == before || opened.is_empty() {
            break;
        }
    }
    admission.verdicts.extend(
        opened
            .iter()
            .map(|opened| (opened.candidate.hash, Verdict::Waiting)),
    );
    admission
}

impl Admission {
    fn park(&mut self, candidate: &Candidate, reason: ParkReason) {
        self.verdicts.push((candidate.hash, Verdict::Parked(reason)));
    }
}

struct Opened<'a> {
    candidate: &'a Candidate,
    parts: ChangeParts<'a>,
}

struct Judge<'a> {
    past: Past,
    record: &'a mut Record,
    rules: &'a Rules<'a>,
}

impl Judge<'_> {
    /// The verdict on one candidate, or `None` while an ancestor is missing.
    fn verdict(&mut self, opened: &Opened<'_>) -> Option<Verdict> {
        let Opened { candidate, parts } = opened;
        if self.past.has(&candidate.hash) {
            return Some(Verdict::Known);
        }
        // What the server merged is merged, even if its author replaced it before knowing that.
        if self.past.replaced(&candidate.hash, parts.actor) && candidate.trust != Trust::Vouched {
            return Some(Verdict::Superseded);
        }
        if !parts.deps.iter().all(|dep| self.past.has(dep)) {
            return None;
        }
        let applied = self.judge(candidate, parts).and_then(|writes| {
            self.record
                .apply_sound(&candidate.bytes)
                .map_err(|_| ParkReason::NotARecord)?;
            self.past.add(candidate.hash, parts, writes.len());
            Ok(())
        });
        Some(applied.map_or_else(Verdict::Parked, |()| Verdict::Applied))
    }

    /// The fields the change writes, if it may be applied.
    fn judge(&self, candidate: &Candidate, parts: &ChangeParts<'_>) -> Result<Vec<Written>, ParkReason> {
        // Nobody writes as someone else, not even with an officer's leave.
        if let Trust::Signed(signer) | Trust::Cleared(signer) = candidate.trust
            && Actor::from_slice(parts.actor).map(|actor| actor.tag()) != Some(actor_tag(signer))
        {
            return Err(ParkReason::ForeignActor);
        }
        self.past.follows(parts).map_err(|error| match error {
            OrderError::NumberReused => ParkReason::ActorReused,
            OrderError::OutOfOrder => ParkReason::NotARecord,
        })?;
        let writes = self.record.check(parts).map_err(|error| match error {
            ShapeError::NotARecord => ParkReason::NotARecord,
            ShapeError::TooLarge => ParkReason::TooLarge,
        })?;
        if let Trust::Signed(signer) = candidate.trust {
            let author = self
                .rules
                .directory
                .device(signer)
                .ok_or(ParkReason::ForeignActor)?;
            self.rights(author, parts, &writes)?;
        }
        Ok(writes)
    }

    /// Rights are asked of what the author saw, so that the answer does not depend on what arrived
    /// first. Only who the record belongs to (its kind and unit) is protected as it stands now as
    /// well: otherwise anybody could draw any record to themselves with a change that saw nothing. And
    /// a record that is closed now takes no answers from those who had not heard of it.
    fn rights(
        &self,
        author: &DeviceCert,
        parts: &ChangeParts<'_>,
        writes: &[Written],
    ) -> Result<(), ParkReason> {
        let seen = |path: &str| self.record.get_at(path, &parts.deps);
        let wrote = |path: &str| writes.iter().rev().find(|(written, _)| written == path);
        let after = |path: &str| wrote(path).map_or_else(|| seen(path), |(_, value)| value.clone());
        let now = |path: &str| wrote(path).and_then(|_| self.record.get(path));

        let kind = after(KIND);
        if [seen(KIND), now(KIND)]
            .iter()
            .any(|before| before.is_some() && *before != kind)
        {
            return Err(ParkReason::KindChanged);
        }
        let (Some(Scalar::Text(kind)), Some(Scalar::Int(version))) = (kind, after(FORM)) else {
            return Err(ParkReason::FormUnknown);
        };
        let version = u32::try_from(version).map_err(|_| ParkReason::FormUnknown)?;
        let form = self
            .rules
            .forms
            .rules(&kind, version)
            .ok_or(ParkReason::FormUnknown)?;
        let field = form.unit_field();
        for before in [seen(field), now(field)] {
            let touch = Touch {
                kind: &kind,
                shared: form.shared_in_commune(),
                unit_before: before.and_then(unit),
                unit_after: after(field).and_then(unit),
                reviewer_field: writes.iter().any(|(path, _)| form.writer_is_reviewer(path)),
                closed: self.closed(parts, writes),
            };
            may_merge(author, &touch, self.rules.territory)?;
        }
        Ok(())
    }
}

impl Judge<'_> {
    fn closed(&self, parts: &ChangeParts<'_>, writes: &[Written]) -> Closed {
        let answers = |(path, _): &Written| path_class(path) == PathClass::Field;
        if !is_closed(self.record.get(REVIEW_STATE).as_ref()) || !writes.iter().any(answers) {
            Closed::No
        } else if is_closed(self.record.get_at(REVIEW_STATE, &parts.deps).as_ref()) {
            Closed::Knowingly
        } else {
            Closed::Unaware
        }
    }
}

fn unit(value: Scalar) -> Option<UnitId> {
    value.as_text()?.parse().ok()
}
