//! Liveness: the network heals, nothing more goes wrong, and everything comes together.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use server::publish::feeds;
use server::store::record::{ArchiveStore as _, FeedScope, LogStore as _, LoggedFull, State};
use server::store::{DeviceStore as _, UserStore as _};
use sync_core::chunk;
use sync_core::id::{Actor, ChangeHash, RecordId, actor_tag};
use sync_core::phone::ChangeState;
use sync_core::record::Record;

use super::Summary;
use super::cast::Handset;
use super::check::merged;
use super::play::{Sim, short};

/// Rounds of syncs of everybody within which nothing may move any more.
const ROUNDS_MAX: u32 = 12;

impl Sim {
    /// Heals the network, lets everybody sync until nothing moves, and looks whether all is well.
    ///
    /// # Errors
    /// What is not.
    pub fn come_together(&mut self) -> Result<(), String> {
        self.net.heal();
        self.note("the network heals");
        let mut before = self.digest()?;
        for round in 0.. {
            for at in 0..self.phones.len() {
                self.truth.pass(1);
                self.sync(at)?;
                self.safe()?;
            }
            let after = self.digest()?;
            if after == before {
                break;
            }
            if round == ROUNDS_MAX {
                return Err(format!(
                    "something still moves after {ROUNDS_MAX} rounds of syncs"
                ));
            }
            before = after;
        }
        self.register_is_sound()?;
        self.nothing_is_lost()?;
        self.nothing_waits_in_vain()?;
        for at in 0..self.phones.len() {
            self.nothing_is_pending(at)?;
            self.replica_is_true(at)?;
            self.parked_is_known(at)?;
            self.idle_is_quiet(at)?;
        }
        Ok(())
    }

    fn log(&self) -> Result<BTreeMap<RecordId, Vec<LoggedFull>>, String> {
        let store = &self.office.app().store;
        let failed = |error| format!("{error:?}");
        let ids = store.logged_records(None, usize::MAX >> 1).map_err(failed)?;
        ids.into_iter()
            .map(|id| Ok((id, store.log_of(id).map_err(failed)?)))
            .collect()
    }

    /// What was acknowledged is in the log, or what its author wrote again in its place is.
    fn nothing_is_lost(&self) -> Result<(), String> {
        let log = self.log()?;
        let replaced: BTreeSet<(RecordId, ChangeHash)> = log
            .iter()
            .flat_map(|(id, log)| log.iter().flat_map(replaced_by).map(|hash| (*id, hash)))
            .collect();
        for ((id, hash), holder) in &self.acknowledged {
            let logged = self.office.app().store.has_change(*id, *hash).unwrap_or(false);
            if !logged && !replaced.contains(&(*id, *hash)) {
                let name = &self.phones[*holder].name;
                return Err(format!(
                    "{hash:?} of {} was acknowledged to {name} and is lost",
                    short(*id)
                ));
            }
        }
        Ok(())
    }

    /// What waits lacks an ancestor that is not merged: on the server and on every phone.
    fn nothing_waits_in_vain(&self) -> Result<(), String> {
        for (id, log) in self.log()? {
            let applied: BTreeSet<_> = log
                .iter()
                .filter(|one| one.state == State::Applied)
                .map(|one| one.hash)
                .collect();
            for one in log.iter().filter(|one| one.state == State::Waiting) {
                let deps = chunk::open(&one.bytes)
                    .map(|(_, parts)| parts.deps)
                    .unwrap_or_default();
                if deps.iter().all(|dep| applied.contains(dep)) {
                    return Err(format!(
                        "{:?} of {} waits at the server for nothing",
                        one.hash,
                        short(id)
                    ));
                }
                let elsewhere = deps
                    .iter()
                    .filter(|dep| !log.iter().any(|known| known.hash == **dep));
                for dep in elsewhere {
                    if let Some(holder) = self.holder_of(id, dep)? {
                        return Err(format!(
                            "{:?} of {} waits for {dep:?}, which {holder} has",
                            one.hash,
                            short(id)
                        ));
                    }
                }
            }
        }
        Ok(())
    }

