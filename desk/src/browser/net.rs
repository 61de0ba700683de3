//! `fetch`: one request, one answer.

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

/// Relative to the desk's page, which lies in a folder of its own.
const API: &str = "../api/v1/";

/// What is sent.
#[derive(Debug, Clone)]
pub enum Content {
    /// Nothing.
    Nothing,
    /// JSON.
    Json(String),
    /// A file as it is.
    Bytes(Vec<u8>),
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The text of the body.
    pub text: String,
}

/// Sends a request below `api/v1/`; the session's cookie goes with it.
///
/// # Errors
/// When no answer came.
pub async fn ask(method: &str, path: &str, content: Content, language: &str) -> Result<Reply, ()> {
    let init = RequestInit::new();
    init.set_method(method);
    init.set_cache(web_sys::RequestCache::NoStore);
    let headers = Headers::new().map_err(drop)?;
    headers.set("accept-language", language).map_err(drop)?;
    match content {
        Content::Nothing => {}
        Content::Json(text) => {
            headers.set("content-type", "application/json").map_err(drop)?;
            init.set_body(&JsValue::from_str(&text));
        }
        Content::Bytes(bytes) => {
            headers
                .set("content-type", "application/octet-stream")
                .map_err(drop)?;
            init.set_body(&Uint8Array::from(bytes.as_slice()).into());
        }
    }
    init.set_headers(&headers);
    let window = web_sys::window().ok_or(())?;
    let answer = JsFuture::from(window.fetch_with_str_and_init(&format!("{API}{path}"), &init));
    let response: Response = answer.await.map_err(drop)?.dyn_into().map_err(drop)?;
    let text = JsFuture::from(response.text().map_err(drop)?)
        .await
        .map_err(drop)?;
    Ok(Reply {
        status: response.status(),
        text: text.as_string().unwrap_or_default(),
    })
}
