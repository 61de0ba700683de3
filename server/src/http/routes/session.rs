//! Officers on the web: sign in, who am I, sign out.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{AccessError, Token, limits, session};
use crate::app::App;
use crate::http::extract::{Body, Caller, SESSION_COOKIE, Via};
use crate::http::problem::ProblemBody;
use crate::http::wire::{Me, UnitRef};
use crate::problem::{Code, Problem};

/// Who wants to sign in.
#[derive(Deserialize, ToSchema)]
pub struct SignIn {
    /// The login, in any case.
    login: String,
    /// The password.
    password: String,
}

/// Who is asking, and until when.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// The person.
    user: Me,
    /// Where they work.
    units: Vec<UnitRef>,
    /// RFC 3339; null for a device, whose token has no end.
    expires_at: Option<String>,
}

/// Signs an officer in and sets the session cookie.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", request_body = SignIn, responses(
    (status = 201, body = Session),
    (status = 401, body = ProblemBody, description = "`wrong_password`"),
    (status = 403, body = ProblemBody, description = "`user_disabled`"),
    (status = 429, body = ProblemBody, description = "`throttled`"),
))]
pub async fn create_session(app: State<App>, Body(request): Body<SignIn>) -> Result<Response, Problem> {
    let turn = app.hashing().await?;
    let (opened, units) = app
        .blocking(move |app| {
            let _turn = turn;
            let opened = session::open(&app.store, app.clock.now(), &request.login, &request.password)?;
            Ok::<_, AccessError>((opened, app.units()?))
        })
        .await?;
    let body = Session {
        user: Me::from(&opened.user),
        units: UnitRef::list(&opened.user.units, &units),
        expires_at: Some(opened.expires_at.to_string()),
    };
    let cookie = cookie(&app, Some(&opened.token))?;
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, cookie)], Json(body)).into_response())
}

/// Who is asking.
#[utoipa::path(get, path = "/api/v1/session", tag = "session", security(("session" = []), ("device" = [])), responses(
    (status = 200, body = Session),
    (status = 401, body = ProblemBody, description = "`not_signed_in`, `session_expired`, `token_unknown`"),
))]
pub async fn get_session(caller: Caller) -> Json<Session> {
    let expires_at = match &caller.via {
        Via::Session(session) => Some(session.expires_at.to_string()),
        Via::Device(_) => None,
    };
    Json(Session {
        user: Me::from(&caller.user),
        units: UnitRef::list(&caller.user.units, &caller.units),
        expires_at,
    })
}

/// Signs out and removes the cookie.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session", security(("session" = [])), responses(
    (status = 204),
    (status = 401, body = ProblemBody, description = "`not_signed_in`, `session_expired`"),
))]
pub async fn delete_session(app: State<App>, caller: Caller) -> Result<Response, Problem> {
    if let Via::Session(open) = caller.via {
        app.blocking(move |app| session::close(&app.store, app.clock.now(), &open))
            .await?;
    }
    Ok((
        StatusCode::NO_CONTENT,
        [(header::SET_COOKIE, cookie(&app, None)?)],
    )
        .into_response())
}

/// The cookie that holds `token`, or the one that removes it.
fn cookie(app: &App, token: Option<&Token>) -> Result<HeaderValue, Problem> {
    let http = &app.config.http;
    let value = token.map(Token::text).unwrap_or_default();
    let age = if token.is_some() {
        limits::SESSION_LIFE.as_secs()
    } else {
        0
    };
    let path = http.cookie_path();
    let secure = if http.is_secure() { "; Secure" } else { "" };
    let text =
        format!("{SESSION_COOKIE}={value}; Path={path}; Max-Age={age}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&text).map_err(|_| Code::Internal.into())
}
