//! Phones say how they are when they sync, and offices see who is silent.

use ed25519_dalek::SigningKey;
use jiff::SignedDuration;
use schemas::value::Scalar;
use serde_json::Value;
use server::store::{DeviceReach, DeviceStore as _};
use sync_core::envelope::{Envelope, EnvelopeHead};
use sync_core::frame::{Frame, Hello, PROTOCOL};
use sync_core::id::{Actor, DeviceId, RecordId};
use sync_core::pack::Item;
use sync_core::record::{Edit, FORM, KIND, Record};

use crate::app::{DEN_THANG, HOANG_THU_PHO, TestApp};
use crate::phone::Phone;

fn hello(pending: u64, claimed_at_ms: i64) -> Hello {
    Hello {
        protocol: PROTOCOL,
        program: "0.1.0".to_owned(),
        pending,
        claimed_at_ms,
        ..Hello::default()
    }
}

fn row<'a>(page: &'a Value, device: &str) -> &'a Value {
    let rows = page["items"].as_array().expect("rows");
    rows.iter()
        .find(|row| row["id"] == device)
        .expect("the device is listed")
}

#[tokio::test]
async fn a_phone_says_its_version_what_waits_and_what_its_clock_shows() {
    let (test, _, admin) = TestApp::full().with_admin().await;
    let phone = Phone::enrolled(&test, "cb", "commune_cadre", HOANG_THU_PHO, 1).await;
    let before = admin.get("/api/v1/devices").await.ok();
    assert_eq!(row(&before, &phone.id)["last_sync_at"], Value::Null);
    assert_eq!(row(&before, &phone.id)["user"]["login"], "cb");
    assert_eq!(row(&before, &phone.id)["units"][0]["code"], HOANG_THU_PHO);

    let ahead_ms = test.app.clock.now().as_millisecond() + 125_000;
    phone.sync(&[Frame::Hello(hello(7, ahead_ms))]).await;
    let page = admin.get("/api/v1/devices").await.ok();
    let seen = row(&page, &phone.id);
    assert_eq!(seen["last_sync_at"], "2026-01-01T00:00:00Z");
    assert_eq!((&seen["version"], &seen["pending"]), (&"0.1.0".into(), &7.into()));
    assert_eq!(
        (&seen["clock_skew_s"], &seen["kind"]),
        (&125.into(), &"field".into())
    );
    assert_eq!(seen["revoked"], false);
}

#[tokio::test]
async fn what_arrived_waits_no_longer() {
    let (test, _, admin) = TestApp::full().with_admin().await;
    let phone = Phone::enrolled(&test, "cb", "commune_cadre", HOANG_THU_PHO, 1).await;
    let device: DeviceId = DeviceId(phone.id.parse().expect("an id"));
    let put = |path: &str, value: Scalar| (path.to_owned(), Edit::Put(value));
    let unit = test.app.units().expect("units");
    let commune = unit
        .by_code(HOANG_THU_PHO, test.app.clock.now())
        .expect("a commune");
    let edits = [
        put(KIND, "household".into()),
        put(FORM, Scalar::Int(1)),
        put("village_id", commune.to_string().as_str().into()),
        put("head_name", "Giàng A Mẫu".into()),
    ];
    let record = RecordId(uuid::Uuid::from_u128(0x8000_0000_0000_8000_8000_0000_0000_0001));
    let (hash, bytes) = Record::empty(record)
        .edit(Actor::of(device, [1; 8]), 0, &edits)
        .expect("edits")
        .expect("a change");
    let head = EnvelopeHead {
        project: test.app.keys.project,
        device,
        counter: 1,
        claimed_at_ms: 0,
    };
    let envelope = Envelope::seal(
        head,
        &[Item { record, hash, bytes }],
        &SigningKey::from_bytes(&[1; 32]),
    );
    phone
        .sync(&[Frame::Hello(hello(3, 0)), Frame::Envelope(envelope)])
        .await;
    let page = admin.get("/api/v1/devices").await.ok();
    assert_eq!(row(&page, &phone.id)["pending"], 2, "one of three is in the log");
}

