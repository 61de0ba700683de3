//! The roll call of a job fair on two phones at once.

use tests::browser::WebPhone;
use tests::programs::{CADRE, Demo, HEAD};

use super::web_phone;

/// A fair of today in the commune of this household, made on another phone and synced.
pub(super) fn fair_of_today(demo: &Demo) -> String {
    let phone = demo.phone(CADRE);
    let commune = phone.run(&["status"])["units"][0]["id"]
        .as_str()
        .expect("a unit")
        .to_owned();
    let today = jiff::Timestamp::now().to_string();
    let day = &today[..10];
    let made = phone.run(&[
        "new",
        "job_fair",
        "code=PGD-2026-02863-01",
        "fair_type=transaction",
        "name=Phiên mẫu",
        "venue=Nhà văn hóa",
        &format!("host_commune_id={commune}"),
        &format!("start_at={day}T00:30:00+07:00"),
        &format!("end_at={day}T23:30:00+07:00"),
        "organiser=UBND xã",
        "lifecycle=held",
    ]);
    phone.sync();
    made["id"].as_str().expect("an id").to_owned()
}

pub(super) fn open_fair(phone: &WebPhone, fair: &str) {
    phone.tap("fairs");
    phone.tap(&format!("fair:{fair}"));
    phone.see("fair:search");
}

pub(super) fn check_in(phone: &WebPhone, person: &str) {
    phone.tap(person);
    phone.tap("checkin:needs=job_local");
    phone.tap("checkin:consent=true");
    phone.tap("checkin:save");
    phone.see_gone("checkin:save");
}

fn counted(phone: &WebPhone) -> String {
    let words = phone.words_of("fair:count:all");
    words.chars().take_while(char::is_ascii_digit).collect()
}

#[test]
fn two_phones_at_one_fair_count_nobody_twice() {
    let demo = Demo::start();
    let fair = fair_of_today(&demo);
    let mut phones = [web_phone(&demo, HEAD), web_phone(&demo, HEAD)];
    for phone in &mut phones {
        phone.expect_log("net::ERR_INTERNET_DISCONNECTED");
        phone.network(false);
        open_fair(phone, &fair);
    }
    let people = phones[0].wait("people are listed", || {
        let people = phones[0].ids("person:");
        (people.len() > 2).then_some(people)
    });
    // Both phones write down the same person, and one more each.
    check_in(&phones[0], &people[0]);
    check_in(&phones[0], &people[1]);
    check_in(&phones[1], &people[0]);
    check_in(&phones[1], &people[2]);
    // Somebody from elsewhere, in a few taps.
    let _ = phones[0].taps();
    phones[0].tap("walkin:new");
    phones[0].type_in("walkin:name", "Hoàng Thị Khách");
    phones[0].type_in("walkin:year", "1994");
    phones[0].tap("walkin:sex=female");
    let village = phones[0].wait("villages are offered", || {
        phones[0].ids("walkin:village=").into_iter().next()
    });
    phones[0].tap(&village);
    let ethnicity = phones[0].ids("walkin:ethnicity=");
    phones[0].tap(&ethnicity[0]);
    phones[0].tap("walkin:needs=advice");
    phones[0].tap("walkin:consent=false");
    phones[0].tap("walkin:save");
    phones[0].see_gone("walkin:save");
    assert!(phones[0].taps() <= 10);
    assert_eq!(
        (counted(&phones[0]).as_str(), counted(&phones[1]).as_str()),
        ("3", "2")
    );
    for phone in &phones {
        phone.network(true);
    }
    for at in [0, 1, 0] {
        phones[at].tap("back");
        phones[at].tap("sync");
        phones[at].tap("sync:now");
        phones[at].wait("everything is handed in", || {
            phones[at]
                .words_of("count:pending")
                .starts_with('0')
                .then_some(())
        });
        phones[at].read("Đã đồng bộ");
        open_fair(&phones[at], &fair);
    }
    for phone in &phones {
        phone.wait("four people are counted", || {
            (counted(phone) == "4").then_some(())
        });
    }
}
