//! Names and identifiers, checked where they enter.

use std::borrow::Borrow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::form::limits::NAME_BYTES_MAX;

/// The name of a form, which is also the `$kind` of its records: `household_visit`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FormId(String);

impl FormId {
    /// Accepts a name as [`is_name`] describes it.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        is_name(name).then(|| Self(name.to_owned()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FormId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for FormId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for FormId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for FormId {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for FormId {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

/// A name of a form, field, group, repeat or choice list: ASCII letters, digits and `_`, starting
/// with a letter or `_`. Narrow on purpose: a name is a part of a path, of a column heading and of
/// an expression, and must need no quoting in any of them.
#[must_use]
pub fn is_name(text: &str) -> bool {
    text.len() <= NAME_BYTES_MAX
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// A code of a choice: like a name, but it may start with a digit (`01`, `2024-1`) and hold `-`
/// and `.`. It may hold neither `/` nor a space, because it stands in paths and in lists.
#[must_use]
pub fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= NAME_BYTES_MAX
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

/// True for a UUID in its canonical form: 36 characters, lower case. A row with the same UUID in
/// capitals would be another path, so only one spelling is a row.
#[must_use]
pub fn is_uuid(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(byte),
        })
}

/// The canonical form of a UUID typed in any case.
#[must_use]
pub fn canonical_uuid(text: &str) -> Option<String> {
    let lower = text.trim().to_ascii_lowercase();
    is_uuid(&lower).then_some(lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_codes_and_uuids() {
        for name in ["a", "_x", "household_visit", "b2"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "2b", "a-b", "a/b", "$kind", "thôn", "a b"] {
            assert!(!is_name(name), "{name}");
        }
        assert!(is_code("01") && is_code("qd-46.2") && !is_code("a b") && !is_code("a/b"));
        let id = "0190b5d2-7c1a-7def-8a11-0123456789ab";
        assert!(is_uuid(id) && !is_uuid(&id.to_uppercase()));
        assert_eq!(canonical_uuid(&id.to_uppercase()).as_deref(), Some(id));
        assert!(FormId::new("household").is_some_and(|form| form == "household"));
    }
}
