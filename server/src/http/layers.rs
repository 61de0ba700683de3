//! What happens to every request: an id, a span, a count, the language of its refusals, headers
//! that keep browsers careful, and a panic that becomes a problem like any other.

use std::any::Any;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sync_core::id::hex;
use tracing::Instrument as _;

use super::problem::render;
use super::routes::sync::FRAMES;
use crate::app::App;
use crate::config::REQUEST_TIMEOUT;
use crate::entropy;
use crate::messages::Lang;
use crate::problem::{Code, Problem};

/// Where spreadsheets read.
const FEED: &str = "/api/v1/odata";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request an id and a span, counts it, and says refusals in its language.
pub(super) async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = hex(&entropy::bytes::<8>());
    let method = request.method().clone();
    // The route, not the address: ids of records and people stay out of the counters.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("none", MatchedPath::as_str)
        .to_owned();
    let lang = language(request.headers());
    let span = tracing::info_span!("request", id, %method, route);
    let mut response = async {
        let response = next.run(request).await;
        tracing::info!(
            status = response.status().as_u16(),
            took_ms = started.elapsed().as_millis(),
            "answered"
        );
        response
    }
    .instrument(span)
    .await;
    let problem = response.extensions_mut().remove::<Problem>();
    if let Some(problem) = &problem {
        app.metrics
            .add("soban_problems_total", &[("code", problem.code.name())], 1);
        if lang != Lang::default() {
            response = render(problem, lang);
        }
    }
    let status = response.status().as_u16().to_string();
    let labels = [
        ("method", method.as_str()),
        ("route", route.as_str()),
        ("status", status.as_str()),
    ];
    app.metrics.add("soban_requests_total", &labels, 1);
    app.metrics.took(
        "soban_request_seconds",
        &[("route", route.as_str())],
        started.elapsed(),
    );
    if status == "401" && route.starts_with(FEED) {
        // What makes a spreadsheet ask for login and password.
        let basic = HeaderValue::from_static("Basic realm=\"So Ban\", charset=\"UTF-8\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, basic);
    }
    guard(&mut response, &id);
    response
}

/// The language the reader asks for.
pub(super) fn language(headers: &HeaderMap) -> Lang {
    let header = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    header.map_or_else(Lang::default, Lang::accepted)
}

fn guard(response: &mut Response, id: &str) {
    let headers = response.headers_mut();
    // No browser shows frames, and on a thin link every header is paid for at every sync.
    if headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == FRAMES)
    {
        return;
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}

/// Bounds the time until an answer begins, for routes that carry no records.
pub(super) async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(REQUEST_TIMEOUT, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(Code::RequestTimeout).into_response(),
    }
}

/// A panic in a handler is logged and answered like any other failure.
pub(super) fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let said = panic.downcast_ref::<String>().map(String::as_str);
    let said = said
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no words");
    tracing::error!(said, "a handler panicked");
    Problem::new(Code::Internal).into_response()
}

/// Nothing lies at this address.
pub(super) async fn not_found() -> Problem {
    Code::NotFound.into()
}

/// The address does not take this method.
pub(super) async fn method_not_allowed() -> Problem {
    Code::MethodNotAllowed.into()
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::routing::get;
    use tower::ServiceExt as _;
    use tower_http::catch_panic::CatchPanicLayer;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_answered_like_any_other_failure() {
        let fails = || async {
            if Lang::default() == Lang::Vi {
                panic!("on purpose")
            }
        };
        let router: Router = Router::new()
            .route("/", get(fails))
            .layer(CatchPanicLayer::custom(panicked));
        let response = router
            .oneshot(Request::get("/").body(Body::empty()).expect("a request"))
            .await;
        let response = response.expect("an answer");
        assert_eq!(response.status(), 500);
        assert_eq!(
            response.headers()[header::CONTENT_TYPE],
            "application/problem+json"
        );
    }
}
