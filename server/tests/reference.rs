//! Forms, units and plans are there for whoever is known.

use serde_json::json;
use server::audit::Actor;
use server::territory::{self, TerritoryError};

use crate::app::TestApp;

const VILLAGES: &str = "level,code,name,parent_code,valid_from,valid_to\n\
    village,,Séo Sín Chải Mẫu,02839,2025-07-01,\n\
    village,,Bản Thử Mẫu,02839,2025-07-01,\n";

fn import(test: &TestApp, csv: &[u8]) -> Result<territory::Imported, TerritoryError> {
    territory::import_csv(&test.app.store, test.app.clock.now(), Actor::Cli, csv)
}

#[tokio::test]
async fn forms_are_listed_and_given_as_written() {
    let (_test, anon, admin) = TestApp::full().with_admin().await;
    let forms = admin.get("/api/v1/forms").await.ok();
    let names: Vec<&str> = forms["items"]
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|row| row["form_id"].as_str())
        .collect();
    assert!(
        names.contains(&"household") && names.contains(&"job_fair_attendance"),
        "{names:?}"
    );
    let form = admin.get("/api/v1/forms/household").await.ok();
    assert_eq!(form["settings"]["form_id"], "household");
    assert_eq!(admin.get("/api/v1/forms/household?version=1").await.ok(), form);
    assert_eq!(
        admin.get("/api/v1/forms/household?version=999").await.code(),
        "not_found"
    );
    assert_eq!(
        admin.get("/api/v1/forms/household?version=x").await.code(),
        "parameter_malformed"
    );
    assert_eq!(admin.get("/api/v1/forms/none").await.code(), "not_found");
    assert_eq!(anon.get("/api/v1/forms").await.code(), "not_signed_in");
}

#[tokio::test]
async fn the_plan_of_2024_is_there() {
    let (_test, _, admin) = TestApp::full().with_admin().await;
    let plans = admin.get("/api/v1/plans").await.ok();
    assert_eq!(
        (&plans["items"][0]["id"], &plans["items"][0]["communes"]),
        (&json!("plan-2024"), &json!(10))
    );
    let plan = admin.get("/api/v1/plans/plan-2024").await.ok();
    assert_eq!(plan["targets"].as_array().expect("targets").len(), 22);
}

#[tokio::test]
async fn units_are_found_without_marks_and_under_their_successors() {
    let (_test, _, admin) = TestApp::full().with_admin().await;
    let found = admin.get("/api/v1/units?q=hoang+thu&level=commune").await.ok();
    assert_eq!(found["items"][0]["code"], "02863");
    let district = admin.get("/api/v1/units?level=district&q=085").await.ok();
    let under = district["items"][0]["id"].as_str().expect("an id");
    let communes = admin
        .get(&format!("/api/v1/units?level=commune&under={under}"))
        .await
        .ok();
    assert!(communes["items"].as_array().expect("rows").len() >= 2);
}

#[tokio::test]
async fn imported_villages_are_there_at_once_and_once() {
    let (test, _, admin) = TestApp::full().with_admin().await;
    let done = import(&test, VILLAGES.as_bytes()).expect("a table");
    assert_eq!((done.created, done.unchanged), (2, 0));
    let found = admin.get("/api/v1/units?level=village").await.ok();
    assert_eq!(found["items"].as_array().expect("rows").len(), 2);
    let again = import(&test, VILLAGES.as_bytes()).expect("the same table");
    assert_eq!((again.created, again.unchanged), (0, 2));
}

#[test]
fn old_encodings_are_refused_not_guessed() {
    let test = TestApp::full();
    let tcvn3 = b"level,code,name,parent_code,valid_from,valid_to\nvillage,,Th\xabn B\xb6n M\xc9u,02839,2025-07-01,\n";
    let refused = import(&test, tcvn3).expect_err("TCVN3");
    assert_eq!(
        server::problem::Problem::from(refused).code.name(),
        "text_not_unicode"
    );
    let copied = "level,code,name,parent_code,valid_from,valid_to\nvillage,,Th«n B¶n Phè,02839,2025-07-01,\n";
    let refused = import(&test, copied.as_bytes()).expect_err("TCVN3 copied into Unicode");
    assert_eq!(
        server::problem::Problem::from(refused).code.name(),
        "text_not_unicode"
    );
}

#[test]
fn one_bad_row_keeps_all_out() {
    let test = TestApp::full();
    let csv = format!("{VILLAGES}village,,Không Có Xã Mẫu,99999,2025-07-01,\n");
    let refused = import(&test, csv.as_bytes()).expect_err("an unknown parent");
    let problem = server::problem::Problem::from(refused);
    assert_eq!(problem.code.name(), "rows_unfit");
    assert!(
        problem.words(server::messages::Lang::Vi).1.contains('4'),
        "the line is named"
    );
    let done = import(&test, VILLAGES.as_bytes()).expect("a table");
    assert_eq!(done.created, 2, "nothing was taken before");
}

#[test]
fn a_plan_that_is_none_changes_nothing() {
    let test = TestApp::full();
    let import =
        |bytes: &[u8]| territory::plans::import(&test.app.store, test.app.clock.now(), Actor::Cli, bytes);
    let refused = import(b"{}").expect_err("no plan");
    assert_eq!(server::problem::Problem::from(refused).code.name(), "plan_unfit");
    let mut plan: serde_json::Value = serde_json::from_str(schemas::plan::PLAN_2024_JSON).expect("the plan");
    plan["scope"][0]["unit_id"] = json!("00000000-0000-0000-0000-000000000000");
    let refused = import(plan.to_string().as_bytes()).expect_err("a unit nobody knows");
    assert_eq!(
        server::problem::Problem::from(refused).code.name(),
        "unit_unknown"
    );
    plan["scope"].as_array_mut().expect("units").remove(0);
    plan["id"] = json!("plan-2025");
    import(plan.to_string().as_bytes()).expect("a plan");
    assert_eq!(territory::plans::all(&test.app.store).expect("plans").len(), 2);
}
