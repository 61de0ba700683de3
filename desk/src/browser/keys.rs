//! The keyboard, where no field has the focus.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::KeyboardEvent;

/// A key that was pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its name, as `j` or `Enter`.
    pub name: String,
}

/// Listens on the whole page as long as the guard lives. Keys that somebody types into a field, that go to an open
/// dialog, or that come with Ctrl, Alt or Meta are not heard.
#[must_use]
pub fn listen_keys(act: impl Fn(Key) -> bool + 'static) -> KeyGuard {
    let callback = Closure::<dyn Fn(KeyboardEvent)>::new(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() || is_taken(&event) {
            return;
        }
        if act(Key { name: event.key() }) {
            event.prevent_default();
        }
    });
    if let Some(window) = web_sys::window() {
        let _ = window.add_event_listener_with_callback("keydown", callback.as_ref().unchecked_ref());
    }
    KeyGuard { callback }
}

/// Whether the key belongs to what has the focus.
fn is_taken(event: &KeyboardEvent) -> bool {
    let Some(element) = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
    else {
        return false;
    };
    let field = "input:not([type=checkbox]):not([type=radio]), textarea, select, dialog";
    let pressed = "button, a, summary";
    let inside = |selector: &str| element.closest(selector).ok().flatten().is_some();
    inside(field) || (matches!(event.key().as_str(), "Enter" | " ") && inside(pressed))
}

/// Listens until it is dropped.
pub struct KeyGuard {
    callback: Closure<dyn Fn(KeyboardEvent)>,
}

impl Drop for KeyGuard {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            let _ =
                window.remove_event_listener_with_callback("keydown", self.callback.as_ref().unchecked_ref());
        }
    }
}
