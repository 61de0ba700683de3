//! What officers say about records.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use sync_core::id::{ChangeHash, RecordId};
use sync_core::policy::Role;

use crate::app::App;
use crate::http::extract::{Body, Caller, Path};
use crate::http::problem::ProblemBody;
use crate::http::wire::record::{
    BulkOutcome, BulkReviewBody, BulkReviewRequest, CorrectionRequest, ResolveRequest, ReviewRequest,
};
use crate::messages::Lang;
use crate::problem::{Code, Problem};
use crate::review::{self, Outcome, Settled, Verdict};

/// Approves a record, returns it to its author, rejects, locks or voids it.
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
    (status = 409, body = ProblemBody, description = "`record_changed`, `conflict_open`, `decision_not_taken`"),
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
    let verdict = verdict(&request.state)?;
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
    (status = 422, body = ProblemBody, description = "`value_unfit`, `comment_too_long`"),
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
    let comment = request.comment.unwrap_or_default();
    app.blocking(move |app| {
        let about = (id, seen.as_slice());
        review::resolve(app, &caller.user, about, &request.path, &settled, &comment)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Corrects answers of a record: an ordinary signed edit, of fields that only a reviewing officer writes too.
#[utoipa::path(post, path = "/api/v1/records/{id}/correct", tag = "review", security(("session" = [])),
    params(("id" = String, Path, description = "The record's id")), request_body = CorrectionRequest, responses(
    (status = 204, description = "It is on disk"),
    (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "`record_unknown`"),
    (status = 409, body = ProblemBody, description = "`record_changed`, `decision_not_taken`"),
    (status = 413, body = ProblemBody),
    (status = 415, body = ProblemBody),
    (status = 422, body = ProblemBody, description = "`value_unfit`"),
))]
pub async fn correct_record(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Body(request): Body<CorrectionRequest>,
) -> Result<StatusCode, Problem> {
    caller.require(&[Role::DistrictOfficer])?;
    let (id, seen) = (record(&id)?, heads(&request.heads)?);
    let answers: Vec<(String, String)> = request.answers.into_iter().collect();
    app.blocking(move |app| review::correct(app, &caller.user, (id, &seen), &answers))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says the same of many records. Those that have changed, or about which people disagree, are left out and named;
/// with `preview` nothing is written.
#[utoipa::path(post, path = "/api/v1/review/bulk", tag = "review", security(("session" = [])),
    request_body = BulkReviewRequest, responses(
    (status = 200, body = BulkReviewBody),
    (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`decision_not_taken`"),
    (status = 413, body = ProblemBody),
    (status = 415, body = ProblemBody),
    (status = 422, body = ProblemBody, description = "`comment_missing`, `comment_too_long`, `too_many`"),
))]
pub async fn review_records(
    State(app): State<App>,
    caller: Caller,
    Body(request): Body<BulkReviewRequest>,
) -> Result<Json<BulkReviewBody>, Problem> {
    caller.require(&[Role::DistrictOfficer])?;
    let verdict = verdict(&request.state)?;
    let mut records = Vec::new();
    for seen in &request.items {
        let id = seen
            .id
            .parse()
            .map_err(|_| Problem::new(Code::ParameterMalformed).with("detail", &seen.id))?;
        records.push((id, heads(&seen.heads)?));
    }
    app.blocking(move |app| {
        let said = (verdict, request.comment.as_deref().unwrap_or_default());
        let outcomes = review::review_many(app, &caller.user, &records, said, request.preview)?;
        let taken = outcomes
            .iter()
            .filter(|outcome| outcome.refused.is_none())
            .count();
        Ok::<_, Problem>(Json(BulkReviewBody {
            items: outcomes.into_iter().map(outcome_body).collect(),
            taken,
        }))
    })
    .await
}

fn outcome_body(outcome: Outcome) -> BulkOutcome {
    let refused = outcome.refused.map(Problem::from);
    BulkOutcome {
        id: outcome.id.to_string(),
        title: outcome.title,
        state_before: outcome.before,
        code: refused.as_ref().map(|problem| problem.code.name().to_owned()),
        message: refused.map(|problem| problem.words(Lang::default()).0),
    }
}

fn verdict(name: &str) -> Result<Verdict, Problem> {
    Verdict::from_name(name).ok_or_else(|| Problem::new(Code::ParameterMalformed).with("detail", "state"))
}

fn record(id: &str) -> Result<RecordId, Problem> {
    id.parse().map_err(|_| Problem::new(Code::RecordUnknown))
}

pub(super) fn heads(named: &[String]) -> Result<Vec<ChangeHash>, Problem> {
    named.iter().map(|name| hash(name)).collect()
}

fn hash(name: &str) -> Result<ChangeHash, Problem> {
    ChangeHash::from_hex(name).ok_or_else(|| Problem::new(Code::ParameterMalformed).with("detail", name))
}
