//! Everything that touches the browser itself. Nothing else calls JavaScript.

mod events;
mod files;
pub mod glue;
mod hold;
mod net;
mod page;
#[cfg(debug_assertions)]
mod panics;
mod place;

pub use events::{listen, listen_detail};
pub use files::{hand_over, picked_file};
pub use hold::Hold;
pub use net::FetchNet;
pub use page::{
    apply_theme, clock, hash, history_back, keep, kept, now_ms, reload_for_update, replace_hash,
    scroll_to_top, set_hash, set_page_language, sleep_ms, storage_estimate, update_waits, wants_persistence,
};
#[cfg(debug_assertions)]
pub use panics::tell_panics;
pub use place::{can_scan, locate, scan};
