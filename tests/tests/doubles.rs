//! One household registered twice by phones that could not hear of each other: merged, written to late, taken apart.

use serde_json::{Value, json};
use tests::programs::{CADRE, Demo, HEAD, OFFICER, Officer, Phone};

const NUMBER: &str = "010090000777";

/// Registers a household in the first village that `phone` knows. Returns its id.
fn register(phone: &Phone, name: &str, more: &[&str]) -> String {
    let village = phone.show(&phone.first("household"))["data"]["village_id"].clone();
    let village = format!("village_id={}", village.as_str().expect("a village"));
    let name = format!("head_name={name}");
    let mut words = vec![
        "new",
        "household",
        &village,
        &name,
        "head_birth_year=1990",
        "area_type=rural",
        "ethnicity_code=08",
        "move_status=resident",
    ];
    words.extend(more);
    phone.run(&words)["id"].as_str().expect("an id").to_owned()
}

fn households(phone: &Phone) -> Vec<String> {
    let list = phone.run(&["list", "household"]);
    let items = list["items"].as_array().expect("a list").iter();
    items
        .map(|item| item["id"].as_str().expect("an id").to_owned())
        .collect()
}

fn proposed(officer: &Officer, pair: &str) -> Option<Value> {
    let page = officer.get("queue?kind=duplicate&form=household&limit=500");
    let items = page["items"].as_array().expect("a list").clone();
    let counted = officer.get("queue/counts?form=household")["duplicate"]
        .as_u64()
        .expect("a count");
    assert_eq!(counted, items.len() as u64, "the count is the length of the list");
    items.into_iter().find(|item| item["id"] == pair)
}

fn pair(one: &str, other: &str) -> String {
    if one < other {
        format!("{one}~{other}")
    } else {
        format!("{other}~{one}")
    }
}

struct Doubles {
    demo: Demo,
    cadre: Phone,
    head: Phone,
    officer: Officer,
    ours: String,
    theirs: String,
    pair: String,
}

impl Doubles {
    /// The head writes the name with a slip of the pen.
    fn start() -> Self {
        let demo = Demo::start();
        let (cadre, head) = (demo.phone(CADRE), demo.phone(HEAD));
        let officer = demo.officer(OFFICER);
        head.sync();
        cadre.sync();
        let member = "11111111-2222-4333-8444-555555555555";
        let other = "99999999-2222-4333-8444-555555555555";
        let ours = register(
            &head,
            "Giàng Thị Hoa Mai",
            &[
                &format!("members/{member}/full_name=Giàng Thị Hoa Mai"),
                &format!("members/{member}/birth_date=1990-02-03"),
                &format!("members/{member}/relation=head"),
            ],
        );
        // The same village as the head's.
        let village = head.show(&ours)["data"]["village_id"]
            .as_str()
            .expect("a village")
            .to_owned();
        let theirs = register(
            &cadre,
            "Giàng Thị Hoa Mại",
            &[
                &format!("village_id={village}"),
                &format!("head_id_number={NUMBER}"),
                "address_detail=Cạnh trường học",
                &format!("members/{other}/full_name=Giàng Thị Hoa Mai"),
                &format!("members/{other}/birth_date=1990-02-03"),
                &format!("members/{other}/has_health_insurance=true"),
            ],
        );
        head.sync();
        cadre.sync();
        let pair = pair(&ours, &theirs);
        Self {
            demo,
            cadre,
            head,
            officer,
            ours,
            theirs,
            pair,
        }
    }

    fn compared(&self) -> Value {
        self.officer.get(&format!("duplicates/{}", self.pair))
    }

    fn say(&self, act: &str, body: &Value) -> (u16, Value) {
        self.officer
            .send(&format!("duplicates/{}/{act}", self.pair), body)
    }

    /// `ours` stands for both.
    fn merge(&self, take: &[&str]) -> (u16, Value) {
        let seen = self.compared();
        let body = json!({
            "survivor": self.ours, "take": take, "comment": "Cùng một hộ, ghi hai lần",
            "first_heads": seen["first"]["heads"], "second_heads": seen["second"]["heads"],
        });
        self.say("merge", &body)
    }
}

