//! Records of one kind as a file.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use http_body_util::channel::{Channel, Sender};
use jiff::civil::Date;
use serde::Deserialize;
use tokio::io::AsyncReadExt as _;
use utoipa::IntoParams;

use crate::access::people;
use crate::app::App;
use crate::config::EXPORT_READ_TIMEOUT;
use crate::export::{Ask, Asker, Done, Format, export};
use crate::http::extract::{Caller, Path, Query};
use crate::http::problem::ProblemBody;
use crate::problem::{Code, Problem};

/// Bytes of one piece of a file on its way out.
const PIECE: usize = 64 * 1024;
/// Pieces that wait for the network.
const PIECES_WAITING: usize = 4;

/// Which records go into the file, and how.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportFilter {
    /// Only records under this unit: UUID or code.
    pub unit: Option<String>,
    /// Only from this day on, `YYYY-MM-DD`: the day of what the record tells of, or of its arrival where it names none.
    #[param(format = Date)]
    pub from: Option<String>,
    /// Only up to this day, `YYYY-MM-DD`.
    #[param(format = Date)]
    pub to: Option<String>,
    /// Only records in this review state.
    pub state: Option<String>,
    /// `true` for labels in place of codes.
    pub labels: Option<bool>,
    /// For CSV: the rows of this repeat (`members`) in place of the records.
    pub repeat: Option<String>,
    /// Why personal answers have to be seen; without it they are hidden. It is written to the audit log.
    pub reason: Option<String>,
}

/// Records of one kind within reach, as a file.
///
/// For officers of district and province. All of it is from one moment. Every export is written to the audit log.
#[utoipa::path(get, path = "/api/v1/exports/{file}", tag = "exports", security(("session" = []), ("device" = [])),
    params(("file" = String, Path, description = "Form and format: `household.csv`, `household_visit.xlsx`, `household.geojson`, `job_fair.jsonl`", example = "household.csv"), ExportFilter),
    responses(
    (status = 200, description = "The file", content(
        ("text/csv"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("application/geo+json"),
        ("application/x-ndjson"),
    )),
    (status = 400, body = ProblemBody, description = "`parameter_malformed`"),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "`role_forbidden`"),
    (status = 404, body = ProblemBody, description = "`export_unknown`"),
    (status = 422, body = ProblemBody, description = "`unit_unknown`, `unit_ambiguous`, `no_geopoint`, `reason_too_long`"),
))]
pub async fn get_export(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
    Query(filter): Query<ExportFilter>,
) -> Result<Response, Problem> {
    let (kind, format) =
        Format::of_name(&name).ok_or_else(|| Problem::new(Code::ExportUnknown).with("name", &name))?;
    let ask = ask(&app, &caller, kind, filter)?;
    let turn = app.exporting().await?;
    let waits = Waits::default();
    let given_up = Arc::clone(&waits.0);
    let done = app
        .blocking(move |app| {
            let _turn = turn;
            let asker = Asker::officer(app, &caller.user, caller.actor())?;
            export(app, &asker, &ask, format, &given_up).map_err(Problem::from)
        })
        .await?;
    drop(waits);
    answer(done, &name, format)
}

/// While this lives somebody waits for the file; when the connection is cut, axum drops it.
#[derive(Default)]
struct Waits(Arc<AtomicBool>);

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn ask(app: &App, caller: &Caller, kind: &str, filter: ExportFilter) -> Result<Ask, Problem> {
    let malformed = |what: &str| Problem::new(Code::ParameterMalformed).with("detail", what);
    let day = |text: Option<String>, name: &str| -> Result<Option<Date>, Problem> {
        text.map(|text| text.parse().map_err(|_| malformed(name)))
            .transpose()
    };
    let unit = filter.unit.as_deref();
    let unit = unit.map(|unit| people::unit(&caller.units, app.clock.now(), unit));
    Ok(Ask {
        kind: kind.to_owned(),
        unit: unit.transpose()?,
        from: day(filter.from, "from")?,
        to: day(filter.to, "to")?,
        state: filter.state,
        labels: filter.labels.unwrap_or_default(),
        repeat: filter.repeat.unwrap_or_default(),
        reason: filter.reason,
    })
}

fn answer(done: Done, name: &str, format: Format) -> Result<Response, Problem> {
    let (sender, channel) = Channel::<Bytes, io::Error>::new(PIECES_WAITING);
    let file = tokio::fs::File::from_std(done.file);
    tokio::spawn(send(file, sender));
    let text = |text: String| HeaderValue::from_str(&text).map_err(|_| Problem::new(Code::Internal));
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static(format.media_type()),
        ),
        (header::CONTENT_LENGTH, done.bytes.into()),
        (
            header::CONTENT_DISPOSITION,
            text(format!("attachment; filename=\"{name}\""))?,
        ),
    ];
    Ok((headers, Body::new(channel)).into_response())
}

/// Sends a file as fast as the reader takes it, and gives up on one who takes nothing for long.
async fn send(mut file: tokio::fs::File, mut sender: Sender<Bytes, io::Error>) {
    loop {
        let mut piece = vec![0; PIECE];
        match file.read(&mut piece).await {
            Ok(0) => return,
            Ok(read) => piece.truncate(read),
            Err(error) => return sender.abort(error),
        }
        let sent = tokio::time::timeout(EXPORT_READ_TIMEOUT, sender.send_data(Bytes::from(piece))).await;
        if !matches!(sent, Ok(Ok(()))) {
            return;
        }
    }
}
