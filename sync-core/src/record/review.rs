//! The review state of a record, in ODK Central's words.

use schemas::path::{PathClass, path_class};

use super::Record;

/// Where an officer writes the state.
pub const REVIEW_STATE: &str = "review/state";
/// States that a later edit of a field turns to `edited`.
const SETTLED: [&str; 3] = ["approved", "has_issues", "rejected"];

impl Record {
    /// The state: what an officer wrote last; `edited` if a field was written that the officer had not
    /// seen; `received` before any review. The same on the server and on every phone.
    #[must_use]
    pub fn review_state(&self) -> String {
        let written = self.get(REVIEW_STATE);
        let Some(state) = written.as_ref().and_then(|value| value.as_text()) else {
            return "received".to_owned();
        };
        if !SETTLED.contains(&state) {
            return state.to_owned();
        }
        let history = self.history();
        let review = history
            .iter()
            .rev()
            .find(|entry| entry.writes.iter().any(|(path, _)| path == REVIEW_STATE));
        let edited = review.is_some_and(|review| {
            let is_field = |path: &str| path_class(path) == PathClass::Field;
            let unseen = self.unseen_by(&review.change);
            unseen.iter().any(|(path, _)| is_field(path))
        });
        if edited { "edited" } else { state }.to_owned()
    }
}
