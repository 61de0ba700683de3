//! The forms records are made of.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::forms;
use crate::http::extract::{Caller, Path, Query};
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
pub async fn list_forms(app: State<App>, _caller: Caller) -> Result<Json<Page<FormSummary>>, Problem> {
    let catalog = app.blocking(App::catalog).await?;
    let summary = |form: &schemas::form::Form| FormSummary {
        form_id: form.form_id().to_owned(),
        version: form.version(),
        title: form.title.clone(),
    };
    Ok(Json(Page {
        items: catalog.iter().map(summary).collect(),
        next: None,
    }))
}

/// Which version of a form.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FormQuery {
    /// This version; without it, the newest.
    version: Option<u32>,
}

/// One form as its file says it, shaped like XLSForm.
#[utoipa::path(get, path = "/api/v1/forms/{form_id}", tag = "reference", security(("session" = []), ("device" = [])),
    params(("form_id" = String, Path, description = "The name of the form"), FormQuery),
    responses(
        (status = 200, body = Object, description = "`settings`, `survey`, `choices`"),
        (status = 400, body = ProblemBody, description = "`parameter_malformed`"),
        (status = 401, body = ProblemBody),
        (status = 404, body = ProblemBody, description = "`not_found`"),
    ))]
pub async fn get_form(
    app: State<App>,
    _caller: Caller,
    Path(form_id): Path<String>,
    Query(query): Query<FormQuery>,
) -> Result<Response, Problem> {
    let file = move |app: &App| forms::file(&app.store, &*app.catalog()?, &form_id, query.version);
    let json = app.blocking(file).await?.ok_or(Code::NotFound)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], json).into_response())
}
