//! Whose devices somebody may look at and revoke.

use sync_core::policy::Role;

use super::AccessError;
use crate::store::{DeviceReach, User};
use crate::territory::Units;

/// What `user` sees of devices: administrators everything, officers their own and those of field people within the
/// review scope.
///
/// # Errors
/// `RoleForbidden` for everybody else.
pub fn reach(user: &User, units: &Units) -> Result<DeviceReach, AccessError> {
    match user.role {
        Role::Admin => Ok(DeviceReach::All),
        Role::DistrictOfficer => Ok(DeviceReach::Field {
            own: user.id,
            units: units.under(&user.units).into_iter().collect(),
        }),
        Role::VillageHead | Role::CommuneCadre | Role::ProvinceOfficer | Role::Observer => {
            Err(AccessError::RoleForbidden)
        }
    }
}

/// Everybody sees what they hold; administrators everything; officers what is held by field people within the review
/// scope.
#[must_use]
pub fn sees(user: &User, units: &Units, holder: &User) -> bool {
    if user.role == Role::Admin || user.id == holder.id {
        return true;
    }
    let field = matches!(holder.role, Role::VillageHead | Role::CommuneCadre);
    user.role == Role::DistrictOfficer && field && units.within(&user.units, &holder.units)
}
