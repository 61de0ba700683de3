//! The rows of a report: old communes of a plan, or the units as they are on a day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::key::Key;
use crate::plan::Plan;
use crate::text::{collation_key, fold};
use crate::unit::{Level, Unit, UnitTree};

/// By which units a report counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeKind {
    /// The communes of the plan as they were in its year; what lies elsewhere is left out.
    Plan,
    /// The communes in force on the day of the report.
    Units,
}

impl ScopeKind {
    /// The word of requests.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Units => "units",
        }
    }

    /// Reads the word of requests.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Plan, Self::Units]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// One unit of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The id of the unit.
    pub unit: String,
    /// Its name with the word for what it is.
    pub name: String,
}

/// Where a unit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stands {
    /// The row.
    pub place: usize,
    /// 0 for the unit of the row itself, 1 for a commune in it, 2 for a village in it.
    pub rank: u8,
}

/// Which units a report asks for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Old communes or today's.
    pub kind: ScopeKind,
    /// The plan whose communes are meant.
    pub plan: &'a Plan,
    /// Only these units; all if none.
    pub within: Option<&'a BTreeSet<String>>,
    /// The day of the report.
    pub on: Date,
    /// When only one commune is left, its villages are the rows.
    pub by_village: bool,
}

/// All rows, and where every unit counts.
#[derive(Debug, Clone)]
pub struct Scope {
    kind: ScopeKind,
    places: Vec<Place>,
    stands: BTreeMap<Key, Stands>,
}

impl Scope {
    /// Finds the rows. A unit that was followed by another, or that lay in another then, counts where it lay.
    #[must_use]
    pub fn of(tree: &UnitTree, asked: &Asked<'_>) -> Self {
        let on = match asked.kind {
            ScopeKind::Plan => Date::new(asked.plan.year, 12, 31).unwrap_or(asked.on),
            ScopeKind::Units => asked.on,
        };
        let planned: BTreeSet<&str> = asked
            .plan
            .scope
            .iter()
            .map(|unit| unit.unit_id.as_str())
            .collect();
        let counts = |commune: &Unit| match asked.kind {
            ScopeKind::Plan => planned.contains(commune.id.as_str()),
            ScopeKind::Units => true,
        };
        let within = |unit: &Unit| asked.within.is_none_or(|within| within.contains(&unit.id));
        let inside = tree.iter().filter(|unit| within(unit));
        let found: Vec<(&Unit, &Unit)> = inside
            .filter_map(|unit| Some((unit, tree.commune_of(&unit.id, Some(on))?)))
            .filter(|(_, commune)| counts(commune))
            .collect();
        let communes: BTreeSet<&str> = found.iter().map(|(_, commune)| commune.id.as_str()).collect();
        let villages = asked.by_village && communes.len() == 1;
        let row = |unit: &'_ Unit, commune: &'_ Unit| {
            if villages && unit.level == Level::Village {
                unit.id.clone()
            } else {
                commune.id.clone()
            }
        };
        let rows: BTreeSet<String> = found.iter().map(|(unit, commune)| row(unit, commune)).collect();
        let mut places: Vec<Place> = rows
            .iter()
            .filter_map(|id| tree.get(id))
            .map(|unit| Place {
                unit: unit.id.clone(),
                name: unit.full_name(),
            })
            .collect();
        places.sort_by_cached_key(|place| {
            (
                collation_key(&fold(&place.name)),
                collation_key(&place.name),
                place.unit.clone(),
            )
        });
        let at: BTreeMap<&str, usize> = places
            .iter()
            .enumerate()
            .map(|(at, place)| (place.unit.as_str(), at))
            .collect();
        let stands = found.iter().filter_map(|(unit, commune)| {
            let row = row(unit, commune);
            let rank = match unit.level {
                _ if unit.id == row => 0,
                Level::Commune => 1,
                _ => 2,
            };
            let place = *at.get(row.as_str())?;
            Some((Key::parse(&unit.id)?, Stands { place, rank }))
        });
        let stands = stands.collect();
        Self {
            kind: asked.kind,
            places,
            stands,
        }
    }

    /// Old communes or today's.
    #[must_use]
    pub fn kind(&self) -> ScopeKind {
        self.kind
    }

    /// The rows, in Vietnamese order.
    #[must_use]
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// Where a unit counts; none if it lies elsewhere.
    #[must_use]
    pub fn stands(&self, unit: Option<Key>) -> Option<Stands> {
        self.stands.get(&unit?).copied()
    }

    /// The row of a unit, by its id.
    #[must_use]
    pub fn place_of(&self, unit: &str) -> Option<usize> {
        self.places.iter().position(|place| place.unit == unit)
    }
}
