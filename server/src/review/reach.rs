//! Whose records a person may read.

use sync_core::policy::Role;

use crate::access::AccessError;
use crate::publish::feeds;
use crate::store::User;
use crate::store::reader::Reach;
use crate::territory::Units;

/// What `user` may read (DESIGN §6): field people and officers their units, with what their commune
/// shares; the province everything.
///
/// # Errors
/// `RoleForbidden` for roles that read no records.
pub fn reach(user: &User, units: &Units, shared_kinds: &[String]) -> Result<Reach, AccessError> {
    match user.role {
        Role::VillageHead | Role::CommuneCadre | Role::DistrictOfficer => {
            let feeds = feeds(user.role, &user.units, units, shared_kinds);
            Ok(Reach::Scopes(feeds.into_iter().map(|feed| feed.scope).collect()))
        }
        Role::ProvinceOfficer => Ok(Reach::All),
        Role::Observer | Role::Admin => Err(AccessError::RoleForbidden),
    }
}
