//! Who is asking, and what they say, read from a request or refused as a problem.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use serde::de::DeserializeOwned;
use sync_core::id::DeviceId;
use sync_core::policy::Role;

use crate::access::{AccessError, Token, session};
use crate::app::App;
use crate::audit::{Action, Actor, AuditEntry};
use crate::problem::{Code, Problem};
use crate::store::{Device, DeviceStore as _, Session, User};
use crate::territory::Units;

/// The cookie that holds the token of a session.
pub const SESSION_COOKIE: &str = "soban_session";

/// Who is asking: a device by its token, or an officer by a session.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The person.
    pub user: User,
    /// How they showed who they are.
    pub via: Via,
    /// The units as they are at this request.
    pub units: Arc<Units>,
}

/// How somebody showed who they are.
#[derive(Debug, Clone)]
pub enum Via {
    /// By a device's token.
    Device(Device),
    /// By the session of a browser.
    Session(Session),
}

impl Caller {
    /// Refuses everybody but people of these roles.
    ///
    /// # Errors
    /// `role_forbidden`.
    pub fn require(&self, roles: &[Role]) -> Result<(), AccessError> {
        if roles.contains(&self.user.role) {
            Ok(())
        } else {
            Err(AccessError::RoleForbidden)
        }
    }

    /// The device that asks.
    ///
    /// # Errors
    /// `device_needed` for a browser.
    pub fn device(&self) -> Result<&Device, AccessError> {
        match &self.via {
            Via::Device(device) => Ok(device),
            Via::Session(_) => Err(AccessError::DeviceNeeded),
        }
    }

    /// As the audit log names who asks.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match &self.via {
            Via::Device(device) => Actor::Device(device.id),
            Via::Session(_) => Actor::User(self.user.id),
        }
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if let Some(token) = bearer(&parts.headers)? {
            let known = KnownDevice::find(app, token).await?;
            if known.device.revoked_at.is_some() {
                return Err(AccessError::DeviceRevoked.into());
            }
            if known.user.disabled_at.is_some() {
                return Err(AccessError::UserDisabled.into());
            }
            return Ok(Self {
                user: known.user,
                via: Via::Device(known.device),
                units: known.units,
            });
        }
        let token = cookie(&parts.headers).ok_or(AccessError::NotSignedIn)?;
        same_site(&parts.method, &parts.headers)?;
        app.blocking(move |app| {
            let session = session::find(&app.store, app.clock.now(), &token)?;
            let units = app.units()?;
            Ok::<_, AccessError>(Self {
                user: session.user.clone(),
                via: Via::Session(session),
                units,
            })
        })
        .await
    }
}

/// A device whose token is known, even if it or its holder was turned off since: what it wrote is
/// still taken in and parked, so that no work is lost.
#[derive(Debug, Clone)]
pub struct KnownDevice {
    /// The device.
    pub device: Device,
    /// The person who holds it.
    pub user: User,
    /// The units as they are at this request.
    pub units: Arc<Units>,
}

impl KnownDevice {
    /// True if the device or its holder was turned off: it is told nothing of anybody.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.device.revoked_at.is_some() || self.user.disabled_at.is_some()
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> DeviceId {
        self.device.id
    }

    async fn find(app: &App, token: Token) -> Result<Self, Problem> {
        app.blocking(move |app| {
            let holder = app.store.token(token.hash())?.ok_or(AccessError::TokenUnknown)?;
            if holder.first_time {
                let actor = Actor::Device(holder.device.id);
                let audit = AuditEntry::new(app.clock.now(), actor, Action::DeviceFirstSeen, actor);
                app.store.note_first_use(token.hash(), audit)?;
            }
            Ok::<_, AccessError>(Self {
                device: holder.device,
                user: holder.user,
                units: app.units()?,
            })
        })
        .await
    }
}

impl FromRequestParts<App> for KnownDevice {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let token = bearer(&parts.headers)?;
        let missing = if cookie(&parts.headers).is_some() {
            AccessError::DeviceNeeded
        } else {
            AccessError::NotSignedIn
        };
        Self::find(app, token.ok_or(missing)?).await
    }
}

/// The token of an `Authorization: Bearer` header.
fn bearer(headers: &HeaderMap) -> Result<Option<Token>, AccessError> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default();
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(AccessError::TokenUnknown);
    }
    Token::parse(token.trim())
        .map(Some)
        .ok_or(AccessError::TokenUnknown)
}

fn cookie(headers: &HeaderMap) -> Option<Token> {
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(name, _)| *name == SESSION_COOKIE)
        .and_then(|(_, value)| Token::parse(value))
}

/// Refuses changes that another site makes a browser send. `SameSite=Strict` says so already; this
/// holds where a browser does not.
fn same_site(method: &Method, headers: &HeaderMap) -> Result<(), AccessError> {
    if method.is_safe() {
        return Ok(());
    }
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if text("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return Err(AccessError::ForeignSite);
    }
    let origin = text("origin")
        .and_then(|origin| origin.split_once("://"))
        .map(|(_, host)| host);
    match (origin, text("host")) {
        (Some(origin), Some(host)) if origin != host => Err(AccessError::ForeignSite),
        _ => Ok(()),
    }
}

/// A JSON body, or the problem with it.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        match axum::Json::<T>::from_request(request, app).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(rejection) => Err(body_problem(&rejection)),
        }
    }
}

fn body_problem(rejection: &JsonRejection) -> Problem {
    let code = match rejection.status().as_u16() {
        413 => Code::BodyTooLarge,
        415 => Code::UnsupportedMediaType,
        _ => Code::BodyMalformed,
    };
    Problem::new(code).with("detail", rejection.body_text())
}

/// A body that is a file of any kind, or the problem with it.
#[derive(Debug)]
pub struct FileBody(pub Bytes);

impl FromRequest<App> for FileBody {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        match Bytes::from_request(request, app).await {
            Ok(bytes) => Ok(Self(bytes)),
            Err(rejection) if rejection.status().as_u16() == 413 => Err(Code::FileTooLarge.into()),
            Err(rejection) => Err(Problem::new(Code::BodyMalformed).with("detail", rejection.body_text())),
        }
    }
}

/// The parameters after `?`, or the problem with them.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let found = axum::extract::Query::<T>::from_request_parts(parts, app).await;
        let problem =
            |error: QueryRejection| Problem::new(Code::ParameterMalformed).with("detail", error.body_text());
        found
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(problem)
    }
}

/// The parameters inside the address, or the problem with them.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let found = axum::extract::Path::<T>::from_request_parts(parts, app).await;
        let problem =
            |error: PathRejection| Problem::new(Code::ParameterMalformed).with("detail", error.body_text());
        found
            .map(|axum::extract::Path(value)| Self(value))
            .map_err(problem)
    }
}
