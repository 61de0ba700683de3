//! All units together: look-up by id, code and name, and who covers whom.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Deserialize;

use super::error::{CodeError, UnitsError};
use super::{Level, Unit, within};
use crate::text::fold;

/// How many units one tree may hold: the country has some 3,300 communes and 90,000 villages.
pub const UNITS_MAX: usize = 200_000;

/// All known units, past and present.
#[derive(Debug, Clone, Default)]
pub struct UnitTree {
    units: BTreeMap<String, Unit>,
    /// Code → ids, for [`UnitTree::by_code`].
    codes: BTreeMap<String, Vec<String>>,
    /// Unit → what lies in it or was followed by it, one step.
    below: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct UnitFile {
    units: Vec<Unit>,
}

impl UnitTree {
    /// Reads one unit file: `{"source": …, "units": [ … ]}`.
    ///
    /// # Errors
    /// What [`UnitTree::from_units`] gives, and JSON that is not a unit file.
    pub fn from_json(json: &str) -> Result<Self, UnitsError> {
        Self::from_units(parse(json)?)
    }

    /// Reads several unit files as one: the plan's units and an administrator's villages.
    ///
    /// # Errors
    /// As [`UnitTree::from_json`].
    pub fn from_json_files(files: &[&str]) -> Result<Self, UnitsError> {
        let mut units = Vec::new();
        for file in files {
            units.extend(parse(file)?);
        }
        Self::from_units(units)
    }

    /// Builds the tree and checks it whole.
    ///
    /// # Errors
    /// Every variant of [`UnitsError`] but `Json`.
    pub fn from_units(list: Vec<Unit>) -> Result<Self, UnitsError> {
        if list.len() > UNITS_MAX {
            return Err(UnitsError::TooMany(list.len()));
        }
        let mut tree = Self::default();
        for unit in list {
            if let Some(code) = &unit.official_code {
                tree.codes.entry(code.clone()).or_default().push(unit.id.clone());
            }
            if let Some(before) = tree.units.insert(unit.id.clone(), unit) {
                return Err(UnitsError::DuplicateId(before.id));
            }
        }
        tree.link()?;
        tree.check_codes()?;
        Ok(tree)
    }

    /// The unit with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Unit> {
        self.units.get(id)
    }

    /// All units in order of id.
    pub fn iter(&self) -> impl Iterator<Item = &Unit> {
        self.units.values()
    }

    /// The level of a unit.
    #[must_use]
    pub fn level(&self, id: &str) -> Option<Level> {
        self.get(id).map(|unit| unit.level)
    }

    /// The unit that holds this code on this day; when none does, the only one that held it before.
    /// 02842 is Tả Củ Tỷ today and was Lùng Cải on 30 June 2024. Village codes are local ones.
    ///
    /// # Errors
    /// When that is not one unit: the candidates are listed for a person to choose from.
    pub fn by_code(&self, code: &str, on: Date) -> Result<&Unit, CodeError> {
        let holders: Vec<&Unit> = self
            .codes
            .get(code)
            .into_iter()
            .flatten()
            .filter_map(|id| self.get(id))
            .collect();
        let now: Vec<&Unit> = holders.iter().copied().filter(|unit| unit.in_force(on)).collect();
        let past: Vec<&Unit> = holders
            .iter()
            .copied()
            .filter(|unit| unit.ended_before(on))
            .collect();
        let code = code.to_owned();
        match (now.as_slice(), past.as_slice()) {
            ([unit], _) | ([], [unit]) => Ok(*unit),
            ([], []) if holders.is_empty() => Err(CodeError::Unknown(code)),
            ([], []) => Err(CodeError::NotYet {
                code,
                candidates: ids(&holders),
            }),
            ([], several) | (several, _) => Err(CodeError::Ambiguous {
                code,
                candidates: ids(several),
            }),
        }
    }