#[test]
fn two_registrations_become_one_and_two_again() {
    let story = Doubles::start();
    let Doubles {
        demo,
        cadre,
        head,
        officer,
        ours,
        theirs,
        pair,
    } = &story;

    let found = proposed(officer, pair).expect("the pair is proposed");
    let score = found["score"].as_u64().expect("a score");
    assert!(score >= 60, "{found}");
    let codes: Vec<&str> = found["evidence"]
        .as_array()
        .expect("signs")
        .iter()
        .filter_map(|sign| sign["code"].as_str())
        .collect();
    assert!(
        codes.contains(&"same_name") && codes.contains(&"shared_members"),
        "{codes:?}"
    );
    let seen = story.compared();
    assert_eq!(seen["state"], "proposed");
    let people = seen["members"].as_array().expect("people");
    assert_eq!(
        people.len(),
        1,
        "one person, known by name and year of birth: {people:?}"
    );
    assert!(people[0]["first"].is_string() && people[0]["second"].is_string());

    // Somebody else's registration: what the survivor lacks comes over, what it has stands unless it is taken.
    let (status, answer) = story.merge(&["head_name"]);
    assert_eq!(status, 200, "{answer}");
    assert_eq!(
        (&answer["survivor"], &answer["loser"]),
        (&json!(ours), &json!(theirs))
    );
    assert_eq!(proposed(officer, pair), None);
    assert_eq!(story.compared()["state"], "merged");
    let record = officer.get(&format!("records/{ours}"));
    assert_eq!(record["stands_for"], json!([theirs]));
    assert_eq!(record["data"]["head_name"], "Giàng Thị Hoa Mại");
    assert_eq!(record["data"]["head_id_number"], NUMBER);
    let members = record["data"]["members"].as_array().expect("members");
    assert_eq!(members.len(), 1, "{members:?}");
    assert_eq!(members[0]["has_health_insurance"], true);
    assert_eq!(officer.get(&format!("records/{theirs}"))["same_as"], json!(ours));
    let again = json!({
        "survivor": ours, "first_heads": story.compared()["first"]["heads"],
        "second_heads": story.compared()["second"]["heads"],
    });
    let refused = story.say("merge", &again);
    assert_eq!((refused.0, &refused.1["code"]), (409, &json!("already_merged")));

    // The cadre has not heard, and corrects the copy that lost: twice, the second on top of the first.
    cadre.run(&["set", theirs, "phone=0912345678"]);
    cadre.run(&["set", theirs, "phone=0987654321", "roof=tile"]);
    cadre.sync();
    cadre.sync();
    head.sync();
    for phone in [cadre, head] {
        let shown = phone.show(ours);
        assert_eq!(shown["data"]["phone"], "0987654321", "{shown}");
        assert_eq!(shown["conflicts"], json!([]));
        let listed = households(phone);
        assert!(listed.contains(ours) && !listed.contains(theirs));
    }
    // Carried once: a command that looks again writes nothing.
    let heads = officer.get(&format!("records/{ours}"))["heads"].clone();
    cadre.run(&["set", theirs, "phone=0987654321"]);
    cadre.sync();
    assert_eq!(officer.get(&format!("records/{ours}"))["heads"], heads);

    // What the head wrote after the merge is not overwritten by what comes late: people see both.
    head.run(&["set", ours, "address_detail=Đầu bản"]);
    head.sync();
    cadre.run(&["set", theirs, "address_detail=Cuối bản"]);
    cadre.sync();
    let conflicts = officer.get(&format!("records/{ours}/conflicts"));
    let values: Vec<&str> = conflicts["items"][0]["values"]
        .as_array()
        .expect("values")
        .iter()
        .filter_map(|value| value["value"].as_str())
        .collect();
    assert_eq!(conflicts["items"][0]["path"], "address_detail");
    assert!(
        values.contains(&"Đầu bản") && values.contains(&"Cuối bản"),
        "{values:?}"
    );

    // It was a mistake: both stand again, and what the head wrote meanwhile stays.
    assert_eq!(story.say("undo", &json!({})).0, 204);
    assert_eq!(story.compared()["state"], "proposed");
    assert!(proposed(officer, pair).is_some());
    let (one, other) = (
        officer.get(&format!("records/{ours}")),
        officer.get(&format!("records/{theirs}")),
    );
    assert_eq!(one["data"]["head_name"], "Giàng Thị Hoa Mai");
    assert_eq!(one["data"]["head_id_number"], Value::Null);
    assert_eq!(one["data"]["phone"], Value::Null);
    assert_eq!(one["data"]["members"][0]["has_health_insurance"], Value::Null);
    assert_eq!(other["data"]["phone"], "0987654321");
    assert_eq!(other["data"]["head_id_number"], NUMBER);
    assert_eq!(
        (&one["stands_for"], &other["same_as"]),
        (&json!([]), &Value::Null)
    );
    cadre.sync();
    let listed = households(cadre);
    assert!(listed.contains(ours) && listed.contains(theirs));
    let refused = story.say("undo", &json!({}));
    assert_eq!((refused.0, &refused.1["code"]), (409, &json!("nothing_to_undo")));
    assert_eq!(demo.command(&["check"])["sound"], true);
    assert_eq!(demo.command(&["rebuild"])["changed"], 0);
}

#[test]
fn what_is_no_double_is_remembered() {
    let story = Doubles::start();
    let Doubles {
        demo,
        cadre,
        officer,
        theirs,
        pair,
        ..
    } = &story;
    assert!(proposed(officer, pair).is_some());
    assert_eq!(story.say("dismiss", &json!({ "comment": "Hai chị em" })).0, 204);
    assert_eq!(proposed(officer, pair), None);
    assert_eq!(story.compared()["state"], "dismissed");
    // Also after somebody writes to one of them.
    cadre.run(&["set", theirs, "phone=0912345678"]);
    cadre.sync();
    assert_eq!(proposed(officer, pair), None);
    assert_eq!(story.say("undo", &json!({})).0, 204);
    assert!(proposed(officer, pair).is_some());

    let province = demo.officer("tinh");
    let refused = province.send(&format!("duplicates/{pair}/dismiss"), &json!({}));
    assert_eq!((refused.0, &refused.1["code"]), (403, &json!("role_forbidden")));
    // The record has moved on since it was looked at.
    let seen = story.compared();
    cadre.run(&["set", theirs, "phone=0987654321"]);
    cadre.sync();
    let stale = json!({
        "survivor": theirs, "first_heads": seen["first"]["heads"], "second_heads": seen["second"]["heads"],
    });
    let refused = story.say("merge", &stale);
    assert_eq!((refused.0, &refused.1["code"]), (409, &json!("record_changed")));
}
