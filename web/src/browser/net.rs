//! `fetch`, as the register's way to the server.

use js_sys::{Object, Reflect, Uint8Array};
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::glue;
use crate::phone::{Chunks, Net, NetError, Reply};
use crate::rows::Answer;

/// Relative: the app works under any path.
const SYNC: &str = "api/v1/sync";
const ENROLL: &str = "api/v1/enroll";
/// Frames in CBOR, after one another.
const FRAMES: &str = "application/vnd.soban.frames";
/// Silence for longer than this is a dead link.
const SILENCE_MS: f64 = 60_000.0;

/// The server this app came from.
#[derive(Debug, Clone, Copy)]
pub struct FetchNet;

impl Net for FetchNet {
    fn enroll(&self, request: Value) -> Answer<'_, Result<Value, NetError>> {
        Box::pin(async move {
            let body = JsValue::from_str(&request.to_string());
            let response = post(ENROLL, &[("content-type", "application/json")], &body).await?;
            let text = text_of(&response).await?;
            let json: Option<Value> = serde_json::from_str(&text).ok();
            match (response.ok(), json) {
                (true, Some(answer)) => Ok(answer),
                (_, answer) => Err(refused(&response, answer.unwrap_or_default())),
            }
        })
    }

    fn sync(&self, token: String, frames: Vec<u8>) -> Answer<'_, Result<Reply, NetError>> {
        Box::pin(async move {
            let bearer = format!("Bearer {token}");
            let headers = [("content-type", FRAMES), ("authorization", bearer.as_str())];
            let response = post(SYNC, &headers, &Uint8Array::from(frames.as_slice()).into()).await?;
            if response.status() != 200 {
                let text = text_of(&response).await.unwrap_or_default();
                return Err(refused(
                    &response,
                    serde_json::from_str(&text).unwrap_or_default(),
                ));
            }
            Ok(Box::new(Body {
                reader: response
                    .body()
                    .map_or(JsValue::NULL, |body| body.get_reader().into()),
            }) as Reply)
        })
    }
}

struct Body {
    reader: JsValue,
}

impl Chunks for Body {
    fn next(&mut self) -> Answer<'_, Result<Option<Vec<u8>>, NetError>> {
        Box::pin(async move {
            if self.reader.is_null() {
                return Ok(None);
            }
            let bytes = glue::next_chunk(&self.reader, SILENCE_MS)
                .await
                .map_err(|error| NetError::Cut(glue::error_name(&error)))?;
            Ok(bytes.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec))
        })
    }
}

async fn post(url: &str, headers: &[(&str, &str)], body: &JsValue) -> Result<web_sys::Response, NetError> {
    let all = Object::new();
    for (name, value) in headers {
        // Setting a field of a fresh object cannot fail.
        let _ = Reflect::set(&all, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    let response = glue::post(url, &all, body, SILENCE_MS).await;
    let response = response.map_err(|error| NetError::Unreachable(glue::error_name(&error)))?;
    response
        .dyn_into()
        .map_err(|_| NetError::NotOurs("no response".to_owned()))
}

async fn text_of(response: &web_sys::Response) -> Result<String, NetError> {
    let cut = |error: JsValue| NetError::Cut(glue::error_name(&error));
    let text = JsFuture::from(response.text().map_err(cut)?).await.map_err(cut)?;
    Ok(text.as_string().unwrap_or_default())
}

/// The problem the server names, whatever else its answer is.
fn refused(response: &web_sys::Response, problem: Value) -> NetError {
    let word = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
    match word("code") {
        code if code.is_empty() => NetError::NotOurs(response.status().to_string()),
        code => NetError::Refused {
            code,
            message: word("title"),
            hint: word("hint"),
        },
    }
}
