//! The field app as its holders meet it, in a real browser at the size of a cheap phone.

mod accessible;
mod desk;
mod everyday;
mod fair;
mod leaving;
mod office;
mod officer;
mod same;
mod start;
mod together;
mod trouble;
mod upgrade;
mod visit;

use tests::browser::{Element, WebPhone};
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

/// Opens the first household of the list and begins a support visit.
fn begin_support_visit(phone: &WebPhone) {
    phone.tap("households");
    let first = phone.wait("households are listed", || {
        let all = phone.ids("household:");
        all.into_iter().find(|id| id.len() > 40)
    });
    phone.tap(&first);
    phone.tap("visit:new");
    phone.tap("visit:type:support");
}

/// Sends the visit that is open, on its last page, whatever the form has to say.
fn submit(phone: &WebPhone) {
    phone.tap("fill:submit");
    phone.wait("it is saved", || {
        if phone.shown("fill:submit_anyway").is_some() {
            phone.tap("fill:submit_anyway");
        }
        phone.shown("visit:new")
    });
}

/// Opens the only draft from the first screen, and turns its pages to a question.
fn reopen_draft(phone: &WebPhone, question: &str) -> Element {
    let draft = phone.wait("the draft is listed", || {
        let all = phone.ids("draft:");
        all.into_iter().find(|id| id.len() == "draft:".len() + 36)
    });
    phone.tap(&draft);
    phone.wait("the question comes", || {
        if phone.shown(question).is_none() {
            phone.tap("fill:next");
        }
        phone.shown(question)
    })
}

/// What stands in a field.
fn value_of(phone: &WebPhone, field: &Element) -> String {
    let value = phone.session().run("return arguments[0].value", &[field.value()]);
    let value = value.expect("a field has a value");
    value.as_str().unwrap_or_default().to_owned()
}
