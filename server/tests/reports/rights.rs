//! Who is told what.

use serde_json::Value;

use super::{report, season};
use crate::app::{Client, TestApp};

async fn someone(test: &TestApp, login: &str, role: &str, units: &[&str]) -> Client {
    test.add(login, role, units);
    test.anon().signed_in(login).await
}

async fn audited(admin: &Client, action: &str) -> Vec<Value> {
    let log = admin.get("/api/v1/audit?limit=500").await.ok();
    let items = log["items"].as_array().expect("items").iter();
    items.filter(|entry| entry["action"] == action).cloned().collect()
}

#[tokio::test]
async fn each_role_is_told_what_it_may_know() {
    let (test, officer) = season(5).await;
    let admin = someone(&test, "quan.tri", "admin", &[]).await;
    let province = someone(&test, "can.bo.tinh", "province_officer", &[]).await;
    let observer = someone(&test, "mat.tran", "observer", &[]).await;
    let district = someone(&test, "huyen.mot.xa", "district_officer", &["02863"]).await;

    assert_eq!(admin.get("/api/v1/reports").await.code(), "role_forbidden");
    assert_eq!(test.anon().get("/api/v1/reports").await.code(), "not_signed_in");
    let names = |body: Value| -> Vec<String> {
        let items = body.as_array().expect("a list").iter();
        items
            .filter_map(|item| item["name"].as_str().map(str::to_owned))
            .collect()
    };
    assert_eq!(names(officer.get("/api/v1/reports").await.ok()).len(), 9);
    let told = names(observer.get("/api/v1/reports").await.ok());
    assert!(
        told.len() == 8 && !told.contains(&"households".to_owned()),
        "{told:?}"
    );

    // Observers see figures, never what stands behind them nor whom they are about.
    report(&observer, "poverty_review", "").await;
    let behind = "/api/v1/reports/poverty_review/records?year=2025&row=total&column=households";
    assert_eq!(observer.get(behind).await.code(), "role_forbidden");
    assert_eq!(
        observer.get("/api/v1/reports/households").await.code(),
        "role_forbidden"
    );

    // The district's officer counts their scope and no other.
    let whole = report(&officer, "job_fairs", "").await;
    let own = report(&district, "poverty_review", "").await;
    let rows = own["rows"].as_array().expect("rows");
    assert!(rows.iter().any(|row| row["unit"].is_string()));
    assert_ne!(whole["rows"], own["rows"]);
    let elsewhere = district.get("/api/v1/reports/poverty_review?unit=02722").await;
    assert_eq!(elsewhere.code(), "out_of_scope");

    // Names: the district's officer sees them and it is written down; the province says why.
    let listed = report(&district, "households", "").await;
    assert_eq!(listed["masked"], false);
    assert!(listed["rows"][0]["label"]["vi"].as_str().expect("a name").len() > 3);
    let hidden = report(&province, "households", "").await;
    assert_eq!(hidden["masked"], true);
    let row = &hidden["rows"][0];
    for personal in [
        &row["label"],
        &row["cells"]["born_man"],
        &row["cells"]["born_woman"],
        &row["cells"]["ethnicity"],
    ] {
        assert_eq!(personal["vi"], "•••");
    }
    assert_eq!(audited(&admin, "report_read").await.len(), 1);
    let shown = report(&province, "households", "&reason=kiểm+tra").await;
    assert_eq!(shown["masked"], false);
    assert_ne!(shown["rows"][0]["label"]["vi"], "•••");
    assert_eq!(audited(&admin, "report_read").await.len(), 2);

    // A province officer's rows of records name nobody.
    let page = province.get(behind).await.ok();
    assert!(
        page["items"]
            .as_array()
            .expect("items")
            .iter()
            .all(|item| item["title"] == "•••")
    );

    assert_eq!(audited(&admin, "report_export").await.len(), 0);
    let sheet = province
        .get("/api/v1/reports/poverty_review.xlsx?year=2025")
        .await;
    assert!(sheet.status.is_success() && sheet.body.starts_with(b"PK"));
    assert_eq!(audited(&admin, "report_export").await.len(), 1);
}

#[tokio::test]
async fn questions_that_make_no_sense_are_refused_by_name() {
    let (test, officer) = season(6).await;
    let refused = [
        ("nothing", "report_unknown"),
        ("poverty_review?scope=moon", "parameter_malformed"),
        ("poverty_review?as_of=hôm-nay", "parameter_malformed"),
        (
            "poverty_review?from=2025-05-01&to=2025-04-01",
            "parameter_malformed",
        ),
        (
            "poverty_review?from=2026-05-01&to=2026-06-01",
            "parameter_malformed",
        ),
        ("poverty_review?year=12", "parameter_malformed"),
        ("poverty_review?basis=some", "parameter_malformed"),
        ("poverty_review?plan=plan-1999", "parameter_malformed"),
        ("poverty_review?unit=99999", "unit_unknown"),
        ("poverty_review.xlsx?lang=xx", "parameter_malformed"),
        (
            "poverty_review/records?row=total&column=poor_end_rate",
            "figure_unknown",
        ),
        (
            "poverty_review/records?row=nobody&column=poor_end",
            "figure_unknown",
        ),
        ("plan_progress/records?row=T99&column=period", "figure_unknown"),
        (
            "poverty_review/records?row=total&column=poor_end&cursor=x",
            "parameter_malformed",
        ),
        ("poverty_review/records?row=total", "parameter_malformed"),
    ];
    for (path, code) in refused {
        assert_eq!(
            officer.get(&format!("/api/v1/reports/{path}")).await.code(),
            code,
            "{path}"
        );
    }
    drop(test);
}

#[tokio::test]
async fn by_today_s_units_as_of_a_day() {
    let (_test, officer) = season(7).await;
    let units = |body: &Value| -> Vec<String> {
        let rows = body["rows"].as_array().expect("rows").iter();
        let rows = rows.filter(|row| row["level"] == 2);
        rows.filter_map(|row| row["label"]["vi"].as_str().map(str::to_owned))
            .collect()
    };
    let total = |body: &Value| super::cell(body, "total", "households");
    let old = report(&officer, "ethnic_groups", "").await;
    let plan = report(&officer, "deprivation", "").await;
    assert_eq!(units(&plan).len(), 10);
    let today = report(&officer, "deprivation", "&scope=units").await;
    let named = units(&today);
    // La Pan Tẩn, Tả Thàng and Lùng Khấu Nhin are one commune since July 2025.
    assert!(named.iter().any(|name| name.ends_with("Cao Sơn")), "{named:?}");
    assert!(
        !named.iter().any(|name| name.ends_with("La Pan Tẩn")),
        "{named:?}"
    );
    let before = officer
        .get("/api/v1/reports/deprivation?year=2025&as_of=2025-06-30&scope=units")
        .await
        .ok();
    assert!(
        units(&before).iter().any(|name| name.ends_with("La Pan Tẩn")),
        "{:?}",
        units(&before)
    );
    // Whatever the rows, the households are the same.
    for (one, other) in [("poor", "poor"), ("near", "near")] {
        assert_eq!(
            super::cell(&plan, "total", one),
            super::cell(&today, "total", other)
        );
    }
    assert!(total(&old).is_some_and(|households| households > 200.0));
    // One commune asked for by itself is told by its villages.
    let villages = report(&officer, "deprivation", "&unit=02863").await;
    assert!(
        units(&villages)
            .iter()
            .all(|name| name.starts_with("thôn") || name.starts_with("xã"))
    );
    assert!(units(&villages).len() > 3);
}
