//! Data of a version that had no facts has them after the first start; checks and rebuilds know facts.

use server::App;
use server::config::Config;
use server::view::rebuild;

use super::season::Season;
use super::{report, season};
use crate::app::TestApp;

/// What the release before this one left: nothing of steps 4 to 7.
const AS_BEFORE: &str = "
    DROP INDEX record_list; DROP INDEX record_of_kind;
    DROP INDEX record_same_as; DROP INDEX record_edited; DROP INDEX record_finding; DROP INDEX record_conflict;
    ALTER TABLE record DROP COLUMN same_as; DROP TABLE not_same;
    CREATE INDEX record_conflict ON record (conflict) WHERE conflict IS NOT NULL;
    DROP INDEX device_heard; DROP INDEX record_seq; DROP INDEX audit_actor;
    ALTER TABLE device DROP COLUMN last_sync_at; ALTER TABLE device DROP COLUMN program;
    ALTER TABLE device DROP COLUMN pending; ALTER TABLE device DROP COLUMN clock_skew_ms;
    DROP TABLE fact; DELETE FROM counter WHERE name = 'facts_version'; PRAGMA user_version = 3;";

#[tokio::test]
async fn a_register_of_an_earlier_version_has_its_reports() {
    let (test, officer) = season(8).await;
    let before = report(&officer, "poverty_review", "").await;
    let TestApp {
        app,
        hand,
        router,
        dir,
    } = test;
    let clock = app.clock.clone();
    drop((app, router, officer));
    let raw = rusqlite::Connection::open(dir.path().join("soban.db")).expect("the database");
    raw.execute_batch(AS_BEFORE).expect("an earlier version");
    drop(raw);
    let mut config = Config::new(dir.path());
    config.http.public_url = "http://localhost".to_owned();
    let app = App::open(config, clock).expect("upgrades");
    let router = server::http::router::build(app.clone());
    let test = TestApp {
        app,
        hand,
        router,
        dir,
    };
    let officer = test.anon().signed_in(super::season::OFFICER).await;
    let after = report(&officer, "poverty_review", "").await;
    assert_eq!(before["rows"], after["rows"]);
    let checked = rebuild::check(&test.app).expect("looks");
    assert!(checked.is_sound(), "{checked:?}");
}

#[test]
fn a_fact_that_differs_is_found_and_mended() {
    let test = TestApp::full();
    let mut season = Season::begin(&test, 9);
    season.work();
    drop(season);
    assert!(rebuild::check(&test.app).expect("looks").is_sound());
    let raw = rusqlite::Connection::open(test.dir.path().join("soban.db")).expect("the database");
    let changed = raw
        .execute("UPDATE fact SET state = 6 WHERE kind = 1", [])
        .expect("altered");
    let lost = raw
        .execute("DELETE FROM fact WHERE kind = 4", [])
        .expect("taken away");
    drop(raw);
    let found = rebuild::check(&test.app).expect("looks");
    assert!(changed > 0 && lost > 0);
    assert!(
        found.faults > 0 && found.named.iter().all(|fault| fault.code == "view_differs"),
        "{found:?}"
    );
    let made = rebuild::rebuild(&test.app).expect("mends");
    assert!(made.changed > 0);
    assert!(rebuild::check(&test.app).expect("looks").is_sound());
}
