//! Coming in, starting without a network, several people on one phone.

use tests::browser::WebPhone;
use tests::programs::{CADRE, Demo, HEAD};

use super::{PIN, code, kept, web_phone};

#[test]
fn the_app_starts_cold_without_a_network() {
    let demo = Demo::start();
    let mut phone = web_phone(&demo, CADRE);
    phone.tap("households");
    phone.see("households:search");
    kept(&phone);
    let _data = demo.stop();
    // The browser is closed and started again; there is no server any more.
    phone.battery_dies();
    phone.expect_log("net::ERR_CONNECTION_REFUSED");
    phone.open("");
    phone.unlock(PIN);
    phone.tap("households");
    phone.see("households:search");
    phone.tap("sync");
    phone.tap("sync:now");
    phone.read("Dữ liệu đã được lưu trên thiết bị");
}

#[test]
fn a_wrong_code_and_a_broken_link_cost_nothing() {
    let demo = Demo::start();
    let mut phone = WebPhone::new(&demo.url);
    phone.expect_log("404");
    phone.expect_log("net::ERR_INTERNET_DISCONNECTED");
    phone.open("#enrol=AAAA-BBBB-CC");
    let pin = |phone: &WebPhone| {
        phone.type_in("new_pin", PIN);
        phone.tap("new_pin:done");
        phone.type_in("pin_again", PIN);
        phone.tap("pin_again:done");
    };
    phone.tap("code:next");
    pin(&phone);
    phone.read("Mã ghi danh không đúng");
    phone.network(false);
    phone.type_in("code", &code(&demo, CADRE));
    phone.tap("code:next");
    pin(&phone);
    phone.read("Không kết nối được máy chủ");
    phone.network(true);
    phone.tap("code:next");
    pin(&phone);
    phone.see("sync:now");
    phone.tap("sync");
    assert!(!phone.words_of("count:records").starts_with('0'));
}

#[test]
fn two_people_share_a_phone_and_see_nothing_of_each_other() {
    let demo = Demo::start();
    let phone = web_phone(&demo, CADRE);
    let records = |phone: &WebPhone| {
        phone.tap("sync");
        phone.words_of("count:records")
    };
    let of_cadre = records(&phone);
    phone.tap("settings");
    phone.tap("lock");
    phone.tap("enrol:new");
    phone.type_in("code", &code(&demo, HEAD));
    phone.tap("code:next");
    phone.type_in("new_pin", "915730");
    phone.tap("new_pin:done");
    phone.type_in("pin_again", "915730");
    phone.tap("pin_again:done");
    phone.see("sync:now");
    let of_head = records(&phone);
    assert_ne!(of_cadre, of_head, "a village is less than a commune");

    // Locked, the phone tells nothing but two names; not a word of a record lies in the clear.
    phone.reload();
    let people = phone.wait("both people are listed", || {
        let people = phone.ids("person:");
        (people.len() == 2).then_some(people)
    });
    let stored = phone.stored();
    assert!(stored.len() > 10_000, "the register is there");
    for word in ["household", "head_name", "village_id", "Bearer", "\"token\""] {
        assert!(!stored.contains(word), "{word} lies in the clear");
    }
    // The PIN of one does not open the other's.
    phone.tap(&people[0]);
    phone.type_in("pin", "111222");
    phone.tap("pin:done");
    phone.read("Mã PIN không đúng");
    let of_whom = if people[0].contains("Sình") {
        (PIN, &of_cadre)
    } else {
        ("915730", &of_head)
    };
    phone.unlock(of_whom.0);
    assert_eq!(records(&phone), *of_whom.1);
}

#[test]
fn one_tab_at_a_time_works_with_a_register() {
    let demo = Demo::start();
    let phone = web_phone(&demo, CADRE);
    let first = phone.window();
    phone.new_window();
    phone.open("");
    phone.type_in("pin", PIN);
    phone.tap("pin:done");
    phone.tap("take_over");
    phone.see("home");
    phone.to_window(&first);
    phone.read("Sổ đã được mở ở thẻ khác");
    phone.see("pin");
}
