//! Merged records: lists and searches, one record, its history, disagreements and document.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use schemas::eval::{Context, evaluate};
use schemas::project::project;
use schemas::text::fold_search;
use schemas::value::Answers;
use serde_json::{Map, Value};
use sync_core::id::{ChangeHash, RecordId, UnitId};
use sync_core::policy::Role;
use sync_core::record::{Record, written};

use crate::app::App;
use crate::audit::{Action, AuditEntry};
use crate::clock::moment;
use crate::http::extract::{Caller, Path, Query};
use crate::http::problem::ProblemBody;
use crate::http::wire::record::{
    AsideBody, ConflictBody, ConflictList, HistoryBody, HistoryEntryBody, Reading, RecordBody, RecordFilter,
    RecordRow, RivalBody,
};
use crate::http::wire::{Page, page_rows};
use crate::messages::{Lang, words};
use crate::problem::{Code, Problem};
use crate::review::{Authors, masked, reach};
use crate::store::reader::{AsideSummary, Reach, RecordQuery, RecordReader as _, RecordSummary};
use crate::store::record::RecordView;
use crate::store::{AuditStore as _, StoreError};
use crate::view::{ConflictView, ReferenceData};

/// Words of one search.
const WORDS_MAX: usize = 8;
/// What stands in place of a title that names a person.
const HIDDEN: &str = "•••";

/// Merged records within reach, oldest place first.
#[utoipa::path(get, path = "/api/v1/records", tag = "records", security(("session" = []), ("device" = [])),
    params(RecordFilter), responses(
    (status = 200, body = Page<RecordRow>),
    (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 422, body = ProblemBody, description = "`unit_unknown`, `unit_ambiguous`"),
))]
pub async fn list_records(
    State(app): State<App>,
    caller: Caller,
    Query(filter): Query<RecordFilter>,
) -> Result<Json<Page<RecordRow>>, Problem> {
    let rows = page_rows(filter.limit);
    app.blocking(move |app| {
        let query = question(app, &caller, filter, rows)?;
        let found = app.store.list(&query)?;
        let hidden = caller.user.role == Role::ProvinceOfficer;
        Ok::<_, Problem>(Json(Page::of(
            found,
            rows,
            |row| row.place.to_string(),
            |row| record_row(row, hidden),
        )))
    })
    .await
}

fn question(app: &App, caller: &Caller, filter: RecordFilter, rows: usize) -> Result<RecordQuery, Problem> {
    let malformed = |what: &str| Problem::new(Code::ParameterMalformed).with("detail", what);
    let units = units_under(app, caller, filter.unit.as_deref())?;
    let updated_after_ms = match &filter.updated_after {
        Some(text) => Some(
            text.parse::<Timestamp>()
                .map_err(|_| malformed("updated_after"))?
                .as_millisecond(),
        ),
        None => None,
    };
    let folded = fold_search(filter.q.as_deref().unwrap_or_default());
    Ok(RecordQuery {
        reach: reach(&caller.user, &caller.units, &app.shared_kinds()?)?,
        kind: filter.kind,
        units,
        state: filter.state,
        words: folded
            .split_whitespace()
            .take(WORDS_MAX)
            .map(str::to_owned)
            .collect(),
        updated_after_ms,
        updated_before_ms: None,
        eyes: None,
        merged: filter.merged.unwrap_or_default(),
        after: filter
            .cursor
            .map_or(Ok(0), |cursor| cursor.parse())
            .map_err(|_| malformed("cursor"))?,
        limit: rows + 1,
    })
}

/// A unit somebody asks for, by id or code, with all that lies under it.
///
/// # Errors
/// When there is no such unit, or several.
pub fn units_under(app: &App, caller: &Caller, unit: Option<&str>) -> Result<Option<Vec<UnitId>>, Problem> {
    let Some(unit) = unit else { return Ok(None) };
    let id = crate::access::people::unit(&caller.units, app.clock.now(), unit)?;
    Ok(Some(caller.units.under(&[id]).into_iter().collect()))
}

/// A record as a row. A title may name a person; `hidden` keeps it from those who only count.
#[must_use]
pub fn record_row(row: RecordSummary, hidden: bool) -> RecordRow {
    RecordRow {
        id: row.id.to_string(),
        kind: row.kind,
        title: if hidden { HIDDEN.to_owned() } else { row.title },
        unit: row.unit.map(|unit| unit.to_string()),
        state: row.state,
        conflict: row.conflict,
        findings: row.findings,
        updated_at: moment(row.updated_at_ms).to_string(),
    }
}

