//! Which rows every repeat has: found once per evaluation, in one walk over the paths.

use std::collections::{BTreeMap, BTreeSet};

use crate::form::{Form, ROOT, ScopeId};
use crate::path::{FieldPath, REMOVED, outer_prefix};
use crate::value::{Answers, Scalar};

/// The rows of one record.
pub(crate) struct Rows {
    /// Row prefixes by the path of their repeat (`members` → `members/<uuid>/` …), in path order:
    /// ids that rise with time keep rows in the order in which they were made.
    by_repeat: BTreeMap<String, Vec<String>>,
}

impl Rows {
    /// Finds the rows; those taken out are not among them, nor are rows inside those.
    pub(crate) fn of(form: &Form, answers: &Answers) -> Self {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut removed: BTreeSet<&str> = BTreeSet::new();
        for (path, value) in answers {
            let Some(parsed) = FieldPath::parse(path) else {
                continue;
            };
            if parsed.leaf == REMOVED && *value == Scalar::Bool(true) {
                removed.insert(&path[..parsed.prefix_len]);
            }
            let mut scope = ROOT;
            let mut prefix = String::new();
            for step in &parsed.rows {
                let section = form.scopes()[scope]
                    .names
                    .get(step.repeat)
                    .and_then(|id| form.item(*id).section());
                let Some(inner) = section.and_then(|section| section.scope) else {
                    break;
                };
                scope = inner;
                prefix.push_str(step.repeat);
                let repeat = prefix.clone();
                prefix.push('/');
                prefix.push_str(step.row);
                prefix.push('/');
                found.entry(repeat).or_default().insert(prefix.clone());
            }
        }
        let around = |row: &str| row_and_outer(row).any(|prefix| removed.contains(prefix));
        let kept = |row: &String| !around(row);
        let by_repeat = found
            .into_iter()
            .map(|(repeat, rows)| (repeat, rows.into_iter().filter(kept).collect()))
            .collect();
        Self { by_repeat }
    }

    /// The rows of the repeat at this path: `members`, `members/<uuid>/other_names`.
    pub(crate) fn of_repeat(&self, path: &str) -> &[String] {
        self.by_repeat.get(path).map_or(&[], Vec::as_slice)
    }

    /// All rows of a scope, with the position of each among the rows of its repeat.
    pub(crate) fn of_scope(&self, form: &Form, scope: ScopeId) -> Vec<(String, usize)> {
        let Some(parent) = form.scopes()[scope].parent else {
            return vec![(String::new(), 0)];
        };
        let outer = self.of_scope(form, parent).into_iter().map(|(prefix, _)| prefix);
        outer
            .flat_map(|prefix| self.below(form, scope, &prefix))
            .collect()
    }

    /// The rows of a scope directly inside the row (of the scope around it) with this prefix.
    pub(crate) fn below(&self, form: &Form, scope: ScopeId, prefix: &str) -> Vec<(String, usize)> {
        let Some(repeat) = form.scopes()[scope].repeat else {
            return Vec::new();
        };
        let rows = self.of_repeat(&format!("{prefix}{}", form.item(repeat).name()));
        rows.iter()
            .enumerate()
            .map(|(at, row)| (row.clone(), at + 1))
            .collect()
    }
}

/// The prefix of a row and of every row around it.
fn row_and_outer(prefix: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(prefix), |prefix| Some(outer_prefix(prefix)))
        .take_while(|prefix| !prefix.is_empty())
}
