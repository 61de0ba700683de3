//! The forms records are made of.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use schemas::catalog::BUILTIN;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::extract::{Caller, Path};
use crate::http::problem::ProblemBody;
use crate::http::wire::Page;
use crate::problem::{Code, Problem};

/// A form, in a line.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormSummary {
    /// Its name, which is the kind of its records.
    form_id: String,
    /// Its newest version.
    version: u32,
    /// Its title per language.
    #[schema(value_type = Object)]
    title: schemas::form::Label,
}

/// All forms in their newest version.
#[utoipa::path(get, path = "/api/v1/forms", tag = "reference", security(("session" = []), ("device" = [])), responses(
    (status = 200, body = Page<FormSummary>),
    (status = 401, body = ProblemBody),
))]
pub async fn list_forms(app: State<App>, _caller: Caller) -> Json<Page<FormSummary>> {
    let summary = |form: &schemas::form::Form| FormSummary {
        form_id: form.form_id().to_owned(),
        version: form.version(),
        title: form.title.clone(),
    };
    Json(Page {
        items: app.catalog.iter().map(summary).collect(),
        next: None,
    })
}

/// One form as its file says it, shaped like XLSForm.
#[utoipa::path(get, path = "/api/v1/forms/{form_id}", tag = "reference", security(("session" = []), ("device" = [])),
    params(("form_id" = String, Path, description = "The name of the form")),
    responses(
        (status = 200, body = Object, description = "`settings`, `survey`, `choices`"),
        (status = 401, body = ProblemBody),
        (status = 404, body = ProblemBody, description = "`not_found`"),
    ))]
pub async fn get_form(_caller: Caller, Path(form_id): Path<String>) -> Result<Response, Problem> {
    let (_, json) = BUILTIN
        .iter()
        .find(|(name, _)| *name == form_id)
        .ok_or(Code::NotFound)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], *json).into_response())
}
