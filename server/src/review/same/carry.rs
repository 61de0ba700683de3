//! What phones write into a record that another stands for is carried over to that one.
//!
//! A phone that had not heard of the merge writes into the losing copy. Each such change is written again into the
//! survivor, on the ground that its author could have known there: what the merge left, and what was carried over of the
//! change's own ancestors. So it meets later writing as a disagreement and never overwrites it unseen. The same change
//! is always carried as the same bytes, and so once.

use std::collections::{BTreeMap, BTreeSet};

use schemas::path::{PathClass, path_class};
use schemas::value::Scalar;
use sha2::{Digest as _, Sha256};
use sync_core::id::{Actor as ChangeActor, ChangeHash, RecordId};
use sync_core::pack::Item;
use sync_core::policy::{Role, Territory as _};
use sync_core::record::{Edit, HistoryEntry, MERGED_AT, Record, SAME_AS, Unseen};

use super::combine::{across, moved};
use super::people_of;
use crate::access::console_device;
use crate::app::App;
use crate::audit::{Action, Actor, AuditEntry};
use crate::ingest;
use crate::store::record::{ArchiveStore as _, RecordView};
use crate::store::{StoreError, User, UserStore as _};

/// A chain of merges that is followed no further: a longer one is a ring.
const CHAIN_MAX: usize = 64;
/// People looked through for an officer who may sign.
const PEOPLE_PAGE: usize = 500;

/// Carries over whatever was written into `losers` since they were merged. Blocks.
///
/// # Errors
/// When the store fails; what was not carried is carried the next time.
pub fn carry(app: &App, losers: &[RecordId]) -> Result<(), StoreError> {
    for id in losers {
        carry_one(app, *id)?;
    }
    Ok(())
}

fn carry_one(app: &App, id: RecordId) -> Result<(), StoreError> {
    let Some((loser, _)) = load(app, id)? else {
        return Ok(());
    };
    let Some(target) = loser.same_as() else {
        return Ok(());
    };
    let Some((mut survivor, view)) = load(app, target)? else {
        return Ok(());
    };
    if is_ring(app, id, target)? {
        return Ok(());
    }
    let Some(merge) = merge_of(&loser) else {
        return Ok(());
    };
    let late: Vec<Unseen> = loser.unseen(&merge.change);
    if !late.iter().any(|late| late.writes.iter().any(is_answer)) {
        return Ok(());
    }
    let Some(officer) = signer(app, &merge, &view)? else {
        return Ok(());
    };
    let console = console_device(&app.store, &app.keys, app.clock.now(), &officer);
    let Ok((device, key)) = console else { return Ok(()) };
    let items = again(&loser, &mut survivor, &late, |half| ChangeActor::of(device, half))?;
    if items.is_empty() {
        return Ok(());
    }
    let audit = AuditEntry::new(
        app.clock.now(),
        Actor::Server,
        Action::RecordCarry,
        format!("record:{target}"),
    )
    .with("from", id.to_string())
    .with("changes", items.len());
    ingest::hand_in(app, (device, &key), &items, &[audit]).map(drop)
}

/// Writes what is late in `loser` into `survivor`, and returns the changes that are new there.
fn again(
    loser: &Record,
    survivor: &mut Record,
    late: &[Unseen],
    actor: impl Fn([u8; 8]) -> ChangeActor,
) -> Result<Vec<Item>, StoreError> {
    let damaged = |error: sync_core::record::RecordError| StoreError::Damaged(error.to_string());
    let people = people_of(&loser.answers());
    let left = heads(loser.get(MERGED_AT).as_ref());
    let known: BTreeMap<[u8; 8], ChangeHash> = survivor
        .history()
        .iter()
        .map(|entry| (half(&entry.actor), entry.change))
        .collect();
    // For every late change, where its copy left the survivor.
    let mut grounds: BTreeMap<ChangeHash, Vec<ChangeHash>> = BTreeMap::new();
    let mut items = Vec::new();
    for change in late {
        let mut ground: Vec<ChangeHash> = change
            .deps
            .iter()
            .filter_map(|dep| grounds.get(dep))
            .flatten()
            .copied()
            .collect();
        if ground.is_empty() {
            ground.clone_from(&left);
        }
        let mark = mark(loser.id(), survivor.id(), change.change);
        let edits: Vec<(String, Edit)> = change
            .writes
            .iter()
            .filter(|write| is_answer(write))
            .map(|(path, value)| {
                let edit = value.as_ref().map(|value| Edit::Put(moved(value, &people)));
                (across(path, &people), edit.unwrap_or(Edit::Delete))
            })
            .collect();
        if let Some(copy) = known.get(&mark) {
            ground = vec![*copy];
        } else if !edits.is_empty() {
            let mut then = survivor.as_of(&ground).map_err(damaged)?;
            let written = then.edit(actor(mark), change.time_s, &edits).map_err(damaged)?;
            if let Some((hash, bytes)) = written {
                survivor.apply(&bytes).map_err(damaged)?;
                ground = vec![hash];
                let record = survivor.id();
                items.push(Item { record, hash, bytes });
            }
        }
        grounds.insert(change.change, ground);
    }
    Ok(items)
}

