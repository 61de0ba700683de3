//! What the server says by itself.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{EventSource, MessageEvent};

const EVENTS: &str = "../api/v1/events";

/// An open ear; dropping it closes it. The browser itself comes back after a cut, from where it was.
pub struct Live {
    source: EventSource,
    _heard: Vec<Closure<dyn Fn(MessageEvent)>>,
}

impl Live {
    /// Listens: `act` gets the name of what was said.
    #[must_use]
    pub fn open(act: impl Fn(&'static str) + Clone + 'static) -> Option<Self> {
        let source = EventSource::new(EVENTS).ok()?;
        let mut heard = Vec::new();
        for name in ["hello", "records", "devices", "error"] {
            let act = act.clone();
            let callback = Closure::<dyn Fn(MessageEvent)>::new(move |_| act(name));
            source
                .add_event_listener_with_callback(name, callback.as_ref().unchecked_ref())
                .ok()?;
            heard.push(callback);
        }
        Some(Self {
            source,
            _heard: heard,
        })
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.source.close();
    }
}
