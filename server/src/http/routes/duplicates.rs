//! Pairs of records that may be one.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use sync_core::id::{ChangeHash, RecordId};
use sync_core::policy::Role;
use sync_core::record::Record;

use super::queue::{pair_of, sign_body};
use super::review::heads;
use crate::app::App;
use crate::clock::moment;
use crate::http::extract::{Body, Caller, Path};
use crate::http::problem::ProblemBody;
use crate::http::wire::duplicate::{
    ComparisonBody, DismissRequest, FieldPairBody, MergeBody, MergeRequest, PersonPairBody, SeenBody,
};
use crate::http::wire::record::RecordRow;
use crate::problem::{Code, Problem};
use crate::review::Authors;
use crate::review::same::{self, Choice, Comparison};
use crate::store::record::RecordView;

/// Two records side by side, with what speaks for their being one.
#[utoipa::path(get, path = "/api/v1/duplicates/{id}", tag = "review", security(("session" = [])),
    params(("id" = String, Path, description = "`<first>~<second>`, the smaller id first")), responses(
    (status = 200, body = ComparisonBody),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "`record_unknown`"),
    (status = 422, body = ProblemBody, description = "`pair_unfit`: not of one kind"),
))]
pub async fn get_duplicate(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ComparisonBody>, Problem> {
    caller.require(&[Role::DistrictOfficer])?;
    let pair = pair(&id)?;
    app.blocking(move |app| {
        let compared = same::compare(app, &caller.user, pair)?;
        super::records::note_read(app, &caller, &[pair.0, pair.1], "duplicate")?;
        let authors = Authors(app.devices.current(&app.store)?);
        Ok::<_, Problem>(Json(body(compared, &authors)))
    })
    .await
}

/// Makes one record stand for both. What refers to the other counts for it; nothing is deleted, and it can be undone.
#[utoipa::path(post, path = "/api/v1/duplicates/{id}/merge", tag = "review", security(("session" = [])),
    params(("id" = String, Path, description = "`<first>~<second>`")), request_body = MergeRequest, responses(
    (status = 200, body = MergeBody),
    (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "`record_unknown`"),
    (status = 409, body = ProblemBody, description = "`record_changed`, `already_merged`, `decision_not_taken`"),
    (status = 413, body = ProblemBody),
    (status = 415, body = ProblemBody),
    (status = 422, body = ProblemBody, description = "`pair_unfit`, `comment_too_long`"),
))]
pub async fn merge_duplicate(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Body(request): Body<MergeRequest>,
) -> Result<Json<MergeBody>, Problem> {
    caller.require(&[Role::DistrictOfficer])?;
    let (first, second) = pair(&id)?;
    let choice = Choice {
        survivor: request
            .survivor
            .parse()
            .map_err(|_| Problem::new(Code::PairUnfit))?,
        take: BTreeSet::from_iter(request.take),
        comment: request.comment.unwrap_or_default(),
    };
    let (ours, theirs) = (heads(&request.first_heads)?, heads(&request.second_heads)?);
    app.blocking(move |app| {
        let loser = same::merge(app, &caller.user, [(first, &ours), (second, &theirs)], &choice)?;
        Ok::<_, Problem>(Json(MergeBody {
            survivor: choice.survivor.to_string(),
            loser: loser.to_string(),
        }))
    })
    .await
}

/// Remembers that the two are not the same: the pair is not proposed again.
#[utoipa::path(post, path = "/api/v1/duplicates/{id}/dismiss", tag = "review", security(("session" = [])),
    params(("id" = String, Path, description = "`<first>~<second>`")), request_body = DismissRequest, responses(
    (status = 204, description = "It is on disk"),
    (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "`record_unknown`"),
    (status = 409, body = ProblemBody, description = "`decision_not_taken`"),
    (status = 413, body = ProblemBody),
    (status = 415, body = ProblemBody),
    (status = 422, body = ProblemBody, description = "`comment_too_long`"),
))]
pub async fn dismiss_duplicate(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Body(request): Body<DismissRequest>,
) -> Result<StatusCode, Problem> {
    caller.require(&[Role::DistrictOfficer])?;
    let pair = pair(&id)?;
    let comment = request.comment.unwrap_or_default();
    app.blocking(move |app| same::dismiss(app, &caller.user, pair, &comment))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes back a merge, or that the two are not the same.
#[utoipa::path(post, path = "/api/v1/duplicates/{id}/undo", tag = "review", security(("session" = [])),
    params(("id" = String, Path, description = "`<first>~<second>`")), responses(
    (status = 204, description = "It is on disk"),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "`record_unknown`"),
    (status = 409, body = ProblemBody, description = "`nothing_to_undo`, `decision_not_taken`"),
))]
pub async fn undo_duplicate(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    caller.require(&[Role::DistrictOfficer])?;
    let pair = pair(&id)?;
    app.blocking(move |app| same::undo(app, &caller.user, pair))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn pair(id: &str) -> Result<(RecordId, RecordId), Problem> {
    pair_of(id).ok_or_else(|| Problem::new(Code::RecordUnknown))
}

fn body(compared: Comparison, authors: &Authors) -> ComparisonBody {
    let seen = |(view, record): (RecordView, Record)| {
        let history = record.history();
        let created = history.first();
        SeenBody {
            heads: view.heads.iter().map(ChangeHash::to_hex).collect(),
            author: created
                .map(|entry| authors.of(entry.actor).name)
                .unwrap_or_default(),
            created_at: moment(created.map_or(0, |entry| entry.time_s).saturating_mul(1000)).to_string(),
            record: RecordRow {
                id: view.id.to_string(),
                kind: view.kind,
                title: view.title,
                unit: view.unit.map(|unit| unit.to_string()),
                state: view.state,
                conflict: view.conflict.map(str::to_owned),
                findings: serde_json::from_str::<Vec<serde_json::Value>>(&view.findings)
                    .map_or(0, |findings| findings.len() as u64),
                updated_at: moment(
                    history
                        .last()
                        .map_or(0, |entry| entry.time_s)
                        .saturating_mul(1000),
                )
                .to_string(),
            },
        }
    };
    ComparisonBody {
        id: format!("{}~{}", compared.first.0.id, compared.second.0.id),
        score: compared.likeness.score,
        evidence: compared.likeness.signs.into_iter().map(sign_body).collect(),
        fields: compared
            .fields
            .into_iter()
            .map(|pair| FieldPairBody {
                same: pair.first == pair.second,
                path: pair.path,
                label: pair.label,
                first: pair.first,
                second: pair.second,
            })
            .collect(),
        members: compared
            .people
            .into_iter()
            .map(|pair| PersonPairBody {
                first: pair.first,
                second: pair.second,
                name: pair.name,
            })
            .collect(),
        state: compared.standing.name().to_owned(),
        first: seen(compared.first),
        second: seen(compared.second),
    }
}
