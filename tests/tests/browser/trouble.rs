//! A wrong clock, a full disk, a phone that was turned off.

use std::cell::Cell;

use tests::browser::WebPhone;
use tests::programs::{CADRE, Demo};

use super::{PIN, begin_support_visit, code, kept, reopen_draft, submit, value_of, web_phone};

#[test]
fn a_clock_years_ahead_is_named_and_harms_nothing() {
    let demo = Demo::start();
    let phone = WebPhone::new(&demo.url);
    phone.clock_ahead(3_000);
    phone.enrol(&code(&demo, CADRE), PIN);
    phone.tap("sync");
    phone.tap("sync:now");
    phone.see("clock");
    phone.read("nhanh hơn máy chủ 3000 ngày");
}

#[test]
fn a_phone_that_was_turned_off_lets_everything_go() {
    let demo = Demo::start();
    let phone = web_phone(&demo, CADRE);
    let devices = demo.command(&["device", "list"]);
    let devices = devices["items"]
        .as_array()
        .or(devices["devices"].as_array())
        .expect("devices")
        .clone();
    let of_web = devices
        .iter()
        .find(|device| device["name"].as_str().is_some_and(|name| name.contains("web")))
        .expect("the web phone");
    let id = of_web["id"].as_str().expect("an id").to_owned();
    let _ = demo.command(&["device", "revoke", &id]);
    phone.tap("sync");
    phone.tap("sync:now");
    phone.read("Thiết bị đã bị khóa");
    phone.wait("nobody is left on the phone", || {
        let stored = phone.stored();
        (!stored.contains("/record ")).then_some(())
    });
    assert!(phone.ids("person:").is_empty());
}

#[test]
fn a_full_disk_is_said_and_what_is_on_screen_stays() {
    let demo = Demo::start();
    let phone = web_phone(&demo, CADRE);
    begin_support_visit(&phone);
    phone.tap("outcome=met");
    phone.tap("fill:next");
    phone.see("aspirations");
    phone.disk_full(true);
    phone.type_in("aspirations", "Muốn vay vốn nuôi lợn nái");
    phone.read("Bộ nhớ máy đã đầy");
    phone.disk_full(false);
    let field = phone.see("aspirations");
    assert_eq!(value_of(&phone, &field), "Muốn vay vốn nuôi lợn nái");
    submit(&phone);
    phone.tap("sync");
    phone.tap("sync:now");
    phone.read("Đã đồng bộ: gửi 1");
}

#[test]
fn a_disk_that_is_really_full_loses_nothing_and_takes_it_up_again() {
    let demo = Demo::start();
    let mut phone = web_phone(&demo, CADRE);
    kept(&phone);
    begin_support_visit(&phone);
    phone.tap("outcome=met");
    phone.tap("fill:next");
    phone.type_in("aspirations", "Muốn vay vốn");
    // The phone is nearly full when it starts. A browser believes in the room it found for up to half a minute.
    let (used, _) = phone.usage();
    phone.battery_dies();
    phone.quota(Some(used + 2_000));
    phone.open("");
    phone.unlock(PIN);
    reopen_draft(&phone, "aspirations");
    let wish = format!("Muốn vay vốn nuôi lợn nái {}", "và làm lại chuồng, ".repeat(100));
    let full = Cell::new(0);
    phone.wait("the disk is full", || {
        full.set(full.get() + 1);
        phone.type_in("aspirations", &format!("{wish}{}", full.get()));
        phone.shown("draft:failed")
    });
    let wish = format!("{wish}{}", full.get());
    phone.read("Bộ nhớ máy đã đầy");
    let field = phone.see("aspirations");
    assert_eq!(value_of(&phone, &field), wish);
    // Handing it in does not work either, and says so; everything is still there.
    phone.tap("fill:submit");
    phone.see("fill:failed");
    phone.quota(None);
    phone.wait("the draft is kept again", || {
        if phone.shown("draft:retry").is_some() {
            phone.tap("draft:retry");
        }
        phone.shown("draft:failed").is_none().then_some(())
    });
    // It is on disk: the page starts anew, and it is there.
    phone.reload();
    phone.type_in("pin", PIN);
    phone.tap("pin:done");
    let field = phone.see("aspirations");
    assert_eq!(value_of(&phone, &field), wish);
    submit(&phone);
    phone.tap("sync");
    phone.tap("sync:now");
    phone.read("Đã đồng bộ: gửi 1");
}
