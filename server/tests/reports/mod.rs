//! Reports: every figure against a slow recomputation from the raw log; rights; drill-down; sheets; old data.

mod naive;
mod naive_plan;
mod naive_work;
mod rights;
mod season;
mod sheets;
mod upgrade;

use std::collections::BTreeSet;

use serde_json::Value;

use self::naive::{Figures, Naive};
use self::season::{OFFICER, Season};
use crate::app::{Client, TestApp};

/// A register with a season in it, and the officer of all ten communes.
async fn season(seed: u64) -> (TestApp, Client) {
    let test = TestApp::full();
    Season::begin(&test, seed).work();
    let officer = test.anon().signed_in(OFFICER).await;
    (test, officer)
}

async fn report(officer: &Client, name: &str, more: &str) -> Value {
    officer
        .get(&format!(
            "/api/v1/reports/{name}?year=2025&as_of=2025-12-31{more}"
        ))
        .await
        .ok()
}

/// The cell of a report, as a number.
fn cell(body: &Value, row: &str, column: &str) -> Option<f64> {
    let rows = body["rows"].as_array().expect("rows");
    let row = rows.iter().find(|known| known["key"] == row)?;
    row["cells"][column].as_f64()
}

/// Every expected figure stands in the report; and what the report counts beyond is expected.
fn compare(body: &Value, expected: &Figures) {
    let name = body["name"].as_str().expect("a name");
    assert!(
        expected.values().any(|value| *value != 0.0),
        "{name}: nothing to compare"
    );
    for (place, value) in expected {
        let (row, column) = place.split_once(' ').expect("row and column");
        let found = cell(body, row, column);
        let same = found.map_or(*value == 0.0, |found| {
            (found - value).abs() < 1e-9 * value.abs().max(1.0)
        });
        assert!(same, "{name} {place}: report says {found:?}, the log {value}");
    }
    let columns: BTreeSet<&str> = expected
        .keys()
        .filter_map(|place| place.split(' ').nth(1))
        .collect();
    for row in body["rows"].as_array().expect("rows") {
        let key = row["key"].as_str().expect("a key");
        for (column, value) in row["cells"].as_object().expect("cells") {
            let told = expected.get(&format!("{key} {column}")).copied().unwrap_or(0.0);
            if columns.contains(column.as_str()) && name != "plan_progress" {
                assert_eq!(value.as_f64(), Some(told), "{name} {key} {column}");
            }
        }
    }
}

#[tokio::test]
async fn every_figure_is_what_the_raw_log_gives() {
    for (seed, basis) in [(1, "all"), (2, "approved")] {
        let (test, officer) = season(seed).await;
        let naive = Naive::read(&test, basis == "approved");
        let more = format!("&basis={basis}");
        let body = report(&officer, "poverty_review", &more).await;
        compare(&body, &naive::poverty_review(&naive));
        for check in body["checks"].as_array().expect("checks") {
            assert_eq!(check["ok"], true, "{check}");
        }
        let classes = [("poor", "poor"), ("near_poor", "near")];
        let body = report(&officer, "deprivation", &more).await;
        compare(&body, &naive::answered(&naive, &classes, "dep_", true));
        let body = report(&officer, "causes", &more).await;
        compare(
            &body,
            &naive::answered(&naive, &classes[..1], "poverty_causes/", false),
        );
        compare(
            &report(&officer, "ethnic_groups", &more).await,
            &naive::ethnic_groups(&naive),
        );
        compare(
            &report(&officer, "job_fairs", &more).await,
            &naive_work::job_fairs(&naive),
        );
        compare(
            &report(&officer, "training", &more).await,
            &naive_work::training(&naive),
        );
        compare(
            &report(&officer, "data_quality", &more).await,
            &naive_work::data_quality(&naive),
        );
        compare(
            &report(&officer, "plan_progress", &more).await,
            &naive_plan::plan_progress(&naive),
        );
        let listed = report(&officer, "households", &more).await;
        let listed: BTreeSet<&str> = listed["rows"]
            .as_array()
            .expect("rows")
            .iter()
            .filter_map(|row| row["key"].as_str())
            .collect();
        let homes = naive.homes();
        let poor = homes.iter().filter(|home| {
            home.present(naive::END) && ["poor", "near_poor"].contains(&home.class(naive::END).as_str())
        });
        let poor: BTreeSet<&str> = poor.map(|home| home.doc.id.as_str()).collect();
        assert_eq!(listed, poor);
    }
}

#[tokio::test]
async fn every_counted_figure_is_the_number_of_its_records() {
    let (_test, officer) = season(3).await;
    for name in [
        "poverty_review",
        "deprivation",
        "causes",
        "ethnic_groups",
        "job_fairs",
        "training",
        "data_quality",
        "plan_progress",
    ] {
        let body = report(&officer, name, "").await;
        let rows = body["rows"].as_array().expect("rows");
        let mut asked = 0;
        for row in rows.iter().rev().take(6) {
            for column in row["counted"].as_array().expect("a list").iter().take(6) {
                let (row, column) = (
                    row["key"].as_str().expect("a key"),
                    column.as_str().expect("a key"),
                );
                let expected = cell(&body, row, column).expect("a number");
                let mut found = 0;
                let mut cursor = String::new();
                loop {
                    let path = format!(
                        "/api/v1/reports/{name}/records?year=2025&as_of=2025-12-31&limit=40&row={row}&column={column}{cursor}"
                    );
                    let page = officer.get(&path).await.ok();
                    found += page["items"].as_array().expect("items").len();
                    let Some(next) = page["next"].as_str() else { break };
                    cursor = format!("&cursor={next}");
                }
                assert_eq!(found as f64, expected, "{name} {row} {column}");
                asked += 1;
            }
        }
        assert!(asked > 0, "{name} has nothing that is counted");
    }
}
