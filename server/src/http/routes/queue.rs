//! What needs an officer's eyes: disagreements, likely duplicates, changes that were set aside.

use axum::Json;
use axum::extract::State;
use sync_core::id::{ChangeHash, RecordId};
use sync_core::policy::Role;

use super::records::{aside_body, record_row};
use crate::app::App;
use crate::http::extract::{Caller, Path, Query};
use crate::http::problem::ProblemBody;
use crate::http::wire::record::{DecisionBody, QueueFilter, QueueItem, QueueKind};
use crate::http::wire::{Page, page_rows};
use crate::problem::{Code, Problem};
use crate::review::{self, Authors, ReviewError, reach};
use crate::store::User;
use crate::store::reader::{AsideSummary, Reach, RecordQuery, RecordReader as _};
use crate::store::record::State as ChangeState;

/// What needs eyes within the officer's review scope, one kind at a time.
#[utoipa::path(get, path = "/api/v1/queue", tag = "review", security(("session" = []), ("device" = [])),
    params(QueueFilter), responses(
    (status = 200, body = Page<QueueItem>),
    (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "`role_forbidden`: not an officer"),
))]
pub async fn list_queue(
    State(app): State<App>,
    caller: Caller,
    Query(filter): Query<QueueFilter>,
) -> Result<Json<Page<QueueItem>>, Problem> {
    caller.require(&[Role::DistrictOfficer])?;
    let rows = page_rows(filter.limit);
    app.blocking(move |app| {
        let reach = reach(&caller.user, &caller.units, &app.shared_kinds()?)?;
        let cursor = filter.cursor.unwrap_or_default();
        let page = match filter.kind {
            QueueKind::Conflict => conflicts(app, reach, &cursor, rows)?,
            QueueKind::Duplicate => duplicates(app, &reach, &cursor, rows)?,
            QueueKind::Parked => parked(app, &caller.user, &cursor, rows)?,
        };
        Ok::<_, Problem>(Json(page))
    })
    .await
}

fn malformed() -> Problem {
    Problem::new(Code::ParameterMalformed).with("detail", "cursor")
}

fn place(cursor: &str) -> Result<i64, Problem> {
    if cursor.is_empty() {
        Ok(0)
    } else {
        cursor.parse().map_err(|_| malformed())
    }
}

fn conflicts(app: &App, reach: Reach, cursor: &str, rows: usize) -> Result<Page<QueueItem>, Problem> {
    let query = RecordQuery {
        reach,
        kind: None,
        units: None,
        state: None,
        words: Vec::new(),
        updated_after_ms: None,
        conflicts_only: true,
        after: place(cursor)?,
        limit: rows + 1,
    };
    let found = app.store.list(&query)?;
    let item = |row| QueueItem::Conflict {
        record: record_row(row, false),
    };
    Ok(Page::of(found, rows, |row| row.place.to_string(), item))
}

fn duplicates(app: &App, reach: &Reach, cursor: &str, rows: usize) -> Result<Page<QueueItem>, Problem> {
    let after = match cursor.split_once('/') {
        Some((first, second)) => {
            let id = |text: &str| text.parse::<RecordId>().map_err(|_| malformed());
            Some((id(first)?, id(second)?))
        }
        None if cursor.is_empty() => None,
        None => return Err(malformed()),
    };
    let found = app.store.duplicates(reach, after, rows + 1)?;
    Ok(Page::of(
        found,
        rows,
        |pair| format!("{}/{}", pair.first.id, pair.second.id),
        |pair| QueueItem::Duplicate {
            first: record_row(pair.first, false),
            second: record_row(pair.second, false),
            why: pair.why,
        },
    ))
}

fn parked(app: &App, user: &User, cursor: &str, rows: usize) -> Result<Page<QueueItem>, Problem> {
    let authors = Authors(app.devices.current(&app.store)?);
    let mut after = place(cursor)?;
    let mut found: Vec<AsideSummary> = Vec::new();
    while found.len() <= rows {
        let page = app.store.parked_changes(after, rows + 1)?;
        let Some(last) = page.last() else { break };
        after = last.place;
        for change in page {
            if review::concerns(app, user, &change)? {
                found.push(change);
            }
        }
    }
    let item = |change| QueueItem::Parked {
        change: aside_body(change, &authors, false),
    };
    Ok(Page::of(found, rows, |change| change.place.to_string(), item))
}

/// Lets a parked change through.
#[utoipa::path(post, path = "/api/v1/parked/{change}/admit", tag = "review", security(("session" = [])),
    params(("change" = String, Path, description = "The change's hash in hex")), responses(
    (status = 200, body = DecisionBody),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "`parked_unknown`"),
    (status = 409, body = ProblemBody, description = "`parked_forever`"),
))]
pub async fn admit_parked(
    State(app): State<App>,
    caller: Caller,
    Path(change): Path<String>,
) -> Result<Json<DecisionBody>, Problem> {
    decide(app, caller, change, review::admit).await
}

/// Says no to a parked change. It stays in the log.
#[utoipa::path(post, path = "/api/v1/parked/{change}/dismiss", tag = "review", security(("session" = [])),
    params(("change" = String, Path, description = "The change's hash in hex")), responses(
    (status = 200, body = DecisionBody),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "`parked_unknown`"),
))]
pub async fn dismiss_parked(
    State(app): State<App>,
    caller: Caller,
    Path(change): Path<String>,
) -> Result<Json<DecisionBody>, Problem> {
    decide(app, caller, change, review::dismiss).await
}

async fn decide(
    app: App,
    caller: Caller,
    change: String,
    act: fn(&App, &User, ChangeHash) -> Result<ChangeState, ReviewError>,
) -> Result<Json<DecisionBody>, Problem> {
    caller.require(&[Role::DistrictOfficer])?;
    let hash = ChangeHash::from_hex(&change).ok_or_else(|| Problem::new(Code::ParkedUnknown))?;
    app.blocking(move |app| {
        let state = act(app, &caller.user, hash)?;
        let reason = state.reason().map(|reason| reason.code().to_owned());
        Ok::<_, Problem>(Json(DecisionBody {
            change,
            state: state.name().to_owned(),
            reason,
        }))
    })
    .await
}
