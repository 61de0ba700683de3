//! Every word that the app shows, in the language that is chosen now.
//!
//! Words live in `web/locales/{vi,en}/<room>.json`; nested keys are flattened to `room.key.sub`, and
//! `{name}` is replaced by the parameter `name`. A closure that calls [`t`] is drawn again when the
//! language changes. Numbers, days and money are written the Vietnamese way in both languages,
//! because the papers beside the phone are: [`mod@format`].

pub mod format;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use leptos::prelude::{ArcRwSignal, Get, GetUntracked, Set};
use leptos::reactive::graph::Observer;
use schemas::form::Label;
use serde_json::Value;

pub use self::format::{
    bytes, clock, count, date, date_time, day, moment, money, number, read_date, read_time, today, when,
};

/// The words of one room: its name, Vietnamese, English.
type Room = (&'static str, &'static str, &'static str);

macro_rules! rooms {
    ($($name:literal),* $(,)?) => {
        [$((
            $name,
            include_str!(concat!("../locales/vi/", $name, ".json")),
            include_str!(concat!("../locales/en/", $name, ".json")),
        )),*]
    };
}

/// A room with words is one name here and one file per language.
const ROOMS: &[Room] = &rooms![
    "ui",
    "fill",
    "lock",
    "settings",
    "sync",
    "error",
    "fair",
    "home",
    "households",
    "household",
    "visit",
    "record"
];

type Table = BTreeMap<String, String>;

/// The languages of the app.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    /// Tiếng Việt.
    #[default]
    Vi,
    /// English.
    En,
}

impl Language {
    /// The code that forms, findings and the `lang` attribute use.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    /// The language with this code; Vietnamese for any other.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        if code == "en" { Self::En } else { Self::Vi }
    }
}

thread_local! {
    /// One page has one language. It is not kept in a component's context, because event handlers
    /// and tasks, which have no component around them, say words too.
    static CHOSEN: ArcRwSignal<Language> = ArcRwSignal::new(Language::default());
}

/// The language that is chosen now; tracked where signals are.
#[must_use]
pub fn language() -> Language {
    let watched = Observer::get().is_some();
    CHOSEN.with(|chosen| {
        if watched {
            chosen.get()
        } else {
            chosen.get_untracked()
        }
    })
}

/// Chooses a language; everything on screen follows.
pub fn set_language(language: Language) {
    CHOSEN.with(|chosen| chosen.set(language));
}

/// The words of a key with their parameters. A key without words shows itself.
#[must_use]
pub fn t(key: &str, params: &[(&str, &str)]) -> String {
    text(language(), key, params)
}

/// [`t`] without parameters, as the closure that a text property of a component takes.
pub fn say(key: &'static str) -> impl Fn() -> String + Copy + Send + Sync + 'static {
    move || t(key, &[])
}

/// A form's own words in the language that is chosen now.
#[must_use]
pub fn label(label: &Label) -> String {
    label.get(language().code()).to_owned()
}

/// The words of a key in a given language.
#[must_use]
pub fn text(language: Language, key: &str, params: &[(&str, &str)]) -> String {
    let table = match language {
        Language::Vi => &*VI,
        Language::En => &*EN,
    };
    fill(table.get(key).map_or(key, String::as_str), params)
}

static VI: LazyLock<Table> = LazyLock::new(|| read(|room| room.1));
static EN: LazyLock<Table> = LazyLock::new(|| read(|room| room.2));

/// Replaces the placeholders in one pass, so that a brace inside a parameter stays a brace.
fn fill(mut words: &str, params: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(words.len());
    while let Some((before, rest)) = words.split_once('{') {
        let (name, after) = rest.split_once('}').unwrap_or((rest, ""));
        out.push_str(before);
        let value = params.iter().find(|(key, _)| *key == name);
        out.push_str(value.map_or("", |(_, value)| value));
        words = after;
    }
    out.push_str(words);
    out
}

fn read(text: fn(&Room) -> &'static str) -> Table {
    let mut table = Table::new();
    for room in ROOMS {
        // A file that cannot be read fails this module's tests, so it never ships.
        let words: Value = serde_json::from_str(text(room)).unwrap_or_default();
        flatten(room.0, &words, &mut table);
    }
    table
}

fn flatten(key: &str, words: &Value, table: &mut Table) {
    match words {
        Value::String(text) => {
            table.insert(key.to_owned(), text.clone());
        }
        Value::Object(inner) => {
            for (name, words) in inner {
                flatten(&format!("{key}.{name}"), words, table);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placeholders(text: &str) -> Vec<&str> {
        let inner = text.split('{').skip(1).filter_map(|part| part.split_once('}'));
        let mut names: Vec<&str> = inner.map(|(name, _)| name).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn both_languages_say_the_same_things() {
        for (room, vi, en) in ROOMS {
            for text in [vi, en] {
                serde_json::from_str::<Value>(text).unwrap_or_else(|error| panic!("{room}: {error}"));
            }
        }
        let keys = |table: &Table| table.keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&VI), keys(&EN));
        assert!(!VI.is_empty());
        for (key, vi) in VI.iter() {
            let en = &EN[key];
            assert_eq!(placeholders(vi), placeholders(en), "{key}");
            assert!(!vi.trim().is_empty() && !en.trim().is_empty(), "{key} is empty");
            assert!(!vi.contains('!'), "{key}: an office does not shout");
        }
    }

    #[test]
    fn parameters_and_missing_keys() {
        assert_eq!(fill("{n} hộ, {m}", &[("n", "{m}"), ("m", "2")]), "{m} hộ, 2");
        assert_eq!(text(Language::Vi, "no.such.key", &[]), "no.such.key");
        assert_eq!(Language::from_code("en").code(), "en");
        assert_eq!(Language::from_code("fr"), Language::Vi);
    }

    #[test]
    fn the_language_can_be_changed_anywhere() {
        set_language(Language::En);
        assert_eq!(t("ui.yes", &[]), "Yes");
        set_language(Language::Vi);
        assert_eq!(t("ui.yes", &[]), "Có");
    }
}
