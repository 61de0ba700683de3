//! What a merge writes into the record that stands for both. Pure.

use std::collections::{BTreeMap, BTreeSet};

use schemas::path::{FieldPath, PathClass, REMOVED, path_class};
use schemas::value::{Answers, Scalar};
use sync_core::record::Edit;

/// The edits that give `kept` what only `given` has: blank answers are filled, ticks and rows come over, and where both
/// have an answer the one of `kept` stands unless its path is in `take`. `people`: rows of `given` that are rows of
/// `kept`.
pub(super) fn combine(
    kept: &Answers,
    given: &Answers,
    people: &BTreeMap<String, String>,
    take: &BTreeSet<String>,
) -> Vec<(String, Edit)> {
    let mut edits = Vec::new();
    for (path, value) in given {
        if path_class(path) != PathClass::Field || is_removed(given, path) {
            continue;
        }
        let target = across(path, people);
        let value = moved(value, people);
        let stands = kept.get(&target).is_some_and(|kept| !kept.is_blank());
        if value.is_blank() || kept.get(&target) == Some(&value) || (stands && !take.contains(path)) {
            continue;
        }
        edits.push((target, Edit::Put(value)));
    }
    edits
}

/// The path in the surviving record.
pub(super) fn across(path: &str, people: &BTreeMap<String, String>) -> String {
    let row = FieldPath::parse(path).and_then(|field| Some(field.rows.first()?.row.to_owned()));
    match row.and_then(|row| Some((people.get(&row)?.clone(), row))) {
        Some((theirs, ours)) => path.replacen(&ours, &theirs, 1),
        None => path.to_owned(),
    }
}

/// A value that names a row names it as the survivor does.
pub(super) fn moved(value: &Scalar, people: &BTreeMap<String, String>) -> Scalar {
    let theirs = value.as_text().and_then(|text| people.get(text));
    theirs.map_or_else(|| value.clone(), |row| Scalar::Text(row.clone()))
}

fn is_removed(answers: &Answers, path: &str) -> bool {
    let Some(field) = FieldPath::parse(path) else {
        return false;
    };
    let mut prefix = String::new();
    field.rows.iter().any(|step| {
        prefix.push_str(&format!("{}/{}/", step.repeat, step.row));
        answers.get(&format!("{prefix}{REMOVED}")) == Some(&Scalar::Bool(true))
    })
}