    fn holder_of(&self, id: RecordId, hash: &ChangeHash) -> Result<Option<&str>, String> {
        for handset in &self.phones {
            if merged(handset, id)?.is_some_and(|record| record.has(hash)) {
                return Ok(Some(&handset.name));
            }
        }
        Ok(None)
    }

    fn nothing_is_pending(&self, at: usize) -> Result<(), String> {
        let handset = &self.phones[at];
        let store = handset.phone().store();
        let open = store.open_envelopes().map_err(|error| format!("{error:?}"))?;
        if !open.is_empty() {
            return Err(format!(
                "{} still has {} envelopes without an answer",
                handset.name,
                open.len()
            ));
        }
        for id in handset.records() {
            for row in store.changes_of(id).map_err(|error| format!("{error:?}"))? {
                if row.own && row.state.is_unsent() {
                    return Err(format!(
                        "{} still has {:?} of {} {}",
                        handset.name,
                        row.hash,
                        short(id),
                        row.state.name()
                    ));
                }
            }
        }
        Ok(())
    }

    /// A phone that may read shows what the server shows of every record in its scope, the same
    /// values, disagreements and changes, and holds nothing beyond it.
    fn replica_is_true(&self, at: usize) -> Result<(), String> {
        let handset = &self.phones[at];
        let Some(scopes) = self.scopes(handset)? else {
            return Ok(());
        };
        let store = &self.office.app().store;
        let failed = |error| format!("{error:?}");
        let mut ids: BTreeSet<_> = store
            .logged_records(None, usize::MAX >> 1)
            .map_err(failed)?
            .into_iter()
            .collect();
        ids.extend(handset.records());
        for id in ids {
            let mine = merged(handset, id)?;
            let view = store.view(id).map_err(failed)?;
            let in_scope = scopes
                .iter()
                .any(|scope| store.in_feed(scope, id).unwrap_or(false));
            let theirs = view.and_then(|view| Record::load(id, &view.document).ok());
            match (in_scope, mine, theirs) {
                (true, Some(mine), Some(theirs)) => same(&mine, &theirs)
                    .map_err(|what| format!("{} shows {} otherwise: {what}", handset.name, short(id)))?,
                (true, None, Some(_)) => return Err(format!("{} lacks {}", handset.name, short(id))),
                (false, Some(_), _) => return Err(format!("{} still holds {}", handset.name, short(id))),
                _ => {}
            }
        }
        Ok(())
    }

    /// What a phone may read; none if it was turned off.
    fn scopes(&self, handset: &Handset) -> Result<Option<Vec<FeedScope>>, String> {
        let app = self.office.app();
        let device = app
            .store
            .device(handset.device)
            .map_err(|error| format!("{error:?}"))?;
        let user = app
            .store
            .user(handset.user)
            .map_err(|error| format!("{error:?}"))?
            .ok_or("a person is gone")?;
        if device.is_none_or(|device| device.revoked_at.is_some()) || user.disabled_at.is_some() {
            return Ok(None);
        }
        let units = app.units().map_err(|error| format!("{error:?}"))?;
        let shared = app.shared_kinds().map_err(|error| format!("{error:?}"))?;
        let feeds = feeds(user.role, &user.units, &units, &shared);
        Ok(Some(feeds.into_iter().map(|feed| feed.scope).collect()))
    }

