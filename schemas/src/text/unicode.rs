//! Normal forms of Unicode. Natively from the library's tables; in a browser from the browser itself, which spares
//! every phone fifty kilobytes. Both follow the same standard, and normal forms of assigned characters never change
//! (UAX #15, stability).

/// The text in Unicode NFC: the only form in which text is stored.
#[must_use]
pub fn nfc(text: &str) -> String {
    if text.chars().all(composed) {
        text.to_owned()
    } else {
        tables::nfc(text)
    }
}

/// The text in NFD.
pub(super) fn nfd(text: &str) -> String {
    if text.is_ascii() {
        text.to_owned()
    } else {
        tables::nfd(text)
    }
}

/// The text in NFD without its combining marks.
pub(super) fn without_marks(text: &str) -> String {
    if text.is_ascii() {
        text.to_owned()
    } else {
        tables::without_marks(text)
    }
}

/// Characters that NFC leaves as they are whatever stands beside them, and of which Vietnamese is written.
fn composed(c: char) -> bool {
    c < '\u{300}' || ('\u{1ea0}'..='\u{1ef9}').contains(&c)
}

#[cfg(not(target_arch = "wasm32"))]
mod tables {
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::char::is_combining_mark;

    pub(super) fn nfc(text: &str) -> String {
        text.nfc().collect()
    }

    pub(super) fn nfd(text: &str) -> String {
        text.nfd().collect()
    }

    pub(super) fn without_marks(text: &str) -> String {
        text.nfd().filter(|c| !is_combining_mark(*c)).collect()
    }
}

#[cfg(target_arch = "wasm32")]
mod tables {
    use js_sys::{JsString, RegExp};

    pub(super) fn nfc(text: &str) -> String {
        JsString::from(text).normalize("NFC").into()
    }

    pub(super) fn nfd(text: &str) -> String {
        JsString::from(text).normalize("NFD").into()
    }

    pub(super) fn without_marks(text: &str) -> String {
        let marks = RegExp::new("\\p{M}", "gu");
        JsString::from(text)
            .normalize("NFD")
            .replace_by_pattern(&marks, "")
            .into()
    }
}
