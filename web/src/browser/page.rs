//! The clock, waiting, a newer version, storage.

use std::rc::Rc;

use jiff::Timestamp;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::{glue, now_ms};
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

/// Waits.
pub async fn sleep_ms(ms: i32) {
    // A timer that cannot be set does not wait.
    let _ = JsFuture::from(glue::sleep(ms)).await;
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
