//! The field app as its holders meet it, in a real browser at the size of a cheap phone.

mod desk;
mod fair;
mod start;
mod together;
mod trouble;
mod visit;

use tests::browser::WebPhone;
use tests::programs::{Demo, Phone};

const PIN: &str = "280391";

/// A web phone of that person, enrolled and filled.
fn web_phone(demo: &Demo, login: &str) -> WebPhone {
    let phone = WebPhone::new(&demo.url);
    phone.enrol(&code(demo, login), PIN);
    phone
}

/// A fresh enrolment code.
fn code(demo: &Demo, login: &str) -> String {
    let issued = demo.command(&["enroll", login]);
    issued["code"].as_str().expect("a code").to_owned()
}

/// Waits until the app can start without a network.
fn kept(phone: &WebPhone) {
    phone.wait("the app is kept for use offline", || {
        let script = "const done = arguments[0];
            navigator.serviceWorker.ready.then((kept) => done(kept.active?.state === 'activated'))";
        let active = phone.session().run_async(script, &[]).ok()?;
        (active == true).then_some(())
    });
}

/// The name of a household's head, as the native phone shows it.
fn head_of(phone: &Phone, household: &str) -> String {
    phone.show(household)["data"]["head_name"]
        .as_str()
        .expect("a name")
        .to_owned()
}
