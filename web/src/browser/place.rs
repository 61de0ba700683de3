//! Where the phone is, and what its camera reads.

use js_sys::Array;
use wasm_bindgen::JsValue;

use super::glue;
use crate::fill::Point;
use crate::words::t;

/// Where the phone is, or words why not.
///
/// # Errors
/// In words: the person said no, there is no such sensor, or it took too long.
pub async fn locate() -> Result<Point, String> {
    let place = glue::where_am_i().await.map_err(|error| {
        let key = match glue::error_name(&error).as_str() {
            "NotAllowedError" => "record.place_refused",
            "TimeoutError" => "record.place_slow",
            _ => "record.place_missing",
        };
        t(key, &[])
    })?;
    let place = Array::from(&place);
    let at = |index| place.get(index).as_f64();
    Ok(Point {
        lat: at(0).unwrap_or_default(),
        lon: at(1).unwrap_or_default(),
        altitude: at(2),
        accuracy: at(3),
    })
}

/// True if the browser reads QR codes itself.
#[must_use]
pub fn can_scan() -> bool {
    glue::can_scan()
}

/// The text of a QR code in front of the camera, shown in `video`; none if the person stopped.
///
/// # Errors
/// The name of what went wrong: no camera, or not allowed.
pub async fn scan(video: &JsValue) -> Result<Option<String>, String> {
    let text = glue::scan(video)
        .await
        .map_err(|error| glue::error_name(&error))?;
    Ok(text.as_string())
}
