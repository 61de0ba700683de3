//! Everything that touches the browser itself, beside what every program asks it (`parts::browser`).

mod keys;
mod live;
mod net;

pub use keys::{Key, listen_keys};
pub use live::Live;
pub use net::{Content, Reply, ask};
#[cfg(debug_assertions)]
pub use parts::browser::tell_panics;
pub use parts::browser::{
    apply_theme, hash, keep, kept, listen, now_ms, replace_hash, set_hash, set_page_language,
};

/// The whole address of something beside the desk, for people to copy.
#[must_use]
pub fn address_of(relative: &str) -> String {
    let base = web_sys::window().and_then(|window| window.location().href().ok());
    let base = base.unwrap_or_default();
    let base = base.split(['#', '?']).next().unwrap_or_default();
    // The desk lies in a folder of its own; what is beside it lies one up.
    let folder = base.rsplit_once('/').map_or(base, |(folder, _)| folder);
    let up = folder.rsplit_once('/').map_or(folder, |(up, _)| up);
    format!("{up}/{relative}")
}

/// Puts the page on paper.
pub fn print() {
    if let Some(window) = web_sys::window() {
        // A browser that cannot print leaves the page as it is.
        let _ = window.print();
    }
}

/// Today, in the register's time.
#[must_use]
pub fn today() -> jiff::civil::Date {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds since 1970 fit for 300,000 years"
    )]
    let now = jiff::Timestamp::from_millisecond(now_ms() as i64).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    parts::words::today(now)
}

/// True while somebody types: the focus is in a field inside what this selector finds.
#[must_use]
pub fn types_in(selector: &str) -> bool {
    let active = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.active_element());
    active.is_some_and(|element| {
        let field = matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT");
        field && element.closest(selector).ok().flatten().is_some()
    })
}
