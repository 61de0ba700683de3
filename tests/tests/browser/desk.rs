//! The desk of a job fair: a queue of people from the lists, and people on none.

use tests::browser::WebPhone;
use tests::programs::{CADRE, Demo, HEAD, OFFICER};

use super::web_phone;

/// A fair of today, planned, made on another phone and synced.
fn fair_of_today(demo: &Demo) -> String {
    let phone = demo.phone(CADRE);
    let commune = phone.run(&["status"])["units"][0]["id"].clone();
    let commune = commune.as_str().expect("a unit").to_owned();
    let local = jiff::tz::offset(7).to_datetime(jiff::Timestamp::now());
    let day = local.date();
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
        "lifecycle=planned",
    ]);
    phone.sync();
    made["id"].as_str().expect("an id").to_owned()
}

/// The desk of a fair on a cadre's phone.
pub(super) fn desk(demo: &Demo) -> WebPhone {
    let fair = fair_of_today(demo);
    let phone = web_phone(demo, CADRE);
    phone.tap("fairs");
    phone.tap(&format!("fair:{fair}"));
    counted(&phone, "all", 0);
    phone
}

/// Waits until the number at the top is this.
fn counted(phone: &WebPhone, what: &str, number: usize) {
    let id = format!("fair:count:{what}");
    phone.wait(&format!("{id} is {number}"), || {
        let words = phone.words_of(&id);
        let digits: String = words.chars().take_while(char::is_ascii_digit).collect();
        (digits == number.to_string()).then_some(())
    });
}

/// Says what a person wants and whether they agree, and checks them in.
fn say(phone: &WebPhone, taps: &[&str]) {
    taps.iter().for_each(|tap| phone.tap(tap));
    phone.tap("checkin:save");
    phone.see_gone("checkin:save");
}

fn synced(phone: &WebPhone, demo: &Demo, attendances: usize) {
    phone.tap("sync");
    phone.tap("sync:now");
    phone.wait("everything is handed in", || {
        phone.words_of("count:pending").starts_with('0').then_some(())
    });
    let records = demo.officer(OFFICER).get("records?kind=job_fair_attendance");
    assert_eq!(
        records["items"].as_array().map(Vec::len),
        Some(attendances),
        "{records}"
    );
    assert_eq!(demo.command(&["check"])["sound"], true);
}

#[test]
fn a_queue_is_checked_in() {
    let demo = Demo::start();
    let phone = desk(&demo);
    phone.tap("fair:held");
    phone.see_gone("fair:planned");
    let people = phone.wait("people are listed", || {
        let people = phone.ids("person:");
        (people.len() > 1).then_some(people)
    });

    // What the first one wants and whether they agree must be said.
    phone.tap(&people[0]);
    phone.tap("checkin:save");
    phone.read("Vui lòng chọn ít nhất một nguyện vọng");
    say(&phone, &["checkin:needs=job_away", "checkin:consent=true"]);
    counted(&phone, "all", 1);
    // The next one takes four taps: what the last one wanted is offered, consent is asked again.
    let _ = phone.taps();
    phone.tap(&people[1]);
    say(&phone, &["checkin:same", "checkin:consent=false"]);
    counted(&phone, "all", 2);
    assert_eq!(phone.taps(), 4);

    // The second one was a mistake, which has a reason; and was there after all.
    phone.tap(&people[1]);
    phone.tap("entry:undo");
    phone.tap("entry:undo:yes");
    phone.read("Vui lòng ghi lý do");
    phone.tap("entry:reason=fair.void.wrong_person");
    phone.tap("entry:undo:yes");
    counted(&phone, "all", 1);
    phone.tap(&people[1]);
    say(&phone, &["checkin:needs=advice", "checkin:consent=true"]);
    counted(&phone, "all", 2);

    // What came of it, later.
    phone.tap("fair:tab:results");
    let result = phone.wait("they are listed", || phone.ids("result:").into_iter().next());
    phone.tap(&result);
    phone.read("Chỉ tham dự");
    phone.tap("outcome:code=hired");
    phone.type_in("outcome:employer", "Công ty May Lào Cai");
    phone.tap("outcome:save");
    phone.see_gone("outcome:save");
    phone.read("Được tuyển dụng");
    synced(&phone, &demo, 2);
}

/// Types somebody in who is on no list.
fn walk_in(phone: &WebPhone, name: &str, year: &str) {
    phone.tap("walkin:new");
    phone.type_in("walkin:name", name);
    phone.type_in("walkin:year", year);
    phone.tap("walkin:sex=female");
    let village = phone.wait("villages are offered", || {
        phone.ids("walkin:village=").into_iter().next()
    });
    phone.tap(&village);
    phone.tap("walkin:ethnicity=08");
    phone.tap("walkin:needs=job_abroad");
    phone.tap("walkin:consent=true");
    phone.tap("walkin:save");
}

#[test]
fn somebody_on_no_list_is_typed_in() {
    let demo = Demo::start();
    let phone = desk(&demo);
    walk_in(&phone, "Thào Thị Không Ghi", "1994");
    for what in ["all", "women", "minority"] {
        counted(&phone, what, 1);
    }
    // The same once more: the same person? No, another of that name.
    walk_in(&phone, "thào thị không ghi", "1995");
    phone.tap("same:other");
    counted(&phone, "all", 2);
    // And again: yes, one of those. Nothing is written.
    walk_in(&phone, "Thào Thị Không Ghi", "1994");
    let same = phone.wait("who it may be", || {
        phone.ids("same:").into_iter().find(|id| id.len() > 30)
    });
    phone.tap(&same);
    phone.read("đã có trong danh sách ghi danh");
    counted(&phone, "all", 2);

    // Somebody who is on a list after all is linked to it.
    let native = demo.phone(HEAD);
    let data = native.show(&native.first("household"))["data"].clone();
    let member = &data["members"][0];
    let text = |field: &str| member[field].as_str().expect("an answer").to_owned();
    walk_in(&phone, &text("full_name"), &text("birth_date")[..4]);
    phone.tap(&format!("same:{}", text("id")));
    counted(&phone, "all", 3);
    phone.type_in("fair:search", &text("full_name"));
    let row = phone.words_of(&format!("person:{}", text("id")));
    assert!(row.contains("Đã ghi danh"), "{row}");
    synced(&phone, &demo, 3);
}
