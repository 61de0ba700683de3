//! The review state of a record, in ODK Central's words.

use schemas::path::{PathClass, path_class};
use schemas::value::Answers;
use sync_core::record::Record;

/// Where an officer writes the state.
const STATE: &str = "review/state";
/// States that a later edit of a field turns to `edited`.
const SETTLED: [&str; 3] = ["approved", "has_issues", "rejected"];

/// The state: what an officer wrote last; `edited` if a field was written that the officer had not
/// seen; `received` before any review.
pub(super) fn of(record: &Record, answers: &Answers) -> String {
    let Some(state) = answers.get(STATE).and_then(|value| value.as_text()) else {
        return "received".to_owned();
    };
    if !SETTLED.contains(&state) {
        return state.to_owned();
    }
    let history = record.history();
    let review = history
        .iter()
        .rev()
        .find(|entry| entry.writes.iter().any(|(path, _)| path == STATE));
    let edited = review.is_some_and(|review| {
        let is_field = |path: &str| path_class(path) == PathClass::Field;
        record
            .unseen_by(&review.change)
            .iter()
            .any(|(path, _)| is_field(path))
    });
    if edited {
        "edited".to_owned()
    } else {
        state.to_owned()
    }
}
