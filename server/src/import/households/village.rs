//! Which village a list means.

use std::collections::{BTreeMap, BTreeSet};

use schemas::unit::Level;
use sync_core::id::UnitId;

use crate::import::table;
use crate::store::User;
use crate::territory::Units;

/// Villages of a review scope, by every way they may be written.
pub(super) struct Villages {
    by_name: BTreeMap<String, BTreeSet<UnitId>>,
    in_force: BTreeSet<UnitId>,
}

impl Villages {
    pub(super) fn new(units: &Units, user: &User, on: jiff::civil::Date) -> Self {
        let (mut by_name, mut in_force) = (BTreeMap::<String, BTreeSet<UnitId>>::new(), BTreeSet::new());
        for id in units.under(&user.units) {
            let Some(unit) = units.get(id).filter(|unit| unit.level == Level::Village) else {
                continue;
            };
            if unit.in_force(on) {
                in_force.insert(id);
            }
            let names = std::iter::once(&unit.name).chain(&unit.aliases);
            for name in names {
                by_name.entry(bare(name)).or_default().insert(id);
            }
        }
        Self { by_name, in_force }
    }

    /// The one village that is meant.
    pub(super) fn named(&self, units: &Units, text: &str, commune: &str) -> Result<UnitId, &'static str> {
        let mut found: Vec<UnitId> = match text.parse::<UnitId>() {
            Ok(id) => self
                .by_name
                .values()
                .flatten()
                .copied()
                .filter(|known| *known == id)
                .take(1)
                .collect(),
            Err(_) => self
                .by_name
                .get(&bare(text))
                .into_iter()
                .flatten()
                .copied()
                .collect(),
        };
        if !commune.is_empty() {
            let lies_in = |id: &UnitId| {
                units.communes_over(*id).into_iter().any(|over| {
                    units.get(over).is_some_and(|unit| {
                        unit.official_code.as_deref() == Some(commune) || bare(&unit.name) == bare(commune)
                    })
                })
            };
            found.retain(lies_in);
        }
        // Marks tell villages apart where folding does not, and what is in force goes before what ended.
        type Fits<'a> = &'a dyn Fn(&UnitId) -> bool;
        let exact = |id: &UnitId| {
            units
                .get(*id)
                .is_some_and(|unit| text.to_lowercase().ends_with(&unit.name.to_lowercase()))
        };
        let current = |id: &UnitId| self.in_force.contains(id);
        for fits in [&exact as Fits<'_>, &current as Fits<'_>] {
            if found.len() > 1 && found.iter().any(fits) {
                found.retain(fits);
            }
        }
        match found[..] {
            [one] => Ok(one),
            [] => Err("village_unknown"),
            _ => Err("village_ambiguous"),
        }
    }
}

/// A folded name without the word for what it is.
fn bare(name: &str) -> String {
    let folded = table::head_key(name);
    let kinds = [
        "to dan pho ",
        "thon ban ",
        "thon ",
        "khu ",
        "thi tran ",
        "xa ",
        "phuong ",
    ];
    let rest = kinds.iter().find_map(|kind| folded.strip_prefix(kind));
    rest.unwrap_or(&folded).to_owned()
}

/// Countryside or town, by what the commune is; nothing where that is not known.
pub(super) fn area(units: &Units, village: &str) -> Option<&'static str> {
    let communes = units.communes_over(village.parse().ok()?);
    let kinds: BTreeSet<&str> = communes
        .iter()
        .filter_map(|id| units.get(*id))
        .map(|unit| unit.kind.as_str())
        .collect();
    match kinds.into_iter().collect::<Vec<_>>()[..] {
        ["xã"] => Some("rural"),
        [] => None,
        ref kinds if kinds.contains(&"xã") => None,
        _ => Some("urban"),
    }
}
