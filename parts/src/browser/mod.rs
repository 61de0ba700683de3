//! What every program asks the browser itself, without JavaScript of its own.

mod events;
mod page;
#[cfg(debug_assertions)]
mod panics;

pub use events::{listen, listen_detail};
pub use page::{
    apply_theme, hash, history_back, keep, kept, now_ms, replace_hash, scroll_to_top, set_hash,
    set_page_language,
};
#[cfg(debug_assertions)]
pub use panics::tell_panics;
