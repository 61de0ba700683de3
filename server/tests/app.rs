//! Actors and the small world they act in: a server in this process, its clock, its clients.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use ed25519_dalek::SigningKey;
use http_body_util::BodyExt as _;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use server::access::people::{self, Wanted};
use server::audit::Actor;
use server::clock::{Clock, ClockHand};
use server::config::Config;
use server::store::User;
use server::{App, http};
use sync_core::id::hex;
use tempfile::TempDir;
use tower::ServiceExt as _;

/// The password of everybody here.
pub const PASSWORD: &str = "mat khau de thu";
/// Xã Hoàng Thu Phố and xã Dền Thàng of the plan, by their codes then.
pub const HOANG_THU_PHO: &str = "02863";
pub const DEN_THANG: &str = "02722";

/// A server in this process with its own directory and clock.
pub struct TestApp {
    pub app: App,
    pub hand: ClockHand,
    pub router: Router,
    pub dir: TempDir,
}

impl TestApp {
    /// A new register. Its clock stands at the first day of 2026.
    pub fn full() -> Self {
        Self::with_config(|_| ())
    }

    /// A new register, told something more at its start.
    pub fn with_config(tell: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let start: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
        let (clock, hand) = Clock::stopped(start);
        let mut config = Config::new(dir.path());
        config.http.public_url = "http://localhost".to_owned();
        tell(&mut config);
        let app = App::open(config, clock).expect("a new register");
        let router = http::router::build(app.clone());
        Self {
            app,
            hand,
            router,
            dir,
        }
    }

    /// The server, somebody who is not signed in, and an administrator who is.
    pub async fn with_admin(self) -> (Self, Client, Client) {
        self.add("quantri", "admin", &[]);
        let anon = self.anon();
        let admin = anon.signed_in("quantri").await;
        (self, anon, admin)
    }

    /// Somebody who is not signed in.
    pub fn anon(&self) -> Client {
        Client {
            router: self.router.clone(),
            headers: HeaderMap::new(),
        }
    }

    /// Adds a person as a command of the machine would.
    pub fn add(&self, login: &str, role: &str, units: &[&str]) -> User {
        let units: Vec<String> = units.iter().map(ToString::to_string).collect();
        let wanted = Wanted {
            login,
            name: "Người Mẫu",
            role,
            units: &units,
            password: Some(PASSWORD),
        };
        let known = self.app.units().expect("units");
        people::add(
            &self.app.store,
            &known,
            self.app.clock.now(),
            Actor::Cli,
            &wanted,
            |_| Ok(()),
        )
        .expect("a person who fits")
    }

    /// Lets time pass.
    pub fn wait(&self, time: SignedDuration) {
        self.hand.advance(time);
    }
}

/// Somebody who sends requests.
#[derive(Clone)]
pub struct Client {
    router: Router,
    headers: HeaderMap,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Client {
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.parse().expect("a header"));
        self
    }

    /// The same person after signing in.
    pub async fn signed_in(&self, login: &str) -> Self {
        let reply = self
            .post("/api/v1/session", json!({"login": login, "password": PASSWORD}))
            .await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
        let cookie = reply.headers[header::SET_COOKIE].to_str().expect("text");
        let pair = cookie.split(';').next().expect("a pair").to_owned();
        self.clone().with_header("cookie", &pair)
    }

    /// A phone with that token.
    pub fn phone(&self, token: &str) -> Self {
        self.clone()
            .with_header("authorization", &format!("Bearer {token}"))
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Request::get(path), Body::empty()).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Request::delete(path), Body::empty()).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(
            Request::post(path).header("content-type", "application/json"),
            body.to_string().into(),
        )
        .await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.send(
            Request::put(path).header("content-type", "application/json"),
            body.to_string().into(),
        )
        .await
    }

    /// Sends a file.
    pub async fn file(&self, path: &str, bytes: impl Into<Vec<u8>>) -> Reply {
        let request = Request::post(path).header("content-type", "application/octet-stream");
        self.send(request, Body::from(bytes.into())).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.send(
            Request::patch(path).header("content-type", "application/json"),
            body.to_string().into(),
        )
        .await
    }

    /// Sends a request whose answer goes on.
    pub async fn open(&self, request: axum::http::request::Builder) -> axum::response::Response {
        let mut request = request.body(Body::empty()).expect("a request");
        request.headers_mut().extend(self.headers.clone());
        let response = self.router.clone().oneshot(request).await;
        response.expect("the service never fails")
    }

    pub async fn send(&self, request: axum::http::request::Builder, body: Body) -> Reply {
        let mut request = request.body(body).expect("a request");
        request.headers_mut().extend(self.headers.clone());
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("the service never fails");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes().to_vec();
        Reply {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    /// Enrols a phone whose key is made from `seed`.
    pub async fn enroll(&self, code: &str, seed: u8) -> Reply {
        self.post(
            "/api/v1/enroll",
            json!({"code": code, "public_key": public_key(seed), "device_name": "Máy thử"}),
        )
        .await
    }
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The stable code of a refusal; also checks its form.
    pub fn code(&self) -> String {
        assert_eq!(
            self.headers[header::CONTENT_TYPE],
            "application/problem+json",
            "{}",
            self.text()
        );
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()));
        assert!(problem["hint"].as_str().is_some_and(|hint| !hint.is_empty()));
        problem["code"].as_str().expect("a code").to_owned()
    }

    /// Asserts success and gives the body.
    pub fn ok(self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.text());
        if self.body.is_empty() {
            Value::Null
        } else {
            self.json()
        }
    }
}

/// The public key of a phone's key made from `seed`, as hex.
pub fn public_key(seed: u8) -> String {
    hex(&SigningKey::from_bytes(&[seed; 32]).verifying_key().to_bytes())
}
