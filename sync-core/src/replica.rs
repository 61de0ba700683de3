//! What one replica keeps of one record, and the three things that happen to it.
//!
//! In: what is kept, and what came (changes, or word of a refusal). Out: what is to be kept
//! instead, and what to tell. Server and device use the same functions; they differ in where the
//! result is stored and whose word counts. Each function is pure: the caller writes the result in
//! one transaction or not at all.

use std::collections::{BTreeMap, BTreeSet};

use crate::admit::{Admission, Candidate, Rules, Trust, Verdict, admit};
use crate::chunk;
use crate::id::{Actor, ActorTag, ChangeHash, RecordId};
use crate::policy::ParkReason;
use crate::record::{KIND, Past, Record, RecordError, Rewrite, written};

/// Why a change lies beside the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// An ancestor has not arrived, or lies aside itself.
    Waiting,
    /// It may not be merged.
    Parked(ParkReason),
}

/// A change kept whole beside the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aside {
    /// The raw change.
    pub bytes: Vec<u8>,
    /// Why it is believed.
    pub trust: Trust,
    /// Why it lies aside.
    pub because: Because,
}

/// Everything a replica keeps of one record.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The merged document.
    pub record: Record,
    /// Changes that are not part of it.
    pub aside: BTreeMap<ChangeHash, Aside>,
}

/// What happened to each change a call touched.
pub type Verdicts = Vec<(ChangeHash, Verdict)>;

impl Kept {
    /// A record nobody has written yet.
    #[must_use]
    pub fn empty(id: RecordId) -> Self {
        Self {
            record: Record::empty(id),
            aside: BTreeMap::new(),
        }
    }

    /// Takes in changes. Whatever waited and is ready now is applied too; a change that lies parked
    /// stays so unless an officer let it through or the server vouches for it now.
    ///
    /// The verdicts name every change whose place differs from before, and every arrival.
    pub fn receive(&mut self, arrivals: Vec<Candidate>, rules: &Rules<'_>) -> Verdicts {
        let mut told = Vec::new();
        let mut candidates: BTreeMap<ChangeHash, Candidate> = BTreeMap::new();
        let mut order = Vec::new();
        for mut arrival in arrivals {
            let hash = arrival.hash;
            if let Some(aside) = self.aside.get(&hash) {
                arrival.trust = stronger(aside.trust, arrival.trust);
                if let (Because::Parked(reason), Trust::Signed(_)) = (aside.because, arrival.trust) {
                    told.push((hash, Verdict::Parked(reason)));
                    continue;
                }
            }
            match candidates.get_mut(&hash) {
                Some(known) => known.trust = stronger(known.trust, arrival.trust),
                None => {
                    order.push(hash);
                    candidates.insert(hash, arrival);
                }
            }
        }
        let fresh: BTreeSet<_> = order.iter().copied().collect();
        for candidate in self.waiting() {
            if !fresh.contains(&candidate.hash) {
                order.push(candidate.hash);
                candidates.insert(candidate.hash, candidate);
            }
        }
        let ordered = order
            .iter()
            .filter_map(|hash| candidates.get(hash).cloned())
            .collect();
        let admission = admit(&mut self.record, ordered, rules);
        told.extend(self.settle(admission, &candidates, &fresh));
        told
    }

    fn waiting(&self) -> Vec<Candidate> {
        self.aside
            .iter()
            .filter(|(_, aside)| aside.because == Because::Waiting)
            .map(|(hash, aside)| Candidate {
                hash: *hash,
                bytes: aside.bytes.clone(),
                trust: aside.trust,
            })
            .collect()
    }

    fn settle(
        &mut self,
        admission: Admission,
        by_hash: &BTreeMap<ChangeHash, Candidate>,
        fresh: &BTreeSet<ChangeHash>,
    ) -> Verdicts {
        let past = Past::of(&self.record);
        let replaced = |hash: &ChangeHash, bytes: &[u8]| {
            chunk::open(bytes).is_ok_and(|(_, parts)| past.replaced(hash, parts.actor))
        };
        let mut told = Vec::new();
        for (hash, verdict) in admission.verdicts {
            let Some(candidate) = by_hash.get(&hash) else {
                continue;
            };
            // If its author wrote it again, that stands for it, unless the server merged both.
            let moot = matches!(verdict, Verdict::Waiting | Verdict::Parked(_))
                && candidate.trust != Trust::Vouched
                && replaced(&hash, &candidate.bytes);
            let verdict = if moot { Verdict::Superseded } else { verdict };
            let because = match verdict {
                Verdict::Applied | Verdict::Known | Verdict::Superseded => None,
                Verdict::Waiting => Some(Because::Waiting),
                Verdict::Parked(reason) => Some(Because::Parked(reason)),
            };
            let before = self.aside.remove(&hash).map(|aside| aside.because);
            if let Some(because) = because {
                let aside = Aside {
                    bytes: candidate.bytes.clone(),
                    trust: candidate.trust,
                    because,
                };
                self.aside.insert(hash, aside);
            }
            if fresh.contains(&hash) || before != because {
                told.push((hash, verdict));
            }
        }
        for hash in admission.superseded {
            let moot = |aside: &Aside| aside.trust != Trust::Vouched && replaced(&hash, &aside.bytes);
            if self.aside.get(&hash).is_some_and(moot) {
                self.aside.remove(&hash);
                told.push((hash, Verdict::Superseded));
            }
        }
        told
    }