/// One merged record.
///
/// Every reading by an officer is written to the audit log. A province officer sees personal
/// answers only with a `reason`.
#[utoipa::path(get, path = "/api/v1/records/{id}", tag = "records", security(("session" = []), ("device" = [])),
    params(("id" = String, Path, description = "UUID of the record"), Reading), responses(
    (status = 200, body = RecordBody),
    (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "`record_unknown`: not there, or not within reach"),
))]
pub async fn get_record(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(reading): Query<Reading>,
) -> Result<Json<RecordBody>, Problem> {
    app.blocking(move |app| {
        let open = Open::new(app, &caller, &id, reading)?;
        open.body(app).map(Json)
    })
    .await
}

/// Who wrote what into a record, each change after what it was written on top of.
#[utoipa::path(get, path = "/api/v1/records/{id}/history", tag = "records",
    security(("session" = []), ("device" = [])),
    params(("id" = String, Path, description = "UUID of the record"), Reading), responses(
    (status = 200, body = HistoryBody),
    (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "`record_unknown`"),
))]
pub async fn get_record_history(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(reading): Query<Reading>,
) -> Result<Json<HistoryBody>, Problem> {
    app.blocking(move |app| {
        let open = Open::new(app, &caller, &id, reading)?;
        open.history().map(Json)
    })
    .await
}

/// Fields of a record on which people disagree.
#[utoipa::path(get, path = "/api/v1/records/{id}/conflicts", tag = "records",
    security(("session" = []), ("device" = [])),
    params(("id" = String, Path, description = "UUID of the record"), Reading), responses(
    (status = 200, body = ConflictList),
    (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "`record_unknown`"),
))]
pub async fn get_record_conflicts(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(reading): Query<Reading>,
) -> Result<Json<ConflictList>, Problem> {
    app.blocking(move |app| {
        let open = Open::new(app, &caller, &id, reading)?;
        Ok::<_, Problem>(Json(ConflictList {
            items: open.conflicts()?,
        }))
    })
    .await
}

/// A record as an Automerge document, which any Automerge library opens.
#[utoipa::path(get, path = "/api/v1/records/{id}/document", tag = "records",
    security(("session" = []), ("device" = [])),
    params(("id" = String, Path, description = "UUID of the record"), Reading), responses(
    (status = 200, description = "An Automerge document", content_type = "application/octet-stream"),
    (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "`role_forbidden`: personal answers without a reason"),
    (status = 404, body = ProblemBody, description = "`record_unknown`"),
))]
pub async fn get_record_document(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(reading): Query<Reading>,
) -> Result<Response, Problem> {
    let document = app
        .blocking(move |app| {
            let open = Open::new(app, &caller, &id, reading)?;
            if open.masked {
                Err(Problem::new(Code::RoleForbidden))
            } else {
                Ok(open.view.document)
            }
        })
        .await?;
    let kind = HeaderValue::from_static("application/octet-stream");
    Ok(([(header::CONTENT_TYPE, kind)], document).into_response())
}

/// Writes to the audit log that somebody read the personal answers of these records.
///
/// # Errors
/// When the store fails.
pub fn note_read(app: &App, caller: &Caller, records: &[RecordId], reason: &str) -> Result<(), StoreError> {
    for id in records {
        let target = format!("record:{id}");
        let entry = AuditEntry::new(app.clock.now(), caller.actor(), Action::RecordRead, target);
        app.store.note(entry.with("reason", reason))?;
    }
    Ok(())
}

/// A record somebody opened, and what they may see of it.
struct Open {
    view: RecordView,
    authors: Authors,
    received: Vec<(ChangeHash, i64)>,
    masked: bool,
    catalog: Arc<schemas::catalog::Catalog>,
}

impl Open {
    fn new(app: &App, caller: &Caller, id: &str, reading: Reading) -> Result<Self, Problem> {
        let unknown = || Problem::new(Code::RecordUnknown);
        let id: RecordId = id.parse().map_err(|_| unknown())?;
        let reach = reach(&caller.user, &caller.units, &app.shared_kinds()?)?;
        let view = app.store.one(&reach, id)?.ok_or_else(unknown)?;
        let reason = reading.reason.filter(|reason| !reason.trim().is_empty());
        let masked = reach == Reach::All && reason.is_none();
        if !masked {
            note_read(app, caller, &[id], &reason.unwrap_or_default())?;
        }
        Ok(Self {
            view,
            authors: Authors(app.devices.current(&app.store)?),
            received: app.store.received(id)?,
            masked,
            catalog: app.catalog()?,
        })
    }

    fn form(&self) -> Result<&schemas::form::Form, Problem> {
        let form = self
            .catalog
            .version_or_newest(&self.view.kind, Some(self.view.form));
        form.ok_or_else(|| Problem::new(Code::Internal))
    }

