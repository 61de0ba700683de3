//! A visit, from the household's door to the server.

use serde_json::Value;
use tests::browser::WebPhone;
use tests::programs::{CADRE, Demo, OFFICER};

use super::{PIN, begin_support_visit, kept, reopen_draft, submit, web_phone};

/// Fills and submits what a typical support visit says.
fn fill_and_submit(phone: &WebPhone) {
    phone.tap("outcome=met");
    phone.tap("fill:next");
    phone.type_in("aspirations", "Muốn vay vốn nuôi lợn nái");
    phone.tap("needs=credit");
    phone.tap("needs=livestock_seed");
    submit(phone);
}

#[test]
fn a_support_visit_is_written_offline_in_few_taps_and_arrives() {
    let demo = Demo::start();
    let address = demo.url.trim_start_matches("http://").to_owned();
    let mut phone = web_phone(&demo, CADRE);
    phone.expect_log("net::ERR_CONNECTION_REFUSED");
    kept(&phone);
    let data = demo.stop();

    let _ = phone.taps();
    begin_support_visit(&phone);
    fill_and_submit(&phone);
    let taps = phone.taps();
    assert!(taps < 25, "{taps} taps");
    phone.tap("sync");
    assert!(phone.words_of("count:pending").starts_with('1'));

    let demo = Demo::start_in(data, &address);
    phone.tap("sync:now");
    phone.read("Đã đồng bộ: gửi 1");
    assert!(phone.words_of("count:pending").starts_with('0'));
    let visits = demo.officer(OFFICER).get("records?kind=household_visit");
    let found = |visit: &&Value| visit.to_string().contains("support");
    assert_eq!(
        visits["items"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(found)
            .count(),
        1,
        "{visits}"
    );
}

#[test]
fn a_browser_killed_in_mid_form_keeps_every_word() {
    let demo = Demo::start();
    let mut phone = web_phone(&demo, CADRE);
    kept(&phone);
    begin_support_visit(&phone);
    phone.tap("outcome=met");
    phone.tap("fill:next");
    for (at, text) in ["Muốn vay", "Muốn vay vốn", "Muốn vay vốn nuôi lợn"]
        .iter()
        .enumerate()
    {
        phone.type_in("aspirations", text);
        // What was typed is kept by itself: no button says so.
        phone.wait("the draft is on disk", || {
            let idle = phone
                .session()
                .run("return document.activeElement?.dataset?.id", &[])
                .ok()?;
            (idle == "aspirations").then_some(())
        });
        std::thread::sleep(std::time::Duration::from_millis(600));
        phone.battery_dies();
        phone.open("");
        phone.unlock(PIN);
        let kept = reopen_draft(&phone, "aspirations");
        let value = phone
            .session()
            .run("return arguments[0].value", &[kept.value()])
            .expect("a value");
        assert_eq!(value, *text, "after death {at}");
    }
}