    /// Units whose name or alias folds to the same text. For searching only: the answer may be
    /// several units that are not the same.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Vec<&Unit> {
        let wanted = fold(name);
        let named = |unit: &&Unit| {
            std::iter::once(&unit.name)
                .chain(&unit.aliases)
                .any(|known| fold(known) == wanted)
                || fold(&unit.full_name()) == wanted
        };
        self.iter().filter(named).collect()
    }

    /// True when the unit is this one, or ever lay in it however deep, or was followed by a unit
    /// that does: the successor of an old commune covers it and its villages. Rights are inherited
    /// along this.
    #[must_use]
    pub fn covers(&self, ancestor: &str, unit: &str) -> bool {
        self.units.contains_key(unit) && (ancestor == unit || self.ancestors(unit).contains(ancestor))
    }

    /// Every unit that covers this one, without itself.
    #[must_use]
    pub fn ancestors(&self, unit: &str) -> BTreeSet<&str> {
        reach(unit, |id| self.get(id).into_iter().flat_map(above).collect())
    }

    /// Every unit that this one covers, without itself.
    #[must_use]
    pub fn descendants(&self, unit: &str) -> BTreeSet<&str> {
        reach(unit, |id| {
            self.below
                .get(id)
                .into_iter()
                .flatten()
                .map(String::as_str)
                .collect()
        })
    }

    /// The commune that a unit lies in, on a day or now. A commune that has ended stands for the
    /// one that took its place (when that is one only), so that a phone which missed the change
    /// still finds its commune. Plan reports ask with a day of the plan's year and get the old
    /// commune (domain §0.4). `None` for what lies above communes, and where the answer would be a
    /// guess.
    #[must_use]
    pub fn commune_of(&self, unit: &str, on: Option<Date>) -> Option<&Unit> {
        let mut at = self.get(unit)?;
        // Every step goes up or forward, and the links were checked to have no cycle.
        loop {
            let here = match on {
                Some(on) => at.in_force(on),
                None => at.valid_to.is_none(),
            };
            at = match at.level {
                Level::Commune if here => return Some(at),
                Level::Commune => {
                    let ended = on.is_none_or(|on| at.ended_before(on));
                    match at.successors.as_slice() {
                        [next] if ended => self.get(next)?,
                        _ => return None,
                    }
                }
                Level::Village => self.get(parent_on(at, on)?)?,
                Level::Province | Level::District | Level::ReviewArea => return None,
            };
        }
    }

    fn link(&mut self) -> Result<(), UnitsError> {
        let mut below: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for unit in self.units.values() {
            let spans = unit.parents.iter().map(|parent| (parent.from, parent.to));
            for (from, to) in spans.chain([(unit.valid_from, unit.valid_to)]) {
                if let (Some(from), Some(to)) = (from, to)
                    && to < from
                {
                    return Err(UnitsError::Backwards(unit.id.clone()));
                }
            }
            for id in above(unit) {
                if !self.units.contains_key(id) {
                    return Err(UnitsError::Dangling {
                        unit: unit.id.clone(),
                        missing: id.to_owned(),
                    });
                }
                below.entry(id.to_owned()).or_default().push(unit.id.clone());
            }
        }
        self.below = below;
        match self
            .units
            .keys()
            .find(|id| self.ancestors(id).contains(id.as_str()))
        {
            Some(id) => Err(UnitsError::Cycle(id.clone())),
            None => Ok(()),
        }
    }

    fn check_codes(&self) -> Result<(), UnitsError> {
        for (code, holders) in &self.codes {
            let holders: Vec<&Unit> = holders.iter().filter_map(|id| self.get(id)).collect();
            for (index, unit) in holders.iter().enumerate() {
                if let Some(digits) = unit.level.code_digits()
                    && (code.len() != digits || !code.bytes().all(|b| b.is_ascii_digit()))
                {
                    return Err(UnitsError::BadCode {
                        unit: unit.id.clone(),
                        code: code.clone(),
                    });
                }
                let clash = holders[..index]
                    .iter()
                    .find(|other| other.level == unit.level && overlap(other, unit));
                if let Some(other) = clash {
                    let (first, second) = (other.id.clone(), unit.id.clone());
                    return Err(UnitsError::CodeTwice {
                        code: code.clone(),
                        first,
                        second,
                    });
                }
            }
        }
        Ok(())
    }
}

fn parse(json: &str) -> Result<Vec<Unit>, UnitsError> {
    let file: UnitFile = serde_json::from_str(json).map_err(|error| UnitsError::Json(error.to_string()))?;
    Ok(file.units)
}

/// One step towards what covers a unit: its parents of any time, and what took its place.
fn above(unit: &Unit) -> impl Iterator<Item = &str> {
    unit.parents
        .iter()
        .map(|parent| parent.id.as_str())
        .chain(unit.successors.iter().map(String::as_str))
}

/// The parent on a day; without a day the one that still holds, or else the last one.
fn parent_on(unit: &Unit, on: Option<Date>) -> Option<&str> {
    let parents = unit.parents.iter();
    let found = match on {
        Some(on) => parents
            .clone()
            .find(|parent| within(parent.from, parent.to, on))
            .or_else(|| {
                parents
                    .filter(|parent| parent.to.is_some_and(|to| to < on))
                    .max_by_key(|p| p.to)
            }),
        None => parents
            .clone()
            .find(|parent| parent.to.is_none())
            .or_else(|| parents.max_by_key(|p| p.to)),
    };
    found.map(|parent| parent.id.as_str())
}

fn reach<'a>(start: &str, step: impl Fn(&str) -> Vec<&'a str>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open = step(start);
    while let Some(id) = open.pop() {
        if found.insert(id) {
            open.extend(step(id));
        }
    }
    found
}

fn overlap(a: &Unit, b: &Unit) -> bool {
    let before = |from: Option<Date>, to: Option<Date>| match (from, to) {
        (Some(from), Some(to)) => from <= to,
        _ => true,
    };
    before(a.valid_from, b.valid_to) && before(b.valid_from, a.valid_to)
}

fn ids(units: &[&Unit]) -> Vec<String> {
    units.iter().map(|unit| unit.id.clone()).collect()
}
