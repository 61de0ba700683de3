//! Plans and their targets.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::extract::{Caller, Path};
use crate::http::problem::ProblemBody;
use crate::http::wire::Page;
use crate::problem::{Code, Problem};
use crate::territory::plans;

/// A plan, in a line.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanSummary {
    /// Its stable id.
    id: String,
    /// Its title per language.
    #[schema(value_type = Object)]
    title: schemas::form::Label,
    /// The year it is for.
    year: i16,
    /// The plan it carries out.
    based_on: String,
    /// Units it is about.
    communes: usize,
    /// What it asks.
    targets: usize,
}

/// All plans.
#[utoipa::path(get, path = "/api/v1/plans", tag = "reference", security(("session" = []), ("device" = [])), responses(
    (status = 200, body = Page<PlanSummary>),
    (status = 401, body = ProblemBody),
))]
pub async fn list_plans(app: State<App>, _caller: Caller) -> Result<Json<Page<PlanSummary>>, Problem> {
    let known = app.blocking(|app| plans::all(&app.store)).await?;
    let summary = |(plan, _): (schemas::plan::Plan, String)| PlanSummary {
        communes: plan.scope.len(),
        targets: plan.targets.len(),
        id: plan.id,
        title: plan.title,
        year: plan.year,
        based_on: plan.based_on,
    };
    Ok(Json(Page {
        items: known.into_values().map(summary).collect(),
        next: None,
    }))
}

/// One plan as its file says it.
#[utoipa::path(get, path = "/api/v1/plans/{plan_id}", tag = "reference", security(("session" = []), ("device" = [])),
    params(("plan_id" = String, Path, description = "The id of the plan")),
    responses(
        (status = 200, body = Object, description = "`scope`, `targets`, `unit_targets`, `catalogue` …"),
        (status = 401, body = ProblemBody),
        (status = 404, body = ProblemBody, description = "`not_found`"),
    ))]
pub async fn get_plan(
    app: State<App>,
    _caller: Caller,
    Path(plan_id): Path<String>,
) -> Result<Response, Problem> {
    let mut known = app.blocking(|app| plans::all(&app.store)).await?;
    let (_, json) = known.remove(&plan_id).ok_or(Code::NotFound)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], json).into_response())
}
