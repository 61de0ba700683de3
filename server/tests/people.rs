//! What an office does with people: find them, turn them on again, take a code back, look at who did what.

use jiff::SignedDuration;
use serde_json::{Value, json};
use server::store::DeviceStore as _;

use crate::app::{DEN_THANG, HOANG_THU_PHO, TestApp};
use crate::phone::Phone;

fn logins(page: &Value) -> Vec<&str> {
    let rows = page["items"].as_array().expect("rows");
    rows.iter().filter_map(|row| row["login"].as_str()).collect()
}

#[tokio::test]
async fn people_are_found_by_role_unit_and_words() {
    let (test, anon, admin) = TestApp::full().with_admin().await;
    test.add("cb.htp", "commune_cadre", &[HOANG_THU_PHO]);
    test.add("cb.dt", "commune_cadre", &[DEN_THANG]);
    test.add("huyen", "district_officer", &[HOANG_THU_PHO]);
    admin
        .post(
            "/api/v1/users",
            json!({"login": "sua", "name": "Thào Thị Súa", "role": "commune_cadre", "units": [DEN_THANG]}),
        )
        .await
        .ok();
    let found = |query: &str| {
        let (admin, path) = (admin.clone(), format!("/api/v1/users?{query}"));
        async move { admin.get(&path).await.ok() }
    };
    assert_eq!(logins(&found("role=district_officer").await), ["huyen"]);
    assert_eq!(
        logins(&found(&format!("unit={DEN_THANG}")).await),
        ["cb.dt", "sua"]
    );
    assert_eq!(logins(&found("q=thao%20sua").await), ["sua"], "without marks");
    assert_eq!(
        logins(&found("q=cb.&role=commune_cadre").await),
        ["cb.dt", "cb.htp"]
    );
    assert_eq!(logins(&found("disabled=true").await), Vec::<&str>::new());
    assert_eq!(admin.get("/api/v1/users?role=king").await.code(), "role_unknown");
    let officer = anon.signed_in("huyen").await;
    let own = officer.get(&format!("/api/v1/users?unit={DEN_THANG}")).await.ok();
    assert_eq!(
        logins(&own),
        Vec::<&str>::new(),
        "another district's people do not exist"
    );
}

#[tokio::test]
async fn who_was_turned_off_by_mistake_works_on() {
    let (test, _, admin) = TestApp::full().with_admin().await;
    let phone = Phone::enrolled(&test, "cb", "commune_cadre", HOANG_THU_PHO, 1).await;
    let lost = Phone::of(&test, "cb", 2).await;
    let path = format!("/api/v1/users/{}", phone.user);
    admin
        .post(&format!("/api/v1/devices/{}/revoke", lost.id), Value::Null)
        .await
        .ok();
    admin.post(&format!("{path}/disable"), Value::Null).await.ok();
    assert_eq!(phone.client.get("/api/v1/session").await.code(), "user_disabled");
    let on = admin.post(&format!("{path}/enable"), Value::Null).await.ok();
    assert_eq!(on["disabled_at"], Value::Null);
    phone.client.get("/api/v1/session").await.ok();
    assert_eq!(
        lost.client.get("/api/v1/session").await.code(),
        "device_revoked",
        "a revoked phone stays revoked"
    );
    let certs = test.app.store.certs_since(0, 10).expect("certificates");
    let revoked = |id: &str| {
        let stored = certs
            .iter()
            .find(|cert| cert.device.to_string() == id)
            .expect("a certificate");
        let cert = stored.cert.open(test.app.keys.project, &test.app.keys.public());
        cert.expect("signed").revoked
    };
    assert!(!revoked(&phone.id) && revoked(&lost.id));
    let lines = admin.get("/api/v1/audit?action=user_enable").await.ok();
    assert_eq!(lines["items"].as_array().expect("rows").len(), 1);
    admin.post(&format!("{path}/enable"), Value::Null).await.ok();
    let lines = admin.get("/api/v1/audit?action=user_enable").await.ok();
    assert_eq!(
        lines["items"].as_array().expect("rows").len(),
        1,
        "a second time changes nothing"
    );
}

