//! People who may sign in or hold a device.

use jiff::Timestamp;
use sync_core::id::{UnitId, UserId};
use sync_core::policy::Role;

use super::StoreError;
use crate::access::Keys;
use crate::audit::AuditEntry;

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Stable for ever.
    pub id: UserId,
    /// What they type to sign in: lower-case ASCII.
    pub login: String,
    /// As shown beside what they wrote.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Where: each unit covers what lies under it. In id order.
    pub units: Vec<UnitId>,
    /// When they were added.
    pub created_at: Timestamp,
    /// When they were turned off.
    pub disabled_at: Option<Timestamp>,
    /// True if they have a password.
    pub has_password: bool,
}

/// A person to be added.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// A fresh id.
    pub id: UserId,
    /// Checked by `access::people`.
    pub login: String,
    /// In NFC.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Where.
    pub units: Vec<UnitId>,
    /// The argon2id hash of a password, for those who sign in on the web.
    pub password: Option<String>,
}

/// What is to change about a person; `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct UserChange {
    /// A new name.
    pub name: Option<String>,
    /// A new role.
    pub role: Option<Role>,
    /// New units, instead of all the old ones.
    pub units: Option<Vec<UnitId>>,
}

/// What is needed to judge an attempt to sign in.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// The person.
    pub user: User,
    /// The hash of their password, if they have one.
    pub password: Option<String>,
    /// Wrong passwords since the last right one.
    pub failures: u32,
    /// No attempt is looked at before this.
    pub wait_until: Option<Timestamp>,
}

/// People. Logins are unique for ever, also those of people who were turned off.
pub trait UserStore {
    /// Adds a person; false if the login is taken.
    fn add_user(&self, new: &NewUser, audit: AuditEntry) -> Result<bool, StoreError>;

    /// The person of that id.
    fn user(&self, id: UserId) -> Result<Option<User>, StoreError>;

    /// The person of that login.
    fn user_by_login(&self, login: &str) -> Result<Option<User>, StoreError>;

    /// People by login, after `after`.
    fn users(&self, after: &str, limit: usize) -> Result<Vec<User>, StoreError>;

    /// Changes a person and issues new certificates for their devices; false if there is no such
    /// person.
    fn change_user(
        &self,
        id: UserId,
        change: &UserChange,
        keys: &Keys,
        audit: AuditEntry,
    ) -> Result<bool, StoreError>;

    /// Turns a person off: no sign-in, no token, all devices revoked in new certificates. A second
    /// time changes nothing. False if there is no such person.
    fn disable_user(&self, id: UserId, keys: &Keys, audit: AuditEntry) -> Result<bool, StoreError>;

    /// Turns a person on again: their devices that were not revoked one by one are good in new certificates. A second
    /// time changes nothing. False if there is no such person.
    fn enable_user(&self, id: UserId, keys: &Keys, audit: AuditEntry) -> Result<bool, StoreError>;

    /// Sets a password and ends all sessions of the person.
    fn set_password(&self, id: UserId, hash: &str, audit: AuditEntry) -> Result<(), StoreError>;

    /// What is needed to judge an attempt to sign in.
    fn sign_in(&self, login: &str) -> Result<Option<SignIn>, StoreError>;

    /// Counts a wrong password; after it nobody may try before `wait_until`.
    fn note_failure(
        &self,
        id: UserId,
        wait_until: Option<Timestamp>,
        audit: AuditEntry,
    ) -> Result<(), StoreError>;

    /// Forgets wrong passwords after a right one.
    fn forget_failures(&self, id: UserId, audit: AuditEntry) -> Result<(), StoreError>;

    /// True if there is an administrator beside that person.
    fn other_admin(&self, but: UserId) -> Result<bool, StoreError>;
}
