//! People are added, changed and turned off.

use axum::http::StatusCode;
use serde_json::{Value, json};
use server::store::DeviceStore as _;

use crate::app::{Client, DEN_THANG, HOANG_THU_PHO, TestApp};

async fn add(by: &Client, login: &str, role: &str, units: &[&str]) -> Value {
    by.post(
        "/api/v1/users",
        json!({"login": login, "name": "Sùng Seo Dìn", "role": role, "units": units}),
    )
    .await
    .ok()
}

async fn enrolled(anon: &Client, by: &Client, user: &Value, seed: u8) -> (String, Client) {
    let path = format!(
        "/api/v1/users/{}/enrollments",
        user["id"].as_str().expect("an id")
    );
    let code = by.post(&path, json!({})).await.ok();
    assert!(code["qr_svg"].as_str().expect("a picture").contains("<svg"));
    assert!(
        code["url"]
            .as_str()
            .expect("a link")
            .starts_with("http://localhost/#enrol=")
    );
    let device = anon
        .enroll(code["code"].as_str().expect("a code"), seed)
        .await
        .ok();
    let token = device["token"].as_str().expect("a token");
    (
        device["device_id"].as_str().expect("an id").to_owned(),
        anon.phone(token),
    )
}

#[tokio::test]
async fn an_administrator_adds_a_cadre_and_hands_out_a_code() {
    let (_test, anon, admin) = TestApp::full().with_admin().await;
    let cadre = add(&admin, "CB.HoangThuPho", "commune_cadre", &[HOANG_THU_PHO]).await;
    assert_eq!(cadre["login"], "cb.hoangthupho");
    let (_, phone) = enrolled(&anon, &admin, &cadre, 1).await;
    let me = phone.get("/api/v1/session").await.ok();
    assert_eq!(me["units"][0]["code"], HOANG_THU_PHO);
    assert_eq!(phone.get("/api/v1/users").await.code(), "role_forbidden");
}

#[tokio::test]
async fn what_does_not_fit_is_named() {
    let (_test, _, admin) = TestApp::full().with_admin().await;
    let refused = |body: Value| {
        let admin = admin.clone();
        async move { admin.post("/api/v1/users", body).await.code() }
    };
    let person = |login: &str, name: &str, role: &str, units: &[&str]| json!({"login": login, "name": name, "role": role, "units": units});
    assert_eq!(refused(person("có dấu", "A", "admin", &[])).await, "login_unfit");
    assert_eq!(
        refused(person("a", " \u{200b} ", "admin", &[])).await,
        "name_unfit"
    );
    assert_eq!(refused(person("a", "A", "king", &[])).await, "role_unknown");
    assert_eq!(
        refused(person("a", "A", "commune_cadre", &[])).await,
        "unit_needed"
    );
    assert_eq!(
        refused(person("a", "A", "commune_cadre", &["99999"])).await,
        "unit_unknown"
    );
    assert_eq!(
        refused(person("a", "A", "village_head", &[HOANG_THU_PHO])).await,
        "unit_too_high"
    );
    assert_eq!(refused(person("quantri", "A", "admin", &[])).await, "login_taken");
    assert_eq!(refused(json!({"login": "a"})).await, "body_malformed");
}

#[tokio::test]
async fn a_move_to_another_commune_reaches_the_certificates() {
    let (test, anon, admin) = TestApp::full().with_admin().await;
    let cadre = add(&admin, "cb", "commune_cadre", &[HOANG_THU_PHO]).await;
    let (device, phone) = enrolled(&anon, &admin, &cadre, 1).await;
    let before = test.app.store.certs_since(0, 100).expect("certificates");
    let seen = before.last().expect("one").serial;
    assert!(
        test.app
            .store
            .certs_since(seen, 100)
            .expect("certificates")
            .is_empty()
    );

    let path = format!("/api/v1/users/{}", cadre["id"].as_str().expect("an id"));
    admin.patch(&path, json!({"units": [DEN_THANG]})).await.ok();
    let news = test.app.store.certs_since(seen, 100).expect("certificates");
    assert_eq!(news.len(), 1);
    assert_eq!(news[0].device.to_string(), device);
    let cert = news[0]
        .cert
        .open(test.app.keys.project, &test.app.keys.public())
        .expect("signed");
    assert!(cert.serial > seen);
    assert_eq!(
        phone.get("/api/v1/session").await.ok()["units"][0]["code"],
        DEN_THANG
    );
}

