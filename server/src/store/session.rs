//! Officers signed in on the web.

use jiff::Timestamp;
use sync_core::id::{Digest32, UserId};

use super::{StoreError, User};
use crate::audit::AuditEntry;

/// A session to be opened.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// SHA-256 of the token in the cookie.
    pub hash: Digest32,
    /// Who signed in.
    pub user: UserId,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

/// An open session.
#[derive(Debug, Clone)]
pub struct Session {
    /// SHA-256 of the token in the cookie.
    pub hash: Digest32,
    /// Who signed in.
    pub user: User,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

/// Sessions.
pub trait SessionStore {
    /// Opens a session and forgets the wrong passwords before it.
    fn open_session(&self, new: &NewSession, audit: AuditEntry) -> Result<(), StoreError>;

    /// The session of that token, expired or not.
    fn session(&self, hash: Digest32) -> Result<Option<Session>, StoreError>;

    /// Ends a session.
    fn close_session(&self, hash: Digest32, audit: AuditEntry) -> Result<(), StoreError>;
}
