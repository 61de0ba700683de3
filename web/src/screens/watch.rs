//! What the app hears while it is open: the address, the network, time without a touch, a newer version.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Root;
use crate::app::{App, Screen};
use crate::browser;
use crate::words::{Language, set_language, t};

/// How often time without a touch is looked at.
const LOOK_MS: i32 = 5_000;
/// After this many looks it is time to see whether a sync is due.
const LOOKS_PER_SYNC: u32 = 12;
/// The line that says what was done goes after this many looks.
const LOOKS_PER_NOTICE: u32 = 2;

/// Shows the app in the page.
pub fn start() {
    #[cfg(debug_assertions)]
    browser::tell_panics();
    set_language(Language::from_code(
        &browser::kept("soban-language").unwrap_or_default(),
    ));
    browser::set_page_language(crate::words::language().code());
    browser::apply_theme(&browser::kept("soban-theme").unwrap_or_default());
    leptos::mount::mount_to_body(Root);
}

/// Begins to listen, and reads who has a vault here.
pub(super) fn watch(app: App) {
    if let Some(screen) = Screen::from_hash(&browser::hash()) {
        app.screen.set(screen);
    }
    if let Some(minutes) = browser::kept("soban-idle").and_then(|minutes| minutes.parse().ok()) {
        app.idle_minutes.set(minutes);
    }
    spawn_local(async move {
        if let Err(error) = app.read_cards().await {
            app.say_error(&error.into());
        }
        let nobody = app.cards.with_untracked(Vec::is_empty);
        if nobody && !matches!(app.screen.get_untracked(), Screen::Enrol(_)) {
            app.screen.set(Screen::Enrol(String::new()));
        }
    });
    browser::listen("hashchange", move || {
        // A code in a link is a new person; any other address is a screen to go to.
        let Some(screen) = Screen::from_hash(&browser::hash()) else {
            return;
        };
        if matches!(&screen, Screen::Enrol(code) if !code.is_empty()) {
            app.replace(screen);
        } else if screen.hash() != app.screen.get_untracked().hash() {
            app.screen.set(screen);
        }
    });
    browser::listen("online", move || app.sync_if_due());
    browser::listen("visibilitychange", move || app.sync_if_due());
    browser::listen("soban-update", move || app.update_ready.set(true));
    app.update_ready.set(browser::update_waits());
    browser::listen_detail("soban-lock-lost", move |_| {
        if app.register().is_some() {
            app.lock();
            app.say(t("lock.taken_over", &[]));
        }
    });
    watch_touch(app);
}

/// Closes the register after a while without a touch.
fn watch_touch(app: App) {
    let touched = Rc::new(Cell::new(browser::now_ms()));
    for name in ["pointerdown", "keydown"] {
        let touched = Rc::clone(&touched);
        browser::listen(name, move || touched.set(browser::now_ms()));
    }
    spawn_local(async move {
        let mut looks = 0;
        let mut said = 0;
        loop {
            browser::sleep_ms(LOOK_MS).await;
            looks += 1;
            said = if app.notice.with_untracked(String::is_empty) {
                0
            } else {
                said + 1
            };
            if said > LOOKS_PER_NOTICE {
                app.notice.set(String::new());
            }
            let idle_ms = browser::now_ms() - touched.get();
            // A clock that was set back shows no idle time, and a sync that runs is work.
            let runs = app.sync.with_untracked(|sync| sync.running.is_some());
            let allowed_ms = f64::from(app.idle_minutes.get_untracked()) * 60_000.0;
            if app.register().is_some() && idle_ms > allowed_ms && !runs {
                app.lock();
                app.say(t("lock.idle", &[]));
            } else if looks % LOOKS_PER_SYNC == 0 {
                app.sync_if_due();
            }
        }
    });
}
