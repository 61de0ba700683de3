//! What lets a person in: a password on the web, a code for a device.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use sync_core::policy::Role;
use utoipa::ToSchema;

use super::users::{MANAGERS, managed};
use crate::access::{AccessError, enrol, people};
use crate::app::App;
use crate::audit::{Action, Actor, AuditEntry};
use crate::config::HttpConfig;
use crate::http::extract::{Body, Caller, Path};
use crate::http::problem::ProblemBody;
use crate::http::wire::{EnrollmentCode, OpenEnrollment, Page};
use crate::problem::Problem;
use crate::store::{DeviceStore as _, User};

/// A new password.
#[derive(Deserialize, ToSchema)]
pub struct NewPassword {
    /// At least 10 characters.
    password: String,
}

/// Sets a person's password and ends their sessions. Everybody may set their own.
#[utoipa::path(put, path = "/api/v1/users/{user_id}/password", tag = "people", security(("session" = [])),
    params(("user_id" = String, Path, description = "UUID")), request_body = NewPassword,
    responses(
        (status = 204),
        (status = 404, body = ProblemBody, description = "`user_unknown`"),
        (status = 422, body = ProblemBody, description = "`password_unfit`"),
    ))]
pub async fn update_user_password(
    app: State<App>,
    caller: Caller,
    Path(id): Path<uuid::Uuid>,
    Body(new): Body<NewPassword>,
) -> Result<StatusCode, Problem> {
    let own = caller.user.id.0 == id;
    if !own {
        caller.require(&[Role::Admin])?;
    }
    let turn = app.hashing().await?;
    app.blocking(move |app| {
        let _turn = turn;
        let known = if own {
            caller.user.clone()
        } else {
            managed(app, &caller, id)?
        };
        people::set_password(
            &app.store,
            app.clock.now(),
            caller.actor(),
            known.id,
            &new.password,
        )?;
        Ok::<_, AccessError>(StatusCode::NO_CONTENT)
    })
    .await
}

/// Makes a single-use code for one device of a person, good for 24 hours.
#[utoipa::path(post, path = "/api/v1/users/{user_id}/enrollments", tag = "people", security(("session" = [])),
    params(("user_id" = String, Path, description = "UUID")),
    responses(
        (status = 201, body = EnrollmentCode),
        (status = 403, body = ProblemBody, description = "`role_has_no_device`, `user_disabled`, `out_of_scope`"),
        (status = 404, body = ProblemBody, description = "`user_unknown`"),
    ))]
pub async fn create_user_enrollment(
    app: State<App>,
    caller: Caller,
    Path(id): Path<uuid::Uuid>,
) -> Result<(StatusCode, Json<EnrollmentCode>), Problem> {
    caller.require(&MANAGERS)?;
    app.blocking(move |app| {
        let known = own_or_managed(app, &caller, id)?;
        let issued = enrol::issue(&app.store, app.clock.now(), caller.actor(), known.id)?;
        let code = issued.code.grouped();
        let url = HttpConfig::enrolment_url(&app.config.http.public_url, &code);
        let qr_svg = enrol::qr_svg(&url);
        let body = EnrollmentCode {
            code,
            expires: issued.expires_at.to_string(),
            url,
            qr_svg,
        };
        Ok::<_, AccessError>((StatusCode::CREATED, Json(body)))
    })
    .await
}

/// Codes of a person that are good and that nobody used yet.
#[utoipa::path(get, path = "/api/v1/users/{user_id}/enrollments", tag = "people", security(("session" = [])),
    params(("user_id" = String, Path, description = "UUID")),
    responses(
        (status = 200, body = Page<OpenEnrollment>),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody, description = "`role_forbidden`"),
        (status = 404, body = ProblemBody, description = "`user_unknown`"),
    ))]
pub async fn list_user_enrollments(
    app: State<App>,
    caller: Caller,
    Path(id): Path<uuid::Uuid>,
) -> Result<Json<Page<OpenEnrollment>>, Problem> {
    caller.require(&MANAGERS)?;
    app.blocking(move |app| {
        let known = own_or_managed(app, &caller, id)?;
        let open = app.store.open_enrolments(known.id, app.clock.now())?;
        Ok::<_, AccessError>(Json(Page {
            items: open.into_iter().map(OpenEnrollment::from).collect(),
            next: None,
        }))
    })
    .await
}

/// Makes a code worthless that nobody used yet.
#[utoipa::path(delete, path = "/api/v1/users/{user_id}/enrollments/{enrollment_id}", tag = "people", security(("session" = [])),
    params(
        ("user_id" = String, Path, description = "UUID"),
        ("enrollment_id" = i64, Path, description = "The number of the code"),
    ),
    responses(
        (status = 204),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody, description = "`role_forbidden`"),
        (status = 404, body = ProblemBody, description = "`user_unknown`, `enrolment_unknown`"),
    ))]
pub async fn delete_user_enrollment(
    app: State<App>,
    caller: Caller,
    Path((id, number)): Path<(uuid::Uuid, i64)>,
) -> Result<StatusCode, Problem> {
    caller.require(&MANAGERS)?;
    app.blocking(move |app| {
        let known = own_or_managed(app, &caller, id)?;
        let audit = AuditEntry::new(
            app.clock.now(),
            caller.actor(),
            Action::EnrolmentCancel,
            Actor::User(known.id),
        );
        if app.store.cancel_enrolment(known.id, number, audit)? {
            Ok(StatusCode::NO_CONTENT)
        } else {
            Err(AccessError::EnrolmentUnknown)
        }
    })
    .await
}

/// The caller, or somebody the caller may change.
fn own_or_managed(app: &App, caller: &Caller, id: uuid::Uuid) -> Result<User, AccessError> {
    if caller.user.id.0 == id {
        Ok(caller.user.clone())
    } else {
        managed(app, caller, id)
    }
}
