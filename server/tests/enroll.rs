//! A phone comes in with a code.

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::json;
use server::access::{AccessError, enrol};
use server::audit::Actor;
use server::store::{DeviceQuery, DeviceStore as _, User};
use sync_core::cert::SignedCert;
use sync_core::id::{ProjectId, PublicKey, unhex};

use crate::app::{DEN_THANG, HOANG_THU_PHO, TestApp};

fn code_for(test: &TestApp, user: &User) -> String {
    enrol::issue(&test.app.store, test.app.clock.now(), Actor::Cli, user.id)
        .expect("a code")
        .code
        .grouped()
}

#[tokio::test]
async fn a_code_and_a_key_become_a_device() {
    let test = TestApp::full();
    let cadre = test.add("cb", "commune_cadre", &[HOANG_THU_PHO]);
    let code = code_for(&test, &cadre);
    let reply = test.anon().enroll(&code, 1).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    let body = reply.ok();
    assert_eq!(body["user"]["login"], "cb");
    assert_eq!(body["units"][0]["name"], "xã Hoàng Thu Phố");
    assert_eq!(body["project_key"].as_str().expect("hex").len(), 64);
    assert_eq!(body["epoch"].as_str().expect("hex").len(), 32);

    let text = |name: &str| body[name].as_str().expect("text").to_owned();
    let cert: SignedCert = minicbor::decode(&unhex(&text("cert")).expect("hex")).expect("a certificate");
    let project: ProjectId = text("project_id").parse().expect("a UUID");
    let server_key = PublicKey::from_hex(&text("server_public_key")).expect("a key");
    let cert = cert.open(project, &server_key).expect("signed by the server");
    assert_eq!(cert.device.to_string(), text("device_id"));
    assert_eq!(cert.units, cadre.units);
    assert!(!cert.revoked);

    let me = test
        .anon()
        .phone(&text("token"))
        .get("/api/v1/session")
        .await
        .ok();
    assert_eq!(me["user"]["login"], "cb");
}

#[tokio::test]
async fn a_code_is_read_in_any_case_and_without_dashes() {
    let test = TestApp::full();
    let cadre = test.add("cb", "commune_cadre", &[HOANG_THU_PHO]);
    let typed = code_for(&test, &cadre).replace('-', "").to_lowercase();
    assert_eq!(test.anon().enroll(&typed, 1).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_lost_reply_is_harmless() {
    let test = TestApp::full();
    let anon = test.anon();
    let cadre = test.add("cb", "commune_cadre", &[HOANG_THU_PHO]);
    let code = code_for(&test, &cadre);
    let lost = anon.enroll(&code, 1).await.ok();
    let again = anon.enroll(&code, 1).await.ok();
    assert_eq!(lost["device_id"], again["device_id"]);
    assert_ne!(lost["token"], again["token"]);
    assert_eq!(
        anon.enroll(&code, 2).await.code(),
        "enrolment_code_used",
        "another phone"
    );

    let phone = anon.phone(again["token"].as_str().expect("a token"));
    phone.get("/api/v1/session").await.ok();
    assert_eq!(
        anon.enroll(&code, 1).await.code(),
        "enrolment_code_used",
        "the answer has arrived"
    );
    assert_eq!(
        test.app
            .store
            .devices(&DeviceQuery {
                user: Some(cadre.id),
                limit: 10,
                ..DeviceQuery::default()
            })
            .expect("devices")
            .len(),
        1
    );
}

#[tokio::test]
async fn a_code_lives_for_a_day() {
    let test = TestApp::full();
    let cadre = test.add("cb", "commune_cadre", &[HOANG_THU_PHO]);
    let code = code_for(&test, &cadre);
    test.wait(SignedDuration::from_hours(24));
    let late = test.anon().enroll(&code, 1).await;
    assert_eq!(
        (late.status, late.code().as_str()),
        (StatusCode::GONE, "enrolment_code_expired")
    );
}

#[tokio::test]
async fn two_phones_of_one_person_have_a_code_each() {
    let test = TestApp::full();
    let cadre = test.add("cb", "commune_cadre", &[HOANG_THU_PHO]);
    let (first, second) = (code_for(&test, &cadre), code_for(&test, &cadre));
    let one = test.anon().enroll(&first, 1).await.ok();
    let two = test.anon().enroll(&second, 2).await.ok();
    assert_ne!(one["device_id"], two["device_id"]);
}

#[tokio::test]
async fn guessing_a_code_makes_the_account_wait_and_nobody_else() {
    let test = TestApp::full();
    let anon = test.anon();
    let (cadre, other) = (
        test.add("cb", "commune_cadre", &[HOANG_THU_PHO]),
        test.add("cb2", "commune_cadre", &[DEN_THANG]),
    );
    let (code, others) = (code_for(&test, &cadre), code_for(&test, &other));
    let guess = if code.ends_with("22") {
        format!("{}-2222-33", &code[..4])
    } else {
        format!("{}-2222-22", &code[..4])
    };
    for _ in 0..10 {
        assert_eq!(anon.enroll(&guess, 1).await.code(), "enrolment_code_unknown");
    }
    let waiting = anon.enroll(&code, 1).await;
    assert_eq!(
        (waiting.status, waiting.code().as_str()),
        (StatusCode::TOO_MANY_REQUESTS, "throttled")
    );
    assert_eq!(waiting.headers["retry-after"], "60");
    anon.enroll(&others, 2).await.ok();
    test.wait(SignedDuration::from_mins(1));
    anon.enroll(&code, 1).await.ok();
}

#[tokio::test]
async fn codes_and_keys_that_are_none_are_refused() {
    let test = TestApp::full();
    let cadre = test.add("cb", "commune_cadre", &[HOANG_THU_PHO]);
    let code = code_for(&test, &cadre);
    assert_eq!(
        test.anon().enroll("không phải mã", 1).await.code(),
        "enrolment_code_unknown"
    );
    for key in ["", "zz", &"00".repeat(31), &"00".repeat(32)] {
        let reply = test
            .anon()
            .post("/api/v1/enroll", json!({"code": code, "public_key": key}))
            .await;
        assert_eq!(reply.code(), "public_key_unfit", "{key}");
    }
}

#[test]
fn roles_without_records_hold_no_device() {
    let test = TestApp::full();
    let observer = test.add("giamsat", "observer", &[]);
    let refused = enrol::issue(&test.app.store, test.app.clock.now(), Actor::Cli, observer.id);
    assert_eq!(
        refused.expect_err("an observer has no device"),
        AccessError::RoleHasNoDevice
    );
}

#[test]
fn an_officer_has_one_console() {
    let test = TestApp::full();
    let officer = test.add("huyen", "district_officer", &[HOANG_THU_PHO]);
    let console = || {
        server::access::console_device(&test.app.store, &test.app.keys, test.app.clock.now(), &officer)
            .expect("a console")
    };
    let (first, again) = (console(), console());
    assert_eq!(first.0, again.0);
    let cert = test
        .app
        .store
        .cert(first.0)
        .expect("store")
        .expect("a certificate")
        .cert;
    let cert = cert
        .open(test.app.keys.project, &test.app.keys.public())
        .expect("signed");
    assert_eq!(cert.public_key.0, first.1.verifying_key().to_bytes());
}
