//! Words, in the language that is chosen now.
//!
//! A program keeps its words in `locales/{vi,en}/<room>.json` beside its sources and names the rooms with [`rooms!`](crate::rooms);
//! nested keys are flattened to `room.key.sub`, and `{name}` is replaced by the parameter `name`. A closure that calls
//! [`t`] is drawn again when the language changes. Numbers, days and money are written the Vietnamese way in both
//! languages, because the papers beside the screen are: [`mod@format`].

pub mod format;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use leptos::prelude::{ArcRwSignal, Get, GetUntracked, Set};
use leptos::reactive::graph::Observer;
use schemas::form::Label;
use serde_json::Value;

pub use self::format::{
    bytes, clock, count, date, date_time, day, moment, money, number, read_date, read_time, today, when,
};

/// The words of one room: its name, Vietnamese, English.
pub type Room = (&'static str, &'static str, &'static str);

/// Rooms by name: a file per language in `locales/`, beside the folder of the file that says this.
#[macro_export]
macro_rules! rooms {
    ($($name:literal),* $(,)?) => {
        [$((
            $name,
            include_str!(concat!("../locales/vi/", $name, ".json")),
            include_str!(concat!("../locales/en/", $name, ".json")),
        )),*]
    };
}

/// The words of one program, read when they are first asked for.
#[derive(Debug)]
pub struct Words {
    rooms: &'static [Room],
    vi: OnceLock<Table>,
    en: OnceLock<Table>,
}

impl Words {
    /// The words of these rooms.
    #[must_use]
    pub const fn new(rooms: &'static [Room]) -> Self {
        Self {
            rooms,
            vi: OnceLock::new(),
            en: OnceLock::new(),
        }
    }

    /// The words of a key in a language: these, else those of the pieces, else the key itself.
    #[must_use]
    pub fn text(&self, language: Language, key: &str, params: &[(&str, &str)]) -> String {
        let found = self.table(language).get(key);
        let found = found.or_else(|| PIECES.table(language).get(key));
        fill(found.map_or(key, String::as_str), params)
    }

    /// [`Self::text`] in the language that is chosen now.
    #[must_use]
    pub fn t(&self, key: &str, params: &[(&str, &str)]) -> String {
        self.text(language(), key, params)
    }

    fn table(&self, language: Language) -> &Table {
        match language {
            Language::Vi => self.vi.get_or_init(|| read(self.rooms, |room| room.1)),
            Language::En => self.en.get_or_init(|| read(self.rooms, |room| room.2)),
        }
    }

    /// What is wrong with the words, for a test: a file that cannot be read, a key that one language lacks or has with
    /// other parameters, words that are empty or shout.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (room, vi, en) in self.rooms {
            for text in [vi, en] {
                if let Err(error) = serde_json::from_str::<Value>(text) {
                    faults.push(format!("{room}: {error}"));
                }
            }
        }
        let (vi, en) = (self.table(Language::Vi), self.table(Language::En));
        let keys: std::collections::BTreeSet<&String> = vi.keys().chain(en.keys()).collect();
        for key in keys {
            let (Some(vi), Some(en)) = (vi.get(key), en.get(key)) else {
                faults.push(format!("{key} is there in one language only"));
                continue;
            };
            if placeholders(vi) != placeholders(en) {
                faults.push(format!("{key} has other parameters in English"));
            }
            if vi.trim().is_empty() || en.trim().is_empty() {
                faults.push(format!("{key} is empty"));
            }
            if vi.contains('!') {
                faults.push(format!("{key}: an office does not shout"));
            }
        }
        faults
    }
}

fn placeholders(text: &str) -> Vec<&str> {
    let inner = text.split('{').skip(1).filter_map(|part| part.split_once('}'));
    let mut names: Vec<&str> = inner.map(|(name, _)| name).collect();
    names.sort_unstable();
    names
}

/// The words of the pieces themselves.
static PIECES: Words = Words::new(&crate::rooms!["ui"]);

type Table = BTreeMap<String, String>;

/// The languages of the programs.
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

/// The words of a key of the pieces with their parameters. A key without words shows itself.
#[must_use]
pub fn t(key: &str, params: &[(&str, &str)]) -> String {
    PIECES.t(key, params)
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

fn read(rooms: &[Room], text: fn(&Room) -> &'static str) -> Table {
    let mut table = Table::new();
    for room in rooms {
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

    #[test]
    fn both_languages_say_the_same_things() {
        assert_eq!(PIECES.faults(), Vec::<String>::new());
        assert!(!PIECES.table(Language::Vi).is_empty());
    }

    #[test]
    fn faults_are_found() {
        static ODD: Words = Words::new(&[(
            "r",
            r#"{"a": "{n} hộ!", "b": " ", "c": "có"}"#,
            r#"{"a": "homes", "b": "b"}"#,
        )]);
        assert_eq!(ODD.faults().len(), 4, "{:?}", ODD.faults());
        assert_eq!(ODD.text(Language::Vi, "r.a", &[("n", "2")]), "2 hộ!");
        assert_eq!(ODD.text(Language::Vi, "ui.yes", &[]), "Có");
    }

    #[test]
    fn parameters_and_missing_keys() {
        assert_eq!(fill("{n} hộ, {m}", &[("n", "{m}"), ("m", "2")]), "{m} hộ, 2");
        assert_eq!(PIECES.text(Language::Vi, "no.such.key", &[]), "no.such.key");
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
