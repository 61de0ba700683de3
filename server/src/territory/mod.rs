//! Where things lie: units built in and imported, answering `sync_core::policy`.
//!
//! In: unit data of `schemas::unit` and imported rows. Out: [`Units`], a snapshot that answers who
//! covers whom without walking.

mod import;
pub mod plans;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemas::unit::{CodeError, Level, UNITS_JSON, Unit, UnitTree};
use sync_core::id::UnitId;
use sync_core::policy::Territory;

pub use import::{Imported, TerritoryError, import_csv, import_preview, preview_csv};

use crate::store::{StoreError, UnitStore};

/// All units at one version of the store.
#[derive(Debug, Default)]
pub struct Units {
    tree: UnitTree,
    version: u64,
    /// Each unit with all that cover it, itself among them.
    above: BTreeMap<UnitId, BTreeSet<UnitId>>,
}

impl Units {
    /// The units built in and those in the store.
    ///
    /// # Errors
    /// When the store fails or its units make no tree.
    pub fn load(store: &impl UnitStore) -> Result<Self, StoreError> {
        let (version, rows) = store.units()?;
        let damaged = |error: String| StoreError::Damaged(format!("units: {error}"));
        let builtin = UnitTree::from_json(UNITS_JSON).map_err(|error| damaged(error.to_string()))?;
        let mut units: BTreeMap<String, Unit> = builtin
            .iter()
            .map(|unit| (unit.id.clone(), unit.clone()))
            .collect();
        for row in rows {
            let unit: Unit = serde_json::from_str(&row.body).map_err(|error| damaged(error.to_string()))?;
            units.insert(unit.id.clone(), unit);
        }
        let tree = UnitTree::from_units(units.into_values().collect())
            .map_err(|error| damaged(error.to_string()))?;
        Ok(Self::of(tree, version))
    }

    pub(crate) fn of(tree: UnitTree, version: u64) -> Self {
        let mut above = BTreeMap::new();
        for unit in tree.iter() {
            let Ok(id) = unit.id.parse::<UnitId>() else {
                continue;
            };
            let mut over: BTreeSet<UnitId> = tree
                .ancestors(&unit.id)
                .into_iter()
                .filter_map(|id| id.parse().ok())
                .collect();
            over.insert(id);
            above.insert(id, over);
        }
        Self { tree, version, above }
    }

    /// The tree itself, for names, codes and validity.
    #[must_use]
    pub fn tree(&self) -> &UnitTree {
        &self.tree
    }

    /// The unit of that id.
    #[must_use]
    pub fn get(&self, unit: UnitId) -> Option<&Unit> {
        self.tree.get(&unit.to_string())
    }

    /// The level of a unit.
    #[must_use]
    pub fn level(&self, unit: UnitId) -> Option<Level> {
        self.get(unit).map(|unit| unit.level)
    }

    /// The unit that has this code today, or the only one that had it before.
    ///
    /// # Errors
    /// When no unit or several units answer to it.
    pub fn by_code(&self, code: &str, now: Timestamp) -> Result<UnitId, CodeError> {
        let unit = self.tree.by_code(code, today(now))?;
        unit.id.parse().map_err(|_| CodeError::Unknown(code.to_owned()))
    }

    /// Every unit that one of `units` covers, themselves among them.
    #[must_use]
    pub fn under(&self, units: &[UnitId]) -> BTreeSet<UnitId> {
        let covered = |over: &BTreeSet<UnitId>| units.iter().any(|unit| over.contains(unit));
        self.above
            .iter()
            .filter(|(_, over)| covered(over))
            .map(|(unit, _)| *unit)
            .collect()
    }

    /// Rises with every change of the imported units; those built in count as version 0.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The communes that cover a unit, at any time.
    #[must_use]
    pub fn communes_over(&self, unit: UnitId) -> BTreeSet<UnitId> {
        let over = self.above.get(&unit).into_iter().flatten().copied();
        over.filter(|unit| self.level(*unit) == Some(Level::Commune))
            .collect()
    }

    /// The units that cover one of `units` or lie under one, as a unit file: what a phone of that
    /// territory needs to know.
    #[must_use]
    pub fn json_around(&self, units: &[UnitId]) -> String {
        let near = |unit: &Unit| {
            let Ok(id) = unit.id.parse::<UnitId>() else {
                return false;
            };
            units
                .iter()
                .any(|own| self.covers(*own, id) || self.covers(id, *own))
        };
        let around: Vec<&Unit> = self.tree.iter().filter(|unit| near(unit)).collect();
        serde_json::json!({ "units": around }).to_string()
    }

    /// True if everything in `inner` lies under something in `outer`.
    #[must_use]
    pub fn within(&self, outer: &[UnitId], inner: &[UnitId]) -> bool {
        inner
            .iter()
            .all(|unit| outer.iter().any(|over| self.covers(*over, *unit)))
    }
}

impl Territory for Units {
    fn knows(&self, unit: UnitId) -> bool {
        self.above.contains_key(&unit)
    }

    fn covers(&self, over: UnitId, under: UnitId) -> bool {
        self.above.get(&under).is_some_and(|above| above.contains(&over))
    }
}

/// The day it is in Lào Cai, which has had UTC+7 and no summer time since 1975.
#[must_use]
pub fn today(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::fixed(jiff::tz::offset(7))).date()
}