    fn body(&self, app: &App) -> Result<RecordBody, Problem> {
        let form = self.form()?;
        let answers: Answers = stored(&self.view.answers)?;
        let units = app.units()?;
        let reference = ReferenceData(&units);
        let context = Context::at(app.clock.now()).with_lookup(&reference);
        let answers = evaluate(form, &answers, &context).merged(&answers);
        let answers = if self.masked {
            masked(form, &answers)
        } else {
            answers
        };
        let aside = app.store.aside(self.view.id)?;
        let findings = if self.masked {
            Value::Array(Vec::new())
        } else {
            stored(&self.view.findings)?
        };
        Ok(RecordBody {
            id: self.view.id.to_string(),
            kind: self.view.kind.clone(),
            form: self.view.form,
            unit: self.view.unit.map(|unit| unit.to_string()),
            title: if self.masked {
                HIDDEN.to_owned()
            } else {
                self.view.title.clone()
            },
            data: project(form, &answers),
            conflicts: self.conflicts()?,
            findings,
            state: self.view.state.clone(),
            heads: self.view.heads.iter().map(ChangeHash::to_hex).collect(),
            aside: aside
                .into_iter()
                .map(|aside| aside_body(aside, &self.authors, self.masked))
                .collect(),
            same_as: self.view.same_as.map(|id| id.to_string()),
            stands_for: app
                .store
                .merged_into(self.view.id)?
                .iter()
                .map(RecordId::to_string)
                .collect(),
            masked: self.masked,
        })
    }

    fn received_at(&self, change: ChangeHash) -> Option<String> {
        let found = self.received.iter().find(|(hash, _)| *hash == change);
        found.map(|(_, at)| moment(*at).to_string())
    }

    fn conflicts(&self) -> Result<Vec<ConflictBody>, Problem> {
        let views: Vec<ConflictView> = stored(&self.view.conflicts)?;
        let form = self.form()?;
        let bodies = views.into_iter().map(|view| {
            let hidden = self.masked && is_personal(form, &view.path);
            let values = view.rivals.into_iter().map(|rival| {
                let author = self.authors.of_hex(&rival.actor);
                RivalBody {
                    value: if hidden { HIDDEN.into() } else { rival.value },
                    author: author.name,
                    device: author.device,
                    claimed_at: moment(rival.time_s.saturating_mul(1000)).to_string(),
                    received_at: ChangeHash::from_hex(&rival.change).and_then(|hash| self.received_at(hash)),
                    change: rival.change,
                }
            });
            ConflictBody {
                path: view.path,
                review: view.review,
                values: values.collect(),
            }
        });
        Ok(bodies.collect())
    }

    fn history(&self) -> Result<HistoryBody, Problem> {
        let record = Record::load(self.view.id, &self.view.document)
            .map_err(|error| StoreError::Damaged(error.to_string()))?;
        let form = self.form()?;
        let entries = record.history().into_iter().map(|entry| {
            let author = self.authors.of(entry.actor);
            let shown = entry.writes.into_iter().map(|(path, value)| {
                let hidden = self.masked && is_personal(form, &path);
                let value = if hidden { Some(HIDDEN.into()) } else { value };
                (path, serde_json::to_value(value).unwrap_or_default())
            });
            HistoryEntryBody {
                received_at: self.received_at(entry.change),
                change: entry.change.to_hex(),
                author: author.name,
                device: author.device,
                claimed_at: moment(entry.time_s.saturating_mul(1000)).to_string(),
                changes: Value::Object(shown.collect::<Map<_, _>>()),
            }
        });
        Ok(HistoryBody {
            entries: entries.collect(),
        })
    }
}

fn is_personal(form: &schemas::form::Form, path: &str) -> bool {
    let field = form.resolve(path).and_then(|resolved| resolved.field());
    field.is_some_and(|field| field.pii != schemas::form::Pii::None)
}

/// A change that lies beside its record, for people.
#[must_use]
pub fn aside_body(aside: AsideSummary, authors: &Authors, hidden: bool) -> AsideBody {
    let signer = aside.signer.and_then(|signer| authors.0.device(signer));
    let writes = if hidden {
        Vec::new()
    } else {
        written(&aside.bytes).unwrap_or_default()
    };
    let changes = writes
        .into_iter()
        .map(|(path, value)| (path, serde_json::to_value(value).unwrap_or_default()));
    AsideBody {
        change: aside.change.to_hex(),
        record: aside.record.to_string(),
        author: signer.map(|cert| cert.user_name.clone()).unwrap_or_default(),
        device: aside.signer.map(|signer| signer.to_string()),
        reason: aside.reason.map(|reason| reason.code().to_owned()),
        message: aside
            .reason
            .map(|reason| words(Lang::default(), &format!("park_{}", reason.code()), &[])),
        received_at: moment(aside.received_at_ms).to_string(),
        changes: Value::Object(changes.collect::<Map<_, _>>()),
    }
}

/// What the view stage stored as JSON.
fn stored<T: serde::de::DeserializeOwned>(json: &str) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(|error| StoreError::Damaged(error.to_string()))
}
