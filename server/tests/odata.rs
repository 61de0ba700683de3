//! Spreadsheets read records as a feed.

use base64::Engine as _;
use serde_json::Value;
use server::demo::{self, DEMO_PASSWORD};

use crate::app::{Client, Reply, TestApp};

/// A demo, and the officer of Bắc Hà as a spreadsheet shows them.
fn office() -> (TestApp, Client) {
    let test = TestApp::full();
    demo::prepare(&test.app).expect("a demo");
    let officer = spreadsheet(&test, "huyen.bacha", DEMO_PASSWORD);
    (test, officer)
}

fn spreadsheet(test: &TestApp, login: &str, password: &str) -> Client {
    let shown = base64::engine::general_purpose::STANDARD.encode(format!("{login}:{password}"));
    let client = test
        .anon()
        .with_header("authorization", &format!("Basic {shown}"));
    client.with_header("host", "so.example")
}

async fn ask(client: &Client, query: &str) -> Reply {
    let query = query.replace(' ', "%20").replace('\'', "%27");
    client.get(&format!("/api/v1/odata/{query}")).await
}

fn values(page: &Value) -> &Vec<Value> {
    page["value"].as_array().expect("rows")
}

#[tokio::test]
async fn a_client_finds_its_way_from_the_first_address() {
    let (_test, officer) = office();
    let reply = officer.get("/api/v1/odata").await;
    assert_eq!(reply.headers["odata-version"], "4.0");
    let document = reply.ok();
    assert_eq!(
        document["@odata.context"],
        "http://so.example/api/v1/odata/$metadata"
    );
    let sets: Vec<&str> = values(&document)
        .iter()
        .filter_map(|set| set["url"].as_str())
        .collect();
    assert!(
        sets.contains(&"household") && sets.contains(&"household__members"),
        "{sets:?}"
    );
    let types = ask(&officer, "$metadata").await;
    assert_eq!(types.headers["content-type"], "application/xml");
    for set in sets {
        assert!(types.text().contains(&format!("<EntitySet Name=\"{set}\"")));
        let page = ask(&officer, &format!("{set}?$top=1")).await.ok();
        assert_eq!(
            page["@odata.context"],
            format!("http://so.example/api/v1/odata/$metadata#{set}")
        );
    }
}

