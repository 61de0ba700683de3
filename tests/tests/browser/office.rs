//! What the office says of a record: on the phone stands why, and what to do.

use serde_json::json;
use tests::browser::WebPhone;
use tests::programs::{CADRE, Demo, HEAD, OFFICER};
use tests::sim::forge::force_at;

use super::together::{open_household, set_livestock};
use super::{PIN, begin_support_visit, code, head_of, submit, web_phone};

const WHY: &str = "Chưa ghi rõ hộ cần vay bao nhiêu";

fn sync(phone: &WebPhone) {
    phone.tap("sync");
    phone.tap("sync:now");
    phone.read("Đã đồng bộ");
}

#[test]
fn a_visit_that_is_returned_is_mended() {
    let demo = Demo::start();
    let phone = web_phone(&demo, CADRE);
    begin_support_visit(&phone);
    phone.tap("outcome=met");
    phone.tap("fill:next");
    phone.type_in("aspirations", "Muốn vay vốn");
    submit(&phone);
    let row = phone.wait("the visit is listed", || {
        let visits = phone.ids("visit:");
        visits.into_iter().find(|id| id.len() == "visit:".len() + 36)
    });
    sync(&phone);

    // An officer at the district reads it and asks for more.
    let officer = demo.another_phone(OFFICER);
    officer.sync();
    let visit = row.trim_start_matches("visit:").parse().expect("an id");
    let said = [("review/state", "has_issues"), ("review/comment", WHY)];
    let said = said.map(|(path, value)| (path.to_owned(), value.into()));
    let now_ms = jiff::Timestamp::now().as_millisecond();
    assert!(force_at(officer.home(), visit, said.to_vec(), now_ms));
    assert_eq!(officer.sync()["sent"], 1);

    sync(&phone);
    phone.go_back();
    phone.wait("the list says so", || {
        phone.words_of(&row).contains("Trả lại để bổ sung").then_some(())
    });
    phone.tap(&row);
    assert!(phone.words_of("record:review").contains("Trả lại để bổ sung"));
    assert_eq!(phone.words_of("record:comment"), WHY);
    // It is among what is to be done.
    phone.tap("home");
    let to_do = format!("todo:returned:{visit}");
    phone.tap(&to_do);
    phone.tap("record:fix");
    phone.see("fill:pages");
    phone.wait("the question comes", || {
        if phone.shown("aspirations").is_none() {
            phone.tap("fill:next");
        }
        phone.shown("aspirations")
    });
    phone.type_in("aspirations", "Muốn vay 50 triệu đồng");
    submit(&phone);
    sync(&phone);
    phone.tap("home");
    phone.see_gone(&to_do);
    let record = demo.officer(OFFICER).get(&format!("records/{visit}"));
    assert_eq!(record["data"]["aspirations"], "Muốn vay 50 triệu đồng");
    assert!(record.to_string().contains("\"edited\""), "{record}");
}

#[test]
fn what_was_set_aside_says_why_and_what_to_do() {
    let demo = Demo::start();
    let (first, second) = (demo.phone(HEAD), demo.phone("tt.hoangthupho.2"));
    let villages = [&first, &second].map(|phone| {
        let unit = phone.run(&["status"])["units"][0]["id"].clone();
        unit.as_str().expect("a unit").to_owned()
    });
    let [stays, goes] = &villages;
    let household = second.first("household");
    let name = head_of(&second, &household);
    let (login, named) = ("tt.hai.thon", "Ma A Mẫu");
    let added = demo.command(&[
        "user",
        "add",
        login,
        "--name",
        named,
        "--role",
        "village_head",
        "--unit",
        stays,
        "--unit",
        goes,
    ]);
    let person = added["id"].as_str().expect("an id");
    let mut phone = WebPhone::new(&demo.url);
    phone.expect_log("net::ERR_INTERNET_DISCONNECTED");
    phone.enrol(&code(&demo, login), PIN);
    phone.network(false);
    open_household(&phone, &name, &household);
    set_livestock(&phone, "51");
    // While the phone is out of reach, one of the two villages is given to somebody else.
    let moved = demo
        .officer("quantri")
        .patch(&format!("users/{person}"), &json!({ "units": [stays] }));
    assert!(moved["id"].is_string(), "{moved}");
    phone.network(true);
    phone.tap("sync");
    phone.tap("sync:now");
    let row = format!("parked:{household}");
    phone.read("Bản ghi thuộc đơn vị ngoài địa bàn được giao");
    phone.tap("home");
    phone.see("home:parked");
    phone.tap("sync");
    phone.tap(&row);
    let words = phone.words_of("record:parked:out_of_scope");
    assert!(words.contains("nhờ cán bộ huyện chấp nhận"), "{words}");
}
