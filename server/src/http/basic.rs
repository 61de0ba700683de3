//! Who reads a feed: an officer by session, or by login and password (RFC 7617), as spreadsheets ask for them.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::access::{AccessError, session};
use crate::app::App;
use crate::audit::Actor;
use crate::http::extract::Caller;
use crate::problem::Problem;
use crate::store::User;

/// Longest header that is looked at.
const HEADER_BYTES_MAX: usize = 2_048;

/// Who reads.
#[derive(Debug, Clone)]
pub struct Reader {
    /// The person.
    pub user: User,
    /// As the audit log names them.
    pub actor: Actor,
}

impl FromRequestParts<App> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let shown = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let Some(shown) = shown.and_then(basic) else {
            let caller = Caller::from_request_parts(parts, app).await?;
            let actor = caller.actor();
            return Ok(Self {
                user: caller.user,
                actor,
            });
        };
        let (login, password) = shown.ok_or(AccessError::WrongPassword)?;
        let turn = app.hashing().await?;
        let user = app
            .blocking(move |app| {
                let _turn = turn;
                session::identify(&app.store, app.clock.now(), &login, &password)
            })
            .await?;
        let actor = Actor::User(user.id);
        Ok(Self { user, actor })
    }
}

/// Login and password of a header of this kind: none if it is of another kind, nothing inside if it cannot be read.
fn basic(header: &str) -> Option<Option<(String, String)>> {
    let (scheme, rest) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let read = || {
        let bytes = STANDARD.decode(rest.trim()).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let (login, password) = text.split_once(':')?;
        Some((login.to_owned(), password.to_owned()))
    };
    Some(if header.len() > HEADER_BYTES_MAX {
        None
    } else {
        read()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn login_and_password_are_read() {
        let pair = |login: &str, password: &str| Some(Some((login.to_owned(), password.to_owned())));
        assert_eq!(basic("Basic bGFuOmE6Yg=="), pair("lan", "a:b"));
        assert_eq!(basic("basic bGFuOg=="), pair("lan", ""));
        assert_eq!(basic("Bearer x"), None);
        assert_eq!(basic("Basic ???"), Some(None));
        assert_eq!(basic(&format!("Basic {}", "A".repeat(4_096))), Some(None));
    }
}
