//! Answers before and after → the edits that lead from one to the other.

use schemas::answer::Edit;
use schemas::path::FieldPath;
use schemas::value::{Answers, Scalar};

/// What must be written so that `before` says what `after` says, in path order.
///
/// An answer that changed or came is put. A tick that went is deleted; any other answer that went is
/// put as [`Scalar::Null`], so that a parallel answer of somebody else meets it as a disagreement
/// instead of winning unseen. `soban-device set ID field=` writes the same.
#[must_use]
pub fn diff(before: &Answers, after: &Answers) -> Vec<(String, Edit)> {
    let came = after
        .iter()
        .filter(|(path, value)| before.get(*path) != Some(value))
        .map(|(path, value)| (path.clone(), Edit::Put(value.clone())));
    let went = before
        .iter()
        .filter(|(path, value)| **value != Scalar::Null && !after.contains_key(*path))
        .map(|(path, _)| (path.clone(), cleared(path)));
    let mut edits: Vec<(String, Edit)> = came.chain(went).collect();
    edits.sort_by(|(one, _), (other, _)| one.cmp(other));
    edits
}

fn cleared(path: &str) -> Edit {
    let option = FieldPath::parse(path).and_then(|path| path.option);
    if option.is_some() {
        Edit::Delete
    } else {
        Edit::Put(Scalar::Null)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn apply(before: &Answers, edits: Vec<(String, Edit)>) -> Answers {
        let mut after = before.clone();
        for (path, edit) in edits {
            match edit {
                Edit::Put(value) => after.insert(path, value),
                Edit::Delete => after.remove(&path),
            };
        }
        after
    }

    /// What the answers say: a cleared answer says as much as none.
    fn said(mut answers: Answers) -> Answers {
        answers.retain(|_, value| *value != Scalar::Null);
        answers
    }

    fn answers() -> impl Strategy<Value = Answers> {
        let row = "0190b5d2-7c1a-7def-8a11-0123456789ab";
        let paths = vec![
            "head_name".to_owned(),
            "needs/credit".to_owned(),
            "needs/land".to_owned(),
            format!("members/{row}/full_name"),
            format!("members/{row}/$removed"),
        ];
        let value = prop_oneof![
            Just(Scalar::Null),
            any::<bool>().prop_map(Scalar::Bool),
            (0..4_i64).prop_map(Scalar::Int),
            "[a-c]{0,2}".prop_map(Scalar::Text),
        ];
        proptest::collection::btree_map(proptest::sample::select(paths), value, 0..5)
    }

    proptest! {
        #[test]
        fn the_edits_lead_from_before_to_after(before in answers(), after in answers()) {
            let edits = diff(&before, &after);
            prop_assert_eq!(said(apply(&before, edits.clone())), said(after.clone()));
            prop_assert!(edits.is_sorted_by(|(one, _), (other, _)| one < other));
            for (path, edit) in &edits {
                prop_assert!(before.get(path) != after.get(path), "{path} did not change");
                if *edit == Edit::Delete {
                    prop_assert!(path.starts_with("needs/"), "{path} was deleted");
                }
            }
        }

        #[test]
        fn nothing_changed_is_nothing_to_write(answers in answers()) {
            prop_assert_eq!(diff(&answers, &answers), Vec::new());
        }
    }
}
