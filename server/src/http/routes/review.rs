//! What officers say about records.

use axum::extract::State;
use axum::http::StatusCode;
use sync_core::id::{ChangeHash, RecordId};
use sync_core::policy::Role;

use crate::app::App;
use crate::http::extract::{Body, Caller, Path};
use crate::http::problem::ProblemBody;
use crate::http::wire::record::{ResolveRequest, ReviewRequest};
use crate::problem::{Code, Problem};
use crate::review::{self, Settled, Verdict};

/// Approves a record, returns it to its author or rejects it.
///
/// The decision is an ordinary signed change: it reaches the author's phone at its next sync, with the comment. It is
/// about what was looked at: `heads`, as the record gave them.
#[utoipa::path(post, path = "/api/v1/records/{id}/review", tag = "review", security(("session" = [])),
    params(("id" = String, Path, description = "The record's id")), request_body = ReviewRequest, responses(
    (status = 204, description = "It is on disk"),
    (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "`record_unknown`"),
    (status = 409, body = ProblemBody, description = "`record_changed`, `decision_not_taken`"),
    (status = 413, body = ProblemBody),
    (status = 415, body = ProblemBody),
    (status = 422, body = ProblemBody, description = "`comment_missing`, `comment_too_long`"),
))]
pub async fn review_record(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Body(request): Body<ReviewRequest>,
) -> Result<StatusCode, Problem> {
    caller.require(&[Role::DistrictOfficer])?;
    let (id, seen) = (record(&id)?, heads(&request.heads)?);
    let verdict = Verdict::from_name(&request.state);
    let verdict = verdict.ok_or_else(|| Problem::new(Code::ParameterMalformed).with("detail", "state"))?;
    let said = request.comment.unwrap_or_default();
    app.blocking(move |app| review::review(app, &caller.user, (id, &seen), verdict, &said))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Settles a disagreement: one of the values stands, or a third.
#[utoipa::path(post, path = "/api/v1/records/{id}/resolve", tag = "review", security(("session" = [])),
    params(("id" = String, Path, description = "The record's id")), request_body = ResolveRequest, responses(
    (status = 204, description = "It is on disk"),
    (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "`record_unknown`, `conflict_unknown`"),
    (status = 409, body = ProblemBody, description = "`record_changed`, `decision_not_taken`"),
    (status = 413, body = ProblemBody),
    (status = 415, body = ProblemBody),
    (status = 422, body = ProblemBody, description = "`value_unfit`"),
))]
pub async fn resolve_record(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Body(request): Body<ResolveRequest>,
) -> Result<StatusCode, Problem> {
    caller.require(&[Role::DistrictOfficer])?;
    let (id, seen) = (record(&id)?, heads(&request.heads)?);
    let settled = match (request.keep, request.value) {
        (Some(change), None) => Settled::Keep(hash(&change)?),
        (None, Some(value)) => Settled::Value(value),
        _ => return Err(Problem::new(Code::ParameterMalformed).with("detail", "keep, value")),
    };
    app.blocking(move |app| review::resolve(app, &caller.user, (id, &seen), &request.path, &settled))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn record(id: &str) -> Result<RecordId, Problem> {
    id.parse().map_err(|_| Problem::new(Code::RecordUnknown))
}

fn heads(named: &[String]) -> Result<Vec<ChangeHash>, Problem> {
    named.iter().map(|name| hash(name)).collect()
}

fn hash(name: &str) -> Result<ChangeHash, Problem> {
    ChangeHash::from_hex(name).ok_or_else(|| Problem::new(Code::ParameterMalformed).with("detail", name))
}
