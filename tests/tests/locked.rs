//! What is closed stays as it is: later edits are requests, and many records are decided about at once.

use serde_json::{Value, json};
use tests::programs::{CADRE, Demo, HEAD, OFFICER, Officer, ids};

fn review(officer: &Officer, id: &str, state: &str, comment: &str) -> (u16, Value) {
    let heads = officer.get(&format!("records/{id}"))["heads"].clone();
    let body = json!({ "state": state, "comment": comment, "heads": heads });
    officer.send(&format!("records/{id}/review"), &body)
}

fn requests(officer: &Officer) -> Vec<Value> {
    let page = officer.get("queue?kind=parked");
    assert_eq!(
        officer.get("queue/counts")["parked"].as_u64(),
        page["items"].as_array().map(|items| items.len() as u64)
    );
    page["items"].as_array().expect("a list").clone()
}

#[test]
fn an_edit_of_a_locked_record_is_a_request() {
    let demo = Demo::start();
    let (cadre, head) = (demo.phone(CADRE), demo.phone(HEAD));
    let officer = demo.officer(OFFICER);
    cadre.sync();
    head.sync();
    let id = head.first("household");
    let before = officer.get(&format!("records/{id}"))["data"]["address_detail"].clone();
    assert_eq!(review(&officer, &id, "locked", "").0, 204);

    // The head has not heard; the cadre has, and asks all the same.
    head.run(&["set", &id, "address_detail=Đầu bản"]);
    cadre.sync();
    assert_eq!(cadre.show(&id)["review"]["state"], "locked");
    cadre.run(&["set", &id, "phone=0912345678"]);
    cadre.run(&["set", &id, "address_detail=Cuối bản"]);
    for phone in [&head, &cadre] {
        let parked = phone.sync()["parked"].clone();
        assert_eq!(parked[0]["reason"], "locked", "{parked}");
        phone.sync();
        let shown = phone.show(&id);
        assert_eq!(shown["data"]["address_detail"], before, "{shown}");
        assert_eq!(shown["review"]["state"], "locked");
    }
    let record = officer.get(&format!("records/{id}"));
    assert_eq!(record["data"]["address_detail"], before);
    assert_eq!(record["state"], "locked");
    let asked = requests(&officer);
    assert!(
        asked.iter().all(|item| item["change"]["reason"] == "locked"),
        "{asked:?}"
    );
    assert!(asked.len() >= 2, "{asked:?}");

    // One is let through, the other is not.
    let of = |path: &str, text: &str| {
        let found = requests(&officer)
            .into_iter()
            .find(|item| item["change"]["changes"][path] == text);
        found.expect("the request")["change"]["change"]
            .as_str()
            .expect("a hash")
            .to_owned()
    };
    let dismissed = officer.post(&format!("parked/{}/dismiss", of("address_detail", "Đầu bản")));
    assert_eq!(dismissed["reason"], "dismissed");
    let admitted = officer.post(&format!("parked/{}/admit", of("phone", "0912345678")));
    assert_eq!(admitted["state"], "applied");
    let record = officer.get(&format!("records/{id}"));
    assert_eq!(record["data"]["phone"], "0912345678");
    assert_eq!(record["state"], "locked", "it stays closed");
    cadre.sync();
    head.sync();
    for phone in [&cadre, &head] {
        assert_eq!(phone.show(&id)["data"]["phone"], "0912345678");
    }

    // Open again, it takes edits as before.
    assert_eq!(review(&officer, &id, "approved", "").0, 204);
    cadre.sync();
    cadre.run(&["set", &id, "address_detail=Giữa bản"]);
    assert_eq!(cadre.sync()["parked"], json!([]));
    let record = officer.get(&format!("records/{id}"));
    assert_eq!(
        (&record["data"]["address_detail"], &record["state"]),
        (&json!("Giữa bản"), &json!("edited"))
    );
    let edited = officer.get("queue?kind=edited");
    assert!(
        edited["items"]
            .as_array()
            .expect("a list")
            .iter()
            .any(|item| item["record"]["id"] == *id)
    );

    assert_eq!(review(&officer, &id, "void", "").1["code"], "comment_missing");
    assert_eq!(review(&officer, &id, "void", "Ghi nhầm").0, 204);
    assert_eq!(officer.get(&format!("records/{id}"))["state"], "void");
    assert_eq!(demo.command(&["check"])["sound"], true);
}

#[test]
fn many_records_are_approved_after_a_look() {
    let demo = Demo::start();
    let (cadre, head) = (demo.phone(CADRE), demo.phone(HEAD));
    let officer = demo.officer(OFFICER);
    cadre.sync();
    head.sync();
    let page = officer.get("records?kind=household&limit=5");
    let chosen: Vec<String> = ids(&page).into_iter().map(str::to_owned).collect();
    let ours = head.first("household");
    for (phone, year) in [(&cadre, "1961"), (&head, "1962")] {
        phone.run(&["set", &ours, &format!("head_birth_year={year}")]);
        phone.sync();
    }
    let mut all = chosen.clone();
    if !all.contains(&ours) {
        all.push(ours.clone());
    }
    let mut items: Vec<Value> = all
        .iter()
        .map(|id| json!({ "id": id, "heads": officer.get(&format!("records/{id}"))["heads"] }))
        .collect();
    items.push(json!({ "id": "01900000-0000-7000-8000-000000000000", "heads": [] }));
    let say = |preview: bool| {
        let body = json!({ "items": items, "state": "approved", "comment": "", "preview": preview });
        officer.send("review/bulk", &body)
    };
    for preview in [true, false] {
        let (status, answer) = say(preview);
        assert_eq!(status, 200, "{answer}");
        assert_eq!(answer["taken"].as_u64(), Some(all.len() as u64 - 1), "{answer}");
        let code = |id: &str| {
            let found = answer["items"]
                .as_array()
                .expect("a list")
                .iter()
                .find(|item| item["id"] == id);
            found.expect("named")["code"].clone()
        };
        assert_eq!(code(&ours), "conflict_open");
        assert_eq!(code("01900000-0000-7000-8000-000000000000"), "record_unknown");
        let state = |id: &str| officer.get(&format!("records/{id}"))["state"].clone();
        let other = all.iter().find(|id| **id != ours).expect("another");
        assert_eq!(state(other), if preview { "received" } else { "approved" });
        assert_eq!(state(&ours), "received");
    }
    // A second time they have changed since they were looked at: nothing is approved unseen.
    assert_eq!(say(false).1["taken"], 0);
    assert_eq!(demo.command(&["check"])["sound"], true);
}
