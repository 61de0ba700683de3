//! The names of `glue.js` in Rust. One line each; what they do stands there.
#![allow(
    missing_docs,
    reason = "each line names a function of glue.js, where its words stand"
)]

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/browser/glue.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    pub async fn idb_open(name: &str, shelves: &Array) -> Result<JsValue, JsValue>;
    pub fn idb_close(database: &JsValue);
    #[wasm_bindgen(catch)]
    pub async fn idb_delete(name: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub async fn idb_get(database: &JsValue, shelf: &str, keys: &Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub async fn idb_all(database: &JsValue, shelf: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub async fn idb_write(database: &JsValue, puts: &Array) -> Result<JsValue, JsValue>;
    pub async fn hold_lock(name: &str, steal: bool) -> JsValue;
    #[wasm_bindgen(catch)]
    pub async fn persist() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub async fn storage_estimate() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub async fn post(
        url: &str,
        headers: &JsValue,
        body: &JsValue,
        timeout_ms: f64,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub async fn next_chunk(reader: &JsValue, timeout_ms: f64) -> Result<JsValue, JsValue>;
    pub fn sleep(ms: i32) -> js_sys::Promise;
    pub fn activate_update();
    #[wasm_bindgen(catch, js_name = "where")]
    pub async fn where_am_i() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub async fn hand_over(name: &str, kind: &str, bytes: &Uint8Array) -> Result<JsValue, JsValue>;
    pub fn can_scan() -> bool;
    #[wasm_bindgen(catch)]
    pub async fn scan(video: &JsValue) -> Result<JsValue, JsValue>;
}

/// Makes a change of the JavaScript alone a change of this crate.
const _: &str = include_str!("glue.js");

/// The name of a JavaScript error; its text if it has no name.
#[must_use]
pub fn error_name(error: &JsValue) -> String {
    let name = Reflect::get(error, &JsValue::from_str("name"));
    let name = name.ok().and_then(|name| name.as_string());
    name.unwrap_or_else(|| String::from(js_sys::Object::from(error.clone()).to_string()))
}
