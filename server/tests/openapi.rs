//! The description of the API is what is committed.

use server::http::{openapi, router};

use crate::app::TestApp;

#[test]
fn the_api_is_the_one_that_is_written_down() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
    let now = openapi::text(&router::description());
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(path, &now).expect("docs/openapi.json is written");
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == now,
        "the API changed: run with UPDATE_SNAPSHOTS=1 and look at docs/openapi.json"
    );
}

#[tokio::test]
async fn it_is_served_as_openapi_3_1() {
    let test = TestApp::full();
    let api = test.anon().get("/api/v1/openapi.json").await.ok();
    assert!(
        api["openapi"]
            .as_str()
            .is_some_and(|version| version.starts_with("3.1")),
        "{}",
        api["openapi"]
    );
    assert!(api["paths"]["/api/v1/enroll"]["post"].is_object());
}

#[test]
fn every_operation_is_named_after_its_verb_and_says_what_it_answers() {
    let api = serde_json::to_value(router::description()).expect("JSON");
    for (path, methods) in api["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let id = operation["operationId"].as_str().unwrap_or_default();
            assert!(id.contains('_'), "{method} {path}: {id}");
            assert!(
                operation["summary"].as_str().is_some_and(|text| !text.is_empty()),
                "{method} {path} says nothing"
            );
            assert!(
                operation["responses"]
                    .as_object()
                    .is_some_and(|all| !all.is_empty()),
                "{method} {path}"
            );
        }
    }
}
