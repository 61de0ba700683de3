//! What an enrolled phone knows beside its records: who it is, who the others are, units and forms.

use schemas::catalog::Catalog;
use schemas::unit::{Level, UNITS_JSON, Unit, UnitTree};
use sync_core::admit::Rules;
use sync_core::cert::{DeviceCert, Directory, SignedCert};
use sync_core::compress::decompress;
use sync_core::id::UnitId;
use sync_core::phone::{Ground, Identity, Me};

use crate::rows::{Rows as _, RowsError, SealedRows, Shelf};

/// Who this phone is, and the world as it knows it.
pub struct Known {
    /// Who this phone is.
    pub identity: Identity,
    /// Every device it has a certificate of.
    pub directory: Directory,
    /// The forms.
    pub catalog: Catalog,
    /// The units.
    pub units: UnitTree,
    /// The holder's units, by the newest certificate.
    pub own_units: Vec<UnitId>,
}

impl Known {
    pub(super) async fn read(rows: &SealedRows) -> Result<Option<Self>, RowsError> {
        let identity = rows
            .get(Shelf::Meta, &[b"identity".to_vec()])
            .await?
            .pop()
            .flatten();
        let Some(identity) = identity else {
            return Ok(None);
        };
        let damaged = |what: &str| RowsError::Damaged(what.to_owned());
        let identity = Identity::from_bytes(&identity).map_err(|_| damaged("identity"))?;
        let certs = rows.all(Shelf::Cert).await?;
        let directory: Directory = certs
            .iter()
            .map(|(_, bytes)| {
                let cert = SignedCert::from_bytes(bytes).map_err(|_| damaged("cert"))?;
                cert.open(identity.project, &identity.server_public_key)
                    .map_err(|_| damaged("cert"))
            })
            .collect::<Result<_, RowsError>>()?;
        let mut catalog = Catalog::builtin().clone();
        let mut units = None;
        for (name, body) in rows.all(Shelf::Reference).await? {
            let Some(text) = decompress(&body).and_then(|bytes| String::from_utf8(bytes).ok()) else {
                continue;
            };
            if name == b"units" {
                units = UnitTree::from_json(&text).ok();
            } else if name.starts_with(b"form:") {
                // A form this program cannot read is one it does not have: its records still sync.
                let _ = catalog.add_json(&text);
            }
        }
        let units = units.unwrap_or_else(|| UnitTree::from_json(UNITS_JSON).unwrap_or_default());
        let own_units = directory
            .device(identity.device)
            .map_or_else(Vec::new, |cert| cert.units.clone());
        Ok(Some(Self {
            identity,
            directory,
            catalog,
            units,
            own_units,
        }))
    }

    pub(super) fn ground(&self) -> Ground<'_> {
        Ground {
            tree: &self.units,
            own: &self.own_units,
        }
    }

    pub(super) fn me<'a>(&'a self, ground: &'a Ground<'a>) -> Me<'a> {
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
