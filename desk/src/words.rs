//! Every word that the desk shows, in the language that is chosen now: a file per language in `desk/locales/` for each
//! room.

pub use parts::words::{
    Language, bytes, count, date, date_time, label, language, money, number, read_date, set_language,
};
use parts::words::{Room, Words};
use serde_json::Value;

const ROOMS: &[Room] = &parts::rooms![
    "desk", "queue", "record", "records", "twin", "report", "export", "people", "audit"
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

/// The words of a name that the server uses, as `desk.state.received`; the name itself if nobody said what it means.
#[must_use]
pub fn name(room: &str, name: &str) -> String {
    let key = format!("{room}.{name}");
    let words = t(&key, &[]);
    if words == key { name.to_owned() } else { words }
}

/// Text per language, as the server gives titles; or plain text.
#[must_use]
pub fn titled(title: &Value) -> String {
    let of = |code: &str| title[code].as_str().filter(|text| !text.is_empty());
    let found = title
        .as_str()
        .or_else(|| of(language().code()))
        .or_else(|| of("vi"));
    found.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_the_same_things() {
        assert_eq!(WORDS.faults(), Vec::<String>::new());
    }

    #[test]
    fn names_and_titles_have_words() {
        assert_eq!(name("desk.state", "received"), "Chờ duyệt");
        assert_eq!(name("desk.state", "unheard_of"), "unheard_of");
        assert_eq!(titled(&serde_json::json!({"vi": "Hộ", "en": "Household"})), "Hộ");
        assert_eq!(titled(&serde_json::json!("Hộ")), "Hộ");
    }

    /// A key that code asks for and no file says would be shown as it is.
    #[test]
    fn every_key_in_the_code_has_words() {
        let mut folders = vec![std::path::PathBuf::from(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src"
        ))];
        let (mut asked, mut missing) = (0, Vec::new());
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let code = std::fs::read_to_string(&path).expect("a source");
                for mark in [" t(\"", "(t(\"", "say(\""] {
                    for rest in code.split(mark).skip(1) {
                        let key = rest.split('"').next().unwrap_or_default();
                        asked += 1;
                        if key.contains('.') && WORDS.text(Language::Vi, key, &[]) == key {
                            missing.push(key.to_owned());
                        }
                    }
                }
            }
        }
        assert!(asked > 100, "{asked}");
        assert_eq!(missing, Vec::<String>::new());
    }
}
