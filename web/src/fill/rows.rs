//! The rows of a repeat: found, added, taken out.

use schemas::id::is_uuid;
use schemas::path::REMOVED;
use schemas::value::{Answers, Scalar};

/// The prefixes of the rows of the repeat at this path (`members` → `members/<uuid>/` …), in the
/// order in which they were made; without those taken out.
#[must_use]
pub fn rows(answers: &Answers, repeat: &str) -> Vec<String> {
    let start = format!("{repeat}/");
    let mut found: Vec<String> = Vec::new();
    for path in answers.range(start.clone()..).map(|(path, _)| path) {
        let Some(rest) = path.strip_prefix(&start) else {
            break;
        };
        let Some((row, _)) = rest.split_once('/') else {
            continue;
        };
        let prefix = &path[..start.len() + row.len() + 1];
        if is_uuid(row) && found.last().is_none_or(|last| last != prefix) {
            found.push(prefix.to_owned());
        }
    }
    found.retain(|prefix| answers.get(&format!("{prefix}{REMOVED}")) != Some(&Scalar::Bool(true)));
    found
}

/// Adds a row without answers. It is there because it holds the mark that it was not taken out.
pub(super) fn add(answers: &mut Answers, repeat: &str, id: &str) -> String {
    let prefix = format!("{repeat}/{id}/");
    answers.insert(format!("{prefix}{REMOVED}"), Scalar::Bool(false));
    prefix
}

/// Takes a row out. A row that is saved keeps what is saved and gets the mark, so that what somebody
/// else writes in it meanwhile is not lost; any other row is simply gone.
pub(super) fn remove(answers: &mut Answers, saved: &Answers, prefix: &str) {
    answers.retain(|path, _| !path.starts_with(prefix));
    let mut known = false;
    for (path, value) in saved.range(prefix.to_owned()..) {
        if !path.starts_with(prefix) {
            break;
        }
        known = true;
        answers.insert(path.clone(), value.clone());
    }
    if known {
        answers.insert(format!("{prefix}{REMOVED}"), Scalar::Bool(true));
    }
}

#[cfg(test)]
mod tests {
    use schemas::answer::Edit;

    use super::*;
    use crate::fill::diff;

    const A: &str = "0190b5d2-7c1a-7def-8a11-0123456789aa";
    const B: &str = "0190b5d2-7c1a-7def-8a11-0123456789ab";

    #[test]
    fn rows_come_and_go() {
        let mut answers = Answers::new();
        answers.insert("members".into(), Scalar::Null);
        answers.insert(format!("members/{A}/full_name"), "Giàng A Sình".into());
        answers.insert(format!("members/{A}/other_names/{B}/value"), "Sình".into());
        answers.insert("membership".into(), "x".into());
        let saved = answers.clone();
        let row = add(&mut answers, "members", B);
        assert_eq!(rows(&answers, "members"), [format!("members/{A}/"), row.clone()]);
        assert_eq!(rows(&answers, &format!("members/{A}/other_names")).len(), 1);

        remove(&mut answers, &saved, &row);
        assert_eq!(answers, saved, "a row that was never saved leaves no trace");

        answers.insert(format!("members/{A}/full_name"), "Giàng A Sính".into());
        remove(&mut answers, &saved, &format!("members/{A}/"));
        assert!(rows(&answers, "members").is_empty());
        let mark = (format!("members/{A}/{REMOVED}"), Edit::Put(Scalar::Bool(true)));
        assert_eq!(diff(&saved, &answers), [mark]);
    }
}
