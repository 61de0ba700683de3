//! Which of the forms of a file a browser gets, and whether it has it already.

use axum::http::HeaderValue;

use super::File;

/// The smallest form that the browser can unpack, and what that form is called; nothing for the bytes as they are.
pub(super) fn choose(file: &File, accepted: Option<&HeaderValue>) -> (&'static [u8], Option<&'static str>) {
    let header = accepted.and_then(|value| value.to_str().ok()).unwrap_or_default();
    match (file.brotli, file.gzip) {
        (Some(bytes), _) if accepts(header, "br") => (bytes, Some("br")),
        (_, Some(bytes)) if accepts(header, "gzip") => (bytes, Some("gzip")),
        _ => (file.plain, None),
    }
}

/// Whether the header names the coding, or any, without refusing it by a weight of nothing.
fn accepts(header: &str, coding: &str) -> bool {
    let weight_of = |wanted: &str| {
        header.split(',').find_map(|part| {
            let mut words = part.split(';').map(str::trim);
            let named = words.next().is_some_and(|name| name.eq_ignore_ascii_case(wanted));
            let weight = words.find_map(|word| word.strip_prefix("q=").or(word.strip_prefix("Q=")));
            named.then(|| weight.map_or(1.0, |weight| weight.parse::<f32>().unwrap_or(0.0)))
        })
    };
    weight_of(coding)
        .or_else(|| weight_of("*"))
        .is_some_and(|weight| weight > 0.0)
}

/// Whether the browser says that it has these bytes. A proxy may have marked the tag as weak on its way.
pub(super) fn has(if_none_match: Option<&HeaderValue>, tag: &str) -> bool {
    let header = if_none_match
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    header
        .split(',')
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: File = File {
        path: "app/a.js",
        digest: "d",
        plain: b"plain",
        brotli: Some(b"br"),
        gzip: Some(b"gz"),
    };

    fn coding(file: &File, header: &'static str) -> Option<&'static str> {
        choose(file, Some(&HeaderValue::from_static(header))).1
    }

    #[test]
    fn the_smallest_form_that_is_understood() {
        assert_eq!(coding(&FILE, "gzip, deflate, br, zstd"), Some("br"));
        assert_eq!(coding(&FILE, "gzip, deflate"), Some("gzip"));
        assert_eq!(coding(&FILE, "br;q=0, GZIP;q=0.5"), Some("gzip"));
        assert_eq!(coding(&FILE, "*"), Some("br"));
        assert_eq!(coding(&FILE, "*;q=0.1, br;q=0"), Some("gzip"));
        assert_eq!(coding(&FILE, "identity"), None);
        assert_eq!(coding(&FILE, "*;q=0"), None);
        assert_eq!(choose(&FILE, None), (&b"plain"[..], None));
        let picture = File {
            brotli: None,
            gzip: None,
            ..FILE
        };
        assert_eq!(coding(&picture, "br, gzip"), None);
    }

    #[test]
    fn what_the_browser_has_is_known_by_its_tag() {
        let known = |header: &'static str| has(Some(&HeaderValue::from_static(header)), "\"d-br\"");
        assert!(known("\"d-br\"") && known("\"x\", W/\"d-br\"") && known("*"));
        assert!(!known("\"d\"") && !known("\"d-gzip\"") && !has(None, "\"d-br\""));
    }
}
