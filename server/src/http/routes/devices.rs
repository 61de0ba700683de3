//! Enrolled devices.

use axum::Json;
use axum::extract::State;
use jiff::SignedDuration;
use serde::Deserialize;
use sync_core::id::{DeviceId, UserId};
use utoipa::IntoParams;

use crate::access::{AccessError, devices, people};
use crate::app::App;
use crate::audit::{Action, Actor, AuditEntry};
use crate::http::extract::{Caller, Path, Query};
use crate::http::problem::ProblemBody;
use crate::http::wire::{Device, Page, page_rows};
use crate::problem::Problem;
use crate::store::{DeviceKind, DeviceQuery, DeviceStore as _, HeldDevice, UserStore as _};

/// Longest silence asked for, in days.
const SILENT_DAYS_MAX: u32 = 36_500;

/// Which devices.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DeviceFilter {
    /// Only those of this person (UUID).
    user: Option<uuid::Uuid>,
    /// Only those of people who work in this unit or under it: UUID or official code.
    unit: Option<String>,
    /// Only phones in use that did not sync for so many days.
    silent_days: Option<u32>,
    /// Only revoked ones, or only those in use.
    revoked: Option<bool>,
    /// Only `field` devices, or only `console`s.
    #[param(inline)]
    kind: Option<WantedKind>,
    /// Rows on this page: 100 if not said, at most 500.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<uuid::Uuid>,
}

/// What kind of device.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum WantedKind {
    /// Phones and laptops.
    Field,
    /// The server's own hands for the edits of officers.
    Console,
}

/// Devices by id, with what each said of itself at its last sync; an officer sees those held within the review scope.
#[utoipa::path(get, path = "/api/v1/devices", tag = "people", security(("session" = [])), params(DeviceFilter), responses(
    (status = 200, body = Page<Device>),
    (status = 400, body = ProblemBody, description = "`parameter_malformed`"),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "`role_forbidden`"),
    (status = 422, body = ProblemBody, description = "`unit_unknown`, `unit_ambiguous`"),
))]
pub async fn list_devices(
    app: State<App>,
    caller: Caller,
    Query(filter): Query<DeviceFilter>,
) -> Result<Json<Page<Device>>, Problem> {
    let reach = devices::reach(&caller.user, &caller.units)?;
    let rows = page_rows(filter.limit);
    app.blocking(move |app| {
        let now = app.clock.now();
        let unit = filter.unit.as_deref();
        let unit = unit
            .map(|unit| people::unit(&caller.units, now, unit))
            .transpose()?;
        let silent_since = filter.silent_days.map(|days| {
            let silence = SignedDuration::from_hours(24 * i64::from(days.min(SILENT_DAYS_MAX)));
            now.as_millisecond().saturating_sub(silence.as_millis() as i64)
        });
        let found = app.store.devices(&DeviceQuery {
            reach,
            user: filter.user.map(UserId),
            units: unit.map(|unit| caller.units.under(&[unit]).into_iter().collect()),
            kind: filter.kind.map(|kind| match kind {
                WantedKind::Field => DeviceKind::Field,
                WantedKind::Console => DeviceKind::Console,
            }),
            revoked: filter.revoked,
            silent_since_ms: silent_since,
            after: filter.cursor.map(DeviceId),
            limit: rows + 1,
        })?;
        Ok::<_, AccessError>(Json(Page::of(
            found,
            rows,
            |held| held.device.id.to_string(),
            |held| Device::of(&held, &caller.units),
        )))
    })
    .await
}

/// Revokes a device: its token opens nothing, what it writes from now on is parked. A second time
/// changes nothing.
#[utoipa::path(post, path = "/api/v1/devices/{device_id}/revoke", tag = "people", security(("session" = []), ("device" = [])),
    params(("device_id" = String, Path, description = "UUID")),
    responses(
        (status = 200, body = Device),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody, description = "`device_unknown`"),
    ))]
pub async fn revoke_device(
    app: State<App>,
    caller: Caller,
    Path(id): Path<uuid::Uuid>,
) -> Result<Json<Device>, Problem> {
    app.blocking(move |app| {
        let id = DeviceId(id);
        let known = held(app, id)?;
        if !devices::sees(&caller.user, &caller.units, &known.holder) {
            return Err(AccessError::DeviceUnknown);
        }
        let audit = AuditEntry::new(
            app.clock.now(),
            caller.actor(),
            Action::DeviceRevoke,
            Actor::Device(id),
        );
        app.store.revoke_device(id, &app.keys, audit)?;
        Ok(Json(Device::of(&held(app, id)?, &caller.units)))
    })
    .await
}

/// A device and who holds it.
fn held(app: &App, id: DeviceId) -> Result<HeldDevice, AccessError> {
    let device = app.store.device(id)?.ok_or(AccessError::DeviceUnknown)?;
    let holder = app.store.user(device.user)?.ok_or(AccessError::UserUnknown)?;
    Ok(HeldDevice { device, holder })
}
