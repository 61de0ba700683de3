//! The demo is ready at once and keeps what it has.

use std::collections::BTreeSet;

use server::demo::{self, DEMO_PASSWORD};
use server::store::UserStore as _;

use crate::app::TestApp;

#[tokio::test]
async fn ten_communes_with_people_who_can_come_in() {
    let test = TestApp::full();
    let people = demo::prepare(&test.app).expect("a demo");
    let with_role = |role: &str| people.iter().filter(|person| person.role.name() == role).count();
    assert_eq!(
        (with_role("commune_cadre"), with_role("district_officer")),
        (10, 4)
    );
    assert!(with_role("village_head") >= 20);
    assert!(people.iter().any(|person| person.login == "cb.hoangthupho"));

    let cadre = people
        .iter()
        .find(|person| person.login == "cb.hoangthupho")
        .expect("a cadre");
    let device = test
        .anon()
        .enroll(cadre.code.as_deref().expect("a code"), 1)
        .await
        .ok();
    assert_eq!(device["units"][0]["name"], "xã Hoàng Thu Phố");
    let sign_in = serde_json::json!({"login": "huyen.bacha", "password": DEMO_PASSWORD});
    test.anon().post("/api/v1/session", sign_in).await.ok();
}

#[test]
fn a_second_start_keeps_the_people_and_prints_fresh_codes() {
    let test = TestApp::full();
    let first = demo::prepare(&test.app).expect("a demo");
    let before = test.app.store.users("", 1000).expect("people").len();
    let again = demo::prepare(&test.app).expect("the same demo");
    assert_eq!(test.app.store.users("", 1000).expect("people").len(), before);
    let codes = |people: &[demo::Person]| {
        people
            .iter()
            .filter_map(|person| person.code.clone())
            .collect::<BTreeSet<_>>()
    };
    assert!(codes(&first).is_disjoint(&codes(&again)));
    let line = demo::line(&test.app, &again);
    assert_eq!(line["people"].as_array().expect("people").len(), again.len());
    let table = demo::table(&again, server::messages::Lang::Vi);
    assert!(
        table.contains("DỮ LIỆU MẪU") && table.contains("cb.dinchin"),
        "{table}"
    );
}
