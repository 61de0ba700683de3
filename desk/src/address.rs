//! Addresses: what stands after `#`, and what stands after `?` in a request. Pure.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Where somebody is: the parts of a path and what is asked for there, as in `#records/list?state=received`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The parts of the path.
    pub path: Vec<String>,
    /// What is asked for.
    pub query: BTreeMap<String, String>,
}

impl Place {
    /// A place without questions.
    #[must_use]
    pub fn of(path: &[&str]) -> Self {
        Self {
            path: path.iter().map(|part| (*part).to_owned()).collect(),
            query: BTreeMap::new(),
        }
    }

    /// The place that stands after `#`.
    #[must_use]
    pub fn from_hash(hash: &str) -> Self {
        let hash = hash.trim_start_matches(['#', '/']);
        let (path, query) = hash.split_once('?').unwrap_or((hash, ""));
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        Self {
            path: path
                .split('/')
                .filter(|part| !part.is_empty())
                .map(decode)
                .collect(),
            query: pairs.map(|(name, value)| (decode(name), decode(value))).collect(),
        }
    }

    /// What stands after `#`.
    #[must_use]
    pub fn hash(&self) -> String {
        let path: Vec<String> = self.path.iter().map(|part| encode(part)).collect();
        let pairs: Vec<(&str, &str)> = self
            .query
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        asked(&path.join("/"), &pairs)
    }

    /// For a link.
    #[must_use]
    pub fn href(&self) -> String {
        format!("#{}", self.hash())
    }

    /// A part of the path; empty if there is none.
    #[must_use]
    pub fn part(&self, at: usize) -> &str {
        self.path.get(at).map_or("", String::as_str)
    }

    /// What is asked for under a name; empty if nothing.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }

    /// The same place with another answer to a question; an empty one takes it away.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        if value.is_empty() {
            self.query.remove(name);
        } else {
            self.query.insert(name.to_owned(), value.to_owned());
        }
        self
    }
}

/// A path with what is asked; empty values are left out.
#[must_use]
pub fn asked(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut out = path.to_owned();
    let mut mark = '?';
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        out.push(mark);
        out.push_str(&encode(name));
        out.push('=');
        out.push_str(&encode(value));
        mark = '&';
    }
    out
}

/// Text as a part of an address.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = text.get(at + 1..at + 3);
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if bytes[at] == b'%' => {
                out.push(byte);
                at += 3;
            }
            _ => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_comes_back_from_its_address() {
        let place = Place::of(&["records", "Sùng A/1"])
            .with("q", "hộ & bản?=#")
            .with("unit", "");
        assert_eq!(Place::from_hash(&place.href()), place);
        assert_eq!(place.part(1), "Sùng A/1");
        assert_eq!((place.get("q"), place.get("unit")), ("hộ & bản?=#", ""));
        assert_eq!(place.clone().with("q", "").hash(), "records/S%C3%B9ng%20A%2F1");
        assert_eq!(Place::from_hash(""), Place::default());
        assert_eq!(Place::from_hash("#queue/100%").part(1), "100%");
    }

    #[test]
    fn only_what_is_said_is_asked() {
        assert_eq!(
            asked("queue", &[("kind", "conflict"), ("unit", "")]),
            "queue?kind=conflict"
        );
        assert_eq!(asked("audit", &[]), "audit");
    }
}
