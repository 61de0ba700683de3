//! What an OData client says in addresses and heads, and the heads it is answered with.

use axum::Json;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use sync_core::id::RecordId;

use crate::app::App;
use crate::odata::OdataError;

/// The head that says the version.
pub(super) const VERSION: HeaderName = HeaderName::from_static("odata-version");
const JSON: &str = "application/json;odata.metadata=minimal;odata.streaming=false;IEEE754Compatible=false";
/// Rows of a page.
pub(super) const ROWS: usize = 1_000;

/// A text as it stands in an address.
pub(super) fn escaped(text: &str) -> String {
    let letter = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(letter).collect()
}

/// Name of a set and id of one row: `household('id')`.
pub(super) fn key(text: &str) -> Result<(String, Option<RecordId>), OdataError> {
    let unknown = || OdataError::Unknown(text.chars().take(80).collect());
    let Some((name, rest)) = text.split_once('(') else {
        return Ok((text.to_owned(), None));
    };
    let id = rest.strip_suffix(')').ok_or_else(unknown)?;
    let id = id.strip_prefix("__id=").unwrap_or(id);
    let id = id
        .strip_prefix('\'')
        .and_then(|id| id.strip_suffix('\''))
        .ok_or_else(unknown)?;
    // Rows of a repeat have another key.
    let id = id
        .parse()
        .ok()
        .filter(|_| !name.contains("__"))
        .ok_or_else(unknown)?;
    Ok((name.to_owned(), Some(id)))
}

/// Rows of a page: fewer where the client prefers so.
pub(super) fn page_rows(headers: &HeaderMap) -> usize {
    let prefers = headers
        .get_all("prefer")
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut sizes = prefers
        .flat_map(|line| line.split([',', ';']))
        .filter_map(|part| {
            let part = part.trim();
            let size = part
                .strip_prefix("odata.maxpagesize=")
                .or_else(|| part.strip_prefix("maxpagesize="))?;
            size.trim_matches('"').parse::<usize>().ok()
        });
    sizes.next().map_or(ROWS, |size| size.clamp(1, ROWS))
}

/// The address of the feed, as the client reached it.
pub(super) fn base(app: &App, headers: &HeaderMap) -> String {
    let http = &app.config.http;
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let root = host.map_or_else(
        || http.public_url.clone(),
        |host| {
            format!(
                "{}://{host}{}",
                if http.is_secure() { "https" } else { "http" },
                http.base_path
            )
        },
    );
    format!("{root}/api/v1/odata")
}

pub(super) fn json(body: &Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(JSON)),
        (VERSION, HeaderValue::from_static("4.0")),
    ];
    (headers, Json(body)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_is_named_by_its_id() {
        let id = "0190b5d2-7c1a-7def-8a11-0123456789ab";
        assert_eq!(
            key("household").map_err(|_| ()),
            Ok(("household".to_owned(), None))
        );
        for text in [format!("household('{id}')"), format!("household(__id='{id}')")] {
            assert_eq!(
                key(&text).map_err(|_| ()),
                Ok(("household".to_owned(), id.parse().ok()))
            );
        }
        for text in [
            "household(",
            "household()",
            "household('x')",
            "household__members('0190b5d2-7c1a-7def-8a11-0123456789ab')",
        ] {
            assert!(key(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_client_may_prefer_small_pages() {
        let mut headers = HeaderMap::new();
        assert_eq!(page_rows(&headers), ROWS);
        headers.insert(
            "prefer",
            HeaderValue::from_static("odata.maxpagesize=50, return=minimal"),
        );
        assert_eq!(page_rows(&headers), 50);
        headers.insert("prefer", HeaderValue::from_static("maxpagesize=0"));
        assert_eq!(page_rows(&headers), 1);
    }
}
