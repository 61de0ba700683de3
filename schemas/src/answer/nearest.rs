//! Names like a misspelt one, for the hint of an error.

use crate::form::Form;

/// How many names a hint gives.
const NAMES_MAX: usize = 3;

/// The fields whose names are nearest to the last part of a path, nearest first; none when nothing
/// is near.
pub(super) fn names(form: &Form, path: &str) -> Vec<String> {
    let wanted = path
        .split('/')
        .find(|part| !crate::id::is_uuid(part))
        .unwrap_or(path);
    let wanted = match path.rsplit_once('/') {
        Some((before, last)) if before.contains('/') => last,
        _ => wanted,
    };
    let wanted: Vec<char> = wanted.to_lowercase().chars().take(80).collect();
    let allowed = (wanted.len() / 3).max(2);
    let mut near: Vec<(usize, &str)> = form
        .fields()
        .filter(|(_, field)| field.kind.takes_answer())
        .map(|(path, field)| (distance(&wanted, &field.name), path))
        .filter(|(distance, _)| *distance <= allowed)
        .collect();
    near.sort_unstable();
    near.into_iter()
        .take(NAMES_MAX)
        .map(|(_, path)| path.to_owned())
        .collect()
}

/// How many letters must be put in, taken out or changed.
fn distance(wanted: &[char], name: &str) -> usize {
    let mut row: Vec<usize> = (0..=wanted.len()).collect();
    for (at, letter) in name.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, other) in wanted.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[wanted.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        let of = |a: &str, b: &str| distance(&a.chars().collect::<Vec<_>>(), b);
        assert_eq!(of("head_nam", "head_name"), 1);
        assert_eq!(of("", "abc"), 3);
        assert_eq!(of("kitten", "sitting"), 3);
        assert_eq!(of("same", "same"), 0);
    }
}
