//! An officer at the desk in a browser: what is decided there is on the phones.

use serde_json::{Value, json};
use tests::browser::WebPhone;
use tests::programs::{CADRE, Demo, HEAD, OFFICER, Phone};

const PASSWORD: &str = "chi-dung-de-thu";
const WHY: &str = "Chưa rõ hộ cần vay bao nhiêu";

/// A browser of the size of a desk, with that person signed in.
fn desk(demo: &Demo, login: &str) -> WebPhone {
    let mut desk = WebPhone::new(&demo.url);
    // Who is not signed in yet is told so.
    desk.expect_log("401");
    let screen = json!({ "width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": false });
    let _ = desk
        .session()
        .devtools("Emulation.setDeviceMetricsOverride", &screen);
    desk.open("desk/");
    desk.type_in("login", login);
    desk.type_in("password", PASSWORD);
    desk.tap("sign_in");
    desk.see("queue:conflict");
    desk
}

fn visit(phone: &Phone) -> String {
    let household = phone.first("household");
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

#[test]
fn a_disagreement_is_settled_by_one_press_and_the_phones_show_it() {
    let demo = Demo::start();
    let (cadre, head) = (demo.phone(CADRE), demo.phone(HEAD));
    cadre.sync();
    head.sync();
    let id = head.first("household");
    let desk = desk(&demo, OFFICER);
    for (phone, year) in [(&cadre, "1961"), (&head, "1962")] {
        phone.run(&["set", &id, &format!("head_birth_year={year}")]);
        phone.sync();
    }
    // The desk hears of it while it is open.
    desk.tap(&format!("item:{id}"));
    desk.see("conflict:head_birth_year");
    let rivals = desk.words_of("conflict:head_birth_year");
    assert!(rivals.contains("1961") && rivals.contains("1962"), "{rivals}");
    let shown = desk.see("keep:head_birth_year:1");
    let kept = desk.session().run(
        "return arguments[0].closest('.rival').querySelector('.rival-value').textContent",
        &[shown.value()],
    );
    let kept: u64 = kept
        .expect("a value")
        .as_str()
        .expect("words")
        .trim()
        .parse()
        .expect("a year");
    desk.tap("keep:head_birth_year:1");
    desk.see_gone(&format!("item:{id}"));
    for phone in [&cadre, &head] {
        phone.sync();
        let shown = phone.show(&id);
        assert_eq!(shown["conflicts"], json!([]));
        assert_eq!(shown["data"]["head_birth_year"], kept);
    }
}

#[test]
fn a_visit_is_returned_and_completed_and_approved() {
    let demo = Demo::start();
    let cadre = demo.phone(CADRE);
    cadre.sync();
    let id = visit(&cadre);
    cadre.sync();
    let desk = desk(&demo, OFFICER);
    desk.open(&format!("desk/#record/{id}"));
    desk.see("record:title");
    // Nobody returns a visit without saying why.
    desk.tap("return");
    desk.see("decide:failed");
    desk.type_in("comment", WHY);
    desk.tap("return");
    desk.wait("it is returned", || {
        desk.words_of("record:state").contains("Trả lại").then_some(())
    });
    cadre.sync();
    let shown = cadre.show(&id);
    assert_eq!(shown["review"]["state"], "has_issues");
    assert_eq!(shown["review"]["comment"], WHY);
    cadre.run(&["set", &id, "aspirations=Muốn vay 50 triệu đồng"]);
    cadre.sync();
    desk.read("Muốn vay 50 triệu đồng");
    desk.wait("it is approved", || {
        if desk.shown("record:load").is_some() {
            desk.tap("record:load");
        }
        desk.tap("approve");
        desk.words_of("record:state").contains("Đã duyệt").then_some(())
    });
    cadre.sync();
    assert_eq!(cadre.show(&id)["review"]["state"], "approved");
}

#[test]
fn the_province_opens_one_number_and_the_log_says_so() {
    let demo = Demo::start();
    let cadre = demo.phone(CADRE);
    cadre.sync();
    let id = cadre.first("household");
    cadre.run(&["set", &id, "head_id_number=010061000123"]);
    cadre.sync();
    let mut desk = WebPhone::new(&demo.url);
    desk.expect_log("401");
    desk.open("desk/");
    desk.type_in("login", "tinh");
    desk.type_in("password", PASSWORD);
    desk.tap("sign_in");
    desk.see_gone("sign_in");
    desk.open(&format!("desk/#record/{id}"));
    desk.see("record:masked");
    assert!(!desk.text().contains("010061000123"));
    desk.type_in("reason", "Đối chiếu hồ sơ vay vốn");
    desk.tap("unmask");
    desk.read("010061000123");
    let log = demo
        .officer("quantri")
        .get(&format!("audit?target=record:{id}&action=record_read"));
    let said = |line: &Value| line["details"]["reason"] == "Đối chiếu hồ sơ vay vốn";
    assert!(log["items"].as_array().expect("lines").iter().any(said), "{log}");
}
