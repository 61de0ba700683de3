//! How a device comes in.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sync_core::id::{PublicKey, hex};
use utoipa::ToSchema;

use crate::access::{AccessError, enrol};
use crate::app::App;
use crate::http::extract::Body;
use crate::http::problem::ProblemBody;
use crate::http::wire::{Me, UnitRef};
use crate::problem::Problem;
use crate::store::{DeviceStore as _, StoreError};

/// A device that wants to come in.
#[derive(Debug, Deserialize, ToSchema)]
pub struct EnrollmentRequest {
    /// The code, with or without dashes, in any case.
    #[schema(example = "K7MP-2Q9X-R4")]
    code: String,
    /// The device's Ed25519 public key, 64 hexadecimal digits.
    public_key: String,
    /// What its holder calls it.
    device_name: Option<String>,
}

/// What a device needs from now on.
#[derive(Debug, Serialize, ToSchema)]
pub struct Enrollment {
    /// UUID of the device.
    device_id: String,
    /// To be shown as `Authorization: Bearer`, 64 hexadecimal digits.
    token: String,
    /// UUID of the register.
    project_id: String,
    /// The HMAC key of record ids, 64 hexadecimal digits.
    project_key: String,
    /// The key certificates are checked with, 64 hexadecimal digits.
    server_public_key: String,
    /// The epoch of the server's database, 32 hexadecimal digits.
    epoch: String,
    /// The person who holds the device.
    user: Me,
    /// Where they work.
    units: Vec<UnitRef>,
    /// The device's certificate: hexadecimal CBOR.
    cert: String,
}

/// Swaps a single-use code and the device's public key for a device id and a token.
///
/// A lost reply is harmless: until the token is used, the same code with the same key gives the
/// same device again.
#[utoipa::path(post, path = "/api/v1/enroll", tag = "enroll", request_body = EnrollmentRequest, responses(
    (status = 201, body = Enrollment),
    (status = 404, body = ProblemBody, description = "`enrolment_code_unknown`"),
    (status = 409, body = ProblemBody, description = "`enrolment_code_used`"),
    (status = 410, body = ProblemBody, description = "`enrolment_code_expired`"),
    (status = 422, body = ProblemBody, description = "`public_key_unfit`"),
    (status = 429, body = ProblemBody, description = "`throttled`"),
))]
pub async fn create_enrollment(
    app: State<App>,
    Body(request): Body<EnrollmentRequest>,
) -> Result<(StatusCode, Json<Enrollment>), Problem> {
    let enrolled = app.blocking(move |app| enroll(app, &request)).await?;
    app.metrics.add("soban_devices_enrolled_total", &[], 1);
    Ok((StatusCode::CREATED, Json(enrolled)))
}

fn enroll(app: &App, request: &EnrollmentRequest) -> Result<Enrollment, AccessError> {
    let public_key = PublicKey::from_hex(&request.public_key).ok_or(AccessError::PublicKeyUnfit)?;
    let name = request.device_name.as_deref().unwrap_or_default();
    let enrolled = enrol::redeem(
        &app.store,
        &app.keys,
        app.clock.now(),
        &request.code,
        public_key,
        name,
    )?;
    let cert = app
        .store
        .cert(enrolled.device.id)?
        .ok_or(AccessError::DeviceUnknown)?;
    let cert = minicbor::to_vec(&cert.cert).map_err(|error| StoreError::Internal(error.to_string()))?;
    let units = app.units()?;
    Ok(Enrollment {
        device_id: enrolled.device.id.to_string(),
        token: enrolled.token.text(),
        project_id: app.keys.project.to_string(),
        project_key: hex(&app.keys.record_key),
        server_public_key: app.keys.public().to_hex(),
        epoch: hex(&app.keys.epoch),
        user: Me::from(&enrolled.user),
        units: UnitRef::list(&enrolled.user.units, &units),
        cert: hex(&cert),
    })
}
