//! Everything that touches the browser itself. Nothing else calls JavaScript.

mod files;
pub mod glue;
mod hold;
mod net;
mod page;
mod place;

pub use files::{hand_over, picked_file};
pub use hold::Hold;
pub use net::FetchNet;
pub use page::{clock, reload_for_update, sleep_ms, storage_estimate, update_waits, wants_persistence};
#[cfg(debug_assertions)]
pub use parts::browser::tell_panics;
pub use parts::browser::{
    apply_theme, hash, history_back, keep, kept, listen, listen_detail, now_ms, replace_hash, scroll_to_top,
    set_hash, set_page_language,
};
pub use place::{can_scan, locate, scan};
