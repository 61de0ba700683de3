//! Adding, changing and turning off people.

use jiff::Timestamp;
use schemas::text::clean;
use schemas::unit::{CodeError, Level};
use sync_core::id::{UnitId, UserId};
use sync_core::policy::Role;

use super::limits::{LOGIN_CHARS_MAX, NAME_CHARS_MAX, UNITS_MAX};
use super::{AccessError, Keys, password};
use crate::audit::{Action, Actor, AuditEntry};
use crate::entropy;
use crate::store::{NewUser, User, UserChange, UserStore};
use crate::territory::Units;

/// A person as somebody asks for them.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// What they will type to sign in.
    pub login: &'a str,
    /// Their name.
    pub name: &'a str,
    /// The name of a role.
    pub role: &'a str,
    /// Units by id or code.
    pub units: &'a [String],
    /// A password, for those who sign in on the web.
    pub password: Option<&'a str>,
}

/// Adds a person, if `allowed` lets whoever asks.
///
/// # Errors
/// When any part is unfit, not allowed, or the login is taken.
pub fn add(
    store: &impl UserStore,
    units: &Units,
    now: Timestamp,
    actor: Actor,
    wanted: &Wanted<'_>,
    allowed: impl Fn(&NewUser) -> Result<(), AccessError>,
) -> Result<User, AccessError> {
    let role = role(wanted.role)?;
    let mut new = NewUser {
        id: UserId(entropy::id(now)),
        login: login(wanted.login)?,
        name: clean_name(wanted.name, NAME_CHARS_MAX).ok_or(AccessError::NameUnfit)?,
        role,
        units: resolve(units, now, role, wanted.units)?,
        password: None,
    };
    allowed(&new)?;
    new.password = wanted.password.map(password::hash).transpose()?;
    let audit = AuditEntry::new(now, actor, Action::UserAdd, Actor::User(new.id)).with("role", role.name());
    if !store.add_user(&new, audit)? {
        return Err(AccessError::LoginTaken);
    }
    store.user(new.id)?.ok_or(AccessError::UserUnknown)
}

/// Changes a person's name, role or units, if `allowed` lets whoever asks; their devices get new
/// certificates.
///
/// # Errors
/// When any part is unfit, not allowed, or there is no such person.
pub fn change(
    store: &impl UserStore,
    units: &Units,
    keys: &Keys,
    now: Timestamp,
    actor: Actor,
    (known, wanted): (&User, &WantedChange),
    allowed: impl Fn(&UserChange) -> Result<(), AccessError>,
) -> Result<User, AccessError> {
    let user = known.id;
    let new_role = wanted.role.as_deref().map(role).transpose()?;
    let after = new_role.unwrap_or(known.role);
    if known.role == Role::Admin && after != Role::Admin {
        another_admin(store, user)?;
    }
    let change = UserChange {
        name: match &wanted.name {
            Some(name) => Some(clean_name(name, NAME_CHARS_MAX).ok_or(AccessError::NameUnfit)?),
            None => None,
        },
        role: new_role,
        units: match &wanted.units {
            Some(names) => Some(resolve(units, now, after, names)?),
            None if needs_units(after) && known.units.is_empty() => return Err(AccessError::UnitNeeded),
            None => None,
        },
    };
    allowed(&change)?;
    let audit = AuditEntry::new(now, actor, Action::UserChange, Actor::User(user))
        .with("name_changed", change.name.is_some())
        .with("role", change.role.map(Role::name))
        .with(
            "units",
            change
                .units
                .as_ref()
                .map(|units| units.iter().map(ToString::to_string).collect::<Vec<_>>()),
        );
    store.change_user(user, &change, keys, audit)?;
    store.user(user)?.ok_or(AccessError::UserUnknown)
}

/// What somebody asks to change about a person; `None` stays.
#[derive(Debug, Clone, Default)]
pub struct WantedChange {
    /// A new name.
    pub name: Option<String>,
    /// The name of a new role.
    pub role: Option<String>,
    /// New units by id or code, instead of all the old ones.
    pub units: Option<Vec<String>>,
}

/// Turns a person off: no sign-in, and what their devices write from now on is parked.
///
/// # Errors
/// When there is no such person, or it is the last administrator.
pub fn disable(
    store: &impl UserStore,
    keys: &Keys,
    now: Timestamp,
    actor: Actor,
    user: UserId,
) -> Result<User, AccessError> {
    let known = store.user(user)?.ok_or(AccessError::UserUnknown)?;
    if known.role == Role::Admin && known.disabled_at.is_none() {
        another_admin(store, user)?;
    }
    store.disable_user(
        user,
        keys,
        AuditEntry::new(now, actor, Action::UserDisable, Actor::User(user)),
    )?;
    store.user(user)?.ok_or(AccessError::UserUnknown)
}

