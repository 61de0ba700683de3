//! Who did what, when.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::Deserialize;
use sync_core::id::{DeviceId, UserId};
use sync_core::policy::Role;
use utoipa::IntoParams;

use crate::access::{AccessError, devices};
use crate::app::App;
use crate::audit::Actor;
use crate::http::extract::{Caller, Query};
use crate::http::problem::ProblemBody;
use crate::http::wire::{AuditLine, Page, page_rows};
use crate::problem::{Code, Problem};
use crate::store::{AuditQuery, AuditStore as _, DeviceQuery, DeviceStore as _, StoreError, UserStore as _};

/// Devices looked at in one go.
const BATCH: usize = 500;

/// Which lines.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditFilter {
    /// Only by this one: `user:<id>` (their devices and console count as them), `device:<id>`, `cli`, `server`,
    /// `anonymous`.
    actor: Option<String>,
    /// Only this action, as `device_enrol`.
    action: Option<String>,
    /// Only acts on this, as `user:<id>`.
    target: Option<String>,
    /// Only from this moment on (RFC 3339).
    from: Option<String>,
    /// Only before this moment (RFC 3339).
    to: Option<String>,
    /// Rows on this page: 100 if not said, at most 500.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<i64>,
}

/// Lines of the audit log, newest first. Administrators read all of it; an officer, what they did themselves and what
/// the devices of field people within the review scope did.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", security(("session" = [])), params(AuditFilter), responses(
    (status = 200, body = Page<AuditLine>),
    (status = 400, body = ProblemBody, description = "`parameter_malformed`"),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "`role_forbidden`"),
))]
pub async fn list_audit(
    app: State<App>,
    caller: Caller,
    Query(filter): Query<AuditFilter>,
) -> Result<Json<Page<AuditLine>>, Problem> {
    caller.require(&[Role::Admin, Role::DistrictOfficer])?;
    let rows = page_rows(filter.limit);
    let (from_ms, to_ms) = (moment(filter.from.as_deref())?, moment(filter.to.as_deref())?);
    app.blocking(move |app| {
        let query = AuditQuery {
            before: filter.cursor,
            actors: actors(app, &caller, filter.actor)?,
            action: filter.action,
            target: filter.target,
            from_ms,
            to_ms,
            limit: rows + 1,
        };
        let found = app.store.audit_lines(&query)?;
        let mut page = Page::of(found, rows, |line| line.seq.to_string(), AuditLine::from);
        let mut names = BTreeMap::new();
        for line in &mut page.items {
            line.actor_name = name(app, &mut names, &line.actor)?;
            line.target_name = name(app, &mut names, &line.target)?;
        }
        Ok::<_, Problem>(Json(page))
    })
    .await
}

fn moment(text: Option<&str>) -> Result<Option<i64>, Problem> {
    let malformed = |_| Problem::new(Code::ParameterMalformed).with("detail", "from, to");
    let at = text.map(|text| text.parse::<Timestamp>().map_err(malformed));
    Ok(at.transpose()?.map(Timestamp::as_millisecond))
}

/// Whose acts are asked for and may be seen; none if everybody's.
fn actors(app: &App, caller: &Caller, wanted: Option<String>) -> Result<Option<Vec<String>>, AccessError> {
    let person = wanted.as_deref().and_then(|wanted| wanted.strip_prefix("user:"));
    let person = person.and_then(|id| id.parse().ok()).map(UserId);
    let asked = match (person, wanted) {
        (Some(person), _) => Some(acts_of(app, Some(person), DeviceQuery::default())?),
        (None, Some(other)) => Some(vec![other]),
        (None, None) => None,
    };
    if caller.user.role == Role::Admin {
        return Ok(asked);
    }
    let seen = DeviceQuery {
        reach: devices::reach(&caller.user, &caller.units)?,
        ..DeviceQuery::default()
    };
    let mut seen = acts_of(app, None, seen)?;
    seen.push(Actor::User(caller.user.id).to_string());
    if let Some(asked) = asked {
        seen.retain(|actor| asked.contains(actor));
    }
    Ok(Some(seen))
}

/// The names under which the log knows a person, or the devices that `query` finds.
fn acts_of(app: &App, person: Option<UserId>, mut query: DeviceQuery) -> Result<Vec<String>, StoreError> {
    let mut found: Vec<String> = person.map(|id| Actor::User(id).to_string()).into_iter().collect();
    query.user = person;
    query.limit = BATCH;
    loop {
        let batch = app.store.devices(&query)?;
        let Some(last) = batch.last() else {
            return Ok(found);
        };
        query.after = Some(last.device.id);
        found.extend(batch.iter().map(|held| Actor::Device(held.device.id).to_string()));
    }
}

/// The name of the person behind `user:<id>` or `device:<id>`.
fn name(
    app: &App,
    known: &mut BTreeMap<String, Option<String>>,
    whom: &str,
) -> Result<Option<String>, StoreError> {
    if let Some(name) = known.get(whom) {
        return Ok(name.clone());
    }
    let user = match whom.split_once(':') {
        Some(("user", id)) => id.parse().ok().map(UserId),
        Some(("device", id)) => match id.parse().ok().map(DeviceId) {
            Some(id) => app.store.device(id)?.map(|device| device.user),
            None => None,
        },
        _ => None,
    };
    let name = match user {
        Some(user) => app.store.user(user)?.map(|user| user.name),
        None => None,
    };
    known.insert(whom.to_owned(), name.clone());
    Ok(name)
}
