//! Conflicts as values: what two people wrote to one field without having seen each other.

use automerge::{ROOT, ReadDoc};
use schemas::value::Scalar;

use super::{Record, from_automerge};
use crate::id::{Actor, ChangeHash};

/// One field on which people disagree. Equal values written at the same time are agreement.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The field.
    pub path: String,
    /// The shown value first, then the others by change hash. At least two, all different.
    pub rivals: Vec<Rival>,
}

/// One of the values of a conflict.
#[derive(Debug, Clone, PartialEq)]
pub struct Rival {
    /// What was written.
    pub value: Scalar,
    /// The change that wrote it.
    pub change: ChangeHash,
    /// Who wrote it.
    pub actor: Actor,
    /// When, as the author's clock said: seconds since 1970.
    pub time_s: i64,
}

impl Record {
    /// Every field on which people disagree, in path order; the same list on every replica.
    #[must_use]
    pub fn conflicts(&self) -> Vec<Conflict> {
        let mut found = Vec::new();
        for item in self.doc.map_range(ROOT, ..) {
            if item.conflict
                && let Some(conflict) = self.conflict(&item.key)
            {
                found.push(conflict);
            }
        }
        found
    }

    fn conflict(&self, path: &str) -> Option<Conflict> {
        let (_, shown) = self.doc.get(ROOT, path).ok()??;
        let mut all: Vec<(bool, Rival)> = Vec::new();
        for (value, id) in self.doc.get_all(ROOT, path).ok()? {
            let hash = self.doc.hash_for_opid(&id)?;
            let meta = self.doc.get_change_meta_by_hash(&hash)?;
            let rival = Rival {
                value: from_automerge(&value)?,
                change: ChangeHash(hash.0),
                actor: Actor::from_slice(meta.actor.to_bytes())?,
                time_s: meta.timestamp,
            };
            all.push((id != shown, rival));
        }
        all.sort_by_key(|(hidden, rival)| (*hidden, rival.change));
        let mut rivals: Vec<Rival> = Vec::new();
        for (_, rival) in all {
            if rivals.iter().all(|known| known.value != rival.value) {
                rivals.push(rival);
            }
        }
        (rivals.len() > 1).then(|| Conflict {
            path: path.to_owned(),
            rivals,
        })
    }
}
