//! Devices are listed and revoked.

use serde_json::json;
use server::access::enrol;
use server::audit::Actor;
use server::store::DeviceStore as _;

use crate::app::{Client, DEN_THANG, HOANG_THU_PHO, TestApp};

async fn phone(test: &TestApp, login: &str, unit: &str, seed: u8) -> (String, Client) {
    let user = test.add(login, "commune_cadre", &[unit]);
    let code = enrol::issue(&test.app.store, test.app.clock.now(), Actor::Cli, user.id)
        .expect("a code")
        .code;
    let device = test.anon().enroll(&code.grouped(), seed).await.ok();
    let token = device["token"].as_str().expect("a token").to_owned();
    (
        device["device_id"].as_str().expect("an id").to_owned(),
        test.anon().phone(&token),
    )
}

#[tokio::test]
async fn a_revoked_phone_opens_nothing_and_others_learn_of_it() {
    let (test, _, admin) = TestApp::full().with_admin().await;
    let (id, phone) = phone(&test, "cb", HOANG_THU_PHO, 1).await;
    phone.get("/api/v1/session").await.ok();
    let path = format!("/api/v1/devices/{id}/revoke");
    let revoked = admin.post(&path, json!({})).await.ok();
    assert_eq!(revoked["revoked_at"], "2026-01-01T00:00:00Z");
    assert_eq!(phone.get("/api/v1/session").await.code(), "device_revoked");

    let certs = test.app.store.certs_since(0, 10).expect("certificates");
    let cert = certs[0]
        .cert
        .open(test.app.keys.project, &test.app.keys.public())
        .expect("signed");
    assert!(cert.revoked);
    admin.post(&path, json!({})).await.ok();
    assert_eq!(
        test.app.store.certs_since(cert.serial, 10).expect("certificates"),
        [],
        "a second time changes nothing"
    );
}

#[tokio::test]
async fn everybody_sees_and_revokes_what_is_theirs_to_see() {
    let (test, anon, admin) = TestApp::full().with_admin().await;
    test.add("huyen", "district_officer", &[HOANG_THU_PHO]);
    let officer = anon.signed_in("huyen").await;
    let (near, near_phone) = phone(&test, "cb.gan", HOANG_THU_PHO, 1).await;
    let (far, far_phone) = phone(&test, "cb.xa", DEN_THANG, 2).await;
    let rows = |page: serde_json::Value| page["items"].as_array().expect("rows").len();
    assert_eq!(rows(admin.get("/api/v1/devices").await.ok()), 2);
    assert_eq!(rows(officer.get("/api/v1/devices").await.ok()), 1);
    let revoke = |id: &str| format!("/api/v1/devices/{id}/revoke");
    assert_eq!(
        officer.post(&revoke(&far), json!({})).await.code(),
        "device_unknown"
    );
    assert_eq!(
        near_phone.post(&revoke(&far), json!({})).await.code(),
        "device_unknown"
    );
    far_phone.post(&revoke(&far), json!({})).await.ok();
    officer.post(&revoke(&near), json!({})).await.ok();
    assert_eq!(
        admin
            .post(&revoke(&uuid::Uuid::nil().to_string()), json!({}))
            .await
            .code(),
        "device_unknown"
    );
}
