//! What names come from: units and forms, fetched once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use leptos::prelude::*;
use parts::ui::OptionItem;
use schemas::form::Form;
use schemas::reference::reference_value;
use schemas::text::collation_key;
use schemas::unit::UnitTree;

use super::Desk;
use crate::answers::Names;
use crate::api::reference::{FormSummary, Unit};
use crate::words::titled;

/// Units and forms.
#[derive(Debug, Clone, Default)]
pub struct Known {
    units: Arc<BTreeMap<String, Unit>>,
    /// The forms, in a line each.
    pub kinds: Vec<FormSummary>,
    forms: BTreeMap<(String, u32), Arc<Form>>,
}

impl Known {
    /// Takes the units in.
    pub fn take_units(&mut self, units: Vec<Unit>) {
        let by_id = units.into_iter().map(|unit| (unit.id.clone(), unit));
        self.units = Arc::new(by_id.collect());
    }

    /// The name of a unit; empty for one nobody knows.
    #[must_use]
    pub fn unit(&self, id: &str) -> String {
        self.units
            .get(id)
            .map(|unit| unit.name.clone())
            .unwrap_or_default()
    }

    /// The name of a unit and of what it lies in: `Lùng Chín, xã Lùng Cải`.
    #[must_use]
    pub fn unit_within(&self, id: &str) -> String {
        let Some(unit) = self.units.get(id) else {
            return String::new();
        };
        let up = unit.parents.iter().find(|parent| parent.to.is_none());
        let up = up.or(unit.parents.first()).map(|up| self.unit(&up.id));
        match up {
            Some(up) if unit.level == "village" && !up.is_empty() => format!("{}, {up}", unit.name),
            _ => unit.name.clone(),
        }
    }

    /// The title of a kind of records.
    #[must_use]
    pub fn kind(&self, id: &str) -> String {
        let form = self.kinds.iter().find(|form| form.form_id == id);
        form.map_or_else(|| id.to_owned(), |form| titled(&form.title))
    }

    /// A form that was fetched before.
    #[must_use]
    pub fn form(&self, id: &str, version: u32) -> Option<Arc<Form>> {
        self.forms.get(&(id.to_owned(), version)).cloned()
    }

    /// Whether a unit lies in one of these, at any time.
    fn lies_in(&self, unit: &Unit, wanted: &BTreeSet<&str>) -> bool {
        let (mut seen, mut look) = (BTreeSet::new(), vec![unit.id.as_str()]);
        while let Some(id) = look.pop() {
            if wanted.contains(id) {
                return true;
            }
            if seen.insert(id) {
                let up = self.units.get(id).into_iter().flat_map(|unit| &unit.parents);
                look.extend(up.map(|up| up.id.as_str()));
            }
        }
        false
    }
}

impl Names for Known {
    fn name_of(&self, kind: &str, id: &str) -> Option<String> {
        let unit = self.unit_within(id);
        if !unit.is_empty() {
            return Some(unit);
        }
        let value = reference_value(&UnitTree::default(), kind, id, "name")?;
        value.as_text().map(str::to_owned)
    }
}

impl Desk {
    /// A form, from the server the first time.
    ///
    /// # Errors
    /// As any call.
    pub async fn form(self, id: &str, version: u32) -> crate::api::Answer<Arc<Form>> {
        if let Some(form) = self.known.with_untracked(|known| known.form(id, version)) {
            return Ok(form);
        }
        let form = Arc::new(crate::api::reference::form(id, version).await?);
        let kept = Arc::clone(&form);
        // Those who read names need not draw again for a form.
        self.known
            .update_untracked(|known| drop(known.forms.insert((id.to_owned(), version), kept)));
        Ok(form)
    }
}

/// The units somebody may choose: those in force within their scope, in Vietnamese order, communes before villages.
#[must_use]
pub fn unit_options(desk: Desk, with_villages: bool) -> Vec<OptionItem> {
    let mine: Vec<String> = desk.session.with(|session| {
        let units = session.iter().flat_map(|session| &session.units);
        units.map(|unit| unit.id.clone()).collect()
    });
    let mine: BTreeSet<&str> = mine.iter().map(String::as_str).collect();
    desk.known.with(|known| {
        let fits = |unit: &&Unit| {
            let level = matches!(
                unit.level.as_str(),
                "commune" | "district" | "review_area" | "province"
            );
            (level || (with_villages && unit.level == "village"))
                && (mine.is_empty() || known.lies_in(unit, &mine))
        };
        let mut found: Vec<&Unit> = known.units.values().filter(fits).collect();
        found.sort_by_cached_key(|unit| (unit.level == "village", collation_key(&unit.name)));
        let option = |unit: &Unit| {
            let name = known.unit_within(&unit.id);
            let code = unit.code.clone().unwrap_or_default();
            OptionItem::new(&unit.id, name).with_sub(code)
        };
        found.into_iter().map(option).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::reference::Parent;

    fn unit(id: &str, level: &str, name: &str, up: &[&str]) -> Unit {
        Unit {
            id: id.to_owned(),
            code: None,
            level: level.to_owned(),
            name: name.to_owned(),
            parents: up
                .iter()
                .map(|up| Parent {
                    id: (*up).to_owned(),
                    to: None,
                })
                .collect(),
            valid_to: None,
        }
    }

    #[test]
    fn units_are_named_with_what_they_lie_in() {
        let mut known = Known::default();
        known.take_units(vec![
            unit("v", "village", "Lùng Chín", &["c"]),
            unit("c", "commune", "xã Lùng Cải", &["p"]),
            unit("p", "province", "tỉnh Lào Cai", &[]),
        ]);
        assert_eq!(known.unit_within("v"), "Lùng Chín, xã Lùng Cải");
        assert_eq!(known.unit_within("c"), "xã Lùng Cải");
        assert_eq!(known.unit_within("x"), "");
        let village = &known.units["v"];
        assert!(known.lies_in(village, &BTreeSet::from(["p"])));
        assert!(!known.lies_in(&known.units["p"], &BTreeSet::from(["c"])));
        assert_eq!(
            known.name_of("admin_unit", "v").as_deref(),
            Some("Lùng Chín, xã Lùng Cải")
        );
    }
}
