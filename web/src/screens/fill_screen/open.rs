//! A draft with everything its form looks into.

use std::rc::Rc;
use std::sync::Arc;

use schemas::form::Form;
use schemas::value::{Answers, Scalar};
use sync_core::id::RecordId;

use crate::phone::{Draft, Known, Register, RegisterError, Shelf};

/// Questions whose answers are other records.
const REFERS: [&str; 3] = ["household_id", "related_household_id", "fair_id"];

/// A draft, ready to be filled.
#[derive(Clone)]
pub struct Opened {
    /// The register it belongs to.
    pub register: Rc<Register>,
    /// What the register knows.
    pub known: Rc<Known>,
    /// What was typed.
    pub draft: Draft,
    /// The form, in the version it was begun in.
    pub form: Arc<Form>,
    /// The records it refers to.
    pub shelf: Shelf,
}

/// Opens a draft; none when there is no such draft.
///
/// # Errors
/// When the store cannot be read, or the draft's form is not here.
pub async fn open(register: Rc<Register>, id: RecordId) -> Result<Option<Opened>, RegisterError> {
    let drafts = register.drafts().await?;
    let Some(draft) = drafts.into_iter().find(|draft| draft.id == id) else {
        return Ok(None);
    };
    let form = register
        .form(&draft.kind, Some(draft.version))
        .ok_or_else(|| RegisterError::UnknownForm(draft.kind.clone()))?;
    let shelf = register.shelf(refers_to(&draft.answers)).await?;
    Ok(Some(Opened {
        known: register.known()?,
        register,
        draft,
        form,
        shelf,
    }))
}

/// The records that answers refer to.
pub fn refers_to(answers: &Answers) -> Vec<RecordId> {
    let id = |path: &&str| answers.get(*path).and_then(Scalar::as_text)?.parse().ok();
    REFERS.iter().filter_map(id).collect()
}