#[tokio::test]
async fn a_code_that_went_to_the_wrong_person_is_taken_back() {
    let (test, anon, admin) = TestApp::full().with_admin().await;
    let cadre = test.add("cb", "commune_cadre", &[HOANG_THU_PHO]);
    test.add("huyen", "district_officer", &[DEN_THANG]);
    let path = format!("/api/v1/users/{}/enrollments", cadre.id);
    let code = admin.post(&path, Value::Null).await.ok();
    let other = admin.post(&path, Value::Null).await.ok();
    let open = admin.get(&path).await.ok();
    assert_eq!(open["items"].as_array().expect("rows").len(), 2);
    assert_eq!(open["items"][0]["code"], Value::Null, "a code shows only once");
    let one = format!("{path}/{}", open["items"][0]["id"]);

    let stranger = anon.signed_in("huyen").await;
    assert_eq!(stranger.get(&path).await.code(), "user_unknown");
    assert_eq!(stranger.delete(&one).await.code(), "user_unknown");
    admin.delete(&one).await.ok();
    assert_eq!(admin.delete(&one).await.code(), "enrolment_unknown");
    let gone = anon.enroll(code["code"].as_str().expect("a code"), 1).await;
    assert_eq!(gone.code(), "enrolment_code_expired");
    anon.enroll(other["code"].as_str().expect("a code"), 1).await.ok();
    let open = admin.get(&path).await.ok();
    assert_eq!(open["items"], json!([]), "a used code waits no longer");
    let lines = admin.get("/api/v1/audit?action=enrolment_cancel").await.ok();
    assert_eq!(lines["items"].as_array().expect("rows").len(), 1);
}

#[tokio::test]
async fn the_log_is_asked_by_who_what_and_when() {
    let (test, anon, admin) = TestApp::full().with_admin().await;
    test.add("huyen", "district_officer", &[HOANG_THU_PHO]);
    let near = Phone::enrolled(&test, "cb.gan", "commune_cadre", HOANG_THU_PHO, 1).await;
    let far = Phone::enrolled(&test, "cb.xa", "commune_cadre", DEN_THANG, 2).await;
    test.wait(SignedDuration::from_hours(1));
    let officer = anon.signed_in("huyen").await;
    near.client.get("/api/v1/session").await.ok();
    far.client.get("/api/v1/session").await.ok();

    let items = |page: Value| page["items"].as_array().expect("rows").clone();
    let by = format!("/api/v1/audit?actor=user:{}", near.user);
    let lines = items(admin.get(&by).await.ok());
    assert!(
        lines.len() >= 2,
        "the devices of a person count as the person: {lines:?}"
    );
    for line in &lines {
        assert_eq!(line["actor"], format!("device:{}", near.id));
        assert_eq!(line["actor_name"], "Người Mẫu");
    }
    let late = items(admin.get("/api/v1/audit?from=2026-01-01T00:30:00Z").await.ok());
    assert!(!late.is_empty() && late.iter().all(|line| line["at"] == "2026-01-01T01:00:00Z"));
    let early = items(admin.get("/api/v1/audit?to=2026-01-01T00:30:00Z").await.ok());
    assert!(!early.is_empty() && early.iter().all(|line| line["at"] == "2026-01-01T00:00:00Z"));
    assert_eq!(
        admin.get("/api/v1/audit?from=yesterday").await.code(),
        "parameter_malformed"
    );

    let seen = items(officer.get("/api/v1/audit").await.ok());
    let actors: Vec<&str> = seen.iter().filter_map(|line| line["actor"].as_str()).collect();
    assert!(
        actors.contains(&format!("device:{}", near.id).as_str()),
        "{actors:?}"
    );
    assert!(
        !actors.contains(&format!("device:{}", far.id).as_str()),
        "{actors:?}"
    );
    let own = format!("/api/v1/audit?actor=user:{}", far.user);
    assert_eq!(items(officer.get(&own).await.ok()), Vec::<Value>::new());
    test.add("tinh", "province_officer", &[]);
    let province = anon.signed_in("tinh").await;
    assert_eq!(province.get("/api/v1/audit").await.code(), "role_forbidden");
}
