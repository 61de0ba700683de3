//! Enrolled devices.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use sync_core::id::{DeviceId, UserId};
use sync_core::policy::Role;
use utoipa::IntoParams;

use crate::access::AccessError;
use crate::app::App;
use crate::audit::{Action, Actor, AuditEntry};
use crate::http::extract::{Caller, Path, Query};
use crate::http::problem::ProblemBody;
use crate::http::wire::{Device, Page, page_rows};
use crate::problem::Problem;
use crate::store::{self, DeviceStore as _, UserStore as _};

/// Which devices.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DeviceFilter {
    /// Only those of this person (UUID).
    user: Option<uuid::Uuid>,
    /// Rows on this page: 100 if not said, at most 500.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<uuid::Uuid>,
}

/// Devices by id; an officer sees those held within the review scope.
#[utoipa::path(get, path = "/api/v1/devices", tag = "people", security(("session" = [])), params(DeviceFilter), responses(
    (status = 200, body = Page<Device>),
    (status = 403, body = ProblemBody, description = "`role_forbidden`"),
))]
pub async fn list_devices(
    app: State<App>,
    caller: Caller,
    Query(filter): Query<DeviceFilter>,
) -> Result<Json<Page<Device>>, Problem> {
    caller.require(&[Role::Admin, Role::DistrictOfficer])?;
    let rows = page_rows(filter.limit);
    app.blocking(move |app| {
        let mut found = Vec::new();
        let mut after = filter.cursor.map(DeviceId);
        while found.len() <= rows {
            let batch = app.store.devices(filter.user.map(UserId), after, rows + 1)?;
            let Some(last) = batch.last() else { break };
            after = Some(last.id);
            for device in batch {
                if may_touch(app, &caller, &device)? {
                    found.push(device);
                }
            }
        }
        Ok::<_, AccessError>(Json(Page::of(
            found,
            rows,
            |device| device.id.to_string(),
            |device| Device::from(&device),
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
        (status = 404, body = ProblemBody, description = "`device_unknown`"),
    ))]
pub async fn revoke_device(
    app: State<App>,
    caller: Caller,
    Path(id): Path<uuid::Uuid>,
) -> Result<Json<Device>, Problem> {
    app.blocking(move |app| {
        let id = DeviceId(id);
        let known = app.store.device(id)?.ok_or(AccessError::DeviceUnknown)?;
        if !may_touch(app, &caller, &known)? {
            return Err(AccessError::DeviceUnknown);
        }
        let audit = AuditEntry::new(
            app.clock.now(),
            caller.actor(),
            Action::DeviceRevoke,
            Actor::Device(id),
        );
        app.store.revoke_device(id, &app.keys, audit)?;
        let revoked = app.store.device(id)?.ok_or(AccessError::DeviceUnknown)?;
        Ok(Json(Device::from(&revoked)))
    })
    .await
}

/// Everybody may revoke what they hold; administrators everything; officers what is held by field
/// people within the review scope.
fn may_touch(app: &App, caller: &Caller, device: &store::Device) -> Result<bool, AccessError> {
    if caller.user.role == Role::Admin || caller.user.id == device.user {
        return Ok(true);
    }
    if caller.user.role != Role::DistrictOfficer {
        return Ok(false);
    }
    let holder = app.store.user(device.user)?.ok_or(AccessError::UserUnknown)?;
    let field = matches!(holder.role, Role::VillageHead | Role::CommuneCadre);
    Ok(field && caller.units.within(&caller.user.units, &holder.units))
}
