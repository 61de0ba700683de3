//! A new version of the app comes while a form is open.

use serde_json::Value;
use tests::browser::{Front, WebPhone};
use tests::programs::{CADRE, Demo};

use super::{PIN, begin_support_visit, code, kept, reopen_draft, submit, value_of};

const WISH: &str = "Muốn vay vốn nuôi lợn nái";

/// The builds this phone keeps, by the names of their caches.
fn builds(phone: &WebPhone) -> Vec<String> {
    let names = phone.session().run_async("caches.keys().then(arguments[0])", &[]);
    let names = names.unwrap_or_default();
    let names = names.as_array().into_iter().flatten().filter_map(Value::as_str);
    names.map(str::to_owned).collect()
}

/// Whether the worker that answers this page is the newest there is.
fn newest_in_control(phone: &WebPhone) -> bool {
    let script = "const [done] = arguments;
        navigator.serviceWorker.getRegistration().then(({ active, waiting }) =>
            done(!waiting && active?.state === 'activated' && active === navigator.serviceWorker.controller))";
    phone.session().run_async(script, &[]).unwrap_or_default() == true
}

#[test]
fn a_new_version_waits_for_a_word_and_strands_no_draft() {
    let demo = Demo::start();
    let front = Front::before(&demo.url);
    let phone = WebPhone::new(&front.url);
    phone.enrol(&code(&demo, CADRE), PIN);
    kept(&phone);
    let old = builds(&phone);
    assert_eq!(old.len(), 1, "{old:?}");
    begin_support_visit(&phone);
    phone.tap("outcome=met");
    phone.tap("fill:next");
    phone.type_in("aspirations", "Muốn vay");

    front.release();
    let run = |script: &str| phone.session().run(script, &[]).expect("runs");
    run("window.same_page = true; navigator.serviceWorker.ready.then((kept) => kept.update())");
    phone.wait("the new version is here", || {
        (builds(&phone).len() == 2).then_some(())
    });
    // The old one goes on, and the form with it.
    phone.type_in("aspirations", WISH);
    phone.wait("the new version waits", || {
        let waits = run("return document.documentElement.dataset.update");
        (waits == "waiting").then_some(())
    });
    assert_eq!(run("return window.same_page"), true);

    // It is said where the person comes by, and nothing happens until they say so.
    phone.open("#home");
    phone.see("home:update");
    assert_eq!(run("return window.same_page"), true);
    assert!(!newest_in_control(&phone));
    phone.tap("home:restart");
    phone.unlock(PIN);
    assert_eq!(run("return window.same_page ?? false"), false);
    phone.wait("the new version answers", || {
        newest_in_control(&phone).then_some(())
    });
    let new = builds(&phone);
    assert!(new.len() == 1 && new[0].contains(" newer-"), "{new:?}");
    phone.see_gone("home:update");

    let field = reopen_draft(&phone, "aspirations");
    assert_eq!(value_of(&phone, &field), WISH);
    submit(&phone);
    phone.tap("sync");
    phone.tap("sync:now");
    phone.read("Đã đồng bộ: gửi 1");
}