#[tokio::test]
async fn who_is_turned_off_is_off_everywhere() {
    let (test, anon, admin) = TestApp::full().with_admin().await;
    test.add("huyen", "district_officer", &[HOANG_THU_PHO]);
    let officer = anon.signed_in("huyen").await;
    let me = officer.get("/api/v1/session").await.ok()["user"].clone();
    let (_, phone) = enrolled(&anon, &admin, &me, 1).await;

    let path = format!("/api/v1/users/{}/disable", me["id"].as_str().expect("an id"));
    let off = admin.post(&path, json!({})).await.ok();
    assert_eq!(off["disabled_at"], "2026-01-01T00:00:00Z");
    assert_eq!(officer.get("/api/v1/session").await.code(), "session_expired");
    assert_eq!(phone.get("/api/v1/session").await.code(), "user_disabled");
    let certs = test.app.store.certs_since(0, 100).expect("certificates");
    let cert = certs[0]
        .cert
        .open(test.app.keys.project, &test.app.keys.public())
        .expect("signed");
    assert!(cert.revoked);
    let again = anon
        .post(
            "/api/v1/session",
            json!({"login": "huyen", "password": crate::app::PASSWORD}),
        )
        .await;
    assert_eq!(again.code(), "user_disabled");
}

#[tokio::test]
async fn an_officer_manages_field_people_within_the_scope() {
    let (test, anon, admin) = TestApp::full().with_admin().await;
    test.add("huyen", "district_officer", &[HOANG_THU_PHO]);
    let officer = anon.signed_in("huyen").await;
    let stranger = add(&admin, "cb.xa", "commune_cadre", &[DEN_THANG]).await;
    let own = add(&officer, "cb.gan", "commune_cadre", &[HOANG_THU_PHO]).await;

    let new = |role: &str, units: &[&str]| json!({"login": "moi", "name": "A", "role": role, "units": units});
    let far = officer
        .post("/api/v1/users", new("commune_cadre", &[DEN_THANG]))
        .await;
    assert_eq!(
        (far.status, far.code().as_str()),
        (StatusCode::FORBIDDEN, "out_of_scope")
    );
    assert_eq!(
        officer.post("/api/v1/users", new("admin", &[])).await.code(),
        "role_forbidden"
    );

    let seen = officer.get("/api/v1/users").await.ok();
    let logins: Vec<&str> = seen["items"]
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|row| row["login"].as_str())
        .collect();
    assert_eq!(logins, ["cb.gan", "huyen"]);
    let path = |user: &Value| format!("/api/v1/users/{}", user["id"].as_str().expect("an id"));
    assert_eq!(officer.get(&path(&stranger)).await.code(), "user_unknown");
    assert_eq!(
        officer
            .patch(&path(&own), json!({"units": [DEN_THANG]}))
            .await
            .code(),
        "out_of_scope"
    );
    assert_eq!(
        officer.patch(&path(&own), json!({"role": "admin"})).await.code(),
        "role_forbidden"
    );
    officer
        .patch(&path(&own), json!({"name": "Thào Thị Súa"}))
        .await
        .ok();
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let (_test, _, admin) = TestApp::full().with_admin().await;
    let me = admin.get("/api/v1/session").await.ok();
    let path = format!("/api/v1/users/{}", me["user"]["id"].as_str().expect("an id"));
    assert_eq!(
        admin.post(&format!("{path}/disable"), json!({})).await.code(),
        "last_admin"
    );
    assert_eq!(
        admin.patch(&path, json!({"role": "observer"})).await.code(),
        "last_admin"
    );
    add(&admin, "quantri2", "admin", &[]).await;
    admin.post(&format!("{path}/disable"), json!({})).await.ok();
}

#[tokio::test]
async fn a_long_list_comes_in_pages() {
    let (test, _, admin) = TestApp::full().with_admin().await;
    for number in 0..5 {
        test.add(&format!("cb{number}"), "commune_cadre", &[HOANG_THU_PHO]);
    }
    let (mut seen, mut next) = (Vec::new(), String::new());
    loop {
        let page = admin.get(&format!("/api/v1/users?limit=2{next}")).await.ok();
        seen.extend(
            page["items"]
                .as_array()
                .expect("rows")
                .iter()
                .map(|row| row["login"].to_string()),
        );
        let Some(cursor) = page["next"].as_str() else {
            break;
        };
        next = format!("&cursor={cursor}");
    }
    assert_eq!(seen.len(), 6);
    assert!(seen.is_sorted());
}
