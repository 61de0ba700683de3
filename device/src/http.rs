//! HTTP, with few and short headers: an idle sync is to cost less than a text message.

use std::time::Duration;

use serde_json::Value;
use ureq::http::{HeaderMap, Response, StatusCode};
use ureq::{Agent, Body};

use crate::transport::{Reply, Transport, TransportError};

const SYNC: &str = "/api/v1/sync";
const ENROLL: &str = "/api/v1/enroll";
/// Frames in CBOR, after one another.
const FRAMES: &str = "application/vnd.soban.frames";
/// A mountain link takes its time to connect; longer than this is no link.
const CONNECT: Duration = Duration::from_secs(20);
/// Silence for longer than this is a dead link.
const SILENCE: Duration = Duration::from_secs(60);
/// No request lasts longer, however slowly it moves: what arrived counts, the next one goes on.
const WHOLE: Duration = Duration::from_secs(15 * 60);
/// Longest JSON answer.
const JSON_BYTES_MAX: u64 = 1024 * 1024;

/// The server at an address.
pub struct HttpTransport {
    agent: Agent,
    server: String,
}

impl HttpTransport {
    /// The server at `server`: `https://host[:port][/base]`.
    #[must_use]
    pub fn new(server: &str) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .user_agent("")
            .accept("")
            .accept_encoding("")
            .max_redirects(0)
            .timeout_connect(Some(CONNECT))
            .timeout_per_read(Some(SILENCE))
            .timeout_per_write(Some(SILENCE))
            .timeout_global(Some(WHOLE))
            .build()
            .new_agent();
        Self {
            agent,
            server: server.trim_end_matches('/').to_owned(),
        }
    }

    fn request_head_bytes(&self, token: &str, body_len: usize) -> u64 {
        let (_, rest) = self.server.split_once("://").unwrap_or(("", &self.server));
        let (host, base) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        let head = format!(
            "POST {base}{SYNC} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n\
             content-type: {FRAMES}\r\ncontent-length: {body_len}\r\n\r\n"
        );
        head.len() as u64
    }
}

impl Transport for HttpTransport {
    fn enroll(&mut self, request: &Value) -> Result<Value, TransportError> {
        let sent = self
            .agent
            .post(format!("{}{ENROLL}", self.server))
            .send_json(request);
        let mut response = sent.map_err(unsent)?;
        if !response.status().is_success() {
            return Err(refused(response));
        }
        let body = response.body_mut().with_config().limit(JSON_BYTES_MAX);
        body.read_json()
            .map_err(|error| TransportError::NotOurs(error.to_string()))
    }

    fn sync(&mut self, token: &str, frames: &[u8]) -> Result<Reply<'_>, TransportError> {
        let head_bytes_up = self.request_head_bytes(token, frames.len());
        let request = self.agent.post(format!("{}{SYNC}", self.server));
        let request = request
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", FRAMES);
        let response = request.send(frames).map_err(unsent)?;
        if response.status() != StatusCode::OK {
            return Err(refused(response));
        }
        let head_bytes_down = head_bytes(response.headers());
        let body = response.into_body().into_with_config().limit(u64::MAX).reader();
        Ok(Reply {
            body: Box::new(body),
            head_bytes_up,
            head_bytes_down,
        })
    }
}

/// The status line and every header as sent.
fn head_bytes(headers: &HeaderMap) -> u64 {
    let lines: usize = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    ("HTTP/1.1 200 OK\r\n".len() + lines + 2) as u64
}

fn unsent(error: ureq::Error) -> TransportError {
    match error {
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {
            TransportError::Cut(error.to_string())
        }
        ureq::Error::Protocol(error) => TransportError::Cut(error.to_string()),
        other => TransportError::Unreachable(other.to_string()),
    }
}

/// The problem the server names, whatever else its answer is.
fn refused(mut response: Response<Body>) -> TransportError {
    let status = response.status();
    let problem: Value = response
        .body_mut()
        .with_config()
        .limit(JSON_BYTES_MAX)
        .read_json()
        .unwrap_or_default();
    let word = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
    match word("code") {
        code if code.is_empty() => TransportError::NotOurs(status.to_string()),
        code => TransportError::Refused {
            code,
            message: word("title"),
            hint: word("hint"),
        },
    }
}
