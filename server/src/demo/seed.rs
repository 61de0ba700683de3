//! Invented records on their way in: changes of an officer's console, signed, logged and merged
//! like everybody's.

use std::collections::BTreeMap;

use schemas::value::{Answers, Scalar};
use sync_core::envelope::batches;
use sync_core::id::{Actor, RecordId, UnitId};
use sync_core::pack::Item;
use sync_core::policy::{Role, Territory as _};
use sync_core::record::{Edit, FORM, KIND, Record};

use crate::access::console_device;
use crate::app::App;
use crate::entropy;
use crate::ingest;
use crate::problem::{Code, Problem};
use crate::store::{User, UserStore as _};

/// Officers asked for at a time.
const PAGE: usize = 500;

/// Takes invented records in through the door every record takes. Returns how many were taken.
///
/// Each goes in the name of an officer whose review scope holds its unit; those of no officer stay out.
///
/// # Errors
/// When the store fails.
pub fn records(app: &App, records: Vec<(&'static str, Answers)>) -> Result<usize, Problem> {
    let (catalog, units) = (app.catalog()?, app.units()?);
    let officers: Vec<User> = app
        .store
        .users("", PAGE)?
        .into_iter()
        .filter(|user| user.role == Role::DistrictOfficer)
        .collect();
    let mut by_officer: BTreeMap<usize, Vec<(&'static str, Answers)>> = BTreeMap::new();
    for (kind, answers) in records {
        let unit = catalog.form(kind).and_then(|form| form.settings.unit.as_ref());
        let unit: Option<UnitId> = unit.and_then(|field| answers.get(field)?.as_text()?.parse().ok());
        let Some(unit) = unit else { continue };
        let holder = officers
            .iter()
            .position(|officer| officer.units.iter().any(|own| units.covers(*own, unit)));
        if let Some(position) = holder {
            by_officer.entry(position).or_default().push((kind, answers));
        }
    }
    let mut taken = 0;
    for (position, records) in by_officer {
        taken += hand_in(app, &officers[position], records)?;
    }
    Ok(taken)
}

fn hand_in(app: &App, officer: &User, records: Vec<(&'static str, Answers)>) -> Result<usize, Problem> {
    let now = app.clock.now();
    let (device, key) = console_device(&app.store, &app.keys, now, officer)?;
    let actor = Actor::of(device, entropy::bytes());
    let taken = records.len();
    let items: Result<Vec<Item>, Problem> = records
        .into_iter()
        .map(|(kind, answers)| creation(app, actor, kind, answers))
        .collect();
    for items in batches(items?) {
        ingest::hand_in(app, (device, &key), &items, &[])?;
    }
    Ok(taken)
}

fn creation(app: &App, actor: Actor, kind: &str, answers: Answers) -> Result<Item, Problem> {
    let now = app.clock.now();
    let failed = || Problem::new(Code::Internal);
    let version = app.catalog()?.form(kind).ok_or_else(failed)?.version();
    let mut edits = vec![
        (KIND.to_owned(), Edit::Put(Scalar::from(kind))),
        (FORM.to_owned(), Edit::Put(Scalar::Int(i64::from(version)))),
    ];
    edits.extend(answers.into_iter().map(|(path, value)| (path, Edit::Put(value))));
    let id = RecordId(entropy::id(now));
    let change = Record::empty(id)
        .edit(actor, now.as_second(), &edits)
        .ok()
        .flatten();
    let (hash, bytes) = change.ok_or_else(failed)?;
    Ok(Item {
        record: id,
        hash,
        bytes,
    })
}
