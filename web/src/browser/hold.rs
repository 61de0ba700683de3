//! One tab at a time works with a vault.

use wasm_bindgen::{JsCast, JsValue};

use super::glue;

/// This tab has the vault, until it is dropped or another tab takes over.
pub struct Hold {
    release: JsValue,
}

impl Hold {
    /// Takes the vault of this name; none if another tab has it and is not to be disturbed.
    pub async fn take(name: &str, take_over: bool) -> Option<Self> {
        let release = glue::hold_lock(name, take_over).await;
        (!release.is_null()).then_some(Self { release })
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        if let Some(release) = self.release.dyn_ref::<js_sys::Function>() {
            // Releasing what is released already does nothing.
            let _ = release.call0(&JsValue::NULL);
        }
    }
}
