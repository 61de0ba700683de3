//! Officers sign in and out on the web.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use jiff::SignedDuration;
use serde_json::json;

use crate::app::{PASSWORD, TestApp};

#[tokio::test]
async fn an_officer_signs_in_and_out() {
    let (test, anon, admin) = TestApp::full().with_admin().await;
    let me = admin.get("/api/v1/session").await.ok();
    assert_eq!(
        (me["user"]["login"].as_str(), me["user"]["role"].as_str()),
        (Some("quantri"), Some("admin"))
    );
    assert_eq!(me["expires_at"], "2026-01-01T12:00:00Z");

    let gone = admin.delete("/api/v1/session").await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert!(
        gone.headers[header::SET_COOKIE]
            .to_str()
            .expect("text")
            .contains("Max-Age=0")
    );
    assert_eq!(admin.get("/api/v1/session").await.code(), "session_expired");
    assert_eq!(anon.get("/api/v1/session").await.code(), "not_signed_in");
    drop(test);
}

#[tokio::test]
async fn the_cookie_is_kept_from_scripts_and_other_sites() {
    let test = TestApp::with_config(|config| {
        config.http.public_url = "https://soban.example".to_owned();
        config.http.base_path = "/soban".to_owned();
    });
    test.add("quantri", "admin", &[]);
    let reply = test
        .anon()
        .post(
            "/soban/api/v1/session",
            json!({"login": "QUANTRI", "password": PASSWORD}),
        )
        .await;
    let cookie = reply.headers[header::SET_COOKIE]
        .to_str()
        .expect("text")
        .to_owned();
    for part in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/soban;"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours() {
    let (test, _, admin) = TestApp::full().with_admin().await;
    test.wait(SignedDuration::from_hours(12) - SignedDuration::from_secs(1));
    admin.get("/api/v1/session").await.ok();
    test.wait(SignedDuration::from_secs(1));
    assert_eq!(admin.get("/api/v1/session").await.code(), "session_expired");
}

#[tokio::test]
async fn ten_wrong_passwords_make_the_account_wait_longer_and_longer() {
    let (test, anon, _) = TestApp::full().with_admin().await;
    let attempt = |password: &'static str| {
        let anon = anon.clone();
        async move {
            anon.post(
                "/api/v1/session",
                json!({"login": "quantri", "password": password}),
            )
            .await
        }
    };
    for _ in 0..10 {
        assert_eq!(attempt("sai mật khẩu").await.code(), "wrong_password");
    }
    let waiting = attempt(PASSWORD).await;
    assert_eq!(
        (waiting.code().as_str(), &waiting.headers["retry-after"]),
        ("throttled", &"60".parse().expect("60"))
    );
    test.wait(SignedDuration::from_mins(1));
    assert_eq!(attempt("vẫn sai mật khẩu").await.code(), "wrong_password");
    test.wait(SignedDuration::from_mins(1));
    assert_eq!(attempt(PASSWORD).await.code(), "throttled");
    test.wait(SignedDuration::from_mins(1));
    assert_eq!(attempt(PASSWORD).await.status, StatusCode::CREATED);
    assert_eq!(
        attempt("sai mật khẩu").await.code(),
        "wrong_password",
        "counted from the start again"
    );
}

#[tokio::test]
async fn nobody_learns_whether_a_login_exists() {
    let (_test, anon, _) = TestApp::full().with_admin().await;
    for login in ["quantri", "khongco"] {
        let reply = anon
            .post(
                "/api/v1/session",
                json!({"login": login, "password": "sai mật khẩu"}),
            )
            .await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (StatusCode::UNAUTHORIZED, "wrong_password")
        );
    }
}

#[tokio::test]
async fn another_site_cannot_use_the_session() {
    let (_test, _, admin) = TestApp::full().with_admin().await;
    let forged = admin.clone().with_header("sec-fetch-site", "cross-site");
    assert_eq!(forged.delete("/api/v1/session").await.code(), "foreign_site");
    let forged = admin
        .clone()
        .with_header("origin", "https://evil.example")
        .with_header("host", "soban.example");
    assert_eq!(forged.delete("/api/v1/session").await.code(), "foreign_site");
    admin.get("/api/v1/session").await.ok();
}

#[tokio::test]
async fn a_new_password_ends_the_old_sessions() {
    let (test, anon, admin) = TestApp::full().with_admin().await;
    let me = admin.get("/api/v1/session").await.ok();
    let path = format!(
        "/api/v1/users/{}/password",
        me["user"]["id"].as_str().expect("an id")
    );
    assert_eq!(
        admin.put(&path, json!({"password": "ngắn"})).await.code(),
        "password_unfit"
    );
    admin
        .put(&path, json!({"password": "mật khẩu mới hơn"}))
        .await
        .ok();
    assert_eq!(admin.get("/api/v1/session").await.code(), "session_expired");
    let old = anon
        .post(
            "/api/v1/session",
            json!({"login": "quantri", "password": PASSWORD}),
        )
        .await;
    assert_eq!(old.code(), "wrong_password");
    anon.post(
        "/api/v1/session",
        json!({"login": "quantri", "password": "mật khẩu mới hơn"}),
    )
    .await
    .ok();
    drop(test);
}

#[tokio::test]
async fn a_token_that_is_none_is_refused() {
    let test = TestApp::full();
    for token in ["", "x", &"0".repeat(64)] {
        let reply = test.anon().phone(token).get("/api/v1/session").await;
        assert_eq!(reply.code(), "token_unknown", "{token}");
        assert_eq!(reply.headers["www-authenticate"], "Bearer");
    }
    let basic = test.anon().with_header("authorization", "Basic eDp5");
    assert_eq!(
        basic
            .send(Request::get("/api/v1/session"), Body::empty())
            .await
            .code(),
        "token_unknown"
    );
}
