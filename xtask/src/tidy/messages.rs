//! Every word a user reads exists in Vietnamese and in English: in a folder named `messages`, `vi.json` and `en.json`,
//! and in a folder named `locales`, each file of `vi/` and `en/`, have the same keys, no empty text, and the same
//! `{placeholders}` in each.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Problem;
use crate::tree::Tree;

pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    let pairs: BTreeSet<(String, String)> = tree.files().filter_map(|(path, _)| pair_of(path)).collect();
    pairs
        .into_iter()
        .flat_map(|(vi_file, en_file)| in_pair(tree, &vi_file, &en_file))
        .collect()
}

/// The Vietnamese and the English file that this file is one of.
fn pair_of(path: &str) -> Option<(String, String)> {
    let parts: Vec<&str> = path.split('/').collect();
    match parts[..] {
        [.., "messages", "vi.json" | "en.json"] => {
            let folder = parts[..parts.len() - 1].join("/");
            Some((format!("{folder}/vi.json"), format!("{folder}/en.json")))
        }
        [.., "locales", "vi" | "en", name] => {
            let folder = parts[..parts.len() - 2].join("/");
            Some((format!("{folder}/vi/{name}"), format!("{folder}/en/{name}")))
        }
        _ => None,
    }
}

fn in_pair(tree: &Tree, vi_file: &str, en_file: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let (vi, en) = match (table(tree, vi_file), table(tree, en_file)) {
        (Ok(vi), Ok(en)) => (vi, en),
        (vi, en) => return [vi.err(), en.err()].into_iter().flatten().collect(),
    };
    for (file, here, other_file, other) in [(vi_file, &vi, en_file, &en), (en_file, &en, vi_file, &vi)] {
        for (key, text) in here {
            if text.trim().is_empty() {
                problems.push(Problem::new(file, 0, format!("{key} is empty")));
            }
            if !other.contains_key(key) {
                problems.push(Problem::new(
                    other_file,
                    0,
                    format!("{key} is missing; {file} has it"),
                ));
            }
        }
    }
    for (key, text) in &vi {
        if en
            .get(key)
            .is_some_and(|other| placeholders(other) != placeholders(text))
        {
            problems.push(Problem::new(
                en_file,
                0,
                format!("{key} has other {{placeholders}} than in Vietnamese"),
            ));
        }
    }
    problems
}

/// Key → text; nested objects give keys joined with dots.
fn table(tree: &Tree, file: &str) -> Result<BTreeMap<String, String>, Problem> {
    let text = tree
        .text(file)
        .ok_or_else(|| Problem::new(file, 0, "missing: every message has both languages"))?;
    let value: Value =
        serde_json::from_str(text).map_err(|error| Problem::new(file, error.line(), error.to_string()))?;
    let mut found = BTreeMap::new();
    flatten("", &value, &mut found);
    Ok(found)
}

fn flatten(key: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    let under = |name: &str| {
        if key.is_empty() {
            name.to_owned()
        } else {
            format!("{key}.{name}")
        }
    };
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, inner)| flatten(&under(name), inner, into)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, inner)| flatten(&under(&at.to_string()), inner, into)),
        Value::String(text) => drop(into.insert(key.to_owned(), text.clone())),
        other => drop(into.insert(key.to_owned(), other.to_string())),
    }
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(vi: &str, en: &str) -> Vec<Problem> {
        check(&Tree::of(&[
            ("server/messages/vi.json", vi),
            ("server/messages/en.json", en),
        ]))
    }

    #[test]
    fn equal_tables_pass() {
        let vi = r#"{"a": "Xin chào {name}", "b": {"c": "Có"}}"#;
        let en = r#"{"b": {"c": "Yes"}, "a": "Hello {name}"}"#;
        assert!(problems(vi, en).is_empty());
    }

    #[test]
    fn missing_keys_empty_texts_and_other_placeholders_fail() {
        assert_eq!(
            problems(r#"{"a": "Có", "b": "Không"}"#, r#"{"a": "Yes"}"#).len(),
            1
        );
        assert_eq!(problems(r#"{"a": "Có"}"#, r#"{"a": "Yes", "b": "No"}"#).len(), 1);
        assert_eq!(problems(r#"{"a": " "}"#, r#"{"a": "Yes"}"#).len(), 1);
        assert_eq!(
            problems(r#"{"a": "{count} hộ"}"#, r#"{"a": "households"}"#).len(),
            1
        );
    }

    #[test]
    fn every_file_of_a_language_has_its_other() {
        let of = |vi: &str, en: &str| {
            let files = [("web/locales/vi/ui.json", vi), ("web/locales/en/ui.json", en)];
            check(&Tree::of(&files)).len()
        };
        assert_eq!(of(r#"{"a": "{n} hộ"}"#, r#"{"a": "{n} households"}"#), 0);
        assert_eq!(of(r#"{"a": "{n} hộ"}"#, r#"{"a": "households"}"#), 1);
        assert_eq!(of(r#"{"a": "Có"}"#, r#"{"b": "Yes"}"#), 2);
        assert_eq!(check(&Tree::of(&[("web/locales/en/sync.json", "{}")])).len(), 1);
    }

    #[test]
    fn a_missing_or_broken_file_fails() {
        assert_eq!(check(&Tree::of(&[("web/messages/vi.json", "{}")])).len(), 1);
        assert_eq!(problems("{", "{}").len(), 1);
        assert!(check(&Tree::of(&[("schemas/forms/vi.json", "{}")])).is_empty());
    }
}
