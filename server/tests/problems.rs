//! Whatever goes wrong has one form, a stable code and the reader's language.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;

use crate::app::TestApp;

#[tokio::test]
async fn what_http_itself_refuses_has_the_same_form() {
    let test = TestApp::full();
    let anon = test.anon();
    let nothing = anon.get("/api/v1/nothing").await;
    assert_eq!(
        (nothing.status, nothing.code().as_str()),
        (StatusCode::NOT_FOUND, "not_found")
    );
    let method = anon.put("/api/v1/session", json!({})).await;
    assert_eq!(
        (method.status, method.code().as_str()),
        (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed")
    );
    let media = anon.send(Request::post("/api/v1/session"), Body::from("x")).await;
    assert_eq!(
        (media.status, media.code().as_str()),
        (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type")
    );
    let json = |body: String| {
        Request::post("/api/v1/session")
            .header("content-type", "application/json")
            .body(body)
    };
    let large = json(" ".repeat(2 * 1024 * 1024)).expect("a request").into_parts();
    let large = anon
        .send(
            Request::post("/api/v1/session").header("content-type", "application/json"),
            large.1.into(),
        )
        .await;
    assert_eq!(
        (large.status, large.code().as_str()),
        (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large")
    );
    let broken = anon
        .send(
            Request::post("/api/v1/session").header("content-type", "application/json"),
            "{".into(),
        )
        .await;
    assert_eq!(
        (broken.status, broken.code().as_str()),
        (StatusCode::BAD_REQUEST, "body_malformed")
    );
}

#[tokio::test]
async fn vietnamese_first_english_on_request() {
    let test = TestApp::full();
    let title = |language: &'static str| {
        let client = test.anon().with_header("accept-language", language);
        async move {
            client.get("/api/v1/session").await.json()["title"]
                .as_str()
                .expect("a title")
                .to_owned()
        }
    };
    assert_eq!(title("").await, "Bạn chưa đăng nhập");
    assert_eq!(title("fr").await, "Bạn chưa đăng nhập");
    assert_eq!(title("en-GB,en;q=0.9").await, "You are not signed in");
}

#[tokio::test]
async fn parameters_that_are_none_are_named() {
    let (_test, _, admin) = TestApp::full().with_admin().await;
    for path in [
        "/api/v1/users/x",
        "/api/v1/devices?cursor=x",
        "/api/v1/audit?limit=x",
        "/api/v1/units?level=x",
    ] {
        let reply = admin.get(path).await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (StatusCode::BAD_REQUEST, "parameter_malformed"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn every_answer_names_its_request_and_is_kept_nowhere() {
    let test = TestApp::full();
    let reply = test.anon().get("/healthz").await;
    assert_eq!(reply.headers["x-request-id"].len(), 16);
    assert_eq!(reply.headers["cache-control"], "no-store");
    assert_eq!(reply.headers["x-content-type-options"], "nosniff");
    assert_eq!(test.anon().get("/readyz").await.ok()["status"], "ok");
}

#[tokio::test]
async fn requests_and_refusals_are_counted_by_route_and_code() {
    let test = TestApp::full();
    test.anon().get("/api/v1/session").await;
    test.anon().get("/api/v1/units/quanganh").await;
    let counted = test.app.metrics.render();
    assert!(
        counted.contains(r#"soban_problems_total{code="not_signed_in"} 1"#),
        "{counted}"
    );
    assert!(!counted.contains("quanganh"), "no addresses in the counters");
}
