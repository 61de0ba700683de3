//! What happens, while it happens: server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_lite::StreamExt as _;
use serde_json::json;
use sync_core::policy::Role;

use crate::access::AccessError;
use crate::app::App;
use crate::http::extract::{Caller, Via};
use crate::http::problem::ProblemBody;
use crate::live::{LookEvent, look};
use crate::problem::Problem;

/// A comment is sent this often when nothing happens, so that nobody in between gives up.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What changes within reach while phones sync, as server-sent events, at most twice a second.
///
/// `hello` `{"seq"}` first; `records` `{"seq", "kinds": {kind: how many}, "units": [uuid]}` after records changed;
/// `devices` `{"device"}` after a device synced; `lagged` `{"seq"}` when more happened than can be told: read
/// everything again. The id of an event is its `seq`: whoever comes back with `Last-Event-ID` hears what they missed.
/// The stream ends with the session.
#[utoipa::path(get, path = "/api/v1/events", tag = "live", security(("session" = [])),
    params(("Last-Event-ID" = Option<String>, Header, description = "The `id` of the last event heard")),
    responses(
        (status = 200, description = "Events", content_type = "text/event-stream"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`role_forbidden`"),
        (status = 429, body = ProblemBody, content_type = "application/problem+json", description = "`too_many_streams`"),
    ))]
pub async fn stream_events(app: State<App>, caller: Caller, headers: HeaderMap) -> Result<Response, Problem> {
    caller.require(&[Role::DistrictOfficer, Role::ProvinceOfficer, Role::Admin])?;
    let Via::Session(session) = caller.via else {
        return Err(AccessError::NotSignedIn.into());
    };
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let last = last.and_then(|id| id.parse::<u64>().ok());
    let events = app.blocking(move |app| look(app, &session, last)).await?;
    let events = events.map(|event| Ok::<_, Infallible>(shown(event)));
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    // What stands in between must not hold events back.
    Ok((
        [("x-accel-buffering", "no")],
        Sse::new(events).keep_alive(keep_alive),
    )
        .into_response())
}

fn shown(event: LookEvent) -> Event {
    let (name, seq, data) = match event {
        LookEvent::Hello { seq } => ("hello", Some(seq), json!({"seq": seq})),
        LookEvent::Lagged { seq } => ("lagged", Some(seq), json!({"seq": seq})),
        LookEvent::Records(news) => {
            let units: Vec<String> = news.units.iter().map(ToString::to_string).collect();
            let data = json!({"seq": news.seq, "kinds": news.kinds, "units": units});
            ("records", Some(news.seq), data)
        }
        LookEvent::Device(device) => ("devices", None, json!({"device": device.to_string()})),
    };
    let event = Event::default().event(name).data(data.to_string());
    match seq {
        Some(seq) => event.id(seq.to_string()),
        None => event,
    }
}
