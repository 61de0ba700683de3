//! Officers take records away as files: what is in them, who may, and what the audit log says afterwards.

use std::io::{Cursor, Read as _};

use serde_json::{Value, json};
use server::demo::{self, DEMO_PASSWORD};

use crate::app::{Client, Reply, TestApp};

/// A demo, and the officer of Bắc Hà.
async fn office() -> (TestApp, Client) {
    let test = TestApp::full();
    demo::prepare(&test.app).expect("a demo");
    let officer = signed_in(&test, "huyen.bacha").await;
    (test, officer)
}

async fn signed_in(test: &TestApp, login: &str) -> Client {
    let sign_in = json!({"login": login, "password": DEMO_PASSWORD});
    let reply = test.anon().post("/api/v1/session", sign_in).await;
    let cookie = reply.headers["set-cookie"].to_str().expect("text");
    let pair = cookie.split(';').next().expect("a pair").to_owned();
    test.anon().with_header("cookie", &pair)
}

fn rows(reply: &Reply) -> (Vec<String>, Vec<Vec<String>>) {
    assert_eq!(reply.status, 200, "{}", reply.text());
    let text = reply.body.strip_prefix("\u{feff}".as_bytes()).expect("a BOM");
    let mut table = csv::Reader::from_reader(text);
    let heads = table
        .headers()
        .expect("heads")
        .iter()
        .map(str::to_owned)
        .collect();
    let rows = table
        .records()
        .map(|row| row.expect("a row").iter().map(str::to_owned).collect());
    (heads, rows.collect())
}

fn column(table: &(Vec<String>, Vec<Vec<String>>), name: &str) -> Vec<String> {
    let at = table
        .0
        .iter()
        .position(|head| head == name)
        .unwrap_or_else(|| panic!("no {name}"));
    table.1.iter().map(|row| row[at].clone()).collect()
}

async fn audit(test: &TestApp, action: &str) -> Vec<Value> {
    let admin = signed_in(test, "quantri").await;
    let lines = admin.get("/api/v1/audit?limit=500").await.ok();
    let lines = lines["items"].as_array().expect("lines").clone();
    lines
        .into_iter()
        .filter(|line| line["action"] == action)
        .collect()
}

#[tokio::test]
async fn an_officer_exports_a_table_of_their_own_units() {
    let (test, officer) = office().await;
    let reply = officer.get("/api/v1/exports/household.csv").await;
    assert_eq!(
        reply.headers["content-disposition"],
        "attachment; filename=\"household.csv\""
    );
    let text = reply.text();
    assert!(text.lines().count() > 10 && text.matches("\r\n").count() == text.matches('\n').count());
    let table = rows(&reply);
    assert!(
        column(&table, "head_name").iter().all(|name| name == "•••"),
        "hidden without a reason"
    );
    assert!(
        column(&table, "__unit")
            .iter()
            .all(|unit| unit.starts_with("thôn "))
    );
    assert!(
        column(&table, "__old_commune")
            .iter()
            .all(|unit| !unit.is_empty())
    );
    assert!(
        column(&table, "__first_author")
            .iter()
            .all(|name| !name.is_empty())
    );
    assert!(
        column(&table, "__first_received_at")
            .iter()
            .all(|at| at == "2026-01-01T07:00:00+07:00")
    );
    assert!(
        column(&table, "member_count")
            .iter()
            .all(|count| count.parse::<u32>().is_ok()),
        "what the form works out"
    );

    let open = rows(
        &officer
            .get("/api/v1/exports/household.csv?reason=B%C3%A1o%20c%C3%A1o%20qu%C3%BD&labels=true")
            .await,
    );
    let names = column(&open, "Họ và tên chủ hộ");
    assert!(
        names.iter().all(|name| !name.is_empty() && name != "•••"),
        "{names:?}"
    );
    assert!(column(&open, "Khu vực").iter().all(|area| area == "Nông thôn"));

    let everything = signed_in(&test, "tinh")
        .await
        .get("/api/v1/exports/household.csv")
        .await;
    assert!(
        rows(&everything).1.len() > table.1.len(),
        "the province reads more than a district"
    );

    let lines = audit(&test, "export").await;
    assert_eq!(lines.len(), 3);
    let opened = lines
        .iter()
        .find(|line| line["details"]["masked"] == false)
        .expect("one line");
    assert_eq!(opened["details"]["reason"], "Báo cáo quý");
    assert_eq!(opened["details"]["records"], open.1.len());
    assert_eq!(opened["target"], "kind:household");
}

