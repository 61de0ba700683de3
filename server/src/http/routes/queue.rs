//! What needs an officer's eyes: disagreements, findings, likely duplicates, changes that were set aside.

use axum::Json;
use axum::extract::State;
use schemas::likeness::Sign;
use sync_core::id::{ChangeHash, RecordId};
use sync_core::policy::Role;

use super::records::{aside_body, record_row, units_under};
use crate::access;
use crate::app::App;
use crate::http::extract::{Caller, Path, Query};
use crate::http::problem::ProblemBody;
use crate::http::wire::queue::{CountFilter, QueueCounts, QueueFilter, QueueItem, QueueKind, SignBody};
use crate::http::wire::record::DecisionBody;
use crate::http::wire::{Device, Page, page_rows};
use crate::messages::Lang;
use crate::problem::{Code, Problem};
use crate::review::queue::{self, Counts, Wanted};
use crate::review::{self, Authors, ReviewError, reach};
use crate::store::reader::Eyes;
use crate::store::record::State as ChangeState;
use crate::store::{DeviceReach, HeldDevice, User};

/// Days after which a phone is silent, unless somebody says how many.
const SILENT_DAYS: i64 = 7;
/// Milliseconds of a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What needs eyes within the officer's review scope, one kind at a time.
#[utoipa::path(get, path = "/api/v1/queue", tag = "review", security(("session" = []), ("device" = [])),
    params(QueueFilter), responses(
    (status = 200, body = Page<QueueItem>),
    (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "`role_forbidden`: not an officer"),
    (status = 422, body = ProblemBody, description = "`unit_unknown`, `unit_ambiguous`"),
))]
pub async fn list_queue(
    State(app): State<App>,
    caller: Caller,
    Query(filter): Query<QueueFilter>,
) -> Result<Json<Page<QueueItem>>, Problem> {
    caller.require(&[Role::DistrictOfficer])?;
    let rows = page_rows(filter.limit);
    app.blocking(move |app| {
        let cursor = filter.cursor.unwrap_or_default();
        let only = CountFilter {
            unit: filter.unit,
            form: filter.form,
            older_than_days: filter.older_than_days,
        };
        let wanted = wanted(app, &caller, only)?;
        let page = match filter.kind {
            QueueKind::Conflict => records(app, &wanted, Eyes::Conflict, &cursor, rows)?,
            QueueKind::Finding => records(app, &wanted, Eyes::Finding, &cursor, rows)?,
            QueueKind::Edited => records(app, &wanted, Eyes::Edited, &cursor, rows)?,
            QueueKind::Duplicate => duplicates(app, &wanted, &cursor, rows)?,
            QueueKind::Device => devices(app, &caller, &wanted, &cursor, rows)?,
            QueueKind::Parked => parked(app, &caller.user, &wanted, &cursor, rows)?,
        };
        Ok::<_, Problem>(Json(page))
    })
    .await
}

/// How much needs eyes, by kind.
#[utoipa::path(get, path = "/api/v1/queue/counts", tag = "review",
    security(("session" = []), ("device" = [])), params(CountFilter), responses(
    (status = 200, body = QueueCounts),
    (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "`role_forbidden`: not an officer"),
    (status = 422, body = ProblemBody, description = "`unit_unknown`, `unit_ambiguous`"),
))]
pub async fn get_queue_counts(
    State(app): State<App>,
    caller: Caller,
    Query(filter): Query<CountFilter>,
) -> Result<Json<QueueCounts>, Problem> {
    caller.require(&[Role::DistrictOfficer])?;
    app.blocking(move |app| {
        let wanted = wanted(app, &caller, filter)?;
        let Counts {
            conflict,
            duplicate,
            finding,
            parked,
            edited,
            device,
        } = queue::counts(app, &caller.user, &wanted)?;
        Ok::<_, Problem>(Json(QueueCounts {
            conflict,
            duplicate,
            finding,
            parked,
            edited,
            device,
        }))
    })
    .await
}