#[tokio::test]
async fn a_sync_with_nothing_new_writes_nothing_by_itself() {
    let test = TestApp::full();
    let phone = Phone::enrolled(&test, "cb", "commune_cadre", HOANG_THU_PHO, 1).await;
    phone.sync(&[Frame::Hello(hello(0, 0))]).await;
    let raw = rusqlite::Connection::open(test.dir.path().join("soban.db")).expect("the database");
    let on_disk = || -> Option<i64> {
        raw.query_row("SELECT last_sync_at FROM device", [], |row| row.get(0))
            .expect("one device")
    };
    test.app.store.write_heard().expect("writes");
    let first = on_disk().expect("written when asked");
    test.wait(SignedDuration::from_mins(5));
    phone.sync(&[Frame::Hello(hello(0, 0))]).await;
    assert_eq!(on_disk(), Some(first), "an idle sync costs no write");
    test.add("khac", "commune_cadre", &[HOANG_THU_PHO]);
    assert_eq!(
        on_disk(),
        Some(first + 300_000),
        "it goes with whatever is written next"
    );
}

#[tokio::test]
async fn silent_phones_show_to_whose_business_it_is() {
    let (test, anon, admin) = TestApp::full().with_admin().await;
    test.add("huyen", "district_officer", &[HOANG_THU_PHO]);
    let near = Phone::enrolled(&test, "cb.gan", "commune_cadre", HOANG_THU_PHO, 1).await;
    let far = Phone::enrolled(&test, "cb.xa", "commune_cadre", DEN_THANG, 2).await;
    let quiet = Phone::enrolled(&test, "cb.im", "commune_cadre", HOANG_THU_PHO, 3).await;
    test.wait(SignedDuration::from_hours(24 * 8));
    near.sync(&[Frame::Hello(hello(0, 0))]).await;
    let admin = {
        drop(admin);
        anon.signed_in("quantri").await
    };
    let officer = anon.signed_in("huyen").await;
    let ids = |page: Value| -> Vec<String> {
        let rows = page["items"].as_array().expect("rows").clone();
        rows.iter()
            .map(|row| row["id"].as_str().expect("an id").to_owned())
            .collect()
    };
    let silent = "/api/v1/devices?silent_days=7";
    let mut both = [far.id.clone(), quiet.id.clone()];
    both.sort_unstable();
    assert_eq!(ids(admin.get(silent).await.ok()), both);
    assert_eq!(
        ids(officer.get(silent).await.ok()),
        std::slice::from_ref(&quiet.id)
    );
    assert_eq!(
        ids(officer.get("/api/v1/devices?silent_days=9").await.ok()).len(),
        0
    );
    let of_unit = format!("/api/v1/devices?unit={DEN_THANG}");
    assert_eq!(ids(admin.get(&of_unit).await.ok()), std::slice::from_ref(&far.id));
    assert_eq!(ids(officer.get(&of_unit).await.ok()).len(), 0);
    assert_eq!(
        admin.get("/api/v1/devices?unit=99999").await.code(),
        "unit_unknown"
    );

    let before = test.app.clock.now().as_millisecond() - 7 * 86_400_000;
    let count = |reach: &DeviceReach| test.app.store.silent_device_count(reach, before).expect("reads");
    assert_eq!(count(&DeviceReach::All), 2);

    admin
        .post(&format!("/api/v1/devices/{}/revoke", quiet.id), Value::Null)
        .await
        .ok();
    assert_eq!(
        ids(officer.get(silent).await.ok()).len(),
        0,
        "a revoked phone is not missed"
    );
    assert_eq!(
        ids(admin.get("/api/v1/devices?revoked=true").await.ok()),
        std::slice::from_ref(&quiet.id)
    );
    assert_eq!(near.client.get("/api/v1/devices").await.code(), "role_forbidden");
    assert_eq!(anon.get("/api/v1/devices").await.code(), "not_signed_in");
}