    /// Learns that `parked` may not be merged: takes them, and all that was written on top of them,
    /// out of the record; the author's own work on top is written again as `fresh`.
    ///
    /// A change that is parked only because its number was used before (`ActorReused`) is itself
    /// written again. While a record has no first change left to say what it is, work on top stays
    /// waiting: it has nothing to be written on. `believed` says why a change that is taken out was
    /// believed, since the document does not. Returns what was rewritten, in order.
    ///
    /// # Errors
    /// When the stored document is damaged.
    pub fn set_aside(
        &mut self,
        parked: &BTreeMap<ChangeHash, ParkReason>,
        own: ActorTag,
        fresh: Actor,
        believed: impl Fn(&ChangeHash, Option<ActorTag>) -> Trust,
    ) -> Result<Vec<Rewrite>, RecordError> {
        for (hash, reason) in parked {
            if let Some(aside) = self.aside.get_mut(hash) {
                aside.because = Because::Parked(*reason);
            }
        }
        let applied: BTreeSet<_> = parked
            .keys()
            .filter(|hash| self.record.has(hash))
            .copied()
            .collect();
        if applied.is_empty() {
            return Ok(Vec::new());
        }
        let (rest, removed) = self.record.without(&applied)?;
        let mut kept = Self {
            record: rest,
            aside: self.aside.clone(),
        };
        let rewrites = kept.write_again(removed, parked, own, fresh, believed)?;
        *self = kept;
        Ok(rewrites)
    }

    fn write_again(
        &mut self,
        removed: Vec<(ChangeHash, Vec<u8>)>,
        parked: &BTreeMap<ChangeHash, ParkReason>,
        own: ActorTag,
        fresh: Actor,
        believed: impl Fn(&ChangeHash, Option<ActorTag>) -> Trust,
    ) -> Result<Vec<Rewrite>, RecordError> {
        let past = Past::of(&self.record);
        let mut under: BTreeMap<ChangeHash, BTreeSet<ChangeHash>> = BTreeMap::new();
        let mut rewrites = Vec::new();
        for (hash, bytes) in removed {
            self.aside.remove(&hash);
            let Ok((_, parts)) = chunk::open(&bytes) else {
                continue;
            };
            if past.replaced(&hash, parts.actor) {
                continue;
            }
            let mut over: BTreeSet<_> = parts
                .deps
                .iter()
                .filter_map(|dep| under.get(dep))
                .flatten()
                .copied()
                .collect();
            let reason = parked.get(&hash).copied();
            let author = Actor::from_slice(parts.actor).map(|actor| actor.tag());
            let mine = author == Some(own);
            let trust = believed(&hash, author);
            let again = mine && reason.is_none_or(|reason| reason == ParkReason::ActorReused);
            if again && self.stands_with(&bytes) {
                let rewrite = self.record.write_again(fresh, hash, &bytes, &over)?;
                if rewrite.written.is_some() {
                    rewrites.push(rewrite);
                    under.insert(hash, over);
                    continue;
                }
            }
            over.insert(hash);
            under.insert(hash, over);
            let because = reason.map_or(Because::Waiting, Because::Parked);
            self.aside.insert(
                hash,
                Aside {
                    bytes,
                    trust,
                    because,
                },
            );
        }
        Ok(rewrites)
    }

    /// True if the record says what it is, or would with this change.
    fn stands_with(&self, bytes: &[u8]) -> bool {
        let says = || written(bytes).is_ok_and(|writes| writes.iter().any(|(path, _)| path == KIND));
        self.record.get(KIND).is_some() || says()
    }

    /// Learns that a parked change was let through after all. Rights are not asked again; who wrote
    /// it and whether it is sound still are.
    pub fn clear(&mut self, hash: ChangeHash, rules: &Rules<'_>) -> Verdicts {
        let Some(aside) = self.aside.get(&hash) else {
            return Vec::new();
        };
        let trust = match aside.trust {
            Trust::Signed(signer) | Trust::Cleared(signer) => Trust::Cleared(signer),
            Trust::Vouched => Trust::Vouched,
        };
        self.receive(
            vec![Candidate {
                hash,
                bytes: aside.bytes.clone(),
                trust,
            }],
            rules,
        )
    }
}

/// The trust that asks less.
fn stronger(one: Trust, other: Trust) -> Trust {
    let rank = |trust| match trust {
        Trust::Signed(_) => 0,
        Trust::Cleared(_) => 1,
        Trust::Vouched => 2,
    };
    if rank(other) > rank(one) { other } else { one }
}
