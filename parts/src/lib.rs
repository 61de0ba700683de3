//! What the programs for browsers are built of: pieces of a screen, words, and what is asked of the browser itself.
//!
//! In: words and values. Out: views and callbacks. It knows no record, no server and no store; the field app (`web`)
//! and the officer's desk (`desk`) each hold only what they use of it.

pub mod browser;
pub mod ui;
pub mod words;
