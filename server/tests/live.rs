//! A desk hears of what phones bring, and of nothing that is not its business.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use jiff::SignedDuration;
use serde_json::Value;
use server::demo;
use sync_core::frame::{Frame, Hello, PROTOCOL};

use crate::app::{Client, DEN_THANG, HOANG_THU_PHO, TestApp};
use crate::phone::Phone;

/// A window that looks on.
struct Window {
    body: Body,
    text: String,
}

impl Window {
    async fn open(client: &Client, last: Option<&str>) -> Self {
        let mut request = Request::get("/api/v1/events");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = client.open(request).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self {
            body: response.into_body(),
            text: String::new(),
        }
    }

    /// The next event: its name, its id and what it says. None when the stream ended.
    async fn next(&mut self) -> Option<(String, Option<String>, Value)> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                let line = |name: &str| {
                    let mut lines = event.lines();
                    lines
                        .find_map(|line| line.strip_prefix(name))
                        .map(|text| text.trim().to_owned())
                };
                if let Some(name) = line("event:") {
                    let data = serde_json::from_str(&line("data:").expect("data")).expect("JSON");
                    return Some((name, line("id:"), data));
                }
                continue;
            }
            let frame = tokio::time::timeout(Duration::from_secs(20), self.body.frame())
                .await
                .expect("something happens in time")?;
            let bytes = frame.expect("a piece").into_data().expect("data");
            self.text.push_str(std::str::from_utf8(&bytes).expect("UTF-8"));
        }
    }

    /// True if nothing is said for a while.
    async fn is_quiet(&mut self) -> bool {
        self.text.is_empty()
            && tokio::time::timeout(Duration::from_millis(1_500), self.next())
                .await
                .is_err()
    }
}

async fn desk(test: &TestApp, login: &str, unit: &str) -> Client {
    test.add(login, "district_officer", &[unit]);
    test.anon().signed_in(login).await
}

#[tokio::test]
async fn each_desk_hears_of_its_own_units_and_goes_on_where_it_was() {
    let test = TestApp::full();
    demo::prepare(&test.app).expect("a demo");
    let near = desk(&test, "huyen.gan", HOANG_THU_PHO).await;
    let far = desk(&test, "huyen.xa", DEN_THANG).await;
    let (mut here, mut there) = (Window::open(&near, None).await, Window::open(&far, None).await);
    let (name, id, data) = here.next().await.expect("a word");
    assert_eq!(name, "hello");
    assert_eq!(id, Some(data["seq"].to_string()));
    assert_eq!(there.next().await.expect("a word").0, "hello");

    let head = Phone::of(&test, "tt.hoangthupho.1", 9).await;
    let village = head.units()[0].clone();
    head.visit(&test, &village, 3).await;
    let (mut changed, mut heard_device, mut last) = (0, false, String::new());
    while changed < 3 || !heard_device {
        let (name, id, data) = here.next().await.expect("a word");
        match name.as_str() {
            "records" => {
                changed += data["kinds"]["household"].as_u64().expect("a count");
                assert_eq!(data["units"], serde_json::json!([village]));
                last = id.expect("an id");
                assert_eq!(last, data["seq"].to_string());
            }
            "devices" => {
                assert_eq!(data["device"], head.id);
                heard_device = true;
            }
            other => panic!("{other}"),
        }
    }
    assert_eq!(changed, 3);
    assert!(there.is_quiet().await, "another district hears nothing");

    drop(here);
    head.visit(&test, &village, 2).await;
    let mut back = Window::open(&near, Some(&last)).await;
    assert_eq!(back.next().await.expect("a word").0, "hello");
    let (name, _, data) = back.next().await.expect("what was missed");
    assert_eq!(
        (name.as_str(), &data["kinds"]["household"]),
        ("records", &2.into())
    );
}

#[tokio::test]
async fn many_syncs_in_a_moment_are_few_words() {
    let test = TestApp::full();
    demo::prepare(&test.app).expect("a demo");
    let near = desk(&test, "huyen.gan", HOANG_THU_PHO).await;
    let mut window = Window::open(&near, None).await;
    window.next().await.expect("hello");
    let head = Phone::of(&test, "tt.hoangthupho.1", 9).await;
    let village = head.units()[0].clone();
    for _ in 0..12 {
        head.visit(&test, &village, 1).await;
    }
    let (mut changed, mut words) = (0, 0);
    while changed < 12 {
        let (name, _, data) = window.next().await.expect("a word");
        if name == "records" {
            changed += data["kinds"]["household"].as_u64().expect("a count");
            words += 1;
        }
    }
    assert_eq!(changed, 12);
    assert!(words < 12, "{words} words for twelve syncs");
}

#[tokio::test]
async fn a_stream_ends_with_its_session_and_with_the_server() {
    let test = TestApp::full();
    let near = desk(&test, "huyen", HOANG_THU_PHO).await;
    let mut window = Window::open(&near, None).await;
    window.next().await.expect("hello");
    near.delete("/api/v1/session").await.ok();
    test.app.live.changed();
    assert_eq!(window.next().await, None, "who signed out hears nothing");

    let near = test.anon().signed_in("huyen").await;
    let mut window = Window::open(&near, None).await;
    window.next().await.expect("hello");
    test.wait(SignedDuration::from_hours(13));
    test.app.live.changed();
    assert_eq!(window.next().await, None, "the session has expired");

    let near = test.anon().signed_in("huyen").await;
    let mut window = Window::open(&near, None).await;
    window.next().await.expect("hello");
    test.app.live.stop();
    assert_eq!(window.next().await, None, "the server stops");
}

#[tokio::test]
async fn who_may_look_on_and_how_often() {
    let (test, anon, admin) = TestApp::full().with_admin().await;
    assert_eq!(anon.get("/api/v1/events").await.code(), "not_signed_in");
    test.add("quansat", "observer", &[]);
    let observer = anon.signed_in("quansat").await;
    assert_eq!(observer.get("/api/v1/events").await.code(), "role_forbidden");
    let phone = Phone::enrolled(&test, "cb", "commune_cadre", HOANG_THU_PHO, 1).await;
    assert_eq!(phone.client.get("/api/v1/events").await.code(), "role_forbidden");

    let mut windows = Vec::new();
    for _ in 0..server::live::STREAMS_PER_PERSON_MAX {
        windows.push(Window::open(&admin, None).await);
    }
    assert_eq!(admin.get("/api/v1/events").await.code(), "too_many_streams");
    windows.pop();
    let mut again = Window::open(&admin, None).await;
    again.next().await.expect("hello");
    let hello = Hello {
        protocol: PROTOCOL,
        ..Hello::default()
    };
    phone.sync(&[Frame::Hello(hello)]).await;
    let (name, id, data) = again.next().await.expect("a word");
    assert_eq!((name.as_str(), id), ("devices", None));
    assert_eq!(data["device"], phone.id);
}

#[tokio::test]
async fn a_desk_from_before_a_restored_backup_is_told_to_read_again() {
    let test = TestApp::full();
    let near = desk(&test, "huyen", HOANG_THU_PHO).await;
    let mut window = Window::open(&near, Some("900000")).await;
    assert_eq!(window.next().await.expect("a word").0, "hello");
    assert_eq!(window.next().await.expect("a word").0, "lagged");
}
