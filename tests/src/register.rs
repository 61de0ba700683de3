//! The web app's register without a browser: its driver over sealed rows in memory, and a link to a server
//! in this process that can break at any byte.
//!
//! [`Town`] is a server, the people around it, and the true time; a [`Tab`] is one person's register. A
//! copy of a tab's disk is what a restart, or a dead battery, finds.

mod slow;
mod tab;
mod town;
mod wire;

use std::collections::BTreeMap;

use schemas::value::Answers;
use serde_json::Value;
use sync_core::id::{RecordId, UnitId};
use sync_core::phone::shown;

pub use tab::Tab;
pub use town::Town;
pub use wire::{Fate, Wire};

use crate::sim::cast::Handset;

/// The answers that the other driver's phone shows, by record; those that left it are left out.
///
/// # Panics
/// When its home is damaged.
#[must_use]
pub fn answers_of(phone: &Handset) -> BTreeMap<RecordId, Answers> {
    let row = |id: RecordId| {
        let row = phone.phone().store().record(id).expect("a sound home")?;
        let answers = shown(&row.open(id).expect("a sound home")).answers();
        (!row.gone && !answers.is_empty()).then_some((id, answers))
    };
    phone.records().into_iter().filter_map(row).collect()
}

/// The answers of a household.
#[must_use]
pub fn household(village: UnitId, name: &str) -> Value {
    serde_json::json!({
        "village_id": village, "head_name": name, "head_birth_year": 1970, "area_type": "rural",
        "ethnicity_code": "08", "move_status": "resident",
        "members": [{ "full_name": name, "relation": "head", "sex": "male", "birth_date": "1970-01-01",
            "birth_precision": "year", "ethnicity_code": "08", "has_health_insurance": true,
            "presence": "present" }],
    })
}