#[tokio::test]
async fn questions_are_answered() {
    let (_test, officer) = office();
    let all = ask(&officer, "household?$count=true").await.ok();
    let count = all["@odata.count"].as_u64().expect("a number");
    assert_eq!(values(&all).len() as u64, count);
    assert_eq!(ask(&officer, "household/$count").await.text(), count.to_string());

    let poor = ask(
        &officer,
        "household?$filter=current_class eq 'poor'&$select=__id,current_class&$count=true",
    )
    .await
    .ok();
    assert!(values(&poor).iter().all(|row| row["current_class"] == "poor" && row.as_object().map(serde_json::Map::len) == Some(2)));
    let others = ask(
        &officer,
        "household?$filter=not (current_class eq 'poor')&$count=true&$top=0",
    )
    .await
    .ok();
    assert_eq!(
        poor["@odata.count"].as_u64().expect("a number") + others["@odata.count"].as_u64().expect("a number"),
        count
    );

    let ordered = ask(&officer, "household?$orderby=livestock desc,__id&$top=7&$skip=2")
        .await
        .ok();
    let mut expected: Vec<(i64, String)> = values(&all)
        .iter()
        .map(|row| {
            (
                -row["livestock"].as_i64().expect("a number"),
                row["__id"].as_str().expect("an id").to_owned(),
            )
        })
        .collect();
    expected.sort();
    let found: Vec<&str> = values(&ordered)
        .iter()
        .filter_map(|row| row["__id"].as_str())
        .collect();
    let expected: Vec<&str> = expected[2..9].iter().map(|(_, id)| id.as_str()).collect();
    assert_eq!(found, expected);

    let one = ask(&officer, &format!("household('{}')", found[0])).await.ok();
    assert_eq!(one["__id"], found[0]);
    assert_eq!(
        one["@odata.context"],
        "http://so.example/api/v1/odata/$metadata#household/$entity"
    );
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap() {
    let (_test, officer) = office();
    for (set, query) in [
        ("household", "$select=__id"),
        ("household__members", "$select=__row_id"),
        ("household", "$select=__id&$filter=livestock gt 3&$skip=5&$top=40"),
        ("household", "$select=__id&$orderby=livestock&$top=60"),
        (
            "household__members",
            "$select=__row_id&$filter=able_to_work eq true&$count=true",
        ),
    ] {
        let whole = ask(&officer, &format!("{set}?{query}")).await.ok();
        assert!(whole["@odata.nextLink"].is_null(), "{set}");
        let small = officer.clone().with_header("prefer", "odata.maxpagesize=7");
        let mut page = ask(&small, &format!("{set}?{query}")).await.ok();
        let mut rows = values(&page).clone();
        while let Some(next) = page["@odata.nextLink"].as_str() {
            let path = next
                .strip_prefix("http://so.example")
                .expect("our own address")
                .to_owned();
            page = small.get(&path).await.ok();
            assert_eq!(page["@odata.count"], whole["@odata.count"]);
            assert!(values(&page).len() <= 7);
            rows.extend(values(&page).iter().cloned());
        }
        assert_eq!(&rows, values(&whole), "{set}?{query}");
    }
}

#[tokio::test]
async fn what_is_hidden_is_hidden_from_the_filter_too() {
    let (test, officer) = office();
    let page = ask(&officer, "household?$top=1").await.ok();
    assert_eq!(values(&page)[0]["head_name"], "•••");
    assert_eq!(values(&page)[0]["head_birth_year"], Value::Null);
    let open = ask(&officer, "household?$top=1&reason=doi chieu").await.ok();
    let name = values(&open)[0]["head_name"].as_str().expect("a name").to_owned();
    assert_ne!(name, "•••");
    let letter: String = name.chars().take(2).collect();
    let guess = format!("household/$count?$filter=startswith(head_name,'{letter}')");
    let guess: String = guess
        .bytes()
        .map(|byte| {
            if byte.is_ascii() {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    assert_eq!(ask(&officer, &guess).await.text(), "0");

    let admin = spreadsheet(&test, "quantri", DEMO_PASSWORD);
    let lines = admin.get("/api/v1/audit?limit=500").await;
    assert_eq!(
        lines.code(),
        "token_unknown",
        "a password opens the feed and nothing else"
    );
    let sign_in = serde_json::json!({"login": "quantri", "password": DEMO_PASSWORD});
    let reply = test.anon().post("/api/v1/session", sign_in).await;
    let cookie = reply.headers["set-cookie"]
        .to_str()
        .expect("text")
        .split(';')
        .next()
        .expect("a pair")
        .to_owned();
    let lines = test
        .anon()
        .with_header("cookie", &cookie)
        .get("/api/v1/audit?limit=500")
        .await
        .ok();
    let lines: Vec<&Value> = lines["items"]
        .as_array()
        .expect("lines")
        .iter()
        .filter(|line| line["action"] == "feed_read")
        .collect();
    assert_eq!(lines.len(), 3);
    assert!(
        lines
            .iter()
            .any(|line| line["details"]["reason"] == "doi chieu" && line["details"]["masked"] == false)
    );
    assert!(
        lines
            .iter()
            .any(|line| line["details"]["filtered_by"] == "head_name")
    );
    assert!(
        !lines
            .iter()
            .any(|line| line["details"].to_string().contains(&name))
    );
}

#[tokio::test]
async fn a_wrong_password_waits_and_the_wrong_role_reads_nothing() {
    let (test, officer) = office();
    let reply = spreadsheet(&test, "huyen.bacha", "doan bua")
        .get("/api/v1/odata/household")
        .await;
    assert!(
        reply.headers["www-authenticate"]
            .to_str()
            .is_ok_and(|asks| asks.starts_with("Basic "))
    );
    assert_eq!(reply.code(), "wrong_password");
    ask(&officer, "household?$top=1").await.ok();
    for _ in 0..10 {
        spreadsheet(&test, "huyen.bacha", "doan bua")
            .get("/api/v1/odata/household")
            .await;
    }
    assert_eq!(ask(&officer, "household?$top=1").await.code(), "throttled");
    for login in ["giamsat", "quantri"] {
        let reply = spreadsheet(&test, login, DEMO_PASSWORD)
            .get("/api/v1/odata/household")
            .await;
        assert_eq!(reply.code(), "role_forbidden", "{login}");
    }
    assert_eq!(
        test.anon().get("/api/v1/odata/household").await.code(),
        "not_signed_in"
    );
}

#[tokio::test]
async fn a_question_that_is_none_is_refused() {
    let (_test, officer) = office();
    for (query, code) in [
        ("pets", "export_unknown"),
        ("household('x')", "export_unknown"),
        (
            "household('0190b5d2-7c1a-7def-8a11-0123456789ab')",
            "export_unknown",
        ),
        ("household?$filter=pets eq 1", "odata_unfit"),
        ("household?$top=-1", "odata_unfit"),
        ("household?$count=maybe", "odata_unfit"),
        ("household?$select=pets", "odata_unfit"),
        ("household?$expand=members", "odata_unfit"),
        ("household?$format=xml", "odata_unfit"),
        ("household?$skiptoken=x", "odata_unfit"),
        ("household?$orderby=livestock&$skip=10000", "odata_too_much"),
    ] {
        assert_eq!(ask(&officer, query).await.code(), code, "{query}");
    }
}
