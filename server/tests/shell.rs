//! The field app as a browser fetches it.

use axum::http::{HeaderMap, StatusCode};
use serde_json::json;
use server::http;
use server::http::shell::{EMBEDDED, File};

use crate::app::{Client, Reply, TestApp};

/// An app of three files.
const FILES: &[File] = &[
    File {
        path: "app/app.1.wasm",
        digest: "d1",
        plain: b"\0asm plain",
        brotli: Some(b"in brotli"),
        gzip: Some(b"in gzip"),
    },
    File {
        path: "icon-192.png",
        digest: "d2",
        plain: b"a picture",
        brotli: None,
        gzip: None,
    },
    File {
        path: "index.html",
        digest: "d3",
        plain: b"<!doctype html>",
        brotli: Some(b"a page in brotli"),
        gzip: None,
    },
];

/// Somebody with a browser, at a server that carries `files` below `base`.
fn browser(files: &'static [File], base: &str) -> (TestApp, Client) {
    let mut test = TestApp::with_config(|config| base.clone_into(&mut config.http.base_path));
    test.app.shell = files;
    test.router = http::router::build(test.app.clone());
    let anon = test.anon();
    (test, anon)
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("none")
}

#[tokio::test]
async fn what_is_named_after_its_content_is_kept_for_ever() {
    let (_test, anon) = browser(FILES, "");
    let module = anon.get("/app/app.1.wasm").await;
    assert_eq!(header(&module.headers, "content-type"), "application/wasm");
    assert_eq!(
        header(&module.headers, "cache-control"),
        "public, max-age=31536000, immutable"
    );
    for path in ["/", "/index.html", "/icon-192.png"] {
        let reply = anon.get(path).await;
        assert_eq!(
            (reply.status, header(&reply.headers, "cache-control")),
            (StatusCode::OK, "no-cache"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn each_browser_gets_the_smallest_form_that_it_unpacks() {
    let (_test, anon) = browser(FILES, "");
    let asked = async |path: &str, accepts: &str| {
        let reply = anon
            .clone()
            .with_header("accept-encoding", accepts)
            .get(path)
            .await;
        assert_eq!(header(&reply.headers, "vary"), "accept-encoding");
        let coding = header(&reply.headers, "content-encoding").to_owned();
        (coding, reply.text())
    };
    let pair = |coding: &str, text: &str| (coding.to_owned(), text.to_owned());
    let module = "/app/app.1.wasm";
    assert_eq!(asked(module, "gzip, deflate, br").await, pair("br", "in brotli"));
    assert_eq!(asked(module, "gzip, br;q=0").await, pair("gzip", "in gzip"));
    assert_eq!(asked(module, "identity").await, pair("none", "\0asm plain"));
    assert_eq!(asked("/", "gzip").await, pair("none", "<!doctype html>"));
    assert_eq!(asked("/icon-192.png", "br").await, pair("none", "a picture"));
}

#[tokio::test]
async fn what_a_browser_has_is_not_sent_again() {
    let (_test, anon) = browser(FILES, "");
    let anon = anon.with_header("accept-encoding", "br");
    let first = anon.get("/").await;
    let tag = header(&first.headers, "etag").to_owned();
    let again = anon.clone().with_header("if-none-match", &tag).get("/").await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert!(again.body.is_empty());
    assert_eq!(header(&again.headers, "etag"), tag);
    assert_eq!(header(&again.headers, "cache-control"), "no-cache");
    // The same file in another coding is other bytes.
    let plain = anon
        .with_header("accept-encoding", "identity")
        .with_header("if-none-match", &tag);
    assert_eq!(plain.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_page_may_run_only_what_it_brings() {
    let (_test, anon) = browser(FILES, "");
    for path in ["/", "/app/app.1.wasm", "/icon-192.png"] {
        let Reply { headers, .. } = anon.get(path).await;
        let policy = header(&headers, "content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(
                policy.split("; ").any(|one| one == part),
                "{path}: {part} in {policy}"
            );
        }
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("http"),
            "{policy}"
        );
        assert!(header(&headers, "permissions-policy").contains("camera=(self), geolocation=(self)"));
        assert_eq!(header(&headers, "cross-origin-opener-policy"), "same-origin");
        assert_eq!(header(&headers, "x-content-type-options"), "nosniff");
        assert_eq!(header(&headers, "referrer-policy"), "no-referrer");
        assert_eq!(header(&headers, "x-frame-options"), "DENY");
    }
}

#[tokio::test]
async fn only_files_of_the_app_are_there() {
    let (_test, anon) = browser(FILES, "");
    for path in [
        "/app/app.2.wasm",
        "/app/",
        "/app",
        "/nothing",
        "/app/../index.html",
        "/api/v1/nothing",
    ] {
        let reply = anon.get(path).await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (StatusCode::NOT_FOUND, "not_found"),
            "{path}"
        );
    }
    for path in ["/", "/app/app.1.wasm"] {
        let reply = anon.post(path, json!({})).await;
        assert_eq!(reply.code(), "method_not_allowed", "{path}");
        let head = anon
            .send(axum::http::Request::head(path), axum::body::Body::empty())
            .await;
        assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0), "{path}");
    }
}

#[tokio::test]
async fn below_a_path_the_app_lies_behind_a_slash() {
    let (_test, anon) = browser(FILES, "/lao-cai/soban");
    let there = anon.get("/lao-cai/soban").await;
    assert_eq!(there.status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(
        header(&there.headers, "location"),
        "soban/",
        "relative, whatever a proxy puts in front"
    );
    assert_eq!(anon.get("/lao-cai/soban/").await.text(), "<!doctype html>");
    assert_eq!(
        anon.get("/lao-cai/soban/app/app.1.wasm").await.status,
        StatusCode::OK
    );
    assert_eq!(anon.get("/").await.code(), "not_found");
    assert_eq!(
        anon.post("/lao-cai/soban/", json!({})).await.code(),
        "method_not_allowed"
    );
}

#[tokio::test]
async fn a_server_built_without_the_app_says_so() {
    let (_test, anon) = browser(&[], "");
    let reply = anon.get("/").await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert!(reply.text().contains("không kèm ứng dụng") && reply.text().contains("cargo xtask web"));
    let english = anon.clone().with_header("accept-language", "en").get("/").await;
    assert!(english.text().contains("no app"), "{}", english.text());
    assert_eq!(anon.get("/app/app.1.wasm").await.code(), "not_found");
    assert_eq!(anon.get("/healthz").await.ok()["status"], "ok");
}

#[tokio::test]
async fn what_this_program_carries_hangs_together() {
    let test = TestApp::full();
    let anon = test.anon();
    let page = anon.get("/").await;
    assert_eq!(page.status == StatusCode::OK, !EMBEDDED.is_empty());
    for link in page
        .text()
        .split('"')
        .filter(|text| text.starts_with("app/") || text.ends_with(".webmanifest"))
    {
        assert_eq!(
            anon.get(&format!("/{link}")).await.status,
            StatusCode::OK,
            "{link}"
        );
    }
    for file in EMBEDDED {
        let reply = anon.get(&format!("/{}", file.path)).await;
        assert_eq!(reply.body, file.plain, "{}", file.path);
        assert_ne!(
            header(&reply.headers, "content-type"),
            "application/octet-stream",
            "{}",
            file.path
        );
    }
}
