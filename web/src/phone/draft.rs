//! Forms begun and not submitted. A draft names its form's version and opens in it.

use minicbor::{Decode, Encode};
use schemas::value::Answers;
use sync_core::id::RecordId;

use super::cell;
use super::{Register, RegisterError};
use crate::rows::{Put, Rows as _, Shelf};

/// A form begun.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The id its record will have, unless a strong key gives another; for an edit, the record's.
    pub id: RecordId,
    /// True if the record exists already.
    pub is_edit: bool,
    /// The id of the form.
    pub kind: String,
    /// The version of the form.
    pub version: u32,
    /// The page that was open.
    pub page: u32,
    /// What is typed, with what the form filled in.
    pub answers: Answers,
    /// The answers when the form was opened.
    pub before: Answers,
    /// Paths that nobody typed: the form filled them in.
    pub prefilled: Vec<String>,
    /// The name people see in the list of drafts.
    pub title: String,
    /// When it was last typed in, milliseconds since 1970 by the phone's clock.
    pub typed_at_ms: i64,
}

#[derive(Encode, Decode)]
struct DraftCell {
    #[n(0)]
    is_edit: bool,
    #[n(1)]
    kind: String,
    #[n(2)]
    version: u32,
    #[n(3)]
    page: u32,
    /// JSON, so that a decimal keeps its digits.
    #[n(4)]
    answers: String,
    #[n(5)]
    before: String,
    #[n(6)]
    prefilled: Vec<String>,
    #[n(7)]
    title: String,
    #[n(8)]
    typed_at_ms: i64,
}

impl Register {
    /// Keeps a draft, in place of the one with its id.
    ///
    /// # Errors
    /// When the disk refuses; what is on screen is then all there is.
    pub async fn keep_draft(&self, draft: &Draft) -> Result<(), RegisterError> {
        let cell = DraftCell {
            is_edit: draft.is_edit,
            kind: draft.kind.clone(),
            version: draft.version,
            page: draft.page,
            answers: to_json(&draft.answers),
            before: to_json(&draft.before),
            prefilled: draft.prefilled.clone(),
            title: draft.title.clone(),
            typed_at_ms: draft.typed_at_ms,
        };
        let put = Put::row(Shelf::Draft, draft.id.bytes(), cell::write(&cell));
        Ok(self.rows.write(vec![put]).await?)
    }

    /// Every draft, the newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn drafts(&self) -> Result<Vec<Draft>, RegisterError> {
        let mut drafts = Vec::new();
        for (key, bytes) in self.rows.all(Shelf::Draft).await? {
            let cell: DraftCell = cell::read("draft", &bytes)?;
            drafts.push(Draft {
                id: cell::record_id(&key)?,
                is_edit: cell.is_edit,
                kind: cell.kind,
                version: cell.version,
                page: cell.page,
                answers: from_json(&cell.answers),
                before: from_json(&cell.before),
                prefilled: cell.prefilled,
                title: cell.title,
                typed_at_ms: cell.typed_at_ms,
            });
        }
        drafts.sort_by_key(|draft| std::cmp::Reverse(draft.typed_at_ms));
        Ok(drafts)
    }

    /// Throws a draft away: it was submitted, or its author said so.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn drop_draft(&self, id: RecordId) -> Result<(), RegisterError> {
        Ok(self.rows.write(vec![Put::gone(Shelf::Draft, id.bytes())]).await?)
    }
}

/// Writing to memory cannot fail.
fn to_json(answers: &Answers) -> String {
    serde_json::to_string(answers).unwrap_or_default()
}

fn from_json(text: &str) -> Answers {
    serde_json::from_str(text).unwrap_or_default()
}
