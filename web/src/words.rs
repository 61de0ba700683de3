//! Every word that the field app shows, in the language that is chosen now: a file per language in `web/locales/` for
//! each room. What words are and how numbers and days are written stands in [`parts::words`].

pub use parts::words::{
    Language, bytes, clock, count, date, date_time, format, label, language, moment, money, number,
    read_date, read_time, set_language, today, when,
};
use parts::words::{Room, Words};

/// A room with words is one name here and one file per language.
const ROOMS: &[Room] = &parts::rooms![
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

static WORDS: Words = Words::new(ROOMS);

/// The words of a key with their parameters. A key without words shows itself.
#[must_use]
pub fn t(key: &str, params: &[(&str, &str)]) -> String {
    WORDS.t(key, params)
}

/// [`t`] without parameters, as the closure that a text property of a component takes.
pub fn say(key: &'static str) -> impl Fn() -> String + Copy + Send + Sync + 'static {
    move || t(key, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_the_same_things() {
        assert_eq!(WORDS.faults(), Vec::<String>::new());
        assert_eq!(WORDS.text(Language::Vi, "ui.yes", &[]), "Có");
    }
}