fn wanted(app: &App, caller: &Caller, filter: CountFilter) -> Result<Wanted, Problem> {
    let days = filter.older_than_days.map(i64::from);
    let ago = |days: i64| app.clock.now().as_millisecond().saturating_sub(days * DAY_MS);
    let units = units_under(app, caller, filter.unit.as_deref())?;
    let mut devices = access::devices::reach(&caller.user, &caller.units)?;
    if let (DeviceReach::Field { units: own, .. }, Some(wanted)) = (&mut devices, &units) {
        own.retain(|unit| wanted.contains(unit));
    }
    Ok(Wanted {
        reach: reach(&caller.user, &caller.units, &app.shared_kinds()?)?,
        form: filter.form,
        units,
        before_ms: days.map(ago),
        silent_ms: ago(days.unwrap_or(SILENT_DAYS)),
        devices,
    })
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

fn records(
    app: &App,
    wanted: &Wanted,
    eyes: Eyes,
    cursor: &str,
    rows: usize,
) -> Result<Page<QueueItem>, Problem> {
    let found = queue::records(app, wanted, eyes, place(cursor)?, rows + 1)?;
    let item = |row| {
        let record = record_row(row, false);
        match eyes {
            Eyes::Conflict => QueueItem::Conflict { record },
            Eyes::Finding => QueueItem::Finding { record },
            Eyes::Edited => QueueItem::Edited { record },
        }
    };
    Ok(Page::of(found, rows, |row| row.place.to_string(), item))
}

fn duplicates(app: &App, wanted: &Wanted, cursor: &str, rows: usize) -> Result<Page<QueueItem>, Problem> {
    let after = match cursor.is_empty() {
        true => None,
        false => Some(pair_of(cursor).ok_or_else(malformed)?),
    };
    let found = queue::pairs(app, wanted, after, rows + 1)?;
    Ok(Page::of(
        found,
        rows,
        |found| format!("{}~{}", found.pair.first.id, found.pair.second.id),
        |found| QueueItem::Duplicate {
            id: format!("{}~{}", found.pair.first.id, found.pair.second.id),
            score: found.likeness.score,
            evidence: found.likeness.signs.into_iter().map(sign_body).collect(),
            why: found.pair.why,
            first: Box::new(record_row(found.pair.first, false)),
            second: Box::new(record_row(found.pair.second, false)),
        },
    ))
}

/// The pair of that name: `<first>~<second>`, the smaller id first.
#[must_use]
pub fn pair_of(name: &str) -> Option<(RecordId, RecordId)> {
    let (first, second) = name.split_once('~')?;
    let (first, second): (RecordId, RecordId) = (first.parse().ok()?, second.parse().ok()?);
    (first < second).then_some((first, second))
}

/// A sign, for people.
#[must_use]
pub fn sign_body(sign: Sign) -> SignBody {
    let strength = if sign.is_strong() { "strong" } else { "weak" };
    let language = Lang::default().name();
    SignBody {
        code: sign.code().to_owned(),
        message: schemas::message::text(language, &format!("likeness_{}", sign.code()), &[]),
        strength: strength.to_owned(),
    }
}

fn devices(
    app: &App,
    caller: &Caller,
    wanted: &Wanted,
    cursor: &str,
    rows: usize,
) -> Result<Page<QueueItem>, Problem> {
    let after = match cursor.is_empty() {
        true => None,
        false => Some(cursor.parse().map_err(|_| malformed())?),
    };
    let found = queue::devices(app, wanted, after, rows + 1)?;
    let item = |held: HeldDevice| QueueItem::Device {
        device: Box::new(Device::of(&held, &caller.units)),
    };
    Ok(Page::of(found, rows, |held| held.device.id.to_string(), item))
}

fn parked(
    app: &App,
    user: &User,
    wanted: &Wanted,
    cursor: &str,
    rows: usize,
) -> Result<Page<QueueItem>, Problem> {
    let authors = Authors(app.devices.current(&app.store)?);
    let found = queue::parked(app, user, wanted, place(cursor)?, rows + 1)?;
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