/// The changes of `survivor` that were carried over from `loser`.
pub(super) fn carried(survivor: &Record, loser: &Record) -> BTreeSet<ChangeHash> {
    let history = loser.history();
    let marks: BTreeSet<[u8; 8]> = history
        .iter()
        .map(|entry| mark(loser.id(), survivor.id(), entry.change))
        .collect();
    let ours = survivor.history().into_iter();
    ours.filter(|entry| marks.contains(&half(&entry.actor)))
        .map(|entry| entry.change)
        .collect()
}

/// The change that made another record stand for this one.
pub(super) fn merge_of(loser: &Record) -> Option<HistoryEntry> {
    let says = |entry: &HistoryEntry| {
        entry
            .writes
            .iter()
            .any(|(path, value)| path == SAME_AS && value.is_some())
    };
    loser.history().into_iter().rev().find(says)
}

/// Heads as a record holds them in a field.
pub(super) fn heads(field: Option<&Scalar>) -> Vec<ChangeHash> {
    let text = field.and_then(Scalar::as_text).unwrap_or_default();
    text.split(' ').filter_map(ChangeHash::from_hex).collect()
}

fn is_answer((path, _): &(String, Option<Scalar>)) -> bool {
    path_class(path) == PathClass::Field
}

/// The second half of the actor of a copy: it says what it is a copy of.
fn mark(loser: RecordId, survivor: RecordId, change: ChangeHash) -> [u8; 8] {
    let digest = Sha256::new()
        .chain_update(b"soban carried change 1\n")
        .chain_update(loser.bytes())
        .chain_update(survivor.bytes())
        .chain_update(change.0)
        .finalize();
    let mut half = [0; 8];
    half.copy_from_slice(&digest[..8]);
    half
}

fn half(actor: &ChangeActor) -> [u8; 8] {
    let mut half = [0; 8];
    half.copy_from_slice(&actor.0[8..]);
    half
}

fn load(app: &App, id: RecordId) -> Result<Option<(Record, RecordView)>, StoreError> {
    let Some(view) = app.store.view(id)? else {
        return Ok(None);
    };
    let record = Record::load(id, &view.document).map_err(|error| StoreError::Damaged(error.to_string()))?;
    Ok(Some((record, view)))
}

/// True if `target` stands for nothing but, in the end, for `id` itself.
fn is_ring(app: &App, id: RecordId, target: RecordId) -> Result<bool, StoreError> {
    let mut at = target;
    for _ in 0..CHAIN_MAX {
        match app.store.view(at)?.and_then(|view| view.same_as) {
            None => return Ok(false),
            Some(next) if next == id => return Ok(true),
            Some(next) => at = next,
        }
    }
    Ok(true)
}

/// The officer who merged the two; if they are gone, another in whose scope the survivor lies.
fn signer(app: &App, merge: &HistoryEntry, survivor: &RecordView) -> Result<Option<User>, StoreError> {
    let directory = app.devices.current(&app.store)?;
    let reviews = |user: &User| user.role == Role::DistrictOfficer && user.disabled_at.is_none();
    if let Some(cert) = directory.by_tag(merge.actor.tag())
        && let Some(user) = app.store.user(cert.user)?
        && reviews(&user)
    {
        return Ok(Some(user));
    }
    let units = app.units()?;
    let covers = |user: &User| {
        survivor
            .unit
            .is_some_and(|unit| user.units.iter().any(|own| units.covers(*own, unit)))
    };
    let people = app.store.users("", PEOPLE_PAGE)?;
    Ok(people.into_iter().find(|user| reviews(user) && covers(user)))
}
