//! A program that does not ask before it writes: what a broken or altered app could do with a
//! phone's own key. The server must park what its holder had no right to.

use std::collections::BTreeSet;
use std::path::Path;

use device::store::Store;
use schemas::catalog::Catalog;
use schemas::value::Scalar;
use sync_core::admit::{FormRules, Forms, Rules};
use sync_core::cert::Directory;
use sync_core::id::{RecordId, UnitId};
use sync_core::phone::{Identity, Me, write};
use sync_core::policy::{Role, Territory};
use sync_core::record::Edit;

use super::cast::Handset;

/// Every unit is everywhere.
struct NoBorders;

impl Territory for NoBorders {
    fn knows(&self, _: UnitId) -> bool {
        true
    }

    fn covers(&self, _: UnitId, _: UnitId) -> bool {
        true
    }
}

struct AnyForm;

impl Forms for AnyForm {
    fn rules(&self, kind: &str, version: u32) -> Option<&dyn FormRules> {
        Forms::rules(Catalog::builtin(), kind, version)
    }
}

/// Writes `edits` to a record of `handset` without asking for rights. False if that was not
/// possible: there is no such record, or nothing would change.
///
/// # Panics
/// When the home is not sound.
pub fn force(handset: &mut Handset, record: RecordId, edits: Vec<(String, Scalar)>) -> bool {
    handset.close();
    let done = forced(handset, record, edits);
    handset.crash().expect("the home opens again");
    done
}

fn forced(handset: &Handset, record: RecordId, edits: Vec<(String, Scalar)>) -> bool {
    let now_ms = handset.clock.now().as_millisecond();
    force_at(&handset.home, record, edits, now_ms)
}

/// [`force`] in a home that no program has open, at that moment.
///
/// # Panics
/// When the home is not sound.
#[must_use]
pub fn force_at(home: &Path, record: RecordId, edits: Vec<(String, Scalar)>, now_ms: i64) -> bool {
    let mut store = Store::open(home).expect("the home opens");
    let identity = store
        .meta("identity")
        .expect("the home is sound")
        .expect("the phone is enrolled");
    let identity = Identity::from_bytes(&identity).expect("the home is sound");
    let known = store
        .directory(identity.project, &identity.server_public_key)
        .expect("the home is sound");
    let mut own = known
        .device(identity.device)
        .expect("a phone knows itself")
        .clone();
    own.role = Role::DistrictOfficer;
    own.revoked = false;
    let directory: Directory = [own].into_iter().collect();
    let me = Me {
        identity: &identity,
        rules: Rules {
            directory: &directory,
            territory: &NoBorders,
            forms: &AnyForm,
        },
    };
    let loaded = store
        .load(&BTreeSet::from([record]), Vec::new())
        .expect("the home is sound");
    let edits = edits
        .into_iter()
        .map(|(path, value)| (path, Edit::Put(value)))
        .collect();
    let Ok((commit, Some(_))) = write(&me, loaded, record, None, edits, now_ms) else {
        return false;
    };
    store
        .commit(&commit, &|_, _| Vec::new())
        .expect("the home takes it");
    true
}
