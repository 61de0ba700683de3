//! `soban demo`: the ten communes of the plan with ready people and invented households.
//!
//! In: an empty data directory, or one an earlier demo made. Out: people who can sign in or enrol,
//! with fresh codes at each start. The communes are real; villages, people and households are
//! invented, and each says so.

mod draw;
mod households;
mod names;
mod people;
mod print;
mod scale;
mod seed;

use schemas::unit::{DEMO_VILLAGES_JSON, UnitTree};
use serde_json::{Map, Value};
use sync_core::id::UnitId;

pub use households::households;
pub use people::{DEMO_PASSWORD, Person};
pub use print::{line, table};
pub use scale::{HOUSEHOLDS_MAX, Step, scale};

use crate::access::{AccessError, enrol};
use crate::app::App;
use crate::audit::{Action, Actor, AuditEntry};
use crate::config::HttpConfig;
use crate::problem::Problem;
use crate::store::{StoreError, UnitRow, UnitStore as _};

/// From which the invented households are drawn: the same on every first start.
pub const SEED: u64 = 239;
/// Invented households per village.
pub const HOUSEHOLDS_PER_VILLAGE: usize = 6;

/// Makes what is missing of the demo and gives everybody who enrols a fresh code. Blocks.
///
/// # Errors
/// When the store fails.
pub fn prepare(app: &App) -> Result<Vec<Person>, Problem> {
    add_villages(app)?;
    let first_time = people::add_all(app)?;
    if first_time {
        seed::records(app, households(SEED, &*app.units()?))?;
    }
    let mut everybody = people::list(app)?;
    for person in &mut everybody {
        if person.role.holds_records() {
            let issued = enrol::issue(&app.store, app.clock.now(), Actor::Server, person.id)?;
            let code = issued.code.grouped();
            person.url = Some(HttpConfig::enrolment_url(&app.config.http.public_url, &code));
            person.code = Some(code);
        }
    }
    Ok(everybody)
}

/// The invented villages, unless an earlier start brought them.
fn add_villages(app: &App) -> Result<(), AccessError> {
    let damaged = |error: String| StoreError::Damaged(format!("demo villages: {error}"));
    let file: Map<String, Value> =
        serde_json::from_str(DEMO_VILLAGES_JSON).map_err(|error| damaged(error.to_string()))?;
    let known = app.units()?;
    let mut rows = Vec::new();
    for unit in file.get("units").and_then(Value::as_array).into_iter().flatten() {
        let text = unit.get("id").and_then(Value::as_str).unwrap_or_default();
        let id: UnitId = text.parse().map_err(|_| damaged(text.to_owned()))?;
        if known.get(id).is_none() {
            rows.push(UnitRow {
                id,
                body: unit.to_string(),
            });
        }
    }
    if !rows.is_empty() {
        let audit = AuditEntry::new(app.clock.now(), Actor::Server, Action::UnitsImport, "units")
            .with("created", rows.len())
            .with("invented", true);
        app.store.put_units(&rows, audit)?;
    }
    Ok(())
}

/// The tree the demo stands on, for tests that draw households without a server.
///
/// # Errors
/// When the unit files of the program contradict each other.
pub fn tree() -> Result<UnitTree, schemas::unit::UnitsError> {
    UnitTree::from_json_files(&[schemas::unit::UNITS_JSON, DEMO_VILLAGES_JSON])
}
