//! Who did what, when.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use sync_core::policy::Role;
use utoipa::IntoParams;

use crate::app::App;
use crate::http::extract::{Caller, Query};
use crate::http::problem::ProblemBody;
use crate::http::wire::{AuditLine, Page, page_rows};
use crate::problem::Problem;
use crate::store::AuditStore as _;

/// Which lines.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditFilter {
    /// Only this action, as `device_enrol`.
    action: Option<String>,
    /// Only acts on this, as `user:<id>`.
    target: Option<String>,
    /// Rows on this page: 100 if not said, at most 500.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<i64>,
}

/// Lines of the audit log, newest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", security(("session" = [])), params(AuditFilter), responses(
    (status = 200, body = Page<AuditLine>),
    (status = 403, body = ProblemBody, description = "`role_forbidden`"),
))]
pub async fn list_audit(
    app: State<App>,
    caller: Caller,
    Query(filter): Query<AuditFilter>,
) -> Result<Json<Page<AuditLine>>, Problem> {
    caller.require(&[Role::Admin])?;
    let rows = page_rows(filter.limit);
    app.blocking(move |app| {
        let (action, target) = (filter.action.as_deref(), filter.target.as_deref());
        let found = app.store.audit_lines(filter.cursor, action, target, rows + 1)?;
        Ok::<_, Problem>(Json(Page::of(
            found,
            rows,
            |line| line.seq.to_string(),
            AuditLine::from,
        )))
    })
    .await
}
