//! What admission asks of forms and units, answered by `schemas`.
//!
//! The one bridge between rules as data and the merging of changes.

use schemas::catalog::Catalog;
use schemas::form::{Form, Shared, Writer};
use schemas::path::{PathClass, path_class};
use schemas::unit::UnitTree;

use crate::admit::{FormRules, Forms};
use crate::id::UnitId;
use crate::policy::Territory;

impl Forms for Catalog {
    fn rules(&self, kind: &str, version: u32) -> Option<&dyn FormRules> {
        let form = self.version(kind, version)?;
        // A form that lives inside another has no records of its own.
        form.settings
            .embedded_in
            .is_none()
            .then_some(form as &dyn FormRules)
    }
}

impl FormRules for Form {
    fn unit_field(&self) -> &str {
        self.settings.unit.as_deref().unwrap_or_default()
    }

    fn shared_in_commune(&self) -> bool {
        self.settings.shared == Shared::Commune
    }

    fn writer_is_reviewer(&self, path: &str) -> bool {
        match path_class(path) {
            PathClass::Review => true,
            PathClass::System => false,
            PathClass::Field => self
                .resolve(path)
                .and_then(|resolved| resolved.field().map(|field| field.writer))
                .is_some_and(|writer| writer == Writer::Reviewer),
        }
    }
}

impl Territory for UnitTree {
    fn knows(&self, unit: UnitId) -> bool {
        self.get(&unit.to_string()).is_some()
    }

    fn covers(&self, over: UnitId, under: UnitId) -> bool {
        UnitTree::covers(self, &over.to_string(), &under.to_string())
    }
}
