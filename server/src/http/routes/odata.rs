//! Records as an OData 4.0 feed: `/api/v1/odata/`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::IntoParams;

use super::feed::{ROWS, VERSION, base, escaped, json, key, page_rows};
use crate::app::App;
use crate::audit::{Action, AuditEntry};
use crate::export::{Asker, reason};
use crate::http::basic::Reader;
use crate::http::extract::{Path, Query};
use crate::http::problem::ProblemBody;
use crate::odata::{
    Answer, Next, OdataError, Question, Resume, Set, document, metadata, parse_filter, parse_orderby, read,
};
use crate::problem::Problem;
use crate::store::AuditStore as _;

/// What is asked of a set.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FeedQuery {
    /// A condition: `eq ne gt ge lt le in and or not`, `contains startswith endswith tolower toupper year month day`.
    #[serde(rename = "$filter")]
    filter: Option<String>,
    /// Columns, with commas between them.
    #[serde(rename = "$select")]
    select: Option<String>,
    /// At most so many rows over all pages.
    #[serde(rename = "$top")]
    #[param(value_type = Option<u64>)]
    top: Option<String>,
    /// Without the first so many rows.
    #[serde(rename = "$skip")]
    #[param(value_type = Option<u64>)]
    skip: Option<String>,
    /// Columns, each perhaps with `desc`; of the first 10,000 rows.
    #[serde(rename = "$orderby")]
    orderby: Option<String>,
    /// `true` for the number of rows that answer.
    #[serde(rename = "$count")]
    #[param(value_type = Option<bool>)]
    count: Option<String>,
    /// `json`.
    #[serde(rename = "$format")]
    format: Option<String>,
    /// Where the page before ended: out of its `@odata.nextLink`.
    #[serde(rename = "$skiptoken")]
    skiptoken: Option<String>,
    /// Why personal answers have to be seen; without it they are hidden. It is written to the audit log.
    reason: Option<String>,
    #[serde(flatten)]
    #[param(ignore)]
    others: BTreeMap<String, String>,
}

/// Which sets there are.
#[utoipa::path(get, path = "/api/v1/odata/", tag = "exports", security(("session" = []), ("password" = [])), responses(
    (status = 200, description = "The service document of OData", body = Object),
    (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 429, body = ProblemBody, description = "`throttled`"),
))]
pub async fn get_feed_document(
    State(app): State<App>,
    _reader: Reader,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let base = base(&app, &headers);
    let body = app
        .blocking(move |app| Ok::<_, Problem>(document(&*app.catalog()?, &base)))
        .await?;
    Ok(json(&body))
}

/// The types of all sets, in CSDL.
#[utoipa::path(get, path = "/api/v1/odata/$metadata", tag = "exports", security(("session" = []), ("password" = [])), responses(
    (status = 200, description = "CSDL", content_type = "application/xml"),
    (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 429, body = ProblemBody, description = "`throttled`"),
))]
pub async fn get_feed_metadata(State(app): State<App>, _reader: Reader) -> Result<Response, Problem> {
    let xml = app
        .blocking(|app| Ok::<_, Problem>(metadata(&*app.catalog()?)))
        .await?;
    let kind = HeaderValue::from_static("application/xml");
    let headers = [
        (header::CONTENT_TYPE, kind),
        (VERSION, HeaderValue::from_static("4.0")),
    ];
    Ok((headers, xml).into_response())
}

