//! A [`Problem`] as RFC 9457 `application/problem+json`.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::messages::Lang;
use crate::problem::Problem;

/// What went wrong, in the form of RFC 9457 with a stable `code` and a `hint`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `/problems/<code>`: names the kind, not an address to open.
    #[serde(rename = "type")]
    kind: String,
    /// What happened, in the language of the request.
    title: String,
    /// The HTTP status again.
    status: u16,
    /// The stable code of the kind.
    #[schema(example = "enrolment_code_used")]
    code: &'static str,
    /// What to do about it, in the language of the request.
    hint: String,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = render(&self, Lang::default());
        response.extensions_mut().insert(self);
        response
    }
}

/// The response in a language. Handlers do not know the language of the request; `layers` does and
/// renders again.
pub(super) fn render(problem: &Problem, lang: Lang) -> Response {
    let (title, hint) = problem.words(lang);
    let status = StatusCode::from_u16(problem.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let code = problem.code.name();
    let body = ProblemBody {
        kind: format!("/problems/{code}"),
        title,
        status: status.as_u16(),
        code,
        hint,
    };
    let mut response = (status, Json(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.name()));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(wait) = problem.wait_s().and_then(|wait| HeaderValue::from_str(wait).ok()) {
        headers.insert(header::RETRY_AFTER, wait);
    }
    response
}
