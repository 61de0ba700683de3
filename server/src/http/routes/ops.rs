//! For whoever runs the server.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::problem::ProblemBody;
use crate::problem::Problem;

/// That the server is there.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// Always `ok`.
    status: &'static str,
    /// The version of the program.
    version: &'static str,
}

const OK: Health = Health {
    status: "ok",
    version: env!("CARGO_PKG_VERSION"),
};

/// Answers as long as the program runs.
#[utoipa::path(get, path = "/healthz", tag = "ops", responses((status = 200, body = Health)))]
pub async fn get_healthz() -> Json<Health> {
    Json(OK)
}

/// Answers when the store can be read and written.
#[utoipa::path(get, path = "/readyz", tag = "ops", responses(
    (status = 200, body = Health),
    (status = 503, body = ProblemBody, description = "`data_dir_read_only`, `disk_full`, `store_busy` …"),
))]
pub async fn get_readyz(app: State<App>) -> Result<Json<Health>, Problem> {
    app.blocking(|app| app.store.try_writing()).await?;
    Ok(Json(OK))
}
