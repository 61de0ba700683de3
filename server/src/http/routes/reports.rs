//! Reports: figures on screen and as sheets, and the records behind a figure.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use schemas::report::{Key, Report, Want};
use sync_core::policy::Role;

use crate::app::App;
use crate::http::extract::{Caller, Path, Query};
use crate::http::problem::ProblemBody;
use crate::http::routes::records::record_row;
use crate::http::wire::record::RecordRow;
use crate::http::wire::report::{FigureQuery, ReportBody, ReportInfo, ReportQuery};
use crate::http::wire::{Page, page_rows};
use crate::messages::Lang;
use crate::problem::{Code, Problem};
use crate::report::{self, Reader, ReportError};

const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The reports there are.
#[utoipa::path(get, path = "/api/v1/reports", tag = "reports", security(("session" = [])), responses(
    (status = 200, body = Vec<ReportInfo>),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
))]
pub async fn list_reports(State(app): State<App>, caller: Caller) -> Result<Json<Vec<ReportInfo>>, Problem> {
    app.blocking(move |app| {
        let reader = reader(app, &caller)?;
        let told = Report::ALL
            .iter()
            .filter(|report| !report.names_people() || reader.reach.is_some());
        Ok::<_, Problem>(Json(told.map(|report| ReportInfo::of(*report)).collect()))
    })
    .await
}

/// One report: as JSON, or with `.xlsx` behind its name as a sheet with the official heads.
///
/// Officers of a review scope count that scope; the province and observers everything. A report that names people is
/// not for observers, hides names from a province officer who gives no reason, and is written to the audit log where
/// names are shown; so is every sheet.
#[utoipa::path(get, path = "/api/v1/reports/{name}", tag = "reports", security(("session" = [])),
    params(("name" = String, Path, description = "`plan_progress`, …; `plan_progress.xlsx` for a sheet"), ReportQuery),
    responses(
    (status = 200, content((ReportBody = "application/json"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "`role_forbidden`, `out_of_scope`"),
    (status = 404, body = ProblemBody, description = "`report_unknown`"),
    (status = 422, body = ProblemBody, description = "`unit_unknown`, `unit_ambiguous`"),
))]
pub async fn get_report(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
    Query(query): Query<ReportQuery>,
) -> Result<Response, Problem> {
    app.blocking(move |app| {
        let (name, as_sheet) = match name.strip_suffix(".xlsx") {
            Some(name) => (name, true),
            None => (name.as_str(), false),
        };
        let (reader, report) = (reader(app, &caller)?, named(name)?);
        let lang = match query.lang.as_deref() {
            None => Lang::default(),
            Some(lang) => Lang::from_name(lang)
                .ok_or_else(|| Problem::new(Code::ParameterMalformed).with("detail", "lang"))?,
        };
        let made = report::make(app, &reader, report, &query.into())?;
        if !as_sheet {
            return Ok::<_, Problem>(Json(ReportBody::from(made)).into_response());
        }
        let bytes = report::sheet(&made, lang)?;
        report::note_export(app, &reader, &made)?;
        let file = format!(
            "attachment; filename=\"{}-{}.xlsx\"",
            made.report.code(),
            made.period.end()
        );
        let mut response = bytes.into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(SHEET));
        if let Ok(file) = HeaderValue::from_str(&file) {
            headers.insert(header::CONTENT_DISPOSITION, file);
        }
        Ok(response)
    })
    .await
}

/// The records behind one figure of a report.
#[utoipa::path(get, path = "/api/v1/reports/{name}/records", tag = "reports", security(("session" = [])),
    params(("name" = String, Path, description = "`plan_progress`, …"), FigureQuery, ReportQuery), responses(
    (status = 200, body = Page<RecordRow>),
    (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "`role_forbidden`: observers see figures only"),
    (status = 404, body = ProblemBody, description = "`report_unknown`, `figure_unknown`"),
    (status = 422, body = ProblemBody, description = "`unit_unknown`, `unit_ambiguous`"),
))]
pub async fn list_report_records(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
    Query(figure): Query<FigureQuery>,
    Query(query): Query<ReportQuery>,
) -> Result<Json<Page<RecordRow>>, Problem> {
    app.blocking(move |app| {
        let (reader, report) = (reader(app, &caller)?, named(&name)?);
        let malformed = || Problem::new(Code::ParameterMalformed).with("detail", "cursor");
        let after = figure
            .cursor
            .as_deref()
            .map(|cursor| Key::parse(cursor).ok_or_else(malformed));
        let after = after.transpose()?;
        let rows = page_rows(figure.limit);
        let want = Want {
            row: figure.row,
            column: figure.column,
        };
        let found = report::records(app, &reader, report, &query.into(), &want, (after, rows + 1))?;
        let hidden = caller.user.role == Role::ProvinceOfficer;
        Ok::<_, Problem>(Json(Page::of(
            found,
            rows,
            |row| row.id.to_string(),
            |row| record_row(row, hidden),
        )))
    })
    .await
}

fn reader(app: &App, caller: &Caller) -> Result<Reader, Problem> {
    let shared = app.shared_kinds()?;
    Ok(Reader::of(&caller.user, &caller.units, &shared, caller.actor())?)
}

fn named(name: &str) -> Result<Report, ReportError> {
    Report::parse(name).ok_or_else(|| ReportError::ReportUnknown(name.to_owned()))
}
