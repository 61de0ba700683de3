//! Files out and in: the share sheet or a download, and a file picked by hand.

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, HtmlInputElement};

use super::glue;

/// The kind of a bundle file.
const BUNDLE: &str = "application/octet-stream";

/// Hands a file over: the share sheet where it takes files, else a download. False if the person
/// stopped.
pub async fn hand_over(name: &str, bytes: &[u8]) -> bool {
    let shared = glue::hand_over(name, BUNDLE, &Uint8Array::from(bytes)).await;
    shared.unwrap_or(JsValue::FALSE).is_truthy()
}

/// The bytes of the file that was picked in the input an event comes from. The input is emptied, so that the
/// same file can be picked again.
pub async fn picked_file(event: Event) -> Option<Vec<u8>> {
    let input: HtmlInputElement = event.target()?.dyn_into().ok()?;
    let file = input.files()?.get(0)?;
    let bytes = JsFuture::from(file.array_buffer()).await.ok();
    input.set_value("");
    Some(Uint8Array::new(&bytes?).to_vec())
}