/// Turns a person on again, with the devices that were not revoked one by one.
///
/// # Errors
/// When there is no such person.
pub fn enable(
    store: &impl UserStore,
    keys: &Keys,
    now: Timestamp,
    actor: Actor,
    user: UserId,
) -> Result<User, AccessError> {
    let audit = AuditEntry::new(now, actor, Action::UserEnable, Actor::User(user));
    if !store.enable_user(user, keys, audit)? {
        return Err(AccessError::UserUnknown);
    }
    store.user(user)?.ok_or(AccessError::UserUnknown)
}

/// Sets a person's password and ends their sessions.
///
/// # Errors
/// When the password is unfit or there is no such person.
pub fn set_password(
    store: &impl UserStore,
    now: Timestamp,
    actor: Actor,
    user: UserId,
    password: &str,
) -> Result<(), AccessError> {
    let known = store.user(user)?.ok_or(AccessError::UserUnknown)?;
    let hash = password::hash(password)?;
    let audit = AuditEntry::new(now, actor, Action::PasswordSet, Actor::User(known.id));
    Ok(store.set_password(known.id, &hash, audit)?)
}

/// True for roles that look at the register on the web.
#[must_use]
pub const fn signs_in(role: Role) -> bool {
    matches!(
        role,
        Role::DistrictOfficer | Role::ProvinceOfficer | Role::Observer | Role::Admin
    )
}

/// True for roles that are nothing without a unit.
#[must_use]
pub const fn needs_units(role: Role) -> bool {
    matches!(
        role,
        Role::VillageHead | Role::CommuneCadre | Role::DistrictOfficer
    )
}

/// A name as it is stored: NFC, one line, not empty, at most `chars_max` characters.
#[must_use]
pub fn clean_name(name: &str, chars_max: usize) -> Option<String> {
    let name = clean(name);
    (!name.is_empty() && name.chars().count() <= chars_max).then_some(name)
}

fn role(name: &str) -> Result<Role, AccessError> {
    Role::from_name(name).ok_or_else(|| AccessError::RoleUnknown(name.to_owned()))
}

fn login(text: &str) -> Result<String, AccessError> {
    let login = text.trim().to_ascii_lowercase();
    let fits = !login.is_empty()
        && login.len() <= LOGIN_CHARS_MAX
        && login
            .bytes()
            .all(|letter| matches!(letter, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_'));
    if fits {
        Ok(login)
    } else {
        Err(AccessError::LoginUnfit)
    }
}

/// Units by id or code, as a person of that role may have them.
fn resolve(units: &Units, now: Timestamp, role: Role, names: &[String]) -> Result<Vec<UnitId>, AccessError> {
    if names.len() > UNITS_MAX {
        return Err(AccessError::UnitUnknown(format!("> {UNITS_MAX}")));
    }
    let mut found = names
        .iter()
        .map(|name| unit(units, now, name))
        .collect::<Result<Vec<_>, _>>()?;
    found.sort_unstable();
    found.dedup();
    if found.is_empty() && needs_units(role) {
        return Err(AccessError::UnitNeeded);
    }
    let too_high = |unit: &UnitId| match role {
        Role::VillageHead => units.level(*unit) != Some(Level::Village),
        Role::CommuneCadre => !matches!(units.level(*unit), Some(Level::Village | Level::Commune)),
        Role::DistrictOfficer | Role::ProvinceOfficer | Role::Observer | Role::Admin => false,
    };
    match found.iter().find(|unit| too_high(unit)) {
        Some(unit) => Err(AccessError::UnitTooHigh(unit.to_string())),
        None => Ok(found),
    }
}

/// The unit of that id or official code.
///
/// # Errors
/// When there is none, or several have the code.
pub fn unit(units: &Units, now: Timestamp, name: &str) -> Result<UnitId, AccessError> {
    let name = name.trim();
    if let Ok(id) = name.parse::<UnitId>() {
        return if units.level(id).is_some() {
            Ok(id)
        } else {
            Err(AccessError::UnitUnknown(name.to_owned()))
        };
    }
    units.by_code(name, now).map_err(|error| match error {
        CodeError::Unknown(_) | CodeError::NotYet { .. } => AccessError::UnitUnknown(name.to_owned()),
        CodeError::Ambiguous { candidates, .. } => AccessError::UnitAmbiguous {
            code: name.to_owned(),
            candidates: candidates.join(", "),
        },
    })
}

/// Refuses to leave the register without an administrator.
fn another_admin(store: &impl UserStore, but: UserId) -> Result<(), AccessError> {
    if store.other_admin(but)? {
        Ok(())
    } else {
        Err(AccessError::LastAdmin)
    }
}
