//! Words for people, by code and language; Vietnamese first. The words stand in
//! `server/messages/*.json`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

/// A language the server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Tiếng Việt.
    #[default]
    Vi,
    /// English.
    En,
}

impl Lang {
    /// The language of that two-letter name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "vi" => Some(Self::Vi),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The two-letter name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    /// The first language of an `Accept-Language` header that the server speaks.
    #[must_use]
    pub fn accepted(header: &str) -> Self {
        let wanted = header.split(',').filter_map(|part| part.trim().get(..2));
        wanted
            .filter_map(|name| Self::from_name(&name.to_ascii_lowercase()))
            .next()
            .unwrap_or_default()
    }
}

/// What happened and what to do about it.
#[derive(Debug, Clone, Deserialize)]
struct ProblemWords {
    title: String,
    hint: String,
}

#[derive(Debug, Deserialize)]
struct Table {
    problems: BTreeMap<String, ProblemWords>,
    words: BTreeMap<String, String>,
    reports: BTreeMap<String, String>,
}

fn table(lang: Lang) -> &'static Table {
    static VI: OnceLock<Table> = OnceLock::new();
    static EN: OnceLock<Table> = OnceLock::new();
    let (cell, json) = match lang {
        Lang::Vi => (&VI, include_str!("../messages/vi.json")),
        Lang::En => (&EN, include_str!("../messages/en.json")),
    };
    cell.get_or_init(|| serde_json::from_str(json).expect("the message tables are checked by a test"))
}

/// Title and hint of a problem, with `{name}` replaced by the values given.
#[must_use]
pub fn problem(lang: Lang, code: &str, values: &[(&'static str, String)]) -> (String, String) {
    table(lang).problems.get(code).map_or_else(
        || (code.to_owned(), String::new()),
        |words| (fill(&words.title, values), fill(&words.hint, values)),
    )
}

/// A sentence for the terminal, with `{name}` replaced by the values given.
#[must_use]
pub fn words(lang: Lang, key: &str, values: &[(&'static str, String)]) -> String {
    table(lang)
        .words
        .get(key)
        .map_or_else(|| key.to_owned(), |text| fill(text, values))
}

/// The words of a report, with `{name}` replaced by the values given.
#[must_use]
pub fn report(lang: Lang, code: &str, values: &[(&'static str, String)]) -> String {
    table(lang)
        .reports
        .get(code)
        .map_or_else(|| code.to_owned(), |text| fill(text, values))
}

/// The help text of a command or argument, if there is one in this language.
#[must_use]
pub fn help(lang: Lang, key: &str) -> Option<&'static str> {
    table(lang).words.get(key).map(String::as_str)
}

fn fill(text: &str, values: &[(&'static str, String)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{name}}}"), value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Code;

    #[test]
    fn every_problem_has_its_words_in_both_languages() {
        for lang in [Lang::Vi, Lang::En] {
            for code in Code::ALL {
                let words = table(lang).problems.get(code.name());
                let words =
                    words.unwrap_or_else(|| panic!("{} has no words in {}", code.name(), lang.name()));
                assert!(
                    !words.title.is_empty() && !words.hint.is_empty(),
                    "{}",
                    code.name()
                );
                assert!(
                    !words.title.contains('!') && !words.hint.contains('!'),
                    "{}: no exclamation",
                    code.name()
                );
            }
            let known = |name: &String| Code::ALL.iter().any(|code| code.name() == name);
            let stray: Vec<_> = table(lang).problems.keys().filter(|name| !known(name)).collect();
            assert!(stray.is_empty(), "words without a problem: {stray:?}");
        }
        let keys = |lang| table(lang).words.keys().collect::<Vec<_>>();
        assert_eq!(keys(Lang::Vi), keys(Lang::En));
        let reports = |lang| table(lang).reports.keys().collect::<Vec<_>>();
        assert_eq!(reports(Lang::Vi), reports(Lang::En));
    }

    #[test]
    fn the_first_language_we_speak_is_taken() {
        assert_eq!(Lang::accepted("fr-FR, en;q=0.8, vi;q=0.5"), Lang::En);
        assert_eq!(Lang::accepted("hmn"), Lang::Vi);
        assert_eq!(Lang::accepted(""), Lang::Vi);
    }
}
