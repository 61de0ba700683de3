//! Small things that everybody meets: where a house stands, and another language.

use tests::browser::WebPhone;
use tests::programs::{CADRE, Demo};

use super::together::submit_last_page;
use super::{PIN, web_phone};

/// Opens the first household's form at the question for its place.
fn open_place(phone: &WebPhone) {
    phone.tap("households");
    let first = phone.wait("households are listed", || {
        phone.ids("household:").into_iter().find(|id| id.len() > 40)
    });
    phone.tap(&first);
    phone.tap("household:edit");
    phone.see("fill:pages");
    phone.wait("the place is asked", || {
        if phone.shown("gps:locate").is_none() {
            phone.tap("fill:next");
        }
        phone.shown("gps:locate")
    });
}

#[test]
fn where_a_house_stands_is_asked_of_the_phone() {
    let demo = Demo::start();
    let phone = web_phone(&demo, CADRE);
    open_place(&phone);
    phone.place(None);
    phone.tap("gps:locate");
    phone.read("Máy này không lấy được vị trí");
    phone.place(Some((22.4812, 103.9731, 250.0)));
    phone.tap("gps:locate");
    phone.read("sai số khoảng 250 m");
    phone.read("Sai số tọa độ lớn hơn 100 m");
    phone.place(Some((22.4812, 103.9731, 8.0)));
    phone.tap("gps:locate");
    phone.read("Vĩ độ 22,48120, kinh độ 103,97310, sai số khoảng 8 m");
    submit_last_page(&phone);
    phone.tap("sync");
    phone.tap("sync:now");
    phone.read("Đã đồng bộ: gửi 1");
}

#[test]
fn the_app_speaks_english_too() {
    let demo = Demo::start();
    let phone = web_phone(&demo, CADRE);
    let language = || {
        phone
            .session()
            .run("return document.documentElement.lang", &[])
            .unwrap_or_default()
    };
    phone.tap("sync");
    phone.tap("settings");
    phone.tap("language=en");
    phone.wait("the page says so", || (language() == "en").then_some(()));
    // Every screen at once, and after a restart too.
    phone.read("Language");
    for screen in ["home", "households", "fairs", "sync"] {
        phone.open(&format!("#{screen}"));
        phone.see(screen);
        let tabs = phone.words_of("home");
        assert_eq!(tabs.trim(), "To do", "{screen}");
    }
    phone.reload();
    phone.wait("the lock screen speaks it", || (language() == "en").then_some(()));
    phone.unlock(PIN);
    phone.tap("sync");
    phone.tap("settings");
    phone.tap("language=vi");
    phone.read("Ngôn ngữ");
    assert_eq!(language(), "vi");
}
