//! The description of the API, generated from the handlers and served beside them.

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::routing::get;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};

use super::extract::SESSION_COOKIE;
use super::problem::ProblemBody;
use super::wire::queue::QueueKind;
use crate::app::App;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Sổ Bản",
        description = "An offline-first register for mountain communes. Every refusal is a Problem with a stable code and a hint."
    ),
    components(schemas(ProblemBody, QueueKind)),
    tags(
        (name = "enroll", description = "How a device comes in"),
        (name = "session", description = "Officers on the web"),
        (name = "reference", description = "Forms, units and plans"),
        (name = "people", description = "Users and devices"),
        (name = "exports", description = "Records as files and as OData feeds"),
        (name = "audit", description = "Who did what"),
        (name = "ops", description = "For whoever runs the server"),
    )
)]
struct Frame;

/// What stands around the routes: title, tags, ways to show who is asking.
pub(super) fn frame() -> OpenApi {
    let mut api = Frame::openapi();
    api.info.license = None;
    let components = api.components.get_or_insert_default();
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A device's token"))
        .build();
    components.add_security_scheme("device", SecurityScheme::Http(bearer));
    let basic = HttpBuilder::new()
        .scheme(HttpAuthScheme::Basic)
        .description(Some(
            "An officer's login and password, for spreadsheets that read a feed",
        ))
        .build();
    components.add_security_scheme("password", SecurityScheme::Http(basic));
    let cookie = ApiKeyValue::with_description(SESSION_COOKIE, "An officer's session");
    components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    api
}

/// The description as JSON with a line end, as it stands in `docs/openapi.json`.
#[must_use]
pub fn text(api: &OpenApi) -> String {
    api.to_pretty_json().map(|json| json + "\n").unwrap_or_default()
}

pub(super) fn route(api: &OpenApi) -> Router<App> {
    let json: Arc<str> = text(api).into();
    let answer = move || std::future::ready(([(header::CONTENT_TYPE, "application/json")], json.to_string()));
    Router::new().route("/api/v1/openapi.json", get(answer))
}
