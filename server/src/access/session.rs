//! Officers on the web: sign in, be known again, sign out.

use jiff::Timestamp;
use sync_core::id::Digest32;

use super::limits::SESSION_LIFE;
use super::{AccessError, Token, password, throttle};
use crate::audit::{Action, Actor, AuditEntry};
use crate::store::{NewSession, Session, SessionStore, SignIn, User, UserStore};

/// A session that was just opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// For the cookie.
    pub token: Token,
    /// Who signed in.
    pub user: User,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

/// Signs a person in.
///
/// # Errors
/// Wrong login or password, too many of them, or a person who was turned off.
pub fn open(
    store: &(impl UserStore + SessionStore),
    now: Timestamp,
    login: &str,
    password: &str,
) -> Result<Opened, AccessError> {
    let known = judge(store, now, login, password)?;
    let actor = Actor::User(known.user.id);
    let token = Token::fresh();
    let expires_at = now.checked_add(SESSION_LIFE).unwrap_or(now);
    let new = NewSession {
        hash: token.hash(),
        user: known.user.id,
        expires_at,
    };
    store.open_session(&new, AuditEntry::new(now, actor, Action::SessionOpen, actor))?;
    Ok(Opened {
        token,
        user: known.user,
        expires_at,
    })
}

/// The person who shows login and password with a request, without a session: spreadsheets that read a feed. Wrong
/// passwords make them wait, as signing in does.
///
/// # Errors
/// As [`open`].
pub fn identify(
    store: &impl UserStore,
    now: Timestamp,
    login: &str,
    password: &str,
) -> Result<User, AccessError> {
    let known = judge(store, now, login, password)?;
    if known.failures > 0 {
        let actor = Actor::User(known.user.id);
        let audit = AuditEntry::new(now, actor, Action::FeedOpen, actor);
        store.forget_failures(known.user.id, audit)?;
    }
    Ok(known.user)
}

/// Whether login and password are somebody's who may try now.
fn judge(store: &impl UserStore, now: Timestamp, login: &str, password: &str) -> Result<SignIn, AccessError> {
    let known = store.sign_in(&login.trim().to_ascii_lowercase())?;
    if let Some(known) = &known {
        throttle::check(known.wait_until, now)?;
    }
    let right = password::verify(
        password,
        known.as_ref().and_then(|known| known.password.as_deref()),
    );
    let Some(known) = known else {
        return Err(AccessError::WrongPassword);
    };
    let actor = Actor::User(known.user.id);
    if !right {
        let audit = AuditEntry::new(now, Actor::Anonymous, Action::SessionFail, actor);
        store.note_failure(known.user.id, throttle::after_failure(known.failures, now), audit)?;
        return Err(AccessError::WrongPassword);
    }
    if known.user.disabled_at.is_some() {
        return Err(AccessError::UserDisabled);
    }
    Ok(known)
}

/// The open session of a token.
///
/// # Errors
/// When it is not known or has ended, or its holder was turned off.
pub fn find(store: &impl SessionStore, now: Timestamp, token: &Token) -> Result<Session, AccessError> {
    still(store, now, token.hash())
}

/// The open session of a token's hash.
///
/// # Errors
/// As [`find`].
pub fn still(store: &impl SessionStore, now: Timestamp, hash: Digest32) -> Result<Session, AccessError> {
    let session = store.session(hash)?.ok_or(AccessError::SessionExpired)?;
    if session.expires_at <= now {
        return Err(AccessError::SessionExpired);
    }
    if session.user.disabled_at.is_some() {
        return Err(AccessError::UserDisabled);
    }
    Ok(session)
}

/// Signs a person out.
///
/// # Errors
/// When the store fails.
pub fn close(store: &impl SessionStore, now: Timestamp, session: &Session) -> Result<(), AccessError> {
    let actor = Actor::User(session.user.id);
    Ok(store.close_session(
        session.hash,
        AuditEntry::new(now, actor, Action::SessionClose, actor),
    )?)
}
