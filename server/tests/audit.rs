//! Who did what shows, and a removed line shows too.

use server::store::{AuditQuery, AuditStore as _};

use crate::app::{HOANG_THU_PHO, TestApp};

#[tokio::test]
async fn every_act_leaves_a_line_without_names() {
    let (test, anon, admin) = TestApp::full().with_admin().await;
    let cadre = test.add("cb", "commune_cadre", &[HOANG_THU_PHO]);
    let page = admin.get("/api/v1/audit").await.ok();
    let actions: Vec<&str> = page["items"]
        .as_array()
        .expect("rows")
        .iter()
        .rev()
        .filter_map(|row| row["action"].as_str())
        .collect();
    assert_eq!(
        actions,
        ["project_create", "user_add", "session_open", "user_add"]
    );
    let query = AuditQuery {
        limit: 100,
        ..AuditQuery::default()
    };
    let kept = test.app.store.audit_lines(&query).expect("reads");
    assert!(
        !format!("{kept:?}").contains("Người Mẫu"),
        "no names in the audit log"
    );
    assert_eq!(
        page["items"][0]["target_name"], "Người Mẫu",
        "the reader sees today's names"
    );

    let about = admin
        .get(&format!("/api/v1/audit?target=user:{}", cadre.id))
        .await
        .ok();
    assert_eq!(about["items"].as_array().expect("rows").len(), 1);
    let first = admin.get("/api/v1/audit?limit=1&cursor=2").await.ok();
    assert_eq!(first["items"][0]["seq"], 1);
    assert_eq!(anon.get("/api/v1/audit").await.code(), "not_signed_in");
}

#[tokio::test]
async fn only_administrators_read_what_everybody_did() {
    let (test, anon, _) = TestApp::full().with_admin().await;
    let officer = test.add("huyen", "district_officer", &[HOANG_THU_PHO]);
    test.add("quansat", "observer", &[]);
    let observer = anon.signed_in("quansat").await;
    assert_eq!(observer.get("/api/v1/audit").await.code(), "role_forbidden");
    let page = anon.signed_in("huyen").await.get("/api/v1/audit").await.ok();
    for line in page["items"].as_array().expect("rows") {
        assert_eq!(
            line["actor"],
            format!("user:{}", officer.id),
            "an officer sees own acts"
        );
    }
}

#[test]
fn a_line_that_was_altered_removed_or_cut_off_shows() {
    for (harm, broken_at) in [
        ("UPDATE audit SET actor = 'server' WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 4", 4),
    ] {
        let test = TestApp::full();
        for login in ["a", "b", "c"] {
            test.add(login, "admin", &[]);
        }
        assert_eq!(test.app.store.audit_break().expect("store"), None);
        let raw = rusqlite::Connection::open(test.dir.path().join("soban.db")).expect("the database");
        raw.execute(harm, []).expect_err("the log is only added to");
        raw.execute_batch("DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_removed;")
            .expect("by force");

        assert_eq!(raw.execute(harm, []).expect("by force"), 1);
        assert_eq!(
            test.app.store.audit_break().expect("store"),
            Some(broken_at),
            "{harm}"
        );
    }
}
