//! Whose phone this is and where: certificates, units, and what follows when its territory changes.

use std::collections::BTreeMap;

use schemas::unit::UnitTree;

use super::super::desk::{Commit, Desk, Loaded};
use super::super::rows::RowError;
use super::super::state::{Me, Progress};
use super::Told;
use super::updates::concerns;
use crate::cert::{DeviceCert, SignedCert};
use crate::compress::decompress;
use crate::frame::Reference;
use crate::id::RecordId;
use crate::policy::Territory;

/// The name of the reference data that holds the units.
const UNITS: &str = "units";

pub(super) fn learn(me: &Me<'_>, desk: &mut Desk, told: &mut Told, certs: Vec<(DeviceCert, SignedCert)>) {
    let mut newest: BTreeMap<_, (DeviceCert, SignedCert)> = BTreeMap::new();
    for (cert, signed) in certs {
        let known = me.rules.directory.device(cert.device).map(|known| known.serial);
        let best = newest.get(&cert.device).map(|(newer, _)| newer.serial).max(known);
        if best.is_none_or(|best| best < cert.serial) {
            newest.insert(cert.device, (cert, signed));
        }
    }
    let own = newest.get(&me.identity.device).map(|(cert, _)| &cert.units);
    if own.is_some_and(|units| me.cert().is_none_or(|known| known.units != *units)) {
        territory_changed(desk, told);
    }
    desk.commit
        .certs
        .extend(newest.into_iter().map(|(device, (_, signed))| (device, signed)));
}

pub(super) fn refer(me: &Me<'_>, desk: &mut Desk, told: &mut Told, reference: Reference) {
    if reference.name == UNITS && covers_other(me, &reference) {
        territory_changed(desk, told);
    }
    desk.commit.reference.push(reference);
}

/// True if other units lie under this phone's, or over them, than before.
fn covers_other(me: &Me<'_>, reference: &Reference) -> bool {
    let text = decompress(&reference.body).and_then(|bytes| String::from_utf8(bytes).ok());
    let Some(tree) = text.and_then(|text| UnitTree::from_json(&text).ok()) else {
        return false;
    };
    let Some(cert) = me.cert() else { return false };
    let before = me.rules.territory;
    let mut units = tree.iter().filter_map(|unit| unit.id.parse().ok());
    units.any(|unit| {
        cert.units.iter().any(|own| {
            Territory::covers(&tree, *own, unit) != before.covers(*own, unit)
                || Territory::covers(&tree, unit, *own) != before.covers(unit, *own)
        })
    })
}

/// What lies outside now goes, once its work is handed in; what lies inside comes by itself.
fn territory_changed(desk: &mut Desk, told: &mut Told) {
    desk.progress.recheck_after = Some(RecordId(uuid::Uuid::nil()));
    reread_own(&mut desk.progress, told);
}

/// A server does not send a phone its own work, unless the phone says that it has none. One that
/// dropped some with a record that went away says so when that record may come back.
pub(super) fn reread_own(progress: &mut Progress, told: &mut Told) {
    if progress.dropped_own {
        progress.dropped_own = false;
        progress.own_known = 0;
        told.hold_cursor = true;
        told.more = true;
    }
}

/// Looks whether records still belong on this phone, after its territory changed: those loaded, which
/// are the ones after `Progress::recheck_after`, by id. `complete`: there are no more of them.
///
/// # Errors
/// When the phone's own store is damaged.
pub fn recheck(me: &Me<'_>, loaded: Loaded, complete: bool, random: [u8; 8]) -> Result<Commit, RowError> {
    let ids: Vec<RecordId> = loaded.records.keys().copied().collect();
    let mut desk = Desk::open(loaded)?;
    for id in &ids {
        // What was never merged is its author's own work, whatever unit it names.
        let merged = desk.peek(*id).is_some_and(|sheet| !sheet.kept.record.is_empty());
        // Of work that is not handed in the server says whether the record stays: it may take it otherwise.
        if merged && !desk.has_unsent(*id) && !concerns(me, &desk, *id, std::iter::empty()) {
            desk.sheet(*id).gone = true;
        }
    }
    let last = ids.last().copied();
    desk.progress.recheck_after = last.filter(|_| !complete);
    Ok(desk.finish(random))
}
