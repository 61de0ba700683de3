//! Going back out of what is open with the phone's own button, at any moment. Nothing breaks, nothing typed is lost.

use serde_json::json;
use tests::browser::WebPhone;
use tests::programs::{CADRE, Demo};

use super::desk::desk;
use super::{begin_support_visit, reopen_draft, submit, value_of, web_phone};

/// The phone's own way back, and what must be there then.
fn go_back(phone: &WebPhone, to: &str) {
    phone.go_back();
    phone.see(to);
}

/// The pages of the form that is open, by number.
fn pages(phone: &WebPhone) -> Vec<String> {
    phone.tap("fill:pages");
    let pages = phone.wait("pages are listed", || {
        let pages = phone.ids("fill:page:");
        (pages.len() > 1).then_some(pages)
    });
    phone.tap("fill:pages:sheet:close");
    pages
}

/// Puts the focus into the first field on the page, if it has one.
fn touch_a_field(phone: &WebPhone) -> bool {
    let script = "const field = document.querySelector('.fill-page :is(input, textarea)');
        field?.focus(); return document.activeElement === field";
    phone.session().run(script, &[]).unwrap_or_default() == true
}

/// Opens a form with these taps again and again, each time on another page, and goes back out of it.
fn out_of_every_page(phone: &WebPhone, taps: &[&str]) {
    let mut touched = 0;
    for page in pages(phone) {
        phone.tap("fill:pages");
        phone.tap(&page);
        phone.see_gone("fill:pages:sheet");
        touched += usize::from(touch_a_field(phone));
        go_back(phone, taps[0]);
        taps.iter().for_each(|tap| phone.tap(tap));
        phone.see("fill:pages");
    }
    assert!(touched > 0, "no page has a field");
}

#[test]
fn out_of_a_form_with_a_field_in_hand() {
    let demo = Demo::start();
    let phone = web_phone(&demo, CADRE);
    begin_support_visit(&phone);
    phone.tap("outcome=met");
    phone.tap("fill:next");
    phone.type_in("aspirations", "Muốn vay vốn nuôi lợn nái");
    go_back(&phone, "visit:new");
    phone.tap("home");
    let field = reopen_draft(&phone, "aspirations");
    assert_eq!(value_of(&phone, &field), "Muốn vay vốn nuôi lợn nái");
    submit(&phone);
}

#[test]
fn out_of_every_page_of_a_household() {
    let demo = Demo::start();
    let phone = web_phone(&demo, CADRE);
    phone.tap("households");
    let first = phone.wait("households are listed", || {
        phone.ids("household:").into_iter().find(|id| id.len() > 40)
    });
    phone.tap(&first);
    phone.tap("household:edit");
    out_of_every_page(&phone, &["household:edit"]);
    // Out of a dialog that stands open, too.
    phone.tap("draft:drop");
    phone.see("draft:drop:ask:no");
    go_back(&phone, "household:edit");
    // And forward again, as some browsers can.
    phone
        .session()
        .post("/forward", &json!({}))
        .expect("goes forward");
    phone.see("fill:pages");
    go_back(&phone, "household:edit");
    // The longest form.
    let review = ["visit:new", "visit:type:periodic_review"];
    review.iter().for_each(|tap| phone.tap(tap));
    phone.see("fill:pages");
    phone.tap("outcome=met");
    out_of_every_page(&phone, &review);
}

#[test]
fn out_of_a_form_that_is_being_saved() {
    let demo = Demo::start();
    let phone = web_phone(&demo, CADRE);
    begin_support_visit(&phone);
    phone.tap("outcome=met");
    phone.tap("fill:next");
    phone.type_in("aspirations", "Muốn vay vốn");
    // The disk takes its time, and the person leaves before it has an answer.
    phone.disk_slow(1_500);
    phone.tap("fill:submit");
    phone.open("#sync");
    phone.see("sync:now");
    phone.read("Đã lưu trên máy");
    // Who went elsewhere stays there.
    phone.see("sync:now");
    phone.disk_slow(0);
    phone.tap("sync:now");
    phone.read("Đã đồng bộ: gửi 1");
}

#[test]
fn out_of_a_fair_and_a_record() {
    let demo = Demo::start();
    let phone = desk(&demo);
    let person = phone.wait("people are listed", || phone.ids("person:").into_iter().next());
    // A name half typed, of somebody on no list.
    phone.tap("walkin:new");
    phone.type_in("walkin:name", "Thào Thị");
    go_back(&phone, "fairs");
    phone
        .session()
        .post("/forward", &json!({}))
        .expect("goes forward");
    // A check-in half done.
    phone.tap(&person);
    phone.tap("checkin:consent=true");
    go_back(&phone, "fairs");
    phone
        .session()
        .post("/forward", &json!({}))
        .expect("goes forward");
    // The one whom the desk was still writing down is in.
    phone.tap(&person);
    phone.tap("checkin:needs=advice");
    phone.tap("checkin:consent=true");
    phone.disk_slow(1_000);
    phone.tap("checkin:save");
    go_back(&phone, "fairs");
    phone.read("Đã ghi danh");
    phone.disk_slow(0);
    phone
        .session()
        .post("/forward", &json!({}))
        .expect("goes forward");
    phone.tap(&person);
    phone.tap("entry:details");
    phone.see("record:void");
    phone.tap("record:void");
    phone.type_in("record:void_reason", "Ghi nh");
    go_back(&phone, "fair:search");
}
