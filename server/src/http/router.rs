//! Every route of the server, in one list.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::middleware;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::Predicate;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::complete::complete;
use super::routes::{
    audit, credentials, devices, duplicates, enroll, events, exports, forms, imports, odata, ops, plans,
    queue, records, reports, review, session, sync, units, users,
};
use super::{layers, openapi, shell};
use crate::app::App;
use crate::config::JSON_BODY_BYTES_MAX;
use crate::import::limits::FILE_BYTES_MAX;

/// Routes that answer within a bounded time and take small bodies.
fn resources() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(ops::get_healthz))
        .routes(routes!(ops::get_readyz))
        .routes(routes!(enroll::create_enrollment))
        .routes(routes!(
            session::create_session,
            session::get_session,
            session::delete_session
        ))
        .routes(routes!(forms::list_forms))
        .routes(routes!(forms::get_form))
        .routes(routes!(units::list_units))
        .routes(routes!(plans::list_plans))
        .routes(routes!(plans::get_plan))
        .routes(routes!(users::list_users, users::create_user))
        .routes(routes!(users::get_user, users::update_user))
        .routes(routes!(users::disable_user))
        .routes(routes!(users::enable_user))
        .routes(routes!(credentials::update_user_password))
        .routes(routes!(
            credentials::create_user_enrollment,
            credentials::list_user_enrollments
        ))
        .routes(routes!(credentials::delete_user_enrollment))
        .routes(routes!(devices::list_devices))
        .routes(routes!(devices::revoke_device))
        .routes(routes!(audit::list_audit))
        .routes(routes!(records::list_records))
        .routes(routes!(records::get_record))
        .routes(routes!(records::get_record_history))
        .routes(routes!(records::get_record_conflicts))
        .routes(routes!(records::get_record_document))
        .routes(routes!(review::review_record))
        .routes(routes!(review::resolve_record))
        .routes(routes!(review::correct_record))
        .routes(routes!(review::review_records))
        .routes(routes!(duplicates::get_duplicate))
        .routes(routes!(duplicates::merge_duplicate))
        .routes(routes!(duplicates::dismiss_duplicate))
        .routes(routes!(duplicates::undo_duplicate))
        .routes(routes!(queue::list_queue))
        .routes(routes!(queue::get_queue_counts))
        .routes(routes!(queue::admit_parked))
        .routes(routes!(queue::dismiss_parked))
        .routes(routes!(odata::get_feed_document))
        .route("/api/v1/odata", axum::routing::get(odata::get_feed_document))
        .routes(routes!(odata::get_feed_metadata))
        .routes(routes!(odata::list_feed_rows))
        .routes(routes!(odata::count_feed_rows))
        .routes(routes!(reports::list_reports))
        .routes(routes!(reports::get_report))
        .routes(routes!(reports::list_report_records))
        .layer(middleware::from_fn(layers::in_time))
        .layer(DefaultBodyLimit::max(JSON_BODY_BYTES_MAX))
        .layer(CompressionLayer::new().compress_when(JsonOnly))
}

/// Routes that carry records for as long as a slow link needs; each bounds itself.
fn transfers() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(exports::get_export))
        .routes(routes!(sync::sync_device))
        .routes(routes!(events::stream_events))
        .layer(DefaultBodyLimit::disable())
}

/// Files that an office brings: small, and looked at for as long as it takes.
fn files() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(imports::import_file))
        .layer(DefaultBodyLimit::max(FILE_BYTES_MAX))
        .layer(CompressionLayer::new().compress_when(JsonOnly))
}

/// The description of all routes, OpenAPI 3.1.
#[must_use]
pub fn description() -> OpenApi {
    complete(described().into_openapi())
}

fn described() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(openapi::frame())
        .merge(resources())
        .merge(files())
        .merge(transfers())
}

/// The whole service.
pub fn build(app: App) -> Router {
    let (router, api) = described().split_for_parts();
    let api = complete(api);
    let router = router.merge(openapi::route(&api)).merge(shell::routes(app.shell));
    let base = app.config.http.base_path.clone();
    let page = shell::page(app.shell);
    let based = if base.is_empty() {
        router.route("/", page)
    } else {
        Router::new()
            .nest(&base, router)
            .route(&base, shell::with_slash(&base))
            .route(&format!("{base}/"), page)
    };
    based
        .method_not_allowed_fallback(layers::method_not_allowed)
        .fallback(layers::not_found)
        .layer(CatchPanicLayer::custom(layers::panicked))
        .layer(middleware::from_fn_with_state(app.clone(), layers::around))
        .with_state(app)
}

/// Compresses JSON; records are compressed where they are encoded.
#[derive(Debug, Clone, Copy)]
struct JsonOnly;

impl Predicate for JsonOnly {
    fn should_compress<B: axum::body::HttpBody>(&self, response: &axum::http::Response<B>) -> bool {
        let kind = response
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok());
        kind.is_some_and(|kind| kind.starts_with("application/json"))
            && response
                .body()
                .size_hint()
                .exact()
                .is_none_or(|bytes| bytes > 512)
    }
}
