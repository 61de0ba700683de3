//! The officer's desk: one page of merged truth, and decisions that travel back (`docs/ARCHITECTURE.md`).
//!
//! In: what the server answers an officer who signed in, and what that officer types. Out: requests to the server,
//! over the same API that everybody may use. It keeps no record, merges nothing and holds no key; what a record says
//! is drawn by its form (`schemas`).

pub mod address;
pub mod answers;
pub mod api;
pub mod app;
pub mod browser;
pub mod pieces;
pub mod screens;
pub mod words;

/// Runs when the module has loaded; `desk-start.js` has drawn everything before.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn start() {
    screens::start();
}
