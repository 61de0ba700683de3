//! Several phones and one register: handed over, disagreed, settled.

use serde_json::json;
use tests::browser::WebPhone;
use tests::programs::{CADRE, Demo, HEAD};

use super::{head_of, web_phone};

/// Opens a household by its head's name.
pub(super) fn open_household(phone: &WebPhone, name: &str, id: &str) {
    phone.tap("households");
    phone.type_in("households:search", name);
    phone.tap(&format!("household:{id}"));
}

/// Changes the number of animals of the household that is open, and saves.
pub(super) fn set_livestock(phone: &WebPhone, number: &str) {
    set(phone, "livestock", number);
}

/// Changes an answer of the household that is open, and saves.
fn set(phone: &WebPhone, question: &str, answer: &str) {
    phone.tap("household:edit");
    phone.see("fill:pages");
    phone.type_in(question, answer);
    submit_last_page(phone);
    phone.see("household:edit");
}

/// Goes to the last page and submits, whatever the form has to say.
pub(super) fn submit_last_page(phone: &WebPhone) {
    phone.wait("the last page", || {
        if phone.shown("fill:submit").is_none() {
            phone.tap("fill:next");
        }
        phone.shown("fill:submit")
    });
    phone.tap("fill:submit");
    phone.wait("it is saved", || {
        if phone.shown("fill:submit_anyway").is_some() {
            phone.tap("fill:submit_anyway");
        }
        phone.shown("fill:next").is_none().then_some(())
    });
}

#[test]
fn two_people_disagree_and_one_settles_it_in_two_taps() {
    let demo = Demo::start();
    let other = demo.phone(HEAD);
    let household = other.first("household");
    let name = head_of(&other, &household);
    let phone = web_phone(&demo, CADRE);
    open_household(&phone, &name, &household);
    set(&phone, "head_birth_year", "1951");
    set_livestock(&phone, "5");
    other.run(&["set", &household, "head_birth_year=1962", "livestock=9"]);
    other.sync();
    phone.tap("sync");
    phone.tap("sync:now");
    phone.read("Đã đồng bộ");
    other.sync();
    let conflicts = other.show(&household)["conflicts"].clone();
    let paths: Vec<_> = conflicts
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| one["path"].clone())
        .collect();
    assert_eq!(paths, ["head_birth_year", "livestock"], "both are kept");

    open_household(&phone, &name, &household);
    phone.tap("household:settle");
    // One of the two asks for somebody to decide; the other may stand.
    phone.see("disagreement:head_birth_year");
    let words = phone.words_of("disagreement:head_birth_year");
    assert!(words.contains("1951") && words.contains("1962"), "{words}");
    let ids = phone.ids("settle:head_birth_year:");
    let _ = phone.taps();
    phone.tap(&ids[0]);
    phone.tap("settle:ask:yes");
    assert_eq!(phone.taps(), 2);
    phone.see_gone("disagreement:head_birth_year");
    phone.tap("sync");
    phone.tap("sync:now");
    phone.read("Đã đồng bộ: gửi 1");
    other.sync();
    let left = other.show(&household)["conflicts"].clone();
    assert_eq!(left.as_array().map(Vec::len), Some(1), "{left}");
    phone.tap("households");
    phone.tap(&format!("household:{household}"));
    phone.see("visit:new");
    assert!(phone.shown("household:settle").is_none());
}

#[test]
fn a_phone_without_signal_hands_its_work_to_a_colleague() {
    let demo = Demo::start();
    let native = demo.phone(CADRE);
    let household = native.first("household");
    let name = head_of(&native, &household);
    let mut writer = web_phone(&demo, CADRE);
    writer.expect_log("net::ERR_INTERNET_DISCONNECTED");
    let carrier = web_phone(&demo, HEAD);
    writer.network(false);
    open_household(&writer, &name, &household);
    set_livestock(&writer, "41");
    let files = tempfile::tempdir().expect("a temporary directory");
    writer.downloads(files.path());
    writer.tap("sync");
    writer.tap("bundle:export");
    let file = writer.wait("the file is written", || {
        let files = std::fs::read_dir(files.path()).ok()?.flatten();
        files
            .map(|file| file.path())
            .find(|file| file.extension().is_some_and(|end| end == "soban"))
    });
    carrier.tap("sync");
    carrier.pick_file("bundle:import", &file);
    carrier.read("Đã nhận 1 bản ghi");
    carrier.pick_file("bundle:import", &file);
    carrier.tap("sync:now");
    carrier.read("Đã đồng bộ: gửi 1");
    native.sync();
    assert_eq!(native.show(&household)["data"]["livestock"], json!(41));
    // The writer hears that its work arrived, though another phone brought it.
    writer.network(true);
    writer.tap("sync:now");
    writer.read("Đã đồng bộ");
    writer.wait("nothing waits", || {
        (writer.words_of("count:pending").starts_with('0')).then_some(())
    });
}
