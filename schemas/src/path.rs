//! Addresses inside a record. Paths are flat; their shape alone says what they point at.
//!
//! | path | what |
//! |---|---|
//! | `$kind`, `$form` | ours: what the record is |
//! | `review/state`, `review/comment` | the reviewer's words about the record |
//! | `head_name` | a field |
//! | `needs/credit` | one option of a multiple choice |
//! | `members/<uuid>/full_name` | a field of a row of a repeat; rows nest |
//! | `members/<uuid>/$removed` | whether the row was taken out |

use crate::form::limits::{PATH_BYTES_MAX, REPEAT_DEPTH_MAX};
use crate::id::is_uuid;

/// The last segment of the path that takes a row out of a repeat.
pub const REMOVED: &str = "$removed";

/// Whose path this is: who may write it and where its meaning is defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathClass {
    /// Begins with `$`: written by the program, at creation.
    System,
    /// Begins with `review/`: written by reviewers only.
    Review,
    /// Everything else: a path of the form.
    Field,
}

/// The class of a path, from its first characters.
#[must_use]
pub fn path_class(path: &str) -> PathClass {
    if path.starts_with('$') {
        PathClass::System
    } else if path == "review" || path.starts_with("review/") {
        PathClass::Review
    } else {
        PathClass::Field
    }
}

/// One step into a row of a repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowStep<'a> {
    /// The name of the repeat.
    pub repeat: &'a str,
    /// The UUID of the row.
    pub row: &'a str,
}

/// A field path taken apart, outermost row first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldPath<'a> {
    /// The rows the path goes through.
    pub rows: Vec<RowStep<'a>>,
    /// The field, or [`REMOVED`].
    pub leaf: &'a str,
    /// The option of a multiple choice.
    pub option: Option<&'a str>,
    /// How many bytes of the path lead to the leaf: `members/<uuid>/` or nothing.
    pub prefix_len: usize,
}

impl<'a> FieldPath<'a> {
    /// Takes a path apart by shape: pairs of repeat and row, then a field, then perhaps an option.
    /// `None` for system and review paths and for what cannot be a path of any form.
    #[must_use]
    pub fn parse(path: &'a str) -> Option<Self> {
        if path.len() > PATH_BYTES_MAX || path_class(path) != PathClass::Field {
            return None;
        }
        let mut rows = Vec::new();
        let mut rest = path;
        while rest.bytes().filter(|b| *b == b'/').count() >= 2 {
            let (repeat, after) = rest.split_once('/')?;
            let (row, after) = after.split_once('/')?;
            if repeat.is_empty() || !is_uuid(row) || rows.len() >= REPEAT_DEPTH_MAX {
                return None;
            }
            rows.push(RowStep { repeat, row });
            rest = after;
        }
        let prefix_len = path.len() - rest.len();
        let (leaf, option) = match rest.split_once('/') {
            Some((leaf, option)) => (leaf, Some(option)),
            None => (rest, None),
        };
        let whole = !leaf.is_empty() && option.is_none_or(|option| !option.is_empty());
        let removed_in_place = leaf != REMOVED || (!rows.is_empty() && option.is_none());
        (whole && removed_in_place).then_some(Self {
            rows,
            leaf,
            option,
            prefix_len,
        })
    }
}

/// The prefix of the row around this one: `members/<uuid>/` of `members/<uuid>/names/<uuid>/`,
/// and nothing of `members/<uuid>/`.
#[must_use]
pub(crate) fn outer_prefix(prefix: &str) -> &str {
    let inner = prefix.strip_suffix('/').unwrap_or(prefix);
    let cut = inner
        .rsplit_once('/')
        .and_then(|(rest, _row)| rest.rsplit_once('/'));
    match cut {
        Some((outer, _repeat)) => &prefix[..=outer.len()],
        None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const U: &str = "0190b5d2-7c1a-7def-8a11-0123456789ab";

    #[test]
    fn shapes() {
        assert_eq!(path_class("$kind"), PathClass::System);
        assert_eq!(path_class("review/state"), PathClass::Review);
        assert_eq!(path_class("reviewer"), PathClass::Field);

        let path = FieldPath::parse("needs/credit").unwrap();
        assert_eq!(
            (path.leaf, path.option, path.prefix_len),
            ("needs", Some("credit"), 0)
        );

        let text = format!("members/{U}/other_names/{U}/value");
        let path = FieldPath::parse(&text).unwrap();
        assert_eq!(path.rows.len(), 2);
        assert_eq!(&text[..path.prefix_len], format!("members/{U}/other_names/{U}/"));
        assert_eq!(path.leaf, "value");

        let text = format!("members/{U}/needs/credit");
        let path = FieldPath::parse(&text).unwrap();
        assert_eq!(
            (path.rows.len(), path.leaf, path.option),
            (1, "needs", Some("credit"))
        );
        assert!(FieldPath::parse(&format!("members/{U}/$removed")).is_some());
    }

    #[test]
    fn what_is_no_path() {
        let deep = format!("a/{U}/").repeat(REPEAT_DEPTH_MAX + 1) + "b";
        for path in [
            "",
            "$kind",
            "review/state",
            "/",
            "a/",
            "/a",
            "a/b/c",
            "$removed/x",
            &deep,
        ] {
            assert!(FieldPath::parse(path).is_none(), "{path}");
        }
        assert!(FieldPath::parse(&"a".repeat(PATH_BYTES_MAX + 1)).is_none());
    }

    #[test]
    fn outer_prefixes() {
        assert_eq!(outer_prefix(&format!("members/{U}/")), "");
        assert_eq!(
            outer_prefix(&format!("members/{U}/names/{U}/")),
            format!("members/{U}/")
        );
        assert_eq!(outer_prefix(""), "");
    }
}
