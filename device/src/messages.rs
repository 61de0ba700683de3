//! The words for every code, per language, inside the program.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::Value;

/// Languages of the table; the first is spoken unless another is asked for.
pub const LANGUAGES: [&str; 2] = ["vi", "en"];

type Table = BTreeMap<String, String>;

fn tables() -> &'static [Table; 2] {
    static TABLES: OnceLock<[Table; 2]> = OnceLock::new();
    TABLES.get_or_init(|| {
        [
            include_str!("../messages/vi.json"),
            include_str!("../messages/en.json"),
        ]
        .map(|text| {
            let mut table = Table::new();
            flatten("", &serde_json::from_str(text).unwrap_or_default(), &mut table);
            table
        })
    })
}

fn flatten(prefix: &str, value: &Value, table: &mut Table) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let key = if prefix.is_empty() {
                    name.clone()
                } else {
                    format!("{prefix}.{name}")
                };
                flatten(&key, value, table);
            }
        }
        Value::String(text) => drop(table.insert(prefix.to_owned(), text.clone())),
        _ => {}
    }
}

/// The words for a code, with `{name}` replaced by the parameter `name`. A code without words gives
/// the words of its group (`error.other`), so that nothing is ever silent.
#[must_use]
pub fn text(language: &str, code: &str, params: &[(&str, &str)]) -> String {
    let at = LANGUAGES.iter().position(|known| *known == language).unwrap_or(0);
    let table = &tables()[at];
    let group = code.split('.').next().unwrap_or_default();
    let words = table.get(code).or_else(|| table.get(&format!("{group}.other")));
    let mut rest = words.map_or(code, String::as_str);
    let mut out = String::new();
    // One pass, so that a brace inside a parameter is never taken for a parameter.
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let value = params.iter().find(|(known, _)| *known == name);
        out.push_str(value.map_or("", |(_, value)| value));
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use sync_core::policy::ParkReason;

    use super::*;

    #[test]
    fn every_reason_has_words_in_every_language() {
        for (language, table) in LANGUAGES.iter().zip(tables()) {
            for reason in ParkReason::ALL {
                for group in ["park", "park_hint", "write_hint"] {
                    let key = format!("{group}.{}", reason.code());
                    assert!(table.contains_key(&key), "{language}: {key}");
                }
            }
        }
        assert!(tables()[0].keys().eq(tables()[1].keys()));
    }

    #[test]
    fn parameters_are_filled_once() {
        assert!(text("en", "error.record_unknown", &[("id", "{id}")]).contains("{id}"));
        assert!(!text("vi", "error.never_heard_of", &[]).is_empty());
    }
}
