//! The review state of a record, in ODK Central's words.

use schemas::path::{PathClass, path_class};
use schemas::value::Scalar;

use super::Record;
use crate::id::RecordId;

/// Where an officer writes the state.
pub const REVIEW_STATE: &str = "review/state";
/// The record that stands for this one, where an officer found both to be the same.
pub const SAME_AS: &str = "review/same_as";
/// Below it, the records of which an officer said that they are others: `review/not_same/<id>`.
pub const NOT_SAME: &str = "review/not_same/";
/// Below it, rows of this record that are people of the record which stands for it: `review/same_member/<uuid>`.
pub const SAME_MEMBER: &str = "review/same_member/";
/// The heads of the record that stands for this one, as the merge left it: hex, apart by spaces. What is written into
/// this record later is carried over there.
pub const MERGED_AT: &str = "review/merged_at";
/// The change that the merge wrote into the record that stands for this one, in hex.
pub const MERGE_WROTE: &str = "review/merge_wrote";
/// States after which answers change only by an officer's leave.
const CLOSED: [&str; 2] = ["locked", "void"];
/// States that a later edit of a field turns to `edited`.
const SETTLED: [&str; 3] = ["approved", "has_issues", "rejected"];

/// True if a record in this review state takes no answers but by an officer's leave.
#[must_use]
pub fn is_closed(state: Option<&Scalar>) -> bool {
    state
        .and_then(Scalar::as_text)
        .is_some_and(|state| CLOSED.contains(&state))
}

impl Record {
    /// The record that stands for this one; none for a record that stands for itself.
    #[must_use]
    pub fn same_as(&self) -> Option<RecordId> {
        self.get(SAME_AS)?.as_text()?.parse().ok()
    }

    /// Records of which an officer said that they are others, in id order.
    #[must_use]
    pub fn not_same(&self) -> Vec<RecordId> {
        let answers = self.answers();
        let marked = answers.range(NOT_SAME.to_owned()..).map_while(|(path, value)| {
            let other = path.strip_prefix(NOT_SAME)?;
            Some((other.parse().ok(), value == &Scalar::Bool(true)))
        });
        marked
            .filter_map(|(other, said)| other.filter(|_| said))
            .collect()
    }

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
