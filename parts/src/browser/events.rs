//! What the page hears: network back, seen again, lock lost, update waiting.

use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CustomEvent, Event};

/// Calls `act` at every event of this name on the window (on the document for what happens there), as
/// long as the page lives.
pub fn listen(name: &str, act: impl Fn() + 'static) {
    listen_event(name, move |_| act());
}

/// The same, with the text an event of our own carries.
pub fn listen_detail(name: &str, act: impl Fn(String) + 'static) {
    listen_event(name, move |event| {
        let detail = event
            .dyn_ref::<CustomEvent>()
            .map_or(JsValue::NULL, CustomEvent::detail);
        act(detail.as_string().unwrap_or_default());
    });
}

fn listen_event(name: &str, act: impl Fn(Event) + 'static) {
    let Some(window) = web_sys::window() else { return };
    let act = Closure::<dyn Fn(Event)>::new(act);
    let callback = act.as_ref().unchecked_ref();
    let _ = match (name, window.document()) {
        ("visibilitychange", Some(document)) => document.add_event_listener_with_callback(name, callback),
        _ => window.add_event_listener_with_callback(name, callback),
    };
    // The page listens until it goes.
    act.forget();
}