    /// An author knows of every parked change of theirs, with its reason. A phone that was copied or
    /// set back cannot know what it did not live through.
    fn parked_is_known(&self, at: usize) -> Result<(), String> {
        let handset = &self.phones[at];
        if handset.copied {
            return Ok(());
        }
        for (id, log) in self.log()? {
            for one in log {
                let State::Parked(reason) = one.state else {
                    continue;
                };
                let actor = chunk::open(&one.bytes)
                    .ok()
                    .and_then(|(_, parts)| Actor::from_slice(parts.actor));
                if actor.is_none_or(|actor| actor.tag() != actor_tag(handset.device)) {
                    continue;
                }
                let rows = handset
                    .phone()
                    .store()
                    .changes_of(id)
                    .map_err(|error| format!("{error:?}"))?;
                let known = rows.iter().find(|row| row.hash == one.hash).map(|row| row.state);
                if !matches!(known, Some(ChangeState::Superseded))
                    && known != Some(ChangeState::Parked(reason))
                {
                    return Err(format!(
                        "{}'s {:?} of {} is parked ({}), and their phone says {known:?}",
                        handset.name,
                        one.hash,
                        short(id),
                        reason.code()
                    ));
                }
            }
        }
        Ok(())
    }

    /// With nothing new, a sync is one round trip that moves nothing.
    fn idle_is_quiet(&mut self, at: usize) -> Result<(), String> {
        let told = self.sync(at)?.ok_or("an idle sync failed")?;
        let quiet = told["sent"] == 0 && told["received"] == 0 && told["round_trips"] == 1;
        if quiet {
            Ok(())
        } else {
            Err(format!(
                "{}'s idle sync moved something: {told}",
                self.phones[at].name
            ))
        }
    }

    /// A number that differs when anything on any replica differs.
    fn digest(&self) -> Result<u64, String> {
        let mut hasher = DefaultHasher::new();
        for (id, log) in self.log()? {
            for one in log {
                (id, one.hash, format!("{:?}", one.state), one.seq).hash(&mut hasher);
            }
        }
        for handset in &self.phones {
            for id in handset.records() {
                let heads = merged(handset, id)?.map(|record| record.heads());
                (id, heads).hash(&mut hasher);
                for row in handset
                    .phone()
                    .store()
                    .changes_of(id)
                    .map_err(|error| format!("{error:?}"))?
                {
                    (row.hash, row.own, row.counter, format!("{:?}", row.state)).hash(&mut hasher);
                }
            }
        }
        Ok(hasher.finish())
    }

    /// What this simulation had in it.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let log = self.log().unwrap_or_default();
        let store = &self.office.app().store;
        let conflicts = |id: &RecordId| {
            let view = store.view(*id).ok().flatten();
            let record = view.and_then(|view| Record::load(*id, &view.document).ok());
            record.map_or(0, |record| record.conflicts().len())
        };
        Summary {
            phones: self.phones.len(),
            records: log.len(),
            changes: log.values().map(Vec::len).sum::<usize>() as u64,
            parked: log
                .values()
                .flatten()
                .filter(|one| matches!(one.state, State::Parked(_)))
                .count(),
            conflicts: log.keys().map(conflicts).sum(),
            digest: self.digest().unwrap_or_default(),
        }
    }
}

/// The changes that a logged one was written in place of.
fn replaced_by(one: &LoggedFull) -> Vec<ChangeHash> {
    chunk::open(&one.bytes).map_or_else(
        |_| Vec::new(),
        |(_, parts)| sync_core::record::replaced_by(parts.message),
    )
}

/// Two replicas of one record show the same.
fn same(mine: &Record, theirs: &Record) -> Result<(), String> {
    let differing =
        |mine: &dyn std::fmt::Debug, theirs: &dyn std::fmt::Debug| Err(format!("{mine:?} is not {theirs:?}"));
    if mine.answers() != theirs.answers() {
        return differing(&mine.answers(), &theirs.answers());
    }
    if mine.conflicts() != theirs.conflicts() {
        return differing(&mine.conflicts(), &theirs.conflicts());
    }
    if mine.heads() != theirs.heads() {
        return differing(&mine.heads(), &theirs.heads());
    }
    Ok(())
}