#[tokio::test]
async fn filters_keep_units_days_and_states() {
    let (_test, officer) = office().await;
    let all = rows(&officer.get("/api/v1/exports/household.csv").await).1.len();
    let of_one = rows(&officer.get("/api/v1/exports/household.csv?unit=02863").await)
        .1
        .len();
    assert!(0 < of_one && of_one < all, "{of_one} of {all}");
    for (query, expected) in [
        ("from=2026-01-01&to=2026-01-01", all),
        ("from=2026-01-02", 0),
        ("to=2025-12-31", 0),
        ("state=received", all),
        ("state=approved", 0),
    ] {
        let found = rows(
            &officer
                .get(&format!("/api/v1/exports/household.csv?{query}"))
                .await,
        )
        .1
        .len();
        assert_eq!(found, expected, "{query}");
    }
    for (path, code) in [
        ("household.csv?from=yesterday", "parameter_malformed"),
        ("household.csv?unit=nowhere", "unit_unknown"),
        ("household.csv?repeat=pets", "export_unknown"),
        ("household.pdf", "export_unknown"),
        ("household", "export_unknown"),
        ("pets.csv", "export_unknown"),
        ("household_member.csv", "export_unknown"),
        ("household_visit.geojson", "no_geopoint"),
    ] {
        assert_eq!(
            officer.get(&format!("/api/v1/exports/{path}")).await.code(),
            code,
            "{path}"
        );
    }
    let long = "x".repeat(501);
    let reply = officer
        .get(&format!("/api/v1/exports/household.csv?reason={long}"))
        .await;
    assert_eq!(reply.code(), "reason_too_long");
}

#[tokio::test]
async fn rows_of_a_repeat_are_a_table_of_their_own() {
    let (_test, officer) = office().await;
    let households = rows(&officer.get("/api/v1/exports/household.csv?reason=thu").await);
    let members = rows(
        &officer
            .get("/api/v1/exports/household.csv?repeat=members&reason=thu")
            .await,
    );
    let ids = column(&households, "__id");
    assert!(column(&members, "__record_id").iter().all(|id| ids.contains(id)));
    let expected: usize = column(&households, "declared_count")
        .iter()
        .map(|count| count.parse::<usize>().expect("a number"))
        .sum();
    assert_eq!(members.1.len(), expected);
    assert!(column(&members, "full_name").iter().all(|name| !name.is_empty()));
}

#[tokio::test]
async fn lines_of_json_are_nested_and_say_where_they_come_from() {
    let (_test, officer) = office().await;
    let reply = officer.get("/api/v1/exports/household.jsonl").await;
    for line in reply.text().lines() {
        let record: Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(record["masked"], true);
        assert_eq!(record["data"]["head_name"], "•••");
        assert_eq!(record["data"]["members"][0]["full_name"], "•••");
        assert_eq!(record["provenance"]["review_state"], "received");
        assert_eq!(record["provenance"]["id"], record["id"]);
    }
    let map = officer.get("/api/v1/exports/household.geojson").await.ok();
    assert_eq!(map["type"], "FeatureCollection");
    assert_eq!(
        map["features"],
        json!([]),
        "no household of the demo says where it is"
    );
}

#[tokio::test]
async fn a_workbook_has_a_sheet_for_each_repeat() {
    let (_test, officer) = office().await;
    let reply = officer.get("/api/v1/exports/household.xlsx?labels=true").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.headers["content-length"], reply.body.len().to_string());
    let mut book = zip::ZipArchive::new(Cursor::new(&reply.body)).expect("a zip");
    let mut sheets = String::new();
    book.by_name("xl/workbook.xml")
        .expect("a book")
        .read_to_string(&mut sheets)
        .expect("text");
    assert!(
        sheets.contains("\"Nhân khẩu\"") && sheets.contains("\"Ghi chú\""),
        "{sheets}"
    );
    let mut first = String::new();
    book.by_name("xl/worksheets/sheet1.xml")
        .expect("a sheet")
        .read_to_string(&mut first)
        .expect("text");
    assert!(
        first.contains("state=\"frozen\"") && !first.contains("<f>"),
        "a frozen head, and no formula"
    );
}

#[tokio::test]
async fn only_officers_of_district_and_province_export() {
    let (test, _officer) = office().await;
    for login in ["giamsat", "quantri"] {
        let reply = signed_in(&test, login)
            .await
            .get("/api/v1/exports/household.csv")
            .await;
        assert_eq!(reply.code(), "role_forbidden", "{login}");
    }
    assert_eq!(
        test.anon().get("/api/v1/exports/household.csv").await.code(),
        "not_signed_in"
    );
    assert!(audit(&test, "export").await.is_empty());
}
