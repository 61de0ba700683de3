//! The units as a phone knows them.

use schemas::unit::UnitTree;

use crate::id::UnitId;
use crate::policy::Territory;

/// The unit tree, and this phone's own units even before the first sync has brought them.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The tree.
    pub tree: &'a UnitTree,
    /// The units of this phone's holder.
    pub own: &'a [UnitId],
}

impl Territory for Ground<'_> {
    fn knows(&self, unit: UnitId) -> bool {
        self.own.contains(&unit) || Territory::knows(self.tree, unit)
    }

    fn covers(&self, over: UnitId, under: UnitId) -> bool {
        (over == under && self.own.contains(&over)) || Territory::covers(self.tree, over, under)
    }
}
