//! The words for every code, per language, embedded in the program.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::form::Label;

/// Languages of the table, Vietnamese first.
pub const LANGUAGES: [&str; 2] = ["vi", "en"];

type Table = BTreeMap<String, String>;

fn tables() -> &'static [(&'static str, Table); 2] {
    static TABLES: OnceLock<[(&str, Table); 2]> = OnceLock::new();
    TABLES.get_or_init(|| {
        let read = |text: &str| serde_json::from_str(text).unwrap_or_default();
        [
            ("vi", read(include_str!("../messages/vi.json"))),
            ("en", read(include_str!("../messages/en.json"))),
        ]
    })
}

/// The words for a code in one language, with `{name}` replaced by the parameter `name`. A code
/// without words gives the code itself.
#[must_use]
pub fn text(language: &str, code: &str, params: &[(&str, &str)]) -> String {
    let tables = tables();
    let table = tables
        .iter()
        .find(|(name, _)| *name == language)
        .unwrap_or(&tables[0]);
    let mut words = table.1.get(code).map_or(code, String::as_str);
    let mut out = String::with_capacity(words.len());
    // One pass, so that a brace inside a parameter is never taken for a parameter.
    while let Some((before, rest)) = words.split_once('{') {
        out.push_str(before);
        let (name, after) = rest.split_once('}').unwrap_or((rest, ""));
        let value = params.iter().find(|(key, _)| *key == name);
        out.push_str(value.map_or("", |(_, value)| value));
        words = after;
    }
    out.push_str(words);
    out
}

/// The words for a code in all languages of the table.
#[must_use]
pub fn label(code: &str, params: &[(&str, &str)]) -> Label {
    let mut label = Label::default();
    for language in LANGUAGES {
        label.insert(language, &text(language, code, params));
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::code;

    #[test]
    fn every_code_has_words_in_every_language() {
        for (language, table) in tables() {
            for code in code::ALL {
                assert!(table.contains_key(*code), "{language}: {code}");
            }
            let other = &tables().iter().find(|(name, _)| name != language).unwrap().1;
            assert!(table.keys().eq(other.keys()), "{language}");
        }
    }

    #[test]
    fn parameters_are_filled_once() {
        let words = text("en", "unknown_field", &[("field", "{field}")]);
        assert!(words.contains("{field}"), "{words}");
        assert_eq!(text("en", "no_such_code", &[]), "no_such_code");
    }
}
