//! The field app: an offline register in a browser, behind a PIN (`docs/design/0004-field-app.md`).
//!
//! In: what a person types, and what the server sends. Out: sealed rows in the browser's database and
//! envelopes to the server. It decides nothing about merging, rights or forms; `sync-core` and
//! `schemas` do, the same code as on the server.

pub mod app;
pub mod browser;
pub mod fill;
pub mod phone;
pub mod rows;
pub mod said;
pub mod screens;
pub mod vault;
pub mod words;

pub use parts::ui;

/// Runs when the module has loaded; `start.js` has drawn everything before.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn start() {
    screens::start();
}
