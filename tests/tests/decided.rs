//! An officer at the desk decides, over the API alone, and the decision reaches the phones.

use serde_json::{Value, json};
use tests::programs::{CADRE, Demo, HEAD, OFFICER, Officer, Phone};

fn visit(phone: &Phone, household: &str) -> String {
    let made = phone.run(&[
        "new",
        "household_visit",
        &format!("household_id={household}"),
        "visit_type=support",
        "outcome=met",
        "aspirations=Muốn vay vốn",
    ]);
    made["id"].as_str().expect("an id").to_owned()
}

/// A record with the heads it was seen with.
fn seen(officer: &Officer, id: &str) -> (Value, Value) {
    let record = officer.get(&format!("records/{id}"));
    let heads = record["heads"].clone();
    (record, heads)
}

fn refused(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["code"].as_str().unwrap_or_default())
}

#[test]
fn a_visit_is_returned_mended_and_approved() {
    let demo = Demo::start();
    let (phone, officer) = (demo.phone(CADRE), demo.officer(OFFICER));
    phone.sync();
    let id = visit(&phone, &phone.first("household"));
    phone.sync();
    let path = format!("records/{id}/review");

    let (record, heads) = seen(&officer, &id);
    assert_eq!(record["state"], "received");
    let say = |state: &str, comment: &str, heads: &Value| {
        officer.send(
            &path,
            &json!({ "state": state, "comment": comment, "heads": heads }),
        )
    };
    assert_eq!(
        refused(&say("has_issues", "  ", &heads)),
        (422, "comment_missing")
    );
    assert_eq!(
        refused(&say("perfect", "x", &heads)),
        (400, "parameter_malformed")
    );
    let too_long = "x".repeat(2001);
    assert_eq!(
        refused(&say("rejected", &too_long, &heads)),
        (422, "comment_too_long")
    );
    assert_eq!(say("has_issues", "Chưa rõ cần vay bao nhiêu", &heads).0, 204);
    assert_eq!(seen(&officer, &id).0["state"], "has_issues");

    phone.sync();
    let shown = phone.show(&id);
    assert_eq!(shown["review"]["state"], "has_issues", "{shown}");
    assert_eq!(shown["review"]["comment"], "Chưa rõ cần vay bao nhiêu", "{shown}");
    phone.run(&["set", &id, "aspirations=Muốn vay 50 triệu đồng"]);
    phone.sync();

    // What was looked at before the answer came is not what is approved.
    assert_eq!(refused(&say("approved", "", &heads)), (409, "record_changed"));
    let (record, heads) = seen(&officer, &id);
    assert_eq!(record["state"], "edited");
    assert_eq!(say("approved", "", &heads).0, 204);
    let (record, heads) = seen(&officer, &id);
    assert_eq!(record["state"], "approved");
    assert!(!record.to_string().contains("Chưa rõ cần vay"), "{record}");
    // Twice the same is nothing new.
    assert_eq!(say("approved", "", &heads).0, 204);
    assert_eq!(seen(&officer, &id).1, heads);

    let province = demo.officer("tinh");
    let answer = province.send(&path, &json!({ "state": "approved", "heads": heads }));
    assert_eq!(refused(&answer), (403, "role_forbidden"));
    let nothing = officer.send(
        "records/01900000-0000-7000-8000-000000000000/review",
        &json!({ "state": "approved", "heads": [] }),
    );
    assert_eq!(refused(&nothing), (404, "record_unknown"));
    assert_eq!(demo.command(&["check"])["sound"], true);
}

#[test]
fn a_disagreement_is_settled_at_the_desk() {
    let demo = Demo::start();
    let (cadre, head) = (demo.phone(CADRE), demo.phone(HEAD));
    let officer = demo.officer(OFFICER);
    cadre.sync();
    head.sync();
    let id = head.first("household");
    let disagree = |years: [&str; 2]| {
        for (phone, year) in [&cadre, &head].into_iter().zip(years) {
            phone.run(&["set", &id, &format!("head_birth_year={year}")]);
        }
        cadre.sync();
        head.sync();
        cadre.sync();
        let conflicts = officer.get(&format!("records/{id}/conflicts"));
        let conflict = conflicts["items"].as_array().expect("a list")[0].clone();
        assert_eq!(conflict["path"], "head_birth_year");
        conflict
    };
    let path = format!("records/{id}/resolve");
    let agree = |year: u32| {
        cadre.sync();
        head.sync();
        for phone in [&cadre, &head] {
            let shown = phone.show(&id);
            assert_eq!(shown["conflicts"], json!([]));
            assert_eq!(shown["data"]["head_birth_year"], year);
        }
    };

    let conflict = disagree(["1961", "1962"]);
    let rivals = conflict["values"].as_array().expect("values");
    let hidden = rivals.last().expect("two");
    let heads = seen(&officer, &id).1;
    let settle = |what: Value| officer.send(&path, &what);
    let both =
        json!({ "path": "head_birth_year", "keep": hidden["change"], "value": "1963", "heads": heads });
    assert_eq!(refused(&settle(both)), (400, "parameter_malformed"));
    let agreed = json!({ "path": "head_name", "value": "Ai đó", "heads": heads });
    assert_eq!(refused(&settle(agreed)), (404, "conflict_unknown"));
    let no_year = json!({ "path": "head_birth_year", "value": "năm ngựa", "heads": heads });
    assert_eq!(refused(&settle(no_year)), (422, "value_unfit"));
    let keep = json!({ "path": "head_birth_year", "keep": hidden["change"], "heads": heads });
    assert_eq!(settle(keep.clone()).0, 204);
    agree(u32::try_from(hidden["value"].as_u64().expect("a year")).expect("a year"));
    assert_eq!(refused(&settle(keep)), (409, "record_changed"));

    disagree(["1971", "1972"]);
    let heads = seen(&officer, &id).1;
    let third = json!({ "path": "head_birth_year", "value": "1970", "heads": heads });
    assert_eq!(settle(third).0, 204);
    agree(1970);
    assert_eq!(demo.command(&["check"])["sound"], true);
}