/// Rows of a set: the records of a form (`household`), or the rows of a repeat (`household__members`); `household('id')`
/// is one row.
///
/// For officers of district and province, by session or by login and password. Personal answers are hidden without a
/// `reason`. Every page is written to the audit log.
#[utoipa::path(get, path = "/api/v1/odata/{set}", tag = "exports", security(("session" = []), ("password" = [])),
    params(("set" = String, Path, description = "`household`, `household__members`, `household('id')`", example = "household"), FeedQuery), responses(
    (status = 200, description = "A page of rows", body = Object),
    (status = 400, body = ProblemBody, description = "`odata_unfit`"),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "`role_forbidden`"),
    (status = 404, body = ProblemBody, description = "`export_unknown`"),
    (status = 422, body = ProblemBody, description = "`odata_too_much`, `reason_too_long`"),
    (status = 429, body = ProblemBody, description = "`throttled`"),
))]
pub async fn list_feed_rows(
    State(app): State<App>,
    reader: Reader,
    Path(name): Path<String>,
    Query(query): Query<FeedQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let base = base(&app, &headers);
    let rows = page_rows(&headers);
    let (name, id) = key(&name)?;
    let context = query
        .select
        .as_ref()
        .map_or_else(String::new, |select| format!("({select})"));
    let asked = query.links(&base, &name);
    let (set, answer) = answer(app, reader, name, query, move |question| {
        question.rows = rows;
        question.id = id;
    })
    .await?;
    let mut body = Map::new();
    if id.is_some() {
        let row = answer.rows.into_iter().next();
        let row = row.ok_or_else(|| OdataError::Unknown(set.name.clone()))?;
        body.insert(
            "@odata.context".to_owned(),
            format!("{base}/$metadata#{}{context}/$entity", set.name).into(),
        );
        body.extend(row);
        return Ok(json(&Value::Object(body)));
    }
    body.insert(
        "@odata.context".to_owned(),
        format!("{base}/$metadata#{}{context}", set.name).into(),
    );
    if let Some(count) = answer.count {
        body.insert("@odata.count".to_owned(), count.into());
    }
    body.insert(
        "value".to_owned(),
        answer.rows.into_iter().map(Value::Object).collect(),
    );
    if let Some(next) = answer.next {
        body.insert("@odata.nextLink".to_owned(), asked(next).into());
    }
    Ok(json(&Value::Object(body)))
}

/// How many rows of a set answer.
#[utoipa::path(get, path = "/api/v1/odata/{set}/$count", tag = "exports", security(("session" = []), ("password" = [])),
    params(("set" = String, Path, description = "`household`, `household__members`", example = "household"), FeedQuery), responses(
    (status = 200, description = "The number", content_type = "text/plain", body = String),
    (status = 400, body = ProblemBody, description = "`odata_unfit`"),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "`role_forbidden`"),
    (status = 404, body = ProblemBody, description = "`export_unknown`"),
    (status = 422, body = ProblemBody, description = "`reason_too_long`"),
    (status = 429, body = ProblemBody, description = "`throttled`"),
))]
pub async fn count_feed_rows(
    State(app): State<App>,
    reader: Reader,
    Path(name): Path<String>,
    Query(query): Query<FeedQuery>,
) -> Result<Response, Problem> {
    let only_count = |question: &mut Question| {
        *question = Question {
            filter: question.filter.take(),
            masked: question.masked,
            select: Some(Vec::new()),
            count: true,
            top: Some(0),
            ..Question::default()
        };
    };
    let (_, answer) = answer(app, reader, name, query, only_count).await?;
    let version = (VERSION, HeaderValue::from_static("4.0"));
    Ok(([version], answer.count.unwrap_or_default().to_string()).into_response())
}

/// While this lives somebody waits for the answer.
#[derive(Default)]
struct Waits(Arc<AtomicBool>);

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

async fn answer(
    app: App,
    reader: Reader,
    name: String,
    query: FeedQuery,
    change: impl FnOnce(&mut Question) + Send + 'static,
) -> Result<(Set, Answer), Problem> {
    let waits = Waits::default();
    let given_up = Arc::clone(&waits.0);
    let answered = app
        .blocking(move |app| {
            let asker = Asker::officer(app, &reader.user, reader.actor)?;
            let set = Set::find(&*app.catalog()?, &name).ok_or(OdataError::Unknown(name))?;
            let why = reason(query.reason.as_deref()).map_err(OdataError::from)?;
            let mut question = query.question(&set)?;
            question.masked = why.is_none();
            change(&mut question);
            let answer = read(app, &asker, &set, &question, &given_up)?;
            let filtered = question.filter.as_ref().map(|filter| {
                let mut columns = Vec::new();
                filter.columns(&mut columns);
                columns
                    .iter()
                    .map(|at| set.columns[*at].0.as_str())
                    .collect::<Vec<_>>()
                    .join(" ")
            });
            // What was looked for may name people: the log holds by which columns.
            let entry = AuditEntry::new(
                app.clock.now(),
                asker.actor,
                Action::FeedRead,
                format!("kind:{}", set.kind),
            )
            .with("set", set.name.clone())
            .with("filtered_by", filtered)
            .with("masked", question.masked)
            .with("reason", why.unwrap_or_default())
            .with("count", answer.count)
            .with("rows", answer.rows.len());
            app.store.note(entry)?;
            Ok::<_, Problem>((set, answer))
        })
        .await;
    drop(waits);
    answered
}

