//! Files that an office brings.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};

use crate::app::App;
use crate::http::extract::{Caller, FileBody, Path, Query};
use crate::http::problem::ProblemBody;
use crate::http::wire::import::{ImportReport, ImportWish};
use crate::import::{self, Bringer, Kind, Wish};
use crate::messages::Lang;
use crate::problem::{Code, Problem};

/// Says row by row what a file would do, or does it.
///
/// `units` (administrators): a table of units, CSV or XLSX. `plan` (province officers): a plan (JSON), or a table of
/// targets of single units, with the columns unit, indicator, op, value. `form` (administrators): a form (JSON) or an
/// XLSForm workbook. `households` (district officers, within their units): a list of households, CSV or XLSX. Nothing
/// is written without `apply`, and nothing of a file with bad rows without `partial`. The same file again changes
/// nothing.
#[utoipa::path(post, path = "/api/v1/imports/{kind}", tag = "imports", security(("session" = [])),
    params(("kind" = String, Path, description = "`units`, `plan`, `form` or `households`"), ImportWish),
    request_body(content_type = "application/octet-stream", description = "The file: CSV in UTF-8, XLSX or JSON, at most 4 MB"),
    responses(
        (status = 200, body = ImportReport),
        (status = 400, body = ProblemBody, description = "`parameter_malformed`"),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody, description = "`role_forbidden`"),
        (status = 404, body = ProblemBody, description = "`not_found`: no such kind"),
        (status = 413, body = ProblemBody, description = "`file_too_large`"),
        (status = 422, body = ProblemBody, description = "`text_not_unicode`, `csv_malformed`, `workbook_malformed`, `table_too_large`, `heads_missing`, `columns_missing`, `rows_unfit`, `units_contradict`, `plan_unfit`, `form_unfit`, `unit_unknown`"),
    ))]
pub async fn import_file(
    app: State<App>,
    caller: Caller,
    Path(kind): Path<String>,
    Query(wish): Query<ImportWish>,
    headers: HeaderMap,
    FileBody(bytes): FileBody,
) -> Result<Json<ImportReport>, Problem> {
    let kind = Kind::from_name(&kind).ok_or(Code::NotFound)?;
    caller.require(&[kind.role()])?;
    let language = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|text| text.to_str().ok());
    let lang = language.map_or_else(Lang::default, Lang::accepted);
    let report = app
        .blocking(move |app| import(app, caller, kind, &bytes, wish))
        .await?;
    Ok(Json(ImportReport::of(report, lang)))
}

fn import(
    app: &App,
    caller: Caller,
    kind: Kind,
    bytes: &Bytes,
    wish: ImportWish,
) -> Result<import::Report, import::ImportError> {
    let wish = Wish {
        apply: wish.apply,
        partial: wish.partial,
        plan: wish.plan,
        name: wish
            .name
            .unwrap_or_default()
            .chars()
            .take(import::limits::SHOWN_CHARS_MAX)
            .collect(),
    };
    import::run(app, &Bringer::Person(caller.user), kind, bytes, &wish)
}
