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
use crate::config::HttpConfig;
use crate::http::extract::{Body, Caller, Path};
use crate::http::problem::ProblemBody;
use crate::http::wire::EnrollmentCode;
use crate::problem::Problem;

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
        let own = caller.user.id.0 == id;
        let known = if own {
            caller.user.clone()
        } else {
            managed(app, &caller, id)?
        };
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
