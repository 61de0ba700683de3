//! The page: address, time, small settings, storage.

use std::rc::Rc;

use jiff::Timestamp;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::glue;
use crate::phone::Clock;

/// The phone's clock, however wrong.
#[must_use]
pub fn clock() -> Clock {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds since 1970 fit for 300,000 years"
    )]
    let now = || Timestamp::from_millisecond(now_ms() as i64).unwrap_or(Timestamp::UNIX_EPOCH);
    Rc::new(now)
}

/// The phone's time, milliseconds since 1970.
#[must_use]
pub fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// Waits.
pub async fn sleep_ms(ms: i32) {
    // A timer that cannot be set does not wait.
    let _ = JsFuture::from(glue::sleep(ms)).await;
}

/// What stands after `#` in the address.
#[must_use]
pub fn hash() -> String {
    let hash = web_sys::window().and_then(|window| window.location().hash().ok());
    hash.unwrap_or_default()
}

/// Puts a screen into the address; the back button comes back to the one before.
pub fn set_hash(name: &str) {
    if let Some(window) = web_sys::window()
        && hash() != format!("#{name}")
    {
        let _ = window.location().set_hash(name);
    }
}

/// Puts a screen into the address in place of the one there: the back button does not come back to it.
pub fn replace_hash(name: &str) {
    if let Some(window) = web_sys::window() {
        let _ = window.location().replace(&format!("#{name}"));
    }
}

/// Goes back one screen.
pub fn history_back() {
    if let Some(history) = web_sys::window().and_then(|window| window.history().ok()) {
        let _ = history.back();
    }
}

/// A new screen begins at its top.
pub fn scroll_to_top() {
    if let Some(window) = web_sys::window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// Restarts into the version that waits.
pub fn reload_for_update() {
    glue::activate_update();
}

/// True if a newer version of the app waits.
#[must_use]
pub fn update_waits() -> bool {
    let root = web_sys::window().and_then(|window| window.document()?.document_element());
    root.is_some_and(|root| root.has_attribute("data-update"))
}

/// The language of the page, for screen readers.
pub fn set_page_language(code: &str) {
    set_root_attribute("lang", code);
}

/// `light`, `dark`, or empty for what the phone says.
pub fn apply_theme(theme: &str) {
    set_root_attribute("data-theme", theme);
}

fn set_root_attribute(name: &str, value: &str) {
    let root = web_sys::window().and_then(|window| window.document()?.document_element());
    if let Some(root) = root {
        let _ = if value.is_empty() {
            root.remove_attribute(name)
        } else {
            root.set_attribute(name, value)
        };
    }
}

/// A small setting of this phone that is nobody's secret: language, theme.
#[must_use]
pub fn kept(name: &str) -> Option<String> {
    web_sys::window()?.local_storage().ok()??.get_item(name).ok()?
}

/// Keeps a small setting; a browser that keeps nothing does without.
pub fn keep(name: &str, value: &str) {
    if let Some(Ok(Some(storage))) = web_sys::window().map(|window| window.local_storage()) {
        let _ = storage.set_item(name, value);
    }
}

/// Asks the browser to promise not to evict what is stored: `granted`, `refused` or `unknown`.
pub async fn wants_persistence() -> String {
    let answer = glue::persist().await.unwrap_or(JsValue::NULL);
    answer.as_string().unwrap_or_else(|| "unknown".to_owned())
}

/// Bytes used and allowed, as the browser estimates.
pub async fn storage_estimate() -> (f64, f64) {
    let both = js_sys::Array::from(&glue::storage_estimate().await.unwrap_or(JsValue::NULL));
    let at = |place| both.get(place).as_f64().unwrap_or_default();
    (at(0), at(1))
}
