//! Who may do what: people, passwords, sessions, enrolment codes, device tokens.
//!
//! In: what somebody claims to be. Out: a [`User`](crate::store::User) with role and units, or the
//! reason they are not let in. Secrets are random, stored as hashes and compared in constant time.
//! Whether a *change* may be merged is not decided here but in `sync_core::policy`, because phones
//! decide it too.

mod console;
pub mod devices;
pub mod enrol;
mod keys;
pub mod limits;
pub mod password;
pub mod people;
pub mod session;
mod throttle;
mod token;

pub use console::console_device;
pub use keys::Keys;
pub use token::Token;

use crate::store::StoreError;

/// Why somebody is not let in, or may not do what they ask.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// Neither token nor session was shown.
    #[error("nobody is signed in")]
    NotSignedIn,
    /// The token is not known.
    #[error("the token is not known")]
    TokenUnknown,
    /// The session has ended.
    #[error("the session has ended")]
    SessionExpired,
    /// A request with a session that another site may have made.
    #[error("the request comes from another site")]
    ForeignSite,
    /// The device was revoked.
    #[error("the device was revoked")]
    DeviceRevoked,
    /// The person was turned off.
    #[error("the person was turned off")]
    UserDisabled,
    /// People of this role may not do this.
    #[error("people of this role may not do this")]
    RoleForbidden,
    /// Outside the units of who asks.
    #[error("outside the units of who asks")]
    OutOfScope,
    /// Only a device may do this.
    #[error("only a device may do this")]
    DeviceNeeded,
    /// Wrong login or password; which of them is not told.
    #[error("wrong login or password")]
    WrongPassword,
    /// Too many wrong attempts.
    #[error("too many wrong attempts; wait {wait_s} s")]
    Throttled {
        /// Seconds to wait.
        wait_s: i64,
    },
    /// A password too short or too long.
    #[error("the password is too short or too long")]
    PasswordUnfit,
    /// The login is taken, perhaps by somebody who was turned off.
    #[error("the login is taken")]
    LoginTaken,
    /// The login has other characters than a-z, 0-9, dot, dash and underscore.
    #[error("the login is not a login")]
    LoginUnfit,
    /// The name is empty, too long or not text.
    #[error("the name is empty or too long")]
    NameUnfit,
    /// There is no such role.
    #[error("there is no role {0}")]
    RoleUnknown(String),
    /// There is no such unit.
    #[error("there is no unit {0}")]
    UnitUnknown(String),
    /// The code names several units.
    #[error("several units have the code {code}: {candidates}")]
    UnitAmbiguous {
        /// The code.
        code: String,
        /// The ids of those units.
        candidates: String,
    },
    /// People of this role answer for smaller units.
    #[error("people of this role do not answer for the unit {0}")]
    UnitTooHigh(String),
    /// The role needs a unit.
    #[error("the role needs a unit")]
    UnitNeeded,
    /// There is no such person.
    #[error("there is no such person")]
    UserUnknown,
    /// There is no such device.
    #[error("there is no such device")]
    DeviceUnknown,
    /// The last administrator cannot be turned off.
    #[error("the last administrator stays")]
    LastAdmin,
    /// People of this role hold no device.
    #[error("people of this role hold no device")]
    RoleHasNoDevice,
    /// No open enrolment has this code.
    #[error("no enrolment has this code")]
    CodeUnknown,
    /// The code was good once.
    #[error("the enrolment code has expired")]
    CodeExpired,
    /// The code enrolled another device.
    #[error("the enrolment code was used")]
    CodeUsed,
    /// There is no open code of that number.
    #[error("no open code has this number")]
    EnrolmentUnknown,
    /// The person looks on in as many windows as one person may.
    #[error("too many windows look on")]
    TooManyStreams,
    /// The public key is not an Ed25519 key.
    #[error("the public key is not a key")]
    PublicKeyUnfit,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
