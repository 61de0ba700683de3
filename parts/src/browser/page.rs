//! The page: address, time, small settings.

/// The machine's time, milliseconds since 1970.
#[must_use]
pub fn now_ms() -> f64 {
    js_sys::Date::now()
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