impl FeedQuery {
    fn question(&self, set: &Set) -> Result<Question, OdataError> {
        let unfit = |name: &str, text: &str| OdataError::Unfit(format!("{name}={text}"));
        if let Some(option) = self.others.keys().find(|name| name.starts_with('$')) {
            return Err(OdataError::Unfit(option.clone()));
        }
        if let Some(format) = self
            .format
            .as_ref()
            .filter(|format| !format.starts_with("json") && !format.starts_with("application/json"))
        {
            return Err(unfit("$format", format));
        }
        let column = |name: &str| set.column(name);
        let number = |name: &str, text: &Option<String>| -> Result<Option<u64>, OdataError> {
            text.as_ref()
                .map(|text| text.parse().map_err(|_| unfit(name, text)))
                .transpose()
        };
        let select = match self.select.as_deref().map(str::trim) {
            None | Some("" | "*") => None,
            Some(names) => {
                let columns = names
                    .split(',')
                    .map(|name| column(name.trim()).ok_or_else(|| unfit("$select", name)));
                Some(columns.collect::<Result<Vec<_>, _>>()?)
            }
        };
        let count = match self.count.as_deref() {
            None | Some("false") => false,
            Some("true") => true,
            Some(other) => return Err(unfit("$count", other)),
        };
        let resume = self.skiptoken.as_ref();
        let resume = resume.map(|text| Resume::parse(text).ok_or_else(|| unfit("$skiptoken", text)));
        let order = self.orderby.as_deref().map(|text| parse_orderby(text, &column));
        Ok(Question {
            filter: self
                .filter
                .as_deref()
                .map(|text| parse_filter(text, &column))
                .transpose()?,
            select,
            top: number("$top", &self.top)?,
            skip: number("$skip", &self.skip)?.unwrap_or_default(),
            order: order.transpose()?.unwrap_or_default(),
            count,
            resume: resume.transpose()?,
            id: None,
            rows: ROWS,
            masked: true,
        })
    }

    /// Writes the link of the next page: the same question from where this one ended.
    fn links(&self, base: &str, name: &str) -> impl FnOnce(Next) -> String + use<> {
        let kept = [
            ("$filter", &self.filter),
            ("$select", &self.select),
            ("$orderby", &self.orderby),
            ("$count", &self.count),
            ("reason", &self.reason),
        ];
        let mut parts: Vec<String> = kept
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", escaped(value.as_ref()?))))
            .collect();
        let address = format!("{base}/{name}");
        move |next| {
            parts.extend(next.top.map(|top| format!("$top={top}")));
            parts.extend((next.skip > 0).then(|| format!("$skip={}", next.skip)));
            parts.extend(next.resume.map(|resume| format!("$skiptoken={}", resume.text())));
            format!("{address}?{}", parts.join("&"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_asks_the_same() {
        let query = FeedQuery {
            filter: Some("name eq 'Sùng & A'".to_owned()),
            ..FeedQuery::default()
        };
        let next = Next {
            top: Some(3),
            skip: 0,
            resume: Some(Resume {
                place: 4,
                row: 1,
                count: None,
            }),
        };
        assert_eq!(
            query.links("http://h/api/v1/odata", "household")(next),
            "http://h/api/v1/odata/household?$filter=name%20eq%20%27S%C3%B9ng%20%26%20A%27&$top=3&$skiptoken=4-1"
        );
    }
}
