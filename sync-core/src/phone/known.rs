//! What an enrolled phone knows beside its records: who it is, who the others are, units and forms.

use schemas::catalog::Catalog;
use schemas::form::Form;
use schemas::unit::{Level, UNITS_JSON, Unit, UnitTree};
use schemas::value::Scalar;

use super::{Ground, Identity, Me};
use crate::admit::Rules;
use crate::cert::{DeviceCert, Directory};
use crate::compress::decompress;
use crate::id::UnitId;
use crate::record::{KIND, Record};

/// Who this phone is, and the world as it knows it.
#[derive(Debug)]
pub struct Known {
    /// Who this phone is.
    pub identity: Identity,
    /// Every device it has a certificate of.
    pub directory: Directory,
    /// The forms built in, and those that came with sync.
    pub catalog: Catalog,
    /// The units.
    pub units: UnitTree,
    /// The holder's units, by the newest certificate.
    pub own_units: Vec<UnitId>,
}

impl Known {
    /// Puts together what a store holds; `reference` is what came with sync, by name, as it came.
    #[must_use]
    pub fn new(
        identity: Identity,
        directory: Directory,
        reference: impl IntoIterator<Item = (String, Vec<u8>)>,
    ) -> Self {
        let mut catalog = Catalog::builtin().clone();
        let mut units = None;
        for (name, body) in reference {
            let Some(text) = decompress(&body).and_then(|bytes| String::from_utf8(bytes).ok()) else {
                continue;
            };
            if name == "units" {
                units = UnitTree::from_json(&text).ok();
            } else if name.starts_with("form:") {
                // A form this program cannot read is one it does not have: its records still sync.
                let _ = catalog.add_json(&text);
            }
        }
        let units = units.unwrap_or_else(|| UnitTree::from_json(UNITS_JSON).unwrap_or_default());
        let own_units = directory
            .device(identity.device)
            .map_or_else(Vec::new, |cert| cert.units.clone());
        Self {
            identity,
            directory,
            catalog,
            units,
            own_units,
        }
    }

    /// The territory as policy asks about it.
    #[must_use]
    pub const fn ground(&self) -> Ground<'_> {
        Ground {
            tree: &self.units,
            own: self.own_units.as_slice(),
        }
    }

    /// The rules and who asks, for one step of the core.
    #[must_use]
    pub const fn me<'a>(&'a self, ground: &'a Ground<'a>) -> Me<'a> {
        let rules = Rules {
            directory: &self.directory,
            territory: ground,
            forms: &self.catalog,
        };
        Me {
            identity: &self.identity,
            rules,
        }
    }

    /// This phone's newest certificate: its holder's name, role and units.
    #[must_use]
    pub fn cert(&self) -> Option<&DeviceCert> {
        self.directory.device(self.identity.device)
    }

    /// True once the server has said that this phone is turned off.
    #[must_use]
    pub fn is_revoked(&self) -> bool {
        self.cert().is_some_and(|cert| cert.revoked)
    }

    /// The form a record opens in.
    #[must_use]
    pub fn form_of(&self, record: &Record) -> Option<&Form> {
        let kind = record.get(KIND)?;
        let version = record.form().map(|(_, version)| version);
        self.catalog.version_or_newest(kind.as_text()?, version)
    }

    /// A form's unit field and the holder's own village, or its commune if the field asks for one; none when
    /// the holder has several.
    #[must_use]
    pub fn own_village(&self, form: &Form) -> Option<(String, Scalar)> {
        let field = form.settings.unit.clone()?;
        let mut villages = self.own_units.iter().filter(|unit| {
            let level = self.units.level(&unit.to_string());
            level.is_none_or(|level| level == Level::Village)
        });
        let unit = villages.next()?;
        let unit = if field.contains("commune") {
            self.units.commune_of(&unit.to_string(), None)?.id.clone()
        } else {
            unit.to_string()
        };
        villages.next().is_none().then_some((field, Scalar::Text(unit)))
    }

    /// The villages the holder works in: own ones, and those under own communes; by name.
    #[must_use]
    pub fn villages(&self) -> Vec<&Unit> {
        let mut villages: Vec<&Unit> = self
            .own_units
            .iter()
            .flat_map(|own| self.units.descendants(&own.to_string()))
            .filter_map(|id| self.units.get(id))
            .filter(|unit| unit.level == Level::Village)
            .collect();
        villages.sort_by_cached_key(|unit| (schemas::text::collation_key(&unit.name), unit.id.clone()));
        villages.dedup_by(|one, other| one.id == other.id);
        villages
    }

    /// The communes the holder works in: own ones, and those of own villages.
    #[must_use]
    pub fn communes(&self) -> Vec<&Unit> {
        let mut communes: Vec<&Unit> = self
            .own_units
            .iter()
            .filter_map(|own| self.units.commune_of(&own.to_string(), None))
            .collect();
        communes.sort_by_key(|unit| unit.id.clone());
        communes.dedup_by(|one, other| one.id == other.id);
        communes
    }
}
