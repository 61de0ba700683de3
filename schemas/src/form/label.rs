//! Words that people read, per language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One text in several languages, by language code (`vi`, `en`, `hmn`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Label(BTreeMap<String, String>);

impl Label {
    /// A label in one language.
    #[must_use]
    pub fn one(language: &str, text: &str) -> Self {
        let mut label = Self::default();
        label.insert(language, text);
        label
    }

    /// Adds or replaces the text of one language.
    pub fn insert(&mut self, language: &str, text: &str) {
        self.0.insert(language.to_owned(), text.to_owned());
    }

    /// The text in this language; where there is none, Vietnamese, then any: a word in another
    /// language helps more than an empty line. Empty only when there is no text at all.
    #[must_use]
    pub fn get(&self, language: &str) -> &str {
        let found = [language, "vi"].iter().find_map(|code| self.0.get(*code));
        found
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }

    /// True when the label has a text in exactly this language.
    #[must_use]
    pub fn has(&self, language: &str) -> bool {
        self.0.get(language).is_some_and(|text| !text.is_empty())
    }

    /// True when there is no text at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All texts in order of language code.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(code, text)| (code.as_str(), text.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falls_back_to_vietnamese_then_to_any() {
        let mut label = Label::one("en", "Village");
        assert_eq!(label.get("hmn"), "Village");
        label.insert("vi", "Thôn");
        assert_eq!((label.get("hmn"), label.get("en")), ("Thôn", "Village"));
        assert_eq!(Label::default().get("vi"), "");
        assert!(label.has("vi") && !label.has("hmn"));
    }
}
